use reqwest::Method;
use serde_json::json;

use super::support::{KEY, Portal, body};
use crate::sandbox::Product;
use crate::sandbox::curator::{Matching, Parameters, Twice, Unknown};

const ADD: &str = "User/addUserToGroup";
const REMOVE: &str = "User/removeUserFromGroup";

#[tokio::test]
async fn a_user_is_put_into_a_group_and_taken_out() {
    let portal = Portal::small().await;
    let bob = [("username", "bob@x.test"), ("group", "Finance")];
    let (status, told) = portal.ask(ADD, &bob).await;
    assert_eq!((status, &told["result"]), (200, &json!("Success")));
    assert_eq!(portal.members("Finance"), ["ada@x.test", "bob@x.test"]);
    let entry = portal.last();
    assert!(entry.write && entry.changes.users_updated.contains("bob@x.test"));
    assert_eq!(portal.ask(REMOVE, &bob).await.1["result"], "Success");
    assert_eq!(portal.members("Finance"), ["ada@x.test"]);
    assert_eq!(portal.emulator().writes().len(), 2);
    assert_eq!(portal.emulator().parameters_used(), [("group+username".to_owned(), 2)].into());
}

#[tokio::test]
async fn the_key_is_masked_in_the_journal_and_a_write_with_get_is_remarked() {
    let portal = Portal::small().await;
    let query = [("apikey", KEY), ("username", "bob@x.test"), ("group", "Sales")];
    assert_eq!(body(portal.request(Method::GET, ADD, &query)).await.1["result"], "Success");
    let entry = portal.last();
    assert_eq!((entry.query["apikey"].as_str(), entry.query["username"].as_str()), ("***", "bob@x.test"));
    assert_eq!(entry.warnings, ["a write was asked for with GET"]);
    assert!(!serde_json::to_string(&portal.emulator().journal()).expect("JSON").contains(KEY));
}

#[tokio::test]
async fn doing_again_what_is_done_is_a_success_or_an_error() {
    let portal = Portal::small().await;
    let ada = [("username", "ada@x.test"), ("group", "Finance")];
    let bob = [("username", "bob@x.test"), ("group", "Finance")];
    assert_eq!(portal.ask(ADD, &ada).await.1["result"], "Success");
    assert_eq!(portal.last().warnings, ["nothing changed"]);
    assert_eq!(portal.ask(REMOVE, &bob).await.1["result"], "Success");
    portal.switch(|switches| {
        switches.add_present = Twice::Error;
        switches.remove_absent = Twice::Error;
    });
    assert_eq!(
        portal.ask(ADD, &ada).await.1,
        json!({"result": "Error", "msg": "User is already a member of this group"})
    );
    assert_eq!(
        portal.ask(REMOVE, &bob).await.1,
        json!({"result": "Error", "msg": "User is not a member of this group"})
    );
    assert_eq!(portal.members("Finance"), ["ada@x.test"]);
}

#[tokio::test]
async fn whoever_is_not_there_is_an_error_or_is_passed_over() {
    let portal = Portal::small().await;
    let stranger = [("username", "eve@x.test"), ("group", "Finance")];
    let nowhere = [("username", "ada@x.test"), ("group", "Nowhere")];
    assert_eq!(portal.ask(ADD, &stranger).await.1["msg"], "User not found");
    assert_eq!(portal.ask(ADD, &nowhere).await.1["msg"], "Group not found");
    portal.switch(|switches| {
        switches.unknown_user = Unknown::Silent;
        switches.unknown_group = Unknown::Silent;
    });
    for query in [stranger, nowhere] {
        assert_eq!(portal.ask(ADD, &query).await.1["result"], "Success");
    }
    assert!(portal.emulator().writes().is_empty());
    assert_eq!(portal.members("Finance"), ["ada@x.test"]);
}

#[tokio::test]
async fn only_the_parameters_of_the_switch_are_understood() {
    let portal = Portal::small().await;
    let all: [(Parameters, [(&str, &str); 2]); 4] = [
        (Parameters::UsernameGroup, [("username", "bob@x.test"), ("group", "Sales")]),
        (Parameters::UserIdGroupId, [("user_id", "8"), ("group_id", "31")]),
        (Parameters::UserNameGroupName, [("userName", "bob@x.test"), ("groupName", "Sales")]),
        (Parameters::EmailGroup, [("email", "robert@x.test"), ("group", "Sales")]),
    ];
    for (parameters, _) in all {
        portal.switch(|switches| switches.parameters = parameters);
        for (other, query) in all {
            let (_, told) = portal.ask(ADD, &query).await;
            assert_eq!(told["result"] == "Success", parameters == other, "{other:?} where {parameters:?} is taken");
        }
        let query = all.iter().find(|(known, _)| *known == parameters).expect("in the list").1;
        assert_eq!(portal.ask(REMOVE, &query).await.1["result"], "Success");
    }
    assert_eq!(portal.emulator().parameters_used()["group_id+user_id"], 5);
}

#[tokio::test]
async fn names_are_compared_exactly_or_without_regard_to_case() {
    let portal = Portal::small().await;
    let loud = [("username", "BOB@X.TEST"), ("group", "SALES")];
    assert_eq!(portal.ask(ADD, &loud).await.1["msg"], "Group not found");
    portal.switch(|switches| switches.group_matching = Matching::CaseInsensitive);
    assert_eq!(portal.ask(ADD, &loud).await.1["msg"], "User not found");
    portal.switch(|switches| switches.username_matching = Matching::CaseInsensitive);
    assert_eq!(portal.ask(ADD, &loud).await.1["result"], "Success");
    assert_eq!(portal.members("Sales"), ["bob@x.test"]);
}
