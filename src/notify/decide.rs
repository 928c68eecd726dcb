use super::{About, Ended, Ending, Event, Health, Pause, Told, Trouble, Watch};

/// What follows from a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What to remember from now on.
    pub health: Health,
    /// What to tell, if anything.
    pub event: Option<Event>,
}

/// Whether the end of a run is news, and when the sync may be tried again. Pure: time comes with `ended`.
///
/// - One notice a reason: the next follows when the reason changes, however often it comes up meanwhile.
/// - One on recovery, and only where something was told before.
/// - Failures in a row put the next run without a person off, as [`BACK_OFF`](super::BACK_OFF) says; refused credentials
///   for the longest time at once.
/// - Who runs a sync by hand sees what became of it: nothing is told and nothing put off. A run by hand that goes well
///   ends a pause and is a recovery.
///
/// Not for a `plan` by hand, which tries nothing, nor for what never began: another run held the target, the saved plan
/// was stale.
#[must_use]
pub fn decide(ended: &Ended, health: &Health) -> Decision {
    match (&ended.ending, ended.watch) {
        (Ending::Good, _) => recovered(ended, health),
        (_, Watch::ByHand) => Decision { health: health.clone(), event: None },
        (Ending::Unsettled, Watch::Nobody) => {
            let health = Health { failures: 0, pause: None, ..health.clone() };
            Decision { health, event: None }
        }
        (Ending::Trouble(trouble), Watch::Nobody) => troubled(ended, trouble, health),
    }
}

fn recovered(ended: &Ended, health: &Health) -> Decision {
    let event = health.told.clone().map(|told| event(ended, About::Recovery(told), None));
    Decision { health: Health::default(), event }
}

fn troubled(ended: &Ended, trouble: &Trouble, health: &Health) -> Decision {
    let now = ended.run.ended;
    let failures = if trouble.backs_off() { health.failures.saturating_add(1) } else { 0 };
    let pause = (failures > 0).then(|| Pause::after(failures, trouble.is_denied(), now));
    let reason = trouble.reason();
    let known = health.told.as_ref().is_some_and(|told| told.reason == reason);
    let since = health.told.as_ref().map_or(now, |told| told.since);
    let told = Some(Told { kind: trouble.kind(), reason, since });
    let event = (!known).then(|| event(ended, About::Trouble(trouble.clone()), pause.clone()));
    Decision { health: Health { failures, told, pause }, event }
}

fn event(ended: &Ended, about: About, pause: Option<Pause>) -> Event {
    let Ended { run, watch: _, ending: _, summary, verdict } = ended;
    Event { run: run.clone(), about, summary: *summary, verdict: *verdict, pause }
}
