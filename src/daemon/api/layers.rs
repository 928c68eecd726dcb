//! What stands around every route: an id for each request, a word in the log, headers, and answers where there is none.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use super::problem::{Code, Problem};
use super::state::Shared;
use crate::daemon::new_id;

/// How long a call may take that does not wait for anything. The state itself is waited for 15 s.
const LONGEST: Duration = Duration::from_secs(30);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id of a request that a proxy may give.
const LONGEST_ID: usize = 64;

/// Headers that no answer lacks: nothing of us is shown in a frame, run as a script, or kept on the way.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ),
];

/// Around routes that end soon.
pub(super) fn brief(router: Router<Shared>) -> Router<Shared> {
    // The status is a sign that `late` finds: no handler answers with it.
    router.layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, LONGEST)).layer(map_response(late))
}

async fn late(response: Response) -> Response {
    if response.status() == StatusCode::GATEWAY_TIMEOUT {
        return Problem::new(Code::Timeout, format!("it took longer than {} s", LONGEST.as_secs())).into_response();
    }
    response
}

/// Around all of them.
pub(super) fn around(router: Router<Shared>) -> Router<Shared> {
    let router = router.fallback(nowhere).method_not_allowed_fallback(not_so);
    let router = router.layer(from_fn(same_origin)).layer(from_fn(log)).layer(CatchPanicLayer::custom(panicked));
    let router = HEADERS
        .into_iter()
        .fold(router, |router, (name, value)| router.layer(SetResponseHeaderLayer::if_not_present(name, value)));
    router
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, Ids))
        .layer(from_fn(plain_id))
}

async fn nowhere() -> Problem {
    Problem::missing("there is nothing at this address")
}

async fn not_so() -> Problem {
    Problem::new(Code::MethodNotAllowed, "this address does not know the method")
}

#[derive(Clone)]
struct Ids;

impl MakeRequestId for Ids {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        HeaderValue::from_str(&new_id()).ok().map(RequestId::new)
    }
}

/// Keeps the id of a proxy where it is one: it stands in logs.
async fn plain_id(mut request: Request, next: Next) -> Response {
    let is_plain = |value: &HeaderValue| {
        let letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=LONGEST_ID).contains(&value.len()) && value.as_bytes().iter().all(letter)
    };
    if request.headers().get(REQUEST_ID).is_some_and(|value| !is_plain(value)) {
        request.headers_mut().remove(REQUEST_ID);
    }
    next.run(request).await
}

/// A page of another site may send a request by way of whoever looks at it; a browser says so.
async fn same_origin(request: Request, next: Next) -> Response {
    if is_foreign(&request) {
        return Problem::new(Code::ForeignOrigin, "the request comes from a page of another site").into_response();
    }
    next.run(request).await
}

fn is_foreign(request: &Request) -> bool {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return false;
    }
    let text = |name| request.headers().get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("?"));
    text(header::ORIGIN).is_some_and(|origin| {
        let place = origin.split_once("://").map(|(_, place)| place);
        place.is_none() || place != text(header::HOST)
    })
}

/// One line for each call that writes or fails; who reads and finds is for the debug log.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    let id = id.unwrap_or_default().to_owned();
    // As it is written in the table of routes: what stands in its place may name a person.
    let path = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    if method == Method::GET && status < 500 {
        tracing::debug!(%method, path, status, request = id, "A call was answered");
    } else {
        tracing::info!(%method, path, status, request = id, "A call was answered");
    }
    response
}

#[expect(clippy::needless_pass_by_value, reason = "the layer gives it away")]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
    tracing::error!(panic = words, "A call of the API broke off, which is a mistake in rollcall");
    Problem::new(Code::Internal, "the call broke off, which is a mistake in rollcall; the log tells more")
        .into_response()
}
