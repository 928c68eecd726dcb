//! A principal as a client writes it.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::org::{GroupKey, PRIMARY, Who};
use crate::sandbox::thoughtspot::principal::{Attributes, PrincipalType, Visibility};
use crate::sandbox::thoughtspot::profile::{AccountStatus, Profile};

/// The principal object of the vendor's "Fetch users and groups" table, with every member
/// optional: what is required depends on the use. Unknown members are ignored, as in a list
/// that is sent back (`created`, `modified` and `activate` of a synchronisation).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    /// Unique among users, or among groups. Required.
    pub name: Option<String>,
    /// The name shown. Required in a synchronisation; the name itself when a seed has none.
    pub display_name: Option<String>,
    /// Empty when absent.
    pub description: Option<String>,
    /// Empty when absent; ignored on groups.
    pub mail: Option<String>,
    /// Says whether it is a user or a group. Required.
    pub principal_type_enum: Option<PrincipalType>,
    /// The names of its direct parents; none when absent.
    pub group_names: Option<Vec<String>>,
    /// `DEFAULT` when absent.
    pub visibility: Option<Visibility>,
    /// Used only when a user is created.
    pub password: Option<Secret>,
    /// Used only in a seed: its GUID, invented when absent.
    pub id: Option<String>,
    /// Used only in a seed: milliseconds since 1970.
    pub created: Option<u64>,
    /// Used only in a seed: milliseconds since 1970.
    pub modified: Option<u64>,
    /// Used only in a seed: how many objects a user owns.
    pub owned: Option<u64>,
    /// Used only in a seed: `ACTIVE` when absent.
    pub account_status: Option<AccountStatus>,
    /// Used only in a seed: the orgs of a user, the one org of a group; the primary one when absent.
    pub orgs: Option<Vec<u32>>,
    /// Used only in a seed: direct parents in orgs other than the primary one.
    pub groups_elsewhere: Option<Vec<GroupKey>>,
    /// Used only in a seed: what a group permits its members.
    pub privileges: Option<Vec<String>>,
    /// Used only in a seed: roles of a group.
    pub roles: Option<Vec<String>>,
    /// Used only in a seed: true when absent.
    pub notify_on_share: Option<bool>,
    /// Used only in a seed.
    pub preferred_locale: Option<String>,
    /// Used only in a seed.
    pub extended_properties: Option<serde_json::Value>,
    /// Used only in a seed: mails that went out.
    pub mails: Option<Vec<String>>,
}

impl Record {
    /// The own attributes, with what is absent filled in; membership is left empty.
    ///
    /// # Errors
    /// The name of a required member that is missing or empty.
    pub(super) fn attributes(&self) -> Result<Attributes, &'static str> {
        let principal_type = self.principal_type_enum.ok_or("principalTypeEnum")?;
        let mail = if principal_type.is_user() { self.mail.clone() } else { None };
        Ok(Attributes {
            display_name: required(self.display_name.as_deref()).ok_or("displayName")?.to_owned(),
            description: self.description.clone().unwrap_or_default(),
            mail: mail.unwrap_or_default(),
            principal_type,
            visibility: self.visibility.unwrap_or_default(),
            group_names: BTreeSet::new(),
        })
    }

    /// What only a seed may set of the part that API v1 does not show. The one org of a group is the first of its list.
    pub(super) fn profile(&self) -> Profile {
        let founded = Profile::default();
        let orgs = self.orgs.clone().filter(|orgs| !orgs.is_empty()).unwrap_or_else(|| vec![PRIMARY]);
        let users = self.principal_type_enum.is_some_and(PrincipalType::is_user);
        Profile {
            status: self.account_status.unwrap_or_default(),
            orgs: if users { orgs.into_iter().collect() } else { orgs.into_iter().take(1).collect() },
            elsewhere: BTreeSet::new(),
            privileges: self.privileges.clone().unwrap_or_default().into_iter().collect(),
            roles: self.roles.clone().unwrap_or_default().into_iter().collect(),
            notify_on_share: self.notify_on_share.unwrap_or(founded.notify_on_share),
            preferred_locale: self.preferred_locale.clone(),
            extended_properties: self.extended_properties.clone(),
            mails: self.mails.clone().unwrap_or_default(),
            activation: None,
        }
    }

    /// Whom it means.
    pub(super) fn who(&self) -> Who {
        let name = self.name.clone().unwrap_or_default();
        if self.principal_type_enum.is_some_and(PrincipalType::is_user) {
            return Who::User(name);
        }
        let org = self.orgs.as_ref().and_then(|orgs| orgs.first()).copied();
        Who::Group(GroupKey::new(org.unwrap_or(PRIMARY), name))
    }

    /// The name.
    ///
    /// # Errors
    /// `name` when it is missing or empty.
    pub(super) fn required_name(&self) -> Result<&str, &'static str> {
        required(self.name.as_deref()).ok_or("name")
    }
}

fn required(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}
