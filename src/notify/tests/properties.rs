//! What holds of every history of a sync.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::bench::{ended, failed, in_part, minute, privileged, refused, removals};
use crate::connector::FailureClass;
use crate::notify::{About, BACK_OFF, Ended, Ending, Event, Health, Trouble, Watch, decide};

fn endings() -> impl Strategy<Value = Ending> {
    prop_oneof![
        3 => Just(Ending::Good),
        1 => Just(Ending::Unsettled),
        2 => Just(Ending::Trouble(refused())),
        1 => Just(Ending::Trouble(Trouble::Refused(vec![removals()]))),
        1 => Just(Ending::Trouble(Trouble::Held(vec![privileged()]))),
        1 => Just(Ending::Trouble(Trouble::FirstRun)),
        3 => Just(Ending::Trouble(failed(FailureClass::Unreachable))),
        1 => Just(Ending::Trouble(failed(FailureClass::Denied))),
        1 => Just(Ending::Trouble(in_part(10, 2))),
        1 => Just(Ending::Trouble(in_part(10, 20))),
    ]
}

fn histories() -> impl Strategy<Value = Vec<Ended>> {
    let run = (endings(), prop::bool::weighted(0.2), 1..3000_i64);
    prop::collection::vec(run, 1..40).prop_map(|runs| {
        let mut now = 0;
        let ended = runs.into_iter().map(|(ending, by_hand, minutes)| {
            now += minutes;
            let watch = if by_hand { Watch::ByHand } else { Watch::Nobody };
            Ended { watch, ..ended(now, ending) }
        });
        ended.collect()
    })
}

/// Every run with what was known before it, what was known after it, and what was told.
fn lived(history: &[Ended]) -> Vec<(&Ended, Health, Health, Option<Event>)> {
    let mut health = Health::default();
    let steps = history.iter().map(|ended| {
        let decision = decide(ended, &health);
        let before = std::mem::replace(&mut health, decision.health);
        (ended, before, health.clone(), decision.event)
    });
    steps.collect()
}

fn reason(event: &Event) -> Option<String> {
    match &event.about {
        About::Trouble(trouble) => Some(trouble.reason()),
        About::Recovery(_) => None,
    }
}

proptest! {
    #[test]
    fn no_two_notices_in_a_row_say_the_same(history in histories()) {
        let told: Vec<_> = lived(&history).into_iter().filter_map(|(.., event)| event).map(|event| reason(&event)).collect();
        prop_assert!(told.windows(2).all(|pair| pair[0] != pair[1]), "{told:?}");
        prop_assert!(told.first().is_none_or(Option::is_some), "a recovery from nothing");
    }

    #[test]
    fn every_trouble_is_known_to_whoever_was_told(history in histories()) {
        let mut last = None;
        for (ended, _, _, event) in lived(&history) {
            if let Some(event) = &event {
                last = reason(event);
            }
            match (&ended.ending, ended.watch) {
                (Ending::Good, _) => prop_assert_eq!(&last, &None),
                (Ending::Trouble(trouble), Watch::Nobody) => prop_assert_eq!(&last, &Some(trouble.reason())),
                _ => {}
            }
        }
    }

    #[test]
    fn a_pause_follows_on_failures_only_and_is_never_longer_than_a_day(history in histories()) {
        let longest = TimeDelta::from_std(BACK_OFF[BACK_OFF.len() - 1]).unwrap();
        for (ended, before, after, _) in lived(&history) {
            let Some(pause) = &after.pause else { continue };
            if ended.watch == Watch::ByHand {
                prop_assert_eq!(&before, &after);
                continue;
            }
            let failure = matches!(&ended.ending, Ending::Trouble(trouble) if trouble.backs_off());
            prop_assert!(failure && after.failures == before.failures + 1);
            let length = pause.until - ended.run.ended;
            prop_assert!(length > TimeDelta::zero() && length <= longest);
            if let Some(earlier) = before.pause.filter(|earlier| !earlier.denied) {
                prop_assert!(pause.denied || pause.failures > earlier.failures);
            }
        }
    }

    #[test]
    fn who_keeps_to_the_pauses_tries_a_target_that_is_down_once_a_day_in_the_end(times in 20..60_usize) {
        let (mut now, mut health, mut begun) = (0, Health::default(), Vec::new());
        while begun.len() < times {
            if health.may_run(minute(now)).is_ok() {
                begun.push(now);
                let down = ended(now, Ending::Trouble(failed(FailureClass::Unreachable)));
                health = decide(&down, &health).health;
            }
            now += 15;
        }
        let gaps: Vec<_> = begun.windows(2).map(|pair| pair[1] - pair[0]).collect();
        prop_assert_eq!(&gaps[..4], &[15, 60, 240, 720]);
        prop_assert!(gaps[4..].iter().all(|gap| *gap == 1440));
    }

    #[test]
    fn a_run_that_goes_well_leaves_nothing_behind(history in histories()) {
        for (ended, before, after, event) in lived(&history) {
            if ended.ending == Ending::Good {
                prop_assert_eq!(after, Health::default());
                prop_assert_eq!(event.is_some(), before.told.is_some());
            }
        }
    }
}
