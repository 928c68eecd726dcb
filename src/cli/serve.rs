//! `serve`: the daemon, until it is told to stop.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::args::ServeArguments;
use super::session::{now, requested_by};
use super::sync::failed;
use super::{output, session, signals};
use crate::config::{Settings, Severity, load};
use crate::daemon::{Command, News, Opening, Outlook, serve};
use crate::principal::neutral;
use crate::run::Exit;
use crate::store::OpenRun;

pub(super) async fn run(config: Option<&Path>, arguments: &ServeArguments) -> Result<Exit, anyhow::Error> {
    let commands = signals::commands().context("cannot watch signals")?;
    let settings = match session::settings(config) {
        Ok(settings) => settings,
        Err(exit) => return Ok(exit),
    };
    let listen = arguments.listen.unwrap_or(settings.server.listen);
    if !listen.ip().is_loopback() && settings.server.tokens.is_empty() {
        let hint = "add `server: { tokens: [ … ] }`: `rollcall token NAME --role operator` prints one";
        output::error(&format!("{listen} is beyond this machine, and there are no tokens"), Some(hint));
        return Ok(Exit::Configuration);
    }
    begin(settings, listen, commands, Box::new(tell)).await
}

/// Serves `settings` until `commands` say to stop.
pub(super) async fn begin(
    settings: Settings,
    listen: SocketAddr,
    commands: mpsc::UnboundedReceiver<Command>,
    tell: Box<dyn Fn(&News<'_>) + Send + Sync>,
) -> Result<Exit, anyhow::Error> {
    let store = match session::store(&settings).await {
        Ok(store) => Arc::new(store),
        Err(error) => return Ok(failed(&error.into(), None)),
    };
    // The file that was found: another that appears elsewhere is not meant.
    let path: PathBuf = settings.path.clone();
    let opening = Opening {
        store: Arc::clone(&store),
        clock: Arc::new(now),
        host: requested_by().host,
        listen,
        load: Arc::new(move || load(Some(&path))),
        commands,
        tell,
        settings,
    };
    let left = match serve(opening).await {
        Ok(left) => left,
        Err(error) => {
            output::error(&error.to_string(), error.hint());
            return Ok(Exit::Error);
        }
    };
    if !left.is_empty() {
        let names = left.join(", ");
        output::warning(
            &format!("not ended in time: {names}"),
            Some("what they had begun is in the journal; the next run finishes"),
        );
        // They would go on, and hold the process.
        signals::leave(Exit::Error.code().into());
    }
    store.close().await;
    Ok(Exit::Done)
}

/// Tells a person what goes on; runs are in the log.
pub(super) fn tell(news: &News<'_>) {
    match news {
        News::Ready { address, secure, outlook } => {
            let scheme = if *secure { "https" } else { "http" };
            output::note(&format!("Listening at {scheme}://{address}"));
            output::note(text(outlook, now()).trim_end());
        }
        News::Interrupted(runs) => runs.iter().for_each(interrupted),
        News::Ran(_) => {}
        News::Reloaded(outlook) => {
            output::note("The configuration was read anew.");
            output::note(text(outlook, now()).trim_end());
        }
        News::Refused(problems) => {
            session::show(&problems.0, Severity::Error);
            output::error("the new configuration is refused; the old one goes on", None);
        }
        News::Stopping(count) => stopping(*count),
    }
}

fn interrupted(run: &OpenRun) {
    let OpenRun { id, sync, settled: _ } = run;
    let hint = "the next run of this target settles what it had begun, and finishes";
    output::warning(&format!("sync `{sync}`: run {id} never ended"), Some(hint));
}

fn stopping(count: usize) {
    let runs = match count {
        0 => "nothing is under way".to_owned(),
        1 => "one run is brought to an end".to_owned(),
        count => format!("{count} runs are brought to an end"),
    };
    output::note(&format!("Stopping: nothing new is begun, {runs}. Once more to stop at once."));
}

/// What comes next, a line for each sync: the soonest first.
pub(super) fn text(outlook: &[Outlook], now: DateTime<Utc>) -> String {
    let mut outlook: Vec<&Outlook> = outlook.iter().collect();
    outlook.sort_by_key(|sync| (sync.due.is_none(), sync.due.map(|due| due.at)));
    let width = outlook.iter().map(|sync| sync.sync.chars().count()).max().unwrap_or(0);
    if outlook.is_empty() {
        return "No sync is configured: nothing will happen.\n".into();
    }
    outlook.into_iter().fold(String::new(), |mut out, sync| {
        let Outlook { sync, target, applies, due, zone, has_webhook, has_gateway } = sync;
        let deed = if *applies { format!("applies to {target}") } else { format!("only reports on {target}") };
        let when = match due {
            Some(due) if due.at <= now => "now: a time of its schedule has passed".to_owned(),
            Some(due) => {
                let there = due.at.with_timezone(zone).format("%a %Y-%m-%d %H:%M:%S");
                format!("next on {there} {zone}, in {}", span((due.at - now).num_seconds()))
            }
            None => "when it is asked: it has no schedule".to_owned(),
        };
        let gateway = if *has_gateway { ", and applies what comes over the gateway" } else { "" };
        let hook = if *has_webhook { ", and when its webhook is called" } else { "" };
        let _ = writeln!(out, "  {:<width$}  {}: {when}{hook}{gateway}", neutral(sync), neutral(&deed));
        out
    })
}

/// Seconds in the largest units that people would say.
fn span(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", (seconds + 30) / 60),
        3_600..172_800 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d", seconds / 86_400),
    }
}
