use std::collections::BTreeMap;

use serde_json::Value;

use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::fault::listed;
use crate::config::names::Names;
use crate::config::nearest::nearest;
use crate::config::path::Path;
use crate::config::rules::{GrantFile, GroupRules, RenameFile, UserRules};
use crate::mapping::expression::{Computed, Condition, Fault, VARIABLES, Variable};
use crate::mapping::rules::{Grant, KindRules, NameRule, Setting};
use crate::mapping::{DEPTH, Naming, Rules, Scope};
use crate::plan::Field;
use crate::principal::Kind;

/// Attributes that records of a sync can have; none where its sources cannot tell.
pub(super) type Known<'a> = Option<&'a [String]>;

/// What may be set of a principal, besides attributes.
const SETTABLE: [&str; 6] = ["name", "displayName", "description", "mail", "visibility", "active"];

/// The rules of a sync, compiled. What is wrong is complained about and left out.
pub(super) fn of(
    users: &UserRules,
    groups: &GroupRules,
    scope: Scope,
    known: Known<'_>,
    path: &Path,
    at: &mut Resolving<'_>,
) -> Rules {
    let (of_users, of_groups) = (path.key("users"), path.key("groups"));
    let (user_set, user_name) = settings(Kind::User, users.set.as_ref(), known, &of_users.key("set"), at);
    let (group_set, _) = settings(Kind::Group, groups.set.as_ref(), known, &of_groups.key("set"), at);
    if groups.depth == Some(0) {
        at.complaints.add(Complaint::at_value(of_groups.key("depth"), "expected 1 or more groups"));
    }
    Rules {
        scope,
        users: KindRules { when: condition(users.when.as_deref(), known, &of_users.key("when"), at), set: user_set },
        groups: KindRules {
            when: condition(groups.when.as_deref(), known, &of_groups.key("when"), at),
            set: group_set,
        },
        user_name,
        grants: grants(users.grant.as_deref(), known, &of_users.key("grant"), at),
        naming: naming(groups, &of_groups, at),
        nested: groups.nested.unwrap_or_default(),
        depth: groups.depth.map_or(DEPTH, |depth| depth as usize),
    }
}

fn condition(text: Option<&str>, known: Known<'_>, path: &Path, at: &mut Resolving<'_>) -> Option<Condition> {
    match Condition::compile(text?, &at.place(path)) {
        Ok(condition) => {
            check(condition.variables(), known, path, at);
            Some(condition)
        }
        Err(faults) => {
            complain(faults, path, at);
            None
        }
    }
}

fn settings(
    kind: Kind,
    set: Option<&BTreeMap<String, Value>>,
    known: Known<'_>,
    path: &Path,
    at: &mut Resolving<'_>,
) -> (Vec<Setting>, Option<NameRule>) {
    let (mut settings, mut name) = (Vec::new(), None);
    for (key, value) in set.into_iter().flatten() {
        let path = path.key(key);
        if let Some(complaint) = unsettable(kind, key, &path) {
            at.complaints.add(complaint);
            continue;
        }
        let computed = match Computed::compile(value) {
            Ok(computed) => computed,
            Err(faults) => {
                complain(faults, &path, at);
                continue;
            }
        };
        check(computed.variables(), known, &path, at);
        let place = at.place(&path);
        let result = match Field::parse(key) {
            Some(field) => Setting::new(field, computed, &place).map(|setting| settings.push(setting)),
            None => NameRule::new(computed, &place).map(|rule| name = Some(rule)),
        };
        if let Err(message) = result {
            let hint = "an expression stands between `{{` and `}}`";
            let complaint = Complaint::at_value(path, message);
            at.complaints.add(if key == "name" { complaint.hinting(hint) } else { complaint });
        }
    }
    (settings, name)
}

