use serde_json::{Value, json};

use crate::principal::Attributes;
use crate::targets::curator::wire::{
    GroupRow, Mention, UserRow, Verdict, group_row, not_found, rows, table, user_row, verdict,
};

fn mention(id: Option<&str>, name: Option<&str>) -> Mention {
    Mention { id: id.map(Into::into), name: name.map(Into::into) }
}

fn users(answer: Value) -> Result<Vec<UserRow>, String> {
    table(answer, "users", user_row)
}

fn groups(answer: Value) -> Result<Vec<GroupRow>, String> {
    table(answer, "groups", group_row)
}

#[test]
fn a_list_is_found_in_every_envelope_of_the_vendors_samples() {
    let row = json!({"id": 7, "name": "ada"});
    let told = [
        json!([row]),
        json!({"result": "Success", "msg": [row]}),
        json!({"status": "success", "users": [row]}),
        json!({"users": [row], "groups": []}),
        json!({"result": "Success", "msg": {"users": [row]}}),
        json!({"7": row}),
        json!({"result": "SUCCESS", "msg": {"7": row}}),
        json!({"data": [row]}),
    ];
    for answer in told {
        let read = users(answer.clone()).unwrap_or_else(|why| panic!("{answer}: {why}"));
        assert_eq!((read.len(), read[0].name.as_str(), read[0].id.as_deref()), (1, "ada", Some("7")), "{answer}");
    }
}

#[test]
fn what_is_no_list_is_an_error_and_never_an_empty_one() {
    for (answer, why) in [
        (json!({"result": "Error", "msg": "Invalid API key"}), "the answer is a failure: Invalid API key"),
        (json!({"result": "Queued", "msg": []}), "neither a success nor a list"),
        (json!({"message": "Server Error", "exception": "E"}), "the answer is a failure: Server Error"),
        (json!({"result": "Success", "msg": "0 users"}), "holds no list"),
        (json!({"result": "Success", "msg": 0}), "holds no list"),
        (json!({"people": []}), "holds no list of users, but: people"),
        (json!("nothing"), "holds no list"),
        (json!([{"id": 7}]), "row 1: it has no user name"),
        (json!([{"name": ""}]), "row 1: its name is empty"),
        (json!([{"name": ["ada"]}]), "row 1: `name` is no text"),
        (json!(["ada", null]), "row 2: it is no object"),
        (json!([{"name": "ada", "groups": "Finance"}]), "row 1: `groups` is no list"),
        (json!([{"name": "ada", "groups": [{}]}]), "row 1: `groups` holds something without a name"),
    ] {
        let told = users(answer.clone()).expect_err(&answer.to_string());
        assert!(told.contains(why), "{answer}: {told}");
    }
    assert_eq!(users(json!([])), Ok(Vec::new()));
    assert_eq!(users(json!({})), Ok(Vec::new()), "PHP prints either for nothing");
}

#[test]
fn a_user_is_read_by_every_name_that_its_members_may_have() {
    let expected = UserRow {
        id: Some("7".into()),
        name: "ada".into(),
        mail: Some("ada@x.test".into()),
        full_name: Some("Ada".into()),
        groups: Some(vec![mention(Some("30"), Some("Finance"))]),
    };
    for row in [
        json!({"id": 7, "name": "ada", "email": "ada@x.test", "full_name": "Ada", "groups": [{"id": 30, "name": "Finance"}]}),
        json!({"user_id": "7", "username": "ada", "mail": "ada@x.test", "display_name": "Ada",
            "groups": [{"group_id": 30, "title": "Finance"}]}),
        json!({"id": 7, "login": "ada", "email": "ada@x.test", "full_name": "Ada", "groups": {"30": {"name": "Finance"}}}),
    ] {
        assert_eq!(users(json!([row])).unwrap(), std::slice::from_ref(&expected), "{row}");
    }
    let both = json!([{"username": "ada", "name": "Ada Lovelace", "display_name": "Ada"}]);
    assert_eq!(users(both).unwrap()[0].name, "ada", "a user name goes before a name");
    let bare = users(json!(["ada", {"name": "bob", "email": null, "groups": null}])).unwrap();
    assert_eq!((bare[0].mail.as_deref(), bare[1].mail.as_deref()), (None, Some("")), "untold, and told to be empty");
    assert_eq!(bare[1].groups, None, "null tells nothing");
    let named = users(json!([{"name": "ada", "groups": ["Finance", 30]}])).unwrap();
    assert_eq!(named[0].groups, Some(vec![mention(None, Some("Finance")), mention(Some("30"), None)]));
}

#[test]
fn a_group_is_read_with_its_attributes_and_attached_groups() {
    let rows = json!([
        {"id": 30, "name": "Finance", "users": [{"id": 7, "name": "ada"}], "custom_attributes": {"region": "north"}},
        {"id": 31, "title": "Sales", "members": ["ada"], "custom_attributes": [],
            "metadata": [{"thoughtspot_group": "Europe|||1"}]},
        {"id": 32, "name": "Plain", "platforms": {"tableau": [], "thoughtspot": []}},
    ]);
    let read = groups(rows).unwrap();
    assert_eq!(read[0].members, Some(vec![mention(Some("7"), Some("ada"))]));
    assert_eq!(read[0].attributes.as_ref().and_then(|all| all.get("region")), Some(&json!("north")));
    assert_eq!((read[1].name.as_str(), read[1].attributes.as_ref().map(Attributes::len)), ("Sales", Some(0)));
    assert_eq!((read[2].members.as_ref(), read[2].attributes.as_ref()), (None, None));
    assert_eq!(read.iter().map(|row| row.has_platforms).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn an_answer_says_success_failure_something_else_or_nothing() {
    for (answer, expected) in [
        (json!({"result": "Success", "msg": 0}), Verdict::Success),
        (json!({"status": "success"}), Verdict::Success),
        (json!({"result": "Error", "msg": "User not found"}), Verdict::Refused("User not found".into())),
        (json!({"success": false, "message": "no"}), Verdict::Refused("no".into())),
        (json!({"error": "Unauthenticated."}), Verdict::Refused("Unauthenticated.".into())),
        (json!({"result": "Partial", "msg": "some"}), Verdict::Odd("`partial`: some".into())),
        (json!({"status": 200}), Verdict::Silent),
        (json!({"error": null, "errors": []}), Verdict::Silent),
        (json!([]), Verdict::Silent),
    ] {
        assert_eq!(verdict(&answer), expected, "{answer}");
    }
}

#[test]
fn platform_groups_that_were_not_found_are_read_in_both_spellings() {
    let told = json!({"tableauGroupsNotFound": "Analysts", "thoughtspotGroupsNotFound": ""});
    assert_eq!(not_found(&told).unwrap(), "Tableau has no group Analysts");
    let told = json!({"tableauGroupsNotFound": "", "thoughspotGroupsNotFound": "Asia, Mars"});
    assert_eq!(not_found(&told).unwrap(), "ThoughtSpot has no group Asia, Mars");
    let told = json!({"tableauGroupsNotFound": ["A"], "thoughtspotGroupsNotFound": ["B", "C"]});
    assert_eq!(not_found(&told).unwrap(), "Tableau has no group A; ThoughtSpot has no group B, C");
    assert_eq!(not_found(&json!({"tableauGroupsNotFound": "", "thoughtspotGroupsNotFound": null})), None);
}

#[test]
fn permissions_come_under_a_status() {
    let told = json!({"status": "Success", "permissions": ["InterWorks.portal.api_keys"]});
    assert_eq!(rows(told, "permissions").unwrap().len(), 1);
}
