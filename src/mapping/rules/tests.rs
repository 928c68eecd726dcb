//! Who goes where, told with a reading and what becomes of it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Grant, KindRules, NameRule, Naming, Nested, Rules, Setting};
use crate::connector::fake::FakeTarget;
use crate::connector::{Reading, Rejected};
use crate::mapping::expression::{Computed, Condition};
use crate::mapping::{KindScope, Mapped, Scope, desire, sift};
use crate::plan::tests::build::{Draft, World, group, user};
use crate::plan::{Coverage, Field, Ledger, diff};
use crate::principal::{GroupNames, Kind, Pattern, PrincipalSet};

fn when(text: &str) -> Option<Condition> {
    Condition::compile(text, "when (a.yaml:1:2)").ok()
}

fn setting(field: &str, value: impl Into<Value>) -> Setting {
    let computed = Computed::compile(&value.into()).unwrap();
    Setting::new(Field::parse(field).unwrap(), computed, &format!("set.{field} (a.yaml:3:4)")).unwrap()
}

fn called(text: &str) -> Option<NameRule> {
    NameRule::new(Computed::compile(&text.into()).unwrap(), "set.name (a.yaml:5:6)").ok()
}

fn grant(groups: &[&str], condition: &str) -> Grant {
    Grant { groups: groups.iter().map(|group| (*group).into()).collect(), when: when(condition) }
}

fn stripped(prefix: &str) -> Naming {
    Naming { strip: prefix.into(), ..Naming::default() }
}

fn reading(drafts: impl IntoIterator<Item = Draft>) -> Reading {
    let mut names = GroupNames::new();
    let records = drafts.into_iter().map(|draft| draft.record(&mut names)).collect();
    Reading { records, names, coverage: Coverage::proved("read"), ..Reading::default() }
}

fn broken(kind: Kind, name: &str) -> Rejected {
    Rejected { kind, name: name.into(), origin: format!("bad {name}"), reason: "broken".into() }
}

/// For a JSON file, which holds everything and has exact names.
fn mapped_of(reading: Reading, rules: &Rules) -> Mapped {
    let can = World::file().can;
    desire(sift(reading, can.rules, &[]).0, &FakeTarget::new(can, PrincipalSet::default()), rules)
}

fn mapped(drafts: impl IntoIterator<Item = Draft>, rules: &Rules) -> Mapped {
    mapped_of(reading(drafts), rules)
}

/// `user:ada in a,b`, in order.
fn told(mapped: &Mapped) -> Vec<String> {
    let set = &mapped.desired.set;
    let line = |record: &crate::principal::Record| {
        let groups = set.names().sorted(record.principal.group_refs()).join(",");
        let groups = if groups.is_empty() { String::new() } else { format!(" in {groups}") };
        format!("{}:{}{groups}", record.kind(), record.principal.name)
    };
    set.records().iter().map(line).collect()
}

fn rejected(mapped: &Mapped) -> Vec<String> {
    mapped.rejected.iter().map(|one| format!("{}:{} {}", one.kind, one.name, one.reason)).collect()
}

#[test]
fn a_condition_says_who_takes_part() {
    let rules = Rules {
        users: KindRules { when: when("'bi-users' in allGroups"), set: Vec::new() },
        groups: KindRules { when: when("name | startswith('bi-')"), set: Vec::new() },
        ..Rules::default()
    };
    let groups = [group("bi-users"), group("team").groups(["bi-users"]), group("hr")];
    let users = [user("ada").groups(["team"]), user("bob").groups(["hr"]), user("eve").groups(["bi-users"])];
    let mapped = mapped(groups.into_iter().chain(users), &rules);
    assert_eq!(told(&mapped), ["group:bi-users", "user:ada in team", "user:eve in bi-users"]);
    assert!(mapped.desired.out_of_scope.contains(&(Kind::User, "bob".into())));
    assert!(mapped.desired.out_of_scope.contains(&(Kind::Group, "hr".into())));
}

#[test]
fn patterns_count_besides_the_condition_and_on_the_names_of_the_source() {
    let scope = Scope {
        groups: KindScope { include: vec![Pattern::new(Kind::Group, "bi-*")], exclude: Vec::new() },
        ..Scope::default()
    };
    let rules = Rules { scope, naming: stripped("bi-"), ..Rules::default() };
    let mapped = mapped([group("bi-a"), group("hr"), user("ada").groups(["bi-a", "hr", "bi-gone"])], &rules);
    assert_eq!(told(&mapped), ["group:a", "user:ada in a,gone,hr"], "memberships follow, defined or not");
    assert!(mapped.desired.out_of_scope.contains(&(Kind::Group, "hr".into())));
}

