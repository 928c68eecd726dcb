//! Syncs: what each does, when it runs next, how it stands.

use axum::Json;
use axum::extract::State;
use chrono::SecondsFormat;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Caller, Right};
use super::named::Named;
use super::problem::{Problem, ProblemDocument};
use super::run_document::RunDocument;
use super::runs::no_sync;
use super::state::{Api, Shared};
use crate::config::{Settings, SyncSettings};

/// A sync.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SyncDocument {
    name: String,
    sources: Vec<String>,
    target: String,
    apply_changes: bool,
    remove_deleted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<ScheduleDocument>,
    /// Whether `POST /hooks/SYNC` is heard.
    webhook: bool,
    /// When it is due next by its schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// The last one that began.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_run: Option<RunDocument>,
}

/// When a sync runs by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScheduleDocument {
    cron: String,
    timezone: String,
}

/// Every sync of the configuration.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SyncList {
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<String>,
    /// Requests that wait.
    waiting: usize,
    /// Runs under way.
    running: usize,
    syncs: Vec<SyncDocument>,
}

/// List syncs.
#[utoipa::path(get, path = "/api/v1/syncs", tag = "syncs",
    responses((status = 200, body = SyncList), (status = "4XX", body = ProblemDocument)))]
pub(super) async fn list(State(api): State<Shared>, caller: Caller) -> Result<Json<SyncList>, Problem> {
    caller.needs(Right::State)?;
    let settings = api.desk.settings();
    let mut syncs = Vec::new();
    for sync in settings.syncs.values() {
        syncs.push(api.sync(sync, &caller).await?);
    }
    let (waiting, running) = api.desk.load();
    Ok(Json(SyncList { environment: settings.environment.clone(), waiting, running, syncs }))
}

/// One sync.
#[utoipa::path(get, path = "/api/v1/syncs/{sync}", tag = "syncs", params(("sync" = String, Path)),
    responses((status = 200, body = SyncDocument), (status = "4XX", body = ProblemDocument)))]
pub(super) async fn one(
    State(api): State<Shared>,
    caller: Caller,
    Named(name): Named,
) -> Result<Json<SyncDocument>, Problem> {
    caller.needs(Right::State)?;
    let settings = api.desk.settings();
    let sync = find(&settings, &name)?;
    Ok(Json(api.sync(sync, &caller).await?))
}

fn find<'s>(settings: &'s Settings, name: &str) -> Result<&'s SyncSettings, Problem> {
    settings.syncs.get(name).ok_or_else(|| no_sync(name))
}

impl Api {
    async fn sync(&self, sync: &SyncSettings, caller: &Caller) -> Result<SyncDocument, Problem> {
        let last = self.desk.store().runs(Some(&sync.name), 1).await?.into_iter().next();
        let schedule = sync.schedule.as_ref().map(|schedule| ScheduleDocument {
            cron: schedule.cron.text().to_owned(),
            timezone: schedule.zone.name().to_owned(),
        });
        Ok(SyncDocument {
            name: sync.name.clone(),
            sources: sync.sources.clone(),
            target: sync.target.clone(),
            apply_changes: sync.apply_changes,
            remove_deleted: sync.policy.remove_deleted,
            schedule,
            webhook: sync.webhook.is_some(),
            next: self.desk.due(&sync.name).map(|due| due.to_rfc3339_opts(SecondsFormat::Secs, true)),
            last_run: last.map(|row| RunDocument::past(row).for_eyes_of(caller)),
        })
    }
}
