//! `POST /api/v1/sources/NAME/principals`: the whole list of a source.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use chrono::SecondsFormat;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Caller, Right};
use super::body::{is_json, read};
use super::named::Named;
use super::problem::{Code, Problem, ProblemDocument, RecordProblem};
use super::state::{Api, Shared};
use crate::connector::PushedList;
use crate::principal::shown;
use crate::sources::{ListFault, NewList};

/// The longest list, in bytes.
pub(super) const MOST: usize = 64 * 1024 * 1024;

/// How long a list may take to come.
pub(super) const PATIENCE: Duration = Duration::from_mins(5);

/// A list that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListTaken {
    source: String,
    users: usize,
    groups: usize,
    /// `sha256:` of it without passwords.
    digest: String,
    received: String,
}

/// Give the principals of a source that is pushed: all of them, from now on.
#[utoipa::path(post, path = "/api/v1/sources/{source}/principals", tag = "sources", params(("source" = String, Path)),
    request_body(content = Vec<Object>, description = "Principals, the objects of `/user/sync`; at most 64 MiB"),
    responses((status = 200, body = ListTaken), (status = "4XX", body = ProblemDocument), (status = 503, body = ProblemDocument)))]
pub(super) async fn principals(
    State(api): State<Shared>,
    caller: Caller,
    Named(source): Named,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ListTaken>, Problem> {
    caller.needs(Right::Operate)?;
    let settings = api.desk.settings();
    if !settings.sources.get(&source).is_some_and(crate::config::SourceSettings::is_pushed) {
        return Err(Problem::missing(format!("no source that is pushed is named `{}`", shown(&source, 64))));
    }
    is_json(&headers)?;
    let _turn = api.turn(&source).await?;
    let list = {
        let _place = api.place().await?;
        checked(read(body, MOST, PATIENCE).await?).await?
    };
    let (users, groups) = (list.users, list.groups);
    let kept = api.keep(&source, list, &caller).await?;
    let received = kept.received.to_rfc3339_opts(SecondsFormat::Millis, true);
    Ok(Json(ListTaken { source, users, groups, digest: kept.digest, received }))
}

/// Checks a list on a thread that may take its time.
pub(super) async fn checked(bytes: Vec<u8>) -> Result<NewList, Problem> {
    let checked = tokio::task::spawn_blocking(move || NewList::check(bytes)).await;
    let checked = checked.map_err(|error| {
        tracing::error!(%error, "A list could not be checked");
        Problem::new(Code::Internal, "the list could not be checked")
    })?;
    checked.map_err(|fault| {
        let problem = Problem::new(Code::InvalidList, format!("nothing of it was taken in: {fault}"));
        match fault {
            ListFault::Text { .. } | ListFault::Empty => problem,
            ListFault::Records { told, count: _ } => {
                let errors = told.into_iter().map(|(index, reason)| RecordProblem { index, reason }).collect();
                Problem { errors, ..problem }
            }
        }
    })
}

impl Api {
    /// Keeps a list. Whoever calls has the turn.
    pub(super) async fn keep(&self, source: &str, list: NewList, caller: &Caller) -> Result<PushedList, Problem> {
        let NewList { text, whole, digest, users, groups } = list;
        let list = PushedList { text, digest, received: self.desk.now(), sender: caller.name.clone() };
        self.desk.store().keep_pushed(source, &list, whole).await?;
        tracing::info!(source, users, groups, digest = list.digest, who = caller.name, "A list was pushed");
        Ok(list)
    }
}
