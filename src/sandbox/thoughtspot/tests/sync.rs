use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::support::{Cluster, group, lists, user, with};

/// The five principals of the vendor's "Synchronize principals" example.
fn vendor_example() -> Value {
    json!([
        {"name": "Customer Success", "displayName": "Customer Success", "description": "CS",
         "created": 1_568_926_267_025_u64, "modified": 1_568_926_982_242_u64,
         "principalTypeEnum": "LOCAL_GROUP", "groupNames": [], "visibility": "DEFAULT"},
        {"name": "All", "displayName": "All Group",
         "created": 1_354_006_445_722_u64, "modified": 1_354_006_445_722_u64,
         "principalTypeEnum": "LOCAL_GROUP", "groupNames": [], "visibility": "DEFAULT"},
        {"name": "Marketing", "displayName": "Marketing", "description": "Marketing Group",
         "created": 1_587_573_582_931_u64, "modified": 1_587_573_583_003_u64,
         "principalTypeEnum": "LOCAL_GROUP", "groupNames": [], "visibility": "DEFAULT"},
        {"name": "test1", "displayName": "test one", "description": "",
         "created": 1_587_573_554_475_u64, "modified": 1_587_573_589_986_u64, "mail": "test1@test.com",
         "principalTypeEnum": "LOCAL_USER", "groupNames": ["All", "Customer Success", "Marketing"],
         "visibility": "DEFAULT"},
        {"name": "test2", "displayName": "test two",
         "created": 1_587_573_621_279_u64, "modified": 1_587_573_621_674_u64, "mail": "test2@test.com",
         "principalTypeEnum": "LOCAL_USER", "groupNames": ["Administrator", "All"],
         "visibility": "DEFAULT"}
    ])
}

#[tokio::test]
async fn a_fresh_cluster_holds_the_system_principals() {
    let cluster = Cluster::start(json!([])).await;
    let rows = cluster.list().await;
    let names: Vec<&str> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["Administrator", "All", "System", "guest", "su", "system", "tsadmin"]);
    let super_user = cluster.user("su").await.expect("su");
    assert_eq!(super_user["groupNames"], json!(["Administrator", "All", "System"]));
    assert!(super_user.get("id").is_none() && super_user.get("password").is_none());
    assert!(rows[0].get("mail").is_none(), "groups have no mail");
    assert_eq!(rows[0]["created"], 1_354_006_445_722_u64);
    assert_eq!(cluster.state("su").expect("su").id, "0f0dd0f7-7411-4195-a4aa-0dc6b58413c9");
}

#[tokio::test]
async fn the_example_of_the_vendor_is_applied_once() {
    let cluster = Cluster::start(json!([])).await;
    let expected = lists(&json!({
        "usersAdded": ["test1", "test2"], "groupsAdded": ["Customer Success", "Marketing"]}));
    assert_eq!(cluster.sync(&vendor_example(), false, true).await, (200, expected.clone()));
    assert!(cluster.state("test1").is_none(), "a dry run changes nothing");
    assert_eq!(cluster.sync(&vendor_example(), true, true).await, (200, expected));
    assert_eq!(cluster.sync(&vendor_example(), true, true).await, (200, lists(&json!({}))));

    let row = cluster.user("test1").await.expect("test1");
    assert_eq!(row["groupNames"], json!(["All", "Customer Success", "Marketing"]));
    assert_eq!(row["mail"], "test1@test.com");
    assert_ne!(row["created"], 1_587_573_554_475_u64, "times of the input are ignored");
    assert!(cluster.state("test2").expect("test2").has_password);
    assert_eq!(cluster.login("test2", "Welcome1!").await, 204, "test2 is an administrator");
    assert_eq!(cluster.list().await.len(), 11);
}

#[tokio::test]
async fn what_is_listed_is_replaced_and_what_is_not_is_removed() {
    let cluster = Cluster::small().await;
    let principals = json!([
        group("staff", &[]),
        with(group("eng", &[]), &json!({"description": "builders", "visibility": "NON_SHARABLE"})),
        with(
            user("ada", &["staff"]),
            &json!({"displayName": "Ada L.", "mail": "ada@y.test", "principalTypeEnum": "SAML_USER"}),
        ),
    ]);
    let expected = lists(&json!({"usersUpdated": ["ada"], "usersDeleted": ["bob"], "groupsUpdated": ["eng"]}));
    assert_eq!(cluster.sync(&principals, true, true).await, (200, expected));
    let ada = cluster.state("ada").expect("ada");
    assert_eq!(ada.group_names, ["All", "staff"], "membership is replaced, not merged");
    assert_eq!((ada.display_name.as_str(), ada.mail.as_str()), ("Ada L.", "ada@y.test"));
    assert!(ada.modified > ada.created);
    assert_eq!(cluster.user("ada").await.expect("ada")["principalTypeEnum"], "SAML_USER");
    let eng = cluster.state("eng").expect("eng");
    assert_eq!(eng.group_names, Vec::<String>::new());
    assert_eq!(eng.description, "builders");
    assert_eq!(cluster.emulator().lost_objects(), 3, "bob's objects went with him");
}