#[test]
fn values_are_computed_from_the_record_as_it_was_read() {
    let rules = Rules {
        users: KindRules {
            when: None,
            set: vec![
                setting("displayName", "{{ displayName | trim }} ({{ mail }})"),
                setting("mail", "{{ name }}@example.org"),
                setting("active", "{{ status == 'on' }}"),
                setting("visibility", "NON_SHARABLE"),
                setting("attributes.teams", "{{ groupNames }}"),
                setting("attributes.status", Value::Null),
                setting("description", ""),
            ],
        },
        user_name: called("{{ name | upper }}"),
        ..Rules::default()
    };
    let ada = user("ada").display(" Ada ").mail("old").attribute("status", "on".into()).groups(["t"]);
    let mapped = mapped([ada], &rules);
    let set = &mapped.desired.set;
    let view = crate::principal::PrincipalView::new(&set.records()[0].principal, set.names());
    assert_eq!(
        serde_json::to_value(view).unwrap(),
        json!({
            "name": "ADA", "displayName": "Ada (old)", "description": "", "mail": "ada@example.org",
            "principalTypeEnum": "LOCAL_USER", "groupNames": ["t"], "visibility": "NON_SHARABLE", "active": true,
            "attributes": { "status": null, "teams": ["t"] }
        })
    );
    assert_eq!(set.records()[0].key(), "ADA", "a set is in the order of the new names");
}

#[test]
fn one_failing_rule_sets_the_record_aside_whole() {
    let rules = Rules {
        users: KindRules {
            when: when("level | int > 1"),
            set: vec![setting("displayName", "new"), setting("mail", "{{ values(mails)[0] }}")],
        },
        ..Rules::default()
    };
    let drafts = [
        user("ada").attribute("level", "2".into()).attribute("mails", json!(["a@x"])),
        user("bob").attribute("level", "two".into()).id("7"),
        user("eve").attribute("level", "3".into()),
    ];
    let mapped = mapped(drafts, &rules);
    assert_eq!(told(&mapped), ["user:ada"]);
    let told = rejected(&mapped);
    assert!(told[0].starts_with("user:bob when (a.yaml:1:2): "), "{told:?}");
    assert!(told[1].starts_with("user:eve set.mail (a.yaml:3:4): "), "{told:?}");
    assert!(mapped.desired.set_aside.contains(&(Kind::User, "bob".into())));
    assert!(mapped.desired.set_aside_ids.contains(&(Kind::User, "7".into())));
    assert!(mapped.desired.coverage.is_whole(), "under whatever rule, they keep their names");
    let world = World::file().target([user("ada"), user("bob"), user("eve"), user("mallory")]);
    let plan = diff(mapped.desired, &world.current(), &world.policy, &world.can, &Ledger::default());
    let removed: Vec<_> =
        crate::plan::tests::tell::lines(&plan).into_iter().filter(|line| line.starts_with('d')).collect();
    assert_eq!(removed, ["disable user mallory (gone)"], "nobody is removed for a rule that fails");
}

#[test]
fn a_name_that_cannot_be_worked_out_makes_the_reading_unproven() {
    let rules = Rules { user_name: called("{{ values(uid)[0] }}"), ..Rules::default() };
    let with = |uid: &str| user(uid).attribute("uid", json!([format!("u-{uid}")]));
    let mapped = mapped([with("ada"), user("bob").at("people.json:7")], &rules);
    assert_eq!(told(&mapped), ["user:u-ada"]);
    assert_eq!(
        mapped.desired.coverage.missing,
        ["what users that were set aside are called in the target: people.json:7"]
    );
    let mut reading = reading([with("ada")]);
    reading.rejected.push(broken(Kind::User, "eve"));
    assert!(!mapped_of(reading, &rules).desired.coverage.is_whole(), "of a broken record only the name is known");
}

#[test]
fn whoever_was_set_aside_is_protected_under_the_new_name() {
    let rules = Rules { user_name: called("{{ name | lower }}@x"), naming: stripped("bi-"), ..Rules::default() };
    let mut reading = reading([user("ada")]);
    reading.rejected.extend([broken(Kind::User, "Eve"), broken(Kind::Group, "bi-team")]);
    let mapped = mapped_of(reading, &rules);
    for key in [(Kind::User, "Eve"), (Kind::User, "eve@x"), (Kind::Group, "bi-team"), (Kind::Group, "team")] {
        assert!(mapped.desired.set_aside.contains(&(key.0, key.1.into())), "{key:?}");
    }
    assert!(mapped.desired.coverage.is_whole());
}

