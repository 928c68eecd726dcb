//! What a write is held against: how a body is read, and what a resource must be.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::attribute::{self, ENTERPRISE_URN, Kind};
use crate::sandbox::scim::error::{
    INVALID_SYNTAX, INVALID_VALUE, MUTABILITY, PLAIN, UNIQUENESS, crash, refused, unknown,
};
use crate::sandbox::scim::path::Path;
use crate::sandbox::scim::place::{paths, restore};
use crate::sandbox::scim::reading::Etag;
use crate::sandbox::scim::render::version;
use crate::sandbox::scim::store::Store;
use crate::sandbox::scim::switches::Switches;
use crate::sandbox::scim::table::Entry;
use crate::sandbox::scim::writing::Deactivation;
use crate::sandbox::secret::Secret;

/// A resource that was sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) attributes: Map<String, Value>,
    pub(super) members: Option<Value>,
    pub(super) password: Option<Secret>,
    pub(super) warnings: Vec<String>,
}

/// Reads the body of a POST or a PUT.
pub(super) fn read(kind: Kind, body: Option<Value>, switches: &Switches) -> Result<Sent, Failure> {
    let Some(Value::Object(body)) = body else {
        return Err(refused(INVALID_SYNTAX, "the body is not a JSON object"));
    };
    let schemas: Vec<&str> =
        body.get("schemas").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    if !schemas.contains(&kind.urn()) {
        return Err(refused(INVALID_SYNTAX, format!("schemas must hold {}", kind.urn())));
    }
    if body.contains_key(ENTERPRISE_URN) && !schemas.contains(&ENTERPRISE_URN) {
        return Err(refused(INVALID_SYNTAX, format!("schemas must hold {ENTERPRISE_URN}")));
    }
    let mut sent = Sent::default();
    for (name, value) in body {
        // Read-only (RFC 7643, 3.1): passed over.
        if ["schemas", "id", "meta", "groups"].contains(&name.as_str()) {
            continue;
        }
        match attribute::find(kind.attributes(), &name) {
            None => sent.warnings.push(format!("the attribute {name} is unknown and has no effect")),
            Some(known) if known.name == "members" => sent.members = Some(value),
            Some(known) => {
                if let Some(value) = attribute::read(known, value, switches.lenient_booleans)? {
                    sent.attributes.insert(known.name.to_owned(), value);
                }
            }
        }
    }
    sent.password = take_password(&mut sent.attributes);
    Ok(sent)
}

/// A password is kept where nobody sees it.
pub(super) fn take_password(attributes: &mut Map<String, Value>) -> Option<Secret> {
    attributes.remove("password").and_then(|value| value.as_str().map(Secret::new))
}

/// Holds what a resource is to be against what it was, and bends it as the switches want.
pub(super) fn settle(
    store: &Store,
    switches: &Switches,
    kind: Kind,
    before: Option<&Entry>,
    after: &mut Map<String, Value>,
) -> Result<(), Failure> {
    let old = before.map(|entry| &entry.attributes);
    let differs = |path: &Path, after: &Map<String, Value>| {
        old.map(|old| path.values(old)).unwrap_or_default() != path.values(after)
    };
    for (name, path) in paths(&switches.refuse, kind) {
        if !path.values(after).is_empty() && differs(&path, after) {
            return Err(refused(INVALID_VALUE, format!("extra input is not permitted: {name}")));
        }
    }
    for (_, path) in paths(&switches.drop, kind) {
        restore(&path, old, after);
    }
    for (name, path) in paths(&switches.immutable, kind) {
        if before.is_some() && differs(&path, after) {
            return Err(refused(MUTABILITY, format!("{name} cannot be changed")));
        }
    }
    let label = format!("{}.{}", kind.name(), kind.label());
    for (name, path) in paths(&[&switches.require[..], &[label]].concat(), kind) {
        let values = path.values(after);
        if values.is_empty() || values.contains(&&Value::from("")) {
            return Err(refused(INVALID_VALUE, format!("{name} is required")));
        }
    }
    plurals(switches, after)?;
    unique(store, switches, kind, before, after)
}

/// One primary value at the most (RFC 7643, 2.4), and one value at all where the service holds no more.
fn plurals(switches: &Switches, after: &Map<String, Value>) -> Result<(), Failure> {
    for (name, value) in after {
        let Some(items) = value.as_array() else { continue };
        if items.iter().filter(|item| item.get("primary") == Some(&Value::Bool(true))).count() > 1 {
            return Err(refused(INVALID_VALUE, format!("{name} has two primary values")));
        }
        let single = ["emails", "phoneNumbers", "addresses"].contains(&name.as_str());
        if switches.single_values && single && items.len() > 1 {
            return Err(refused(INVALID_VALUE, format!("{name} takes one value")));
        }
    }
    Ok(())
}

fn unique(
    store: &Store,
    switches: &Switches,
    kind: Kind,
    before: Option<&Entry>,
    after: &Map<String, Value>,
) -> Result<(), Failure> {
    let text = |name: &str| after.get(name).and_then(Value::as_str);
    let table = store.table(kind);
    let conflict = |what: &str| Failure::new(StatusCode::CONFLICT, UNIQUENESS, format!("{what} is already taken"));
    let own = before.map(|entry| entry.place);
    let others = |places: &[i64]| {
        places.iter().filter(|place| Some(**place) != own).filter_map(|place| table.at(*place)).collect::<Vec<_>>()
    };
    let named = text(kind.label()).map(|name| (name, others(table.named(name))));
    if let Some((name, found)) = named {
        let taken = match kind {
            Kind::User if !switches.case_exact_names => !found.is_empty(),
            Kind::User => found.iter().any(|user| user.text("userName") == Some(name)),
            Kind::Group => {
                switches.unique_group_names && found.iter().any(|group| group.text("displayName") == Some(name))
            }
        };
        if taken && kind == Kind::Group && switches.group_conflict_crashes {
            return Err(crash());
        }
        if taken {
            return Err(conflict(name));
        }
    }
    match text("externalId").filter(|_| switches.unique_external_ids) {
        Some(external) if !others(table.with_external(external)).is_empty() => Err(conflict(external)),
        _ => Ok(()),
    }
}

/// Whether a client can see a resource.
pub(super) fn is_visible(switches: &Switches, entry: &Entry) -> bool {
    !(entry.is_inactive() && matches!(switches.deactivation, Deactivation::Hidden | Deactivation::Obscured))
}

/// The resource of an id that the client can see.
///
/// # Errors
/// The refusal of an unknown id.
pub(super) fn seen<'store>(
    store: &'store Store,
    switches: &Switches,
    kind: Kind,
    id: &str,
) -> Result<&'store Entry, Failure> {
    let found = store.table(kind).get(id).filter(|entry| is_visible(switches, entry));
    found.ok_or_else(|| unknown(switches, id))
}

/// Refuses a write of a version that is no longer there (RFC 7644, 3.14).
pub(super) fn match_version(switches: &Switches, wanted: Option<&str>, entry: &Entry) -> Result<(), Failure> {
    let current = version(entry);
    let fits = wanted.is_none_or(|wanted| wanted == "*" || wanted.split(',').any(|one| one.trim() == current));
    if switches.etag == Etag::On && !fits {
        return Err(Failure::new(StatusCode::PRECONDITION_FAILED, PLAIN, "the resource has changed since"));
    }
    Ok(())
}
