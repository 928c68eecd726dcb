//! What is made of a client's list: `All`, which everybody of a `ThoughtSpot` is in, is taken out, and who has no password
//! gets that of the call.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::principal::PrincipalType;

/// The group that everybody is in.
const ALL: &str = "All";

/// The same list for a target that knows no `All`. It was checked: what cannot be read is left as it is.
pub(super) fn adapted(bytes: Vec<u8>, password: Option<&SecretString>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&bytes);
    let records: Result<Vec<Map<String, Value>>, _> = serde_json::from_str(text.trim_start_matches('\u{feff}'));
    let Ok(mut records) = records else { return bytes };
    records.retain(|record| is_user(record) || record.get("name").and_then(Value::as_str) != Some(ALL));
    for record in &mut records {
        if let Some(Value::Array(groups)) = record.get_mut("groupNames") {
            groups.retain(|group| group.as_str() != Some(ALL));
        }
        let has_none = record.get("password").and_then(Value::as_str).is_none_or(str::is_empty);
        if let Some(password) = password.filter(|_| has_none && is_user(record)) {
            record.insert("password".into(), password.expose_secret().into());
        }
    }
    serde_json::to_vec(&records).unwrap_or(bytes)
}

fn is_user(record: &Map<String, Value>) -> bool {
    let kind = record.get("principalTypeEnum").and_then(Value::as_str).and_then(PrincipalType::parse);
    kind.is_none_or(|(_, kind)| kind == crate::principal::Kind::User)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn adapt(list: &Value, password: Option<&str>) -> Value {
        let password = password.map(|text| SecretString::from(text.to_owned()));
        serde_json::from_slice(&adapted(serde_json::to_vec(list).unwrap(), password.as_ref())).unwrap()
    }

    #[test]
    fn everybody_is_in_no_group_called_all() {
        let list = json!([
            { "name": "All", "principalTypeEnum": "LOCAL_GROUP", "groupNames": [] },
            { "name": "All", "principalTypeEnum": "LOCAL_USER", "groupNames": ["All", "Marketing"] },
            { "name": "all", "principalTypeEnum": "LOCAL_GROUP", "groupNames": ["All"] },
            { "name": "bob" },
        ]);
        let expected = json!([
            { "name": "All", "principalTypeEnum": "LOCAL_USER", "groupNames": ["Marketing"] },
            { "name": "all", "principalTypeEnum": "LOCAL_GROUP", "groupNames": [] },
            { "name": "bob" },
        ]);
        assert_eq!(adapt(&list, None), expected);
    }

    #[test]
    fn the_password_of_the_call_is_of_users_who_have_none() {
        let list = json!([
            { "name": "ada" },
            { "name": "bob", "password": "own" },
            { "name": "g", "principalTypeEnum": "LOCAL_GROUP" },
        ]);
        let adapted = adapt(&list, Some("Welcome-1"));
        assert_eq!(adapted[0]["password"], "Welcome-1");
        assert_eq!(adapted[1]["password"], "own");
        assert!(adapted[2].get("password").is_none());
    }
}
