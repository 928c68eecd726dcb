//! Entries into a reading: users first, then groups, then who is in which.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::entry::Entry;
use super::identity::sibling;
use super::members::{Members, Unresolved, Who};
use super::reader::{EntryReader, Unreadable};
use super::seen::Seen;
use crate::connector::{Reading, Rejected};
use crate::principal::{GroupRef, Kind, Origin, Record};
use crate::sources::count::{count, count_of};

/// How entries become principals.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) users: EntryReader,
    pub(super) groups: Option<GroupShape>,
}

/// How groups are read, and where their members stand.
#[derive(Debug, Clone)]
pub(super) struct GroupShape {
    pub(super) reader: EntryReader,
    pub(super) members: MembersIn,
    /// The primary group of a user (`primaryGroupID`) is a membership.
    pub(super) primary: bool,
}

/// Where memberships stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MembersIn {
    /// DNs in this attribute of the group.
    Dns(String),
    /// Names of users in this attribute of the group.
    Names(String),
    /// DNs of groups in this attribute of users and groups.
    MemberOf(String),
}

impl MembersIn {
    pub(super) fn attribute(&self) -> &str {
        let (Self::Dns(attribute) | Self::Names(attribute) | Self::MemberOf(attribute)) = self;
        attribute
    }
}

/// `primaryGroupID`: the last part of the SID of a user's primary group. MS-ADA3, section 2.120.
pub(super) const PRIMARY_GROUP: &str = "primaryGroupID";
pub(super) const SID: &str = "objectSid";

impl Shape {
    /// The attributes to ask for of `kind`, each once.
    pub(super) fn wanted(&self, kind: Kind) -> Vec<&str> {
        let mut wanted: Vec<&str> = Vec::new();
        let mut add = |name| {
            if !wanted.iter().any(|known: &&str| known.eq_ignore_ascii_case(name)) {
                wanted.push(name);
            }
        };
        if kind == Kind::User {
            self.users.wanted().for_each(&mut add);
        }
        let Some(groups) = &self.groups else { return wanted };
        if kind == Kind::Group {
            groups.reader.wanted().for_each(&mut add);
        }
        if kind == Kind::Group || matches!(groups.members, MembersIn::MemberOf(_)) {
            add(groups.members.attribute());
        }
        if groups.primary {
            add(SID);
            if kind == Kind::User {
                add(PRIMARY_GROUP);
            }
        }
        wanted
    }
}

/// Makes a reading of entries as they come.
#[derive(Debug)]
pub(super) struct Assembler {
    shape: Arc<Shape>,
    reading: Reading,
    members: Members,
    /// Users and the SID of their primary group.
    primary: Vec<(u32, Box<[u8]>)>,
    group_sids: FxHashMap<Box<[u8]>, GroupRef>,
    repeated: Unresolved,
    nameless: Unresolved,
    seen: Seen,
}

/// What entries came to.
#[derive(Debug)]
pub(super) struct Assembled {
    pub(super) reading: Reading,
    /// Members that are no principal that was read.
    pub(super) unresolved: usize,
}

impl Assembler {
    pub(super) fn new(shape: Shape) -> Self {
        Self {
            shape: Arc::new(shape),
            reading: Reading::default(),
            members: Members::default(),
            primary: Vec::new(),
            group_sids: FxHashMap::default(),
            repeated: Unresolved::default(),
            nameless: Unresolved::default(),
            seen: Seen::default(),
        }
    }

    /// Takes a user.
    pub(super) fn user(&mut self, entry: &Entry) {
        self.seen.user(entry, &self.shape);
        let read = self.shape.users.read(entry);
        let Some(at) = self.add(Kind::User, entry, read) else { return };
        let Some(groups) = &self.shape.groups else { return };
        match &groups.members {
            MembersIn::MemberOf(attribute) => {
                entry.values(attribute).iter().for_each(|dn| self.members.is_in_dn(at, dn));
            }
            MembersIn::Names(_) => {
                let name = &self.reading.records[at as usize].principal.name;
                self.members.know_name(name, at);
            }
            MembersIn::Dns(_) => {}
        }
        if groups.primary
            && let Some(sid) = primary_group(entry)
        {
            self.primary.push((at, sid.into()));
        }
    }

