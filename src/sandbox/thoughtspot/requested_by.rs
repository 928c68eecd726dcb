//! The `X-Requested-By` header, which every v1 request of the vendor's clients carries.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::sandbox::journal::Effect;
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::error::forbidden;
use crate::sandbox::thoughtspot::switches::RequestedBy;

/// Looks for the header as the switch says. Its presence matters, not its value: public clients
/// send their own names.
pub(super) async fn requested_by(State(emulator): State<Arc<ThoughtSpot>>, request: Request, next: Next) -> Response {
    let demand = emulator.switches().requested_by;
    if demand == RequestedBy::Off || request.headers().contains_key("x-requested-by") {
        return next.run(request).await;
    }
    if demand == RequestedBy::Reject {
        return forbidden("the X-Requested-By header is missing").into_response();
    }
    let mut response = next.run(request).await;
    let effect = response.extensions_mut().get_or_insert_default::<Effect>();
    effect.warnings.push("the X-Requested-By header is missing".to_owned());
    response
}
