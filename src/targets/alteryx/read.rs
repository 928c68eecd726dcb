//! Reading everybody: users, groups, and each group by itself.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use futures_util::{StreamExt, stream};
use rustc_hash::{FxHashMap, FxHashSet};

use super::api::Api;
use super::convert::{self, Found, People};
use super::target::{Alteryx, Settings};
use super::wire::{GroupRecord, GroupRow, UserRecord};
use crate::connector::{ConnectorError, FailureClass, Finding, Progress};
use crate::plan::{Coverage, Current};
use crate::principal::{CaseRules, GroupNames, Kind, PrincipalSet, Record, shown};

/// How many names a sentence tells, and how many strangers are asked about.
const TOLD: usize = 10;

/// Everything that was listed.
pub(super) struct Listed {
    pub(super) users: Vec<UserRecord>,
    /// Those of a name of their own, with their members.
    pub(super) groups: Vec<GroupRecord>,
    /// Names that more than one group has.
    pub(super) namesakes: BTreeSet<String>,
}

/// What the lists come to.
pub(super) struct Assembled {
    pub(super) set: PrincipalSet,
    pub(super) ambiguous: FxHashSet<(Kind, CompactString)>,
    /// What a person should know of it.
    pub(super) told: Vec<String>,
    /// Ids of members who are not in the list of users.
    pub(super) strangers: BTreeSet<String>,
}

/// Reads users, groups and members.
///
/// # Errors
/// When a list cannot be read, contradicts itself, or changed meanwhile.
pub(super) async fn read(target: &Alteryx, progress: &dyn Progress) -> Result<Current, ConnectorError> {
    let api = &target.api;
    let listed = list(target, progress).await?;
    let (users, groups) = (listed.users.len(), listed.groups.len());
    let doing = format!("reading {}", api.title());
    let unusable = |why| ConnectorError::new(FailureClass::Unexpected, doing.as_str(), why);
    let Assembled { set, ambiguous, told, strangers } = assemble(&listed, &target.settings).map_err(unusable)?;
    let dangling = ask_about(api, &strangers).await?;
    let mut coverage = Coverage::proved(format!("{users} users in one list, the owner of the key among them"));
    coverage.proofs.push(format!("{groups} groups, the list of which was the same after their members were read"));
    coverage.proofs.extend(told);
    if dangling > 0 {
        coverage.proofs.push(format!("{dangling} members of groups are users that the server no longer has"));
    }
    Ok(Current { set, coverage, ambiguous, ..Current::default() })
}

/// Says what the key may do, and what a person should know of the server.
pub(super) async fn check(target: &Alteryx) -> Result<Vec<Finding>, ConnectorError> {
    let (users, groups) = (target.api.users().await?, target.api.groups().await?);
    let owner = owner(&users, &target.settings);
    let owner = owner.ok_or_else(|| {
        ConnectorError::new(
            FailureClass::Missing,
            format!("checking {}", target.api.title()),
            lacking(&target.settings),
        )
        .with_hint("`owner` is the e-mail address of the user whose key it is, as the server spells it")
    })?;
    let mut found =
        vec![Finding::Good(format!("a token was given, and `{}` may list users and groups", target.settings.owner))];
    match owner.role.as_deref() {
        Some("Curator") => found.push(Finding::Good("the owner of the key is a Curator".into())),
        _ => found.push(Finding::Warning(
            "the owner of the key is a Curator by a group only: protect that group, or give the role itself".into(),
        )),
    }
    if users.iter().all(|user| user.can_schedule_jobs.is_none()) {
        let why = "the list shows users in the reduced view: of the attributes only `role` can be managed here";
        found.push(Finding::Warning(why.into()));
    }
    let namesakes = namesakes(&groups, target.settings.rules);
    if !namesakes.is_empty() {
        found.push(Finding::Warning(format!(
            "more than one group is called so: {}; they are left alone",
            names(&namesakes)
        )));
    }
    found.push(Finding::Good(format!("{} users and {} groups", users.len(), groups.len())));
    Ok(found)
}

async fn list(target: &Alteryx, progress: &dyn Progress) -> Result<Listed, ConnectorError> {
    let api = &target.api;
    let users = api.users().await?;
    let rows = api.groups().await?;
    let namesakes = namesakes(&rows, target.settings.rules);
    let alone: Vec<&GroupRow> = rows.iter().filter(|row| !namesakes.contains(&row.name)).collect();
    progress.step(&format!("reading the members of the groups of {}", api.title()), u64::try_from(alone.len()).ok());
    let calls: Vec<_> = alone.iter().map(|row| members(api, row)).collect();
    let mut calls = stream::iter(calls).buffered(target.lanes()).enumerate();
    let mut groups = Vec::with_capacity(alone.len());
    while let Some((at, group)) = calls.next().await {
        groups.push(group?);
        progress.at(u64::try_from(at + 1).unwrap_or(u64::MAX));
    }
    drop(calls);
    let again = api.groups().await?;
    if keys(&rows) != keys(&again) {
        let doing = format!("listing the user groups of {}", api.title());
        let why = "the list changed while the members of the groups were read, or was not whole";
        let error = ConnectorError::new(FailureClass::Conflict, doing, why);
        return Err(error.with_hint("nothing was decided on it; the next run reads again"));
    }
    Ok(Listed { users, groups, namesakes })
}