#[test]
fn names_that_come_out_the_same_are_set_aside() {
    let naming = Naming { map: [("x".into(), "team".into())].into(), ..stripped("bi-") };
    let rules = Rules { user_name: called("{{ mail }}"), naming, ..Rules::default() };
    let drafts = [
        group("bi-team").at("g:1"),
        group("x").at("g:2"),
        group("bi-"),
        user("ada").mail("a@x").at("u:1"),
        user("bob").mail("a@x").at("u:2").id("7"),
        user("eve").mail("e@x").groups(["x", "bi-"]),
        user("nil"),
    ];
    let mapped = mapped(drafts, &rules);
    assert_eq!(told(&mapped), ["user:e@x in team"], "a group that stands in the target keeps its members");
    assert_eq!(
        rejected(&mapped),
        [
            "group:bi- `groups.rename` leaves nothing of its name",
            "group:bi-team the rules name it `team`, and so they do that at g:2",
            "group:x the rules name it `team`, and so they do that at g:1",
            "user:ada the rules name it `a@x`, and so they do that at u:2",
            "user:bob the rules name it `a@x`, and so they do that at u:1",
            "user:nil set.name (a.yaml:5:6): gave no name",
        ]
    );
    assert!(mapped.desired.set_aside.contains(&(Kind::User, "a@x".into())));
    assert!(mapped.desired.set_aside_ids.contains(&(Kind::User, "7".into())));
}

#[test]
fn nobody_joins_a_group_that_only_bears_the_new_name_of_another() {
    let scope = Scope {
        groups: KindScope { include: vec![Pattern::new(Kind::Group, "bi-*")], exclude: Vec::new() },
        ..Scope::default()
    };
    let rules = Rules { scope, naming: stripped("bi-"), ..Rules::default() };
    let drafts = [group("bi-admin"), group("admin"), user("ada").groups(["bi-admin"]), user("bob").groups(["admin"])];
    assert_eq!(told(&mapped(drafts, &rules)), ["group:admin", "user:ada in admin", "user:bob"]);
}

#[test]
fn suffix_prefix_and_map() {
    let naming = Naming {
        map: [("bi-adm_g".into(), "BI Admins".into())].into(),
        strip: "bi-".into(),
        strip_suffix: "_g".into(),
        add: "corp ".into(),
    };
    let rules = Rules { naming, ..Rules::default() };
    let mapped = mapped([group("bi-adm_g"), group("bi-read_g").groups(["bi-adm_g"]), group("hr")], &rules);
    assert_eq!(told(&mapped), ["group:BI Admins", "group:corp hr", "group:corp read in BI Admins"]);
}

#[test]
fn grants_are_groups_of_the_target() {
    let rules = Rules {
        grants: vec![grant(&["analysts", "bi-raw"], "departmentNumber == 'BI'"), grant(&["everyone"], "true")],
        naming: stripped("bi-"),
        ..Rules::default()
    };
    let bi = |draft: Draft| draft.attribute("departmentNumber", "BI".into());
    let drafts = [group("bi-team"), bi(user("ada")).groups(["bi-team"]), user("bob").groups([]), bi(user("eve"))];
    let mapped = mapped(drafts, &rules);
    assert_eq!(
        told(&mapped),
        ["group:team", "user:ada in analysts,bi-raw,everyone,team", "user:bob in everyone", "user:eve"],
        "where the source says nothing of groups, to give some would take the others away"
    );
    assert!(mapped.desired.notes[0].contains("1 users are not granted groups"), "{:?}", mapped.desired.notes);
}

#[test]
fn nested_groups_are_kept_or_flattened_and_circles_end() {
    let drafts = || {
        [
            group("a").groups(["b"]),
            group("b").groups(["c"]),
            group("c").groups(["a", "top"]),
            group("top"),
            user("ada").groups(["b"]),
        ]
    };
    assert_eq!(told(&mapped(drafts(), &Rules::default()))[4], "user:ada in b");
    let flat = Rules { nested: Nested::Flatten, ..Rules::default() };
    let all = mapped(drafts(), &flat);
    assert_eq!(told(&all), ["group:a", "group:b", "group:c", "group:top", "user:ada in a,b,c,top"]);
    assert!(all.desired.notes.is_empty());
    let near = mapped(drafts(), &Rules { depth: 2, ..flat });
    assert_eq!(told(&near)[4], "user:ada in b,c");
    assert!(near.desired.notes[0].contains("more than 2 groups deep"), "{:?}", near.desired.notes);
}

