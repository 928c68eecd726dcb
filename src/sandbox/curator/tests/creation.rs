use serde_json::{Value, json};

use super::support::{Portal, body};
use crate::sandbox::curator::{Letters, Matching, Spelling, Twice};

const CREATE: &str = "User/createFrontendGroup";

async fn platforms() -> Portal {
    Portal::start(json!({
        "users": [{"name": "ada"}],
        "groups": [{"id": 29, "name": "Old"}],
        "platforms": {
            "tableau": [{"server": "main", "url": "https://t.example", "site": "__DEFAULT__", "name": "Analysts",
                "id": "t-1", "members": ["ada"]}],
            "thoughtspot": [{"name": "Europe", "id": "ts-1"}],
        },
    }))
    .await
}

async fn create(portal: &Portal, name: &str, text: &Value) -> Value {
    body(portal.post(CREATE, &[("name", name)]).body(text.to_string())).await.1
}

#[tokio::test]
async fn the_vendors_example_is_answered_as_the_vendor_prints_it() {
    let portal = platforms().await;
    let wanted = json!({
        "platforms": {"tableau": [{"server": "main", "site": "__DEFAULT__", "group": "Analysts"}], "thoughtspot": ["Europe"]},
        "custom_attributes": {"color": "blue"},
    });
    assert_eq!(
        create(&portal, "Finance", &wanted).await,
        json!({
            "result": "Success",
            "msg": "Successfully added platform groups to frontend group 30 and added syncing to the queue",
            "metadata": [
                {"tableau_server": "main|||https://t.example", "tableau_site": "__DEFAULT__",
                    "tableau_group": "Analysts|||t-1"},
                {"thoughtspot_group": "Europe|||ts-1"},
            ],
            "tableauGroupsNotFound": "",
            "thoughtspotGroupsNotFound": "",
        })
    );
    assert!(portal.last().write && portal.last().changes.groups_added.contains("Finance"));
    let state = serde_json::to_value(portal.emulator().contents()).expect("JSON");
    assert_eq!(state["groups"][1]["platforms"], wanted["platforms"]);
    assert_eq!(state["groups"][1]["custom_attributes"], wanted["custom_attributes"]);
    assert_eq!(portal.members("Finance"), ["ada"], "the queue has run");
}

#[tokio::test]
async fn platform_groups_that_are_not_there_are_listed_and_the_call_succeeds() {
    let portal = platforms().await;
    let wanted = json!({"platforms": {"tableau": [{"server": "main", "site": "Other", "group": "Analysts"}],
        "thoughtspot": ["Asia", "Europe", "Mars"]}});
    let told = create(&portal, "Finance", &wanted).await;
    assert_eq!((&told["result"], &told["tableauGroupsNotFound"]), (&json!("Success"), &json!("Analysts")));
    assert_eq!(told["thoughtspotGroupsNotFound"], "Asia, Mars");
    portal.switch(|switches| {
        switches.not_found_spelling = Spelling::Thoughspot;
        switches.result_letters = Letters::Small;
    });
    let told = create(&portal, "Finance 2", &wanted).await;
    assert_eq!(
        (&told["thoughspotGroupsNotFound"], told.get("thoughtspotGroupsNotFound")),
        (&json!("Asia, Mars"), None)
    );
    assert_eq!(told["result"], "success");
}

#[tokio::test]
async fn a_group_needs_a_name_and_no_body_but_a_body_must_be_usable() {
    let portal = platforms().await;
    assert_eq!(portal.ask(CREATE, &[]).await.1["msg"], "A group name is required");
    let (_, told) = portal.ask(CREATE, &[("name", "Plain")]).await;
    assert_eq!(told["msg"], "Successfully created frontend group 30");
    let (_, told) = body(portal.post(CREATE, &[("name", "Broken")]).body("{\"platforms\": 3}")).await;
    assert_eq!(told["result"], "Error");
    assert_eq!(portal.emulator().contents().groups.len(), 2);
}

#[tokio::test]
async fn a_second_group_of_one_name_is_an_error_or_another_group() {
    let portal = platforms().await;
    assert_eq!(create(&portal, "Old", &json!({})).await["msg"], "A group with this name already exists");
    portal.switch(|switches| switches.group_matching = Matching::CaseInsensitive);
    assert_eq!(create(&portal, "OLD", &json!({})).await["result"], "Error");
    portal.switch(|switches| switches.duplicate_group = Twice::Success);
    assert_eq!(create(&portal, "Old", &json!({})).await["result"], "Success");
    let names: Vec<String> = portal.emulator().contents().groups.into_iter().map(|group| group.name).collect();
    assert_eq!(names, ["Old", "Old"]);
    let again = portal.emulator().contents();
    portal.emulator().plant(again.clone()).expect("a state is a seed");
    assert_eq!(portal.emulator().contents(), again);
}

#[tokio::test]
async fn no_backend_user_is_ever_made() {
    let portal = platforms().await;
    assert_eq!(portal.ask("User/createBackendUser", &[("username", "eve")]).await.1["result"], "Error");
    assert!(portal.last().warnings[0].contains("administrator of the portal"));
}
