//! What a service says of itself (RFC 7644, 4), read member by member: one that is missing or wrong spoils no other.

use serde_json::Value;

use super::api::Api;
use super::config::Paging;
use super::fields::{self, Place};
use super::manner::Manner;
use super::wire::{ENTERPRISE, GROUP, Resource, USER, flag, member, text};
use crate::connector::ConnectorError;
use crate::plan::Field;

/// What a service says that it can do. `None` is not said: it is tried in the RFC's form, and what comes of it remembered.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Service {
    /// Whether it said anything.
    pub(super) said: bool,
    pub(super) patch: Option<bool>,
    pub(super) filter: Option<bool>,
    pub(super) etag: Option<bool>,
    pub(super) cursor: Option<bool>,
    /// Paging by cursor is what it prefers.
    prefers_cursor: bool,
    pub(super) schema: Schema,
}

/// What its schemas say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Schema {
    /// Values of users that it cannot hold, or not be told.
    pub(super) lacks: Vec<Field>,
    /// Attributes of users that it requires, as paths.
    pub(super) required: Vec<String>,
    /// `userName`, and `displayName` of groups, cannot change.
    pub(super) fixed_user_name: bool,
    pub(super) fixed_group_name: bool,
    pub(super) case_exact: Option<bool>,
}

impl Service {
    pub(super) fn paging(&self) -> Paging {
        if self.cursor == Some(true) && self.prefers_cursor { Paging::Cursor } else { Paging::Index }
    }

    /// Reads `ServiceProviderConfig`.
    fn read(config: &Resource) -> Self {
        let inside = |name: &str, part: &str| member(member(&config.raw, name)?.as_object()?, part);
        let supported = |name: &str| inside(name, "supported").and_then(flag);
        let index = inside("pagination", "index").and_then(flag);
        let preferred = inside("pagination", "defaultPaginationMethod").and_then(text);
        Self {
            said: true,
            patch: supported("patch"),
            filter: supported("filter"),
            etag: supported("etag"),
            cursor: inside("pagination", "cursor").and_then(flag),
            prefers_cursor: index == Some(false) || preferred.is_some_and(|method| method == "cursor"),
            schema: Schema::default(),
        }
    }
}

/// Asks a service what it can do. That it says nothing is no failure, that it refuses the token is one.
///
/// # Errors
/// When the token is refused, or nobody answers.
pub(super) async fn discover(api: &Api, manner: &Manner) -> Result<Service, ConnectorError> {
    let doing = format!("asking SCIM service `{}` what it can do", api.name());
    let config = ask(api, &doing, "ServiceProviderConfig").await?;
    let mut service = config.and_then(Resource::read).map(|config| Service::read(&config)).unwrap_or_default();
    if manner.schemas {
        let schemas = ask(api, &doing, "Schemas").await?;
        service.schema = schemas.map(|schemas| schema(&schemas)).unwrap_or_default();
    }
    Ok(service)
}

