//! What is held, and what is noted, before anything is asked of the server.

use serde_json::json;

use super::super::judge::judge;
use super::{group, user};
use crate::connector::Judgement;
use crate::plan::{Action, Change, Coverage, Detail, Field, FieldChange, ReasonCode};
use crate::principal::{Attributes, Principal};

fn reason(judgement: Judgement) -> String {
    match judgement {
        Judgement::Cannot(reason) => reason,
        other => panic!("{other:?}"),
    }
}

fn removed(action: Action, before: Principal) -> Change {
    let whole = Coverage::proved("read").whole().expect("a whole reading");
    Change::remove(whole, action, ReasonCode::Gone, before, Detail::default())
}

#[test]
fn a_user_whose_name_is_no_address_is_held_with_advice() {
    let told = reason(judge(&Change::create(user("ana"), None), false));
    assert!(told.contains("`ana`") && told.contains("users.set.name: \"{{ mail }}\""), "{told}");
    assert_eq!(judge(&Change::create(user("ana@example.org"), None), false), Judgement::Fine);
    assert_eq!(judge(&Change::create(group("ana"), None), false), Judgement::Fine);
    let detail = Detail { new_name: Some("una".into()), ..Detail::default() };
    let rename = Change::edit(Action::Rename, ReasonCode::Renamed, user("ana@example.org"), detail, None);
    assert!(reason(judge(&rename, false)).contains("`una`"));
}

#[test]
fn a_value_that_the_server_has_not_is_held_and_a_cleared_one_is_not() {
    let mut ana = user("ana@example.org");
    ana.attributes = Some(Box::new(Attributes::from_iter([("role".into(), json!("Admin"))])));
    assert!(reason(judge(&Change::create(ana, None), false)).contains("`role`"));
    let update = |to: serde_json::Value| {
        let field = FieldChange::new(Field::Attribute("canScheduleJobs".into()), json!(true), to);
        let detail = Detail { fields: vec![field], ..Detail::default() };
        Change::edit(Action::Update, ReasonCode::Changed, user("ana@example.org"), detail, None)
    };
    assert!(matches!(judge(&update(json!("yes")), false), Judgement::Cannot(_)));
    assert_eq!(judge(&update(serde_json::Value::Null), false), Judgement::Fine);
}

#[test]
fn a_group_that_goes_says_what_goes_with_it() {
    let mut finance = group("Finance");
    finance.extra = Some(r#""credentialIds":["c1","c2"],"connectionIds":["d1"]"#.into());
    let delete = removed(Action::Delete, finance.clone());
    let note = |force| match judge(&delete, force) {
        Judgement::Note(note) => note,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        note(false),
        "group `Finance` goes for good: `undo` brings back neither the credentials and connections shared with it (it \
         has credentialIds c1, c2, connectionIds d1) nor its rights on collections"
    );
    assert!(note(true).starts_with("group `Finance` goes for good, with its members in it (`forceDelete`): "));
    finance.extra = None;
    assert_eq!(judge(&removed(Action::Delete, finance), true), Judgement::Fine, "a saved plan has its note already");
}

#[test]
fn a_deactivation_says_that_memberships_go() {
    let note = judge(&removed(Action::Disable, user("eve@example.org")), false);
    assert!(matches!(note, Judgement::Note(note) if note.contains("loses every membership")));
    assert_eq!(judge(&removed(Action::Delete, user("eve@example.org")), false), Judgement::Fine);
}
