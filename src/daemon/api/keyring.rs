//! The keys of the hooks. Their secrets are read when the configuration changes, not at each call.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::config::Settings;
use crate::daemon::HookKeys;

/// How long a secret that could not be read is left alone: reading it may run a command.
const PATIENCE: Duration = Duration::from_mins(1);

type Keys = Arc<BTreeMap<String, HookKeys>>;

/// The keys of the configuration as it was when they were last asked for.
#[derive(Default)]
pub(super) struct Keyring(Arc<tokio::sync::Mutex<Option<Cut>>>);

struct Cut {
    settings: Arc<Settings>,
    keys: Keys,
    /// Some secret could not be read then.
    incomplete: Option<Instant>,
}

impl Keyring {
    /// By sync. Whoever hangs up has had them read for the next one.
    pub(super) async fn keys(&self, settings: &Arc<Settings>, now: Instant) -> Keys {
        let (ring, settings) = (Self(Arc::clone(&self.0)), Arc::clone(settings));
        tokio::spawn(async move { ring.cut(&settings, now).await }).await.unwrap_or_default()
    }

    async fn cut(&self, settings: &Arc<Settings>, now: Instant) -> Keys {
        let mut cut = self.0.lock().await;
        let is_stale = |at: Instant| now.saturating_duration_since(at) >= PATIENCE;
        if let Some(known) = &*cut
            && Arc::ptr_eq(&known.settings, settings)
            && !known.incomplete.is_some_and(is_stale)
        {
            return Arc::clone(&known.keys);
        }
        let of = Arc::clone(settings);
        // Whoever reads a secret may wait for a file or a command.
        let (keys, whole) = tokio::task::spawn_blocking(move || read(&of)).await.unwrap_or_default();
        let keys = Arc::new(keys);
        let incomplete = (!whole).then_some(now);
        *cut = Some(Cut { settings: Arc::clone(settings), keys: Arc::clone(&keys), incomplete });
        keys
    }
}

/// The keys, and whether every secret could be read. A hook without all of its secrets has those that could.
fn read(settings: &Settings) -> (BTreeMap<String, HookKeys>, bool) {
    let (mut keys, mut whole) = (BTreeMap::new(), true);
    for (name, sync) in &settings.syncs {
        let Some(webhook) = &sync.webhook else { continue };
        let mut secrets = Vec::new();
        for secret in &webhook.secrets {
            match secret.read() {
                Ok(secret) => secrets.push(secret),
                Err(error) => {
                    tracing::error!(sync = name, %error, "A secret of a webhook cannot be read");
                    whole = false;
                }
            }
        }
        match HookKeys::new(webhook.scheme, &secrets) {
            Ok(of) => drop(keys.insert(name.clone(), of)),
            Err(number) => {
                tracing::error!(sync = name, number, "A secret of a webhook is none of its scheme");
                whole = false;
            }
        }
    }
    (keys, whole)
}
