//! Resources as they are shown.

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

use crate::sandbox::scim::attribute::{ENTERPRISE_URN, Kind};
use crate::sandbox::scim::reading::{Active, Booleans, Etag, Ids};
use crate::sandbox::scim::show::Choice;
use crate::sandbox::scim::store::Store;
use crate::sandbox::scim::switches::Switches;
use crate::sandbox::scim::table::Entry;

/// A resource as it is stored: its id, its attributes, and all members of a group.
pub(super) fn plain(store: &Store, kind: Kind, entry: &Entry) -> Value {
    let mut map = entry.attributes.clone();
    map.insert("id".to_owned(), Value::from(entry.id.as_str()));
    if kind == Kind::Group {
        let members = entry.members.iter().flat_map(|(id, times)| {
            let known = store.name_of(id).map(|name| json!({ "value": id, "display": name }));
            let member = known.unwrap_or_else(|| json!({ "value": id }));
            std::iter::repeat_n(member, usize::try_from(*times).unwrap_or(1))
        });
        map.insert("members".to_owned(), members.collect());
    }
    Value::Object(map)
}

/// Shows resources to a client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Showcase<'world> {
    pub(super) store: &'world Store,
    pub(super) switches: &'world Switches,
    /// The address of the service.
    pub(super) base: &'world str,
}

impl Showcase<'_> {
    /// A resource with every attribute that is shown.
    pub(super) fn show(&self, kind: Kind, entry: &Entry) -> Map<String, Value> {
        self.chosen(kind, entry, &Choice::default())
    }

    /// A resource as it was asked for.
    pub(super) fn chosen(&self, kind: Kind, entry: &Entry, choice: &Choice) -> Map<String, Value> {
        let mut map = self.show_bare(kind, entry);
        if kind == Kind::Group && choice.wants_members() {
            map.insert("members".to_owned(), self.members(entry));
        }
        choice.apply(map)
    }

    /// A resource with every attribute that is shown but members.
    fn show_bare(&self, kind: Kind, entry: &Entry) -> Map<String, Value> {
        let switches = self.switches;
        let mut map = entry.attributes.clone();
        if !switches.omit_schemas {
            let extended = map.contains_key(ENTERPRISE_URN);
            let urns = [Some(kind.urn()), extended.then_some(ENTERPRISE_URN)];
            map.insert("schemas".to_owned(), urns.into_iter().flatten().collect());
        }
        map.insert("id".to_owned(), self.id(&entry.id));
        map.insert("meta".to_owned(), self.meta(kind, entry));
        if kind == Kind::User {
            self.finish_user(&mut map, entry);
        }
        if switches.booleans == Booleans::Text {
            map.values_mut().for_each(spell_booleans);
        }
        map
    }

    fn finish_user(&self, map: &mut Map<String, Value>, entry: &Entry) {
        if self.switches.active == Active::Always {
            map.entry("active").or_insert(Value::Bool(true));
        }
        let groups = self.store.groups_of(&entry.id);
        let groups: Vec<Value> = groups
            .map(|group| json!({ "value": self.id(&group.id), "display": group.text("displayName"), "type": "direct" }))
            .collect();
        if !groups.is_empty() && !self.switches.hide_members {
            map.insert("groups".to_owned(), groups.into());
        }
        let mails = map.get_mut("emails").and_then(Value::as_array_mut);
        for mail in mails.into_iter().flatten().filter(|_| self.switches.mail_as_text) {
            *mail = mail.get("value").cloned().unwrap_or_default();
        }
    }

    fn members(&self, entry: &Entry) -> Value {
        if self.switches.hide_members {
            return Value::Array(Vec::new());
        }
        let shown = self.switches.member_cap.map_or(usize::MAX, |cap| cap.shown);
        let members = entry
            .members
            .iter()
            .flat_map(|(id, times)| std::iter::repeat_n(self.member(id), usize::try_from(*times).unwrap_or(1)));
        members.take(shown).collect()
    }

    /// A member of a group; one that nobody has is its id and nothing else.
    pub(super) fn member(&self, id: &str) -> Value {
        let Some(kind) = self.store.kind_of(id) else { return json!({ "value": id }) };
        let place = format!("{}/{}/{id}", self.base, kind.endpoint());
        json!({ "value": self.id(id), "display": self.store.name_of(id), "type": kind.name(), "$ref": place })
    }

    fn id(&self, id: &str) -> Value {
        let number = (self.switches.ids == Ids::Number).then(|| id.parse::<u64>().ok()).flatten();
        number.map_or_else(|| Value::from(id), Value::from)
    }

    fn meta(&self, kind: Kind, entry: &Entry) -> Value {
        let mut meta = json!({
            "resourceType": kind.name(),
            "created": self.time(entry.created),
            "lastModified": self.time(entry.modified),
            "location": format!("{}/{}/{}", self.base, kind.endpoint(), entry.id),
        });
        if self.switches.etag == Etag::On {
            meta["version"] = Value::from(version(entry));
        }
        meta
    }

    fn time(&self, milliseconds: u64) -> String {
        let moment = i64::try_from(milliseconds).ok().and_then(DateTime::from_timestamp_millis).unwrap_or_default();
        if self.switches.plain_dates {
            moment.format("%Y-%m-%d %H:%M:%S").to_string()
        } else {
            moment.to_rfc3339_opts(SecondsFormat::Millis, true)
        }
    }

    /// The answer that shows one resource, with its entity tag.
    pub(super) fn answer(&self, status: StatusCode, map: Map<String, Value>, entry: &Entry) -> Response {
        let mut response = (status, body(&Value::Object(map))).into_response();
        let tag = match self.switches.etag {
            Etag::Off => None,
            Etag::On => HeaderValue::from_str(&version(entry)).ok(),
            Etag::Meaningless => {
                HeaderValue::from_str(&format!("W/\"{:x}-{:x}\"", self.store.clock.now(), entry.place)).ok()
            }
        };
        if let Some(tag) = tag {
            response.headers_mut().insert(ETAG, tag);
        }
        response
    }
}

/// The version of a resource, as its entity tag.
pub(super) fn version(entry: &Entry) -> String {
    format!("W/\"{}\"", entry.version)
}

/// A JSON body.
pub(super) fn body(value: &Value) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, "application/scim+json")], Bytes::from(value.to_string()))
}

fn spell_booleans(value: &mut Value) {
    match value {
        Value::Bool(flag) => *value = Value::from(if *flag { "True" } else { "False" }),
        Value::Array(items) => items.iter_mut().for_each(spell_booleans),
        Value::Object(map) => map.values_mut().for_each(spell_booleans),
        _ => {}
    }
}
