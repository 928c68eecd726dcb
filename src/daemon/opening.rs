use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::api::ListenError;
use super::news::News;
use super::reload::Loader;
use super::timer::{Clock, TimerError};
use crate::config::Settings;
use crate::store::{Store, StoreError};

/// What a daemon begins with.
pub struct Opening {
    pub settings: Settings,
    pub store: Arc<Store>,
    pub clock: Clock,
    /// The name of this machine, for reports.
    pub host: String,
    /// Where calls are taken; with port 0 any that is free.
    pub listen: SocketAddr,
    /// Reads the configuration anew.
    pub load: Loader,
    pub commands: mpsc::UnboundedReceiver<Command>,
    /// Is told what there is to tell.
    pub tell: Box<dyn Fn(&News<'_>) + Send + Sync>,
}

/// What the daemon is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Reload,
    /// To end well.
    Stop,
}

/// Why there is no daemon.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("{0}")]
    Listen(#[from] ListenError),
    #[error("{0}")]
    Timer(#[from] TimerError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl ServeError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Listen(error) => Some(error.hint()),
            Self::Timer(_) => None,
            Self::Store(error) => error.hint(),
        }
    }
}
