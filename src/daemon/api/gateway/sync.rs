//! `user/sync` and `user/list`.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::runtime::Handle;
use tracing::Instrument;

use super::super::auth::{Caller, Right};
use super::super::problem::{Code, Problem};
use super::super::push::{PATIENCE, checked};
use super::super::state::{Api, Shared};
use super::adapt::adapted;
use super::arrays::{Arrays, Names, Told};
use super::error::Refusal;
use super::login::Guest;
use super::parts::Parts;
use crate::config::SourceSettings;
use crate::connector::{PushedList, Silent};
use crate::daemon::{Cause, Desk, DeskError, Stage, Terms, Trigger, new_id, run_span};
use crate::principal::neutral;
use crate::report::{RequestedBy, Via, report_json};
use crate::run::{self, Ask, Conducted, Deed, Exit, Given, Order, RunError, conduct};
use crate::sources::NewList;
use crate::store::DocumentKind;
use crate::targets::file::principal_lines;

const RUN: HeaderName = HeaderName::from_static("x-rollcall-run");
const HELD: HeaderName = HeaderName::from_static("x-rollcall-held");
const REJECTED: HeaderName = HeaderName::from_static("x-rollcall-rejected");

/// A run that was carried out, or rehearsed.
struct Ended {
    run: String,
    exit: u8,
    error: Option<String>,
    report: Option<String>,
}

/// Make the users and groups of a target equal to a list.
#[utoipa::path(post, path = "/targets/{target}/callosum/v1/tspublic/v1/user/sync", tag = "gateway",
    params(("target" = String, Path)),
    request_body(content_type = "multipart/form-data", content = Object,
        description = "`principals` (a file, a JSON array), `applyChanges`, `removeDeleted` (both false where left out), `password`"),
    responses((status = 200, body = Arrays), (status = 400), (status = 401), (status = 403),
        (status = 409, description = "another list was given meanwhile"), (status = 415),
        (status = 422, description = "refused by the guard"), (status = 500, description = "failed, or done in part"), (status = 503)))]
pub(in crate::daemon::api) async fn sync(
    State(api): State<Shared>,
    guest: Guest,
    request: Request,
) -> Result<Response, Refusal> {
    guest.caller.needs(Right::Operate)?;
    let is_form = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !is_form.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")) {
        return Err(Problem::new(Code::UnsupportedMediaType, "`user/sync` takes `multipart/form-data`").into());
    }
    let source = source_of(&guest)?;
    let turn = api.turn(&source).await?;
    let multipart = Multipart::from_request(request, &()).await;
    let multipart = multipart.map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let (flags, list) = {
        let _place = api.place().await?;
        let read = tokio::time::timeout(PATIENCE, Parts::read(multipart)).await;
        let parts = read.map_err(|_| Problem::new(Code::Timeout, "the body did not come in time"))??;
        // As it came first, so that what is wrong with it is told by its own numbers.
        checked(parts.principals.clone()).await?;
        let Parts { principals, password, apply_changes, remove_deleted } = parts;
        let flags = Flags { apply_changes, remove_deleted };
        let bent = tokio::task::spawn_blocking(move || adapted(principals, password.as_ref())).await;
        let bent = bent.map_err(|_| Problem::new(Code::Internal, "the list could not be checked"))?;
        (flags, checked(bent).await?)
    };
    // A client that goes away does not end what it has begun: whoever comes next waits for that.
    let work = tokio::spawn(async move {
        let _turn = turn;
        answer(&api, &guest, &source, flags, list).await
    });
    work.await.map_err(|_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the call ended early"))?
}

/// The source that a call brings a list to.
fn source_of(guest: &Guest) -> Result<String, Refusal> {
    let Guest { sync, settings, .. } = guest;
    let of = settings.syncs.get(sync).map(|sync| sync.sources.as_slice()).unwrap_or_default();
    let source = of.iter().find(|name| settings.sources.get(*name).is_some_and(SourceSettings::is_pushed));
    source.cloned().ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "the sync reads no list"))
}

