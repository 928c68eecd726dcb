//! A cron expression as people write it: five fields, six with the seconds first, or a name such as `@daily`.

use chrono::DateTime;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use super::cron_field::FIELDS;
use crate::principal::shown;

/// Names and what they stand for.
const NAMED: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// What to write, for whoever wrote something else.
pub(super) const EXAMPLE: &str =
    "such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday";

/// How much of a wrong expression a message repeats, in characters.
const LONGEST: usize = 60;

/// Which times of the clock something is due at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronText {
    text: String,
    pattern: Cron,
    by_the_clock: bool,
}

/// What is wrong with a cron expression, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CronFault {
    /// Bytes of the expression before what is meant.
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) hint: String,
}

impl CronText {
    /// Reads an expression.
    pub(super) fn parse(text: &str) -> Result<Self, CronFault> {
        let meant = text.trim();
        let fields = if meant.starts_with('@') { named(meant)? } else { meant };
        let at = text.len() - text.trim_start().len();
        let hour = check(fields).map_err(|fault| CronFault { at: at + fault.at, ..fault })?;
        let parser = CronParser::builder().seconds(Seconds::Optional).year(Year::Disallowed).build();
        let pattern = parser.parse(fields).map_err(|error| CronFault {
            at,
            message: format!("`{}` cannot be read: {error}", shown(meant, LONGEST)),
            hint: EXAMPLE.into(),
        })?;
        // What comes at all comes within the 28 years of the calendar, wherever one begins.
        if pattern.find_next_occurrence(&DateTime::UNIX_EPOCH.naive_utc(), true).is_err() {
            return Err(CronFault {
                at,
                message: format!("`{}` never comes: no such month has such a day", shown(meant, LONGEST)),
                hint: "the last day of each month is `L`, as in `0 0 L * *`".into(),
            });
        }
        Ok(Self { text: meant.to_owned(), by_the_clock: !hour.contains('*'), pattern })
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The times of the clock that it means.
    #[must_use]
    pub fn pattern(&self) -> &Cron {
        &self.pattern
    }

    /// Whether it means hours that the clock shows, such as `2` or `8-18`; else it follows time as it passes, as `*` and
    /// `*/2` do. That makes a difference where a clock is put forward or back.
    #[must_use]
    pub fn is_by_the_clock(&self) -> bool {
        self.by_the_clock
    }
}

impl std::str::FromStr for CronText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|fault| fault.message)
    }
}

/// The fields that a name such as `@daily` stands for.
fn named(text: &str) -> Result<&'static str, CronFault> {
    let found = NAMED.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    found.map(|(_, fields)| *fields).ok_or_else(|| {
        let known: Vec<_> = NAMED.iter().map(|(name, _)| format!("`{name}`")).collect();
        CronFault {
            at: 0,
            message: format!("`{}` is not known here; {} are", shown(text, LONGEST), known.join(", ")),
            hint: "every five minutes is `*/5 * * * *`".into(),
        }
    })
}

/// Checks each field; gives that of the hours.
fn check(text: &str) -> Result<&str, CronFault> {
    let words = words(text);
    let fields = match words.len() {
        5 => &FIELDS[1..],
        6 => &FIELDS[..],
        count => {
            let message = format!(
                "expected 5 fields (minute, hour, day of the month, month, day of the week), or 6 with the seconds \
                 first, found {count}"
            );
            return Err(CronFault { at: 0, message, hint: EXAMPLE.into() });
        }
    };
    for (field, (at, word)) in fields.iter().zip(&words) {
        field.check(word).map_err(|fault| CronFault {
            at: at + fault.at,
            message: fault.message,
            hint: fault.hint.unwrap_or_else(|| EXAMPLE.into()),
        })?;
    }
    Ok(words.get(words.len() - 4).map_or("", |(_, word)| *word))
}

/// The words of an expression, each with the bytes before it. Another blank than these is a letter that no field has.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let mut words = Vec::new();
    for piece in text.split([' ', '\t', '\n', '\r']) {
        if !piece.is_empty() {
            words.push((at, piece));
        }
        at += piece.len() + 1;
    }
    words
}
