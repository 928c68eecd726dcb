//! What the service says of itself (RFC 7644, 4).

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::attribute::{ENTERPRISE_URN, GROUP_URN, USER_URN};
use crate::sandbox::scim::caller::{authorise, base};
use crate::sandbox::scim::emulator::Scim;
use crate::sandbox::scim::error::PLAIN;
use crate::sandbox::scim::reading::{Cursor, Discovery, Etag, Filtering, SchemaList};
use crate::sandbox::scim::render::body;
use crate::sandbox::scim::schemas::describe;
use crate::sandbox::scim::switches::Switches;
use crate::sandbox::scim::writing::Method;

/// A caller who may read discovery.
#[derive(Debug)]
pub(super) struct Visitor {
    switches: Arc<Switches>,
    base: String,
}

impl FromRequestParts<Arc<Scim>> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Parts, emulator: &Arc<Scim>) -> Result<Self, Failure> {
        let mut world = emulator.world();
        if !world.switches.open_discovery {
            authorise(&mut world, head)?;
        }
        Ok(Self { switches: Arc::clone(&world.switches), base: base(&head.headers) })
    }
}

fn absent() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, PLAIN, "there is no such endpoint")
}

/// `ServiceProviderConfig` (RFC 7643, 5).
pub(super) async fn service(State(_): State<Arc<Scim>>, visitor: Visitor) -> Result<Response, Failure> {
    let switches = &visitor.switches;
    let announce = switches.announce;
    let filters = !matches!(switches.filter, Filtering::NotImplemented | Filtering::Refused);
    let patch = json!({ "supported": announce.patch.unwrap_or(switches.patch == Method::Offered) });
    let filter = json!({
        "supported": announce.filter.unwrap_or(filters),
        "maxResults": switches.max_results.unwrap_or(200),
    });
    let etag = json!({ "supported": announce.etag.unwrap_or(switches.etag == Etag::On) });
    let urn = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    let mut config = json!({ "schemas": [urn], "patch": patch, "filter": filter, "etag": etag });
    match switches.service_provider_config {
        Discovery::Absent => return Err(absent()),
        Discovery::Bare => config["bulk"] = json!({ "supported": false }),
        Discovery::Full | Discovery::Spoilt => {
            let no = json!({ "supported": false });
            config["bulk"] = json!({ "supported": false, "maxOperations": 0, "maxPayloadSize": 0 });
            config["sort"] = no.clone();
            config["changePassword"] = no;
            let scheme = json!({ "type": "oauthbearertoken", "name": "Bearer token", "description": "RFC 6750" });
            config["authenticationSchemes"] = json!([scheme]);
        }
    }
    if switches.service_provider_config == Discovery::Spoilt {
        config["filter"] = Value::from("yes");
    }
    let offered = matches!(switches.cursor, Cursor::Offered | Cursor::Only);
    if announce.cursor.unwrap_or(offered) {
        config["pagination"] = json!({
            "cursor": true,
            "index": switches.cursor != Cursor::Only,
            "defaultPaginationMethod": if switches.cursor == Cursor::Only { "cursor" } else { "index" },
            "defaultPageSize": switches.default_count.unwrap_or(100),
            "maxPageSize": switches.max_results.unwrap_or(200),
            "cursorTimeout": 3600,
        });
    }
    Ok(body(&config).into_response())
}

fn listed(resources: &[Value]) -> Response {
    let urn = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    body(&json!({
        "schemas": [urn],
        "totalResults": resources.len(),
        "itemsPerPage": resources.len(),
        "startIndex": 1,
        "Resources": resources,
    }))
    .into_response()
}

/// `ResourceTypes` (RFC 7643, 6).
pub(super) async fn types(State(_): State<Arc<Scim>>, visitor: Visitor) -> Result<Response, Failure> {
    let urn = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
    let location = |name: &str| json!({ "resourceType": "ResourceType", "location": format!("{}/ResourceTypes/{name}", visitor.base) });
    let mut found = vec![json!({
        "schemas": [urn], "id": "User", "name": "User", "endpoint": "/Users", "schema": USER_URN,
        "schemaExtensions": [{ "schema": ENTERPRISE_URN, "required": false }], "meta": location("User"),
    })];
    if !visitor.switches.no_groups {
        found.push(json!({
            "schemas": [urn], "id": "Group", "name": "Group", "endpoint": "/Groups", "schema": GROUP_URN,
            "meta": location("Group"),
        }));
    }
    Ok(listed(&found))
}

/// `Schemas` (RFC 7643, 7).
pub(super) async fn schemas(State(_): State<Arc<Scim>>, visitor: Visitor) -> Result<Response, Failure> {
    if visitor.switches.schemas != SchemaList::Full {
        return Err(absent());
    }
    let all = [USER_URN, GROUP_URN, ENTERPRISE_URN].iter().filter_map(|urn| describe(urn, &visitor.switches));
    Ok(listed(&all.collect::<Vec<_>>()))
}

/// One schema, by its URN or by the plain name of its resources.
pub(super) async fn schema(
    State(_): State<Arc<Scim>>,
    Path(name): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let urn = match (visitor.switches.schemas, name.as_str()) {
        (SchemaList::Full, urn) => urn,
        (SchemaList::ByName, "Users") => USER_URN,
        (SchemaList::ByName, "Groups") => GROUP_URN,
        _ => return Err(absent()),
    };
    let found = describe(urn, &visitor.switches).ok_or_else(absent)?;
    Ok(body(&found).into_response())
}
