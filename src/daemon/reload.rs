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
    if settings.state.is_elsewhere(&old.state) {
        let message = "`state` was changed: that takes a restart".to_owned();
        return Err(Problems(vec![Problem::with_file(old.path.clone(), message)]));
    }
    let (new, was) = (&settings.server, &old.server);
    if new.listen != was.listen || new.tls.is_some() != was.tls.is_some() {
        let message = "`server.listen`, or whether there is `server.tls`, was changed: that takes a restart".to_owned();
        return Err(Problems(vec![Problem::with_file(old.path.clone(), message)]));
    }
    Ok(settings)
}
