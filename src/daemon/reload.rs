//! Another configuration for a daemon that runs.

use std::sync::Arc;

use crate::config::{Problem, Problems, Settings};

/// Reads the configuration from where it was read first.
pub type Loader = Arc<dyn Fn() -> Result<Settings, Problems> + Send + Sync>;

/// The configuration as it is written now.
///
/// # Errors
/// Every problem of it, or what cannot be changed while the daemon runs.
pub(super) async fn read(load: &Loader, old: &Settings) -> Result<Settings, Problems> {
    let load = Arc::clone(load);
    let path = old.path.clone();
    let wrong = |message: String| Problems(vec![Problem::with_file(path, message)]);
    let settings = tokio::task::spawn_blocking(move || load()).await;
    let settings = settings.unwrap_or_else(|error| Err(wrong(format!("reading it broke off: {error}"))))?;
    let refuse = |message: &str| Err(Problems(vec![Problem::with_file(old.path.clone(), message.to_owned())]));
    if settings.state.is_elsewhere(&old.state) {
        return refuse("`state` was changed: that takes a restart");
    }
    if settings.syncs.is_empty() && !old.syncs.is_empty() {
        return refuse("no sync is left: a file that was cut off looks like that (restart, if it is meant)");
    }
    let (new, was) = (&settings.server, &old.server);
    if new.tokens.is_empty() && !was.tokens.is_empty() {
        return refuse(
            "no token is left, and whoever reaches this machine's loopback would be an operator: that takes a restart",
        );
    }
    if new.listen != was.listen || new.tls.is_some() != was.tls.is_some() {
        return refuse("`server.listen`, or whether there is `server.tls`, was changed: that takes a restart");
    }
    Ok(settings)
}
