//! The server: one listening socket, every product below its prefix.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::sandbox::thoughtspot::{self, SeedError, ThoughtSpot};
use crate::sandbox::wire::{Wire, WireListener};

/// How long [`Sandbox::stop`] waits for requests that are still being answered.
const GRACE: Duration = Duration::from_secs(5);

/// How a sandbox starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen. Port 0 takes a free port.
    pub listen: SocketAddr,
    /// The `ThoughtSpot` emulator.
    pub thoughtspot: thoughtspot::Options,
}

impl Default for Options {
    /// A free port of 127.0.0.1 and products as they come.
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            thoughtspot: thoughtspot::Options::default(),
        }
    }
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address could not be bound.
    #[error("cannot listen on {address}: {source}{}", hint(*.suggestion))]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// An address that was free a moment ago, when the port was taken.
        suggestion: Option<SocketAddr>,
        /// What the system said.
        source: io::Error,
    },
    /// The seed cannot be the state of a `ThoughtSpot` cluster.
    #[error("cannot seed the ThoughtSpot emulator: {0}")]
    Seed(#[from] SeedError),
}

fn hint(suggestion: Option<SocketAddr>) -> String {
    suggestion.map_or_else(String::new, |address| format!("; {address} is free, and port 0 always takes a free one"))
}

/// A running sandbox. Dropping it ends it at once; [`Sandbox::stop`] lets requests finish.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    thoughtspot: Arc<ThoughtSpot>,
    quit: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Binds the address and serves in a task of the current tokio runtime.
    ///
    /// # Errors
    /// [`StartError::Listen`] when the address cannot be bound, [`StartError::Seed`] when the
    /// seed contradicts itself.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let thoughtspot = Arc::new(ThoughtSpot::new(options.thoughtspot)?);
        let (listener, address) = bind(options.listen).await?;
        let router = router(&thoughtspot).into_make_service_with_connect_info::<Wire>();
        let (quit, quitting) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            let serving = axum::serve(listener, router).with_graceful_shutdown(async {
                // A dropped sender means the same as a message: the sandbox is gone.
                let _gone = quitting.await;
            });
            if let Err(error) = serving.await {
                tracing::error!(%error, "the sandbox stopped serving");
            }
        });
        tracing::info!(%address, "the sandbox is listening");
        Ok(Self { address, thoughtspot, quit: Some(quit), server })
    }

    /// Where it listens, with the port that was really taken.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address of a product: `http://127.0.0.1:8700/thoughtspot`.
    #[must_use]
    pub fn url(&self, product: &str) -> String {
        format!("http://{}/{product}", self.address)
    }

    /// The `ThoughtSpot` emulator: its state, journal, switches and faults.
    #[must_use]
    pub fn thoughtspot(&self) -> &ThoughtSpot {
        &self.thoughtspot
    }

    /// Takes no more requests, lets those under way finish for up to 5 seconds, and ends.
    pub async fn stop(mut self) {
        if let Some(quit) = self.quit.take() {
            // The receiver is gone only if the server has ended already.
            let _ended = quit.send(());
        }
        if tokio::time::timeout(GRACE, &mut self.server).await.is_err() {
            tracing::warn!("requests were still being answered when the sandbox stopped");
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn bind(address: SocketAddr) -> Result<(WireListener, SocketAddr), StartError> {
    let refused = |source| async move {
        let taken = io::Error::kind(&source) == io::ErrorKind::AddrInUse;
        let suggestion = if taken { free_near(address).await } else { None };
        StartError::Listen { address, suggestion, source }
    };
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(source) => return Err(refused(source).await),
    };
    match listener.local_addr() {
        Ok(bound) => Ok((WireListener::new(listener), bound)),
        Err(source) => Err(refused(source).await),
    }
}

/// The first free port among the next twenty.
async fn free_near(address: SocketAddr) -> Option<SocketAddr> {
    for step in 1..=20 {
        let candidate = SocketAddr::new(address.ip(), address.port().checked_add(step)?);
        if TcpListener::bind(candidate).await.is_ok() {
            return Some(candidate);
        }
    }
    None
}

fn router(thoughtspot: &Arc<ThoughtSpot>) -> Router {
    Router::new()
        .route("/", get(async || "rollcall sandbox\n\n/thoughtspot/_sandbox/  ThoughtSpot, API v1\n"))
        .fallback(async || (StatusCode::NOT_FOUND, "no such product; see /\n"))
        .nest("/thoughtspot", thoughtspot::router(thoughtspot))
        .layer(DefaultBodyLimit::disable())
}
