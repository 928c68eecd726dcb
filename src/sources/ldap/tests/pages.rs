use ldap3::LdapResult;
use ldap3::controls::{Control, PagedResults, RawControl};

use crate::connector::FailureClass;
use crate::sources::ldap::page::{PAGED, Pages, Step};

fn answer(rc: u32, ctrls: Vec<Control>) -> LdapResult {
    LdapResult { rc, matched: String::new(), text: String::new(), refs: Vec::new(), ctrls }
}

/// The end of a page, with this cookie.
fn page(cookie: &str) -> LdapResult {
    let control: RawControl = PagedResults { size: 0, cookie: cookie.into() }.into();
    answer(0, vec![Control(None, control)])
}

fn add(pages: &mut Pages, from: usize, to: usize) {
    for at in from..to {
        pages.add(&format!("uid=u{at}"));
    }
}

fn end(pages: &mut Pages, answer: &LdapResult) -> String {
    match pages.end("ou=people", answer) {
        Step::More => "more".into(),
        Step::Whole(proof) => format!("whole: {proof}"),
        Step::Partial(why) => format!("partial: {why}"),
        Step::Failed(trouble) => format!("{:?}: {} | {}", trouble.class, trouble.why, trouble.hint.unwrap_or_default()),
    }
}

fn paged() -> Pages {
    Pages::new("user", Some(2))
}

#[test]
fn an_empty_cookie_proves_the_reading() {
    let mut pages = paged();
    add(&mut pages, 0, 2);
    assert_eq!(end(&mut pages, &page("a")), "more");
    add(&mut pages, 2, 4);
    assert_eq!(end(&mut pages, &page("b")), "more");
    add(&mut pages, 4, 5);
    assert_eq!(end(&mut pages, &page("")), "whole: 5 users in 3 pages, the last cookie empty");
    assert_eq!((pages.total(), pages.repetition()), (5, None));
    assert_eq!(end(&mut paged(), &page("")), "whole: 0 users in 1 page, the last cookie empty");
}

/// RFC 2696: SEQUENCE { INTEGER, OCTET STRING }, marked critical, with the cookie of the page before.
#[test]
fn the_request_is_critical_and_carries_the_cookie() {
    let mut pages = paged();
    let first = &pages.controls()[0];
    assert_eq!((first.ctype.as_str(), first.crit), (PAGED, true));
    assert_eq!(first.val.as_deref().unwrap(), [0x30, 5, 2, 1, 2, 4, 0]);
    add(&mut pages, 0, 2);
    end(&mut pages, &page("ab"));
    assert_eq!(pages.controls()[0].val.as_deref().unwrap(), [0x30, 7, 2, 1, 2, 4, 2, b'a', b'b']);
    assert!(Pages::new("user", None).controls().is_empty());
}

#[test]
fn limits_are_partial_readings_that_say_which() {
    let third = |rc| {
        let mut pages = paged();
        add(&mut pages, 0, 2);
        end(&mut pages, &page("a"));
        add(&mut pages, 2, 3);
        end(&mut pages, &answer(rc, Vec::new()))
    };
    assert_eq!(
        third(4),
        "partial: size limit exceeded (result code 4) on page 2 after 3 users: raise the size limit of the bind account"
    );
    assert_eq!(
        third(3),
        "partial: time limit exceeded (result code 3) on page 2 after 3 users: raise the time limit of the bind account"
    );
    assert!(third(11).starts_with("partial: administrative limit exceeded (result code 11) on page 2 after 3 users"));
    let mut unpaged = Pages::new("group", None);
    unpaged.add("cn=a");
    assert_eq!(
        end(&mut unpaged, &answer(4, Vec::new())),
        "partial: size limit exceeded (result code 4) after 1 group: raise the size limit of the bind account, or turn on \
         `paging`"
    );
    let text = "pagedResults control not allowed".to_owned();
    let told = end(&mut paged(), &LdapResult { text, ..answer(11, Vec::new()) });
    assert!(told.contains("(result code 11: pagedResults control not allowed) on page 1 after 0 users"), "{told}");
    assert!(told.contains("`paging: off`"), "{told}");
}

#[test]
fn a_search_sent_elsewhere_was_not_made() {
    let answer = LdapResult { refs: vec!["ldap://other/dc=x".into()], ..answer(10, Vec::new()) };
    assert_eq!(
        end(&mut paged(), &answer),
        "partial: the server sent the search for users elsewhere to ldap://other/dc=x: referral (result code 10)"
    );
}

