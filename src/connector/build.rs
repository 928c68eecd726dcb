use std::path::{Path, PathBuf};
use std::time::Duration;

use super::PushedList;

/// What a connector is built with, besides its own configuration. Plain data: `http` consumes it.
#[derive(Debug, Clone, Default)]
pub struct BuildContext {
    /// The name in the configuration, for messages.
    pub name: String,
    /// Relative paths are beside the configuration file, in this folder.
    pub folder: PathBuf,
    pub network: Network,
    /// The list that was last pushed, for a source that reads it.
    pub pushed: Option<PushedList>,
}

impl BuildContext {
    #[must_use]
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }
}

/// How a connection is made.
#[derive(Debug, Clone, Default)]
pub struct Network {
    pub tls: Tls,
    /// `http://proxy.example.org:3128`; none: the system's own setting.
    pub proxy: Option<String>,
    /// Of one request, answer included; none: 60 s, or what the connector needs for its longest call.
    pub timeout: Option<Duration>,
    /// Requests a second at the most.
    pub rate: Option<u32>,
    /// Requests under way at once.
    pub concurrency: Option<usize>,
    /// How long one request waits in all where the product asks for it; none: 10 minutes.
    pub patience: Option<Duration>,
}

/// Certificates besides the system's own, PEM files.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    pub ca: Option<PathBuf>,
    pub client_cert: Option<PathBuf>,
    pub client_key: Option<PathBuf>,
}

/// Why a connector cannot be built from its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError {
    /// The key below the connector's own, such as `url` or `users`.
    pub key: String,
    pub why: String,
    pub hint: Option<String>,
}

impl BuildError {
    pub fn new(key: impl Into<String>, why: impl Into<String>) -> Self {
        Self { key: key.into(), why: why.into(), hint: None }
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
