//! Runs: which there are, how one stands, and asking for one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Caller, Right};
use super::body::json;
use super::named::Named;
use super::problem::{Code, Problem, ProblemDocument};
use super::run_document::RunDocument;
use super::state::{Api, Shared};
use crate::config::SyncSettings;
use crate::daemon::{Cause, LiveRun, Pushed, Stage, Terms, Trigger, new_id, row_of};
use crate::principal::{PrincipalId, shown};
use crate::store::RunStatus;

/// Runs in one answer.
const MOST_LISTED: usize = 1_000;
const USUALLY_LISTED: usize = 20;

/// Runs that are looked through for those of a status.
const MOST_SEARCHED: usize = 20_000;

/// Principals in one request; more of them are everybody.
const MOST_PRINCIPALS: usize = 1_000;

/// How long a call may wait for news, in seconds.
const LONGEST_WAIT: u64 = 60;

/// How often the state is asked for a run of another replica.
const LOOK: Duration = Duration::from_secs(1);

/// Which runs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ListQuery {
    /// Of this sync.
    sync: Option<String>,
    /// Only those that stand so: `running`, `interrupted`, `done`, `refused`, `partial`, `stale`, `failed`.
    status: Option<String>,
    /// So many at most. Default: 20; at most 1000.
    limit: Option<usize>,
}

/// The newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunList {
    runs: Vec<RunDocument>,
}

/// How long to wait for news.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WaitQuery {
    /// Seconds, at most 60. Default: 0.
    wait: u64,
    /// The `version` that is known: the call waits until it is another.
    seen: Option<String>,
}

/// In what a run is to differ from the configuration. Only an operator may ask for more than that says.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct RunRequest {
    /// False: only report.
    apply_changes: Option<bool>,
    /// False: leavers are retained.
    remove_deleted: Option<bool>,
    /// Only these, `user:NAME` or `group:NAME`; 1 to 1000. Default: everybody.
    #[schema(min_items = 1, max_items = 1000)]
    only: Option<Vec<String>>,
}

/// A run that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunAsked {
    /// Where it is followed: `/api/v1/runs/RUN`.
    run: String,
    /// It became part of a request that was waiting.
    merged: bool,
}

/// List runs.
#[utoipa::path(get, path = "/api/v1/runs", tag = "runs", params(ListQuery),
    responses((status = 200, body = RunList), (status = "4XX", body = ProblemDocument)))]
pub(super) async fn list(
    State(api): State<Shared>,
    caller: Caller,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<RunList>, Problem> {
    caller.needs(Right::State)?;
    let ListQuery { sync, status, limit } = asked(query)?;
    let status = status.map(|word| status_of(&word)).transpose()?;
    let limit = limit.unwrap_or(USUALLY_LISTED).min(MOST_LISTED);
    let most = if status.is_some() { MOST_SEARCHED } else { limit };
    let rows = api.desk.store().runs(sync.as_deref(), most).await?;
    let rows = rows.into_iter().filter(|row| status.is_none_or(|status| row.status == status)).take(limit);
    Ok(Json(RunList { runs: rows.map(|row| RunDocument::past(row).for_eyes_of(&caller)).collect() }))
}

fn status_of(word: &str) -> Result<RunStatus, Problem> {
    RunStatus::ALL.into_iter().find(|status| status.word() == word).ok_or_else(|| {
        let known: Vec<_> = RunStatus::ALL.into_iter().map(RunStatus::word).collect();
        Problem::bad(format!("`status`: expected one of {}", known.join(", ")))
    })
}

pub(super) fn asked<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Problem> {
    query.map(|Query(query)| query).map_err(|error| Problem::bad(shown(&error.body_text(), 200)))
}

/// How a run stands.
#[utoipa::path(get, path = "/api/v1/runs/{run}", tag = "runs", params(("run" = String, Path)),
    responses((status = 200, body = RunDocument), (status = "4XX", body = ProblemDocument)))]
pub(super) async fn one(
    State(api): State<Shared>,
    caller: Caller,
    Named(run): Named,
) -> Result<Json<RunDocument>, Problem> {
    caller.needs(Right::State)?;
    Ok(Json(api.run(&run).await?.for_eyes_of(&caller)))
}

/// The same once it stands otherwise than `seen`, or has ended, or the time is over.
#[utoipa::path(get, path = "/api/v1/runs/{run}/events", tag = "runs", params(("run" = String, Path), WaitQuery),
    responses((status = 200, body = RunDocument), (status = "4XX", body = ProblemDocument)))]
pub(super) async fn events(
    State(api): State<Shared>,
    caller: Caller,
    Named(run): Named,
    query: Result<Query<WaitQuery>, QueryRejection>,
) -> Result<Json<RunDocument>, Problem> {
    caller.needs(Right::State)?;
    let WaitQuery { wait, seen } = asked(query)?;
    let until = tokio::time::Instant::now() + Duration::from_secs(wait.min(LONGEST_WAIT));
    loop {
        // What changes from here on is news.
        let following = api.desk.follow(&run);
        let document = api.run(&run).await?;
        let is_news = seen.as_ref() != Some(&document.version);
        if is_news || document.has_ended() || tokio::time::timeout_at(until, news(following)).await.is_err() {
            return Ok(Json(document.for_eyes_of(&caller)));
        }
    }
}

