//! Connections that can be cut at will, with not a byte more on the wire than was ordered.
//!
//! HTTP servers answer every request with a status line. To lose a reply, the socket itself
//! has to fail: the write side of a [`WireStream`] returns an error once its [`Wire`] says so,
//! and the server then drops the connection.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const END_OF_HEADERS: &[u8] = b"\r\n\r\n";

/// What may still be written.
#[derive(Debug, Clone, Copy, Default)]
enum Mode {
    #[default]
    Open,
    Closed,
    /// The header section passes whole, then `left` bytes of body.
    Truncating {
        matched: usize,
        left: usize,
    },
}

impl Mode {
    /// How many of these bytes may pass, and the mode after them.
    fn advance(self, bytes: &[u8]) -> (usize, Self) {
        let (mut matched, mut left) = match self {
            Self::Open => return (bytes.len(), self),
            Self::Closed => return (0, self),
            Self::Truncating { matched, left } => (matched, left),
        };
        let mut passed = 0;
        for &byte in bytes {
            if matched == END_OF_HEADERS.len() {
                break;
            }
            passed += 1;
            matched = if END_OF_HEADERS.get(matched) == Some(&byte) { matched + 1 } else { usize::from(byte == b'\r') };
        }
        let body = left.min(bytes.len() - passed);
        left -= body;
        (passed + body, Self::Truncating { matched, left })
    }
}

/// The handle by which a request reaches its own connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wire {
    mode: Arc<Mutex<Mode>>,
}

impl Wire {
    /// Nothing is written any more: the connection is lost.
    pub(crate) fn close(&self) {
        self.set(Mode::Closed);
    }

    /// The next answer is lost after this many bytes of its body.
    pub(crate) fn truncate(&self, bytes: usize) {
        self.set(Mode::Truncating { matched: 0, left: bytes });
    }

    fn set(&self, mode: Mode) {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner) = mode;
    }

    fn mode(&self) -> Mode {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, WireListener>> for Wire {
    fn connect_info(stream: IncomingStream<'_, WireListener>) -> Self {
        stream.io().wire.clone()
    }
}

/// Accepts connections that can be cut.
#[derive(Debug)]
pub(crate) struct WireListener {
    listener: TcpListener,
}

impl WireListener {
    /// Wraps a bound listener.
    pub(crate) const fn new(listener: TcpListener) -> Self {
        Self { listener }
    }
}

impl Listener for WireListener {
    type Io = WireStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let wire = Wire::default();
        (WireStream { stream, wire }, address)
    }

    fn local_addr(&self) -> Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A TCP connection whose write side obeys a [`Wire`].
#[derive(Debug)]
pub(crate) struct WireStream {
    stream: TcpStream,
    wire: Wire,
}

impl AsyncRead for WireStream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for WireStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let mode = self.wire.mode();
        if matches!(mode, Mode::Open) {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        let (permitted, _) = mode.advance(bytes);
        let Some(bytes) = bytes.get(..permitted).filter(|bytes| !bytes.is_empty()) else {
            return Poll::Ready(Err(Error::new(ErrorKind::ConnectionReset, "cut by a fault")));
        };
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(count)) = &written {
            let (_, next) = mode.advance(bytes.get(..*count).unwrap_or(bytes));
            self.wire.set(next);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