/// What a call says of a run.
#[derive(Clone, Copy)]
struct Flags {
    apply_changes: bool,
    remove_deleted: bool,
}

/// Whoever calls has the turn of the source.
async fn answer(api: &Api, guest: &Guest, source: &str, flags: Flags, list: NewList) -> Result<Response, Refusal> {
    let Guest { caller, sync, .. } = guest;
    let names = Names::of(source, &list.text);
    let given = api.given(source, list, caller).await?;
    let ended = if flags.apply_changes {
        api.carry_out(sync, caller, given, flags.remove_deleted).await?
    } else {
        rehearsed(api, guest, given, flags.remove_deleted).await?
    };
    told(&ended, &names)
}

impl Api {
    /// The list as a run takes it.
    async fn given(&self, source: &str, list: NewList, caller: &Caller) -> Result<Arc<Given>, Refusal> {
        let NewList { text, whole, digest, .. } = list;
        let before = self.desk.store().pushed_digest(source).await?;
        let list = PushedList { text, digest, received: self.desk.now(), sender: caller.name.clone() };
        Ok(Arc::new(Given { source: source.to_owned(), list, whole, before }))
    }

    /// Has the sync run with this very list, and waits for its end.
    async fn carry_out(
        &self,
        sync: &str,
        caller: &Caller,
        given: Arc<Given>,
        remove_deleted: bool,
    ) -> Result<Ended, Refusal> {
        let terms = Terms {
            apply_changes: Some(true),
            remove_deleted: Some(remove_deleted),
            by_hand: true,
            given: Some(given),
        };
        let trigger = Trigger {
            id: new_id(),
            sync: sync.to_owned(),
            cause: Cause::Caller(caller.name.clone()),
            only: Vec::new(),
            terms,
            kept: None,
        };
        let asked = self.desk.ask(trigger, Instant::now()).map_err(Problem::from)?.run;
        let lost = || Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "nobody will carry the run out").of_run(&asked);
        let mut live = self.desk.follow(&asked).ok_or_else(lost)?;
        let stage = live.wait_for(|live| matches!(live.stage, Stage::Ended { .. } | Stage::Dropped)).await;
        let stage = stage.map_err(|_| lost())?.stage.clone();
        let Stage::Ended { run, exit, error } = stage else { return Err(lost()) };
        let report = self.desk.store().document(&run, DocumentKind::Report).await?;
        Ok(Ended { run, exit, error, report })
    }
}

/// Plans what would become of the list. It is not kept: no schedule carries it out. In a thread of its own: a plan of many
/// principals takes a processor for seconds.
async fn rehearsed(api: &Api, guest: &Guest, given: Arc<Given>, remove_deleted: bool) -> Result<Ended, Refusal> {
    let (desk, guest, runtime) = (Arc::clone(&api.desk), guest.clone(), Handle::current());
    let work = move || runtime.block_on(plan(&desk, &guest, &given, remove_deleted));
    let ended = tokio::task::spawn_blocking(work).await;
    ended.unwrap_or_else(|_| Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the call ended early")))
}

async fn plan(desk: &Desk, guest: &Guest, given: &Given, remove_deleted: bool) -> Result<Ended, Refusal> {
    let Guest { caller, sync, settings, .. } = guest;
    let of = settings.syncs.get(sync).ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "there is no such sync"))?;
    let (clock, run) = (|| desk.now(), new_id());
    let ask = Ask {
        id: run.clone(),
        requested_by: RequestedBy { via: Via::Api, who: caller.name.clone(), host: "gateway".into() },
        unattended: false,
        remove_deleted: Some(remove_deleted),
        only: Vec::new(),
        overrides: Vec::new(),
        given: Some(given),
        clock: &clock,
        progress: &Silent,
        stop: desk.leaving().clone(),
        lock: None,
    };
    let order = Order { settings, sync: of, store: desk.store(), deed: Deed::Plan { detailed: false } };
    let Conducted { exit, report, error, .. } = conduct(order, ask).instrument(run_span(&run, sync)).await;
    if matches!(error, Some(RunError::Stopped)) {
        return Err(Refusal::from(Problem::from(DeskError::Stopping)).of_run(&run));
    }
    let mut text = Vec::new();
    if let Some(report) = &report {
        report_json(&mut text, report).map_err(|_| broken(&run))?;
    }
    let report = report.map(|_| String::from_utf8_lossy(&text).into_owned());
    Ok(Ended { run, exit: exit.code(), error: error.as_ref().map(RunError::to_string), report })
}

