//! Another configuration for a daemon that runs.

use std::sync::Arc;
use std::time::Duration;

use super::api::{Certificates, ListenError};
use crate::config::{Problem, Problems, Settings};

/// Reads the configuration from where it was read first.
pub type Loader = Arc<dyn Fn() -> Result<Settings, Problems> + Send + Sync>;

/// How long reading it may take: a file may be on a disk that does not answer.
const LONGEST: Duration = Duration::from_secs(10);

/// The configuration as it is written now, and the certificates that it names.
///
/// # Errors
/// Every problem of it, certificates that cannot be used, or what cannot be changed while the daemon runs.
pub(super) async fn read(load: &Loader, old: &Settings) -> Result<(Settings, Option<Certificates>), Problems> {
    let load = Arc::clone(load);
    let wrong = |message: String| Problems(vec![Problem::with_file(old.path.clone(), message)]);
    let read = tokio::task::spawn_blocking(move || {
        let settings = load()?;
        let certificates = settings.server.tls.as_ref().map(Certificates::read).transpose();
        Ok((settings, certificates))
    });
    let broke = |error| Err(wrong(format!("reading it broke off: {error}")));
    // Nothing else is done meanwhile.
    let read =
        tokio::time::timeout(LONGEST, read).await.map_err(|_| wrong("it could not be read in 10 s".to_owned()))?;
    let (settings, certificates) = read.unwrap_or_else(broke)?;
    if let Some(what) = restart(&settings, old) {
        return Err(wrong(what.to_owned()));
    }
    let unusable = |error: ListenError| wrong(format!("{error} ({})", error.hint()));
    Ok((settings, certificates.map_err(unusable)?))
}

/// What of it cannot be changed while the daemon runs.
fn restart(settings: &Settings, old: &Settings) -> Option<&'static str> {
    if settings.state.is_elsewhere(&old.state) {
        return Some("`state` was changed: that takes a restart");
    }
    if settings.syncs.is_empty() && !old.syncs.is_empty() {
        return Some("no sync is left: a file that was cut off looks like that (restart, if it is meant)");
    }
    let (new, was) = (&settings.server, &old.server);
    if new.tokens.is_empty() && !was.tokens.is_empty() {
        return Some(
            "no token is left, and whoever reaches this machine's loopback would be an operator: that takes a restart",
        );
    }
    if new.listen != was.listen || new.tls.is_some() != was.tls.is_some() {
        return Some("`server.listen`, or whether there is `server.tls`, was changed: that takes a restart");
    }
    None
}
