use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use super::auth::{Caller, Right};
use super::problem::{Code, Problem, ProblemDocument};
use super::state::Shared;
use crate::daemon::METRICS_TYPE;

/// It runs, and no restart would help.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200), (status = 503, body = ProblemDocument)), security(()))]
pub(super) async fn alive(State(api): State<Shared>) -> Result<&'static str, Problem> {
    if api.desk.store().is_gone() {
        let why = "the state was deleted or replaced while it was in use: start rollcall anew";
        return Err(Problem::new(Code::Unavailable, why));
    }
    Ok("ok\n")
}

/// It can do its work: the state takes what is written, and the timer is not late.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200), (status = 503, body = ProblemDocument)), security(()))]
pub(super) async fn ready(State(api): State<Shared>) -> Result<&'static str, Problem> {
    api.ready.asked(api.desk.store().takes()).await?;
    if let Some(why) = (api.readiness)() {
        return Err(Problem::new(Code::Unavailable, why).after(10));
    }
    Ok("ok\n")
}

/// What Prometheus reads: `docs/monitoring.md` has each of them.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, content_type = "application/openmetrics-text", body = String), (status = "4XX", body = ProblemDocument)))]
pub(super) async fn metrics(State(api): State<Shared>, caller: Caller) -> Result<impl IntoResponse, Problem> {
    caller.needs(Right::State)?;
    Ok(([(header::CONTENT_TYPE, METRICS_TYPE)], api.desk.metrics_text()))
}
