//! `User/listUsers` and `User/listGroups`: everybody by number, without pages. No vendor page shows a row.

use serde_json::{Map, Value, json};

use crate::sandbox::curator::creation::metadata;
use crate::sandbox::curator::envelope::{date, list};
use crate::sandbox::curator::state::{Group, Store, User};
use crate::sandbox::curator::switches::{Memberships, Rows, Switches};

/// Every frontend user.
pub(super) fn list_users(store: &Store, switches: &Switches) -> Value {
    let shown = matches!(switches.memberships, Memberships::Both | Memberships::Users);
    let row = |user: &User| {
        let [name, email, full_name] = match switches.rows {
            Rows::Plain => ["name", "email", "full_name"],
            Rows::Aliased => ["username", "mail", "display_name"],
        };
        let mut row = Map::new();
        row.insert("id".to_owned(), json!(user.id));
        row.insert(name.to_owned(), json!(user.name));
        row.insert(email.to_owned(), json!(user.email));
        row.insert(full_name.to_owned(), json!(user.full_name));
        row.insert("created_at".to_owned(), date(user.created, switches.dates));
        if shown {
            let groups = user.groups.iter().filter_map(|id| store.groups.get(id));
            row.insert("groups".to_owned(), groups.map(|group| mention(group.id, &group.name, switches)).collect());
        }
        (user.id, Value::Object(row))
    };
    list("users", store.users.values().map(row).collect(), switches)
}

/// Every frontend group.
pub(super) fn list_groups(store: &Store, switches: &Switches) -> Value {
    let shown = matches!(switches.memberships, Memberships::Both | Memberships::Groups);
    let row = |group: &Group| {
        let [name, members] = match switches.rows {
            Rows::Plain => ["name", "users"],
            Rows::Aliased => ["title", "members"],
        };
        let mut row = Map::new();
        row.insert("id".to_owned(), json!(group.id));
        row.insert(name.to_owned(), json!(group.name));
        if shown {
            let users = group.members.iter().filter_map(|id| store.users.get(id));
            row.insert(members.to_owned(), users.map(|user| mention(user.id, &user.name, switches)).collect());
        }
        if switches.show_platforms {
            row.insert("metadata".to_owned(), metadata(store, &group.platforms));
        }
        (group.id, Value::Object(row))
    };
    list("groups", store.groups.values().map(row).collect(), switches)
}

/// Somebody or something inside the row of another.
fn mention(id: u64, name: &str, switches: &Switches) -> Value {
    match switches.rows {
        Rows::Plain => json!({ "id": id, "name": name }),
        Rows::Aliased => json!(name),
    }
}
