use encoding_rs::Encoding;

use super::columns::{Columns, Map};
use super::config::LastLineEnd;
use super::decode::decode;
use super::rows::RowReader;
use super::scan::{Dialect, Rows};
use crate::connector::{ConnectorError, Reading};
use crate::principal::Kind;
use crate::sources::count::count;
use crate::sources::file::{Flaw, InputFile, Opened};

/// How the text of the files is to be taken.
#[derive(Debug)]
pub(super) struct Format {
    pub(super) dialect: Dialect,
    pub(super) list_separator: char,
    pub(super) encoding: &'static Encoding,
    pub(super) last_line_end: LastLineEnd,
}

/// One file, the kind of its records, and where its members stand.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) file: InputFile,
    pub(super) kind: Kind,
    pub(super) map: Option<Map>,
}

/// What is gathered over the files.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) reading: Reading,
    /// By group reference, the line of the users file that names it first.
    pub(super) named_on: Vec<u64>,
    /// What was found, for `check`.
    pub(super) sentences: Vec<String>,
}

impl Sheet {
    /// Adds the records of the open file to `gathered`.
    ///
    /// # Errors
    /// When the file cannot be read to its end, or is not CSV as it must be.
    pub(super) fn read(&self, opened: &Opened, format: &Format, gathered: &mut Gathered) -> Result<(), ConnectorError> {
        let bytes = opened.read()?;
        let size = bytes.len();
        let text = decode(bytes, format.encoding).map_err(|flaw| self.file.flawed(flaw))?;
        let (rows, columns) = self.rows(&text, format, gathered).map_err(|flaw| self.file.flawed(flaw))?;
        let time = &mut gathered.reading.data_time;
        *time = Some(time.map_or(opened.modified(), |other| other.min(opened.modified())));
        let file = self.file.shown();
        let (size, rows, fields) = (count(size, "byte"), count(rows, "row"), count(columns.width(), "field"));
        gathered.sentences.push(format!("{file}: {size}, {rows} of {}", self.kind.plural()));
        gathered.sentences.extend(columns.describe().into_iter().map(|sentence| format!("{file}: {sentence}")));
        if !text.ends_with('\n') && format.last_line_end == LastLineEnd::Required {
            // A file that was cut inside its last value looks just so.
            let missing = "its last line has no line end, so it may be cut: add one, or set `lastLineEnd: optional`";
            gathered.reading.coverage.missing.push(format!("{file}: {missing}"));
        }
        let proof = format!("{file}: {rows} read to the end, every row with {fields}, every quote closed");
        gathered.reading.coverage.proofs.push(proof);
        Ok(())
    }

    fn rows(&self, text: &str, format: &Format, gathered: &mut Gathered) -> Result<(usize, Columns), Flaw> {
        let mut rows = Rows::new(text, &format.dialect);
        let mut fields = Vec::new();
        let Some(line) = rows.next_row(&mut fields)? else {
            let hint = "the file seems cut: the first row must name the columns, even if no other row follows";
            return Err(Flaw::new(1, "the file is empty").with_hint(hint));
        };
        let columns = Columns::find(&fields, self.map.as_ref(), line)?;
        let mut reader = RowReader::new(self, &columns, format.list_separator, gathered);
        let mut count = 0;
        while let Some(line) = rows.next_row(&mut fields)? {
            if fields.len() != columns.width() {
                return Err(uneven(line, fields.len(), columns.width()));
            }
            reader.add(line, &fields);
            count += 1;
        }
        Ok((count, columns))
    }
}

fn uneven(line: u64, found: usize, expected: usize) -> Flaw {
    let why = format!("this row has {}, the header has {expected}", count(found, "field"));
    let hint = if found < expected {
        "the file seems cut, or a delimiter is missing"
    } else {
        "put a field that holds the delimiter in quotes"
    };
    Flaw::new(line, why).with_hint(hint)
}
