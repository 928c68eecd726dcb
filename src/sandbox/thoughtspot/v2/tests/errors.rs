use serde_json::{Value, json};

use super::support::{Cluster, client, refusal};
use crate::sandbox::RateLimit;
use crate::sandbox::thoughtspot::tests::support::{body, status};
use crate::sandbox::thoughtspot::v2::ErrorShape;

#[tokio::test]
async fn refusals_are_nested_as_live_clusters_do() {
    let cluster = Cluster::small().await;
    let ask = json!({"name": "x", "display_name": "X", "email": "x@x.test", "group_identifiers": ["nowhere"]});
    let (incident, error) = cluster.incident("users/create", &ask).await;
    assert_eq!(refusal(&error), (13_003, "no group is known as nowhere".to_owned()));
    let inner = &error["error"]["message"]["debug"];
    assert_eq!(inner["incident_id_guid"].as_str().map(str::to_owned), incident);
    assert!(inner["trace_id_guid"].is_string());
}

#[tokio::test]
async fn refusals_are_as_in_the_description_on_request() {
    let cluster = Cluster::small().await;
    cluster.switch(|switches| switches.error_shape = ErrorShape::Spec);
    let (status, error) = cluster.call("users/create", &json!({"email": "x@x.test"})).await;
    let inner = &error["error"]["message"];
    assert_eq!((status, &inner["code"], &inner["debug"]), (400, &json!(10_002), &json!("name is required")));
    let stranger = client().post(cluster.url("users/search")).json(&json!({}));
    let (status, error) = body(stranger).await;
    assert_eq!((status, &error["error"]["message"]["code"]), (401, &json!(10_097)));
}

#[tokio::test]
async fn the_gate_refuses_in_the_shape_of_each_interface() {
    let cluster = Cluster::small().await;
    let limit = RateLimit { per_second: 0, burst: 0 };
    let mut switches = cluster.emulator().switches();
    switches.rate_limit = Some(limit);
    cluster.emulator().set_switches(switches);
    assert_eq!(cluster.status("users/search", &json!({})).await, 200);
    let (status, error) = cluster.call("users/search", &json!({})).await;
    assert_eq!((status, refusal(&error).0), (429, 10_000));
    assert_eq!(cluster.v1("user/list").await["code"], 10_000);
}

#[tokio::test]
async fn faults_meet_v2_by_its_operations() {
    let cluster = Cluster::small().await;
    let inject = |fault: Value| cluster.emulator().inject(serde_json::from_value(fault).expect("a fault"));
    inject(json!({"on": "users/search", "fault": {"status": {"code": 503}}}));
    let (answered, error) = cluster.call("users/search", &json!({})).await;
    assert_eq!((answered, refusal(&error).1.as_str()), (503, "fault ordered: status 503"));
    inject(json!({"on": "users/search", "skip": 1, "fault": {"rewrite": {"members": {"record_offset": 0}}}}));
    let first = cluster.names("users/search", &json!({"record_size": 3})).await;
    let second = cluster.names("users/search", &json!({"record_size": 3, "record_offset": 3})).await;
    assert_eq!(first, second, "a page that is repeated");
    inject(json!({"on": "groups/eng/delete", "fault": "cutAfter"}));
    assert!(cluster.post("groups/eng/delete", &json!({})).send().await.is_err());
    assert!(cluster.state("eng").is_none(), "it was done, and the answer lost");
}

#[tokio::test]
async fn a_body_must_be_an_object_and_a_path_must_exist() {
    let cluster = Cluster::small().await;
    for ask in [json!([]), json!("x"), Value::Null] {
        assert_eq!(cluster.status("users/search", &ask).await, 400);
    }
    let bare = cluster.client.post(cluster.url("users/search")).bearer_auth(&cluster.token);
    assert_eq!(status(bare).await, 400, "even an empty search sends {{}}");
    let (answered, error) = cluster.call("users/nothing", &json!({})).await;
    assert_eq!((answered, refusal(&error).0), (404, 10_002));
    assert_eq!(status(cluster.get("users/search")).await, 405);
}

#[tokio::test]
async fn members_of_the_wrong_kind_are_refused_and_unknown_ones_have_no_effect() {
    let cluster = Cluster::small().await;
    for ask in [
        json!({"record_size": "ten"}),
        json!({"record_size": -2}),
        json!({"record_offset": -1}),
        json!({"org_identifiers": "0"}),
        json!({"org_identifiers": [7]}),
        json!({"sort_options": {"field_name": "SHOE_SIZE"}}),
        json!({"account_status": "ASLEEP"}),
        json!({"group_identifiers": ["nowhere"]}),
    ] {
        assert_eq!(cluster.status("users/search", &ask).await, 400, "{ask}");
    }
    assert_eq!(cluster.status("users/search", &json!({"record_sise": 3})).await, 200);
    assert_eq!(cluster.last().warnings, ["the member record_sise is unknown and has no effect"]);
}

#[tokio::test]
async fn no_secret_of_a_body_is_kept() {
    let cluster = Cluster::small().await;
    let new = json!({"name": "x", "display_name": "X", "email": "x@x.test", "password": "hunter-own"});
    assert_eq!(cluster.status("users/create", &new).await, 200);
    let ask = json!({"user_identifier": "x", "new_password": "hunter-new"});
    assert_eq!(cluster.status("users/reset-password", &ask).await, 204);
    let control = format!("{}/_sandbox/", cluster.sandbox.url("thoughtspot"));
    for page in ["journal", "state"] {
        let text = body(cluster.client.get(format!("{control}{page}"))).await.1.to_string();
        assert!(!text.contains("hunter") && !text.contains(&cluster.token), "{page}");
    }
}
