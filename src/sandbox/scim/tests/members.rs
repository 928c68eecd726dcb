use serde_json::{Value, json};

use super::support::{GROUP, Service, answer, refusal, status};
use crate::sandbox::scim::{GroupMembers, MemberCap, OrPath, Support, UnknownMember, ValueRemoval};

fn add(ids: &[&str]) -> Value {
    let members: Vec<Value> = ids.iter().map(|id| json!({"value": id})).collect();
    json!([{"op": "add", "path": "members", "value": members}])
}

fn remove(filter: &str) -> Value {
    json!([{"op": "remove", "path": format!("members[{filter}]")}])
}

async fn patch(service: &Service, operations: Value) -> u16 {
    status(service.patch("Groups/g-eng", &operations)).await
}

fn inside(service: &Service) -> Vec<String> {
    let group = service.emulator().group("eng").expect("eng");
    let members = group["members"].as_array().expect("members");
    members.iter().filter_map(|member| member["value"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn members_come_in_an_array_and_leave_one_by_one() {
    let service = Service::small().await;
    assert_eq!(patch(&service, add(&["u-bob"])).await, 200);
    assert_eq!(service.last().changes.groups_updated, ["eng".to_owned()].into());
    assert!(service.last().warnings.is_empty());
    assert_eq!(inside(&service), ["u-ada", "u-bob"]);
    assert_eq!(patch(&service, remove("value eq \"u-ada\"")).await, 200);
    assert_eq!(inside(&service), ["u-bob"]);
    let (_, bob) = answer(service.get("Users/u-bob")).await;
    assert_eq!(bob["groups"], json!([{"value": "g-eng", "display": "eng", "type": "direct"}]));
    let (_, eng) = answer(service.get("Groups/g-eng")).await;
    assert_eq!((&eng["members"][0]["display"], &eng["members"][0]["type"]), (&json!("bob@x.test"), &json!("User")));
}

#[tokio::test]
async fn a_careless_client_is_remarked_on() {
    let service = Service::small().await;
    assert_eq!(patch(&service, add(&["u-ada"])).await, 200);
    assert_eq!(service.last().warnings, ["the member u-ada is there already"]);
    assert_eq!(patch(&service, remove("value eq \"u-bob\"")).await, 200);
    assert_eq!(service.last().warnings, ["the member u-bob is not there"]);
    assert!(service.last().changes.groups_updated.is_empty());
    service.switch(|switches| switches.duplicate_members = true);
    patch(&service, add(&["u-ada"])).await;
    assert_eq!(inside(&service), ["u-ada", "u-ada"]);
    patch(&service, remove("value eq \"u-ada\"")).await;
    assert!(inside(&service).is_empty());
}

#[tokio::test]
async fn each_form_of_removal_and_replacement_can_lack() {
    let service = Service::small().await;
    let by_value = json!([{"op": "remove", "path": "members", "value": [{"value": "u-ada"}]}]);
    assert_eq!(patch(&service, by_value.clone()).await, 400, "RFC 7644 knows no such form");
    for (support, told) in [(Support::NotImplemented, 501), (Support::Refused, 400), (Support::Ignored, 200)] {
        service.switch(|switches| {
            switches.remove_by_filter = support;
            switches.replace_members = support;
            switches.remove_all_members = support;
        });
        assert_eq!(patch(&service, remove("value eq \"u-ada\"")).await, told);
        assert_eq!(patch(&service, json!([{"op": "remove", "path": "members"}])).await, told);
        let replace = json!([{"op": "replace", "path": "members", "value": [{"value": "u-bob"}]}]);
        assert_eq!(patch(&service, replace).await, told);
        assert_eq!(inside(&service), ["u-ada"]);
    }
    service.switch(|switches| switches.remove_by_value = ValueRemoval::Accepted);
    assert_eq!(patch(&service, by_value).await, 200);
    assert!(inside(&service).is_empty());
}

#[tokio::test]
async fn members_are_replaced_or_removed_at_once_where_that_is_taken() {
    let service = Service::small().await;
    let replace = json!([{"op": "replace", "path": "members", "value": [{"value": "u-bob"}]}]);
    assert_eq!(patch(&service, replace).await, 200);
    assert_eq!(inside(&service), ["u-bob"]);
    assert_eq!(service.last().warnings, ["all members are replaced at once"]);
    assert_eq!(patch(&service, json!([{"op": "remove", "path": "members"}])).await, 200);
    assert!(inside(&service).is_empty());
}

#[tokio::test]
async fn a_path_of_two_ids_removes_both_one_or_none() {
    let service = Service::small().await;
    let two = "value eq \"u-bob\" or value eq \"u-ada\"";
    patch(&service, add(&["u-bob"])).await;
    service.switch(|switches| switches.or_path = OrPath::Refused);
    assert_eq!(patch(&service, remove(two)).await, 400);
    service.switch(|switches| switches.or_path = OrPath::First);
    assert_eq!(patch(&service, remove(two)).await, 200);
    assert_eq!(inside(&service), ["u-ada"]);
    patch(&service, add(&["u-bob"])).await;
    service.switch(|switches| switches.or_path = OrPath::All);
    assert_eq!(patch(&service, remove(two)).await, 200);
    assert!(inside(&service).is_empty());
}

#[tokio::test]
async fn an_unknown_member_is_refused_dropped_stored_or_breaks_the_service() {
    let service = Service::small().await;
    let some = || add(&["u-bob", "nobody"]);
    assert_eq!(refusal(service.patch("Groups/g-eng", &some())).await, (400, "invalidValue".into()));
    assert_eq!(inside(&service), ["u-ada"], "the good one was put back out");
    service.switch(|switches| switches.unknown_member = UnknownMember::Crashes);
    assert_eq!(patch(&service, some()).await, 500);
    service.switch(|switches| switches.unknown_member = UnknownMember::Dropped);
    assert_eq!(patch(&service, some()).await, 200);
    assert_eq!(inside(&service), ["u-ada", "u-bob"]);
    service.switch(|switches| switches.unknown_member = UnknownMember::Stored);
    assert_eq!(patch(&service, add(&["nobody"])).await, 200);
    assert_eq!(inside(&service), ["nobody", "u-ada", "u-bob"]);
    assert_eq!(answer(service.get("Groups/g-eng")).await.1["members"][0], json!({"value": "nobody"}));
}

#[tokio::test]
async fn a_request_can_name_too_many_members() {
    let service = Service::small().await;
    service.switch(|switches| switches.max_members = Some(1));
    assert_eq!(patch(&service, add(&["u-ada", "u-bob"])).await, 413);
    service.switch(|switches| switches.over_members = Some(400));
    assert_eq!(patch(&service, add(&["u-ada", "u-bob"])).await, 400);
    assert_eq!(patch(&service, add(&["u-bob"])).await, 200);
}

#[tokio::test]
async fn members_can_be_hidden_or_cut_and_lost() {
    let service = Service::small().await;
    service.switch(|switches| switches.hide_members = true);
    assert_eq!(answer(service.get("Groups/g-eng")).await.1["members"], json!([]));
    assert_eq!(inside(&service), ["u-ada"]);
    service.switch(|switches| {
        switches.hide_members = false;
        switches.member_cap = Some(MemberCap { shown: 1, patch_loses: false });
    });
    patch(&service, add(&["u-bob"])).await;
    assert_eq!(answer(service.get("Groups/g-eng")).await.1["members"].as_array().map(Vec::len), Some(1));
    assert_eq!(inside(&service).len(), 2);
    service.switch(|switches| switches.member_cap = Some(MemberCap { shown: 1, patch_loses: true }));
    patch(&service, add(&["u-bob"])).await;
    assert_eq!(inside(&service), ["u-ada"]);
}

#[tokio::test]
async fn groups_in_groups_are_kept_refused_or_dropped() {
    let service = Service::small().await;
    let made = answer(
        service.post("Groups", &json!({"schemas": [GROUP], "displayName": "all", "members": [{"value": "g-eng"}]})),
    )
    .await;
    assert_eq!((made.0, &made.1["members"][0]["type"]), (201, &json!("Group")));
    let parent = format!("Groups/{}", made.1["id"].as_str().expect("an id"));
    service.switch(|switches| switches.group_members = GroupMembers::Refused);
    assert_eq!(status(service.patch(&parent, &add(&["g-eng"]))).await, 400);
    service.switch(|switches| switches.group_members = GroupMembers::Dropped);
    assert_eq!(patch(&service, add(&["g-eng"])).await, 200);
    assert_eq!(inside(&service), ["u-ada"]);
}

#[tokio::test]
async fn members_inside_a_post_are_kept_ignored_or_refuse_the_group() {
    let service = Service::small().await;
    let body =
        |name: &str, member: &str| json!({"schemas": [GROUP], "displayName": name, "members": [{"value": member}]});
    assert_eq!(status(service.post("Groups", &body("a", "u-bob"))).await, 201);
    assert_eq!(service.emulator().members("a"), ["bob@x.test".to_owned()].into());
    assert_eq!(status(service.post("Groups", &body("b", "nobody"))).await, 400);
    assert!(service.emulator().group("b").is_none(), "no group was left behind");
    service.switch(|switches| switches.ignore_members_in_post = true);
    assert_eq!(status(service.post("Groups", &body("c", "nobody"))).await, 201);
    assert!(service.emulator().members("c").is_empty());
}

#[tokio::test]
async fn fixed_groups_take_members_and_nothing_else() {
    let service = Service::small().await;
    service.switch(|switches| switches.fixed_groups = true);
    let body = json!({"schemas": [GROUP], "displayName": "new"});
    assert_eq!(status(service.post("Groups", &body)).await, 501);
    assert_eq!(status(service.put("Groups/g-eng", &body)).await, 501);
    assert_eq!(status(service.delete("Groups/g-eng")).await, 501);
    assert_eq!(patch(&service, add(&["u-bob"])).await, 200);
}
