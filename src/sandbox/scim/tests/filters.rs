use serde_json::json;

use super::support::{Service, refusal};
use crate::sandbox::scim::Filtering;

async fn found(service: &Service, filter: &str) -> Vec<String> {
    let request = service.get("Users").query(&[("filter", filter), ("startIndex", "1"), ("count", "50")]);
    super::support::ids(&super::support::answer(request).await.1)
}

async fn people() -> Service {
    Service::start(json!({
        "users": [
            { "id": "1", "userName": "Ada@x.test", "externalId": "E1", "title": "CTO",
              "emails": [{ "value": "ada@x.test", "type": "work" }, { "value": "ada@home.test", "type": "home" }] },
            { "id": "2", "userName": "bob@x.test", "externalId": "e1", "active": false },
            { "id": "3", "userName": "o\"neil\\x", "name": { "familyName": "O'Neil" } },
        ],
    }))
    .await
}

#[tokio::test]
async fn the_grammar_of_the_rfc_is_understood() {
    let service = people().await;
    for (filter, ids) in [
        ("userName eq \"ADA@X.TEST\"", vec!["1"]),
        ("externalId eq \"e1\"", vec!["2"]),
        ("userName eq \"o\\\"neil\\\\x\"", vec!["3"]),
        ("title pr", vec!["1"]),
        ("not (title pr) and userName sw \"bob\"", vec!["2"]),
        ("userName co \"@x\" and (title eq \"cto\" or active eq false)", vec!["1", "2"]),
        ("emails[type eq \"home\" and value ew \"home.test\"]", vec!["1"]),
        ("emails.value eq \"ada@x.test\"", vec!["1"]),
        ("emails eq \"ada@home.test\"", vec!["1"]),
        ("name.familyName ne \"Smith\" and userName gt \"c\"", vec!["3"]),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"bob@x.test\"", vec!["2"]),
        ("meta.created ge \"2020-01-01T00:00:00Z\"", vec!["1", "2", "3"]),
        ("active eq true", vec!["1", "3"]),
        ("id eq \"2\"", vec!["2"]),
    ] {
        assert_eq!(found(&service, filter).await, ids, "{filter}");
    }
    for filter in
        ["", "userName", "userName eq", "userName is \"x\"", "userName eq \"x", "(userName pr", "userName eq x"]
    {
        let request = service.get("Users").query(&[("filter", filter)]);
        assert_eq!(refusal(request).await, (400, "invalidFilter".into()), "{filter}");
    }
}

#[tokio::test]
async fn filters_can_be_limited_refused_ignored_or_mean_something_else() {
    let service = people().await;
    let switch = |filter| service.switch(|switches| switches.filter = filter);
    let ask = |filter: &str| service.get("Users").query(&[("filter", filter)]);
    switch(Filtering::Equality);
    assert_eq!(found(&service, "userName eq \"bob@x.test\" and id eq \"2\"").await, ["2"]);
    assert_eq!(refusal(ask("userName sw \"bob\"")).await, (400, "invalidFilter".into()));
    switch(Filtering::NotImplemented);
    assert_eq!(refusal(ask("userName pr")).await.0, 501);
    switch(Filtering::Refused);
    assert_eq!(refusal(ask("userName pr")).await, (400, "invalidFilter".into()));
    switch(Filtering::Ignored);
    assert_eq!(found(&service, "userName eq \"nobody\"").await.len(), 3);
    switch(Filtering::MailOnly);
    assert_eq!(found(&service, "externalId eq \"ada@x.test\"").await, ["1"]);
}

#[tokio::test]
async fn case_nodes_and_fields_can_be_restricted() {
    let service = people().await;
    service.switch(|switches| switches.filter_case_exact = true);
    assert!(found(&service, "userName eq \"ada@x.test\"").await.is_empty());
    assert_eq!(found(&service, "userName eq \"Ada@x.test\"").await, ["1"]);
    service.switch(|switches| switches.filter_nodes = Some(2));
    let three = "id eq \"1\" or id eq \"2\" or id eq \"3\"";
    assert_eq!(refusal(service.get("Users").query(&[("filter", three)])).await, (400, "invalidFilter".into()));
    service.switch(|switches| switches.unfilterable = vec!["User.externalId".into()]);
    let external = "externalId eq \"E1\"";
    assert_eq!(refusal(service.get("Users").query(&[("filter", external)])).await, (400, "invalidFilter".into()));
}

#[tokio::test]
async fn a_pair_of_group_and_member_can_be_asked_for_where_members_are_hidden() {
    let service = Service::small().await;
    service.switch(|switches| {
        switches.hide_members = true;
        switches.filter = Filtering::Equality;
    });
    let ask = async |member: &str| {
        let filter = format!("id eq \"g-eng\" and members.value eq \"{member}\"");
        let request = service.get("Groups").query(&[("filter", filter.as_str())]);
        super::support::answer(request).await.1["totalResults"].as_u64()
    };
    assert_eq!(ask("u-ada").await, Some(1));
    assert_eq!(ask("u-bob").await, Some(0));
}