#[test]
fn a_broken_group_breaks_the_ways_that_lead_through_it() {
    let reading = || {
        let mut reading = reading([group("top"), user("ada").groups(["mid"])]);
        reading.rejected.push(broken(Kind::Group, "mid"));
        reading
    };
    let flat = Rules { nested: Nested::Flatten, ..Rules::default() };
    let missing = mapped_of(reading(), &flat).desired.coverage.missing;
    assert_eq!(missing, ["what groups that were set aside are in: `mid`"]);
    assert!(mapped_of(reading(), &Rules::default()).desired.coverage.is_whole());
}

#[test]
fn an_attribute_that_no_record_has_is_told() {
    let rules = Rules {
        users: KindRules { when: when("departement == '' or title == 'x'"), set: Vec::new() },
        ..Rules::default()
    };
    let mapped = mapped([user("ada").attribute("title", "x".into()), user("bob")], &rules);
    assert_eq!(mapped.desired.notes, ["when (a.yaml:1:2): no user has `departement`"]);
}

#[test]
fn constants_are_checked_when_they_are_read() {
    let refused = |field: &str, value: Value| {
        Setting::new(Field::parse(field).unwrap(), Computed::compile(&value).unwrap(), "p").unwrap_err()
    };
    assert_eq!(refused("active", "yes".into()), "expected true or false, found the text \"yes\"");
    assert_eq!(
        refused("visibility", "PUBLIC".into()),
        "expected `DEFAULT` or `NON_SHARABLE`, found the text \"PUBLIC\""
    );
    assert_eq!(refused("mail", json!(["a"])), "expected text, found a list");
    assert!(NameRule::new(Computed::compile(&"ada".into()).unwrap(), "p").is_err());
}

#[test]
fn folded_names_are_one_group() {
    let mut can = World::file().can;
    can.rules.groups = crate::principal::CaseRule::Ignored;
    let naming = Naming { map: [("SALES".into(), "Vertrieb".into())].into(), ..Naming::default() };
    let rules = Rules { naming, nested: Nested::Flatten, ..Rules::default() };
    let drafts = [group("Sales").groups(["top"]), group("Top"), user("ada").groups(["sales"])];
    let sifted = sift(reading(drafts), can.rules, &[]).0;
    let mapped = desire(sifted, &FakeTarget::new(can, PrincipalSet::default()), &rules);
    assert_eq!(told(&mapped), ["group:Top", "group:Vertrieb", "user:ada in Vertrieb,top"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever order records come in, the same comes out, and every record is somewhere.
    #[test]
    fn rules_are_deterministic_and_lose_nobody(
        people in proptest::collection::btree_map("[a-d]{1,2}", (0u8..4, proptest::option::of("[a-d]")), 0..12),
        nested in proptest::collection::btree_map("[a-e]", "[a-e]", 0..5),
        flatten in any::<bool>(),
    ) {
        let rules = || Rules {
            users: KindRules {
                when: when("level != 1 and (level < 3 or name[5] == 'x')"),
                set: vec![setting("mail", "{{ allGroups | join('+') }}")],
            },
            user_name: called("{{ name | replace('b', 'a') }}"),
            naming: Naming { add: "g-".into(), ..stripped("a") },
            nested: if flatten { Nested::Flatten } else { Nested::Keep },
            grants: vec![grant(&["g-e"], "'b' in allGroups")],
            ..Rules::default()
        };
        let groups = nested.iter().map(|(name, parent)| group(name).groups([parent.as_str()]));
        let users = people.iter().map(|(name, (level, team))| {
            user(name).attribute("level", (*level).into()).in_groups(team.iter().map(String::as_str))
        });
        let drafts: Vec<Draft> = groups.chain(users).collect();
        let total = drafts.len();
        let one = mapped(drafts.clone(), &rules());
        let other = mapped(drafts.into_iter().rev(), &rules());
        prop_assert_eq!(told(&one), told(&other));
        prop_assert_eq!(rejected(&one), rejected(&other));
        prop_assert_eq!(&one.desired.notes, &other.desired.notes);
        let out = people.values().filter(|(level, _)| *level == 1).count();
        prop_assert_eq!(one.desired.set.len() + one.rejected.len() + out, total);
    }
}
