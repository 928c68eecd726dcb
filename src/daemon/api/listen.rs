//! The socket: plain, or with TLS from files.
//!
//! Connections are counted, so none is held for nothing: who says nothing, half a request, or nothing more is let go, and
//! so is who takes no answer. Who waits for an answer is not.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::tls::Certificates;
use super::wire::{Stream, Wire};
use crate::config::ServerTls;

/// How long calls under way may take to end once the socket is closed.
const GRACE: Duration = Duration::from_secs(5);

/// The longest head of a request, in bytes: so much a stranger may have us keep.
const LONGEST_HEAD: usize = 64 * 1024;

/// What a connection may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// At once. Further ones wait in the queue of the system.
    pub(super) connections: usize,
    /// How long somebody who connects may take to agree on a key.
    pub(super) handshake: Duration,
    /// How long the head of a request may take, from the connection or the answer before it.
    pub(super) silence: Duration,
    /// How long an answer may stand still on its way.
    pub(super) stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            handshake: Duration::from_secs(10),
            // Callers come every 10 or 15 s, and are not to meet a door as it closes.
            silence: Duration::from_secs(12),
            stall: Duration::from_secs(30),
        }
    }
}

/// Why nobody can be heard.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("cannot listen at {address}: {error}")]
    Address { address: SocketAddr, error: io::Error },
    #[error("cannot use {}: {why}", path.display())]
    Tls { path: PathBuf, why: String },
}

impl ListenError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Address { error, .. } => match error.kind() {
                ErrorKind::AddrInUse => "is another rollcall running? `--listen ADDRESS` names another place",
                ErrorKind::PermissionDenied => {
                    "ports below 1024 are not for everybody: `--listen ADDRESS` names another place"
                }
                ErrorKind::AddrNotAvailable => "this machine has no such address: `--listen ADDRESS` names another",
                _ => "`--listen ADDRESS` names another place",
            },
            Self::Tls { .. } => {
                "`server.tls` names two PEM files that this account may read: `cert`, with those between it and its \
                 authority, and `key`, its key"
            }
        }
    }
}

/// A socket that is open, and that nobody answers yet.
#[derive(Debug)]
pub struct Listening {
    doors: Doors,
    address: SocketAddr,
}

impl Listening {
    /// Opens the socket, port 0 for any that is free.
    ///
    /// # Errors
    /// When the address is taken, or the certificate cannot be used.
    pub async fn open(address: SocketAddr, tls: Option<&ServerTls>) -> Result<Self, ListenError> {
        Self::within(Limits::default(), address, tls).await
    }

    pub(super) async fn within(
        limits: Limits,
        address: SocketAddr,
        tls: Option<&ServerTls>,
    ) -> Result<Self, ListenError> {
        let certificates = tls.map(Certificates::read).transpose()?;
        let refused = |error| ListenError::Address { address, error };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let slots = Arc::new(Semaphore::new(limits.connections));
        Ok(Self { doors: Doors { listener, certificates, limits, slots, greeting: JoinSet::new() }, address })
    }

    /// Where it listens, with the port that was taken.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its certificate, to be renewed.
    #[must_use]
    pub fn certificates(&self) -> Option<Certificates> {
        self.doors.certificates.clone()
    }

    /// Answers until `stop` is ready, and a moment longer those who are being answered.
    pub async fn serve(self, router: Router, stop: impl Future<Output = ()> + Send + 'static) {
        let Self { mut doors, address: _ } = self;
        let silence = doors.limits.silence;
        let (closing, closed) = watch::channel(());
        let mut guests = JoinSet::new();
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                (wire, peer) = doors.accept() => {
                    guests.spawn(attend(wire, peer, router.clone(), silence, closed.clone()));
                }
                Some(_left) = guests.join_next() => {}
            }
        }
        drop((doors, closing));
        let left = async { while guests.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, left).await.is_err() {
            tracing::warn!("calls were still being answered when the daemon stopped");
        }
    }
}

/// The address at the other end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Answers one connection, request by request, until `closed` has nobody who could speak.
async fn attend(wire: Wire, peer: SocketAddr, router: Router, silence: Duration, mut closed: watch::Receiver<()>) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(Peer(peer)));
        router.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    // In hyper the time for a head is that between two requests too.
    builder.timer(TokioTimer::new()).header_read_timeout(silence).max_buf_size(LONGEST_HEAD);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(wire), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _gone = closed.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection was let go");
    }
}

/// Lets people in.
#[derive(Debug)]
struct Doors {
    listener: TcpListener,
    certificates: Option<Certificates>,
    limits: Limits,
    slots: Arc<Semaphore>,
    /// Those who agree on a key: nobody waits for them.
    greeting: JoinSet<Option<(Wire, SocketAddr)>>,
}

impl Doors {
    /// Nothing is lost where this is dropped before it is ready.
    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let Limits { handshake, stall, .. } = self.limits;
        loop {
            tokio::select! {
                Some(greeted) = self.greeting.join_next() => {
                    if let Ok(Some(guest)) = greeted {
                        return guest;
                    }
                }
                (slot, stream, address) = enter(&mut self.listener, &self.slots) => {
                    let Some(certificates) = &self.certificates else {
                        return (Wire::new(Stream::Plain(stream), stall, slot), address);
                    };
                    let acceptor = TlsAcceptor::from(certificates.current());
                    self.greeting.spawn(async move {
                        let greeted = tokio::time::timeout(handshake, acceptor.accept(stream)).await.ok()?.ok()?;
                        Some((Wire::new(Stream::Tls(Box::new(greeted)), stall, slot), address))
                    });
                }
            }
        }
    }
}

/// Nothing is lost where this is dropped before it is ready: a connection that was not taken waits.
async fn enter(
    listener: &mut TcpListener,
    slots: &Arc<Semaphore>,
) -> (Option<OwnedSemaphorePermit>, TcpStream, SocketAddr) {
    let slot = Arc::clone(slots).acquire_owned().await.ok();
    let (stream, address) = Listener::accept(listener).await;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection is not told to hurry");
    }
    (slot, stream, address)
}
