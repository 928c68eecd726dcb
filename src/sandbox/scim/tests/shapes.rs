use serde_json::json;

use super::support::{ENTERPRISE, Service, USER, answer, refusal, reply, status, user};
use crate::sandbox::scim::{Active, Booleans, CreateAnswer, Etag, Ids};

#[tokio::test]
async fn a_created_user_is_shown_with_what_the_service_adds() {
    let service = Service::start(json!({})).await;
    let mut body = user("ada");
    body["schemas"] = json!([USER, ENTERPRISE]);
    body["USERNAME"] = json!(null);
    body["Title"] = json!("CTO");
    body["nonsense"] = json!(1);
    body["password"] = json!("S3cret!");
    body[ENTERPRISE] = json!({"department": "R&D"});
    let response = reply(service.post("Users", &body)).await;
    assert_eq!(response.status(), 201);
    let place = response.headers()["location"].to_str().expect("text").to_owned();
    let shown: serde_json::Value = serde_json::from_str(&response.text().await.expect("a body")).expect("JSON");
    assert_eq!(shown["meta"]["location"], place);
    assert_eq!(shown["meta"]["created"], "2023-11-14T22:13:20.001Z");
    assert_eq!((&shown["title"], &shown["active"]), (&json!("CTO"), &json!(true)));
    assert_eq!(shown[ENTERPRISE]["department"], "R&D");
    assert!(shown.get("password").is_none() && service.emulator().has_password("ada"));
    assert!(shown.get("nonsense").is_none());
    let entry = service.last();
    assert_eq!(entry.changes.users_added, ["ada".to_owned()].into());
    assert_eq!(entry.warnings, ["the attribute nonsense is unknown and has no effect"]);
}

#[tokio::test]
async fn a_body_that_is_not_as_the_rfc_wants_is_refused() {
    let service = Service::start(json!({})).await;
    for (body, kind) in [
        (json!([]), "invalidSyntax"),
        (json!({"userName": "a"}), "invalidSyntax"),
        (json!({"schemas": [USER], "userName": "a", ENTERPRISE: {"department": "x"}}), "invalidSyntax"),
        (json!({"schemas": [USER]}), "invalidValue"),
        (json!({"schemas": [USER], "userName": ""}), "invalidValue"),
        (json!({"schemas": [USER], "userName": 5}), "invalidValue"),
        (json!({"schemas": [USER], "userName": "a", "active": "True"}), "invalidValue"),
        (json!({"schemas": [USER], "userName": "a", "emails": ["a@x.test"]}), "invalidValue"),
        (
            json!({"schemas": [USER], "userName": "a", "emails": [
                {"value": "a@x.test", "primary": true}, {"value": "b@x.test", "primary": true}]}),
            "invalidValue",
        ),
    ] {
        assert_eq!(refusal(service.post("Users", &body)).await, (400, kind.into()), "{body}");
    }
    assert!(service.emulator().users().is_empty());
    service.switch(|switches| switches.lenient_booleans = true);
    let lenient = json!({"schemas": [USER], "userName": "a", "active": "False"});
    assert_eq!(answer(service.post("Users", &lenient)).await.1["active"], false);
}

#[tokio::test]
async fn ids_take_the_form_that_is_switched() {
    let service = Service::start(json!({})).await;
    let create = async |ids, name: &str| {
        service.switch(|switches| switches.ids = ids);
        answer(service.post("Users", &user(name))).await.1["id"].clone()
    };
    assert_eq!(create(Ids::Digits, "a").await, "1001");
    assert_eq!(create(Ids::Number, "b").await, 1002);
    assert_eq!(status(service.get("Users/1002")).await, 200);
    assert_eq!(create(Ids::Name, "c+d@x.test").await, "c+d@x.test");
    assert_eq!(status(service.get("Users/c%2Bd%40x.test")).await, 200);
    assert_eq!(create(Ids::Uuid, "e").await.as_str().map(str::len), Some(36));
}

#[tokio::test]
async fn booleans_dates_mail_and_schemas_can_be_shown_against_the_rfc() {
    let service = Service::small().await;
    service.switch(|switches| {
        switches.booleans = Booleans::Text;
        switches.plain_dates = true;
        switches.omit_schemas = true;
    });
    let (_, ada) = answer(service.get("Users/u-ada")).await;
    assert_eq!((&ada["active"], &ada["emails"][0]["primary"]), (&json!("True"), &json!("True")));
    assert_eq!(ada["meta"]["created"], "2023-11-14 22:13:20");
    assert!(ada.get("schemas").is_none());
    service.switch(|switches| switches.mail_as_text = true);
    assert_eq!(answer(service.get("Users/u-ada")).await.1["emails"], json!(["ada@x.test"]));
    assert_eq!(service.emulator().user("ada@x.test").expect("ada")["active"], true, "stored as it was");
}

