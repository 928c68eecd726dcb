//! The socket: plain, or with TLS from files.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::tls::Certificates;
use crate::config::ServerTls;

/// Connections at once. Further ones wait in the queue of the system.
const MOST: usize = 1_024;

/// How long somebody who connects may take to agree on a key.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long calls under way may take to end once the socket is closed.
const GRACE: Duration = Duration::from_secs(5);

/// Why nobody can be heard.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("cannot listen at {address}: {error}")]
    Address { address: SocketAddr, error: io::Error },
    #[error("cannot use {}: {why}", path.display())]
    Tls { path: PathBuf, why: String },
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
        let certificates = tls.map(Certificates::read).transpose()?;
        let refused = |error| ListenError::Address { address, error };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let slots = Arc::new(Semaphore::new(MOST));
        Ok(Self { doors: Doors { listener, certificates, slots, greeting: JoinSet::new() }, address })
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
        let service = router.into_make_service_with_connect_info::<Peer>();
        let (closing, closed) = tokio::sync::oneshot::channel::<()>();
        let stopped = async move {
            stop.await;
            drop(closing);
        };
        let serving = axum::serve(self.doors, service).with_graceful_shutdown(stopped);
        let serving = std::pin::pin!(serving.into_future());
        let late = async {
            let _gone = closed.await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            served = serving => if let Err(error) = served {
                tracing::error!(%error, "The socket of the API broke");
            },
            () = late => tracing::warn!("calls were still being answered when the daemon stopped"),
        }
    }
}

/// The address at the other end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

impl Connected<IncomingStream<'_, Doors>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Doors>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// Lets people in.
#[derive(Debug)]
struct Doors {
    listener: TcpListener,
    certificates: Option<Certificates>,
    slots: Arc<Semaphore>,
    /// Those who agree on a key: nobody waits for them.
    greeting: JoinSet<Option<(Wire, SocketAddr)>>,
}

impl Listener for Doors {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            tokio::select! {
                Some(greeted) = self.greeting.join_next() => {
                    if let Ok(Some(guest)) = greeted {
                        return guest;
                    }
                }
                (slot, stream, address) = enter(&mut self.listener, &self.slots) => {
                    let Some(certificates) = &self.certificates else {
                        return (Wire { stream: Stream::Plain(stream), _slot: slot }, address);
                    };
                    let acceptor = TlsAcceptor::from(certificates.current());
                    self.greeting.spawn(async move {
                        let greeted = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await.ok()?.ok()?;
                        Some((Wire { stream: Stream::Tls(Box::new(greeted)), _slot: slot }, address))
                    });
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
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

/// A connection, and the place that it takes.
#[derive(Debug)]
struct Wire {
    stream: Stream,
    _slot: Option<OwnedSemaphorePermit>,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
