//! What a sync does, told of every product.

use rollcall::plan::Ability;
use rollcall::principal::Kind;

use super::house::{House, Person, company};
use super::stage::{Stage, with};

const RULES: &str = "removeDeleted: true, ownership: managed";

pub(crate) fn create(house: &'static House) {
    let mut people = company(3);
    people.push(Person::group("bi"));
    people.push(Person::user("ada", &["bi", "staff"]));
    let joan = Person::user("joan", &[]);
    let stage = Stage::new(house, &people, std::slice::from_ref(&joan), RULES);
    if !stage.can(Kind::User, Ability::Create) {
        stage.is_held("user:ada@example.org", "create");
        stage.arrive(&people);
    }
    let report = stage.apply();
    assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("done ")), "{report}");
    people.push(joan);
    people.sort();
    assert_eq!(stage.people(), people);
    stage.clear();
    stage.is_settled();
    assert_eq!(stage.writes(), 0);
}

/// Each value of a user and of a group, changed by itself: one update of that value and no other, or a hold; and then nothing.
pub(crate) fn each_value(house: &'static House) {
    let people = company(2);
    let stage = Stage::settled(house, &people, RULES);
    let mut values = vec![
        ("displayName", "Uno Example".into(), "Una Beispiel".into()),
        ("description", "one".into(), "two".into()),
        ("visibility", "DEFAULT".into(), "NON_SHARABLE".into()),
    ];
    let attributes: Vec<(String, _, _)> =
        (house.attributes)().into_iter().map(|(name, a, b)| (format!("attributes.{name}"), a, b)).collect();
    values.extend(attributes.iter().map(|(name, a, b)| (name.as_str(), a.clone(), b.clone())));
    let mut taken = Vec::new();
    for (member, one, other) in values {
        for value in [one, other] {
            let changed = with(&people[1], member, value);
            stage.raw_source(&[people[0].source(), changed, people[2].source()]);
            let plan = stage.plan();
            if plan.changes().is_empty() {
                continue;
            }
            assert_eq!(plan.changes(), ["update user:u001@example.org"], "{member}: {plan}");
            let fields = plan.change("user:u001@example.org")["fields"].as_array().unwrap().clone();
            assert!(fields.iter().all(|field| field["field"] == member), "{member}: {fields:?}");
            stage.apply();
            stage.is_settled();
            taken.push(member.to_owned());
        }
        stage.source(&people);
        stage.apply();
    }
    let can_update = stage.can(Kind::User, Ability::Update);
    assert_eq!(taken.contains(&"displayName".to_owned()), can_update, "{taken:?}");
    for (name, ..) in (house.attributes)() {
        assert!(taken.contains(&format!("attributes.{name}")), "`{name}` never showed: {taken:?}");
    }
}

/// A source that gives names alone finds nothing to change in people who are there with all sorts of values.
pub(crate) fn undeclared(house: &'static House) {
    let people = company(2);
    let stage = Stage::settled(house, &people, RULES);
    let bare = |person: &Person| {
        let mut source = person.source();
        for member in ["displayName", "mail", "groupNames"] {
            source.as_object_mut().unwrap().remove(member);
        }
        source
    };
    stage.raw_source(&people.iter().map(bare).collect::<Vec<_>>());
    stage.is_settled();
    assert_eq!(stage.writes(), 0);
}

pub(crate) fn rename(house: &'static House) {
    let people = company(3);
    let stage = Stage::settled(house, &people, RULES);
    let mut renamed = people[1].source();
    renamed["name"] = "una@example.org".into();
    renamed["mail"] = "una@example.org".into();
    stage.raw_source(&[people[0].source(), renamed, people[2].source(), people[3].source()]);
    if !stage.can(Kind::User, Ability::Rename) {
        stage.is_held("user:u001@example.org", "rename");
        return;
    }
    let plan = stage.plan();
    assert_eq!(plan.changes(), ["rename user:u001@example.org"], "{plan}");
    stage.apply();
    assert_eq!(stage.person("una@example.org").groups, ["staff"]);
    assert!(!stage.people().iter().any(|person| person.name == "u001@example.org"));
    stage.is_settled();
}

pub(crate) fn leave(house: &'static House) {
    let people = company(4);
    let stage = Stage::settled(house, &people, RULES);
    stage.source(&people[..4]);
    let gone = "u004@example.org";
    if stage.can(Kind::User, Ability::Disable) {
        assert_eq!(stage.plan().changes(), [format!("disable user:{gone}")]);
        stage.apply();
        assert!(!stage.person(gone).active);
    } else if stage.can(Kind::User, Ability::Delete) {
        assert_eq!(stage.plan().changes(), [format!("delete user:{gone}")]);
        stage.apply();
        assert!(!stage.people().iter().any(|person| person.name == gone));
    } else {
        stage.is_held(&format!("user:{gone}"), "delete");
    }
    stage.is_settled();
    // The others are as they were.
    assert_eq!(stage.person("u001@example.org"), people[1]);
    if !stage.can(Kind::Group, Ability::Delete) {
        return;
    }
    let alone: Vec<Person> =
        people[1..4].iter().map(|person| Person { groups: Vec::new(), ..person.clone() }).collect();
    stage.source(&alone);
    stage.apply();
    assert!(!stage.people().iter().any(|person| person.name == "staff"), "{:#?}", stage.people());
    stage.is_settled();
}

pub(crate) fn come_back(house: &'static House) {
    let people = company(3);
    let stage = Stage::settled(house, &people, RULES);
    if !stage.can(Kind::User, Ability::Disable) {
        return;
    }
    stage.source(&people[..3]);
    stage.apply();
    assert!(!stage.person("u003@example.org").active);
    stage.source(&people);
    assert_eq!(stage.plan().changes(), ["enable user:u003@example.org"]);
    stage.apply();
    assert_eq!(stage.person("u003@example.org"), people[3]);
    stage.is_settled();
}

