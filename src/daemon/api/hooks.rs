//! `POST /hooks/SYNC`: somebody says that something changed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::peer;
use super::body::read;
use super::named::Named;
use super::problem::{Code, Problem, ProblemDocument};
use super::state::{Api, Shared};
use crate::daemon::{
    Cause, HookCall, HookError, MOST_BYTES, Payload, Terms, Trigger, Verified, new_id, refuse, row_of, verify,
};
use crate::store::CallSeen;

/// Senders repeat a call for three days and some hours.
const KEEP: Duration = Duration::from_hours(4 * 24);

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A call that has it is signed as GitHub does.
const GITHUB_SIGNATURE: &str = "x-hub-signature-256";

/// What became of a call.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HookAnswer {
    /// `accepted`, or `duplicate` where it was taken in before.
    status: &'static str,
    /// The run that answers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<String>,
}

/// Ask for a run, signed with the secret of the sync's webhook.
#[utoipa::path(post, path = "/hooks/{sync}", tag = "hooks", params(("sync" = String, Path)), responses(
    (status = 202, body = HookAnswer), (status = 200, description = "taken in before", body = HookAnswer),
    (status = "4XX", body = ProblemDocument), (status = 503, body = ProblemDocument),
))]
pub(super) async fn call(State(api): State<Shared>, Named(sync): Named, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let settings = api.desk.settings();
    let keys = api.keyring.keys(&settings, Instant::now()).await;
    let metrics = api.desk.metrics();
    let body = taken(body).await.inspect_err(|problem| metrics.hook(&sync, counted(problem)))?;
    let now = api.desk.now();
    let verified = match keys.get(&sync) {
        Some(keys) => verify(&parts.headers, &body, now, keys),
        None => Err(refuse(&parts.headers, &body, now)),
    };
    let verified = verified.map_err(|error| {
        // The name may be anybody's invention.
        let (hook, known) = (crate::principal::shown(&sync, 64), keys.contains_key(&sync));
        let unknown = || "no sync of that name has a webhook whose secret can be read".to_owned();
        let why = if known { error.to_string() } else { unknown() };
        tracing::info!(hook, why, "A call of a webhook was refused");
        let problem = api.refused(told(error, &parts.headers, &body, now), peer(&parts));
        metrics.hook(&sync, if problem.code == Code::TooManyFailures { HookCall::TooMany } else { error.into() });
        problem
    })?;
    // What is not understood is not taken in: the sender may mend it and send it again.
    let payload = Payload::read(&body).map_err(|error| Problem::bad(error.to_string()));
    let payload = payload.inspect_err(|problem| {
        tracing::info!(hook = sync, "A call of a webhook was signed right, and was not understood");
        metrics.hook(&sync, counted(problem));
    })?;
    // Whoever hangs up has called all the same.
    let (shared, hook) = (Arc::clone(&api), sync.clone());
    let taken = tokio::spawn(async move { shared.take(&hook, &verified, payload).await }).await;
    let taken = taken.unwrap_or_else(|_| Err(Problem::new(Code::Internal, "the call ended early")));
    metrics.hook(
        &sync,
        match &taken {
            Ok(answer) if answer.status() == StatusCode::ACCEPTED => HookCall::Accepted,
            Ok(_) => HookCall::Duplicate,
            Err(problem) => counted(problem),
        },
    );
    taken
}

/// As what a call counts that is not taken in, though nothing is wrong with who sent it.
fn counted(problem: &Problem) -> HookCall {
    match problem.code {
        Code::TooLarge => HookCall::TooLarge,
        Code::BadRequest | Code::Timeout => HookCall::Malformed,
        _ => HookCall::Unavailable,
    }
}

async fn taken(body: Body) -> Result<Vec<u8>, Problem> {
    let read = read(body, MOST_BYTES, PATIENCE).await;
    read.map_err(|problem| if problem.code == Code::TooLarge { refusal(HookError::TooLarge) } else { problem })
}

/// What a stranger is told hangs on the call alone, and not on whether there is such a hook and how its calls are signed.
fn told(error: HookError, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Problem {
    let as_standard = refuse(headers, body, now);
    match error {
        HookError::TooLarge | HookError::MediaType(_) => refusal(error),
        _ if headers.contains_key(GITHUB_SIGNATURE) => refusal(HookError::Unauthentic("")),
        _ => refusal(as_standard),
    }
}

/// The same words for all that may tell a stranger something.
fn refusal(error: HookError) -> Problem {
    let code = match error.status() {
        400 => Code::BadRequest,
        413 => Code::TooLarge,
        415 => Code::UnsupportedMediaType,
        _ => return Problem::new(Code::Unauthenticated, "the call is not signed for this hook, or not for now"),
    };
    let detail = match error {
        // Nothing is said of how the calls of this hook are signed.
        HookError::Missing(_) => format!("{error}, and so is `{GITHUB_SIGNATURE}`"),
        _ => error.to_string(),
    };
    Problem::new(code, detail)
}

impl Api {
    async fn take(&self, sync: &str, verified: &Verified, payload: Payload) -> Result<Response, Problem> {
        let Verified { id, replay_key } = verified;
        let (cause, run) = (Cause::Hook(id.clone()), new_id());
        let kept = Some(run.clone());
        let trigger =
            Trigger { id: run, sync: sync.to_owned(), cause, only: payload.only, terms: Terms::default(), kept };
        let call = CallSeen { hook: sync, key: replay_key, now: self.desk.now(), keep: KEEP };
        let row = row_of(&trigger);
        let taken = match self.desk.store().keep_call(&call, &row, self.desk.id()).await {
            Ok(false) => return Ok(Json(HookAnswer { status: "duplicate", run: None }).into_response()),
            Ok(true) => self.desk.ask(trigger, Instant::now()).map_err(Problem::from),
            Err(error) => Err(error.into()),
        };
        match taken {
            Ok(pushed) => Ok(accepted(&HookAnswer { status: "accepted", run: Some(pushed.run) })),
            Err(problem) => {
                self.forget(sync, replay_key, &row.id).await;
                Err(problem)
            }
        }
    }

    /// A call was not taken in after all: it may come again. Once too often does no harm.
    async fn forget(&self, sync: &str, replay_key: &str, id: &str) {
        if let Err(error) = self.desk.store().forget_call(sync, replay_key, id).await {
            tracing::warn!(sync, %error, "a call of a webhook that was not taken in may be taken for a duplicate");
        }
    }
}

fn accepted(answer: &HookAnswer) -> Response {
    let place = format!("/api/v1/runs/{}", answer.run.as_deref().unwrap_or_default());
    (StatusCode::ACCEPTED, [(header::LOCATION, place)], Json(answer)).into_response()
}
