use serde_json::{Value, json};

use crate::targets::thoughtspot::error_body::ErrorBody;
use crate::targets::thoughtspot::v2::access::meant;
use crate::targets::thoughtspot::v2::wire::{GroupRow, SessionUser, SystemInfo, UserRow};

fn told(body: &Value) -> Option<ErrorBody> {
    ErrorBody::read(body.to_string().as_bytes())
}

#[test]
fn refusals_are_read_in_the_shape_of_the_description_and_of_live_clusters() {
    let spec = json!({"error": {"message": {"code": 10002, "incident_id_guid": "i", "debug": "Invalid parameter"}}});
    let live = json!({"error": {"message": {"debug": {
        "code": 13003, "incident_id_guid": "i", "trace_id_guid": "t", "debug": "[\"no such user\",\"\"]"}}}});
    let plain = json!({"error": {"message": "something is wrong"}});
    assert_eq!(
        told(&spec).unwrap(),
        ErrorBody { code: Some(10_002), text: "Invalid parameter (code 10002, incident i)".into() }
    );
    assert_eq!(
        told(&live).unwrap(),
        ErrorBody { code: Some(13_003), text: "no such user (code 13003, incident i)".into() }
    );
    assert_eq!(told(&plain).unwrap(), ErrorBody { code: None, text: "something is wrong".into() });
    for nothing in [json!({"error": {}}), json!({"error": {"message": {"code": 1}}}), json!([]), json!({"error": null})]
    {
        assert_eq!(told(&nothing), None, "{nothing}");
    }
}

#[test]
fn nearly_everything_may_be_null_or_missing() {
    let bare: UserRow = serde_json::from_value(json!({"id": "1", "name": "ada"})).unwrap();
    assert!(bare.user_groups.is_none() && bare.orgs.is_none() && bare.display_name.is_none());
    let nulls: UserRow = serde_json::from_value(json!({"id": "1", "name": "ada", "display_name": null, "email": null,
        "visibility": null, "account_type": null, "account_status": null, "user_groups": null, "orgs": null,
        "super_user": null, "system_user": null, "something_new": {"a": 1}}))
    .unwrap();
    assert!(nulls.email.is_none() && nulls.system_user.is_none());
    let group: GroupRow = serde_json::from_value(json!({"id": "1", "name": "g", "type": null, "sub_groups": null,
        "orgs": null, "privileges": null, "system_group": null, "description": null}))
    .unwrap();
    assert!(group.sub_groups.is_none());
    assert!(serde_json::from_value::<UserRow>(json!({"name": "ada"})).is_err(), "a row without a GUID is none");
    let system: SystemInfo = serde_json::from_value(json!({"release_version": null})).unwrap();
    assert!(system.release_version.is_none());
}

#[test]
fn the_number_of_an_org_is_a_number_or_a_text() {
    let org = |id: Value| serde_json::from_value::<GroupRow>(json!({"id": "1", "name": "g", "orgs": [{"id": id}]}));
    for id in [json!(3), json!("3")] {
        assert_eq!(org(id).unwrap().orgs.unwrap()[0].id, 3);
    }
    for odd in [json!("three"), json!(-1), json!(null), json!(true)] {
        assert!(org(odd.clone()).is_err(), "{odd}");
    }
}

#[test]
fn a_session_in_another_org_than_the_one_that_is_meant_is_told() {
    let user = |org: Value| -> SessionUser {
        serde_json::from_value(json!({"id": "1", "name": "a", "current_org": org})).unwrap()
    };
    let here = |org| user(json!({"id": org, "name": "X"}));
    assert_eq!(meant(Some(1), &here(1)), Ok(Some(1)));
    assert_eq!(meant(None, &here(0)), Ok(Some(0)), "the primary org, where none is named");
    assert_eq!(meant(None, &user(Value::Null)), Ok(None), "a cluster without orgs");
    assert_eq!(meant(Some(1), &here(0)).unwrap_err(), "the sign-in is for org 0 `X`, and org 1 is meant");
    assert!(meant(None, &here(4)).unwrap_err().contains("org 0 is meant"));
    assert!(meant(Some(1), &user(Value::Null)).unwrap_err().contains("for no org"));
}
