//! What a body says about a user or a group, checked member by member.
//!
//! A wrong type is refused, and so are an unknown group, a bad IP address and an address that is none: the vendor's
//! page "Overview" counts them all under "data validation". Members that are unknown are passed over with a warning.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::{Map, Value};

use crate::sandbox::b2core::error::{Problems, Refusal};
use crate::sandbox::b2core::record::User;
use crate::sandbox::b2core::state::Store;
use crate::sandbox::b2core::switches::Switches;
use crate::sandbox::secret::Secret;

/// The members that the vendor's page "Users" marks as required on create, and the others.
const REQUIRED: [&str; 6] = ["name", "email", "password", "active", "tfa", "groups"];
const OPTIONAL: [&str; 5] = ["phone", "ipWhitelist", "clientTags", "canViewMaskedData", "sendNotify"];

/// The members of a user that were sent.
#[derive(Debug, Clone, Default)]
pub(super) struct SentUser {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) phone: Option<String>,
    pub(super) active: Option<bool>,
    pub(super) tfa: Option<bool>,
    pub(super) groups: Option<BTreeSet<u64>>,
    pub(super) ip_whitelist: Option<Vec<String>>,
    pub(super) client_tags: Option<Vec<String>>,
    pub(super) can_view_masked_data: Option<bool>,
    pub(super) send_notify: Option<bool>,
    /// What a careful client would not have sent.
    pub(super) warnings: Vec<String>,
}

/// Why a body was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Create,
    /// Of the user with this id.
    Update(u64),
}

impl SentUser {
    /// Reads a body.
    ///
    /// # Errors
    /// The refusal that names every member that breaks a rule.
    pub(super) fn read(
        body: Option<Value>,
        purpose: Purpose,
        store: &Store,
        switches: &Switches,
    ) -> Result<Self, Refusal> {
        let mut reader = Reader { members: object(body, switches)?, problems: Problems::new() };
        if purpose == Purpose::Create {
            reader.require(&REQUIRED);
        }
        let mut sent = Self {
            name: reader.filled("name"),
            email: reader.filled("email"),
            phone: reader.text("phone"),
            active: reader.flag("active"),
            tfa: reader.flag("tfa"),
            groups: reader.list("groups", Value::as_u64, "must be a list of integers").map(BTreeSet::from_iter),
            ip_whitelist: reader.list("ipWhitelist", text_of, "must be a list of strings"),
            client_tags: reader.list("clientTags", tag, "must be a list of tags"),
            can_view_masked_data: reader.flag("canViewMaskedData"),
            send_notify: reader.flag("sendNotify"),
            password: None,
            warnings: reader.remarks(purpose),
        };
        let password = reader.text("password");
        if password.as_ref().is_some_and(|text| text.chars().count() < switches.password_length as usize) {
            reader.complain("password", format!("must have {} characters or more", switches.password_length));
        }
        sent.password = password.map(Secret::new);
        sent.check(&mut reader, store, switches);
        if !reader.problems.is_empty() {
            return Err(Refusal::invalid(switches.invalid_status, reader.problems));
        }
        sent.check_address(purpose, store, switches)?;
        Ok(sent)
    }

    /// The rules that are not about types.
    fn check(&self, reader: &mut Reader, store: &Store, switches: &Switches) {
        if self.email.as_ref().is_some_and(|email| !is_address(email)) {
            reader.complain("email", "must be an e-mail address");
        }
        let groups = self.groups.as_ref();
        if let Some(unknown) = groups.and_then(|groups| groups.iter().find(|id| !store.groups.contains_key(id))) {
            reader.complain("groups", format!("there is no group {unknown}"));
        }
        if !switches.empty_groups && groups.is_some_and(BTreeSet::is_empty) {
            reader.complain("groups", "must not be empty");
        }
        let mut addresses = self.ip_whitelist.iter().flatten();
        if let Some(bad) = addresses.find(|text| text.parse::<IpAddr>().is_err()) {
            reader.complain("ipWhitelist", format!("{bad} is not an IP address"));
        }
    }

    fn check_address(&self, purpose: Purpose, store: &Store, switches: &Switches) -> Result<(), Refusal> {
        let holder = self.email.as_ref().and_then(|email| store.user_of(email));
        match (holder, purpose) {
            (None, _) => Ok(()),
            (Some(holder), Purpose::Update(id)) if holder.id == id => Ok(()),
            (Some(_), _) => Err(Refusal::member(switches.duplicate_status, "email", "has already been taken")),
        }
    }

