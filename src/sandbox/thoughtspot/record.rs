//! A principal as a client writes it.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::principal::{Attributes, PrincipalType, Visibility};

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
