//! Values that the target was sent and did not keep: wanted still, not sent in vain again, and told in each plan.

use rustc_hash::FxHashMap;

use super::fields;
use super::matching::Case;
use super::notes::gives;
use super::{Action, Current, Field, Held, HoldCode, Unkept, Wanted};
use crate::principal::{Kind, PrincipalSet, Record, shown};

/// What is held for it. A value that the source has changed since is sent again, and so is none of these.
pub(super) fn held(desired: &PrincipalSet, cases: &[Case], current: &Current, create_only: &[Field]) -> Vec<Held> {
    let mut by_name: FxHashMap<(Kind, &str), Vec<&Unkept>> = FxHashMap::default();
    for one in &current.untold.unkept {
        by_name.entry((one.kind, one.key.as_str())).or_default().push(one);
    }
    if by_name.is_empty() {
        return Vec::new();
    }
    let pairs = cases.iter().filter_map(|case| match *case {
        Case::Both { desired: at, current: has, .. } => Some((&desired.records()[at], &current.set.records()[has])),
        _ => None,
    });
    let known = pairs.filter_map(|(wanted, has)| Some((wanted, has, by_name.get(&(has.kind(), has.key()))?)));
    known.flat_map(|(wanted, has, unkept)| of_one(wanted, has, unkept, create_only)).collect()
}

fn of_one(wanted: &Record, has: &Record, unkept: &[&Unkept], create_only: &[Field]) -> Vec<Held> {
    let differ = fields::changes(&wanted.principal, &has.principal, &[]);
    let is_open = |one: &&&Unkept| {
        gives(&wanted.principal, &one.field)
            && !create_only.contains(&one.field)
            && !differ.iter().any(|change| change.field == one.field)
    };
    let hold = |one: &&Unkept| {
        let shows = one.shows.as_ref().map_or("nothing".to_owned(), |text| format!("`{}`", shown(text, 60)));
        let field = one.field.text();
        Held {
            kind: has.kind(),
            name: has.principal.name.clone(),
            wanted: Wanted::Action(Action::Update),
            code: HoldCode::TargetCannot,
            reason: format!(
                "the target was sent `{field}` and shows {shows}: it is sent again once it changes here or there"
            ),
        }
    };
    unkept.iter().filter(is_open).map(hold).collect()
}
