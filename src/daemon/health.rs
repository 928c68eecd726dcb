//! Whether the daemon lives and is ready, over HTTP.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::desk::Desk;

/// How long the state may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What listens, until it is dropped.
#[derive(Debug)]
pub(super) struct Listening {
    /// With the port that was really taken.
    pub(super) address: SocketAddr,
    server: JoinHandle<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Listens at `at`.
///
/// # Errors
/// When the address cannot be had.
pub(super) async fn listen(desk: &Arc<Desk>, at: SocketAddr) -> io::Result<Listening> {
    let listener = TcpListener::bind(at).await?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/livez", get(async || "ok\n")).route("/readyz", get(ready));
    let router = router.with_state(Arc::clone(desk));
    let server = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "nobody is listened to any more");
        }
    });
    Ok(Listening { address, server })
}

/// Ready for work: it does not stop, and the state answers.
async fn ready(State(desk): State<Arc<Desk>>) -> (StatusCode, &'static str) {
    if desk.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match tokio::time::timeout(PATIENCE, desk.store().answers()).await {
        Ok(Ok(())) => (StatusCode::OK, "ok\n"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the state does not answer\n"),
    }
}
