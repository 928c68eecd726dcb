use crate::targets::scim::walk::{Next, Walk};

/// A walk over pages of ids, each with the total that it tells; what came of the last page.
fn walk(trusts: bool, pages: &[(&str, Option<usize>)]) -> Result<Next, String> {
    let mut walk = Walk::new(trusts);
    let mut last = Err("no page".into());
    for (ids, total) in pages {
        last = walk.page(ids.split_whitespace(), *total, false);
        last.as_ref().map_err(String::clone)?;
    }
    last
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with what a walk gives")]
fn whole(proof: &str) -> Result<Next, String> {
    Ok(Next::Whole(proof.into()))
}

#[test]
fn a_list_ends_at_an_empty_page_and_the_total_proves_it() {
    assert_eq!(walk(true, &[("a b", Some(3)), ("c", Some(3))]), Ok(Next::After(3)), "a short page is no end");
    assert_eq!(walk(true, &[("a b", Some(3)), ("c", Some(3)), ("", Some(3))]), whole("3 of 3 in 3 pages"));
    assert_eq!(walk(true, &[("a b", Some(2)), ("", Some(2))]), whole("2 of 2 in 2 pages"));
    assert_eq!(walk(true, &[("", Some(0))]), whole("0 in 1 pages, to an empty one or the last"));
}

#[test]
fn the_next_page_begins_after_what_was_received() {
    assert_eq!(walk(true, &[("a b", Some(9))]), Ok(Next::After(2)));
    assert_eq!(walk(true, &[("a b", Some(9)), ("c d e", Some(9))]), Ok(Next::After(5)));
}

/// wso2/product-is#7320; bitwarden/server#10398.
#[test]
fn a_total_that_cannot_be_true_is_not_looked_at() {
    let sizes = [("a b", Some(2)), ("c d", Some(2)), ("e", Some(1)), ("", Some(0))];
    assert_eq!(walk(true, &sizes), whole("5 in 4 pages, to an empty one or the last"));
    let capped = [("a b", Some(3)), ("c d", Some(3)), ("", Some(3))];
    assert_eq!(walk(true, &capped), whole("4 in 3 pages, to an empty one or the last"));
    assert_eq!(walk(false, &[("a", Some(9)), ("", Some(9))]), whole("1 in 2 pages, to an empty one or the last"));
    assert_eq!(walk(true, &[("a", None), ("", None)]), whole("1 in 2 pages, to an empty one or the last"));
}

#[test]
fn a_page_that_is_repeated_is_no_page() {
    let repeated = walk(true, &[("a b", Some(4)), ("a b", Some(4))]);
    assert!(repeated.unwrap_err().contains("ignores where a page begins"));
}

#[test]
fn what_overlaps_is_whole_where_the_total_says_so() {
    let overlapping = [("a b", Some(3)), ("b c", Some(3)), ("", Some(3))];
    assert_eq!(walk(true, &overlapping), whole("3 of 3 in 3 pages"));
}

#[test]
fn what_moved_is_read_once_more_and_not_twice() {
    let mut walk = Walk::new(true);
    let mut page = |ids: &str, total| walk.page(ids.split_whitespace(), Some(total), false);
    assert_eq!(page("a b", 4), Ok(Next::After(2)));
    assert_eq!(page("b c d", 5), Ok(Next::After(4)), "somebody came before them");
    assert_eq!(page("", 5), Ok(Next::Again));
    assert_eq!(page("n a b c", 5), Ok(Next::After(4)));
    assert_eq!(page("d", 5), Ok(Next::After(5)));
    assert_eq!(page("", 5), whole("5 of 5 in 6 pages"));

    let mut walk = Walk::new(true);
    let mut page = |ids: &str, total| walk.page(ids.split_whitespace(), Some(total), false);
    for expected in [Ok(Next::Again), Err("2 were shown of 4, also when all was read a second time".to_owned())] {
        assert_eq!(page("a b", 4), Ok(Next::After(2)));
        assert_eq!(page("", 4), expected, "two are never shown");
    }
}

/// Somebody was removed between two pages, and one who stays slipped onto a page that was read already.
#[test]
fn a_total_that_falls_means_that_rows_moved() {
    assert_eq!(walk(true, &[("a b", Some(4)), ("d", Some(3)), ("", Some(3))]), Ok(Next::Again));
    assert_eq!(walk(true, &[("a b", Some(4)), ("c", Some(2)), ("", Some(2))]), Ok(Next::Again));
}

#[test]
fn a_walk_by_cursor_ends_where_no_page_follows() {
    let mut walk = Walk::new(true);
    assert_eq!(walk.page(["a", "b"], None, false), Ok(Next::After(2)));
    assert_eq!(walk.page(["c"], None, true), whole("3 in 2 pages, to an empty one or the last"));
    let mut walk = Walk::new(true);
    assert_eq!(walk.page(["a"], Some(3), true), Ok(Next::Again), "it says that there are more");
}
