//! A user as API v2 shows it (vendor's description, `User`).

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use crate::sandbox::failure::Failure;
use crate::sandbox::thoughtspot::emulator::World;
use crate::sandbox::thoughtspot::org::{GroupKey, PRIMARY, Who};
use crate::sandbox::thoughtspot::principal::{ADMINISTRATOR, Principal, PrincipalType, Visibility};
use crate::sandbox::thoughtspot::profile::AccountStatus;
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::v2::error::invalid;
use crate::sandbox::thoughtspot::v2::switches::Switches;

/// The GUID of a group that is not there.
const GONE: &str = "00000000-0000-4000-8000-000000000000";

/// An identifier and a name.
#[derive(Debug, Serialize)]
pub(super) struct Named<T> {
    pub(super) id: T,
    pub(super) name: String,
}

/// A row; members of type `()` are always null here.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are the members of the vendor's object")]
pub(super) struct UserRow<'state> {
    id: &'state str,
    name: &'state str,
    display_name: &'state str,
    visibility: &'static str,
    author_id: (),
    can_change_password: bool,
    complete_detail: bool,
    creation_time_in_millis: u64,
    pub(super) current_org: Option<Named<u32>>,
    deleted: bool,
    deprecated: bool,
    account_type: PrincipalType,
    account_status: AccountStatus,
    email: Option<&'state str>,
    expiration_time_in_millis: (),
    external: bool,
    favorite_metadata: (),
    first_login_time_in_millis: (),
    group_mask: (),
    hidden: bool,
    home_liveboard: (),
    incomplete_details: (),
    is_first_login: (),
    modification_time_in_millis: u64,
    modifier_id: (),
    notify_on_share: bool,
    onboarding_experience_completed: (),
    orgs: Option<Vec<Named<u32>>>,
    owner_id: &'state str,
    parent_type: (),
    privileges: BTreeSet<String>,
    show_onboarding_experience: (),
    super_user: Option<bool>,
    system_user: Option<bool>,
    tags: (),
    tenant_id: (),
    user_groups: Vec<Named<&'state str>>,
    user_inherited_groups: Vec<Named<&'state str>>,
    welcome_email_sent: bool,
    org_privileges: (),
    preferred_locale: Option<&'state str>,
    use_browser_language: (),
    extended_properties: Option<&'state Value>,
    extended_preferences: (),
    user_parameters: (),
    access_control_properties: (),
    variable_values: (),
}

impl<'state> UserRow<'state> {
    /// Shows a user.
    pub(super) fn of(world: &'state World, user: &'state Principal) -> Self {
        let (store, switches) = (&world.store, world.switches.v2);
        let direct = store.parents(&Who::User(user.name.clone()));
        let inherited = ancestors(store, &direct);
        let privileges = direct.iter().chain(&inherited).filter_map(|key| store.group(key));
        let administers = direct.contains(&GroupKey::new(PRIMARY, ADMINISTRATOR));
        let only = switches.administrators_show_primary_only && administers;
        let orgs = user.profile.orgs.iter().filter(|org| !only || **org == PRIMARY);
        let orgs = switches.orgs.then(|| orgs.filter_map(|org| Self::org(world, *org)).collect());
        let super_user = if switches.administrators_are_super_users { administers } else { user.name == "su" };
        let gone = switches.dangling_group.then(|| Named { id: GONE, name: "gone".to_owned() });
        Self {
            id: &user.id,
            name: &user.name,
            display_name: &user.attributes.display_name,
            visibility: visibility(user.attributes.visibility),
            author_id: (),
            can_change_password: user.attributes.principal_type == PrincipalType::LocalUser,
            complete_detail: true,
            creation_time_in_millis: user.created,
            current_org: None,
            deleted: false,
            deprecated: false,
            account_type: user.attributes.principal_type,
            account_status: user.profile.status,
            email: Some(user.attributes.mail.as_str()).filter(|mail| !mail.is_empty()),
            expiration_time_in_millis: (),
            external: false,
            favorite_metadata: (),
            first_login_time_in_millis: (),
            group_mask: (),
            hidden: false,
            home_liveboard: (),
            incomplete_details: (),
            is_first_login: (),
            modification_time_in_millis: user.modified,
            modifier_id: (),
            notify_on_share: user.profile.notify_on_share,
            onboarding_experience_completed: (),
            orgs,
            owner_id: &user.id,
            parent_type: (),
            privileges: privileges.flat_map(|group| group.profile.privileges.iter().cloned()).collect(),
            show_onboarding_experience: (),
            super_user: switches.system_flags.then_some(super_user),
            system_user: switches.system_flags.then_some(user.system),
            tags: (),
            tenant_id: (),
            user_groups: named(store, direct).into_iter().chain(gone).collect(),
            user_inherited_groups: named(store, inherited),
            welcome_email_sent: user.profile.mails.iter().any(|mail| mail == "welcome"),
            org_privileges: (),
            preferred_locale: user.profile.preferred_locale.as_deref(),
            use_browser_language: (),
            extended_properties: user.profile.extended_properties.as_ref(),
            extended_preferences: (),
            user_parameters: (),
            access_control_properties: (),
            variable_values: (),
        }
    }

    /// What the user may do by its groups.
    pub(super) const fn privileges(&self) -> &BTreeSet<String> {
        &self.privileges
    }

    /// An org, where the cluster has orgs.
    pub(super) fn org(world: &World, org: u32) -> Option<Named<u32>> {
        let found = world.store.orgs.get(&org).filter(|_| world.switches.v2.orgs)?;
        Some(Named { id: found.id, name: found.name.clone() })
    }

    /// The row as JSON, with or without nulls.
    pub(super) fn value(&self, switches: Switches) -> Result<Value, Failure> {
        value(self, switches)
    }
}

/// Something as JSON, with or without nulls.
///
/// # Errors
/// Never for what is shown here.
pub(super) fn value(row: &impl Serialize, switches: Switches) -> Result<Value, Failure> {
    let mut value = serde_json::to_value(row).map_err(|error| invalid(error.to_string()))?;
    if let (false, Some(members)) = (switches.nulls, value.as_object_mut()) {
        members.retain(|_, member| !member.is_null());
    }
    Ok(value)
}

/// The words of v2 for what v1 calls `DEFAULT` and `NON_SHARABLE`.
pub(super) const fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Default => "SHARABLE",
        Visibility::NonSharable => "NON_SHARABLE",
    }
}

/// The groups of these that are there.
fn named(store: &Store, keys: impl IntoIterator<Item = GroupKey>) -> Vec<Named<&str>> {
    let groups = keys.into_iter().filter_map(|key| store.group(&key));
    groups.map(|group| Named { id: group.id.as_str(), name: group.name.clone() }).collect()
}

/// The parents of these, and theirs, without these.
fn ancestors(store: &Store, direct: &[GroupKey]) -> BTreeSet<GroupKey> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<GroupKey> = direct.to_vec();
    while let Some(key) = waiting.pop() {
        for parent in store.parents(&Who::Group(key)) {
            if !direct.contains(&parent) && found.insert(parent.clone()) {
                waiting.push(parent);
            }
        }
    }
    found
}
