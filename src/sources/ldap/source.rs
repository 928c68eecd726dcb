use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::check::check;
use super::reading;
use super::session::Session;
use super::settings::Settings;
use super::thread::{Meter, apart};
use super::trouble::Trouble;
use crate::connector::{ConnectorError, FailureClass, Memory, Progress, Reading, Silent, Source};

/// Users, and groups where there is a search for them, of one directory.
pub(super) struct LdapSource {
    settings: Arc<Settings>,
    /// ``LDAP source `corp` ``
    what: String,
}

impl LdapSource {
    pub(super) fn new(settings: Settings, what: String) -> Self {
        Self { settings: Arc::new(settings), what }
    }
}

#[async_trait]
impl Source for LdapSource {
    fn kind(&self) -> &'static str {
        "ldap"
    }

    fn attribute_names(&self) -> Option<Vec<String>> {
        let of_groups = self.settings.groups.iter().flat_map(|groups| &groups.attributes);
        Some(self.settings.users.attributes.iter().chain(of_groups).cloned().collect())
    }

    async fn check(&self) -> Result<Vec<String>, ConnectorError> {
        let settings = Arc::clone(&self.settings);
        let doing = format!("checking {}", self.what);
        let work = move || async move { check(&settings).await };
        apart(&doing, &self.what, &Arc::default(), &Silent, work).await
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Reading, ConnectorError> {
        self.read_on(None, DateTime::UNIX_EPOCH, progress).await
    }

    fn remembers(&self) -> bool {
        self.settings.incremental.is_some()
    }

    async fn read_on(
        &self,
        memory: Option<Memory>,
        now: DateTime<Utc>,
        progress: &dyn Progress,
    ) -> Result<Reading, ConnectorError> {
        let meter = Arc::new(Meter::default());
        let (settings, told) = (Arc::clone(&self.settings), Arc::clone(&meter));
        let work = move || async move { read(&settings, &told, memory, now).await };
        apart(&self.settings.doing, &self.what, &meter, progress, work).await
    }
}

/// Reads everything; where the connection is lost on the way, once more from the beginning, on the next server if there
/// is one. What was read of the first attempt is thrown away: two halves of different moments are no whole.
async fn read(
    settings: &Settings,
    meter: &Meter,
    memory: Option<Memory>,
    now: DateTime<Utc>,
) -> Result<Reading, Trouble> {
    let (first, lost) = match attempt(settings, 0, meter, memory, now).await {
        Ok(reading) => return Ok(reading),
        Err((Some(at), trouble)) if trouble.lost => (at, trouble),
        Err((_, trouble)) => return Err(trouble),
    };
    tracing::warn!(why = %lost.why, "A directory is read once more, from the beginning");
    attempt(settings, first + 1, meter, None, now)
        .await
        .map_err(|(_, again)| Trouble { why: format!("{}; and before that, {}", again.why, lost.why), ..again })
}

/// One reading of everything from the first server that answers. On an error, which one it was.
async fn attempt(
    settings: &Settings,
    first: usize,
    meter: &Meter,
    memory: Option<Memory>,
    now: DateTime<Utc>,
) -> Result<Reading, (Option<usize>, Trouble)> {
    let (at, mut session) = connect(settings, first).await.map_err(|trouble| (None, trouble))?;
    let read = reading::read(settings, &mut session, meter, memory, now).await;
    match read {
        Ok(reading) => {
            session.close().await;
            Ok(reading)
        }
        Err(trouble) => Err((Some(at), trouble.of(&session.address))),
    }
}

/// Connects to the first server that answers, beginning with number `first` and going round. A refused bind ends the
/// search for one: the next would count another wrong password.
///
/// # Errors
/// When none answers; each with its reason.
pub(super) async fn connect(settings: &Settings, first: usize) -> Result<(usize, Session), Trouble> {
    let servers = settings.addresses.len();
    let mut failed: Vec<Trouble> = Vec::new();
    for step in 0..servers {
        let at = (first + step) % servers;
        match Session::open(settings, &settings.addresses[at]).await {
            Ok(session) => return Ok((at, session)),
            Err(trouble) if trouble.class == FailureClass::Denied => return Err(trouble),
            Err(trouble) => {
                tracing::warn!(why = %trouble.why, "A directory does not answer");
                failed.push(trouble);
            }
        }
    }
    let why = failed.iter().map(|trouble| trouble.why.as_str()).collect::<Vec<_>>().join("; ");
    let class = failed.first().map_or(FailureClass::Unreachable, |trouble| trouble.class);
    let mut hints: Vec<String> = failed.into_iter().filter_map(|trouble| trouble.hint).collect();
    hints.dedup();
    let hint = (!hints.is_empty()).then(|| hints.join("; "));
    Err(Trouble { class, why, hint, lost: false })
}
