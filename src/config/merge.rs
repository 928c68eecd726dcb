use serde_yaml::{Mapping, Value};

use super::complaint::Complaint;
use super::nearest::nearest;
use super::origins::Origins;
use super::path::Path;
use crate::principal::neutral;
use crate::targets::TargetFile;

/// The sections that an included file may have.
const SECTIONS: [&str; 3] = ["sources", "targets", "syncs"];

/// Puts the entries of the included files into the configuration, and notes which came from where.
pub(super) fn merge(origins: &mut Origins, complaints: &mut Vec<Complaint>) -> Value {
    let mut merged = match &origins.files[0].root {
        Value::Null => Value::Mapping(Mapping::new()),
        root => root.clone(),
    };
    for number in 0..origins.files.len() {
        if number > 0 {
            complaints
                .extend(strangers(&origins.files[number].root).into_iter().map(|complaint| complaint.in_file(number)));
        }
        for section in SECTIONS {
            let entries = Path::of(&[section]).value(&origins.files[number].root).and_then(Value::as_mapping);
            let entries = entries.cloned().unwrap_or_default();
            for (name, entry) in entries.iter().filter_map(|(name, entry)| Some((name.as_str()?, entry))) {
                let owner = (section.to_owned(), name.to_owned());
                if let Some(first) = origins.owners.get(&owner) {
                    complaints.push(twice(origins, *first, &Path::of(&[section, name])).in_file(number));
                    continue;
                }
                origins.owners.insert(owner, number);
                if number > 0 {
                    insert(&mut merged, section, name, entry.clone());
                }
            }
        }
    }
    merged
}

/// What an included file may not have.
fn strangers(root: &Value) -> Vec<Complaint> {
    let Some(members) = root.as_mapping() else {
        let wrong = (!root.is_null()).then(|| Complaint::at_value(Path::default(), "expected keys and values"));
        return wrong.into_iter().collect();
    };
    let members = members.iter().filter_map(|(key, value)| Some((key.as_str()?, value)));
    let complaints = members.filter_map(|(key, value)| {
        let path = Path::of(&[key]);
        if !SECTIONS.contains(&key) {
            let hint = nearest(key, SECTIONS).map(|meant| format!("did you mean `{meant}`?"));
            let message = format!("an included file has only `sources`, `targets` and `syncs`, not `{}`", neutral(key));
            return Some(Complaint::at_key(path, message).maybe_hinting(hint));
        }
        let fits = value.is_mapping() || value.is_null();
        (!fits).then(|| Complaint::at_value(path, "expected names and their entries"))
    });
    complaints.collect()
}

fn twice(origins: &Origins, first: usize, path: &Path) -> Complaint {
    let place = origins.problems(vec![Complaint::at_key(path.clone(), "").in_file(first)]);
    let place = place.first().map_or(String::new(), |at| format!("{}:{}:{}", at.file.display(), at.line, at.column));
    Complaint::at_key(path.clone(), format!("`{path}` stands at {place} already"))
        .hinting("give one of them another name")
}

fn insert(merged: &mut Value, section: &str, name: &str, entry: Value) {
    let Some(root) = merged.as_mapping_mut() else { return };
    let entries = root.entry(section.into()).or_insert(Value::Null);
    if entries.is_null() {
        *entries = Value::Mapping(Mapping::new());
    }
    if let Some(entries) = entries.as_mapping_mut() {
        entries.insert(name.into(), entry);
    }
}

/// Puts the defaults below every sync and target: the entry's own key wins, maps are merged key by key. A default for a
/// kind of target counts for targets of that kind only.
pub(super) fn spread(root: &mut Value) {
    for (section, shared) in [("syncs", "sync"), ("targets", "target")] {
        let Some(defaults) = Path::of(&["defaults", shared]).value(root).cloned() else { continue };
        let entries = Path::of(&[section]).value_mut(root).and_then(Value::as_mapping_mut);
        for (_, entry) in entries.into_iter().flatten() {
            if entry.is_null() {
                *entry = Value::Mapping(Mapping::new());
            }
            let mut defaults = defaults.clone();
            if let (Some(defaults), Some(entry)) = (defaults.as_mapping_mut(), entry.as_mapping()) {
                let foreign = |key: &str| section == "targets" && TargetFile::KINDS.contains(&key);
                defaults.retain(|key, _| !key.as_str().is_some_and(foreign) || entry.contains_key(key));
            }
            lay_below(entry, &defaults);
        }
    }
}

fn lay_below(value: &mut Value, defaults: &Value) {
    let (Some(members), Some(defaults)) = (value.as_mapping_mut(), defaults.as_mapping()) else { return };
    for (key, default) in defaults {
        match members.get_mut(key) {
            Some(own) => lay_below(own, default),
            None => drop(members.insert(key.clone(), default.clone())),
        }
    }
}
