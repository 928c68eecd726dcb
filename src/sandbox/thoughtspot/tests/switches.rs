use serde_json::json;

use super::support::{Cluster, client, group, lists, status, user, with};
use crate::sandbox::RateLimit;
use crate::sandbox::thoughtspot::{ListMail, RequestedBy, Switches, UnknownGroup, UpdatedLists};

#[tokio::test]
async fn protect_system_off_lets_unlisted_system_principals_go() {
    let cluster = Cluster::small().await;
    let own = user("tsadmin", &["Administrator"]);
    let principals = json!([group("Administrator", &[]), own]);
    let (_, spared) = cluster.sync(&principals, false, true).await;
    assert_eq!(spared["usersDeleted"], json!(["ada", "bob"]));
    cluster.switch(|switches| switches.protect_system = false);
    let (status, gone) = cluster.sync(&principals, true, true).await;
    assert_eq!(status, 200);
    assert_eq!(gone["usersDeleted"], json!(["ada", "bob", "guest", "su", "system"]));
    assert_eq!(gone["groupsDeleted"], json!(["System", "eng", "staff"]), "All cannot be deleted");
}

#[tokio::test]
async fn requested_by_is_demanded_noted_or_ignored() {
    let cluster = Cluster::small().await;
    #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
    let bare = reqwest::Client::builder().no_proxy().build().expect("a client");
    let login = || {
        let form = [("username", "tsadmin"), ("password", "admin")];
        bare.post(cluster.url("session/login")).form(&form)
    };
    assert_eq!(status(login()).await, 403);
    cluster.switch(|switches| switches.requested_by = RequestedBy::Warn);
    assert_eq!(status(login()).await, 204);
    let entry = cluster.emulator().journal().pop().expect("an entry");
    assert_eq!(entry.warnings, ["the X-Requested-By header is missing"]);
    cluster.switch(|switches| switches.requested_by = RequestedBy::Off);
    assert_eq!(status(login()).await, 204);
    assert!(cluster.emulator().journal().pop().expect("an entry").warnings.is_empty());
}

#[tokio::test]
async fn updated_lists_may_hold_every_match() {
    let cluster = Cluster::small().await;
    let same = json!([group("staff", &[]), user("ada", &["eng"])]);
    assert_eq!(cluster.sync(&same, true, false).await.1, lists(&json!({})));
    cluster.switch(|switches| switches.updated_lists = UpdatedLists::Matches);
    let all = lists(&json!({"usersUpdated": ["ada"], "groupsUpdated": ["staff"]}));
    assert_eq!(cluster.sync(&same, true, false).await.1, all);
    let write = cluster.emulator().writes().pop().expect("a write");
    assert!(write.changes.users_updated.is_empty(), "the journal holds what really changed");
}

#[tokio::test]
async fn unknown_groups_may_be_ignored_or_created() {
    let cluster = Cluster::small().await;
    let people = json!([user("ada", &["eng", "new"])]);
    assert_eq!(cluster.sync(&people, true, false).await.0, 500);
    cluster.switch(|switches| switches.unknown_group = UnknownGroup::Ignore);
    assert_eq!(cluster.sync(&people, true, false).await, (200, lists(&json!({}))));
    cluster.switch(|switches| switches.unknown_group = UnknownGroup::Create);
    let created = lists(&json!({"usersUpdated": ["ada"], "groupsAdded": ["new"]}));
    assert_eq!(cluster.sync(&people, true, false).await, (200, created));
    assert_eq!(cluster.state("new").expect("a group").display_name, "new");
    assert_eq!(cluster.state("ada").expect("ada").group_names, ["All", "eng", "new"]);
}

#[tokio::test]
async fn the_list_shows_and_hides_members() {
    let cluster = Cluster::small().await;
    let blank = with(user("ada", &["eng"]), &json!({"mail": ""}));
    assert_eq!(cluster.sync(&json!([blank]), true, false).await.0, 200);
    let row = cluster.user("ada").await.expect("ada");
    assert_eq!((&row["mail"], &row["description"], row.get("activate")), (&json!(""), &json!(""), None));
    cluster.switch(|switches| {
        switches.omit_description = true;
        switches.list_mail = ListMail::WhenSet;
        switches.activate = true;
    });
    let row = cluster.user("ada").await.expect("ada");
    assert_eq!((row.get("mail"), row.get("description"), &row["activate"]), (None, None, &json!(false)));
    assert_eq!(cluster.user("bob").await.expect("bob")["mail"], "bob@x.test");
}

#[tokio::test]
async fn user_names_are_folded_or_exact_and_group_names_always_exact() {
    let cluster = Cluster::small().await;
    let shouted = with(user("ada", &["eng"]), &json!({"name": "ADA"}));
    let people = json!([shouted, group("ENG", &[])]);
    let folded = lists(&json!({"groupsAdded": ["ENG"]}));
    assert_eq!(cluster.sync(&people, false, false).await, (200, folded), "no update: only the case differs");
    cluster.switch(|switches| switches.fold_users = false);
    let exact = lists(&json!({"usersAdded": ["ADA"], "groupsAdded": ["ENG"]}));
    assert_eq!(cluster.sync(&people, true, false).await, (200, exact));
    assert!(cluster.state("ada").is_some() && cluster.state("ADA").is_some());
    assert_eq!(cluster.login("TSADMIN", "admin").await, 401);
}

#[tokio::test]
async fn the_rate_limit_answers_429_beyond_the_burst() {
    let cluster = Cluster::small().await;
    cluster.switch(|switches| switches.rate_limit = Some(RateLimit { per_second: 0, burst: 1 }));
    assert_eq!(status(cluster.get("user/list")).await, 200);
    assert_eq!(status(cluster.get("user/list")).await, 200);
    assert_eq!(status(cluster.get("user/list")).await, 429);
    assert_eq!(cluster.emulator().journal().pop().expect("an entry").fault, Some("rateLimit"));
    cluster.switch(|switches| switches.rate_limit = Some(RateLimit { per_second: 1000, burst: 0 }));
    assert_eq!(status(cluster.get("user/list")).await, 200);
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    assert_eq!(status(cluster.get("user/list")).await, 200, "the bucket leaks");
    cluster.switch(|switches| switches.rate_limit = None);
    assert_eq!(status(client().get(cluster.url("user/list"))).await, 401);
}

#[test]
fn switches_have_the_names_of_the_page() {
    let text = serde_json::to_value(Switches::default()).expect("JSON");
    assert_eq!(
        text,
        json!({"protectSystem": true, "requestedBy": "reject", "updatedLists": "differences",
            "unknownGroup": "fail", "omitDescription": false, "listMail": "always", "foldUsers": true,
            "activate": false, "rateLimit": null,
            "v2": serde_json::to_value(crate::sandbox::thoughtspot::v2::Switches::default()).expect("JSON")})
    );
}
