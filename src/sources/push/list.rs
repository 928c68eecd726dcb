use std::sync::Arc;

use secrecy::SecretString;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::unfit::unfit;
use crate::connector::Reading;
use crate::principal::{Kind, hex, shown};
use crate::sources::file::Flaw;
use crate::sources::json::{Counted, parse};

/// How many records that cannot be used are told.
const MOST_TOLD: usize = 20;

/// How much of a reason is told, in characters: it repeats what was sent.
const LONGEST: usize = 300;

/// A list that may be kept.
#[derive(Debug)]
pub struct NewList {
    /// The JSON array without passwords.
    pub text: Arc<str>,
    /// The same with passwords, where it has some.
    pub whole: Option<SecretString>,
    /// `sha256:` of `text`.
    pub digest: String,
    pub users: usize,
    pub groups: usize,
}

/// Why a list is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    #[error("line {line}, column {column}: {why}")]
    Text { line: u64, column: u64, why: String },
    #[error("an empty list is taken for a mistake, and the guard lets no plan of one pass")]
    Empty,
    #[error("{count} of its records cannot be used")]
    Records {
        /// The first of them: which, from 0, and why.
        told: Vec<(usize, String)>,
        count: usize,
    },
}

impl NewList {
    /// Checks a list to its end.
    ///
    /// # Errors
    /// When it is not one JSON array, is empty, or one of its records cannot be used.
    pub fn check(bytes: Vec<u8>) -> Result<Self, ListFault> {
        let reading = read(bytes.clone(), &"list".into()).map_err(|flaw| {
            let Flaw { line, column, why, hint: _ } = flaw;
            ListFault::Text { line, column: column.unwrap_or(1), why: why.replace("the file", "the list") }
        })?;
        fault(&reading).map_or(Ok(()), Err)?;
        let count = |kind| reading.records.iter().filter(|record| record.kind() == kind).count();
        let (users, groups) = (count(Kind::User), count(Kind::Group));
        let has_passwords = reading.records.iter().any(|record| record.principal.password.is_some());
        // It was read: it is text, but for a mark before it.
        let whole = String::from_utf8(bytes).unwrap_or_default();
        let text = if has_passwords { without_passwords(&whole)? } else { whole.clone() };
        let digest = hex("sha256:", &Sha256::digest(text.as_bytes()));
        let whole = has_passwords.then(|| SecretString::from(whole));
        Ok(Self { text: text.into(), whole, digest, users, groups })
    }
}

/// What is wrong with records that could be read.
fn fault(reading: &Reading) -> Option<ListFault> {
    let mut told = unfit(&reading.records);
    told.extend(reading.rejected.iter().map(|record| (place(&record.origin), record.reason.clone())));
    if told.is_empty() {
        return reading.records.is_empty().then_some(ListFault::Empty);
    }
    let count = told.len();
    told.sort_by_key(|(index, _)| *index);
    told.truncate(MOST_TOLD);
    for (_, reason) in &mut told {
        *reason = shown(reason, LONGEST);
    }
    Some(ListFault::Records { told, count })
}

/// Reads a list; records are counted from 1.
pub(super) fn read(bytes: Vec<u8>, name: &Arc<str>) -> Result<Reading, Flaw> {
    parse(bytes, name, Counted::Records)
}

/// Which record, from 0, an origin means.
pub(super) fn place(origin: &str) -> usize {
    let number = origin.rsplit(':').next().and_then(|number| number.parse::<usize>().ok());
    number.unwrap_or_default().saturating_sub(1)
}

/// The same without the member `password`.
///
/// # Errors
/// Where it cannot be taken out: such a list is not kept.
fn without_passwords(text: &str) -> Result<String, ListFault> {
    let text = text.trim_start_matches('\u{feff}');
    let records = serde_json::from_str(text).and_then(|mut records: Vec<Map<String, Value>>| {
        for record in &mut records {
            record.remove("password");
        }
        serde_json::to_string(&records)
    });
    records.map_err(|error| ListFault::Text {
        line: u64::try_from(error.line()).unwrap_or(u64::MAX),
        column: u64::try_from(error.column()).unwrap_or(u64::MAX),
        why: "a value that cannot be kept stands beside a password".into(),
    })
}