/// Ready when the run may stand otherwise.
async fn news(following: Option<watch::Receiver<LiveRun>>) {
    match following {
        Some(mut live) => {
            // An error says that nobody tells of it any more: then the state is asked.
            if live.changed().await.is_err() {
                tokio::time::sleep(LOOK).await;
            }
        }
        None => tokio::time::sleep(LOOK).await,
    }
}

/// Ask for a run.
#[utoipa::path(post, path = "/api/v1/syncs/{sync}/runs", tag = "runs", params(("sync" = String, Path)),
    request_body(content = Option<RunRequest>),
    responses((status = 202, body = RunAsked), (status = "4XX", body = ProblemDocument), (status = 503, body = ProblemDocument)))]
pub(super) async fn start(
    State(api): State<Shared>,
    caller: Caller,
    Named(sync): Named,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    caller.needs(Right::Trigger)?;
    let request: RunRequest = json(&headers, body).await?;
    let settings = api.desk.settings();
    let of = settings.syncs.get(&sync).ok_or_else(|| no_sync(&sync))?;
    let (terms, only) = (terms(&request, of, &caller)?, only(&request)?);
    let id = new_id();
    // What somebody may do by hand is done now, and not after a restart.
    let kept = (!terms.by_hand).then(|| id.clone());
    let trigger = Trigger { id, sync, cause: Cause::Caller(caller.name), only, terms, kept };
    let pushed = api.ask(trigger).await?;
    let place = format!("/api/v1/runs/{}", pushed.run);
    let asked = RunAsked { run: pushed.run, merged: pushed.merged };
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, place)], Json(asked)).into_response())
}

pub(super) fn no_sync(name: &str) -> Problem {
    Problem::missing(format!("no sync is named `{}`", shown(name, 64)))
}

fn terms(request: &RunRequest, sync: &SyncSettings, caller: &Caller) -> Result<Terms, Problem> {
    let RunRequest { apply_changes, remove_deleted, only: _ } = request;
    let mut by_hand = false;
    for (key, wanted, usual) in [
        ("applyChanges", apply_changes, sync.apply_changes),
        ("removeDeleted", remove_deleted, sync.policy.remove_deleted),
    ] {
        if *wanted != Some(true) || usual {
            continue;
        }
        // Who says so in so many words, and may, does it by hand.
        by_hand = true;
        if !caller.can(Right::Operate) {
            let detail = format!("`{key}` is false in the configuration; only an operator may ask for more");
            return Err(Problem::new(Code::Forbidden, detail));
        }
    }
    Ok(Terms { apply_changes: *apply_changes, remove_deleted: *remove_deleted, by_hand, given: None })
}

fn only(request: &RunRequest) -> Result<Vec<PrincipalId>, Problem> {
    let Some(only) = &request.only else { return Ok(Vec::new()) };
    // Nobody is not everybody.
    if only.is_empty() || only.len() > MOST_PRINCIPALS {
        let count = only.len();
        let detail = format!("`only` has {count} names: expected 1 to {MOST_PRINCIPALS}; leave it out for everybody");
        return Err(Problem::bad(detail));
    }
    let parse = |(at, text): (usize, &String)| {
        PrincipalId::parse(text).map_err(|why| Problem::bad(format!("`only[{at}]`: {}", shown(&why, 200))))
    };
    only.iter().enumerate().map(parse).collect()
}

impl Api {
    /// Asks for a run, which outlives us where it is not by hand. Whoever hangs up has asked all the same.
    async fn ask(self: Arc<Self>, trigger: Trigger) -> Result<Pushed, Problem> {
        let asking = tokio::spawn(async move {
            let (desk, row) = (&self.desk, row_of(&trigger));
            if trigger.kept.is_none() {
                return desk.ask(trigger, Instant::now()).map_err(Problem::from);
            }
            let kept = desk.store().keep_asked(&row, desk.now(), desk.id()).await.map_err(Problem::from);
            let asked = kept.and_then(|()| desk.ask(trigger, Instant::now()).map_err(Problem::from));
            if asked.is_err() {
                desk.let_go(&[row.id]).await;
            }
            asked
        });
        asking.await.unwrap_or_else(|_| Err(Problem::new(Code::Internal, "the call ended early")))
    }

    /// A run by the id that was told.
    pub(super) async fn run(&self, id: &str) -> Result<RunDocument, Problem> {
        let live = self.desk.follow(id).map(|live| live.borrow().clone());
        let known = live.as_ref().map_or(Some(id), |live| began(&live.stage));
        let row = match known {
            Some(run) => self.desk.store().run(run).await?,
            None => None,
        };
        match (live, row) {
            (Some(live), row) => Ok(RunDocument::live(id, &live, row)),
            (None, Some(row)) => Ok(RunDocument::past(row)),
            (None, None) => match self.desk.store().asked_of(id).await? {
                // Of another process, or of one that is no more.
                Some(sync) => Ok(RunDocument::live(id, &LiveRun::waiting(&sync), None)),
                None => Err(Problem::missing(format!("no run is known as `{}`", shown(id, 64)))),
            },
        }
    }
}

/// The id that it began under.
fn began(stage: &Stage) -> Option<&str> {
    match stage {
        Stage::Running { run } | Stage::Ended { run, .. } => Some(run),
        Stage::Waiting | Stage::Dropped => None,
    }
}
