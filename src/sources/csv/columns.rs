use std::borrow::Cow;

use super::member::Member;
use super::nearest::nearest;
use super::scan::Field;
use crate::principal::neutral;
use crate::sources::file::Flaw;

/// One entry of `map`.
#[derive(Debug, Clone)]
pub(super) struct Mapped {
    pub(super) member: Member,
    /// The member's word.
    pub(super) word: String,
    /// The header of the column that holds it.
    pub(super) column: String,
}

pub(super) type Map = Vec<Mapped>;

/// Which field of a row holds what.
#[derive(Debug)]
pub(super) struct Columns {
    headers: Vec<String>,
    /// Member and position of the field.
    pub(super) read: Vec<(Member, usize)>,
    /// Positions that hold nothing of a principal.
    unread: Vec<usize>,
    /// `uid is read as name`.
    mapped: Vec<String>,
}

impl Columns {
    /// Finds the columns in the header row, which stands on `line`.
    ///
    /// # Errors
    /// When a column is unknown, stands twice, or is missing.
    pub(super) fn find(header: &[Field<'_>], map: Option<&Map>, line: u64) -> Result<Self, Flaw> {
        let headers: Vec<String> = header.iter().map(|field| field.text().trim().to_owned()).collect();
        let mut columns = Self { headers, read: Vec::new(), unread: Vec::new(), mapped: Vec::new() };
        columns.refuse_twins(line)?;
        let mapped = map.map(Vec::as_slice).unwrap_or_default();
        for entry in mapped {
            let at = columns.position(&entry.column).ok_or_else(|| columns.missing(&entry.column, line))?;
            columns.read.push((entry.member.clone(), at));
            columns.mapped.push(format!("`{}` is read as `{}`", neutral(&entry.column), entry.word));
        }
        for at in 0..columns.width() {
            if columns.read.iter().any(|(_, taken)| *taken == at) {
                continue;
            }
            match Member::parse(&columns.headers[at]) {
                Some(member) if mapped.iter().all(|entry| entry.member != member) => columns.read.push((member, at)),
                None if map.is_none() => return Err(columns.unknown(at, line)),
                _ => columns.unread.push(at),
            }
        }
        if columns.read.iter().any(|(member, _)| *member == Member::Name) {
            Ok(columns)
        } else {
            Err(columns.missing("name", line))
        }
    }

    /// The number of fields that every row has.
    pub(super) fn width(&self) -> usize {
        self.headers.len()
    }

    /// What was found and how it is read, in sentences.
    pub(super) fn describe(&self) -> Vec<String> {
        let mut sentences = vec![format!("columns found: {}", self.found())];
        sentences.extend(self.mapped.iter().cloned());
        if !self.unread.is_empty() {
            let unread: Vec<_> = self.unread.iter().map(|at| self.shown(*at)).collect();
            sentences.push(format!("not read: {}", unread.join(", ")));
        }
        sentences
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.headers.iter().position(|header| header == column)
    }

    fn refuse_twins(&self, line: u64) -> Result<(), Flaw> {
        for (at, header) in self.headers.iter().enumerate() {
            let first = self.position(header).unwrap_or(at);
            if first < at && !header.is_empty() {
                let why = format!("column `{}` stands twice, as number {} and {}", neutral(header), first + 1, at + 1);
                return Err(Flaw::new(line, why).with_hint("take one of the two away or rename it"));
            }
        }
        Ok(())
    }

    fn missing(&self, column: &str, line: u64) -> Flaw {
        let why = format!("there is no column `{}`; found: {}", neutral(column), self.found());
        let hint = match nearest(column, self.headers.iter().map(String::as_str)) {
            Some(meant) if column == "name" => format!("if `{0}` is meant: `map: {{ name: {0} }}`", neutral(meant)),
            Some(meant) => format!("did you mean `{}`?", neutral(meant)),
            None => self.other_delimiter().unwrap_or_else(|| "the first row must name the columns".to_owned()),
        };
        Flaw::new(line, why).with_hint(hint)
    }

    fn unknown(&self, at: usize, line: u64) -> Flaw {
        let header = &self.headers[at];
        if header.is_empty() {
            let why = format!("column {} has no name; found: {}", at + 1, self.found());
            return Flaw::new(line, why).with_hint("name it, or give a `map`: other columns are then not read");
        }
        let why = format!("unknown column `{}`; found: {}", neutral(header), self.found());
        let hint = self
            .other_delimiter()
            .unwrap_or_else(|| format!("{} With a `map`, other columns are not read", sentence(Member::hint(header))));
        Flaw::new(line, why).with_hint(hint)
    }

    /// A header row of one column that holds another usual delimiter was most likely split at the wrong one.
    fn other_delimiter(&self) -> Option<String> {
        let [only] = &self.headers[..] else { return None };
        let found = [(',', "\",\""), (';', "\";\""), ('\t', "tab"), ('|', "\"|\"")];
        let (_, written) = found.iter().find(|(delimiter, _)| only.contains(*delimiter))?;
        Some(format!("the file seems to be split differently: set `delimiter: {written}`"))
    }

    fn found(&self) -> String {
        (0..self.width()).map(|at| self.shown(at)).collect::<Vec<_>>().join(", ")
    }

    fn shown(&self, at: usize) -> Cow<'_, str> {
        if self.headers[at].is_empty() { "(no name)".into() } else { neutral(&self.headers[at]) }
    }
}

fn sentence(mut text: String) -> String {
    if !text.ends_with('?') {
        text.push('.');
    }
    text
}
