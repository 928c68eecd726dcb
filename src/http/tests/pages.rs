//! Listings by pages, and addresses.

use crate::http::{Ends, Next, Paging, address};

fn story(ends: Ends, pages: &[(&[&str], Option<usize>)]) -> Vec<Result<Next, String>> {
    let mut paging = Paging::new(ends);
    pages.iter().map(|(ids, total)| paging.page(ids.iter().copied(), *total)).collect()
}

#[test]
fn a_short_page_is_not_the_end_and_the_next_begins_after_what_was_received() {
    let told = story(Ends::AtEmptyPage, &[(&["a", "b"], None), (&["c"], None), (&[], None)]);
    assert_eq!(told, [Ok(Next::From(2)), Ok(Next::From(3)), Ok(Next::End)]);
}

#[test]
fn a_page_that_is_repeated_is_an_error() {
    let told = story(Ends::AtEmptyPage, &[(&["a", "b"], None), (&["a", "b"], None)]);
    assert!(told[1].as_ref().unwrap_err().contains("ignores where a page begins"), "{told:?}");
}

#[test]
fn rows_that_move_are_read_once_more_and_no_third_time() {
    let moved: &[(&[&str], Option<usize>)] = &[(&["b", "c"], None), (&["c", "d"], None), (&[], None)];
    assert_eq!(story(Ends::AtEmptyPage, moved)[2], Ok(Next::Again));
    let calm: &[(&[&str], Option<usize>)] = &[(&["a", "b"], None), (&["c", "d"], None), (&[], None)];
    assert_eq!(story(Ends::AtEmptyPage, &[moved, calm].concat())[5], Ok(Next::End));
    assert!(story(Ends::AtEmptyPage, &[moved, moved].concat())[5].is_err());
}

/// What is pushed onto a page that it was not on is counted as received: else the end would be asked for again and again.
#[test]
fn rows_pushed_to_the_end_are_moved_rows_and_no_repeated_page() {
    let pushed: &[(&[&str], Option<usize>)] = &[(&["a", "b", "c"], None), (&["c", "d"], None), (&[], None)];
    assert_eq!(story(Ends::AtEmptyPage, pushed), [Ok(Next::From(3)), Ok(Next::From(5)), Ok(Next::Again)]);
    let none_new: &[(&[&str], Option<usize>)] = &[(&["a", "b", "c"], None), (&["b", "c"], None), (&[], None)];
    assert_eq!(story(Ends::AtEmptyPage, none_new), [Ok(Next::From(3)), Ok(Next::From(5)), Ok(Next::Again)]);
}

#[test]
fn a_total_that_is_never_reached_is_an_error() {
    let told = story(Ends::AtTotal, &[(&["a", "b"], Some(3)), (&[], Some(3))]);
    assert!(told[1].as_ref().unwrap_err().contains("says that there are 3 and showed 2"), "{told:?}");
    assert_eq!(story(Ends::AtTotal, &[(&["a", "b"], Some(3)), (&["c"], Some(3))])[1], Ok(Next::End));
    assert_eq!(story(Ends::AtTotal, &[(&["a", "b"], Some(3)), (&["c", "d"], Some(4))])[1], Ok(Next::Again));
    assert_eq!(story(Ends::AtTotal, &[(&[], Some(0))])[0], Ok(Next::End));
}

#[test]
fn a_page_below_the_size_asked_for_ends_where_the_product_says_so() {
    assert_eq!(story(Ends::BelowPage(2), &[(&["a", "b"], None), (&["c"], None)])[1], Ok(Next::End));
}

#[test]
fn an_address_is_normalised_and_never_carries_secrets_in_the_clear() {
    let good = |text: &str| address(Some(text), "https://x").unwrap();
    assert_eq!(good("https://TS.Example.org:443/a/"), "https://ts.example.org/a");
    assert_eq!(good("http://[::1]:8700/scim/v2"), "http://[::1]:8700/scim/v2");
    for (text, why) in [
        ("", "`url` is missing"),
        ("ts.example.org", "`url` is no address"),
        ("ftp://x", "`url` is no address"),
        ("https://me:pw@x", "`url` holds a user name or a password"),
        ("https://x/?key=1", "`url` holds a `?` or a `#`"),
        ("http://ts.example.org", "http:// would send secrets in the clear"),
    ] {
        assert_eq!(address(Some(text), "https://x").unwrap_err().why, why, "{text}");
    }
}
