//! What the configuration says, with the server's defaults for the rest, as the assembler needs it.

use std::collections::BTreeMap;

use compact_str::CompactString;

use super::active::ActiveRule;
use super::assemble::{GroupShape, MembersIn, Shape};
use super::directory::Server;
use super::reader::EntryReader;
use super::shape::{GroupsFile, MemberBy, UsersFile};
use crate::principal::Kind;

/// How entries of `server` become principals.
pub(super) fn shape(users: &UsersFile, groups: Option<&GroupsFile>, server: Server) -> Shape {
    let active = match &users.active {
        // It was checked with the configuration.
        Some(file) => ActiveRule::new(file, "").ok(),
        None => (server == Server::ActiveDirectory).then(ActiveRule::active_directory),
    };
    let reader = |kind, map: &BTreeMap<String, String>, id: Option<&str>, attributes: &[String]| {
        let mapped = |member: &str| map.get(member).map(|attribute| attribute.trim().to_owned());
        EntryReader {
            kind,
            name: mapped("name").unwrap_or_else(|| server.name_attribute(kind).to_owned()),
            id: id.unwrap_or(server.id_attribute()).to_owned(),
            display_name: mapped("displayName"),
            description: mapped("description"),
            mail: mapped("mail"),
            attributes: attributes
                .iter()
                .map(|name| (CompactString::from(name.trim()), name.trim().to_owned()))
                .collect(),
            active: None,
        }
    };
    let groups = groups.map(|file| GroupShape {
        reader: reader(Kind::Group, &file.map, file.id.as_deref(), &file.attributes),
        members: members(file),
        primary: server == Server::ActiveDirectory && file.primary_group != Some(false),
    });
    let users = reader(Kind::User, &users.map, users.id.as_deref(), &users.attributes);
    Shape { users: EntryReader { active, ..users }, groups }
}

fn members(file: &GroupsFile) -> MembersIn {
    let attribute = file.members.as_deref().unwrap_or("member").trim();
    let by = file
        .member_by
        .unwrap_or_else(|| if attribute.eq_ignore_ascii_case("memberUid") { MemberBy::Name } else { MemberBy::Dn });
    match by {
        MemberBy::Dn if attribute.eq_ignore_ascii_case("memberOf") => MembersIn::MemberOf(attribute.to_owned()),
        MemberBy::Dn => MembersIn::Dns(attribute.to_owned()),
        MemberBy::Name => MembersIn::Names(attribute.to_owned()),
    }
}
