//! The words of a notice: what happened, and why. What others wrote is made harmless by whoever asks.

use super::notice::time;
use super::{About, Breach, Event, Failure, Partial, Told, Trouble};
use crate::connector::FailureClass;
use crate::guard::GuardName;
use crate::plan::{Action, KindSummary, Summary};
use crate::report::{count, counted};

/// What stands behind the name of the sync in a title.
pub(super) fn title(event: &Event) -> String {
    match &event.about {
        About::Recovery(told) => format!("recovered, it {} since {}", was(told), time(told.since)),
        About::Trouble(trouble) => match trouble {
            Trouble::Refused(breaches) => format!("refused, {}", headline(breaches)),
            Trouble::Unproven(_) => "removals withheld, a reading is not proven whole".into(),
            Trouble::FirstRun => "waits for a person, its first apply is by hand".into(),
            Trouble::Held(breaches) => format!("waits for a person, {}", headline(breaches)),
            Trouble::Approval => "waits for approval".into(),
            Trouble::Failed(failure) => format!("failed, {}", cause(failure)),
            Trouble::Partial(partial) => format!("applied in part, {}", shortfall(partial)),
        },
    }
}

/// The first line: what happened, and what that means for the target.
pub(super) fn first(event: &Event) -> String {
    let sync = &event.run.sync;
    match &event.about {
        About::Recovery(told) => {
            format!("A run of {sync} went well again. It {} since {}.", was(told), time(told.since))
        }
        About::Trouble(trouble) => match trouble {
            Trouble::Refused(_) => format!("The guard refused this run of {sync}. Nothing was written."),
            Trouble::Unproven(_) => {
                format!(
                    "This run of {sync} removed nobody: a reading is not proven whole, and who is missing from it may still be there."
                )
            }
            Trouble::FirstRun => {
                format!("{sync} has never been applied, and its first apply is by hand. Nothing was written.")
            }
            Trouble::Held(_) => format!("The guard holds a part of the plan of {sync} until a person has decided."),
            Trouble::Approval => format!("A plan of {sync} waits for somebody to approve it. Nothing was written."),
            Trouble::Failed(failure) if failure.untouched => {
                format!("This run of {sync} failed: {}. Nothing was written.", cause(failure))
            }
            Trouble::Failed(failure) => format!("This run of {sync} failed: {}.", cause(failure)),
            Trouble::Partial(partial) => format!("This run of {sync} did not do everything: {}.", shortfall(partial)),
        },
    }
}

/// The reasons, one a line.
pub(super) fn why(event: &Event) -> Vec<String> {
    match &event.about {
        About::Recovery(_) => Vec::new(),
        About::Trouble(trouble) => match trouble {
            Trouble::Refused(breaches) | Trouble::Held(breaches) => {
                breaches.iter().map(|breach| format!("{}: {}", breach.name.text(), breach.sentence())).collect()
            }
            Trouble::Unproven(missing) => missing.clone(),
            Trouble::FirstRun | Trouble::Approval => Vec::new(),
            Trouble::Failed(failure) => vec![failure.why.clone()],
            Trouble::Partial(partial) => parts(partial),
        },
    }
}

/// `users: 3 to create, 52 to delete; groups: …`; none where there is nothing to do.
pub(super) fn plan(summary: &Summary) -> Option<String> {
    let Summary { users, groups } = summary;
    let parts = [("users", users), ("groups", groups)].map(|(word, kind)| Some((word, actions(kind)?)));
    let parts: Vec<_> = parts.into_iter().flatten().map(|(word, actions)| format!("{word}: {actions}")).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn actions(kind: &KindSummary) -> Option<String> {
    let done = Action::ALL.into_iter().map(|action| (format!("to {}", action.word()), kind.action(action)));
    let rest = [("held", kind.held), ("set aside", kind.rejected)].map(|(word, number)| (word.to_owned(), number));
    let parts = done.chain(rest).filter(|(_, number)| *number > 0);
    let parts: Vec<_> = parts.map(|(word, number)| format!("{} {word}", count(number))).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The worst of the limits, and how many more there are.
fn headline(breaches: &[Breach]) -> String {
    let removals = breaches.iter().find(|breach| breach.name == GuardName::Removals);
    let Some(worst) = removals.or(breaches.first()) else { return "a limit was exceeded".into() };
    match breaches.len() - 1 {
        0 => worst.sentence(),
        more => format!("{}, and {}", worst.sentence(), counted(more, "more limit", "more limits")),
    }
}

/// What failed, without a word of what others said of it.
fn cause(failure: &Failure) -> String {
    let of = &failure.of;
    match failure.class {
        Some(FailureClass::Unreachable) => format!("{of} does not answer"),
        Some(FailureClass::Throttled) => format!("{of} takes no more requests"),
        Some(FailureClass::Denied) => format!("{of} refuses access"),
        Some(FailureClass::Forbidden) => format!("{of} does not let this account do what was asked for"),
        Some(FailureClass::Missing) => format!("{of} lacks what was asked for"),
        Some(FailureClass::Conflict | FailureClass::Rejected) => format!("{of} refuses what was asked for"),
        Some(FailureClass::Unexpected) => format!("{of} gives what cannot be used"),
        None => format!("{of} cannot be used"),
    }
}

fn shortfall(partial: &Partial) -> String {
    let all = partial.done + partial.failed + partial.set_aside + partial.not_tried;
    match (partial.failed + partial.not_tried, partial.differing) {
        (0, Some(differing)) => {
            let changes = counted(differing, "change does not show", "changes do not show");
            format!("{changes} in the target")
        }
        (0, None) => "the target could not be read again".into(),
        (open, _) => format!("{} of {} not done", count(open), counted(all, "change was", "changes were")),
    }
}

fn parts(partial: &Partial) -> Vec<String> {
    let Partial { target: _, done, failed, set_aside, not_tried, classes, differing } = partial;
    let mut lines = vec![format!("{} done, {} failed", count(*done), count(*failed))];
    lines.extend(classes.iter().map(|(class, number)| {
        let of = Failure {
            class: Some(*class),
            of: format!("target {}", partial.target),
            why: String::new(),
            hint: None,
            untouched: false,
        };
        format!("{} failed: {}", count(*number), cause(&of))
    }));
    if *not_tried > 0 {
        lines.push(format!("{} not tried after that", count(*not_tried)));
    }
    if *set_aside > 0 {
        lines.push(format!("{} set aside: changed in the target meanwhile", count(*set_aside)));
    }
    match differing {
        Some(0) => {}
        Some(number) => lines.push(format!("the target was read again: {} still to do", count(*number))),
        None => lines.push("the target could not be read again, so that nothing is verified".into()),
    }
    lines
}

fn was(told: &Told) -> &'static str {
    match told.kind {
        super::EventKind::Refused => "had been refused",
        super::EventKind::Waiting => "had been waiting",
        super::EventKind::Failed | super::EventKind::Recovered => "had been failing",
    }
}
