//! Whether a service has kept what it was sent. A success alone proves nothing: some drop what they do not know, and
//! some compute it. Pure.

use compact_str::CompactString;

use super::fields::Place;
use super::memory::Echo;
use super::typed::Choice;
use super::wire::Resource;
use crate::plan::Field;
use crate::principal::{CaseRule, fold, shown};

/// Values of a user that were sent; none is a value to be cleared.
pub(super) type Values = Vec<(Field, Option<CompactString>)>;

/// A value that is not shown as it was sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) field: Field,
    pub(super) echo: Echo,
}

/// Compares what was sent with what is stored now.
pub(super) fn lost(sent: &Values, stored: &Resource, choice: Choice<'_>) -> Vec<Lost> {
    let lost = sent.iter().filter_map(|(field, wanted)| {
        let shown = Place::of(field)?.read(stored, choice);
        let echo = Echo { sent: wanted.clone(), shown };
        (echo.sent != echo.shown).then(|| Lost { field: field.clone(), echo })
    });
    lost.collect()
}

/// What a person should know of it; nothing where the values only look different.
pub(super) fn remark(lost: &[Lost]) -> Option<String> {
    let told: Vec<String> = lost.iter().filter(|lost| !is_alike(&lost.field, &lost.echo)).map(Lost::told).collect();
    (!told.is_empty()).then(|| {
        format!("the service did not keep {}: it is not sent again unless it changes here or there", told.join(", "))
    })
}

/// Whether what was sent and what is shown mean the same: addresses ignore case, and blanks around a value are nobody's
/// wish.
pub(super) fn is_alike(field: &Field, echo: &Echo) -> bool {
    let plain = |text: &Option<CompactString>| {
        let text = text.as_deref().unwrap_or_default().trim();
        fold(text, if *field == Field::Mail { CaseRule::Ignored } else { CaseRule::Exact })
    };
    plain(&echo.sent) == plain(&echo.shown)
}

impl Lost {
    fn told(&self) -> String {
        let shows = match &self.echo.shown {
            Some(text) => format!("shows `{}`", shown(text, 60)),
            None => "shows nothing".to_owned(),
        };
        format!("`{}` ({shows})", self.field.text())
    }
}
