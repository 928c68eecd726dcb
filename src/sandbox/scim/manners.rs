//! What a service asks of every request, and the shape of every answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Effect;
use crate::sandbox::payload::Payload;
use crate::sandbox::scim::emulator::Scim;
use crate::sandbox::scim::error::{PLAIN, refused, respond};
use crate::sandbox::scim::reading::{AnswerType, ContentType};
use crate::sandbox::scim::switches::Switches;

/// Refuses what has no manners, and shapes refusals and answers as the switches want them.
pub(super) async fn manners(State(emulator): State<Arc<Scim>>, request: Request, next: Next) -> Response {
    let switches = Arc::clone(&emulator.world().switches);
    let mut response = match admit(&request, &switches) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    };
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        let effect = response.extensions_mut().remove::<Effect>();
        response = respond(&failure, &switches);
        if let Some(effect) = effect {
            response.extensions_mut().insert(effect);
        }
    }
    if response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/scim+json") {
        let shown = match switches.answer_type {
            AnswerType::Scim => "application/scim+json",
            AnswerType::Json => "application/json",
            AnswerType::Html => "text/html",
        };
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(shown));
    }
    response
}

fn admit(request: &Request, switches: &Switches) -> Result<(), Failure> {
    let headers = request.headers();
    if switches.user_agent_needed && !headers.contains_key(USER_AGENT) {
        return Err(Failure::new(StatusCode::FORBIDDEN, PLAIN, "a request needs a User-Agent header"));
    }
    let method = request.method();
    if method == Method::DELETE {
        let accepts = headers.get(ACCEPT).is_some_and(|value| value != "*/*");
        if switches.bare_delete && (accepts || headers.contains_key(CONTENT_TYPE)) {
            return Err(refused(PLAIN, "DELETE takes neither Accept nor Content-Type"));
        }
        return Ok(());
    }
    if method == Method::GET {
        return Ok(());
    }
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let sent = sent.split(';').next().unwrap_or_default().trim();
    let fits = match switches.content_type {
        ContentType::Any => matches!(sent, "application/scim+json" | "application/json"),
        ContentType::Scim => sent == "application/scim+json",
        ContentType::Json => sent == "application/json",
    };
    if !fits {
        let text = format!("the content type {sent} is not taken");
        return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, PLAIN, text));
    }
    let length = request.extensions().get::<Arc<Payload>>().map_or(0, |payload| payload.raw.len());
    if switches.max_body.is_some_and(|most| length > most) {
        return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, PLAIN, "the body is too large"));
    }
    Ok(())
}
