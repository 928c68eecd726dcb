use serde_json::json;

use super::support::{Cluster, body, send, status, user, with};

#[tokio::test]
async fn requests_are_written_down_with_what_they_changed() {
    let cluster = Cluster::small().await;
    let people = json!([user("eve", &["eng"]), with(user("ada", &["eng"]), &json!({"mail": "new@x.test"}))]);
    cluster.sync(&people, false, false).await;
    cluster.sync(&people, true, false).await;
    cluster.sync(&people, true, false).await;
    let journal = cluster.emulator().journal();
    let seen: Vec<(u64, &str, bool, Option<u16>)> =
        journal.iter().map(|entry| (entry.sequence, entry.operation.as_str(), entry.write, entry.status)).collect();
    assert_eq!(
        seen,
        [
            (1, "session/login", false, Some(204)),
            (2, "user/sync", false, Some(200)),
            (3, "user/sync", true, Some(200)),
            (4, "user/sync", true, Some(200)),
        ]
    );
    assert_eq!(journal[2].parts, ["principals", "applyChanges", "removeDeleted", "password"]);
    assert_eq!(journal[2].changes.users_added, ["eve".to_owned()].into());
    assert_eq!(journal[2].changes.users_updated, ["ada".to_owned()].into());
    assert_eq!(journal[3].changes, crate::sandbox::Changes::default());
    assert_eq!(cluster.emulator().writes().len(), 2);
}

#[tokio::test]
async fn no_secret_is_kept() {
    let cluster = Cluster::small().await;
    let eve = with(user("eve", &[]), &json!({"password": "hunter-own"}));
    cluster.sync(&json!([eve]), true, false).await;
    let form = [("name", "eve"), ("currentpassword", "admin"), ("password", "hunter-new")];
    let update = cluster.post("user/updatepassword").query(&[("password", "hunter-query")]).form(&form);
    assert_eq!(status(update).await, 204);
    let login = cluster.post("session/login").form(&[("username", "eve"), ("password", "hunter-new")]);
    let response = send(login).await;
    let cookie = response.headers()["set-cookie"].to_str().expect("text").to_owned();
    let session = cookie.trim_start_matches("JSESSIONID=").split(';').next().expect("a value").to_owned();

    let control = format!("{}/_sandbox/", cluster.sandbox.url("thoughtspot"));
    let journal = body(cluster.client.get(format!("{control}journal"))).await.1.to_string();
    let state = body(cluster.client.get(format!("{control}state"))).await.1.to_string();
    for text in [journal.as_str(), state.as_str(), &format!("{:?}", cluster.sandbox)] {
        assert!(!text.contains("hunter") && !text.contains("Welcome1!"), "{text}");
    }
    assert!(!journal.contains(&session));
    assert!(journal.contains(r#""password":"***""#));
}

#[tokio::test]
async fn an_emptied_journal_goes_on_counting() {
    let cluster = Cluster::small().await;
    cluster.emulator().clear_journal();
    assert!(cluster.emulator().journal().is_empty());
    cluster.list().await;
    assert_eq!(cluster.emulator().journal()[0].sequence, 2);
}