    /// Takes a group. All users were given before.
    pub(super) fn group(&mut self, entry: &Entry) {
        let shape = Arc::clone(&self.shape);
        let Some(GroupShape { reader, members, primary }) = &shape.groups else { return };
        self.seen.group(entry, members);
        let read = reader.read(entry);
        // A group that is set aside takes nobody out of it.
        let name = match &read {
            Ok(principal) => principal.name.clone(),
            Err(Unreadable { name, .. }) => name.clone(),
        };
        let at = self.add(Kind::Group, entry, read);
        if name.is_empty() {
            return;
        }
        let group = self.reading.names.intern(&name);
        self.members.know_group(&entry.dn, group);
        match (members, at) {
            (MembersIn::Dns(attribute), _) => {
                entry.values(attribute).iter().for_each(|dn| self.members.dn_is_in(dn, group));
            }
            (MembersIn::Names(attribute), _) => {
                entry.values(attribute).iter().for_each(|name| self.members.name_is_in(name, group));
            }
            (MembersIn::MemberOf(attribute), Some(at)) => {
                entry.values(attribute).iter().for_each(|dn| self.members.is_in_dn(at, dn));
            }
            (MembersIn::MemberOf(_), None) => {}
        }
        if *primary && let [sid] = entry.values(SID) {
            self.group_sids.insert(sid.as_slice().into(), group);
        }
    }

    /// The position of the new record; none where the entry was set aside.
    fn add(&mut self, kind: Kind, entry: &Entry, read: Result<crate::principal::Principal, Unreadable>) -> Option<u32> {
        let at = u32::try_from(self.reading.records.len()).ok()?;
        let who = if read.is_ok() { Who::Record(at) } else { Who::SetAside };
        if !self.members.know(kind, &entry.dn, who) {
            self.repeated.add(&entry.dn);
        }
        match read {
            Ok(principal) => {
                self.reading.records.push(Record::new(principal, Some(Origin::place(&entry.dn))));
                Some(at)
            }
            Err(Unreadable { name, reason }) => {
                if name.is_empty() {
                    self.nameless.add(&entry.dn);
                }
                let origin = entry.dn.clone();
                self.reading.rejected.push(Rejected { kind, name, origin, reason });
                None
            }
        }
    }

    /// Everything that was given, and who is in which group. The wire's own proofs are not among it.
    pub(super) fn finish(self) -> Assembled {
        let Self { shape, mut reading, mut members, primary, group_sids, repeated, nameless, mut seen } = self;
        for (at, sid) in primary {
            // A primary group that no search gives is no group of ours: `Domain Users`, mostly.
            if let Some(group) = group_sids.get(&sid) {
                seen.membership();
                members.is_in(at, *group);
            }
        }
        let managed: &[Kind] = if shape.groups.is_some() { &[Kind::User, Kind::Group] } else { &[] };
        let unresolved = members.settle(&mut reading.records, managed);
        let missing = &mut reading.coverage.missing;
        if repeated.count > 0 {
            let entries = count_of(repeated.count, "entry", "entries");
            missing.push(format!("{entries} came twice ({}): a page was repeated", told(&repeated)));
        }
        if nameless.count > 0 {
            let entries = count_of(nameless.count, "entry has", "entries have");
            missing.push(format!("{entries} no readable name ({})", told(&nameless)));
        }
        missing.extend(seen.doubts(&shape));
        if unresolved.count > 0 {
            let members = count(unresolved.count, "member");
            reading.coverage.proofs.push(format!("{members} not among what was read: {}", told(&unresolved)));
        }
        Assembled { reading, unresolved: unresolved.count }
    }
}

/// The SID of the primary group, where the entry tells its own SID.
fn primary_group(entry: &Entry) -> Option<Vec<u8>> {
    let ([relative], [sid]) = (entry.values(PRIMARY_GROUP), entry.values(SID)) else { return None };
    sibling(sid, std::str::from_utf8(relative).ok()?.trim().parse().ok()?)
}

fn told(these: &Unresolved) -> String {
    let more = these.count - these.first.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", these.first.join("; "))
}
