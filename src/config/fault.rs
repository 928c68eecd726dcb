use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::nearest::nearest;
use crate::principal::{neutral, shown};

/// Why a value does not fit its shape, as data: serde's own sentences are for programmers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The key itself is the fault.
    UnknownKey {
        key: String,
        known: &'static [&'static str],
    },
    MissingKey(&'static str),
    UnknownWord {
        word: String,
        known: &'static [&'static str],
    },
    Other {
        message: String,
        hint: Option<String>,
    },
}

/// The longest piece of a value that a message repeats, in characters.
const LONGEST: usize = 60;

impl Fault {
    pub(super) fn wrong(expected: &str, found: Unexpected<'_>) -> Self {
        let hint = hint(expected, found);
        Self::Other { message: format!("expected {expected}, found {}", found_words(found)), hint }
    }

    /// A word of a closed list was expected.
    pub(super) fn no_word(known: &[&str], found: Unexpected<'_>) -> Self {
        Self::wrong(&choice(known), found)
    }

    pub(super) fn message(&self) -> String {
        match self {
            Self::UnknownKey { key, .. } => format!("unknown key `{}`", neutral(key)),
            Self::MissingKey(key) => format!("`{key}` is missing"),
            Self::UnknownWord { word, known } => {
                format!("expected {}, found `{}`", choice(known), shown(word, LONGEST))
            }
            Self::Other { message, .. } => message.clone(),
        }
    }

    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { key, .. } if key == "<<" => {
                Some("merge keys are not read: write what several entries share under `defaults`".into())
            }
            Self::UnknownKey { known: [], .. } => Some("no key is known here".into()),
            Self::UnknownKey { key, known } => Some(nearest(key, known.iter().copied()).map_or_else(
                || format!("the keys known here are {}", listed(*known)),
                |meant| format!("did you mean `{meant}`?"),
            )),
            Self::UnknownWord { word, known } => {
                nearest(word, known.iter().copied()).map(|meant| format!("did you mean `{meant}`?"))
            }
            Self::MissingKey(_) => None,
            Self::Other { hint, .. } => hint.clone(),
        }
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other { message: message.to_string(), hint: None }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::wrong(&expected_words(&expected.to_string()), found)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::wrong(&expected_words(&expected.to_string()), found)
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::UnknownWord { word: word.to_owned(), known }
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::UnknownKey { key: key.to_owned(), known }
    }

    fn missing_field(key: &'static str) -> Self {
        Self::MissingKey(key)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message())
    }
}

impl std::error::Error for Fault {}

/// `a`, `b` or `c`.
pub(super) fn choice(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "nothing".into(),
    }
}

/// `a`, `b`, `c`.
pub(super) fn listed<T: fmt::Display>(words: impl IntoIterator<Item = T>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn expected_words(serde: &str) -> String {
    match serde {
        "a boolean" => "true or false".into(),
        "a string" | "a borrowed string" | "a character" => "text".into(),
        "path string" => "a path".into(),
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more".into(),
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".into(),
        "f32" | "f64" => "a number".into(),
        "a sequence" => "a list".into(),
        "a map" => "keys and values".into(),
        other if other.starts_with("struct ") => "keys and values".into(),
        other => other.to_owned(),
    }
}

fn found_words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(number) => format!("the number {number}"),
        Unexpected::Signed(number) => format!("the number {number}"),
        Unexpected::Float(number) => format!("the number {number}"),
        Unexpected::Str(text) => format!("the text \"{}\"", shown(text, LONGEST)),
        Unexpected::Unit | Unexpected::Option => "nothing".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "keys and values".into(),
        other => other.to_string(),
    }
}

fn hint(expected: &str, found: Unexpected<'_>) -> Option<String> {
    match found {
        Unexpected::Str(text) if expected == "true or false" => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "y" => Some("write `true`: YAML 1.2 reads this word as text".into()),
            "no" | "off" | "n" => Some("write `false`: YAML 1.2 reads this word as text".into()),
            "true" | "false" => Some("leave the quotes out".into()),
            _ => None,
        },
        Unexpected::Str(text) if expected.contains("number") && text.parse::<f64>().is_ok() => {
            Some("leave the quotes out".into())
        }
        Unexpected::Bool(_) | Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_)
            if expected == "text" =>
        {
            Some("put it in quotes".into())
        }
        Unexpected::Str(_) if expected == "a list" => Some("write it as `[…]`".into()),
        _ => None,
    }
}
