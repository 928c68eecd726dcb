use reqwest::Method;
use serde_json::{Value, json};

use super::support::{NOBODY, Server, body};
use crate::sandbox::Product;
use crate::sandbox::alteryx::{EmptyMembers, Outcome};

async fn add(server: &Server, users: &Value) -> (u16, Value) {
    server.post(&format!("usergroups/{}/users", server.group_id("Finance")), users).await
}

#[tokio::test]
async fn an_addition_that_fails_in_part_or_altogether_is_a_200() {
    let server = Server::small().await;
    let ben = server.user_id("ben");
    let (status, reply) = add(&server, &json!([ben, NOBODY])).await;
    let expected = json!({"successfullyAddedUserCount": 1, "totalUsersSubmittedCount": 2,
        "failedUserReasons": {NOBODY: "User not found"}});
    assert_eq!((status, reply), (200, expected));
    assert_eq!(server.user("ben").groups, ["Finance".to_owned()].into());
    let (status, reply) = add(&server, &json!([NOBODY])).await;
    assert_eq!((status, &reply["successfullyAddedUserCount"]), (200, &json!(0)));
    let write = server.emulator().writes().remove(0);
    assert_eq!(write.changes.groups_updated, ["Finance".to_owned()].into());
    assert_eq!(write.changes.users_updated, ["ben@example.org".to_owned()].into());
}

#[tokio::test]
async fn a_member_who_is_already_there_is_counted_as_failed() {
    let server = Server::small().await;
    let ana = server.user_id("ana");
    let (_, reply) = add(&server, &json!([ana])).await;
    assert_eq!(reply["failedUserReasons"], json!({ana.as_str(): "User is already in the group"}));
    server.switch(|switches| switches.present_member = Outcome::Added);
    let (_, reply) = add(&server, &json!([ana])).await;
    assert_eq!((&reply["successfullyAddedUserCount"], &reply["failedUserReasons"]), (&json!(1), &json!({})));
}

#[tokio::test]
async fn members_can_be_refused_lost_or_too_many() {
    let server = Server::small().await;
    let ben = server.user_id("ben");
    server.switch(|switches| switches.refused_members = vec!["Ben@example.org".to_owned()]);
    assert_eq!(add(&server, &json!([ben])).await.1["successfullyAddedUserCount"], json!(0));
    server.switch(|switches| switches.send_reasons = false);
    assert_eq!(add(&server, &json!([ben])).await.1["failedUserReasons"], json!({}), "counted, not explained");
    server.switch(|switches| {
        switches.refused_members.clear();
        switches.lost_members = vec![ben.clone()];
    });
    assert_eq!(add(&server, &json!([ben])).await.1["successfullyAddedUserCount"], json!(1));
    assert!(server.user("ben").groups.is_empty(), "counted as added, and not there");
    server.switch(|switches| switches.member_limit = Some(1));
    assert_eq!(add(&server, &json!([ben, NOBODY])).await.0, 400);
}

#[tokio::test]
async fn an_inactive_user_joins_unless_switched() {
    let server = Server::small().await;
    let ben = server.user_id("ben");
    assert_eq!(server.post(&format!("users/{ben}/deactivate"), &json!({})).await.0, 200);
    server.switch(|switches| switches.inactive_member = Outcome::Failed);
    assert_eq!(add(&server, &json!([ben])).await.1["failedUserReasons"][ben.as_str()], json!("User is not active"));
    server.switch(|switches| switches.inactive_member = Outcome::Added);
    assert_eq!(add(&server, &json!([ben])).await.1["successfullyAddedUserCount"], json!(1));
}

#[tokio::test]
async fn only_a_json_array_of_ids_is_taken() {
    let server = Server::small().await;
    let path = format!("usergroups/{}/users", server.group_id("Finance"));
    for wrong in [json!({"userIds": [NOBODY]}), json!(NOBODY), json!([1])] {
        assert_eq!(server.post(&path, &wrong).await.0, 400, "{wrong}");
    }
    let form = server.call(Method::POST, &path).form(&[("userIds", NOBODY)]);
    assert_eq!(body(form).await.0, 400);
}

#[tokio::test]
async fn a_removal_answers_with_the_group_whether_the_user_was_in_or_not() {
    let server = Server::small().await;
    let path = format!("usergroups/{}/users/{}", server.group_id("Finance"), server.user_id("ana"));
    for _ in 0..2 {
        let (status, group) = server.delete(&path).await;
        assert_eq!((status, &group["name"], &group["members"]), (200, &json!("Finance"), &json!([])));
    }
    assert!(server.user("ana").groups.is_empty());
    server.switch(|switches| switches.empty_members = EmptyMembers::Absent);
    let (_, reply) = add(&server, &json!([server.user_id("ana")])).await;
    assert_eq!(reply, json!({"successfullyAddedUserCount": 1, "totalUsersSubmittedCount": 1}));
    server.switch(|switches| switches.empty_members = EmptyMembers::Null);
    assert_eq!(add(&server, &json!([])).await.1["failedUserReasons"], Value::Null);
}
