//! A group as API v2 shows it (vendor's description, `UserGroupResponse`).

use std::collections::BTreeSet;

use serde::Serialize;

use crate::sandbox::thoughtspot::emulator::World;
use crate::sandbox::thoughtspot::org::GroupKey;
use crate::sandbox::thoughtspot::principal::{Principal, PrincipalType};
use crate::sandbox::thoughtspot::v2::show_user::{Named, visibility};

/// A row; members of type `()` are always null here. The identifiers of its orgs are texts, as the description has it.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are the members of the vendor's object")]
pub(super) struct GroupRow<'state> {
    id: &'state str,
    name: &'state str,
    display_name: &'state str,
    visibility: &'static str,
    author_id: (),
    complete_detail: (),
    content: (),
    creation_time_in_millis: u64,
    default_liveboards: (),
    deleted: bool,
    deprecated: bool,
    description: Option<&'state str>,
    external: bool,
    generation_number: (),
    hidden: bool,
    index: (),
    index_version: (),
    metadata_version: (),
    modification_time_in_millis: u64,
    modifier_id: (),
    orgs: Option<Vec<Named<String>>>,
    owner_id: &'state str,
    parent_type: (),
    privileges: &'state BTreeSet<String>,
    sub_groups: Option<Vec<Named<&'state str>>>,
    system_group: Option<bool>,
    tags: (),
    r#type: PrincipalType,
    users: Option<Vec<Named<&'state str>>>,
    roles: Vec<Named<&'state str>>,
}

impl<'state> GroupRow<'state> {
    /// Shows a group, with its direct members if they are wanted.
    pub(super) fn of(
        world: &'state World,
        key: &GroupKey,
        group: &'state Principal,
        users: bool,
        groups: bool,
    ) -> Self {
        let (store, switches) = (&world.store, world.switches.v2);
        let members = store.members(key);
        let shown = |principal: &'state Principal| Named { id: principal.id.as_str(), name: principal.name.clone() };
        let org = store.orgs.get(&key.org).filter(|_| switches.orgs);
        Self {
            id: &group.id,
            name: &group.name,
            display_name: &group.attributes.display_name,
            visibility: visibility(group.attributes.visibility),
            author_id: (),
            complete_detail: (),
            content: (),
            creation_time_in_millis: group.created,
            default_liveboards: (),
            deleted: false,
            deprecated: false,
            description: Some(group.attributes.description.as_str()).filter(|text| !text.is_empty()),
            external: false,
            generation_number: (),
            hidden: false,
            index: (),
            index_version: (),
            metadata_version: (),
            modification_time_in_millis: group.modified,
            modifier_id: (),
            orgs: org.map(|org| vec![Named { id: org.id.to_string(), name: org.name.clone() }]),
            owner_id: &group.id,
            parent_type: (),
            privileges: &group.profile.privileges,
            sub_groups: groups.then(|| members.groups.iter().filter_map(|key| store.group(key)).map(shown).collect()),
            system_group: switches.system_flags.then_some(group.system),
            tags: (),
            r#type: group.attributes.principal_type,
            users: users.then(|| members.users.iter().filter_map(|name| store.users.get(name)).map(shown).collect()),
            roles: group.profile.roles.iter().map(|role| Named { id: role.as_str(), name: role.clone() }).collect(),
        }
    }
}
