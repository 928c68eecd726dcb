use serde_json::json;

use super::support::{Cluster, body, client, send, status};

#[tokio::test]
async fn ownership_moves_from_one_user_to_another() {
    let cluster = Cluster::small().await;
    let transfer = |from: &str, to: &str| {
        cluster.post("user/transfer/ownership").query(&[("fromUserName", from), ("toUserName", to)])
    };
    let response = send(transfer("bob", "ADA")).await;
    assert_eq!((response.status().as_u16(), response.text().await.expect("a body").as_str()), (204, ""));
    assert_eq!(cluster.state("ada").expect("ada").owned, 3);
    assert_eq!(cluster.state("bob").expect("bob").owned, 0);
    let some = transfer("ada", "bob").query(&[("objectsID", r#"["a","b"]"#)]);
    assert_eq!(status(some).await, 204);
    assert_eq!(cluster.state("bob").expect("bob").owned, 2);

    assert_eq!(status(transfer("nobody", "ada")).await, 400);
    assert_eq!(status(transfer("ada", "nobody")).await, 400);
    assert_eq!(status(cluster.post("user/transfer/ownership")).await, 400);
    for system in ["tsadmin", "su", "system", "guest"] {
        assert_eq!(status(transfer(system, "ada")).await, 400);
        assert_eq!(status(transfer("ada", system)).await, 400);
    }
    assert_eq!(cluster.emulator().writes().len(), 2);
}

#[tokio::test]
async fn a_deleted_user_takes_what_was_not_transferred() {
    let cluster = Cluster::small().await;
    let delete = |id: &str| cluster.client.delete(cluster.url(&format!("user/{id}")));
    let bob = cluster.state("bob").expect("bob").id;
    assert_eq!(status(delete(&bob)).await, 204);
    assert_eq!(cluster.emulator().lost_objects(), 3);
    assert!(cluster.state("bob").is_none());
    assert_eq!(status(delete(&bob)).await, 500);
    let admin = cluster.state("tsadmin").expect("tsadmin").id;
    assert_eq!(status(delete(&admin)).await, 403);
    let writes = cluster.emulator().writes();
    assert_eq!(writes.len(), 1);
    assert!(writes[0].changes.users_deleted.contains("bob"));
}

#[tokio::test]
async fn a_password_is_changed_by_an_administrator() {
    let cluster = Cluster::small().await;
    let update = |name: &str, current: &str, new: &str| {
        let form = [("name", name), ("currentpassword", current), ("password", new)];
        cluster.post("user/updatepassword").form(&form)
    };
    assert_eq!(status(update("bob", "wrong", "new")).await, 401);
    assert_eq!(status(update("nobody", "admin", "new")).await, 400);
    assert_eq!(status(update("bob", "admin", "bobs")).await, 500, "the old password");
    assert_eq!(status(update("bob", "admin", "")).await, 500);
    assert_eq!(status(update("bob", "admin", "new")).await, 204);
    let form = [("username", "bob"), ("password", "new")];
    assert_eq!(status(client().post(cluster.url("session/login")).form(&form)).await, 204);
    assert_eq!(cluster.emulator().writes().len(), 1);
}

#[tokio::test]
async fn a_password_is_reset_by_guid() {
    let cluster = Cluster::small().await;
    let id = cluster.state("ada").expect("ada").id;
    let reset = |id: &str, token: &str| {
        let form = [("userid", id), ("auth_token", token), ("password", "fresh")];
        cluster.post("user/resetpassword").form(&form)
    };
    assert_eq!(status(reset(&id, "")).await, 401);
    assert_eq!(status(reset("nobody", "token")).await, 500);
    assert_eq!(status(reset(&id, "token")).await, 204);
    assert_eq!(status(reset(&id, "token")).await, 500, "the same again");
    assert_eq!(cluster.login("ada", "fresh").await, 204);
}

#[tokio::test]
async fn users_are_shown_by_guid_by_name_or_all() {
    let cluster = Cluster::small().await;
    let ada = cluster.state("ada").expect("ada");
    let (answered, by_id) = body(cluster.get("user/").query(&[("userid", &ada.id)])).await;
    assert_eq!(answered, 200);
    assert_eq!(by_id["header"]["name"], "ada");
    assert_eq!(by_id["userContent"]["userProperties"]["mail"], "ada@x.test");
    assert_eq!(by_id["assignedGroups"].as_array().map(Vec::len), Some(2));
    assert_eq!(body(cluster.get("user").query(&[("name", "Ada")])).await, (200, by_id));
    assert_eq!(body(cluster.get("user/")).await.1.as_array().map(Vec::len), Some(6));
    assert_eq!(status(cluster.get("user/").query(&[("name", "nobody")])).await, 400);
    assert_eq!(status(cluster.get("user/").query(&[("userid", "nobody")])).await, 500);
}

#[tokio::test]
async fn headers_give_guids() {
    let cluster = Cluster::small().await;
    let headers = |query: &[(&str, &str)]| cluster.get("metadata/listobjectheaders").query(query);
    let (answered, groups) = body(headers(&[("type", "USER_GROUP"), ("batchsize", "-1"), ("offset", "-1")])).await;
    assert_eq!((answered, groups.as_array().map(Vec::len)), (200, Some(5)));
    assert_eq!(groups[0]["id"], "d0326b56-ef23-4c8a-8327-a30e99bcc72b");
    let (_, found) = body(headers(&[("type", "USER"), ("pattern", "A%")])).await;
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert_eq!(found[0]["name"], json!("ada"));
    let page = headers(&[("type", "USER"), ("batchsize", "2"), ("offset", "1")]);
    assert_eq!(body(page).await.1[0]["name"], "bob");
    assert_eq!(status(headers(&[])).await, 400);
}
