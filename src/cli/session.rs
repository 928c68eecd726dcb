//! What every command begins with: the configuration, the state, who is asking, the time.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::output;
use crate::config::{Colour, Problem, Problems, Settings, Severity, StatePlace, load, text};
use crate::connector::environment_text;
use crate::report::{RequestedBy, Via};
use crate::run::Exit;
use crate::store::{Store, StoreError};

/// The clock of the command line.
#[expect(clippy::disallowed_methods, reason = "the command line is where time enters")]
pub(super) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A new run id: ids sort by time.
pub(super) fn run_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Who runs the command, and where.
pub(super) fn requested_by() -> RequestedBy {
    let user = ["USER", "LOGNAME"].into_iter().find_map(environment_text);
    let host = std::fs::read_to_string("/etc/hostname").ok().or_else(|| environment_text("HOSTNAME"));
    RequestedBy {
        via: Via::Cli,
        who: user.unwrap_or_else(|| "unknown".into()),
        host: host.map_or_else(|| "unknown".into(), |host| host.trim().to_owned()),
    }
}

/// The configuration, its problems printed where it has some.
pub(super) fn settings(given: Option<&Path>) -> Result<Settings, Exit> {
    match load(given) {
        Ok(settings) => {
            show(&settings.warnings, Severity::Warning);
            Ok(settings)
        }
        Err(Problems(problems)) => {
            show(&problems, Severity::Error);
            let count = problems.len();
            output::error(&format!("the configuration has {count} problem{}", if count == 1 { "" } else { "s" }), None);
            Err(Exit::Configuration)
        }
    }
}

/// Problems with the lines they are in, on stderr.
pub(super) fn show(problems: &[Problem], severity: Severity) {
    if problems.is_empty() {
        return;
    }
    let colour = if output::is_coloured() { Colour::Ansi } else { Colour::Plain };
    output::note(&text(problems, severity, colour));
}

/// The state database that the configuration names, its audit trail sealed.
pub(super) async fn store(settings: &Settings) -> Result<Store, StoreError> {
    let store = match &settings.state {
        StatePlace::Sqlite(path) => Store::open(path).await,
        StatePlace::Postgres(url) => Store::connect(url).await,
    };
    store?.sealed(settings).await
}
