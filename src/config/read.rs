use std::path::Path as FilePath;

use serde::de::DeserializeSeed;
use serde_yaml::Value;

use super::complaint::Complaint;
use super::excerpt::Spot;
use super::origins::ConfigText;
use super::place::{self, Goal};
use super::problem::{Excerpt, Problem};
use super::tree::{Notes, Tree};

/// Reads one file: its tree, and the keys that stand twice.
///
/// # Errors
/// Where it is no text, no YAML, or more than one document.
pub(super) fn read(path: &FilePath) -> Result<(ConfigText, Vec<Complaint>), Box<Problem>> {
    let whole = |message: String| Box::new(Problem::with_file(path.to_owned(), message));
    let bytes = std::fs::read(path).map_err(|error| whole(format!("cannot read the file: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| no_text(path, &error))?;
    let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
    let mut notes = Notes::default();
    let root = parse(&text, &mut notes).map_err(|error| no_yaml(path, &text, &error))?;
    if let Some(problem) = second_document(path, &text) {
        return Err(problem);
    }
    let repeated = notes.again.into_iter().map(|again| {
        let message = format!("key `{}` stands twice", again.path);
        let goal = Goal::Key(again.time);
        Complaint { goal, ..Complaint::at_key(again.path, message).hinting("keep one of them") }
    });
    let repeated = repeated.collect();
    Ok((ConfigText { path: path.to_owned(), text, root }, repeated))
}

fn parse(text: &str, notes: &mut Notes) -> Result<Value, serde_yaml::Error> {
    match serde_yaml::Deserializer::from_str(text).next() {
        Some(document) => Tree::new(notes).deserialize(document),
        None => Ok(Value::Null),
    }
}

fn second_document(path: &FilePath, text: &str) -> Option<Box<Problem>> {
    let second = serde_yaml::Deserializer::from_str(text).nth(1)?;
    let problem = Problem::with_file(path.to_owned(), "a second document begins here: a configuration is one document");
    let problem = problem.hinting("leave out `---`, or move it to a file of its own and name that under `include`");
    let location = place::here(second).map(|bytes| Spot::after(text, bytes));
    let (line, column) = location.map_or((0, 0), |spot| (spot.line, spot.column));
    Some(Box::new(Problem { line, column, ..problem }))
}

fn no_text(path: &FilePath, error: &std::string::FromUtf8Error) -> Box<Problem> {
    let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
    let spot = Spot::after(&good, good.len());
    let problem = Problem::with_file(path.to_owned(), "the file is not UTF-8 text from here on");
    Box::new(Problem { line: spot.line, column: spot.column, ..problem.hinting("save it as UTF-8") })
}

/// A text that is no YAML has no tree, so that nobody knows which lines hold secrets: none is shown.
fn no_yaml(path: &FilePath, text: &str, error: &serde_yaml::Error) -> Box<Problem> {
    let Some(location) = error.location() else {
        return Box::new(Problem::with_file(path.to_owned(), error.to_string()));
    };
    let place = format!(" at line {} column {}", location.line(), location.column());
    let message = error.to_string().replacen(&place, "", 1);
    let message = message.split_once(": ").filter(|(way, _)| !way.contains(' ')).map_or(&*message, |(_, rest)| rest);
    // A wrong type, in serde's words: what was expected says enough.
    let message = message.split_once(", expected ").map_or(message.to_owned(), |(_, what)| format!("expected {what}"));
    let spot = Spot::after(text, location.index());
    let line = text.lines().nth(spot.line - 1).unwrap_or_default();
    let tab = line.chars().take_while(|c| c.is_whitespace()).any(|c| c == '\t');
    let hint = tab.then(|| "indent with spaces: YAML takes no tabs".to_owned());
    // What begins with a star refers to something else of the file: most often it was to be a schedule.
    let value = line.split_once(": ").and_then(|(_, value)| value.trim_start().strip_prefix('*'));
    let alias = value.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    let quotes = || "a value that begins with * stands in quotes: \"*/15 * * * *\"".to_owned();
    let hint = hint.or_else(|| alias.then(quotes));
    let problem = Problem::with_file(path.to_owned(), message);
    Box::new(Problem { line: spot.line, column: spot.column, hint, excerpt: Excerpt::Withheld, ..problem })
}
