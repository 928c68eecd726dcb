use std::collections::BTreeMap;

use super::entry::exists;
use super::target::Resolved;
use super::whole::Resolving;
use super::{capable, digest, leavers as leaving, limits, patterns, rules, schedule, sources, trials, webhook};
use crate::apply::PasswordRule;
use crate::config::complaint::Complaint;
use crate::config::file::{AllowFile, SyncFile};
use crate::config::path::Path;
use crate::config::rules::{GroupRules, UserRules};
use crate::config::settings::{SourceSettings, SyncSettings};
use crate::mapping::{KindScope, Scope};
use crate::plan::{Allow, Field, MatchBy, Policy};
use crate::principal::{Kind, Pattern};

/// A sync from what is written; none where its source or target is not clear.
pub(super) fn resolve(
    name: &str,
    file: SyncFile,
    sources: &BTreeMap<String, SourceSettings>,
    targets: &BTreeMap<String, Resolved>,
    at: &mut Resolving<'_>,
) -> Option<SyncSettings> {
    let path = Path::of(&["syncs", name]);
    let SyncFile { from, to, apply_changes, remove_deleted, ownership, memberships, match_by, users, .. } = file;
    let SyncFile { groups, tests, allow, leavers, guard, password, invite, drift, merge, .. } = file;
    let schedule = schedule::of(file.schedule, &path.key("schedule"), at);
    let webhook = webhook::of(file.webhook, &path.key("webhook"), at);
    let from = sources::resolve(from, merge, &path, at);
    let target = one_target(to, &path, at);
    let resolved = target.as_ref().and_then(|target| targets.get(target));
    let (users, groups) = (users.unwrap_or_default(), groups.unwrap_or_default());
    let limits = guard.unwrap_or_default();
    limits::check(&limits, &path.key("guard"), at);
    if invite == Some(true) {
        let complaint = Complaint::at_value(path.key("invite"), "").unbuilt("`invite: true`");
        at.complaints.add(complaint);
    }
    let policy = Policy {
        remove_deleted: remove_deleted.unwrap_or(false),
        ownership: ownership.unwrap_or_default(),
        memberships: memberships.unwrap_or_default(),
        match_by: match_by_or_default(match_by, &path, at),
        protect: resolved.map(|target| target.settings.protect.clone()).unwrap_or_default(),
        leavers: leaving::resolve(leavers.unwrap_or_default(), &path.key("leavers"), at),
        create_only: fields(users.create_only.as_deref(), &path.key("users").key("createOnly"), at),
        allow: allow_of(allow.unwrap_or_default()),
        drift: drift.unwrap_or_default(),
        ..Policy::default()
    };
    if let Some((target, can)) = resolved.and_then(|target| Some((target, target.capabilities.as_ref()?))) {
        capable::check(&policy.leavers, &target.settings.name, can, &path.key("leavers"), at);
    }
    let scope = scope(&users, &groups, &path, at);
    let known = from.as_deref().and_then(|from| attributes_of(from, sources));
    let rules = rules::of(&users, &groups, scope, known.as_deref(), &path, at);
    let trials = trials::of(tests, &path.key("tests"), at);
    let (from, target) = (from?, target?);
    let merge = merge.unwrap_or_default();
    let place = resolved.map_or(target.as_str(), |target| target.settings.place.as_str());
    let rules_digest = digest::of_rules(at.whole, name, (&from, merge), place, &policy, &rules.scope);
    Some(SyncSettings {
        name: name.to_owned(),
        schedule,
        webhook,
        apply_changes: apply_changes.unwrap_or(false),
        rules_digest,
        password: match password {
            Some(secret) if !secret.is_word("generate") => PasswordRule::Secret(secret.secret(at.folder)),
            _ => PasswordRule::Generate,
        },
        policy,
        limits,
        rules,
        trials,
        sources: from,
        merge,
        target,
    })
}

fn one_target(to: Option<String>, path: &Path, at: &mut Resolving<'_>) -> Option<String> {
    match to {
        None => {
            at.missing(path, "to", "name a target: `to: NAME`");
            None
        }
        Some(to) => exists(&to, "targets", path.key("to"), at).then_some(to),
    }
}

fn match_by_or_default(match_by: Option<Vec<MatchBy>>, path: &Path, at: &mut Resolving<'_>) -> Vec<MatchBy> {
    let place = path.key("match");
    if match_by.as_ref().is_some_and(Vec::is_empty) && !at.complaints.touch(&place) {
        let complaint = Complaint::at_value(place, "nothing to match by");
        at.complaints.add(complaint.hinting("write `[id, name]`, or leave it out"));
    }
    match_by.unwrap_or_else(|| Policy::default().match_by)
}

fn fields(texts: Option<&[String]>, path: &Path, at: &mut Resolving<'_>) -> Vec<Field> {
    let mut fields = Vec::new();
    for (index, text) in texts.unwrap_or_default().iter().enumerate() {
        if let Some(field) = Field::parse(text) {
            fields.push(field);
        } else {
            let complaint = Complaint::at_value(path.index(index), format!("`{text}` is no value of a user"));
            let hint = "expected `displayName`, `description`, `mail`, `visibility`, `active` or `attributes.NAME`";
            at.complaints.add(complaint.hinting(hint));
        }
    }
    fields
}

fn allow_of(file: AllowFile) -> Allow {
    let every = Allow::default();
    Allow { users: file.users.unwrap_or(every.users), groups: file.groups.unwrap_or(every.groups) }
}

fn scope(users: &UserRules, groups: &GroupRules, path: &Path, at: &mut Resolving<'_>) -> Scope {
    let mut patterns = |kind: Kind, key: &str, texts: &Option<Vec<String>>| -> Vec<Pattern> {
        patterns::of_kind(kind, texts.as_deref(), &path.key(kind.plural()).key(key), at)
    };
    Scope {
        users: KindScope {
            include: patterns(Kind::User, "include", &users.include),
            exclude: patterns(Kind::User, "exclude", &users.exclude),
        },
        groups: KindScope {
            include: patterns(Kind::Group, "include", &groups.include),
            exclude: patterns(Kind::Group, "exclude", &groups.exclude),
        },
    }
}

/// Attributes that a record may have, from whichever source; none where one of them cannot tell.
fn attributes_of(from: &[String], sources: &BTreeMap<String, SourceSettings>) -> Option<Vec<String>> {
    let all = from.iter().map(|name| sources.get(name)?.attributes.clone());
    let mut all = all.collect::<Option<Vec<_>>>()?.concat();
    all.sort_unstable();
    all.dedup();
    Some(all)
}
