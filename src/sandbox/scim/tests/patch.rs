use serde_json::{Value, json};

use super::support::{ENTERPRISE, Service, answer, refusal, status};
use crate::sandbox::scim::{Method, PatchAnswer, Support, ValuePath};

/// What one operation on `ada` makes of one attribute.
async fn after(service: &Service, operation: Value, attribute: &str) -> Value {
    let (status, body) = answer(service.patch("Users/u-ada", &json!([operation]))).await;
    assert_eq!(status, 200, "{operation}: {body}");
    service.emulator().user("ada@x.test").expect("ada")[attribute].clone()
}

async fn refused(service: &Service, operation: Value) -> (u16, String) {
    let before = service.emulator().users();
    let told =
        refusal(service.patch("Users/u-ada", &json!([{"op": "add", "path": "title", "value": "X"}, operation]))).await;
    assert_eq!(service.emulator().users(), before, "a PATCH is carried out whole or not at all");
    told
}

#[tokio::test]
async fn each_form_of_an_operation_does_what_the_rfc_says() {
    let service = Service::small().await;
    let add = |path: &str, value: Value| json!({"op": "add", "path": path, "value": value});
    let replace = |path: &str, value: Value| json!({"op": "replace", "path": path, "value": value});
    let remove = |path: &str| json!({"op": "remove", "path": path});
    assert_eq!(after(&service, replace("displayName", json!("A.")), "displayName").await, "A.");
    assert_eq!(after(&service, add("TITLE", json!("CTO")), "title").await, "CTO");
    assert_eq!(after(&service, remove("title"), "title").await, Value::Null);
    assert_eq!(after(&service, replace("displayName", json!(null)), "displayName").await, Value::Null);
    let name = after(&service, add("name.givenName", json!("Ada")), "name").await;
    assert_eq!(name, json!({"givenName": "Ada"}));
    let name = after(&service, replace("name", json!({"familyName": "L"})), "name").await;
    assert_eq!(name, json!({"givenName": "Ada", "familyName": "L"}), "parts that were not named stay");
    let work = "emails[type eq \"work\"].value";
    assert_eq!(after(&service, replace(work, json!("a@y.test")), "emails").await[0]["value"], "a@y.test");
    let home = json!({"value": "a@home.test", "type": "home", "primary": true});
    let mails = after(&service, add("emails", json!([home])), "emails").await;
    assert_eq!(mails[0]["primary"], false, "the new primary value takes the place of the old one");
    assert_eq!(mails[1], home);
    let mails = after(&service, remove("emails[type eq \"home\"]"), "emails").await;
    assert_eq!(mails.as_array().map(Vec::len), Some(1));
    let path = format!("{ENTERPRISE}:department");
    assert_eq!(after(&service, add(&path, json!("R&D")), ENTERPRISE).await, json!({"department": "R&D"}));
    assert_eq!(after(&service, remove(&path), ENTERPRISE).await, Value::Null);
    assert_eq!(after(&service, replace("active", json!(false)), "active").await, false);
}

#[tokio::test]
async fn an_operation_that_means_nothing_is_refused_whole() {
    let service = Service::small().await;
    for (operation, kind) in [
        (json!({"op": "replace", "path": "nonsense", "value": 1}), "invalidPath"),
        (json!({"op": "replace", "path": "id", "value": "x"}), "mutability"),
        (json!({"op": "replace", "path": "emails[", "value": "x"}), "invalidPath"),
        (json!({"op": "replace", "path": "emails[type is 1].value", "value": "x"}), "invalidFilter"),
        (json!({"op": "replace", "path": "emails[type eq \"fax\"].value", "value": "x"}), "noTarget"),
        (json!({"op": "replace", "path": "active", "value": "False"}), "invalidValue"),
        (json!({"op": "replace", "path": "userName"}), "invalidValue"),
        (json!({"op": "remove", "path": "userName"}), "invalidValue"),
        (json!({"op": "remove"}), "noTarget"),
        (json!({"op": "move", "path": "title"}), "invalidSyntax"),
    ] {
        assert_eq!(refused(&service, operation.clone()).await, (400, kind.into()), "{operation}");
    }
    assert_eq!(status(service.send("PATCH", "Users/u-ada", &json!({"Operations": []}))).await, 400);
}

