//! Runs that could not begin, or must begin once more.

use std::time::Duration;

use super::queues::{Desk, lane};
use crate::daemon::Terms;

#[test]
fn a_run_that_is_to_begin_anew_waits_and_answers_who_came_meanwhile() {
    let mut desk = Desk::new(4);
    desk.tick("c");
    let start = desk.queue.next(desk.now).unwrap();
    desk.at(1.0).tick("c");
    desk.about("c", &["ada"]);
    let told = desk.at(2.0).hook("c");
    assert!(told.merged);
    let later = desk.now + Duration::from_secs(2);
    assert!(desk.queue.again(start, "the target is held", later).is_empty());
    assert_eq!((desk.queue.running(), desk.queue.waiting()), (0, 1));
    assert!(desk.starts().is_empty(), "its target is still held");
    assert_eq!(desk.wakes(), Some(4.0));
    assert_eq!(desk.at(4.0).starts(), ["c r1 +r2: 4"]);
    // One of a sync that is gone is given back.
    desk.done("c").at(9.0).tick("c");
    let start = desk.queue.next(desk.now).unwrap();
    desk.queue.configure(4, [lane("d", "d")]);
    assert_eq!(desk.queue.again(start, "the target is held", later), ["r5"]);
    assert_eq!(desk.queue.running(), 0);
}

#[test]
fn what_is_done_by_hand_is_never_one_with_what_is_not() {
    let mut desk = Desk::new(4);
    desk.person("c", Terms::default());
    let by_hand = Terms { by_hand: true, ..Terms::default() };
    assert!(!desk.person("c", by_hand).merged);
    assert_eq!(desk.starts(), ["c r1: 1"]);
    assert_eq!(desk.done("c").starts(), ["c r2: 1"]);
}
