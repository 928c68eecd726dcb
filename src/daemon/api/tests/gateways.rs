//! A client of `ThoughtSpot` in front of a target that is none.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::{Answer, Office, asks, now, token};
use crate::config::Role;
use crate::connector::PushedList;

const BASE: &str = "/targets/app/callosum/v1/tspublic/v1";

fn form(parts: &[(&str, &str)]) -> (String, String) {
    let part = |(name, text): &(&str, &str)| {
        let file = if *name == "principals" { "; filename=\"p.json\"\r\nContent-Type: text/json" } else { "" };
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n")
    };
    (format!("{}--b--\r\n", parts.iter().map(part).collect::<String>()), "multipart/form-data; boundary=b".into())
}

async fn sync(office: &Office, role: Role, parts: &[(&str, &str)]) -> Answer {
    let (body, kind) = form(parts);
    let request = asks("POST", &format!("{BASE}/user/sync"), Some(role)).header("content-type", kind);
    office.call(request.body(Body::from(body)).unwrap()).await
}

/// The list of the vendor's page.
fn vendor() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/vendor-principals.json")).unwrap()
}

/// What `debug` says, line by line.
fn debug(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    assert_eq!(body["code"], 10_002, "{body}");
    serde_json::from_str(body["debug"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_client_signs_in_with_a_token_and_out_again() {
    let office = Office::new().await;
    let login = |name: &str, password: &str| {
        let form = format!("username={name}&password={password}&rememberme=true");
        let request = Request::post(format!("{BASE}/session/login")).header("host", "x");
        request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(form)).unwrap()
    };
    for (name, password) in [("the-operator", "wrong"), ("the-viewer", &token(Role::Operator)), ("", "")] {
        let answer = office.call(login(name, password)).await.is(401);
        assert!(debug(&answer)[0].contains("the password is the token"));
    }
    let cookie =
        office.call(login("the-operator", &token(Role::Operator))).await.is(204).header("set-cookie").to_owned();
    assert!(cookie.contains("; Path=/targets/app/callosum; HttpOnly; SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let with = |path: &str| Request::get(format!("{BASE}{path}")).header("host", "x").header("cookie", cookie);
    let info = office.call(with("/session/info").body(Body::empty()).unwrap()).await.is(200).json();
    assert_eq!((&info["userName"], &info["privileges"]), (&json!("the-operator"), &json!(["ADMINISTRATION"])));
    office.call(with("/user/list").body(Body::empty()).unwrap()).await.is(200);
    let elsewhere = with("/user/list").uri("/targets/other/callosum/v1/tspublic/v1/user/list");
    office.call(elsewhere.body(Body::empty()).unwrap()).await.is(401);
    office.call(with("/session/logout").method("POST").body(Body::empty()).unwrap()).await.is(204);
    office.call(with("/user/list").body(Body::empty()).unwrap()).await.is(401);
}

#[tokio::test]
async fn a_rehearsal_says_what_would_become_of_a_list_and_leaves_nothing_behind() {
    let office = Office::new().await;
    let told = sync(&office, Role::Operator, &[("principals", &vendor())]).await.is(200);
    let expected = json!({
        "usersAdded": ["test1", "test2"], "usersDeleted": [], "usersUpdated": [],
        "groupsAdded": ["Customer Success", "Marketing"], "groupsDeleted": [], "groupsUpdated": [],
    });
    assert_eq!(told.json(), expected);
    assert_eq!(office.target("app"), json!([]));
    assert!(office.desk.store().pushed("hr").await.unwrap().is_none(), "no schedule will carry it out");
    let report = office.get(Role::Auditor, &format!("/api/v1/runs/{}/report", told.header("x-rollcall-run"))).await;
    assert_eq!(report.is(200).json()["requestedBy"]["who"], "the-operator");
}

#[tokio::test]
async fn a_list_is_carried_out_and_everybody_is_in_no_group_called_all() {
    let office = Office::new().await;
    office.works();
    let parts =
        [("removeDelete", "True"), ("applyChanges", "True"), ("password", "Welcome-1"), ("principals", &vendor())];
    let done = sync(&office, Role::Operator, &parts).await.is(200);
    assert_eq!(done.json()["usersAdded"], json!(["test1", "test2"]));
    let names: Vec<Value> = office.target("app").as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["Customer Success", "Marketing", "test1", "test2"], "and no `All`");
    let listed = office.get(Role::Auditor, &format!("{BASE}/user/list")).await.is(200).json();
    assert_eq!(listed[2]["groupNames"], json!(["Customer Success", "Marketing"]));
    let fewer = r#"[{"name":"Customer Success","principalTypeEnum":"LOCAL_GROUP"},{"name":"Marketing","principalTypeEnum":"LOCAL_GROUP"},
        {"name":"test1","displayName":"Test One"},{"name":"test3","displayName":"Test Three"}]"#;
    let kept = sync(&office, Role::Operator, &[("principals", fewer), ("applyChanges", "true")]).await.is(200);
    assert_eq!((&kept.json()["usersDeleted"], &kept.json()["usersAdded"]), (&json!([]), &json!(["test3"])));
    assert_eq!(office.target("app").as_array().unwrap().len(), 5, "a flag that is left out is false");
}

#[tokio::test]
async fn a_refused_run_is_an_error_and_never_empty_arrays() {
    let office = Office::new().await;
    office.works();
    let (many, few) = many_and_few();
    sync(&office, Role::Operator, &[("principals", &many), ("applyChanges", "true")]).await.is(200);
    for apply in ["true", "false"] {
        let parts = [("principals", few), ("applyChanges", apply), ("removeDeleted", "true")];
        let refused = sync(&office, Role::Operator, &parts).await.is(422);
        assert!(debug(&refused)[0].contains("the guard refused run"), "{}", refused.text());
        assert!(debug(&refused)[0].contains("removals"), "{}", refused.text());
    }
    assert_eq!(office.target("app").as_array().unwrap().len(), 30);
    std::fs::write(office.folder.path().join("app.json"), "[").unwrap();
    let failed = sync(&office, Role::Operator, &[("principals", few), ("applyChanges", "true")]).await.is(500);
    assert!(debug(&failed)[0].contains("failed: "), "{}", failed.text());
    office.get(Role::Auditor, &format!("{BASE}/user/list")).await.is(502);
}

#[tokio::test]
async fn what_a_client_cannot_mean_is_refused() {
    let office = Office::new().await;
    let wrong = |parts: Vec<(&'static str, &'static str)>| {
        let office = &office;
        async move { sync(office, Role::Operator, &parts).await }
    };
    let missing = wrong(vec![("applyChanges", "true")]).await.is(400);
    assert_eq!(debug(&missing), ["part `principals` is missing"]);
    let flag = wrong(vec![("principals", "[]"), ("applyChanges", "yes")]).await.is(400);
    assert_eq!(debug(&flag), ["part `applyChanges`: expected `true` or `false`"]);
    wrong(vec![("principals", "[]"), ("principals", "[]")]).await.is(400);
    let list =
        wrong(vec![("principals", r#"[{"name":"All","principalTypeEnum":"LOCAL_GROUP"},{"mail":"x"}]"#)]).await.is(400);
    assert_eq!(debug(&list)[1], "principals[1]: `name` is missing or blank", "by its own number");
    let form = asks("POST", &format!("{BASE}/user/sync"), Some(Role::Operator))
        .header("content-type", "application/x-www-form-urlencoded");
    office.call(form.body(Body::from("applyChanges=false")).unwrap()).await.is(415);
    let nowhere = asks("GET", "/targets/other/callosum/v1/tspublic/v1/user/list", Some(Role::Operator));
    office.call(nowhere.body(Body::empty()).unwrap()).await.is(404);
    let empty = r#"[{"name":"All","principalTypeEnum":"LOCAL_GROUP"}]"#;
    for nobody in ["[]", empty] {
        let refused = wrong(vec![("principals", nobody), ("removeDeleted", "true")]).await.is(400);
        assert!(debug(&refused)[0].contains("an empty list is taken for a mistake"), "{}", refused.text());
    }
}

/// Thirty people, and the only one of them who is left: more than the guard lets go.
fn many_and_few() -> (String, &'static str) {
    let many = (0..30).map(|number| json!({ "name": format!("u{number:02}"), "displayName": "U" }));
    (Value::from(many.collect::<Vec<_>>()).to_string(), r#"[{"name":"u00","displayName":"U"}]"#)
}

#[tokio::test]
async fn a_list_that_was_refused_or_failed_is_nobodys() {
    let office = Office::new().await;
    office.works();
    let (many, few) = many_and_few();
    let kept = || async { office.desk.store().pushed("hr").await.unwrap().map(|list| list.text.to_string()) };
    let app = office.folder.path().join("app.json");
    std::fs::write(&app, "[").unwrap();
    sync(&office, Role::Operator, &[("principals", few), ("applyChanges", "true")]).await.is(500);
    assert_eq!(kept().await, None, "there was none before, and there is none");
    std::fs::remove_file(&app).unwrap();
    sync(&office, Role::Operator, &[("principals", &many), ("applyChanges", "true")]).await.is(200);
    let before = kept().await;
    let parts = [("principals", few), ("applyChanges", "true"), ("removeDeleted", "true")];
    sync(&office, Role::Operator, &parts).await.is(422);
    assert!(before.is_some() && kept().await == before, "the one before still stands");
    let run = office.post(Role::Operator, "/api/v1/syncs/hr-to-app/runs", &json!({ "applyChanges": true })).await;
    assert_eq!(office.end(run.is(202).header("location")).await["exitCode"], 0, "and its runs are not refused");
    let other = many.replace("u29", "u30");
    sync(&office, Role::Operator, &[("principals", &other), ("applyChanges", "true")]).await.is(200);
    assert!(kept().await.is_some_and(|text| text.contains("u30")), "what was done is kept");
}

#[tokio::test]
async fn another_list_that_comes_meanwhile_is_neither_carried_out_nor_lost() {
    let office = Arc::new(Office::new().await);
    let calling = {
        let office = Arc::clone(&office);
        let parts = [("principals", r#"[{"name":"ada"}]"#), ("applyChanges", "true")];
        tokio::spawn(async move { sync(&office, Role::Operator, &parts).await })
    };
    while office.desk.load().0 == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // As another replica does.
    let (text, digest) = (r#"[{"name":"bob"}]"#, "sha256:other".to_owned());
    let other = PushedList { text: text.into(), digest, received: now(), sender: "elsewhere".into() };
    office.desk.store().keep_pushed("hr", &other, None).await.unwrap();
    office.works();
    let refused = calling.await.unwrap().is(409);
    assert_eq!(debug(&refused), ["another list was given to source `hr` meanwhile; nothing was written"]);
    assert_eq!(office.target("app"), json!([]));
    assert_eq!(&*office.desk.store().pushed("hr").await.unwrap().unwrap().text, text);
    let run = office.get(Role::Operator, "/api/v1/runs").await.json()["runs"][0].clone();
    assert_eq!((&run["status"], &run["exitCode"]), (&json!("stale"), &json!(5)), "{run}");
    let again = [("principals", r#"[{"name":"ada"}]"#), ("applyChanges", "true")];
    sync(&office, Role::Operator, &again).await.is(200);
}

#[tokio::test]
async fn a_stranger_does_not_learn_which_targets_there_are() {
    let office = Office::new().await;
    let form = "username=the-operator&password=wrong";
    let calls = [
        ("GET", "session/info", ""),
        ("GET", "user/list", ""),
        ("POST", "user/sync", ""),
        ("POST", "session/login", form),
    ];
    for (method, call, body) in calls {
        let mut answers = Vec::new();
        // One with a gateway, one without, and none at all.
        for target in ["app", "other", "none"] {
            let request = asks(method, &format!("/targets/{target}/callosum/v1/tspublic/v1/{call}"), None);
            let answer = office.call(request.body(Body::from(body)).unwrap()).await.is(401);
            let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            answers.push((debug(&answer), names));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{call}: {answers:?}");
    }
}
