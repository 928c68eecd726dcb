//! What happens to every address and every answer of the server.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use axum::http::header::ACCEPT;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::sandbox::alteryx::emulator::Alteryx;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::journal::Effect;

/// Finds the endpoint below the base address, with doubled slashes and one at the end passed over: clients send both.
/// A request that does not ask for JSON is answered all the same and remarked on; a real server may answer with XML.
pub(super) async fn address(State(emulator): State<Arc<Alteryx>>, mut request: Request, next: Next) -> Response {
    let switches = emulator.switches();
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    let asked = accept.is_some_and(|accept| accept.contains("application/json"));
    let Some(uri) = below(&switches.base, request.uri()) else {
        return missing(request.uri()).into_response();
    };
    *request.uri_mut() = uri;
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>().filter(|_| switches.plain_errors) {
        response = refusal.plain();
    }
    if !asked {
        let effect = response.extensions_mut().get_or_insert_default::<Effect>();
        effect.warnings.push("the request does not accept application/json".to_owned());
    }
    response
}

/// What the server says of an address it does not have.
pub(super) fn missing(uri: &Uri) -> Refusal {
    Refusal::missing(format!("No HTTP resource was found that matches the request URI '{}'.", uri.path()))
}

fn below(base: &str, uri: &Uri) -> Option<Uri> {
    let parts = |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let path = parts(uri.path());
    let rest = path.strip_prefix(parts(base).as_slice())?.join("/");
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("/{rest}{query}").parse().ok()
}