    /// Changes a user by what was sent.
    pub(super) fn lay_over(self, user: &mut User) {
        let Self {
            name,
            email,
            password,
            phone,
            active,
            tfa,
            groups,
            ip_whitelist,
            client_tags,
            can_view_masked_data,
            send_notify: _,
            warnings: _,
        } = self;
        set(&mut user.name, name);
        set(&mut user.email, email);
        set(&mut user.password, password.map(Some));
        set(&mut user.phone, phone.map(|phone| Some(phone).filter(|phone| !phone.is_empty())));
        set(&mut user.active, active);
        set(&mut user.tfa, tfa);
        set(&mut user.groups, groups);
        set(&mut user.ip_whitelist, ip_whitelist);
        set(&mut user.client_tags, client_tags);
        set(&mut user.can_view_masked_data, can_view_masked_data);
    }
}

/// The members of a group that were sent.
#[derive(Debug, Clone, Default)]
pub(super) struct SentGroup {
    pub(super) name: Option<String>,
    pub(super) permissions: Option<Vec<String>>,
}

impl SentGroup {
    /// Reads a body; `whose` is the group that it changes, and none when it is to create one.
    ///
    /// # Errors
    /// The refusal that names every member that breaks a rule.
    pub(super) fn read(
        body: Option<Value>,
        whose: Option<u64>,
        store: &Store,
        switches: &Switches,
    ) -> Result<Self, Refusal> {
        let mut reader = Reader { members: object(body, switches)?, problems: Problems::new() };
        if whose.is_none() {
            reader.require(&["name", "permissions"]);
        }
        let name = reader.filled("name");
        let permissions = reader.list("permissions", text_of, "must be a list of strings");
        let distinct: BTreeSet<&String> = permissions.iter().flatten().collect();
        if permissions.as_ref().is_some_and(|all| all.len() > distinct.len()) {
            reader.complain("permissions", "must not repeat");
        }
        if !reader.problems.is_empty() {
            return Err(Refusal::invalid(switches.invalid_status, reader.problems));
        }
        let taken = |name: &String| store.groups_named(name).any(|group| Some(group.id) != whose);
        if switches.distinct_groups && name.as_ref().is_some_and(taken) {
            return Err(Refusal::member(switches.duplicate_status, "name", "has already been taken"));
        }
        Ok(Self { name, permissions })
    }
}

fn object(body: Option<Value>, switches: &Switches) -> Result<Map<String, Value>, Refusal> {
    match body {
        Some(Value::Object(members)) => Ok(members),
        _ => Err(Refusal::invalid(switches.invalid_status, Problems::new())),
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn is_address(text: &str) -> bool {
    let halves = text.split_once('@');
    halves.is_some_and(|(left, right)| !left.is_empty() && right.contains('.') && !text.contains(char::is_whitespace))
}

fn text_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The vendor's page says objects and shows strings: both are taken.
fn tag(value: &Value) -> Option<String> {
    text_of(value).or_else(|| text_of(value.get("name")?))
}

/// Takes members by type and collects what is wrong with them.
struct Reader {
    members: Map<String, Value>,
    problems: Problems,
}

impl Reader {
    fn complain(&mut self, member: &'static str, text: impl Into<String>) {
        self.problems.entry(member).or_default().push(text.into());
    }

    fn require(&mut self, members: &[&'static str]) {
        for member in members {
            if !self.members.contains_key(*member) {
                self.complain(member, "is required");
            }
        }
    }

    fn take<T>(&mut self, member: &'static str, read: impl Fn(&Value) -> Option<T>, rule: &str) -> Option<T> {
        let read = read(self.members.get(member)?);
        if read.is_none() {
            self.complain(member, rule);
        }
        read
    }

    fn text(&mut self, member: &'static str) -> Option<String> {
        self.take(member, text_of, "must be a string")
    }

    fn filled(&mut self, member: &'static str) -> Option<String> {
        let filled = |value: &Value| text_of(value).filter(|text| !text.trim().is_empty());
        self.take(member, filled, "must be a string that is not empty")
    }

    fn flag(&mut self, member: &'static str) -> Option<bool> {
        self.take(member, Value::as_bool, "must be true or false")
    }

    fn list<T>(&mut self, member: &'static str, read: impl Fn(&Value) -> Option<T>, rule: &str) -> Option<Vec<T>> {
        self.take(member, |value| value.as_array()?.iter().map(&read).collect(), rule)
    }

    /// Unknown members, and commands and secrets in a body that updates.
    fn remarks(&self, purpose: Purpose) -> Vec<String> {
        let known = |name: &str| REQUIRED.contains(&name) || OPTIONAL.contains(&name);
        let unknown = self.members.keys().filter(|name| !known(name));
        let mut remarks: Vec<String> = unknown.map(|name| format!("the member {name} is unknown")).collect();
        if purpose != Purpose::Create {
            let rash = ["password", "tfa", "sendNotify"].into_iter().filter(|name| self.members.contains_key(*name));
            remarks.extend(rash.map(|name| format!("an update sends {name}")));
        }
        remarks
    }
}