/// A success without the control proves something only where more came than a page.
#[test]
fn a_server_that_ignores_paging() {
    let ignored = |came| {
        let mut pages = paged();
        add(&mut pages, 0, came);
        end(&mut pages, &answer(0, Vec::new()))
    };
    assert_eq!(ignored(3), "whole: 3 users in one answer: the server ignored paging and ended with success");
    for came in [0, 1, 2] {
        assert!(ignored(came).starts_with("partial: the server ignored paging on page 1 after "), "{came}");
    }
    let mut pages = paged();
    add(&mut pages, 0, 2);
    end(&mut pages, &page("a"));
    add(&mut pages, 2, 9);
    let told = end(&mut pages, &answer(0, Vec::new()));
    assert!(told.starts_with("partial: the server ignored paging on page 2 after 9 users"), "{told}");
}

#[test]
fn an_ignored_cookie_is_found() {
    let mut pages = paged();
    add(&mut pages, 0, 2);
    assert_eq!(end(&mut pages, &page("same")), "more");
    assert!(!pages.add("uid=u0") && !pages.add("uid=u1"));
    assert_eq!(
        end(&mut pages, &page("same")),
        "partial: page 2 of users repeats what came before: only 2 users are known"
    );
    let told = pages.repetition().unwrap();
    assert!(told.starts_with("2 users came more than once, the first `uid=u0`: "), "{told}");
}

#[test]
fn one_entry_again_is_enough_to_doubt() {
    let mut pages = paged();
    add(&mut pages, 0, 2);
    end(&mut pages, &page("a"));
    assert!(!pages.add("uid=u1"));
    assert!(pages.add("uid=u2"));
    assert!(end(&mut pages, &page("")).starts_with("whole: 3 users"));
    assert!(pages.repetition().is_some());
}

/// 389 Directory Server gives the same cookie for every page.
#[test]
fn the_same_cookie_alone_is_no_lie() {
    let mut pages = paged();
    for at in 0..5 {
        add(&mut pages, at * 2, at * 2 + 2);
        assert_eq!(end(&mut pages, &page("0")), "more");
    }
}

#[test]
fn empty_pages_do_not_go_on_for_ever() {
    let mut pages = paged();
    for _ in 0..100 {
        assert_eq!(end(&mut pages, &page("a")), "more");
    }
    assert!(end(&mut pages, &page("a")).starts_with("partial: 100 empty pages of users in a row"));
}

#[test]
fn a_malformed_cookie_is_no_empty_one() {
    for value in
        [vec![], vec![0x30, 0], vec![0x30, 3, 2, 1, 0], vec![0x30, 200], vec![4, 0], vec![0x30, 5, 2, 1, 0, 4, 9]]
    {
        let control = RawControl { ctype: PAGED.into(), crit: false, val: Some(value.clone()) };
        let told = end(&mut paged(), &answer(0, vec![Control(None, control)]));
        assert_eq!(told, "partial: the cookie of page 1 of users is malformed", "{value:?}");
    }
    let control = RawControl { ctype: PAGED.into(), crit: false, val: None };
    assert!(end(&mut paged(), &answer(0, vec![Control(None, control)])).ends_with("malformed"));
}

#[test]
fn refusals_are_failures_that_say_what_to_do() {
    let told = |rc| end(&mut paged(), &answer(rc, Vec::new()));
    assert!(told(32).starts_with("Missing: there is no `ou=people`: no such object (result code 32) | check `base`"));
    assert!(told(50).starts_with("Denied: insufficient access rights (result code 50)"));
    assert!(told(12).ends_with("the server cannot page: set `paging: off`"));
    assert!(told(34).contains("`ou=people` is no DN"));
    assert!(told(53).starts_with("Rejected: unwilling to perform (result code 53)"));
    assert!(told(80).starts_with("Unexpected: other error (result code 80)"));
    let matched = LdapResult { matched: "dc=example".into(), ..answer(32, Vec::new()) };
    assert!(end(&mut paged(), &matched).contains("the nearest that exists is `dc=example`"));
    let Step::Failed(busy) = paged().end("x", &answer(51, Vec::new())) else { panic!("busy is no failure") };
    assert!(busy.lost && busy.class == FailureClass::Unreachable);
}

#[test]
fn what_a_server_says_is_shown_harmlessly() {
    let text = "\u{1b}[31mred".to_owned();
    let told = end(&mut paged(), &LdapResult { text, ..answer(53, Vec::new()) });
    assert!(told.contains("\\u{1b}[31mred"), "{told}");
}
