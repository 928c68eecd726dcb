use serde_json::{Map, Value as Json, json};
use serde_yaml::Value;
use sha2::{Digest, Sha256};

use crate::config::hidden::{forget_hooks, without_secrets};
use crate::config::path::Path;
use crate::config::state::{is_postgres, without_login};
use crate::mapping::{KindScope, MergeRule, Scope};
use crate::plan::{Policy, Then};
use crate::principal::hex;

/// The digest of a whole configuration without its secrets. Where an entry is written, itself or by `include` and
/// `defaults`, makes no difference.
pub(super) fn of_all(whole: &Value) -> String {
    let mut plain = without_secrets(whole);
    forget_hooks(&mut plain);
    if let Some(members) = plain.as_mapping_mut() {
        members.remove("include");
        members.remove("defaults");
        // Who may ask, and where, changes nothing of a plan; replicas may listen at their own addresses.
        members.remove("server");
        if let Some(state) = members.get_mut("state")
            && let Some(place) = state.as_str().filter(|text| is_postgres(text)).map(without_login)
        {
            *state = Value::String(place.to_owned());
        }
    }
    digest(&canonical(&plain))
}

/// The digest of the rules whose change holds removals until a person applies: the sources with their maps, the merge, who
/// goes where, the scope with what is protected, the ownership, the leavers and whether they are removed, and the place of
/// the target.
pub(super) fn of_rules(
    whole: &Value,
    sync: &str,
    (sources, merge): (&[String], MergeRule),
    place: &str,
    policy: &Policy,
    scope: &Scope,
) -> String {
    let written = sources.iter().map(|source| {
        let written = Path::of(&["sources", source]).value(whole).map(without_secrets);
        let mut written = written.unwrap_or_default();
        if let Some(members) = written.as_mapping_mut() {
            members.remove("expect");
        }
        canonical(&written)
    });
    let written: Json = written.collect();
    let leavers = &policy.leavers;
    let mut parts = json!({
        "from": sources,
        "leavers": {
            "groups": leavers.groups, "transferTo": leavers.transfer_to.as_deref(), "users": leavers.users
        },
        "memberships": policy.memberships,
        // Of one source there is nothing to merge.
        "merge": (sources.len() > 1).then_some(merge),
        "ownership": policy.ownership,
        "protect": policy.protect.iter().map(crate::principal::Pattern::text).collect::<Json>(),
        "removeDeleted": policy.remove_deleted,
        "scope": { "groups": rules(&scope.groups), "users": rules(&scope.users) },
        "sources": written,
        "target": place,
    });
    // What is new here is left out where it is not used: nobody has changed it.
    if leavers.absences > 1 {
        parts["leavers"]["absences"] = leavers.absences.into();
    }
    if let Then::Delete { after } = leavers.then {
        parts["leavers"]["deleteAfter"] = after.as_secs().into();
    }
    let mapping = mapping(whole, sync);
    if !mapping.is_empty() {
        parts["mapping"] = mapping.into();
    }
    digest(&parts)
}

/// What a sync says of users and groups besides patterns, as it is written.
fn mapping(whole: &Value, sync: &str) -> Map<String, Json> {
    let mut found = Map::new();
    for (kind, keys) in
        [("groups", &["when", "map", "rename", "set", "nested", "depth"][..]), ("users", &["when", "grant", "set"])]
    {
        for key in keys {
            let value = Path::of(&["syncs", sync, kind, key]).value(whole).filter(|value| !value.is_null());
            if let Some(value) = value {
                found.insert(format!("{kind}.{key}"), canonical(value));
            }
        }
    }
    found
}

fn rules(rules: &KindScope) -> Json {
    let KindScope { include, exclude } = rules;
    let texts = |patterns: &[crate::principal::Pattern]| -> Json {
        patterns.iter().map(crate::principal::Pattern::text).collect()
    };
    json!({ "exclude": texts(exclude), "include": texts(include) })
}

fn digest(value: &Json) -> String {
    hex("sha256:", &Sha256::digest(value.to_string()))
}

/// The same as JSON, keys sorted.
fn canonical(value: &Value) -> Json {
    match value {
        Value::Null | Value::Tagged(_) => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => serde_json::to_value(number).unwrap_or_else(|_| number.to_string().into()),
        Value::String(text) => Json::String(text.clone()),
        Value::Sequence(items) => items.iter().map(canonical).collect(),
        Value::Mapping(members) => {
            let members = members.iter().filter_map(|(key, value)| Some((key.as_str()?, value)));
            let mut members: Vec<_> = members.collect();
            members.sort_by_key(|(key, _)| *key);
            Json::Object(
                members.into_iter().map(|(key, value)| (key.to_owned(), canonical(value))).collect::<Map<_, _>>(),
            )
        }
    }
}
