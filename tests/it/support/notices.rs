use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use rollcall::config::{Settings, load};
use rollcall::connector::{ConnectorError, FailureClass};
use rollcall::guard::GuardName;
use rollcall::notify::{
    About, Breach, Ended, Ending, Event, Failure, Health, RunFacts, Trouble, Warning, Watch, after_run, decide, tell,
};

use super::App;

/// The second at which every run ended.
const ENDED: i64 = 1_767_323_045;

/// Seconds since 1970: each look at it is a second later.
static CLOCK: AtomicI64 = AtomicI64::new(ENDED);

fn now() -> DateTime<Utc> {
    time(CLOCK.fetch_add(1, Ordering::Relaxed))
}

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

/// A folder with a configuration whose `notify` has these entries, and a sync `corp-to-bi`.
pub(crate) fn told(entries: &str) -> App {
    let app = App::with(&format!(
        "environment: prod\nsources: {{ corp: {{ json: {{ path: people.json }} }} }}\n\
         targets: {{ bi: {{ file: {{ path: copy.json }} }} }}\n\
         syncs: {{ corp-to-bi: {{ from: corp, to: bi, ownership: managed }} }}\nnotify:\n{entries}\n"
    ));
    app.write("people.json", "[]");
    app
}

#[track_caller]
pub(crate) fn settings(app: &App) -> Settings {
    load(Some(&app.path("rollcall.yaml"))).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Tells of the events; what did not arrive, in words: all of it.
#[track_caller]
pub(crate) fn tell_all(app: &App, events: &[Event]) -> Vec<String> {
    let settings = settings(app);
    let warnings = runtime().block_on(tell(&settings.notify, events, &now));
    warnings.iter().map(words).collect()
}

/// What follows on a run.
#[track_caller]
pub(crate) fn follow(app: &App, ended: &Ended, health: &Health) -> (Health, Vec<String>) {
    let settings = settings(app);
    let (health, warnings) = runtime().block_on(after_run(&settings.notify, ended, health, &now));
    (health, warnings.iter().map(words).collect())
}

fn words(warning: &Warning) -> String {
    format!("{warning} (hint: {}) {warning:?}", warning.error.hint.as_deref().unwrap_or("none"))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

pub(crate) fn ended(ending: Ending) -> Ended {
    let run = RunFacts {
        sync: "corp-to-bi".into(),
        environment: Some("prod".into()),
        id: "01940b6e-7c00-7000-8000-000000000001".into(),
        ended: time(ENDED),
        report: None,
    };
    Ended { run, watch: Watch::Nobody, ending, summary: None, verdict: None }
}

pub(crate) fn refusal() -> Trouble {
    Trouble::Refused(vec![Breach {
        name: GuardName::Removals,
        of: Some("users".into()),
        limit: Some(20),
        value: Some(52),
        base: Some(100),
        percent: Some(20.0),
    }])
}

/// Users would be removed: 52 of 100.
pub(crate) fn refused() -> Event {
    let Some(event) = decide(&ended(Ending::Trouble(refusal())), &Health::default()).event else {
        panic!("a refusal is news")
    };
    event
}

/// Somebody else says why it failed, and where.
pub(crate) fn failed(why: &str, environment: &str) -> Event {
    let error = ConnectorError::new(FailureClass::Unreachable, "reading LDAP source `corp`", why);
    let mut event = refused();
    event.about = About::Trouble(Trouble::Failed(Failure::new("source corp", &error)));
    event.run.environment = Some(environment.into());
    event
}
