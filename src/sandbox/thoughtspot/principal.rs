//! A user or a group as the cluster keeps it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::org::GroupKey;
use crate::sandbox::thoughtspot::profile::{AccountStatus, Profile};

/// The group every user belongs to, whether an input names it or not (vendor's user API page).
pub(super) const ALL: &str = "All";

/// The group whose direct members may call what is emulated here.
pub(super) const ADMINISTRATOR: &str = "Administrator";

/// What a principal is, and who vouches for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PrincipalType {
    /// A user with a password kept by the cluster.
    LocalUser,
    /// A user of a directory.
    LdapUser,
    /// A user of a SAML identity provider.
    SamlUser,
    /// A user of an `OpenID` Connect identity provider.
    OidcUser,
    /// A user of some other provider.
    RemoteUser,
    /// A group kept by the cluster.
    LocalGroup,
    /// A group of a directory.
    LdapGroup,
    /// A team, known to API v2.
    TeamGroup,
    /// A tenant, known to API v2.
    TenantGroup,
}

impl PrincipalType {
    /// Whether it is a user; a group otherwise. Clients tell by the suffix `_USER`.
    #[must_use]
    pub const fn is_user(self) -> bool {
        !matches!(self, Self::LocalGroup | Self::LdapGroup | Self::TeamGroup | Self::TenantGroup)
    }
}

/// Whether users may share objects with the members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visibility {
    /// They may.
    #[default]
    Default,
    /// They may not.
    NonSharable,
}

/// What a synchronisation makes equal to its input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) display_name: String,
    pub(super) description: String,
    /// Always empty on groups.
    pub(super) mail: String,
    pub(super) principal_type: PrincipalType,
    pub(super) visibility: Visibility,
    /// Direct parents. Those of a user contain [`ALL`].
    pub(super) group_names: BTreeSet<String>,
}

/// A user or a group.
#[derive(Debug, Clone)]
pub(super) struct Principal {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) attributes: Attributes,
    pub(super) profile: Profile,
    pub(super) password: Option<Secret>,
    /// How many objects a user owns.
    pub(super) owned: u64,
    /// Whether it came with the cluster.
    pub(super) system: bool,
    /// Milliseconds since 1970.
    pub(super) created: u64,
    /// Milliseconds since 1970.
    pub(super) modified: u64,
}

/// A principal as the control endpoints and tests see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrincipalState {
    /// Its GUID.
    pub id: String,
    /// Its name, unique among users or among groups.
    pub name: String,
    /// The name shown.
    pub display_name: String,
    /// May be empty.
    pub description: String,
    /// May be empty, and is on groups.
    pub mail: String,
    /// User or group, and of which origin.
    pub principal_type_enum: PrincipalType,
    /// Direct parents, sorted.
    pub group_names: Vec<String>,
    /// Whether users may share objects with the members.
    pub visibility: Visibility,
    /// Whether a user may sign in; API v1 does not show it.
    pub account_status: AccountStatus,
    /// The orgs of a user; the one org of a group.
    pub orgs: Vec<u32>,
    /// Direct parents in orgs other than the primary one.
    pub groups_elsewhere: Vec<GroupKey>,
    /// What a group permits its members.
    pub privileges: Vec<String>,
    /// Roles of a group, as they were given.
    pub roles: Vec<String>,
    /// Whether a user hears by mail of what is shared.
    pub notify_on_share: bool,
    /// The language of a user.
    pub preferred_locale: Option<String>,
    /// Properties of a user, as they were given.
    pub extended_properties: Option<serde_json::Value>,
    /// Mails that went out: `welcome`, `activation`.
    pub mails: Vec<String>,
    /// Whether a password is set. The password itself cannot be read.
    pub has_password: bool,
    /// How many objects a user owns.
    pub owned: u64,
    /// Whether it came with the cluster.
    pub system: bool,
    /// Milliseconds since 1970, by the logical clock.
    pub created: u64,
    /// Milliseconds since 1970, by the logical clock.
    pub modified: u64,
}

impl From<&Principal> for PrincipalState {
    fn from(principal: &Principal) -> Self {
        let Principal { id, name, attributes, profile, password, owned, system, created, modified } = principal.clone();
        let Attributes { display_name, description, mail, principal_type, visibility, group_names } = attributes;
        let Profile {
            status,
            orgs,
            elsewhere,
            privileges,
            roles,
            notify_on_share,
            preferred_locale,
            extended_properties,
            mails,
            activation: _,
        } = profile;
        Self {
            id,
            name,
            display_name,
            description,
            mail,
            principal_type_enum: principal_type,
            group_names: group_names.into_iter().collect(),
            visibility,
            account_status: status,
            orgs: orgs.into_iter().collect(),
            groups_elsewhere: elsewhere.into_iter().collect(),
            privileges: privileges.into_iter().collect(),
            roles: roles.into_iter().collect(),
            notify_on_share,
            preferred_locale,
            extended_properties,
            mails,
            has_password: password.is_some(),
            owned,
            system,
            created,
            modified,
        }
    }
}
