//! Values that give rights, and groups that have them by a value.

use serde_json::json;

use super::bench::{bench, none};
use crate::plan::tests::build::{World, group, user};
use crate::plan::{Privilege, When};
use crate::principal::Kind;

const PRIVILEGES: &[Privilege] = &[
    Privilege { kind: Kind::User, attribute: "role", when: When::Is("Curator"), administrates: true },
    Privilege { kind: Kind::Group, attribute: "role", when: When::Is("Curator"), administrates: true },
    Privilege { kind: Kind::User, attribute: "unmasked", when: When::True, administrates: false },
    Privilege { kind: Kind::User, attribute: "networks", when: When::Changes, administrates: false },
];

fn world() -> World {
    World::file().can(|can| can.privileges = PRIVILEGES)
}

const HELD: [&str; 1] = ["privileged: held"];

#[test]
fn a_value_that_gives_rights_is_held_and_the_rest_of_the_change_goes_on() {
    let gain = world()
        .source([
            user("ada").attribute("role", json!("Curator")).mail("new"),
            user("bob").attribute("role", json!("Artisan")),
            user("cy").attribute("unmasked", json!(true)),
            user("new").attribute("networks", json!(["10.0.0.0/8"])).attribute("role", json!("Viewer")),
        ])
        .target([user("ada").mail("old"), user("bob"), user("cy").attribute("unmasked", json!(false))]);
    assert_eq!(bench(gain.clone()).marks(), HELD);
    assert_eq!(
        bench(gain.clone()).story(),
        [
            r#"update user ada (changed) mail: "old" -> "new""#,
            r#"update user bob (changed) attributes.role: null -> "Artisan""#,
            "create user new (new)",
            "hold user ada: update (privileged)",
            "hold user cy: update (privileged)",
            "hold user new: create (privileged)",
        ]
    );
    let plan = bench(gain).review().plan();
    let made = plan.changes.iter().find(|change| change.name() == "new").unwrap().after().unwrap();
    let attributes = made.attributes.as_ref().unwrap();
    assert_eq!((attributes.get("networks"), attributes.get("role")), (None, Some(&json!("Viewer"))));
}

#[test]
fn whoever_is_on_the_list_gets_it_and_is_marked() {
    let gain = world().source([user("ada").attribute("role", json!("Curator"))]).target([user("ada")]);
    let allowed = bench(gain.clone()).limits(r#"privileged: { allow: { attributes.role: ["user:ada"] } }"#);
    assert_eq!(allowed.marks(), none());
    assert!(allowed.review().plan().changes[0].privileged);
    assert_eq!(bench(gain.clone()).limits(r#"privileged: { allow: { role: ["user:ada"] } }"#).marks(), HELD);
    assert_eq!(bench(gain).lift("privileged").marks(), none());
}

#[test]
fn to_lose_rights_needs_nobody_but_the_last_administrators_stay() {
    let lose = world()
        .source([user("ada").attribute("role", json!("Viewer")), user("bob").attribute("networks", json!([]))])
        .target([user("ada").attribute("role", json!("Curator")), user("bob")]);
    assert_eq!(bench(lose).marks(), ["admins: tripped"]);
}

#[test]
fn a_group_that_has_rights_by_a_value_is_privileged() {
    let join = world()
        .source([group("curators"), user("ada").groups(["curators"])])
        .target([group("curators").attribute("role", json!("Curator")), user("ada").groups([])]);
    assert_eq!(bench(join.clone()).story(), ["hold user ada: join curators (privileged)"]);
    let give = world().source([group("staff").attribute("role", json!("Curator"))]).target([group("staff")]);
    assert_eq!(bench(give).story(), ["hold group staff: update (privileged)"]);
    let leave = world().source([group("curators"), user("ada").groups([]), user("bob").groups(["curators"])]).target([
        group("curators").attribute("role", json!("Curator")),
        user("ada").groups(["curators"]),
        user("bob").groups(["curators"]),
    ]);
    assert_eq!(bench(leave).marks(), ["admins: tripped"]);
}

/// A value of its own goes before what the groups give, until it is taken back.
#[test]
fn whoever_is_left_to_a_privileged_group_gains_its_rights() {
    const OWN: &[Privilege] = &[
        Privilege { kind: Kind::User, attribute: "role", when: When::Is("Curator"), administrates: true },
        Privilege { kind: Kind::Group, attribute: "role", when: When::Is("Curator"), administrates: true },
        Privilege { kind: Kind::User, attribute: "role", when: When::Groups("Evaluated"), administrates: false },
    ];
    let curators = || group("curators").attribute("role", json!("Curator"));
    let there = |role: &str| user("ada").attribute("role", json!(role)).groups(["curators"]);
    let left = |role: &str, groups: [&str; 1]| {
        let world = World::file().can(|can| can.privileges = OWN);
        let wanted = user("ada").attribute("role", json!("Evaluated")).groups(groups);
        world.source([group("curators"), group("staff"), wanted]).target([curators(), group("staff"), there(role)])
    };
    let gain = bench(left("Viewer", ["curators"])).limits("admins: off");
    assert_eq!(gain.story(), ["hold user ada: update (privileged)"]);
    let reason = gain.review().plan().held[0].reason.clone();
    assert_eq!(reason, "it would set `attributes.role`, and have the rights of its privileged group by that");
    let listed = bench(left("Viewer", ["curators"]));
    let listed = listed.limits(r#"{ admins: off, privileged: { allow: { attributes.role: ["user:ada"] } } }"#);
    assert_eq!(listed.marks(), none());
    assert!(listed.review().plan().changes[0].privileged);
    assert_eq!(bench(left("Viewer", ["staff"])).limits("admins: off").marks(), none(), "it leaves the group");
    assert_eq!(bench(left("Curator", ["curators"])).marks(), none(), "it had them");
    // A Viewer in a group of Curators is no administrator, and so none that could be lost.
    assert_eq!(
        bench(left("Viewer", ["staff"])).measure(crate::guard::GuardName::Admins, ""),
        (Some(2), Some(0), Some(-2))
    );
}
