use serde_json::{Value, json};

use super::support::{ENTERPRISE, Service, USER, answer, status};
use crate::sandbox::scim::{Announce, Cursor, Discovery, Etag, Filtering, Method, SchemaList};

async fn config(service: &Service) -> Value {
    answer(service.get("ServiceProviderConfig")).await.1
}

#[tokio::test]
async fn discovery_tells_what_the_switches_make_of_the_service() {
    let service = Service::small().await;
    let told = config(&service).await;
    assert_eq!(told["patch"], json!({"supported": true}));
    assert_eq!(told["filter"], json!({"supported": true, "maxResults": 200}));
    assert_eq!(told["etag"], json!({"supported": false}));
    assert!(told.get("pagination").is_none());
    service.switch(|switches| {
        switches.patch = Method::NotImplemented;
        switches.filter = Filtering::Refused;
        switches.etag = Etag::On;
        switches.cursor = Cursor::Offered;
        switches.max_results = Some(7);
    });
    let told = config(&service).await;
    assert_eq!(told["patch"]["supported"], false);
    assert_eq!(told["filter"], json!({"supported": false, "maxResults": 7}));
    assert_eq!(told["etag"]["supported"], true);
    assert_eq!(told["pagination"]["maxPageSize"], 7);
}

#[tokio::test]
async fn discovery_can_lie_lack_members_hold_a_wrong_one_or_be_absent() {
    let service = Service::small().await;
    service.switch(|switches| {
        switches.announce = Announce { patch: Some(false), filter: Some(false), etag: Some(true), cursor: Some(true) };
    });
    let told = config(&service).await;
    assert_eq!((&told["patch"]["supported"], &told["filter"]["supported"]), (&json!(false), &json!(false)));
    assert_eq!((&told["etag"]["supported"], &told["pagination"]["cursor"]), (&json!(true), &json!(true)));
    service.switch(|switches| switches.service_provider_config = Discovery::Bare);
    let told = config(&service).await;
    assert_eq!(told["bulk"], json!({"supported": false}));
    assert!(told.get("sort").is_none());
    service.switch(|switches| switches.service_provider_config = Discovery::Spoilt);
    assert_eq!(config(&service).await["filter"], "yes");
    service.switch(|switches| switches.service_provider_config = Discovery::Absent);
    assert_eq!(status(service.get("ServiceProviderConfig")).await, 404);
}

#[tokio::test]
async fn the_token_is_needed_unless_discovery_is_open() {
    let service = Service::small().await;
    assert_eq!(status(service.bare("GET", "ServiceProviderConfig")).await, 401);
    service.switch(|switches| switches.open_discovery = true);
    for path in ["ServiceProviderConfig", "ResourceTypes", "Schemas"] {
        assert_eq!(status(service.bare("GET", path)).await, 200, "{path}");
    }
    assert_eq!(status(service.bare("GET", "Users")).await, 401, "resources stay closed");
}

#[tokio::test]
async fn schemas_name_what_is_required_and_what_cannot_change() {
    let service = Service::small().await;
    service.switch(|switches| {
        switches.require = vec!["User.name.familyName".into()];
        switches.immutable = vec!["User.userName".into()];
    });
    let (_, told) = answer(service.get(&format!("Schemas/{USER}"))).await;
    let find = |list: &Value, name: &str| {
        list.as_array().expect("a list").iter().find(|one| one["name"] == name).expect("an attribute").clone()
    };
    let name = find(&told["attributes"], "userName");
    assert_eq!((&name["required"], &name["mutability"]), (&json!(true), &json!("immutable")));
    let family = find(&find(&told["attributes"], "name")["subAttributes"], "familyName");
    assert_eq!(family["required"], true);
    assert_eq!(find(&told["attributes"], "password")["returned"], "never");
    assert_eq!(status(service.get(&format!("Schemas/{ENTERPRISE}"))).await, 200);
    assert_eq!(answer(service.get("Schemas")).await.1["totalResults"], 3);
    service.switch(|switches| switches.schemas = SchemaList::ByName);
    assert_eq!(status(service.get(&format!("Schemas/{USER}"))).await, 404);
    assert_eq!(answer(service.get("Schemas/Users")).await.1["id"], USER);
    assert_eq!(answer(service.get("Schemas/Groups")).await.1["name"], "Group");
    service.switch(|switches| switches.schemas = SchemaList::Absent);
    assert_eq!(status(service.get("Schemas/Users")).await, 404);
}

#[tokio::test]
async fn a_service_without_groups_has_no_such_resource_type() {
    let service = Service::small().await;
    assert_eq!(answer(service.get("ResourceTypes")).await.1["totalResults"], 2);
    service.switch(|switches| switches.no_groups = true);
    assert_eq!(answer(service.get("ResourceTypes")).await.1["totalResults"], 1);
    assert_eq!(status(service.get("Groups")).await, 404);
}
