//! The searches as they are sent: what the configuration says, the server's defaults for the rest, and no attribute
//! more than is read.

use std::collections::BTreeMap;

use ldap3::Scope;

use super::directory::Server;
use super::shape::{GroupsFile, SearchScope, UsersFile};
use crate::principal::Kind;

/// A search, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Search {
    pub(super) base: String,
    pub(super) scope: Scope,
    pub(super) filter: String,
    pub(super) attributes: Vec<String>,
}

impl Search {
    /// One entry by its DN.
    pub(super) fn at<'a>(dn: &str, attributes: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            base: dn.to_owned(),
            scope: Scope::Base,
            filter: "(objectClass=*)".into(),
            attributes: attributes.into_iter().map(str::to_owned).collect(),
        }
    }

    pub(super) fn users(file: &UsersFile, groups: Option<&GroupsFile>, server: Server) -> Self {
        let mut wanted = Wanted::default();
        wanted.mapped(&file.map, server.name_attribute(Kind::User));
        wanted.add_all(&file.attributes);
        wanted.add(file.id.as_deref().unwrap_or(server.id_attribute()));
        match &file.active {
            Some(active) => wanted.add(&active.attribute),
            None if server == Server::ActiveDirectory => wanted.add("userAccountControl"),
            None => {}
        }
        if let Some(groups) = groups {
            if is_member_of(groups) {
                wanted.add("memberOf");
            }
            if counts_primary_group(groups, server) {
                wanted.add("primaryGroupID");
            }
        }
        let filter = file.filter.as_deref().unwrap_or(server.filter(Kind::User));
        Self { base: file.base.clone(), scope: scope(file.scope), filter: filter.into(), attributes: wanted.0 }
    }

    pub(super) fn groups(file: &GroupsFile, server: Server) -> Self {
        let mut wanted = Wanted::default();
        wanted.mapped(&file.map, server.name_attribute(Kind::Group));
        wanted.add_all(&file.attributes);
        wanted.add(file.id.as_deref().unwrap_or(server.id_attribute()));
        wanted.add(file.members.as_deref().unwrap_or("member"));
        if counts_primary_group(file, server) {
            wanted.add("objectSid");
            wanted.add("primaryGroupToken");
        }
        let filter = file.filter.as_deref().unwrap_or(server.filter(Kind::Group));
        Self { base: file.base.clone(), scope: scope(file.scope), filter: filter.into(), attributes: wanted.0 }
    }

    /// The same without any attribute (RFC 4511, section 4.5.1.8): for counting.
    pub(super) fn counting(&self) -> Self {
        Self { attributes: vec!["1.1".into()], ..self.clone() }
    }
}

fn is_member_of(groups: &GroupsFile) -> bool {
    groups.members.as_deref().is_some_and(|members| members.eq_ignore_ascii_case("memberOf"))
}

fn counts_primary_group(groups: &GroupsFile, server: Server) -> bool {
    server == Server::ActiveDirectory && groups.primary_group != Some(false)
}

fn scope(scope: SearchScope) -> Scope {
    match scope {
        SearchScope::Sub => Scope::Subtree,
        SearchScope::One => Scope::OneLevel,
        SearchScope::Base => Scope::Base,
    }
}

/// Attributes, each once whatever its case.
#[derive(Default)]
struct Wanted(Vec<String>);

impl Wanted {
    fn mapped(&mut self, map: &BTreeMap<String, String>, name: &str) {
        self.add(map.get("name").map_or(name, String::as_str));
        self.add_all(map.values());
    }

    fn add_all<'a>(&mut self, names: impl IntoIterator<Item = &'a String>) {
        for name in names {
            self.add(name);
        }
    }

    fn add(&mut self, name: &str) {
        if self.0.iter().all(|known| !known.eq_ignore_ascii_case(name)) {
            self.0.push(name.to_owned());
        }
    }
}
