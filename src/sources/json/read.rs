use std::sync::Arc;

use serde_json::value::RawValue;

use super::sketch::Sketch;
use crate::connector::{ConnectorError, Reading};
use crate::plan::Coverage;
use crate::principal::{GroupNames, Kind, Members, Origin, Principal, PrincipalDocument, Record};
use crate::sources::count::count;
use crate::sources::file::{Flaw, Opened};
use crate::sources::set_aside::Unusable;
use crate::sources::text;

const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Reads the whole file.
///
/// # Errors
/// When it is not one JSON array, in UTF-8, to its end.
pub(super) fn read_file(opened: &Opened) -> Result<Reading, ConnectorError> {
    let file = opened.input();
    let bytes = opened.read()?;
    let mut reading = parse(bytes, file.shown(), Counted::Lines).map_err(|flaw| file.flawed(flaw))?;
    reading.data_time = Some(opened.modified());
    Ok(reading)
}

/// What the place of a record is counted in, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources) enum Counted {
    Lines,
    Records,
}

/// Reads an array of principals to its end.
///
/// # Errors
/// When it is not one JSON array, in UTF-8, to its end.
pub(in crate::sources) fn parse(bytes: Vec<u8>, file: &Arc<str>, counts: Counted) -> Result<Reading, Flaw> {
    let text = text::utf8(bytes).map_err(|flaw| flaw.with_hint("JSON is UTF-8: save the file so"))?;
    let elements = elements(&text)?;
    let proof = format!("{file}: read to its closing bracket, {}", count(elements.len(), "record"));
    let mut reading = Reading { coverage: Coverage::proved(proof), ..Reading::default() };
    let (mut line, mut counted) = (1, 0);
    for (number, element) in (1..).zip(elements) {
        // Each element is a part of the text: its address tells where.
        let at = element.get().as_ptr().addr() - text.as_ptr().addr();
        line += text::lines(&text[counted..at]);
        counted = at;
        let place = if counts == Counted::Lines { line } else { number };
        match principal(element, &mut reading.names) {
            Ok(principal) => reading.records.push(Record::new(principal, Some(Origin::line(file, place)))),
            Err(unusable) => unusable.set_aside(&mut reading, file, place, Kind::User),
        }
    }
    Ok(reading)
}

fn elements(text: &str) -> Result<Vec<&RawValue>, Flaw> {
    let body = text.trim_start_matches(BLANKS);
    let found = match body.chars().next() {
        Some('[') => return serde_json::from_str(text).map_err(|error| syntax(&error)),
        None => {
            let hint = "the file seems cut: a list without principals is written `[]`";
            return Err(Flaw::new(1, "the file is empty").at_column(1).with_hint(hint));
        }
        Some('{') => "an object",
        Some('"') => "text",
        Some(_) => "something else",
    };
    let (line, column) = text::position(&text[..text.len() - body.len()]);
    let hint = "the file is one array: `[ { \"name\": … }, … ]`";
    Err(Flaw::new(line, format!("expected `[`, found {found}")).at_column(column).with_hint(hint))
}

fn syntax(error: &serde_json::Error) -> Flaw {
    let message = plain(error);
    let (why, hint) = if error.is_eof() {
        let hint = "the file seems cut: write it under another name and rename it when it is whole";
        ("the file ends before its closing bracket".to_owned(), hint)
    } else if message == "trailing characters" {
        ("something stands after the closing bracket".to_owned(), "the file is one array and nothing else")
    } else {
        (format!("this is not JSON: {message}"), "the place is where it was noticed: the mistake may stand before it")
    };
    Flaw::new(error.line() as u64, why).at_column(error.column().max(1) as u64).with_hint(hint)
}

fn principal(element: &RawValue, names: &mut GroupNames) -> Result<Principal, Unusable> {
    let document = serde_json::from_str::<PrincipalDocument>(element.get()).map_err(|error| plain(&error));
    let principal =
        document.and_then(|found| found.into_principal(names, Members::Strict).map_err(|error| error.reason));
    principal.map_err(|reason| {
        let Sketch { kind, name, groups } = Sketch::of(element);
        for group in &groups {
            names.intern(group);
        }
        Unusable { kind, name: name.unwrap_or_default(), reason }
    })
}

/// The message without its position: in a record it would count from the record's own start.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).map(str::to_owned).unwrap_or(text)
}
