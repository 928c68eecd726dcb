//! Users and groups as they are answered, and as the control endpoints show them.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use crate::sandbox::b2core::record::{Group, User};
use crate::sandbox::b2core::state::Store;
use crate::sandbox::b2core::switches::{Switches, UserGroups};

/// A user: all that was sent, but for `password` and `sendNotify` (vendor's page "Users"; the times as in "Back Office
/// API objects").
pub(super) fn user(user: &User, store: &Store, switches: &Switches) -> Value {
    let tags = user.client_tags.iter().map(|tag| if switches.tag_objects { json!({"name": tag}) } else { json!(tag) });
    let groups = user.groups.iter().map(|id| match switches.user_groups {
        UserGroups::Integers | UserGroups::Absent => json!(id),
        UserGroups::Objects => {
            let name = store.groups.get(id).map(|group| &group.name);
            json!({"id": identity(*id, switches), "name": name})
        }
    });
    let mut shown = json!({
        "id": identity(user.id, switches),
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "active": user.active,
        "tfa": user.tfa,
        "groups": groups.collect::<Vec<_>>(),
        "ipWhitelist": user.ip_whitelist,
        "clientTags": tags.collect::<Vec<_>>(),
        "canViewMaskedData": user.can_view_masked_data,
        "createTime": time(user.created),
        "updateTime": time(user.updated),
    });
    if let (UserGroups::Absent, Some(members)) = (switches.user_groups, shown.as_object_mut()) {
        members.remove("groups");
    }
    shown
}

/// A group (request of the vendor's page "User groups").
pub(super) fn group(group: &Group, switches: &Switches) -> Value {
    json!({"id": identity(group.id, switches), "name": group.name, "permissions": group.permissions})
}

/// A user with nothing left out but the password itself: `groups` are ids, whatever the switches say.
pub(super) fn whole(user: &User, store: &Store) -> Value {
    let mut shown = self::user(user, store, &Switches::default());
    shown["hasPassword"] = json!(user.password.is_some());
    shown
}

/// ISO 8601 with a numeric offset.
pub(super) fn time(milliseconds: u64) -> Option<String> {
    let moment = DateTime::from_timestamp_millis(i64::try_from(milliseconds).ok()?)?;
    Some(moment.to_rfc3339_opts(SecondsFormat::Secs, false))
}

fn identity(id: u64, switches: &Switches) -> Value {
    if switches.text_ids { json!(id.to_string()) } else { json!(id) }
}
