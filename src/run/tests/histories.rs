//! Promises about leavers, in histories that nobody thought of: people come and go in the source, and somebody meddles
//! with the target.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::office::Office;

const NAMES: [&str; 4] = ["amy", "ben", "cat", "dan"];

/// What a person does to an account.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Deed {
    On,
    Off,
    Join,
    Leave,
}

#[derive(Debug, Clone)]
struct Day {
    /// Who is in the source.
    there: [bool; 4],
    meddling: Option<(usize, Deed)>,
    by_hand: bool,
}

#[derive(Debug, Clone)]
struct History {
    strips: bool,
    absences: u32,
    after: i64,
    /// The source says nothing of groups.
    silent: bool,
    days: Vec<Day>,
}

fn days() -> impl Strategy<Value = Day> {
    let deed = select(&[Deed::On, Deed::Off, Deed::Join, Deed::Leave][..]);
    let meddling = option::weighted(0.35, (0..4_usize, deed));
    let there = prop::array::uniform4(prop::bool::weighted(0.45));
    (there, meddling, prop::bool::weighted(0.2)).prop_map(|(there, meddling, by_hand)| Day { there, meddling, by_hand })
}

fn histories() -> impl Strategy<Value = History> {
    (any::<bool>(), 1..4_u32, 1..4_i64, any::<bool>(), vec(days(), 4..14))
        .prop_map(|(strips, absences, after, silent, days)| History { strips, absences, after, silent, days })
}

impl History {
    fn people(&self, there: [bool; 4]) -> Vec<Value> {
        let group = |name: &str| json!({ "name": name, "principalTypeEnum": "LOCAL_GROUP", "groupNames": [] });
        let person = |name: &str| {
            if self.silent { json!({ "name": name }) } else { json!({ "name": name, "groupNames": ["staff"] }) }
        };
        let users = NAMES.iter().zip(there).filter(|(_, there)| *there).map(|(name, _)| person(name));
        // Somebody is always there: an empty source is refused.
        users.chain([person("zoe"), group("staff")]).collect()
    }

    fn rules(&self) -> String {
        let Self { strips, absences, after, .. } = self;
        let first = if *strips { "strip" } else { "disable" };
        format!(
            "memberships: managed, guard: {{ removals: off, budget: off, firstRun: off }}, leavers: {{ absences: \
             {absences}, users: {{ first: {first}, then: delete, after: {after}d }} }}"
        )
    }
}

/// What an onlooker knows of one account.
#[derive(Debug, Default)]
struct Known {
    /// The day on which rollcall took the first step, as long as nobody has undone it.
    ours: Option<usize>,
    /// Its line before that, as long as nobody has touched it.
    before: Option<String>,
}

fn meddle(office: &Office, known: &mut BTreeMap<&str, Known>, (who, deed): (usize, Deed), strips: bool) {
    let name = NAMES[who];
    office.meddle(|value| {
        if value["name"] != name {
            return;
        }
        match deed {
            Deed::On => value["active"] = true.into(),
            Deed::Off => value["active"] = false.into(),
            Deed::Join => value["groupNames"] = json!(["guests"]),
            Deed::Leave => value["groupNames"] = json!([]),
        }
        let known = known.entry(name).or_default();
        known.before = None;
        if matches!((deed, strips), (Deed::On, false) | (Deed::Join, true)) {
            known.ours = None;
        }
    });
}

/// The same line in the group `staff` too.
fn with_staff(line: &str) -> String {
    let mut groups = Vec::new();
    let (head, tail) = line.split_once("\"groupNames\":[").unwrap();
    let (inside, tail) = tail.split_once(']').unwrap();
    groups.extend(inside.split(',').filter(|group| !group.is_empty()).chain(["\"staff\""]));
    groups.sort_unstable();
    groups.dedup();
    format!("{head}\"groupNames\":[{}]{tail}", groups.join(","))
}

async fn live(history: &History) -> Result<[usize; 3], TestCaseError> {
    let office = Office::with_file(&history.people([true; 4]), &history.rules()).await;
    office.by_hand().await;
    // A group that the source does not know.
    office.add(&json!({ "name": "guests", "principalTypeEnum": "LOCAL_GROUP" }));
    let mut known: BTreeMap<&str, Known> = BTreeMap::new();
    let mut seen = [0; 3];
    for (today, day) in history.days.iter().enumerate() {
        office.pass(TimeDelta::days(1));
        if let Some(meddling) = day.meddling {
            meddle(&office, &mut known, meddling, history.strips);
        }
        office.source(&history.people(day.there));
        let mut lines = BTreeMap::new();
        for name in NAMES {
            lines.insert(name, office.line(name).await);
        }
        let planned = office.plan(!day.by_hand).await;
        let told = if day.by_hand { office.by_hand().await } else { office.on_schedule().await };
        prop_assert_eq!(&planned.0.digest, &told.0.digest, "the same input gives the same plan");
        for (name, there) in NAMES.into_iter().zip(day.there) {
            let changes = told.changes();
            let did = |deed: &str| changes.contains(&format!("{deed} user:{name}"));
            let known = known.entry(name).or_default();
            if did("delete") {
                let since = known.ours.ok_or_else(|| TestCaseError::fail(format!("{name} is deleted: {changes:?}")))?;
                prop_assert!(today - since >= usize::try_from(history.after).unwrap(), "{} went early", name);
                prop_assert!(!there);
                *known = Known::default();
                seen[0] += 1;
            } else if did("disable") || did("strip") {
                prop_assert!(!there);
                *known = Known { ours: Some(today), before: lines[name].clone() };
                seen[1] += 1;
            } else if there {
                if let Some(before) = &known.before {
                    let after = office.line(name).await;
                    // What the source gives it has besides.
                    let before = if history.silent { before.clone() } else { with_staff(before) };
                    prop_assert_eq!(after.as_ref(), Some(&before), "restored exactly");
                    seen[2] += 1;
                }
                *known = Known::default();
            }
        }
        let again = office.plan(!day.by_hand).await;
        let adds: Vec<_> = again.changes().into_iter().filter(|change| !change.starts_with("delete")).collect();
        prop_assert!(adds.is_empty() || history.absences > 1, "a second plan does nothing: {adds:?}");
    }
    Ok(seen)
}

fn run(history: &History) -> Result<[usize; 3], TestCaseError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(live(history))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_whom_rollcall_disabled_is_deleted_and_who_is_back_stands_as_before(history in histories()) {
        run(&history)?;
    }
}

#[test]
fn the_histories_are_not_all_dull() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = [0; 3];
    for _ in 0..24 {
        let history = histories().new_tree(&mut runner).unwrap().current();
        let found = run(&history).unwrap();
        seen.iter_mut().zip(found).for_each(|(all, found)| *all += found);
    }
    assert!(seen.iter().all(|count| *count > 5), "deleted, disabled, restored: {seen:?}");
}
