//! Asking for runs, and following them.

use serde_json::json;

use super::Office;
use crate::config::Role;
use crate::daemon::DeskError;

#[tokio::test]
async fn a_run_is_asked_for_followed_to_its_end_and_read_again() {
    let office = Office::new().await;
    let asked = office.works().post(Role::Operator, "/api/v1/syncs/people-to-other/runs", &json!({})).await.is(202);
    let place = asked.header("location").to_owned();
    assert_eq!(place, format!("/api/v1/runs/{}", asked.json()["run"].as_str().unwrap()));
    let end = office.end(&place).await;
    assert_eq!((&end["exitCode"], &end["status"], &end["command"]), (&json!(0), &json!("done"), &json!("apply")));
    assert_eq!(end["requestedBy"]["who"], "the-operator");
    assert_eq!(office.target("other").as_array().unwrap().len(), 2);
    let report = office.get(Role::Auditor, &format!("{place}/report")).await.is(200).json();
    assert_eq!((&report["schema"], report["changes"].as_array().unwrap().len()), (&json!("rollcall.report/v1"), 2));
    let plan = office.get(Role::Auditor, &format!("{place}/plan?format=json")).await.is(200).json();
    assert_eq!(plan["schema"], "rollcall.plan/v1");
    let text = office.get(Role::Auditor, &format!("{place}/report?format=text")).await.is(200);
    assert!(text.text().contains("ada") && !text.text().contains('\u{1b}'), "{}", text.text());
    assert!(office.get(Role::Auditor, &format!("{place}/report?format=diff")).await.is(200).text().contains('+'));
    assert_eq!(office.get(Role::Auditor, &format!("{place}/report?format=pdf")).await.problem().0, 400);
    let syncs = office.get(Role::Viewer, "/api/v1/syncs/people-to-other").await.is(200).json();
    assert_eq!(syncs["lastRun"]["status"], "done");
    assert_eq!(syncs["schedule"]["cron"], "0 6 * * *");
}

#[tokio::test]
async fn a_viewer_sees_counts_and_nothing_of_persons() {
    let office = Office::new().await;
    let asked = office.works().post(Role::Operator, "/api/v1/syncs/people-to-other/runs", &json!({})).await.is(202);
    let place = asked.header("location").to_owned();
    office.end(&place).await;
    std::fs::remove_file(office.folder.path().join("people.json")).unwrap();
    let failed = office.post(Role::Operator, "/api/v1/syncs/people-to-other/runs", &json!({})).await.is(202);
    let failed = failed.header("location").to_owned();
    assert!(office.end(&failed).await["error"].as_str().unwrap().contains("people.json"));
    for path in [&place, &failed, "/api/v1/runs", "/api/v1/syncs"] {
        let seen = office.get(Role::Viewer, path).await.is(200).text();
        for secret in ["ada", "the-operator", "people.json", "requestedBy", "\"error\""] {
            assert!(!seen.contains(secret), "{path} tells a viewer {secret}: {seen}");
        }
    }
    let counts = office.get(Role::Viewer, &place).await.json();
    assert_eq!(counts["summary"]["users"]["create"], 2);
    let listed = office.get(Role::Auditor, "/api/v1/runs?status=failed").await.json();
    assert_eq!(listed["runs"].as_array().unwrap().len(), 1);
    assert_eq!(office.get(Role::Auditor, "/api/v1/runs?limit=1").await.json()["runs"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_run_may_be_asked_to_do_less_and_only_by_an_operator_to_do_more() {
    let office = Office::new().await;
    office.works();
    let path = "/api/v1/syncs/people-to-other/runs";
    let asked = office.post(Role::Approver, path, &json!({ "applyChanges": false })).await.is(202);
    let end = office.end(asked.header("location")).await;
    assert_eq!((&end["command"], &end["exitCode"]), (&json!("plan"), &json!(0)));
    assert_eq!(office.target("other"), json!([]), "it has only looked");
    let more = json!({ "removeDeleted": true });
    assert_eq!(office.post(Role::Approver, path, &more).await.problem(), (403, "forbidden".into()));
    office.post(Role::Operator, path, &more).await.is(202);
    let asked = office.post(Role::Operator, path, &json!({ "only": ["user:ada"] })).await.is(202);
    assert_eq!(office.end(asked.header("location")).await["exitCode"], 0);
}

#[tokio::test]
async fn what_is_not_understood_is_refused() {
    let office = Office::new().await;
    let path = "/api/v1/syncs/people-to-other/runs";
    for wrong in [json!({ "aplyChanges": true }), json!({ "only": ["ada"] }), json!([]), json!({ "only": "user:ada" })]
    {
        assert_eq!(office.post(Role::Operator, path, &wrong).await.problem(), (400, "bad-request".into()), "{wrong}");
    }
    let many: Vec<_> = (0..1_001).map(|number| format!("user:{number}")).collect();
    assert_eq!(office.post(Role::Operator, path, &json!({ "only": many })).await.problem().0, 400);
    let long = json!({ "only": ["x".repeat(70_000)] });
    assert_eq!(office.post(Role::Operator, path, &long).await.problem(), (413, "too-large".into()));
    let answer = office.post(Role::Operator, "/api/v1/syncs/none/runs", &json!({})).await;
    assert_eq!(answer.problem(), (404, "not-found".into()));
}

#[tokio::test]
async fn a_run_that_waits_can_be_seen_and_a_daemon_that_stops_takes_nothing_new() {
    let office = Office::new().await;
    let path = "/api/v1/syncs/people-to-other/runs";
    let asked = office.post(Role::Operator, path, &json!({})).await.is(202);
    let place = asked.header("location").to_owned();
    let waiting = office.get(Role::Viewer, &place).await.is(200).json();
    assert_eq!(waiting["stage"], "waiting");
    let again = office.post(Role::Operator, path, &json!({})).await.is(202).json();
    assert_eq!((&again["merged"], &again["run"]), (&json!(true), &asked.json()["run"]));
    let seen = waiting["version"].as_str().unwrap();
    let news = format!("{place}/events?wait=30&seen={seen}");
    let (told, ()) = tokio::join!(office.get(Role::Viewer, &news), async {
        tokio::task::yield_now().await;
        office.desk.stop();
    });
    assert_eq!(told.json()["stage"], "dropped");
    let refused = office.post(Role::Operator, path, &json!({})).await;
    assert_eq!(refused.problem(), (503, "stopping".into()));
    assert_eq!(refused.header("retry-after"), "10");
    assert_eq!(DeskError::Stopping.to_string(), "the daemon is stopping");
}
