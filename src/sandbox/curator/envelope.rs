//! What answers come in.

use chrono::DateTime;
use serde_json::{Map, Value, json};

use crate::sandbox::curator::switches::{Dates, Letters, ListReply, Switches};

/// `User/getManageablePermissions`: the codes of the vendor's sample, without their prefix.
const PERMISSIONS: [&str; 15] = [
    "datamanager.data_structure",
    "datamanager.data",
    "tableauviz.access_tableau_settings",
    "tableauviz.access_dashboards",
    "integration.manage_scripts",
    "integration.run_scripts",
    "integration.manage_commands",
    "integration.run_commands",
    "integration.manage_api_relay",
    "usermgmt.manage_backend_users",
    "usermgmt.manage_frontend_users",
    "content.access_content",
    "portal.access_portal_settings",
    "portal.manage_upgrade",
    "portal.api_keys",
];

/// The word of success.
pub(super) fn success(letters: Letters) -> &'static str {
    match letters {
        Letters::Capital => "Success",
        Letters::Small => "success",
    }
}

/// The permissions, under `status` and not under `result` (vendor: User API, getManageablePermissions).
pub(super) fn permissions(switches: &Switches) -> Value {
    let prefix = match switches.permission_letters {
        Letters::Capital => "InterWorks",
        Letters::Small => "interworks",
    };
    let codes: Vec<String> = PERMISSIONS.iter().map(|code| format!("{prefix}.{code}")).collect();
    json!({ "status": success(switches.result_letters), "permissions": codes })
}

/// A list of rows with their numbers; `name` is what is listed.
pub(super) fn list(name: &str, rows: Vec<(u64, Value)>, switches: &Switches) -> Value {
    let values = |rows: Vec<(u64, Value)>| -> Vec<Value> { rows.into_iter().map(|(_, row)| row).collect() };
    match switches.list_reply {
        ListReply::Array => Value::Array(values(rows)),
        ListReply::Msg => json!({ "result": success(switches.result_letters), "msg": values(rows) }),
        ListReply::Named => json!({ name: values(rows) }),
        ListReply::ById => Value::Object(rows.into_iter().map(|(id, row)| (id.to_string(), row)).collect()),
    }
}

/// A time, in the form that the switches choose. Both are in the vendor's samples.
pub(super) fn date(milliseconds: u64, dates: Dates) -> Value {
    let moment = i64::try_from(milliseconds).ok().and_then(DateTime::from_timestamp_millis).unwrap_or_default();
    let text = moment.format("%Y-%m-%d %H:%M:%S");
    match dates {
        Dates::Text => json!(text.to_string()),
        Dates::Object => {
            let mut object = Map::new();
            object.insert("date".to_owned(), json!(format!("{text}.000000")));
            object.insert("timezone_type".to_owned(), json!(3));
            object.insert("timezone".to_owned(), json!("UTC"));
            Value::Object(object)
        }
    }
}
