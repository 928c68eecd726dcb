//! Being told to stop: the first time what is under way is finished, the second time it is left.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::output;
use crate::connector::Stop;
use crate::daemon::Command;

/// From here on SIGTERM and SIGINT ask `stop` instead of killing the process; the second one kills it.
pub(super) fn watch(stop: &Stop) {
    let signals = signal(SignalKind::terminate()).and_then(|term| Ok((term, signal(SignalKind::interrupt())?)));
    match signals {
        Ok((term, interrupt)) => drop(tokio::spawn(obey(term, interrupt, stop.clone()))),
        // Then a signal ends the process at once, as it does everywhere else.
        Err(error) => tracing::warn!(%error, "Signals cannot be watched"),
    }
}

/// What the daemon is told from here on: SIGTERM and SIGINT to end, the second one to leave at once; SIGHUP to read its
/// configuration anew.
///
/// # Errors
/// When signals cannot be watched.
pub(super) fn commands() -> std::io::Result<mpsc::UnboundedReceiver<Command>> {
    let (mut term, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut hangup = signal(SignalKind::hangup())?;
    let (sender, commands) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut stopping = false;
        loop {
            let code = tokio::select! {
                _ = term.recv() => 143,
                _ = interrupt.recv() => 130,
                _ = hangup.recv() => {
                    let _ = sender.send(Command::Reload);
                    continue;
                }
            };
            if std::mem::replace(&mut stopping, true) {
                leave(code);
            }
            // A daemon that has ended hears nothing.
            let _ = sender.send(Command::Stop);
        }
    });
    Ok(commands)
}

async fn obey(mut term: Signal, mut interrupt: Signal, stop: Stop) {
    let mut next = async || {
        tokio::select! {
            _ = term.recv() => 143,
            _ = interrupt.recv() => 130,
        }
    };
    next().await;
    stop.ask();
    output::note("Stopping: what is under way is finished, nothing new is begun. Once more to stop at once.");
    let code = next().await;
    leave(code);
}

#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "somebody has asked twice; the next run settles what is left"
)]
pub(super) fn leave(code: i32) {
    std::process::exit(code);
}
