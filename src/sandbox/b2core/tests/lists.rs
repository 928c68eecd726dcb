use serde_json::{Value, json};

use super::support::{Office, addresses};
use crate::sandbox::b2core::FilterMatch;
use crate::sandbox::{Fault, Product as _};

/// An office with so many users besides the administrator, `p1` to `pN`.
async fn crowd(number: usize) -> Office {
    let people = (1..=number).map(|number| json!({"email": format!("p{number}@example.org")}));
    Office::start(json!({"users": people.collect::<Vec<_>>()})).await
}

#[tokio::test]
async fn pages_are_cut_by_limit_and_offset() {
    let office = crowd(45).await;
    let count = async |query: &str| office.get(&format!("users{query}")).await.1.as_array().map(Vec::len);
    assert_eq!(count("").await, Some(20), "the default");
    assert_eq!(count("?limit=30").await, Some(30));
    assert_eq!(count("?limit=30&offset=30").await, Some(16));
    assert_eq!(count("?limit=30&offset=46").await, Some(0));
    office.switch(|switches| switches.limit_maximum = 10);
    assert_eq!(count("?limit=30").await, Some(10), "a larger limit is cut without a word");
    let (_, page) = office.get("users?limit=2&offset=3").await;
    assert_eq!(addresses(&page), ["p3@example.org", "p4@example.org"]);
    assert_eq!(office.get("users?limit=ten").await.0, 400);
    assert_eq!(office.get("groups?limit=1&offset=1").await.1, json!([]));
}

#[tokio::test]
async fn filters_are_raw_or_encoded_and_only_active_can_be_asked_for() {
    let office = Office::small().await;
    office.patch("users/3", &json!({"active": false})).await;
    let listed = async |query: &str| {
        let (_, list) = office.get(&format!("users?{query}")).await;
        addresses(&list).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(listed("filter[email]=INES@example.org").await, ["ines@example.org"]);
    assert_eq!(listed("filter%5Bemail%5D=ines%40example.org").await, ["ines@example.org"]);
    assert_eq!(listed("filter[name]=ines").await, Vec::<String>::new(), "the whole value");
    assert_eq!(listed("filter[active]=0").await.len(), 3);
    assert_eq!(listed("filter[active]=1").await, ["admin@example.org", "ines@example.org"]);
    assert_eq!(listed("sort_by=name&unknown=1").await.len(), 3);
    office.switch(|switches| switches.filter_match = FilterMatch::Contains);
    assert_eq!(listed("filter[name]=vog").await, ["ines@example.org"]);
}

#[tokio::test]
async fn an_offset_may_be_ignored_by_switch_or_by_fault() {
    let office = crowd(5).await;
    let (_, first) = office.get("users?limit=2").await;
    let fault = json!({"on": "users", "skip": 1, "fault": {"rewrite": {"members": {"offset": null}}}});
    office.emulator().inject(serde_json::from_value::<Fault>(fault).expect("a fault"));
    assert_ne!(office.get("users?limit=2&offset=2").await.1, first);
    assert_eq!(office.get("users?limit=2&offset=4").await.1, first);
    office.switch(|switches| switches.ignore_offset = true);
    assert_eq!(office.get("users?limit=2&offset=2").await.1, first);
}

#[tokio::test]
async fn rows_come_in_between_two_pages_of_as_many_listings_as_said() {
    let office = crowd(5).await;
    office.switch(|switches| (switches.insert_between_pages, switches.insert_listings) = (2, 2));
    let page = async |offset: usize| office.get(&format!("users?limit=3&offset={offset}")).await.1;
    let (first, second) = (page(0).await, page(3).await);
    assert_eq!(addresses(&first), ["admin@example.org", "p1@example.org", "p2@example.org"]);
    assert_eq!(addresses(&second), ["p1@example.org", "p2@example.org", "p3@example.org"], "moved on by two");
    assert_eq!(addresses(&page(0).await)[..2], ["inserted8@example.org", "inserted7@example.org"]);
    assert_eq!(office.emulator().switches().insert_listings, 0);
    let ids = |page: &Value| page.as_array().expect("a list").iter().map(|user| user["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&page(0).await), ids(&page(0).await), "from now on nothing moves");
}