async fn members(api: &Api, row: &GroupRow) -> Result<GroupRecord, ConnectorError> {
    let doing = format!("reading the members of user group `{}` of {}", shown(&row.name, 60), api.title());
    let group = api.group(&doing, &row.id).await?;
    if group.id != row.id {
        let why = format!("the answer is of another group: `{}`", shown(&group.id, 40));
        return Err(ConnectorError::new(FailureClass::Unexpected, doing, why));
    }
    // The list names it, and is compared with itself afterwards.
    Ok(GroupRecord { name: row.name.clone(), ..group })
}

/// Puts the lists together.
///
/// # Errors
/// Why they cannot be believed.
pub(super) fn assemble(listed: &Listed, settings: &Settings) -> Result<Assembled, String> {
    let Listed { users, groups, namesakes } = listed;
    if owner(users, settings).is_none() {
        return Err(lacking(settings));
    }
    let people = People::new(users, settings);
    let ids: FxHashSet<&str> = users.iter().map(|user| user.id.as_str()).collect();
    if ids.len() < users.len() {
        return Err("the list of users holds one id more than once".into());
    }
    let mut names = GroupNames::new();
    let mut memberships = vec![Vec::new(); users.len()];
    let mut strangers = BTreeSet::new();
    let (mut nested, mut nobody) = (BTreeSet::new(), BTreeSet::new());
    for group in groups {
        let reference = names.intern(&group.name);
        for member in group.members() {
            match people.find(member) {
                Found::User(at) => memberships[at].push(reference),
                Found::Nested(name) => _ = nested.insert(name),
                Found::Nobody(name) => _ = nobody.insert(name),
                Found::Stranger(id) => _ = strangers.insert(id),
            }
        }
    }
    let mut records: Vec<Record> = groups.iter().map(|group| Record::new(convert::group(group), None)).collect();
    let mut nameless = 0;
    for (user, memberships) in users.iter().zip(memberships) {
        let Some(mut principal) = convert::user(user, settings) else {
            nameless += 1;
            continue;
        };
        principal.set_groups(memberships);
        records.push(Record::new(principal, None));
    }
    let (set, collisions) = PrincipalSet::build(records, names, settings.rules);
    let twins = collisions.iter().filter_map(|collision| collision.records.first());
    let mut ambiguous: FxHashSet<_> = twins.map(|record| (record.kind(), record.key().into())).collect();
    ambiguous.extend(namesakes.iter().map(|name| (Kind::Group, settings.rules.key(Kind::Group, name))));
    Ok(Assembled { set, ambiguous, told: told(nameless, &nested, &nobody), strangers })
}

fn told(nameless: usize, nested: &BTreeSet<String>, nobody: &BTreeSet<String>) -> Vec<String> {
    let mut told = Vec::new();
    if nameless > 0 {
        told.push(format!("{nameless} users without an e-mail address: left alone"));
    }
    if !nested.is_empty() {
        told.push(format!("members that are groups of Active Directory, left alone: {}", self::names(nested)));
    }
    if !nobody.is_empty() {
        let names = self::names(nobody);
        told.push(format!("members whose account is no user's, or more than one's, left alone: {names}"));
    }
    told
}

/// Asks for members who are not in the list of users, and gives how many the server no longer has either.
async fn ask_about(api: &Api, strangers: &BTreeSet<String>) -> Result<usize, ConnectorError> {
    let doing = format!("looking up members of groups who are not in the list of users of {}", api.title());
    for id in strangers.iter().take(TOLD) {
        match api.user(&doing, id).await {
            Err(error) if error.class == FailureClass::Missing => {}
            Err(error) => return Err(error),
            Ok(_) => {
                let why = format!("user {} is there: the list was not whole, or changed meanwhile", shown(id, 40));
                let error = ConnectorError::new(FailureClass::Conflict, doing, why);
                return Err(error.with_hint("nothing was decided on it; the next run reads again"));
            }
        }
    }
    Ok(strangers.len())
}

fn owner<'a>(users: &'a [UserRecord], settings: &Settings) -> Option<&'a UserRecord> {
    let wanted = convert::key(&settings.owner, settings);
    users.iter().find(|user| user.email.as_deref().is_some_and(|mail| convert::key(mail, settings) == wanted))
}

fn lacking(settings: &Settings) -> String {
    format!("the list of users lacks `{}`, the owner of the key: it is not whole, or `owner` is wrong", settings.owner)
}

fn namesakes(rows: &[GroupRow], rules: CaseRules) -> BTreeSet<String> {
    let mut count: FxHashMap<CompactString, usize> = FxHashMap::default();
    for row in rows {
        *count.entry(rules.key(Kind::Group, &row.name)).or_default() += 1;
    }
    let twice = |row: &&GroupRow| count.get(&rules.key(Kind::Group, &row.name)).is_some_and(|count| *count > 1);
    rows.iter().filter(twice).map(|row| row.name.clone()).collect()
}

fn keys(rows: &[GroupRow]) -> BTreeMap<&str, &str> {
    rows.iter().map(|row| (row.id.as_str(), row.name.as_str())).collect()
}

fn names(names: &BTreeSet<String>) -> String {
    let told: Vec<String> = names.iter().take(TOLD).map(|name| format!("`{}`", shown(name, 60))).collect();
    let more = if names.len() > TOLD { format!(" and {} more", names.len() - TOLD) } else { String::new() };
    format!("{}{more}", told.join(", "))
}
