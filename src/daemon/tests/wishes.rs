//! What a run is to do, and who is said to have asked.

use super::utc;
use crate::daemon::wish::{Wish, requested_by};
use crate::daemon::{Causes, Counted, Terms};
use crate::report::{RequestedBy, Via};

#[test]
fn nobody_but_a_person_may_want_more_than_the_configuration_says() {
    let each = [None, Some(false), Some(true)];
    let mut told = Vec::new();
    for by_hand in [false, true] {
        for says in [false, true] {
            for wants in each {
                let terms = Terms { apply_changes: wants, remove_deleted: wants, by_hand, given: None };
                let wish = Wish::new(&terms, says, says);
                assert_eq!(wish.unattended, !by_hand);
                told.push((by_hand, says, wants, wish.applies, wish.remove_deleted));
            }
        }
    }
    let expected = [
        (false, false, None, false, None),
        (false, false, Some(false), false, Some(false)),
        (false, false, Some(true), false, Some(false)),
        (false, true, None, true, None),
        (false, true, Some(false), false, Some(false)),
        (false, true, Some(true), true, Some(true)),
        (true, false, None, false, None),
        (true, false, Some(false), false, Some(false)),
        (true, false, Some(true), true, Some(true)),
        (true, true, None, true, None),
        (true, true, Some(false), false, Some(false)),
        (true, true, Some(true), true, Some(true)),
    ];
    assert_eq!(told, expected);
}

#[test]
fn whoever_asked_is_named() {
    let told = |causes: Causes| {
        let RequestedBy { via, who, host } = requested_by(&causes, "box");
        assert_eq!(host, "box");
        (via, who)
    };
    let tick = Some(utc("2026-06-15T12:00:00Z"));
    let some = |names: &[&str], count| Counted { named: names.iter().map(ToString::to_string).collect(), count };
    let ticked = Causes { tick, ticks: 1, ..Causes::default() };
    assert_eq!(told(ticked.clone()), (Via::Schedule, "2026-06-15T12:00:00Z".into()));
    let hooked = Causes { hooks: some(&["msg_1", "msg_2"], 700), ..Causes::default() };
    assert_eq!(told(hooked.clone()), (Via::Webhook, "msg_1, msg_2 and 698 more".into()));
    let all = Causes { callers: some(&["ops"], 1), ..ticked };
    let all = Causes { hooks: hooked.hooks, ..all };
    assert_eq!(told(all), (Via::Api, "ops, 2026-06-15T12:00:00Z, msg_1, msg_2 and 698 more".into()));
}