async fn ask(api: &Api, doing: &str, path: &str) -> Result<Option<Value>, ConnectorError> {
    match api.get(doing, path, &[]).await {
        Ok(answer) if answer.is_success() => Ok(answer.json(doing).ok()),
        // Many have no such page; a service that is down, or refuses the token, is another matter.
        Ok(_) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads `Schemas`. One that does not know `userName` is no description of users.
fn schema(answer: &Value) -> Schema {
    let listed = answer.as_object().and_then(|raw| member(raw, "Resources")).unwrap_or(answer);
    let all: Vec<Resource> = listed.as_array().into_iter().flatten().cloned().filter_map(Resource::read).collect();
    let find = |urn: &str| all.iter().find(|schema| schema.id().is_some_and(|id| id.eq_ignore_ascii_case(urn)));
    let Some(user) = find(USER).map(attributes).filter(|user| find_one(user, "userName").is_some()) else {
        return Schema::default();
    };
    let extension = find(ENTERPRISE).map(attributes);
    let takes =
        |found: Option<&Resource>| found.is_some_and(|one| one.text("mutability").as_deref() != Some("readOnly"));
    let lacks = fields::all().filter(|(_, place)| match place {
        Place::Plain(name) | Place::Typed(name) => !takes(find_one(&user, name)),
        Place::Part(name, part) => {
            let whole = find_one(&user, name);
            let parts = whole.map(parts).unwrap_or_default();
            !takes(whole) || (!parts.is_empty() && !takes(find_one(&parts, part)))
        }
        // Many describe the core only, and take the extension all the same.
        Place::Extension(name) => extension.as_ref().is_some_and(|all| !takes(find_one(all, name))),
    });
    let name = find_one(&user, "userName");
    let group = find(GROUP).map(attributes).unwrap_or_default();
    let fixed = |found: Option<&Resource>| {
        let rule = found.and_then(|one| one.text("mutability"));
        rule.is_some_and(|rule| rule == "immutable" || rule == "readOnly")
    };
    Schema {
        lacks: lacks.map(|(field, _)| field).collect(),
        required: required(&user),
        fixed_user_name: fixed(name),
        fixed_group_name: fixed(find_one(&group, "displayName")),
        case_exact: name.and_then(|name| member(&name.raw, "caseExact")).and_then(flag),
    }
}

fn required(user: &[Resource]) -> Vec<String> {
    let is_required = |one: &Resource| member(&one.raw, "required").and_then(flag) == Some(true);
    let mut paths = Vec::new();
    for one in user {
        let name = one.text("name").unwrap_or_default();
        let inside = parts(one);
        let of_parts = inside.iter().filter(|part| is_required(part)).filter_map(|part| part.text("name"));
        // A part of a list is required of each of its values, not of the user.
        let is_list = member(&one.raw, "multiValued").and_then(flag) == Some(true);
        paths.extend(of_parts.filter(|_| !is_list).map(|part| format!("{name}.{part}")));
        if is_required(one) {
            paths.push(name.into());
        }
    }
    paths
}

fn attributes(schema: &Resource) -> Vec<Resource> {
    let values = schema.values("attributes").unwrap_or_default();
    values.iter().cloned().filter_map(Resource::read).collect()
}

fn parts(attribute: &Resource) -> Vec<Resource> {
    let values = attribute.values("subAttributes").unwrap_or_default();
    values.iter().cloned().filter_map(Resource::read).collect()
}

fn find_one<'a>(attributes: &'a [Resource], name: &str) -> Option<&'a Resource> {
    attributes.iter().find(|one| one.text("name").is_some_and(|known| known.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Service, schema};
    use crate::plan::Field;
    use crate::targets::scim::config::Paging;
    use crate::targets::scim::wire::{ENTERPRISE, Resource, USER};

    fn read(config: serde_json::Value) -> Service {
        Service::read(&Resource::read(config).unwrap())
    }

    /// authentik#25056: bulk without limits reset all features.
    #[test]
    fn a_member_that_is_missing_or_wrong_spoils_no_other() {
        let service = read(json!({"patch": {"supported": true}, "bulk": {"supported": true}, "filter": "yes"}));
        assert_eq!((service.patch, service.filter, service.etag), (Some(true), None, None));
        let service = read(json!({"Patch": {"Supported": "false"}, "etag": {"supported": true}, "patchOp": 1}));
        assert_eq!((service.patch, service.etag), (Some(false), Some(true)));
    }

    #[test]
    fn a_cursor_is_used_where_the_service_prefers_it() {
        let by = |pagination| read(json!({ "pagination": pagination })).paging();
        assert_eq!(by(json!({"cursor": true, "index": true})), Paging::Index);
        assert_eq!(by(json!({"cursor": true, "index": false})), Paging::Cursor);
        assert_eq!(by(json!({"cursor": true, "index": true, "defaultPaginationMethod": "cursor"})), Paging::Cursor);
        assert_eq!(by(json!({"cursor": false, "defaultPaginationMethod": "cursor"})), Paging::Index);
    }

    #[test]
    fn schemas_tell_what_is_lacking_required_and_fixed() {
        let described = json!({"Resources": [
            {"id": USER, "attributes": [
                {"name": "userName", "required": true, "mutability": "immutable", "caseExact": true},
                {"name": "displayName", "mutability": "readOnly"},
                {"name": "emails", "multiValued": true, "subAttributes": [{"name": "value", "required": true}]},
                {"name": "name", "subAttributes": [{"name": "familyName", "required": true}, {"name": "givenName"}]},
            ]},
            {"id": ENTERPRISE, "attributes": [{"name": "department"}]},
        ]});
        let schema = schema(&described);
        assert_eq!(schema.required, ["userName", "name.familyName"]);
        assert!(schema.fixed_user_name && !schema.fixed_group_name && schema.case_exact == Some(true));
        let lacks = |name: &str| schema.lacks.contains(&Field::Attribute(name.into()));
        assert!(
            schema.lacks.contains(&Field::DisplayName) && lacks("title") && lacks("division") && lacks("formattedName")
        );
        assert!(!schema.lacks.contains(&Field::Mail) && !lacks("givenName") && !lacks("department"));
    }

    #[test]
    fn what_does_not_describe_users_decides_nothing() {
        assert_eq!(schema(&json!({"Resources": [{"id": USER, "attributes": [{"name": "title"}]}]})).lacks, []);
        assert_eq!(schema(&json!([])).required, Vec::<String>::new());
    }
}