#[tokio::test]
async fn without_remove_deleted_the_rest_stays() {
    let cluster = Cluster::small().await;
    let principals = json!([user("eve", &["eng"]), group("ada", &["eng"])]);
    let expected = lists(&json!({"usersAdded": ["eve"], "groupsAdded": ["ada"]}));
    assert_eq!(cluster.sync(&principals, true, false).await, (200, expected));
    assert_eq!(cluster.list().await.len(), 7 + 4 + 2, "a user and a group may share a name");
    assert_eq!(cluster.sync(&json!([]), true, false).await, (200, lists(&json!({}))));
}

#[tokio::test]
async fn flags_that_are_left_out_mean_dry_run_and_removal() {
    let cluster = Cluster::small().await;
    let principals = Part::text("[]").mime_str("text/json").expect("a type");
    let removal = lists(&json!({"usersDeleted": ["ada", "bob"], "groupsDeleted": ["eng", "staff"]}));
    assert_eq!(cluster.sync_form(Form::new().part("principals", principals)).await, (200, removal.clone()));
    assert_eq!(cluster.list().await.len(), 11, "nothing was applied");

    let misspelt = Form::new().text("principals", "[]").text("applyChanges", "true").text("removeDelete", "false");
    assert_eq!(cluster.sync_form(misspelt).await, (200, removal));
    assert_eq!(cluster.list().await.len(), 7, "the misspelt flag had no effect");
    let warnings = cluster.emulator().writes().pop().expect("a write").warnings;
    assert!(warnings.iter().any(|warning| warning.contains("removeDelete ")), "{warnings:?}");
}

#[tokio::test]
async fn parts_may_come_in_any_order_and_look_like_files() {
    let cluster = Cluster::small().await;
    let file =
        |text: &str, kind: &str| Part::text(text.to_owned()).file_name("/tmp/x1").mime_str(kind).expect("a type");
    let form = Form::new()
        .part("password", file("Welcome1!", "text/plain"))
        .part("removeDeleted", file("false", "text/json"))
        .part("applyChanges", file("true", "text/json"))
        .part("principals", file(&json!([user("eve", &["eng"])]).to_string(), "application/octet-stream"));
    assert_eq!(cluster.sync_form(form).await, (200, lists(&json!({"usersAdded": ["eve"]}))));
    assert!(cluster.state("eve").expect("eve").has_password);
}

#[tokio::test]
async fn passwords_are_set_at_creation_only() {
    let cluster = Cluster::small().await;
    let bob = with(user("bob", &[]), &json!({"password": "other"}));
    let root = with(user("root", &["Administrator"]), &json!({"password": "own"}));
    let saml = with(user("sam", &[]), &json!({"principalTypeEnum": "SAML_USER"}));
    let added = lists(&json!({"usersAdded": ["root", "sam"]}));
    assert_eq!(cluster.sync(&json!([bob, root, saml]), true, false).await, (200, added));
    assert!(!cluster.state("sam").expect("sam").has_password, "its provider vouches for it");
    assert_eq!(cluster.login("root", "Welcome1!").await, 401);
    assert_eq!(cluster.login("root", "own").await, 204);
    assert_eq!(cluster.login("bob", "other").await, 401);
    assert_eq!(cluster.login("bob", "bobs").await, 204);
}

#[tokio::test]
async fn who_stays_unlisted_keeps_a_group_that_goes() {
    let cluster = Cluster::small().await;
    let system = with(user("system", &["System", "eng"]), &json!({"mail": ""}));
    assert_eq!(cluster.sync(&json!([system]), true, false).await.0, 200);
    assert_eq!(cluster.sync(&json!([]), true, true).await.0, 200);
    assert_eq!(cluster.state("system").expect("system").group_names, ["All", "System", "eng"]);
    assert_eq!(cluster.sync(&json!([system]), true, true).await.0, 500, "and to name it fails");
}
