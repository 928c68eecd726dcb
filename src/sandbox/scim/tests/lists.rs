use serde_json::json;

use super::support::{Service, answer, ids, refusal, status};
use crate::sandbox::scim::{Counting, OverMaximum, Projection, Total};

#[tokio::test]
async fn pages_are_slices_of_one_stable_order() {
    let service = Service::crowd(5).await;
    let (_, page) = answer(service.get("Users?startIndex=2&count=2")).await;
    assert_eq!(ids(&page), ["u-01", "u-02"]);
    assert_eq!((&page["totalResults"], &page["startIndex"], &page["itemsPerPage"]), (&json!(5), &json!(2), &json!(2)));
    assert_eq!(service.ids("Users?startIndex=5&count=2").await, ["u-04"]);
    assert!(service.ids("Users?startIndex=6&count=2").await.is_empty());
    assert_eq!(service.ids("Users?startIndex=0&count=1").await, ["u-00"], "less than 1 is 1 (RFC 7644, 3.4.2.4)");
    let (_, page) = answer(service.get("Users?startIndex=1&count=0")).await;
    assert_eq!((ids(&page).len(), &page["totalResults"]), (0, &json!(5)));
    assert_eq!(status(service.get("Users?startIndex=one")).await, 400);
}

#[tokio::test]
async fn a_list_asked_for_without_count_is_short_and_worth_a_remark() {
    let service = Service::crowd(15).await;
    service.switch(|switches| switches.default_count = Some(10));
    assert_eq!(service.ids("Users").await.len(), 10);
    assert_eq!(service.last().warnings, ["the list was asked for without count"]);
    service.switch(|switches| switches.paging_needed = true);
    let (_, page) = answer(service.get("Users?count=5")).await;
    assert_eq!((ids(&page).len(), &page["totalResults"]), (0, &json!(15)));
    assert_eq!(service.ids("Users?startIndex=1&count=5").await.len(), 5);
}

#[tokio::test]
async fn too_large_a_count_is_cut_or_refused_and_some_services_take_none() {
    let service = Service::crowd(9).await;
    service.switch(|switches| switches.max_results = Some(4));
    assert_eq!(service.ids("Users?startIndex=1&count=100").await.len(), 4);
    service.switch(|switches| switches.over_maximum = OverMaximum::Refuse);
    assert_eq!(refusal(service.get("Users?startIndex=1&count=100")).await, (400, "invalidValue".into()));
    assert_eq!(service.ids("Users?startIndex=1&count=4").await.len(), 4);
    service.switch(|switches| switches.count = Counting::ZeroRefused);
    assert_eq!(status(service.get("Users?count=0")).await, 400);
    service.switch(|switches| switches.count = Counting::Crashes);
    assert_eq!(status(service.get("Users?count=3")).await, 500);
    assert_eq!(status(service.get("Users")).await, 200);
}

#[tokio::test]
async fn pages_can_repeat_or_overlap() {
    let service = Service::crowd(6).await;
    service.switch(|switches| switches.overlap = 1);
    assert_eq!(service.ids("Users?startIndex=1&count=2").await, ["u-00", "u-01"]);
    assert_eq!(service.ids("Users?startIndex=3&count=2").await, ["u-01", "u-02"]);
    service.switch(|switches| switches.ignore_start_index = true);
    assert_eq!(service.ids("Users?startIndex=3&count=2").await, ["u-00", "u-01"]);
}

#[tokio::test]
async fn the_total_can_lie() {
    let service = Service::crowd(6).await;
    for (total, told) in [
        (Total::Honest, json!(6)),
        (Total::PageSize, json!(2)),
        (Total::Capped(4), json!(4)),
        (Total::Absent, json!(null)),
    ] {
        service.switch(|switches| switches.total_results = total);
        assert_eq!(answer(service.get("Users?startIndex=1&count=2")).await.1["totalResults"], told);
    }
}

#[tokio::test]
async fn lists_can_be_empty_spoilt_or_spelt_in_lower_case() {
    let service = Service::small().await;
    service.switch(|switches| switches.spoilt_resource = true);
    let (_, page) = answer(service.get("Users?startIndex=1&count=9")).await;
    assert!(page["Resources"][0].is_null());
    assert_eq!(page["Resources"][1]["id"], "u-bob");
    service.switch(|switches| switches.lower_case_resources = true);
    let (_, page) = answer(service.get("Users?startIndex=1&count=9")).await;
    assert_eq!((page.get("Resources"), page["resources"][1]["id"].as_str()), (None, Some("u-bob")));
    service.switch(|switches| *switches = serde_json::from_value(json!({"hideLists": true})).expect("switches"));
    let (_, page) = answer(service.get("Users?startIndex=1&count=9")).await;
    assert_eq!((ids(&page).len(), &page["totalResults"]), (0, &json!(0)));
    assert_eq!(status(service.get("Users/u-ada")).await, 200, "each can be read by its id");
}

#[tokio::test]
async fn attributes_are_chosen_unless_the_parameters_are_ignored() {
    let service = Service::small().await;
    let keys = async |path: &str| -> Vec<String> {
        let (_, found) = answer(service.get(path)).await;
        found.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(keys("Users/u-ada?attributes=userName").await, ["id", "schemas", "userName"]);
    assert!(!keys("Groups/g-eng?excludedAttributes=members").await.contains(&"members".to_owned()));
    service.switch(|switches| switches.projection = Projection::Excluded);
    assert!(keys("Users/u-ada?attributes=userName").await.contains(&"emails".to_owned()));
    assert!(!keys("Groups/g-eng?excludedAttributes=members").await.contains(&"members".to_owned()));
    service.switch(|switches| switches.projection = Projection::Neither);
    assert!(keys("Groups/g-eng?excludedAttributes=members").await.contains(&"members".to_owned()));
}

#[tokio::test]
async fn users_come_between_the_first_page_and_the_second_once_per_set() {
    let service = Service::crowd(4).await;
    service.switch(|switches| switches.insert_between_pages = 1);
    assert_eq!(service.ids("Users?startIndex=1&count=2").await, ["u-00", "u-01"]);
    assert_eq!(service.ids("Users?startIndex=3&count=2").await, ["u-01", "u-02"], "everybody moved on by one");
    let (_, page) = answer(service.get("Users?startIndex=1&count=9")).await;
    assert_eq!(page["Resources"][0]["userName"], "between-1@example.org");
    assert_eq!(page["totalResults"], 5, "nobody else has come");
}
