//! Failures in the five looks that a portal may give them: no vendor page shows one.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::sandbox::curator::request::Asked;
use crate::sandbox::curator::switches::{FailureReply, Switches};
use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Effect;

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    text: String,
    /// Whether the key is at fault.
    key: bool,
    warnings: Vec<String>,
}

impl Refusal {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), key: false, warnings: Vec::new() }
    }

    /// The key is wrong.
    pub(super) fn of_key(text: impl Into<String>) -> Self {
        Self { key: true, ..Self::new(text) }
    }

    /// With a remark for the journal.
    pub(super) fn remarked(mut self, remark: impl Into<String>) -> Self {
        self.warnings.push(remark.into());
        self
    }

    /// The answer, in the look that the switches choose.
    pub(super) fn answer(self, switches: &Switches, asked: &Asked) -> Response {
        let Self { mut text, key, warnings } = self;
        if switches.echo_address {
            text = format!("{text} ({})", asked.address);
        }
        let body = Json(json!({ "result": "Error", "msg": text }));
        let mut response = match switches.failure_reply {
            FailureReply::Ok => body.into_response(),
            FailureReply::BadRequest => (StatusCode::BAD_REQUEST, body).into_response(),
            FailureReply::Denied if key => (StatusCode::UNAUTHORIZED, body).into_response(),
            FailureReply::Denied => (StatusCode::FORBIDDEN, body).into_response(),
            FailureReply::Page => (StatusCode::INTERNAL_SERVER_ERROR, Html(page(&text))).into_response(),
            FailureReply::Redirect => redirect(switches, asked),
        };
        response.extensions_mut().insert(Effect { warnings, ..Effect::default() });
        response
    }
}

fn page(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!DOCTYPE html>\n<html><head><title>Error</title></head><body><h1>We're sorry, but something went wrong</h1>\
         <p>{text}</p></body></html>\n"
    )
}

/// 302 to the sign-in page, which is told where to go on to when the address is repeated.
fn redirect(switches: &Switches, asked: &Asked) -> Response {
    let mut place = "/login".to_owned();
    if switches.echo_address {
        let told = reqwest::Url::parse_with_params("http://sandbox/login", [("redirect", asked.address.as_str())]);
        let query = told.ok().and_then(|url| url.query().map(str::to_owned));
        place = query.map_or(place, |query| format!("/login?{query}"));
    }
    (StatusCode::FOUND, [(LOCATION, place)], Html("<!DOCTYPE html>\n<html><body>Redirecting</body></html>\n"))
        .into_response()
}

/// The body of refusals that the gate makes: rate limit, ordered statuses, unknown paths.
pub(super) fn refuse(failure: &Failure, _number: u64) -> Response {
    (failure.status, Json(json!({ "result": "Error", "msg": failure.text }))).into_response()
}