#[tokio::test]
async fn entras_dialect_is_taken_refused_or_met_with_silence_and_remarked_on() {
    let service = Service::small().await;
    let capital = json!({"op": "Replace", "path": "title", "value": "CTO"});
    let pathless = json!({"op": "replace", "value": {"title": "CEO", "name.givenName": "Ada"}});
    assert_eq!(after(&service, capital.clone(), "title").await, "CTO");
    assert_eq!(service.last().warnings, ["the operation Replace is not in lower case"]);
    assert_eq!(after(&service, pathless.clone(), "title").await, "CEO");
    assert_eq!(service.last().warnings, ["an operation has no path"]);
    let switch = |support| {
        service.switch(|switches| {
            switches.capital_operations = support;
            switches.pathless = support;
        });
    };
    switch(Support::Refused);
    assert_eq!(refused(&service, capital.clone()).await.0, 400);
    assert_eq!(refused(&service, pathless.clone()).await.0, 400);
    switch(Support::Ignored);
    assert_eq!(after(&service, capital, "title").await, "CEO");
    assert_eq!(after(&service, json!({"op": "add", "value": {"title": "COO"}}), "title").await, "CEO");
}

#[tokio::test]
async fn value_paths_and_removals_can_lack() {
    let service = Service::small().await;
    let fax = json!({"op": "add", "path": "emails[type eq \"fax\"].value", "value": "f@x.test"});
    service.switch(|switches| switches.value_path = ValuePath::Creates);
    let mails = after(&service, fax.clone(), "emails").await;
    assert_eq!(mails[1], json!({"type": "fax", "value": "f@x.test"}));
    service.switch(|switches| switches.value_path = ValuePath::NotImplemented);
    assert_eq!(refused(&service, fax.clone()).await.0, 501);
    service.switch(|switches| switches.value_path = ValuePath::Refused);
    assert_eq!(refused(&service, fax).await.0, 400);
    service.switch(|switches| switches.remove_attribute = Support::NotImplemented);
    assert_eq!(refused(&service, json!({"op": "remove", "path": "displayName"})).await.0, 501);
}

#[tokio::test]
async fn some_attributes_want_an_operation_of_their_own_and_a_second_address_can_be_too_much() {
    let service = Service::small().await;
    service.switch(|switches| {
        switches.separate_operations = vec!["User.active".into(), "User.userName".into()];
        switches.single_values = true;
    });
    let inactive = json!({"op": "replace", "path": "active", "value": false});
    assert_eq!(refused(&service, inactive.clone()).await, (400, "invalidValue".into()));
    assert_eq!(after(&service, inactive, "active").await, false);
    let second = json!({"op": "add", "path": "emails", "value": [{"value": "b@x.test"}]});
    assert_eq!(refused(&service, second).await, (400, "invalidValue".into()));
}

#[tokio::test]
async fn a_patch_answers_in_one_of_four_ways_or_not_at_all() {
    let service = Service::small().await;
    let operations = json!([{"op": "replace", "path": "title", "value": "CTO"}]);
    let told = async |patch_answer| {
        service.switch(|switches| switches.patch_answer = patch_answer);
        answer(service.patch("Users/u-ada", &operations)).await
    };
    assert_eq!(told(PatchAnswer::Body).await.1["title"], "CTO");
    let (status, brief) = told(PatchAnswer::Brief).await;
    assert_eq!((status, brief.get("title"), &brief["id"]), (200, None, &json!("u-ada")));
    assert_eq!(told(PatchAnswer::Empty).await, (200, Value::Null));
    assert_eq!(told(PatchAnswer::NoContent).await, (204, Value::Null));
    service.switch(|switches| switches.patch = Method::NotImplemented);
    assert_eq!(answer(service.patch("Users/u-ada", &operations)).await.0, 501);
    service.switch(|switches| switches.patch = Method::NotAllowed);
    assert_eq!(answer(service.patch("Users/u-ada", &operations)).await.0, 405);
}

#[tokio::test]
async fn a_password_is_kept_and_never_shown() {
    let service = Service::small().await;
    let operation = json!([{"op": "replace", "path": "password", "value": "S3cret!"}]);
    let (status, shown) = answer(service.patch("Users/u-ada", &operation)).await;
    assert_eq!((status, shown.get("password")), (200, None));
    assert!(service.emulator().has_password("ada@x.test"));
    assert!(!service.emulator().user("ada@x.test").expect("ada").to_string().contains("S3cret"));
}
