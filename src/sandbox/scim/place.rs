//! Fields as the switches name them: `User.emails.type`.

use serde_json::{Map, Value};

use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::path::Path;

/// The paths of a list of fields that belong to a resource type. What cannot be read names nothing.
pub(super) fn paths(fields: &[String], kind: Kind) -> impl Iterator<Item = (&str, Path)> {
    fields.iter().filter_map(move |field| {
        let (family, path) = field.split_once('.')?;
        (family == kind.name()).then(|| Path::read(path).ok()).flatten().map(|read| (path, read))
    })
}

/// Puts the values at a path back to what they were.
pub(super) fn restore(path: &Path, before: Option<&Map<String, Value>>, after: &mut Map<String, Value>) {
    let top = path.part.is_none() && !path.extension && !path.attribute.is_empty();
    path.erase(after);
    let Some(before) = before.filter(|_| top) else { return };
    let kept = before.iter().filter(|(name, _)| name.eq_ignore_ascii_case(&path.attribute));
    after.extend(kept.map(|(name, value)| (name.clone(), value.clone())));
}