/// Why a member cannot be set, if it cannot.
fn unsettable(kind: Kind, key: &str, path: &Path) -> Option<Complaint> {
    let hint = match (key, kind) {
        ("name" | "active", Kind::User) => return None,
        ("name", Kind::Group) => "write `groups.map` or `groups.rename`: whoever is in the group must follow",
        ("active", Kind::Group) => "a group is neither active nor inactive",
        ("groupNames" | "allGroups", _) => "write `users.grant` to give groups to users",
        ("password", _) => "write `password` of the sync: it is for new users only",
        ("id", _) => "the id is what a renamed principal is recognised by",
        ("kind" | "principalTypeEnum", _) => "a user stays a user and a group a group",
        _ if Field::parse(key).is_some() => return None,
        _ => {
            let complaint = Complaint::at_key(path.clone(), format!("`{key}` is no value of a {kind}"));
            return Some(complaint.hinting(match nearest(key, SETTABLE) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("an attribute is written `attributes.{key}`; others are {}", listed(SETTABLE)),
            }));
        }
    };
    Some(Complaint::at_key(path.clone(), format!("`{key}` cannot be set")).hinting(hint))
}

fn grants(files: Option<&[GrantFile]>, known: Known<'_>, path: &Path, at: &mut Resolving<'_>) -> Vec<Grant> {
    let mut grants = Vec::new();
    for (index, GrantFile { groups, when }) in files.unwrap_or_default().iter().enumerate() {
        let path = path.index(index);
        let Names(groups) = groups.clone().unwrap_or_default();
        if groups.is_empty() {
            at.missing(&path, "groups", "name the groups that are given: `groups: [NAME]`");
        } else if groups.iter().any(|group| group.trim().is_empty()) {
            at.complaints.add(Complaint::at_value(path.key("groups"), "a group without a name"));
        }
        let when = condition(when.as_deref(), known, &path.key("when"), at);
        grants.push(Grant { groups: groups.into_iter().map(Into::into).collect(), when });
    }
    grants
}

fn naming(groups: &GroupRules, path: &Path, at: &mut Resolving<'_>) -> Naming {
    let map = groups.map.clone().unwrap_or_default();
    for from in map.iter().filter(|(_, to)| to.trim().is_empty()).map(|(from, _)| from) {
        let complaint = Complaint::at_value(path.key("map").key(from), "expected the name of a group");
        at.complaints.add(complaint.hinting("a group that is not wanted is left out with `exclude`"));
    }
    let RenameFile { strip, strip_suffix, add } = groups.rename.clone().unwrap_or_default();
    let text = |text: Option<String>| text.unwrap_or_default().into();
    Naming {
        map: map.into_iter().map(|(from, to)| (from.into(), to.into())).collect(),
        strip: text(strip),
        strip_suffix: text(strip_suffix),
        add: text(add),
    }
}

/// Complains about what cannot be compiled, each at its own column.
fn complain(faults: Vec<Fault>, path: &Path, at: &mut Resolving<'_>) {
    for Fault { at: inside, message, unknown, hint } in faults {
        let meant = unknown.map(|(word, known)| match nearest(&word, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there are {}", listed(known)),
        });
        let complaint = Complaint::at_value(path.clone(), message).inside(inside);
        at.complaints.add(complaint.maybe_hinting(meant.or(hint.map(str::to_owned))));
    }
}

/// Finds variables that no record can have.
fn check(variables: &[Variable], known: Known<'_>, path: &Path, at: &mut Resolving<'_>) {
    for Variable { at: inside, name } in variables.iter().filter(|one| !VARIABLES.contains(&&*one.name)) {
        let complaint = |message: String| Complaint::at_value(path.clone(), message).inside(*inside);
        match known {
            Some(known) if !known.contains(name) => {
                let all = || VARIABLES.into_iter().chain(known.iter().map(String::as_str));
                let hint = match nearest(name, all()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("a record has {}", listed(all())),
                };
                at.complaints.add(complaint(format!("no record has `{name}`")).hinting(hint));
            }
            Some(_) => {}
            // Any attribute is possible. One that differs in capitals only is hardly meant.
            None => {
                if let Some(meant) = VARIABLES.into_iter().find(|known| known.eq_ignore_ascii_case(name)) {
                    let warning = complaint(format!("`{name}` is taken for an attribute of this name"));
                    at.complaints.warn(warning.hinting(format!("did you mean `{meant}`?")));
                }
            }
        }
    }
}
