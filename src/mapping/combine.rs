//! The values of one principal that several sources have.

use std::borrow::Cow;

use serde_json::Value;

use super::finding::place;
use crate::plan::Field;
use crate::principal::{Principal, Record, shown};

/// How many values a reason tells.
const TOLD: usize = 4;
/// The longest value that a reason repeats, in characters.
const LONGEST: usize = 40;

/// One source's record of a principal.
pub(super) struct Claim {
    pub(super) source: usize,
    pub(super) record: Record,
}

/// `corp (people.csv:7)`.
pub(super) fn named(claim: &Claim, sources: &[String]) -> String {
    let place = shown(&place(&claim.record), 120);
    let source = &sources[claim.source];
    if place.is_empty() { source.clone() } else { format!("{source} ({place})") }
}

/// The names of the values in which `later` differs from `first`; `id` alone makes no difference.
pub(super) fn differences(first: &Record, later: &Record) -> String {
    let (a, b) = (&first.principal, &later.principal);
    let mut found = Vec::new();
    if first.key() != later.key() {
        found.push("name".to_owned());
    }
    let differs = |field: &Field| text(b, field).is_some_and(|text_b| text(a, field).unwrap_or_default() != text_b);
    found.extend(fields(b).filter(differs).map(|field| shown(&field.text(), LONGEST)));
    if b.groups.as_ref().is_some_and(|groups| a.group_refs() != groups.as_ref()) {
        found.push("groupNames".to_owned());
    }
    if !found.is_empty() && a.id.is_some() && b.id.is_some() && a.id != b.id {
        found.push("id".to_owned());
    }
    listed(found)
}

/// Where `later` says otherwise than one before it: each value with who wins.
pub(super) fn conflicts(earlier: &[Claim], later: &Claim, sources: &[String]) -> Option<String> {
    let record = &later.record;
    let mut found = Vec::new();
    if let Some(first) = earlier.first().filter(|first| first.record.key() != record.key()) {
        let (won, lost) = (&first.record.principal.name, &record.principal.name);
        found.push(told("name", won, &named(first, sources), lost));
    }
    for field in fields(&record.principal) {
        let Some(lost) = text(&record.principal, &field) else { continue };
        let winner = earlier.iter().find_map(|claim| Some((claim, text(&claim.record.principal, &field)?)));
        if let Some((claim, won)) = winner.filter(|(_, won)| *won != lost) {
            found.push(told(&shown(&field.text(), LONGEST), &won, &named(claim, sources), &lost));
        }
    }
    if found.is_empty() {
        return None;
    }
    let ids = earlier.iter().find_map(|claim| claim.record.principal.id.as_ref());
    if ids.is_some_and(|id| record.principal.id.as_ref().is_some_and(|other| other != id)) {
        found.push("their ids differ too".to_owned());
    }
    Some(format!("{}: {}", named(later, sources), listed(found)))
}

fn told(field: &str, won: &str, winner: &str, lost: &str) -> String {
    format!("{field} `{}` of {winner} wins over `{}`", shown(won, LONGEST), shown(lost, LONGEST))
}

fn listed(mut found: Vec<String>) -> String {
    let more = found.len().saturating_sub(TOLD);
    found.truncate(TOLD);
    let list = found.join(", ");
    if more > 0 { format!("{list} and {more} more") } else { list }
}

/// Adds to `into` what it does not manage and `from` does. Groups are united.
pub(super) fn add(into: &mut Principal, from: Principal) {
    let Principal {
        kind: _,
        name: _,
        display_name,
        description,
        mail,
        visibility,
        active,
        id,
        type_name,
        groups,
        attributes,
        password,
        extra: _,
    } = from;
    fill(&mut into.display_name, display_name);
    fill(&mut into.description, description);
    fill(&mut into.mail, mail);
    fill(&mut into.visibility, visibility);
    fill(&mut into.active, active);
    fill(&mut into.id, id);
    fill(&mut into.type_name, type_name);
    fill(&mut into.password, password);
    match (&mut into.attributes, attributes) {
        (Some(has), Some(more)) => {
            for (name, value) in *more {
                has.insert_new(name, value);
            }
        }
        (has, more) => fill(has, more),
    }
    if let Some(more) = groups {
        let mut groups = into.groups.take().unwrap_or_default().into_vec();
        groups.extend(more);
        into.set_groups(groups);
    }
}

fn fill<T>(value: &mut Option<T>, other: Option<T>) {
    if value.is_none() {
        *value = other;
    }
}

/// The values that may differ and that `principal` may manage.
fn fields(principal: &Principal) -> impl Iterator<Item = Field> {
    let attributes = principal.attributes.iter().flat_map(|attributes| attributes.keys().cloned());
    [Field::DisplayName, Field::Description, Field::Mail, Field::Visibility, Field::Active]
        .into_iter()
        .chain(attributes.map(Field::Attribute))
}

/// A managed value as text; missing, `null` and `[]` of an attribute are the empty text.
fn text<'a>(principal: &'a Principal, field: &Field) -> Option<Cow<'a, str>> {
    let words = match field {
        Field::DisplayName => principal.display_name.as_deref(),
        Field::Description => principal.description.as_deref(),
        Field::Mail => principal.mail.as_deref(),
        Field::Visibility => principal.visibility.map(crate::principal::Visibility::text),
        Field::Active => principal.active.map(|active| if active { "true" } else { "false" }),
        Field::Attribute(name) => {
            return match principal.attributes.as_ref()?.get(name)? {
                Value::Null => Some("".into()),
                Value::String(text) => Some(text.into()),
                Value::Array(items) if items.is_empty() => Some("".into()),
                other => Some(other.to_string().into()),
            };
        }
    };
    words.map(Cow::Borrowed)
}
