//! The gate: what every request of every product passes, in this order.
//!
//! 1. The body is read and taken apart.
//! 2. The journal notes the request.
//! 3. The rate limit.
//! 4. At most one fault.
//! 5. The product, unless a fault has answered.
//! 6. A refusal gets the error body of the product.
//! 7. The journal notes the outcome.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::sandbox::call::Call;
use crate::sandbox::failure::Failure;
use crate::sandbox::fault_reply::fault_reply;
use crate::sandbox::faults::{Fault, FaultKind, FaultQueue};
use crate::sandbox::journal::{Effect, Journal, JournalEntry, Ticket};
use crate::sandbox::payload::Payload;
use crate::sandbox::rate::{Limiter, RateLimit};
use crate::sandbox::wire::Wire;

/// Marks a request whose session a fault ends; the session check of the product obeys it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SessionEnds;

/// What differs from product to product at the gate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct House {
    /// The product, as in its prefix.
    pub(crate) product: &'static str,
    /// The bases of its interfaces; what follows them names the operation.
    pub(crate) bases: &'static [&'static str],
    /// Its error body. The number is that of the request, for incident identifiers.
    pub(crate) refuse: fn(&Failure, u64) -> Response,
}

/// The error body of a product's other interface: what it gives for a refusal of the request with this path and
/// number, or `None` where the request is not of that interface.
pub(crate) struct Dialect(Box<DialectBody>);

type DialectBody = dyn Fn(&Failure, &str, u64) -> Option<Response> + Send + Sync;

impl std::fmt::Debug for Dialect {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Dialect")
    }
}

/// The gate of one product.
#[derive(Debug)]
pub struct Gate {
    house: House,
    dialect: Option<Dialect>,
    journal: Mutex<Journal>,
    faults: Mutex<FaultQueue>,
    limiter: Mutex<Limiter>,
}

impl Gate {
    /// A gate with an empty journal, no faults and no rate limit.
    pub(crate) fn new(house: House) -> Self {
        Self {
            house,
            dialect: None,
            journal: Mutex::new(Journal::new(house.product)),
            faults: Mutex::default(),
            limiter: Mutex::default(),
        }
    }

    /// The same gate, where some refusals have another body than that of the house.
    pub(crate) fn with_dialect(
        mut self,
        body: impl Fn(&Failure, &str, u64) -> Option<Response> + Send + Sync + 'static,
    ) -> Self {
        self.dialect = Some(Dialect(Box::new(body)));
        self
    }

    /// Every entry of the journal, oldest first.
    pub(crate) fn journal(&self) -> Vec<JournalEntry> {
        lock(&self.journal).entries().to_vec()
    }

    /// The entries of requests that carried out a write, oldest first.
    pub(crate) fn writes(&self) -> Vec<JournalEntry> {
        let journal = lock(&self.journal);
        journal.entries().iter().filter(|entry| entry.write).cloned().collect()
    }

    /// Empties the journal.
    pub(crate) fn clear_journal(&self) {
        lock(&self.journal).clear();
    }

    /// Queues a fault.
    pub(crate) fn inject(&self, fault: Fault) {
        lock(&self.faults).push(fault);
    }

    /// The faults that have not met all their requests yet.
    pub(crate) fn pending_faults(&self) -> Vec<Fault> {
        lock(&self.faults).pending()
    }

    /// Forgets every fault.
    pub(crate) fn clear_faults(&self) {
        lock(&self.faults).clear();
    }

    /// Sets or lifts the rate limit.
    pub(crate) fn limit(&self, limit: Option<RateLimit>) {
        lock(&self.limiter).set(limit);
    }