#[tokio::test]
async fn active_can_be_missing_until_it_is_set() {
    let service = Service::small().await;
    assert_eq!(answer(service.get("Users/u-bob")).await.1["active"], true);
    service.switch(|switches| switches.active = Active::WhenSet);
    assert!(answer(service.get("Users/u-bob")).await.1.get("active").is_none());
    assert_eq!(answer(service.get("Users/u-ada")).await.1["active"], true);
}

#[tokio::test]
async fn fields_can_be_dropped_refused_required_or_fixed() {
    let service = Service::small().await;
    service.switch(|switches| {
        switches.drop = vec!["User.displayName".into(), "User.externalId".into(), format!("User.{ENTERPRISE}")];
        switches.refuse = vec!["User.emails.type".into()];
        switches.require = vec!["User.name.familyName".into()];
        switches.immutable = vec!["User.userName".into()];
    });
    let mut body = json!({"schemas": [USER, ENTERPRISE], "userName": "eve", "displayName": "Eve", "externalId": "x",
        ENTERPRISE: {"department": "R&D"}});
    assert_eq!(refusal(service.post("Users", &body)).await, (400, "invalidValue".into()), "no family name");
    body["name"] = json!({"familyName": "E"});
    let (status, eve) = answer(service.post("Users", &body)).await;
    assert_eq!((status, eve.get("displayName"), eve.get("externalId"), eve.get(ENTERPRISE)), (201, None, None, None));
    body["emails"] = json!([{"value": "e@x.test", "type": "work"}]);
    body["userName"] = json!("eve2");
    assert_eq!(refusal(service.post("Users", &body)).await, (400, "invalidValue".into()), "a type of e-mail");
    let rename = json!([{"op": "replace", "path": "userName", "value": "eva"}]);
    let place = format!("Users/{}", eve["id"].as_str().expect("an id"));
    assert_eq!(refusal(service.patch(&place, &rename)).await, (400, "mutability".into()));
    let show = json!([{"op": "replace", "path": "displayName", "value": "Eva"}]);
    assert_eq!(answer(service.patch(&place, &show)).await.1.get("displayName"), None, "dropped with success");
    assert!(service.last().changes.users_updated.is_empty(), "nothing has changed");
}

#[tokio::test]
async fn a_create_may_answer_with_an_id_only() {
    let service = Service::start(json!({})).await;
    service.switch(|switches| switches.create_answer = CreateAnswer::Brief);
    let (status, shown) = answer(service.post("Users", &user("ada"))).await;
    assert_eq!((status, shown.as_object().map(serde_json::Map::len)), (201, Some(2)));
    assert!(shown["id"].is_string());
}

#[tokio::test]
async fn versions_guard_writes_where_entity_tags_are_on() {
    let service = Service::small().await;
    let rename = json!([{"op": "replace", "path": "displayName", "value": "A."}]);
    let tagged = |tag: &str| service.patch("Users/u-ada", &rename).header("if-match", tag);
    assert_eq!(status(tagged("W/\"9\"")).await, 200, "off: ignored");
    service.switch(|switches| switches.etag = Etag::On);
    let response = reply(service.get("Users/u-ada")).await;
    let tag = response.headers()["etag"].to_str().expect("text").to_owned();
    assert_eq!(status(service.get("Users/u-ada").header("if-none-match", &tag)).await, 304);
    assert_eq!(status(tagged("W/\"9\"")).await, 412);
    assert_eq!(status(service.put("Users/u-ada", &user("ada@x.test")).header("if-match", "W/\"9\"")).await, 412);
    assert_eq!(status(service.delete("Users/u-ada").header("if-match", "W/\"9\"")).await, 412);
    let change = json!([{"op": "replace", "path": "title", "value": "CTO"}]);
    let (status, shown) = answer(service.patch("Users/u-ada", &change).header("if-match", &tag)).await;
    assert_eq!((status, &shown["meta"]["version"]), (200, &json!("W/\"3\"")));
    assert!(service.last().warnings.is_empty());
    super::support::status(service.patch("Users/u-ada", &change)).await;
    assert_eq!(service.last().warnings, ["a PATCH has no If-Match"]);
    service.switch(|switches| switches.etag = Etag::Meaningless);
    let response = reply(service.get("Users/u-ada")).await;
    assert!(response.headers().contains_key("etag"));
    assert_eq!(super::support::status(tagged("W/\"9\"")).await, 200, "ignored");
}
