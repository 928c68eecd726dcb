//! The server: one listening socket, every product below its prefix.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::sandbox::control::control;
use crate::sandbox::gate::gate;
use crate::sandbox::product::Product;
use crate::sandbox::table::{Options, Products};
use crate::sandbox::wire::{Wire, WireListener};

/// How long [`Sandbox::stop`] waits for requests that are still being answered.
const GRACE: Duration = Duration::from_secs(5);

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
    /// The seed cannot be the state of its product.
    #[error("cannot seed the emulator of {0}")]
    Seed(String),
}

fn hint(suggestion: Option<SocketAddr>) -> String {
    suggestion.map_or_else(String::new, |address| format!("; {address} is free, and port 0 always takes a free one"))
}

/// A running sandbox. Dropping it ends it at once; [`Sandbox::stop`] lets requests finish.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    products: Products,
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
        let listen = options.listen;
        let products = Products::found(options).map_err(StartError::Seed)?;
        let (listener, address) = bind(listen).await?;
        let router = router(&products).into_make_service_with_connect_info::<Wire>();
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
        Ok(Self { address, products, quit: Some(quit), server })
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

    /// A product by its prefix.
    #[must_use]
    pub fn product(&self, prefix: &str) -> Option<Arc<dyn Product>> {
        self.products.all().into_iter().find(|(name, ..)| *name == prefix).map(|(.., product)| product)
    }

    pub(super) const fn products(&self) -> &Products {
        &self.products
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

fn router(products: &Products) -> Router {
    let all = products.all();
    let lines = all.iter().map(|(prefix, title, _)| format!("/{prefix}/_sandbox/  {title}\n"));
    let index = format!("rollcall sandbox\n\n{}", lines.collect::<String>());
    let router = Router::new()
        .route("/", get(async move || index))
        .fallback(async || (StatusCode::NOT_FOUND, "no such product; see /\n"));
    let nested = all.into_iter().fold(router, |router, (prefix, title, product)| {
        let house = Arc::clone(&product)
            .router()
            .layer(from_fn_with_state(Arc::clone(product.gate()), gate))
            .merge(control(title, &product));
        router.nest(&format!("/{prefix}"), house)
    });
    nested.layer(DefaultBodyLimit::disable())
}