    async fn pass(self: Arc<Self>, wire: Wire, request: Request, next: Next) -> Response {
        let (mut head, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await;
        let unread = body.is_err();
        let mut payload = Payload::read(&head, body.unwrap_or_default()).await;
        let call = Call::describe(&head, &payload, self.house.bases);
        let ticket = lock(&self.journal).begin(&call);
        if unread {
            wire.close();
            let mut response = Response::default();
            let warnings = vec!["the body did not arrive whole".to_owned()];
            response.extensions_mut().insert(Effect { warnings, ..Effect::default() });
            return self.finish(&call, ticket, None, false, response);
        }
        if !lock(&self.limiter).admit() {
            let refusal = Failure::new(StatusCode::TOO_MANY_REQUESTS, 10_000, "too many requests");
            return self.finish(&call, ticket, Some("rateLimit"), true, refusal.into_response());
        }
        let fault = lock(&self.faults).take(&call);
        let name = fault.as_ref().map(FaultKind::name);
        if let Some(FaultKind::Rewrite { members }) = &fault {
            rewrite(&mut head, &mut payload, members);
        }
        head.extensions.insert(Arc::new(payload));
        let request = Request::from_parts(head, Body::empty());
        let (response, delivered) = carry_out(fault, &wire, request, next).await;
        self.finish(&call, ticket, name, delivered, response)
    }

    /// Gives a refusal its body and completes the journal.
    fn finish(
        &self,
        call: &Call,
        ticket: Ticket,
        fault: Option<&'static str>,
        delivered: bool,
        mut response: Response,
    ) -> Response {
        if let Some(failure) = response.extensions_mut().remove::<Failure>() {
            let spoken = self.dialect.as_ref().and_then(|dialect| (dialect.0)(&failure, &call.path, ticket.sequence));
            let mut shaped = spoken.unwrap_or_else(|| (self.house.refuse)(&failure, ticket.sequence));
            shaped.headers_mut().extend(response.headers_mut().drain());
            std::mem::swap(shaped.extensions_mut(), response.extensions_mut());
            response = shaped;
        }
        let effect = response.extensions_mut().remove::<Effect>().unwrap_or_default();
        let status = delivered.then_some(response.status().as_u16());
        tracing::debug!(product = self.house.product, sequence = ticket.sequence, status, fault, "answered");
        lock(&self.journal).finish(ticket, status, fault, effect);
        response
    }
}

/// Lets the request through to the product, disturbed by the fault; tells whether the answer
/// reaches the client.
async fn carry_out(fault: Option<FaultKind>, wire: &Wire, mut request: Request, next: Next) -> (Response, bool) {
    if let Some(reply) = fault.as_ref().and_then(fault_reply) {
        return (reply, true);
    }
    match fault {
        Some(FaultKind::CutBefore) => {
            wire.close();
            return (Response::default(), false);
        }
        Some(FaultKind::CutAfter) => {
            let response = next.run(request).await;
            wire.close();
            return (response, false);
        }
        Some(FaultKind::Truncate { bytes }) => {
            let response = next.run(request).await;
            let length = HttpBody::size_hint(response.body()).lower();
            if length > u64::try_from(bytes).unwrap_or(u64::MAX) {
                wire.truncate(bytes);
            }
            return (response, true);
        }
        Some(FaultKind::Latency { millis }) => tokio::time::sleep(Duration::from_millis(millis)).await,
        Some(FaultKind::ExpireSession) => {
            request.extensions_mut().insert(SessionEnds);
        }
        _ => {}
    }
    (next.run(request).await, true)
}

/// Puts other members into the query of a GET, or into the JSON body of anything else.
fn rewrite(head: &mut Parts, payload: &mut Payload, members: &Map<String, Value>) {
    if head.method != Method::GET {
        if let Some(Value::Object(mut body)) = payload.json() {
            for (name, value) in members {
                body.insert(name.clone(), value.clone());
            }
            payload.raw = Value::Object(body).to_string().into();
        }
        return;
    }
    let sent = Query::<Vec<(String, String)>>::try_from_uri(&head.uri).map_or_else(|_| Vec::new(), |Query(sent)| sent);
    let kept = sent.into_iter().filter(|(name, _)| !members.contains_key(name));
    let given = members.iter().filter(|(_, value)| !value.is_null());
    let given =
        given.map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    let all: Vec<_> = kept.chain(given).collect();
    // A base that is an address takes any query.
    let whole = reqwest::Url::parse_with_params("http://sandbox/", all);
    let query = whole.ok().and_then(|url| url.query().map(str::to_owned)).unwrap_or_default();
    if let Ok(uri) = format!("{}?{query}", head.uri.path()).parse() {
        head.uri = uri;
    }
}

/// The gate as a layer of a router.
///
/// The work is a task of its own: as with a real server, a client that hangs up does not undo
/// or stop what it asked for.
pub(crate) async fn gate(
    State(gate): State<Arc<Gate>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
    next: Next,
) -> Response {
    match tokio::spawn(gate.pass(wire, request, next)).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a request of the sandbox was not finished");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Locks, also after a panic elsewhere: what is behind these locks is never left half-changed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A 200 with a JSON body.
///
/// # Errors
/// A 500 when the value cannot be serialised.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<Response, Failure> {
    let body = serde_json::to_vec(value)
        .map_err(|error| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, 10_000, error.to_string()))?;
    let content_type = (axum::http::header::CONTENT_TYPE, "application/json");
    Ok(([content_type], Bytes::from(body)).into_response())
}
