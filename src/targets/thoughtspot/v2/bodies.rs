//! What is sent. An update always says its operation: left out it would be REPLACE, which empties lists (vendor's
//! description), and REPLACE itself cannot be said here.

use serde_json::{Map, Value, json};

use super::super::product::display_name;
use crate::plan::{Change, Field};
use crate::principal::{Kind, Password, Principal, PrincipalType, Visibility};

/// How a list that is sent meets the list that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Remove,
}

/// The body of `users/{id}/update` or `groups/{id}/update`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Update {
    operation: Operation,
    members: Map<String, Value>,
}

impl Update {
    fn new(operation: Operation) -> Self {
        Self { operation, members: Map::new() }
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    /// As it is sent.
    pub(super) fn body(&self) -> Value {
        let operation = match self.operation {
            Operation::Add => "ADD",
            Operation::Remove => "REMOVE",
        };
        let mut body = self.members.clone();
        body.insert("operation".to_owned(), json!(operation));
        Value::Object(body)
    }

    /// Whether it asks for nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// The values and the name that a change gives.
pub(super) fn changed(change: &Change) -> Update {
    let mut update = Update::new(Operation::Add);
    let Some(after) = change.after() else { return update };
    for field in &change.detail().fields {
        update = match (&field.field, after.kind) {
            (Field::DisplayName, _) => update.with("display_name", json!(display_name(after))),
            (Field::Description, Kind::Group) => update.with("description", text(after.description.as_deref())),
            (Field::Mail, Kind::User) => update.with("email", text(after.mail.as_deref())),
            (Field::Visibility, _) => update.with("visibility", json!(visibility(after))),
            (Field::Active, Kind::User) => update.with("account_status", json!(status(after.is_active()))),
            // Nothing else is held by the product: the projection has taken it away.
            _ => update,
        };
    }
    match &change.detail().new_name {
        Some(name) => update.with("name", json!(name.as_str())),
        None => update,
    }
}

/// A user is switched on or off, besides what else a change gives.
pub(super) fn switched(change: &Change, active: bool) -> Update {
    changed(change).with("account_status", json!(status(active)))
}

/// Users and groups become members of a group, or are members no longer.
pub(super) fn members(operation: Operation, users: &[&str], groups: &[&str]) -> Update {
    let mut update = Update::new(operation);
    if !users.is_empty() {
        update = update.with("user_identifiers", json!(users));
    }
    if !groups.is_empty() {
        update = update.with("sub_group_identifiers", json!(groups));
    }
    update
}

/// A user of another org comes into this one, with the values that are wanted.
pub(super) fn attached(after: &Principal, org: u32) -> Update {
    let mut update = Update::new(Operation::Add).with("org_identifiers", json!([org.to_string()]));
    update = update.with("display_name", json!(display_name(after)));
    if let Some(mail) = after.mail.as_deref().filter(|mail| !mail.is_empty()) {
        update = update.with("email", json!(mail));
    }
    if after.visibility.is_some() {
        update = update.with("visibility", json!(visibility(after)));
    }
    update
}

/// A user who is in other orgs too leaves this one.
pub(super) fn detached(org: u32) -> Update {
    Update::new(Operation::Remove).with("org_identifiers", json!([org.to_string()]))
}

/// The body of `users/create`. No mail goes out to the new user; only a local account has a password.
pub(super) fn new_user(after: &Principal, password: Option<&Password>, org: Option<u32>) -> Value {
    let account = after.type_name.as_ref().unwrap_or(&PrincipalType::Local);
    let mut body = json!({
        "name": after.name.as_str(),
        "display_name": display_name(after),
        "account_type": account.text(Kind::User),
        "visibility": visibility(after),
        "trigger_welcome_email": false,
        "trigger_activation_email": false,
    });
    if let Some(mail) = after.mail.as_deref().filter(|mail| !mail.is_empty()) {
        body["email"] = json!(mail);
    }
    if let Some(password) = password.filter(|_| *account == PrincipalType::Local) {
        body["password"] = json!(password.reveal());
    }
    if let Some(org) = org {
        body["org_identifiers"] = json!([org.to_string()]);
    }
    body
}

/// The body of `groups/create`; the group comes into the org of the session.
pub(super) fn new_group(after: &Principal) -> Value {
    let group_type = after.type_name.as_ref().unwrap_or(&PrincipalType::Local);
    let mut body = json!({
        "name": after.name.as_str(),
        "display_name": display_name(after),
        "type": group_type.text(Kind::Group),
        "visibility": visibility(after),
    });
    if let Some(description) = after.description.as_deref().filter(|text| !text.is_empty()) {
        body["description"] = json!(description);
    }
    body
}

fn text(text: Option<&str>) -> Value {
    json!(text.unwrap_or_default())
}

/// What v1 calls `DEFAULT` is `SHARABLE` here.
fn visibility(principal: &Principal) -> &'static str {
    match principal.visibility.unwrap_or(Visibility::Default) {
        Visibility::Default => "SHARABLE",
        Visibility::NonSharable => "NON_SHARABLE",
    }
}

fn status(active: bool) -> &'static str {
    if active { "ACTIVE" } else { "INACTIVE" }
}
