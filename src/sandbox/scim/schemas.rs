//! Schemas as the service describes them (RFC 7643, 7), the switches considered.

use serde_json::{Value, json};

use crate::sandbox::scim::attribute::{self, Attribute, ENTERPRISE_URN, GROUP_URN, Holds, Kind, USER_URN};
use crate::sandbox::scim::switches::Switches;

/// A schema by its URN.
pub(super) fn describe(urn: &str, switches: &Switches) -> Option<Value> {
    let (kind, attributes, name) = match urn {
        USER_URN => (Kind::User, Kind::User.attributes(), "User"),
        GROUP_URN => (Kind::Group, Kind::Group.attributes(), "Group"),
        ENTERPRISE_URN => {
            (Kind::User, attribute::find(Kind::User.attributes(), ENTERPRISE_URN)?.parts, "EnterpriseUser")
        }
        _ => return None,
    };
    let prefix = if urn == ENTERPRISE_URN { format!("User.{urn}:") } else { format!("{}.", kind.name()) };
    let described = attributes.iter().filter(|attribute| attribute.name != ENTERPRISE_URN);
    let described: Vec<Value> = described.map(|attribute| field(attribute, &prefix, kind, switches)).collect();
    let schema = "urn:ietf:params:scim:schemas:core:2.0:Schema";
    Some(json!({ "schemas": [schema], "id": urn, "name": name, "description": name, "attributes": described }))
}

fn field(attribute: &Attribute, prefix: &str, kind: Kind, switches: &Switches) -> Value {
    let path = format!("{prefix}{}", attribute.name);
    let label = attribute.name == kind.label() && prefix == format!("{}.", kind.name());
    let unique = label && (kind == Kind::User || switches.unique_group_names);
    let holds = match attribute.holds {
        Holds::Text => "string",
        Holds::Flag => "boolean",
        Holds::Complex => "complex",
    };
    let secret = attribute.name == "password";
    let mutability = match () {
        () if secret => "writeOnly",
        () if switches.immutable.contains(&path) => "immutable",
        () => "readWrite",
    };
    let mut described = json!({
        "name": attribute.name,
        "type": holds,
        "multiValued": attribute.many,
        "required": label || switches.require.contains(&path),
        "caseExact": attribute.exact || (label && kind == Kind::User && switches.case_exact_names),
        "mutability": mutability,
        "returned": if secret { "never" } else { "default" },
        "uniqueness": if unique { "server" } else { "none" },
    });
    if attribute.holds == Holds::Complex {
        let inside = format!("{path}.");
        let parts = attribute.parts.iter().map(|part| field(part, &inside, kind, switches));
        described["subAttributes"] = parts.collect();
    }
    described
}
