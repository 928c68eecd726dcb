use std::borrow::Cow;

use crate::sources::file::Flaw;

/// The characters that mean something.
#[derive(Debug)]
pub(super) struct Dialect {
    delimiter: u8,
    quote: Option<u8>,
    /// Whether a byte ends a field that is not in quotes.
    stops: [bool; 256],
}

impl Dialect {
    /// Both ASCII, different, and no line end.
    pub(super) fn new(delimiter: u8, quote: Option<u8>) -> Self {
        let mut stops = [false; 256];
        for byte in [delimiter, b'\n', b'\r'] {
            stops[usize::from(byte)] = true;
        }
        Self { delimiter, quote, stops }
    }
}

/// One field, still as the file holds it between its quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'t> {
    raw: &'t str,
    /// The quote, where it stands doubled inside.
    doubled: Option<u8>,
}

impl<'t> Field<'t> {
    /// The value.
    pub(super) fn text(self) -> Cow<'t, str> {
        match self.doubled.map(char::from) {
            None => Cow::Borrowed(self.raw),
            Some(quote) => self.raw.replace(&format!("{quote}{quote}"), quote.encode_utf8(&mut [0; 4])).into(),
        }
    }
}

/// The rows of a text, checked and split in one pass. Stricter than most readers: what is not closed, or goes on after
/// its closing quote, is an error, since it is how a cut or a broken file looks.
pub(super) struct Rows<'t> {
    text: &'t str,
    dialect: &'t Dialect,
    at: usize,
    line: u64,
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t str, dialect: &'t Dialect) -> Self {
        Self { text, dialect, at: 0, line: 1 }
    }

    /// Puts the next row's fields into `fields` and gives the line where it begins; blank lines are skipped.
    ///
    /// # Errors
    /// Where the text is not CSV.
    pub(super) fn next_row(&mut self, fields: &mut Vec<Field<'t>>) -> Result<Option<u64>, Flaw> {
        fields.clear();
        while self.line_end()? {}
        if self.peek().is_none() {
            return Ok(None);
        }
        let begin = self.line;
        loop {
            let quoted = self.dialect.quote.is_some() && self.peek() == self.dialect.quote;
            fields.push(if quoted { self.quoted()? } else { self.plain()? });
            if self.peek() == Some(self.dialect.delimiter) {
                self.at += 1;
            } else {
                self.line_end()?;
                return Ok(Some(begin));
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over a line end, if one is here.
    fn line_end(&mut self) -> Result<bool, Flaw> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = match rest {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            [b'\r', ..] => {
                let why = "a carriage return stands alone, outside quotes";
                let hint = "end lines with LF or CR LF; put a field that holds a carriage return in quotes";
                return Err(Flaw::new(self.line, why).with_hint(hint));
            }
            _ => return Ok(false),
        };
        self.at += length;
        self.line += 1;
        Ok(true)
    }

    fn plain(&mut self) -> Result<Field<'t>, Flaw> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().position(|byte| self.dialect.stops[usize::from(byte)]).unwrap_or(rest.len());
        let raw = &rest[..length];
        if raw.starts_with([' ', '\t'])
            && let Some(quote) = self.dialect.quote
            && raw.trim_start_matches([' ', '\t']).as_bytes().first() == Some(&quote)
        {
            let hint = "take the blanks away, or put the whole field in quotes and double those inside";
            return Err(Flaw::new(self.line, "blanks stand before the opening quote of a field").with_hint(hint));
        }
        self.at += length;
        Ok(Field { raw, doubled: None })
    }

    fn quoted(&mut self) -> Result<Field<'t>, Flaw> {
        let (opened, begin) = (self.line, self.at + 1);
        let bytes = self.text.as_bytes();
        let quote = self.dialect.quote;
        let mut doubled = None;
        let mut at = begin;
        loop {
            let byte = bytes.get(at).copied();
            if byte.is_none() {
                let hint = "the file seems cut, or a closing quote is missing";
                return Err(Flaw::new(opened, "the quote that opens here is never closed").with_hint(hint));
            } else if byte == quote && bytes.get(at + 1).copied() == quote {
                doubled = quote;
                at += 2;
            } else if byte == quote {
                break;
            } else {
                self.line += u64::from(byte == Some(b'\n'));
                at += 1;
            }
        }
        self.at = at + 1;
        if self.peek().is_some_and(|next| !self.dialect.stops[usize::from(next)]) {
            let why = format!("text stands after a closing quote (opened on line {opened})");
            return Err(Flaw::new(self.line, why).with_hint("double each quote that belongs to the value"));
        }
        Ok(Field { raw: &self.text[begin..at], doubled })
    }
}
