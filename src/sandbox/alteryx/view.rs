//! Records as they go out.

use serde::{Serialize, Serializer};

use crate::sandbox::alteryx::group::{DirectoryObject, Group};
use crate::sandbox::alteryx::role::Role;
use crate::sandbox::alteryx::store::Store;
use crate::sandbox::alteryx::switches::{Authentication, EmptyMembers, Release, Switches};
use crate::sandbox::alteryx::user::User;

/// A member that may have no value.
#[derive(Debug)]
pub(super) enum Shown<T> {
    Absent,
    Null,
    Value(T),
}

impl<T> Shown<T> {
    pub(super) const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value, or what the switch shows in its place.
    pub(super) fn new(value: Option<T>, instead: Option<T>, empty: EmptyMembers) -> Self {
        match (value, empty, instead) {
            (Some(value), ..) | (None, EmptyMembers::Shown, Some(value)) => Self::Value(value),
            (None, EmptyMembers::Shown | EmptyMembers::Null, _) => Self::Null,
            (None, EmptyMembers::Absent, _) => Self::Absent,
        }
    }
}

impl<T: Serialize> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}

fn text(value: Option<&str>, empty: EmptyMembers) -> Shown<&str> {
    Shown::new(value.filter(|value| !value.is_empty()), Some(""), empty)
}

fn list<T>(values: Vec<T>, empty: EmptyMembers) -> Shown<Vec<T>> {
    Shown::new(Some(values).filter(|values| !values.is_empty()), Some(Vec::new()), empty)
}

/// `view=Default`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReducedUser<'store> {
    id: &'store str,
    first_name: &'store str,
    last_name: &'store str,
    email: &'store str,
    is_active: bool,
    role: Role,
    date_created: &'store str,
}

impl<'store> ReducedUser<'store> {
    pub(super) fn new(user: &'store User) -> Self {
        Self {
            id: &user.id,
            first_name: &user.first_name,
            last_name: &user.last_name,
            email: &user.email,
            is_active: user.is_active,
            role: user.role,
            date_created: &user.date_created,
        }
    }
}

/// `view=Full`, and a user by itself. It has no `dateCreated`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the record has as many")]
pub(super) struct FullUser<'store> {
    id: &'store str,
    first_name: &'store str,
    last_name: &'store str,
    email: &'store str,
    role: Role,
    default_worker_tag: &'store str,
    can_schedule_jobs: bool,
    can_prioritize_jobs: bool,
    can_assign_jobs: bool,
    can_create_collections: bool,
    is_api_enabled: bool,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    default_credential_id: Shown<&'store str>,
    is_account_locked: bool,
    is_active: bool,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    last_login_date_time: Shown<&'store str>,
    is_validated: bool,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    shared_credential_ids: Shown<Vec<&'store String>>,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    data_connection_ids: Shown<Vec<&'store String>>,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    time_zone: Shown<&'store str>,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    language: Shown<&'store str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    can_create_and_update_dcm: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    can_share_for_execution_dcm: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    can_share_for_collaboration_dcm: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    can_manage_generic_vaults_dcm: Option<bool>,
}

impl<'store> FullUser<'store> {
    pub(super) fn new(user: &'store User, switches: &Switches) -> Self {
        let empty = switches.empty_members;
        let dcm = |flag: bool| (switches.release == Release::R2024).then_some(flag);
        Self {
            id: &user.id,
            first_name: &user.first_name,
            last_name: &user.last_name,
            email: &user.email,
            role: user.role,
            default_worker_tag: &user.default_worker_tag,
            can_schedule_jobs: user.can_schedule_jobs,
            can_prioritize_jobs: user.can_prioritize_jobs,
            can_assign_jobs: user.can_assign_jobs,
            can_create_collections: user.can_create_collections,
            is_api_enabled: user.is_api_enabled,
            default_credential_id: text(user.default_credential_id.as_deref(), empty),
            is_account_locked: user.is_account_locked,
            is_active: user.is_active,
            last_login_date_time: Shown::new(user.last_login_date_time.as_deref(), None, empty),
            is_validated: user.is_validated,
            shared_credential_ids: list(user.shared_credential_ids.iter().collect(), empty),
            data_connection_ids: list(user.data_connection_ids.iter().collect(), empty),
            time_zone: text(user.time_zone.as_deref(), empty),
            language: text(user.language.as_deref(), empty),
            can_create_and_update_dcm: dcm(user.can_create_and_update_dcm),
            can_share_for_execution_dcm: dcm(user.can_share_for_execution_dcm),
            can_share_for_collaboration_dcm: dcm(user.can_share_for_collaboration_dcm),
            can_manage_generic_vaults_dcm: dcm(user.can_manage_generic_vaults_dcm),
        }
    }
}

/// A group in the list.
#[derive(Debug, Serialize)]
pub(super) struct ReducedGroup<'store> {
    id: &'store str,
    name: &'store str,
    role: Role,
}

impl<'store> ReducedGroup<'store> {
    pub(super) fn new(group: &'store Group) -> Self {
        Self { id: &group.id, name: &group.name, role: group.role }
    }
}

/// A group by itself, with its members.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FullGroup<'store> {
    id: &'store str,
    name: &'store str,
    date_added: &'store str,
    role: Role,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    credential_ids: Shown<Vec<&'store String>>,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    connection_ids: Shown<Vec<&'store String>>,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    members: Shown<Vec<Member<'store>>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Member<'store> {
    #[serde(skip_serializing_if = "Shown::is_absent")]
    user_id: Shown<&'store str>,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    active_directory_object: Shown<DirectoryObject>,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    date_added_to_group: Shown<&'store str>,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    added_by_user_id: Shown<&'store str>,
}

impl<'store> FullGroup<'store> {
    pub(super) fn new(store: &'store Store, group: &'store Group, switches: &Switches) -> Self {
        let empty = switches.empty_members;
        let windows = switches.authentication == Authentication::Windows;
        let users = group.members.iter().filter_map(|(id, joined)| {
            let user = store.user(id)?;
            Some(Member {
                user_id: Shown::new((!windows).then_some(id.as_str()), None, empty),
                active_directory_object: Shown::new(windows.then(|| user.directory_object()), None, empty),
                date_added_to_group: Shown::Value(&joined.date),
                added_by_user_id: Shown::Value(&joined.by),
            })
        });
        let nested = group.directory_groups.iter().map(|object| Member {
            user_id: Shown::new(None, None, empty),
            active_directory_object: Shown::Value(object.clone()),
            date_added_to_group: Shown::new(None, None, empty),
            added_by_user_id: Shown::new(None, None, empty),
        });
        Self {
            id: &group.id,
            name: &group.name,
            date_added: &group.date_added,
            role: group.role,
            credential_ids: list(group.credential_ids.iter().collect(), empty),
            connection_ids: list(group.connection_ids.iter().collect(), empty),
            members: list(users.chain(nested).collect(), empty),
        }
    }
}
