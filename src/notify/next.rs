//! What a person can do next, and what to type.

use super::notice::time;
use super::{About, Breach, Event, Failure, NextStep, Pause, Trouble};
use crate::connector::FailureClass;
use crate::guard::GuardName;
use crate::principal::shown;

pub(super) fn steps(event: &Event) -> Vec<NextStep> {
    let sync = shown(&event.run.sync, 64);
    let sync = sync.as_str();
    let mut steps = match &event.about {
        About::Recovery(_) => vec![say("There is nothing to do. The next trouble is told again.")],
        About::Trouble(trouble) => match trouble {
            Trouble::Refused(breaches) => refused(sync, breaches),
            Trouble::Unproven(_) => vec![
                say("Nothing, if the next run reads everything: the removals follow then."),
                run("If this comes again, see what the source says:", "rollcall check"),
            ],
            Trouble::FirstRun => vec![
                run("Look at the plan:", &format!("rollcall plan {sync}")),
                run("If it is right, apply it by hand, once:", &format!("rollcall apply {sync}")),
            ],
            Trouble::Held(breaches) => held(sync, breaches),
            Trouble::Approval => {
                let id: String = event.run.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                vec![
                    run("If the plan is right:", &format!("rollcall approve {id} --comment TEXT")),
                    run("If it is not:", &format!("rollcall reject {id} --comment TEXT")),
                ]
            }
            Trouble::Failed(failure) => failed(sync, failure),
            Trouble::Partial(_) if trouble.is_denied() => denied(sync),
            Trouble::Partial(_) => vec![run(
                "See what is left to do; the next run tries again by itself:",
                &format!("rollcall plan {sync}"),
            )],
        },
    };
    steps.extend(event.pause.as_ref().map(pause));
    steps
}

fn failed(sync: &str, failure: &Failure) -> Vec<NextStep> {
    let hint = failure.hint.as_deref().map(|hint| say(&capital(hint)));
    let steps = match failure.class {
        Some(FailureClass::Denied) => denied(sync),
        Some(_) => vec![
            run("See what can be reached from here, and what cannot:", "rollcall check"),
            run("When it is put right, run it by hand, or wait:", &format!("rollcall apply {sync}")),
        ],
        None => vec![run("When it is put right, run it by hand:", &format!("rollcall apply {sync}"))],
    };
    hint.into_iter().chain(steps).collect()
}

fn denied(sync: &str) -> Vec<NextStep> {
    vec![
        run("Put the credentials right, and try them:", "rollcall check"),
        run("Then run it by hand; the schedule goes on after that:", &format!("rollcall apply {sync}")),
    ]
}

fn refused(sync: &str, breaches: &[Breach]) -> Vec<NextStep> {
    let mut steps = vec![run("Look at the plan, and at what the source gave:", &format!("rollcall plan {sync}"))];
    let mut names: Vec<_> = breaches.iter().map(|breach| breach.name).collect();
    names.dedup();
    if names.contains(&GuardName::SourceEmpty) {
        steps.push(say("Put the source right: there is no override for an empty one."));
    } else if names.contains(&GuardName::FirstRun) && names.len() == 1 {
        steps.push(run("If it is right, apply it by hand, once:", &format!("rollcall apply {sync}")));
    } else {
        names.retain(|name| *name != GuardName::FirstRun);
        let lifted: Vec<_> = names.iter().map(|name| format!("--override {}", name.text())).collect();
        let command = format!("rollcall apply {sync} {} --reason TEXT", lifted.join(" "));
        steps.push(run("Only if it is right as it stands, lift the limit for this one plan:", &command));
    }
    steps
}

fn held(sync: &str, breaches: &[Breach]) -> Vec<NextStep> {
    let mut steps = vec![run("See what is held, and why:", &format!("rollcall plan {sync}"))];
    let has = |name: GuardName| breaches.iter().any(|breach| breach.name == name);
    if has(GuardName::ConfigChange) {
        steps.push(run(
            "If the change of the rules is right, apply it by hand, once:",
            &format!("rollcall apply {sync}"),
        ));
    }
    if has(GuardName::Privileged) {
        steps.push(say("Who may have these privileges stands in `guard.privileged.allow` of the sync."));
    }
    if has(GuardName::GroupRemovals) {
        let command = format!("rollcall apply {sync} --override groupRemovals --reason TEXT");
        steps.push(run("Only if the group is to lose them, lift the limit for this one plan:", &command));
    }
    steps
}

fn pause(pause: &Pause) -> NextStep {
    say(&format!(
        "Until {} no run begins by itself: {}. By hand it may at any time.",
        time(pause.until),
        pause.reason()
    ))
}

/// A hint as a sentence.
fn capital(hint: &str) -> String {
    let mut letters = hint.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn say(text: &str) -> NextStep {
    NextStep { text: text.to_owned(), command: None }
}

fn run(text: &str, command: &str) -> NextStep {
    NextStep { text: text.to_owned(), command: Some(command.to_owned()) }
}
