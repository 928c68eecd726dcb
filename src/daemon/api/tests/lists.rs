//! Lists that are pushed.

use axum::body::Body;
use serde_json::json;

use super::{Office, asks};
use crate::config::Role;
use crate::store::Store;

const PATH: &str = "/api/v1/sources/hr/principals";
const RUNS: &str = "/api/v1/syncs/hr-to-app/runs";

#[tokio::test]
async fn a_list_counts_until_the_next_one() {
    let office = Office::new().await;
    office.works();
    let run = office.post(Role::Operator, RUNS, &json!({})).await.is(202);
    let failed = office.end(run.header("location")).await;
    assert_eq!(failed["exitCode"], 1);
    assert!(failed["error"].as_str().unwrap().contains("no list was pushed yet"), "{failed}");
    let list = json!([{ "name": "ada" }, { "name": "staff", "principalTypeEnum": "LOCAL_GROUP" }]);
    let taken = office.post(Role::Operator, PATH, &list).await.is(200).json();
    assert_eq!(
        (&taken["users"], &taken["groups"], &taken["received"]),
        (&json!(1), &json!(1), &json!("2026-01-02T03:04:05.000Z"))
    );
    let run = office.post(Role::Operator, RUNS, &json!({ "applyChanges": true })).await.is(202);
    assert_eq!(office.end(run.header("location")).await["exitCode"], 0);
    assert_eq!(office.target("app").as_array().unwrap().len(), 2);
    office.post(Role::Operator, PATH, &json!([{ "name": "bob" }])).await.is(200);
    let run = office.post(Role::Operator, RUNS, &json!({ "applyChanges": false })).await.is(202);
    office.end(run.header("location")).await;
    let report = office.get(Role::Auditor, &format!("{}/report", run.header("location"))).await.json();
    assert_eq!(report["changes"][0]["name"], "bob");
    assert_eq!(report["changes"][0]["origin"], "pushed to hr:1");
    assert_eq!(report["sources"][0]["dataAge"], 0, "{}", report["sources"]);
}

#[tokio::test]
async fn a_list_outlives_the_process_without_its_passwords() {
    let office = Office::new().await;
    let list = json!([{ "name": "ada", "password": "hunter2" }]);
    office.post(Role::Operator, PATH, &list).await.is(200);
    let known = office.desk.store().pushed("hr").await.unwrap().unwrap();
    assert!(known.text.contains("hunter2"), "this process can still give it to a new user");
    assert_eq!(known.sender, "the-operator");
    let path = office.folder.path().join("rollcall.db");
    let other = Store::open(&path).await.unwrap();
    let kept = other.pushed("hr").await.unwrap().unwrap();
    assert_eq!(&*kept.text, r#"[{"name":"ada"}]"#);
    assert_eq!((kept.digest, kept.received), (known.digest, super::now()));
    other.close().await;
}

#[tokio::test]
async fn a_list_that_cannot_be_used_changes_nothing() {
    let office = Office::new().await;
    office.post(Role::Operator, PATH, &json!([{ "name": "ada" }])).await.is(200);
    let wrong = office
        .post(Role::Operator, PATH, &json!([{ "name": "bob" }, { "name": "" }, { "name": "c", "mial": 1 }]))
        .await;
    assert_eq!(wrong.problem(), (400, "invalid-list".into()));
    assert_eq!(wrong.json()["errors"][0], json!({ "index": 1, "reason": "`name` is missing or blank" }));
    assert_eq!(wrong.json()["errors"][1]["index"], 2);
    for text in ["", "{}", "[{\"name\":\"bob\"}", "[]x", "[]"] {
        let request = asks("POST", PATH, Some(Role::Operator)).header("content-type", "application/json");
        let answer = office.call(request.body(Body::from(text)).unwrap()).await;
        assert_eq!(answer.problem(), (400, "invalid-list".into()), "{text}");
    }
    let zipped = asks("POST", PATH, Some(Role::Operator))
        .header("content-type", "application/json")
        .header("content-encoding", "gzip");
    assert_eq!(office.call(zipped.body(Body::from("x")).unwrap()).await.problem().0, 415);
    let kept = office.desk.store().pushed("hr").await.unwrap().unwrap();
    assert_eq!(&*kept.text, r#"[{"name":"ada"}]"#);
    for source in ["people", "none"] {
        let path = format!("/api/v1/sources/{source}/principals");
        assert_eq!(office.post(Role::Operator, &path, &json!([])).await.problem(), (404, "not-found".into()));
    }
}
