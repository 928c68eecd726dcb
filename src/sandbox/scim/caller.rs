//! Who asks, and for what.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::SessionEnds;
use crate::sandbox::payload::Payload;
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::emulator::{BASE, Scim, World};
use crate::sandbox::scim::error::PLAIN;
use crate::sandbox::secret::Secret;

/// A request for resources of a type, by a caller whose token is good.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    pub(super) headers: HeaderMap,
    pub(super) query: Vec<(String, String)>,
    pub(super) payload: Arc<Payload>,
    /// The address of the service, for locations.
    pub(super) base: String,
}

impl Asked {
    /// A member of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A header as text.
    pub(super) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl FromRequestParts<Arc<Scim>> for Asked {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Parts, emulator: &Arc<Scim>) -> Result<Self, Failure> {
        let lost = || Failure::new(StatusCode::NOT_FOUND, PLAIN, "there is no such resource type");
        let Extension(kind) = Extension::<Kind>::from_request_parts(head, emulator).await.map_err(|_| lost())?;
        let mut world = emulator.world();
        authorise(&mut world, head)?;
        if kind == Kind::Group && world.switches.no_groups {
            return Err(lost());
        }
        let query = Query::try_from_uri(&head.uri).map_or_else(|_| Vec::new(), |Query(query)| query);
        let payload = head.extensions.get::<Arc<Payload>>().map_or_else(Arc::default, Arc::clone);
        Ok(Self { kind, headers: head.headers.clone(), query, payload, base: base(&head.headers) })
    }
}

/// Lets a caller in whose bearer token is good.
///
/// # Errors
/// 401 for all others.
pub(super) fn authorise(world: &mut World, head: &Parts) -> Result<(), Failure> {
    if head.extensions.get::<SessionEnds>().is_some() {
        world.token = None;
    }
    let sent = head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let sent = sent.and_then(|value| value.strip_prefix("Bearer ")).map(Secret::new);
    if sent.is_some() && sent == world.token {
        return Ok(());
    }
    Err(Failure::new(StatusCode::UNAUTHORIZED, PLAIN, "the token is missing, wrong or has ended"))
}

/// The address of the service as the caller knows it.
pub(super) fn base(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}/scim{BASE}")
}
