//! `GET metadata/listobjectheaders`: GUIDs and names of users or of groups.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::error::bad_request;
use crate::sandbox::thoughtspot::org::PRIMARY;
use crate::sandbox::thoughtspot::principal::{Principal, PrincipalType};

/// What to list.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    /// `USER` or `USER_GROUP`.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Matched without regard to case, `%` standing for anything.
    pattern: Option<String>,
    /// How many at most; all when negative or absent.
    batchsize: Option<i64>,
    /// How many to leave out at the front; none when negative, as public clients send it, or absent.
    offset: Option<i64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Header<'state> {
    id: &'state str,
    name: &'state str,
    display_name: &'state str,
    #[serde(rename = "type")]
    principal_type: PrincipalType,
    created: u64,
    modified: u64,
}

/// Lists headers as a bare array, by name.
pub(super) async fn list(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Query(choice): Query<Choice>,
) -> Result<Response, Failure> {
    let users = match choice.kind.as_deref() {
        Some("USER") => true,
        Some("USER_GROUP") => false,
        _ => return Err(bad_request("type must be USER or USER_GROUP")),
    };
    let pattern = choice.pattern.map(|pattern| pattern.to_lowercase());
    let limit = choice.batchsize.and_then(|size| usize::try_from(size).ok()).unwrap_or(usize::MAX);
    let offset = choice.offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
    let world = emulator.world();
    let chosen = world.store.kind(users).values().filter(|principal| {
        let name = principal.name.to_lowercase();
        principal.profile.orgs.contains(&PRIMARY) && pattern.as_deref().is_none_or(|pattern| matches(pattern, &name))
    });
    let headers: Vec<Header<'_>> = chosen.skip(offset).take(limit).map(header).collect();
    json(&headers)
}

fn header(principal: &Principal) -> Header<'_> {
    Header {
        id: &principal.id,
        name: &principal.name,
        display_name: &principal.attributes.display_name,
        principal_type: principal.attributes.principal_type,
        created: principal.created,
        modified: principal.modified,
    }
}

/// Whether a pattern with `%` for any text fits the whole name.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('%') else {
        return pattern == name;
    };
    let Some(name) = name.strip_prefix(start) else {
        return false;
    };
    let mut ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
    ends.any(|at| name.get(at..).is_some_and(|tail| matches(rest, tail)))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_fits_the_whole_name() {
        assert!(matches("ada", "ada"));
        assert!(!matches("ad", "ada"));
        assert!(matches("%a", "ada"));
        assert!(matches("%d%", "ada"));
        assert!(matches("%", ""));
        assert!(!matches("a%x", "ada"));
    }
}