fn broken(run: &str) -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the run has left no report that can be read").of_run(run)
}

/// The answer to a run that ended: six arrays where all that the guard let pass was done.
fn told(ended: &Ended, names: &Names) -> Result<Response, Refusal> {
    let Ended { run, exit, error, report } = ended;
    let told = report.as_deref().and_then(|text| serde_json::from_str::<Told>(text).ok());
    let failed = |status, line: String| Refusal::new(status, line).of_run(run);
    if *exit == Exit::Busy.code() {
        return Err(Refusal::from(Problem::new(Code::Busy, "another run holds the target").after(30)).of_run(run));
    }
    // A run that found every change overtaken leaves a report.
    if *exit == Exit::Stale.code()
        && let (Some(error), None) = (error, report)
    {
        return Err(failed(StatusCode::CONFLICT, error.clone()));
    }
    if *exit == Exit::Refused.code() {
        let tripped = told.map(|told| told.tripped().join(", ")).filter(|limits| !limits.is_empty());
        let tripped = tripped.unwrap_or_else(|| "see its report".into());
        let line = format!("the guard refused run {run}, nothing was written: {tripped}");
        return Err(failed(StatusCode::UNPROCESSABLE_ENTITY, line));
    }
    let is_well = *exit == Exit::Done.code() || *exit == Exit::Partial.code();
    let Some(told) = told.filter(|_| is_well) else {
        let why = error.as_deref().unwrap_or("see its report");
        return Err(failed(StatusCode::INTERNAL_SERVER_ERROR, format!("run {run} failed: {why}")));
    };
    let undone = told.undone();
    if !undone.is_empty() {
        let line = format!("run {run} was done in part; {} changes were not made", undone.len());
        let lines = std::iter::once(line).chain(undone.into_iter().take(20)).collect();
        return Err(Refusal::of_lines(StatusCode::INTERNAL_SERVER_ERROR, lines).of_run(run));
    }
    let (held, rejected) = told.left();
    let headers = [(RUN, run.clone()), (HELD, held.to_string()), (REJECTED, rejected.to_string())];
    Ok((headers, axum::Json(told.arrays(names))).into_response())
}

/// The users and groups of a target.
#[utoipa::path(get, path = "/targets/{target}/callosum/v1/tspublic/v1/user/list", tag = "gateway",
    params(("target" = String, Path)),
    responses((status = 200, description = "a JSON array of principals"), (status = 401), (status = 403), (status = 502)))]
pub(in crate::daemon::api) async fn list(guest: Guest) -> Result<Response, Refusal> {
    guest.caller.needs(Right::Report)?;
    let unread = |why: String| {
        tracing::warn!(target = guest.target, "A target could not be listed for a client of the gateway");
        tracing::debug!(why = %neutral(&why), "Why a target could not be listed");
        Refusal::new(StatusCode::BAD_GATEWAY, format!("target `{}` cannot be read: {why}", guest.target))
    };
    let target = guest.settings.targets.get(&guest.target);
    let target = target.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "there is no such target"))?;
    let listed = run::list(target).await.map_err(|error| unread(error.to_string()))?;
    let mut body = Vec::new();
    principal_lines(&mut body, &listed).map_err(|error| unread(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}
