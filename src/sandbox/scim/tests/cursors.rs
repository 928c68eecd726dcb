use super::support::{Service, answer, ids, refusal, status};
use crate::sandbox::scim::{Cursor, Total};

async fn walk(service: &Service, count: usize) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let (_, page) = answer(service.get(&format!("Users?cursor={cursor}&count={count}"))).await;
        pages.push(ids(&page));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn a_cursor_walk_ends_where_there_is_no_next_cursor() {
    let service = Service::crowd(5).await;
    service.switch(|switches| switches.cursor = Cursor::Offered);
    assert_eq!(walk(&service, 2).await, [vec!["u-00", "u-01"], vec!["u-02", "u-03"], vec!["u-04"]]);
    assert_eq!(service.ids("Users?startIndex=4&count=2").await, ["u-03", "u-04"], "an index pages as well");
}

#[tokio::test]
async fn users_who_come_between_two_pages_do_not_shift_a_cursor() {
    let service = Service::crowd(4).await;
    service.switch(|switches| {
        switches.cursor = Cursor::Offered;
        switches.insert_between_pages = 2;
    });
    assert_eq!(walk(&service, 2).await, [["u-00", "u-01"], ["u-02", "u-03"]]);
}

#[tokio::test]
async fn a_service_of_cursors_only_shows_one_page_without_one() {
    let service = Service::crowd(5).await;
    service.switch(|switches| {
        switches.cursor = Cursor::Only;
        switches.default_count = Some(3);
        switches.total_results = Total::Absent;
    });
    assert_eq!(service.ids("Users").await.len(), 3);
    assert_eq!(service.ids("Users?startIndex=4&count=3").await, ["u-00", "u-01", "u-02"]);
    let (_, page) = answer(service.get("Users?cursor=&count=3")).await;
    assert!(page.get("totalResults").is_none() && page.get("startIndex").is_none());
    assert_eq!(walk(&service, 3).await.concat().len(), 5);
}

#[tokio::test]
async fn cursors_can_be_ignored_refused_wrong_or_expired() {
    let service = Service::crowd(5).await;
    assert_eq!(service.ids("Users?cursor=&count=2").await, ["u-00", "u-01"]);
    service.switch(|switches| switches.cursor = Cursor::NotImplemented);
    assert_eq!(status(service.get("Users?cursor=")).await, 501);
    service.switch(|switches| {
        switches.cursor = Cursor::Offered;
        switches.expire_cursors = 1;
    });
    assert_eq!(refusal(service.get("Users?cursor=nonsense")).await, (400, "invalidCursor".into()));
    let (_, page) = answer(service.get("Users?cursor=&count=2")).await;
    let next = format!("Users?cursor={}&count=2", page["nextCursor"].as_str().expect("a cursor"));
    assert_eq!(refusal(service.get(&next)).await, (400, "expiredCursor".into()));
    assert_eq!(service.ids(&next).await, ["u-02", "u-03"], "once only");
}
