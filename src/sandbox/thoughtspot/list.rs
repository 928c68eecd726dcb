//! `GET user/list`: every principal, users and groups mixed, without paging.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::principal::{Principal, PrincipalType, Visibility};
use crate::sandbox::thoughtspot::switches::{ListMail, Switches};

/// A principal as the list shows it: no GUID, no password (vendor's "Fetch users and groups").
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'state> {
    name: &'state str,
    display_name: &'state str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'state str>,
    created: u64,
    modified: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<&'state str>,
    principal_type_enum: PrincipalType,
    group_names: &'state BTreeSet<String>,
    visibility: Visibility,
    #[serde(skip_serializing_if = "Option::is_none")]
    activate: Option<bool>,
}

impl<'state> Row<'state> {
    fn show(principal: &'state Principal, switches: Switches) -> Self {
        let attributes = &principal.attributes;
        let description = Some(attributes.description.as_str());
        let mail = attributes.principal_type.is_user().then_some(attributes.mail.as_str());
        Self {
            name: &principal.name,
            display_name: &attributes.display_name,
            description: description.filter(|text| !switches.omit_description || !text.is_empty()),
            created: principal.created,
            modified: principal.modified,
            mail: mail.filter(|mail| switches.list_mail == ListMail::Always || !mail.is_empty()),
            principal_type_enum: attributes.principal_type,
            group_names: &attributes.group_names,
            visibility: attributes.visibility,
            activate: switches.activate.then_some(false),
        }
    }
}

/// Answers with all groups by name, then all users by name.
pub(super) async fn list(State(emulator): State<Arc<ThoughtSpot>>, _: Administrator) -> Result<Response, Failure> {
    let world = emulator.world();
    let rows: Vec<Row<'_>> = world.store.principals().map(|principal| Row::show(principal, world.switches)).collect();
    json(&rows)
}
