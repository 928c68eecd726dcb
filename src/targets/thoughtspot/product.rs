//! What both interfaces know of the product.

use crate::principal::{Kind, Pattern, Principal};

/// The group that everybody is in.
pub(super) const ALL: &str = "All";

pub(super) const ADMINISTRATOR: &str = "Administrator";

const SYSTEM_USERS: [&str; 4] = ["tsadmin", "su", "system", "guest"];
const SYSTEM_GROUPS: [&str; 3] = [ALL, ADMINISTRATOR, "System"];

/// Who comes with every cluster (samples of the vendor's user API page).
pub(super) fn system() -> Vec<Pattern> {
    let users = SYSTEM_USERS.iter().map(|name| Pattern::new(Kind::User, name));
    users.chain(SYSTEM_GROUPS.iter().map(|name| Pattern::new(Kind::Group, name))).collect()
}

/// What a name may hold is published nowhere. One that is empty, or that holds a control character, can be typed by
/// nobody and is a mistake of the source.
pub(super) fn refuses(principal: &Principal) -> Option<String> {
    if principal.name.trim().is_empty() {
        return Some("the name is empty".into());
    }
    let control = principal.name.chars().find(|c| c.is_control())?;
    Some(format!("the name holds the control character U+{:04X}", u32::from(control)))
}

/// The display name that is sent: the product has no principal without one.
pub(super) fn display_name(principal: &Principal) -> &str {
    principal.display_name.as_deref().filter(|text| !text.is_empty()).unwrap_or(&principal.name)
}