/// Somebody made by hand, a group made by hand, and a membership in it.
pub(crate) fn unmanaged(house: &'static House) {
    let people = company(2);
    let stage = Stage::new(house, &people, &[], &format!("{RULES}, memberships: managed"));
    let by_hand = [Person::group("by hand"), Person::user("joan", &["by hand"])];
    let mut there = by_hand.to_vec();
    there.push(Person { groups: vec!["by hand".into()], ..people[1].clone() });
    stage.plant(&there);
    stage.arrive(&people);
    stage.apply();
    assert_eq!(stage.person("joan@example.org"), by_hand[1]);
    assert_eq!(stage.person("u001@example.org").groups, ["by hand", "staff"]);
    stage.source(&people[..2]);
    stage.apply();
    assert_eq!(stage.person("joan@example.org"), by_hand[1]);
    stage.is_settled();
}

pub(crate) fn odd_names(house: &'static House) {
    let odd = "R&D + \"Ops\" <50%> #1/2 ?a=b; Zoë\u{301} 漢字";
    let people = [
        Person::group(odd),
        Person::user("o'brien+tag@example.org", &[odd]).titled("Zoë O'Brien"),
        Person::user("j%c3_%2f@example.org", &[odd]).titled("Jürgen \"J\" Müller-Lüdenscheidt"),
    ];
    let stage = Stage::settled(house, &people, RULES);
    for person in &people {
        let found = stage.person(&person.name);
        assert_eq!((&found.display, &found.groups), (&person.display, &person.groups), "{found:?}");
    }
    stage.is_settled();
}

pub(crate) fn members(house: &'static House) {
    let mut people = company(3);
    people.push(Person::group("bi"));
    let stage = Stage::settled(house, &people, RULES);
    people[1].groups = vec!["bi".into(), "staff".into()];
    people[2].groups = vec!["bi".into()];
    people[3].groups = Vec::new();
    stage.source(&people);
    let plan = stage.plan();
    assert_eq!(
        plan.changes(),
        ["update user:u001@example.org", "update user:u002@example.org", "update user:u003@example.org"]
    );
    assert_eq!(plan["summary"]["users"]["memberships"]["add"], 2, "{plan}");
    assert_eq!(plan["summary"]["users"]["memberships"]["remove"], 2, "{plan}");
    stage.apply();
    people.sort();
    assert_eq!(stage.people(), people);
    stage.is_settled();
}

pub(crate) fn more_than_a_page(house: &'static House) {
    if house.page == 0 {
        return;
    }
    let people = company(house.page + 1);
    let stage = Stage::new(house, &people, &people, "removeDeleted: true");
    let plan = stage.run("plan --format json").exits(0).document();
    assert!(plan.changes().iter().all(|change| change.starts_with("update ")), "{plan}");
    stage.apply();
    assert_eq!(stage.people().len(), people.len());
    stage.is_settled();
}

/// A run of creates, updates, group changes and somebody who leaves; and the run taken back: the dump is as before, but for the
/// ids of those who had to be made again.
pub(crate) fn undo(house: &'static House) {
    let mut people = company(4);
    people.push(Person::group("bi"));
    people.push(Person::user("ada", &["staff"]));
    let stage = Stage::settled(house, &people, RULES);
    let before = stage.run("dump there").exits(0).out;
    let mut moved = people.clone();
    moved[1].groups = vec!["bi".into(), "staff".into()];
    moved[2].groups = vec!["bi".into()];
    moved[3] = moved[3].clone().titled("Another Name");
    moved.pop();
    moved.push(Person::group("made"));
    let new = Person::user("new", &["made", "staff"]);
    if stage.can(Kind::User, Ability::Create) {
        moved.push(new);
    }
    stage.source(&moved);
    let done = stage.run("apply --yes --format json").exits(0);
    stage.app.write("run.json", &done.out);
    let changes = done.document().changes();
    assert!(changes.len() >= 3, "{changes:?}");
    let undone = stage.run("undo --report run.json --yes --format json").exits(0);
    let report = undone.document();
    assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("done ")), "{report}");
    let after = stage.run("dump there").exits(0).out;
    let is_deleted = changes.iter().any(|change| change == "delete user:ada@example.org");
    if is_deleted {
        assert!(undone.err.contains("not brought back with 1 user (`ada@example.org`)"), "{undone}");
    }
    // When somebody was made or changed is the product's own, and so is the id of whoever is made again.
    let lines = |dump: &str| -> Vec<serde_json::Value> {
        let mut people: Vec<serde_json::Value> = serde_json::from_str(dump).unwrap();
        for person in &mut people {
            let is_made_again = is_deleted && person["name"] == "ada@example.org";
            let person = person.as_object_mut().unwrap();
            person.remove("created");
            person.remove("modified");
            if is_made_again {
                person.remove("id");
            }
        }
        people
    };
    let is_stamped = before.contains("\"modified\"");
    if !is_deleted && !is_stamped && stage.can(Kind::Group, Ability::Delete) && stage.can(Kind::User, Ability::Delete) {
        assert_eq!(after, before, "byte for byte");
    }
    if stage.can(Kind::Group, Ability::Delete)
        && (stage.can(Kind::User, Ability::Delete) || !stage.can(Kind::User, Ability::Create))
    {
        assert_eq!(lines(&after), lines(&before), "{report}");
        people.sort();
        assert_eq!(stage.people(), people);
    }
    // Once more there is nothing to take back.
    let again = stage.run("undo --report run.json --yes --format json").document();
    assert!(again.changes().is_empty(), "{again}");
}
