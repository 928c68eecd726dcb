//! The plan and the report of a run, and the decision on one that waits.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Caller, Right};
use super::named::Named;
use super::problem::{Code, Problem, ProblemDocument};
use super::runs::asked;
use super::state::{Api, Shared};
use crate::report::{Detail, diff_text, reload_report, text};
use crate::store::DocumentKind;

/// How a document is written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FormatQuery {
    /// Default: `json`.
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    #[default]
    Json,
    /// For a person.
    Text,
    /// A unified diff of principals.
    Diff,
}

/// What a run was about to do.
#[utoipa::path(get, path = "/api/v1/runs/{run}/plan", tag = "runs", params(("run" = String, Path), FormatQuery),
    responses((status = 200, description = "`rollcall.plan/v1`, or text"), (status = "4XX", body = ProblemDocument)))]
pub(super) async fn plan(
    State(api): State<Shared>,
    caller: Caller,
    Named(run): Named,
    query: Result<Query<FormatQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.needs(Right::Report)?;
    let FormatQuery { format } = asked(query)?;
    if format == Format::Json
        && let Some(plan) = api.document(&run, DocumentKind::Plan).await?
    {
        return Ok(json(plan));
    }
    api.report(&run, format).await
}

/// What a run read, planned, refused and did.
#[utoipa::path(get, path = "/api/v1/runs/{run}/report", tag = "runs", params(("run" = String, Path), FormatQuery),
    responses((status = 200, description = "`rollcall.report/v1`, or text"), (status = "4XX", body = ProblemDocument)))]
pub(super) async fn report(
    State(api): State<Shared>,
    caller: Caller,
    Named(run): Named,
    query: Result<Query<FormatQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.needs(Right::Report)?;
    let FormatQuery { format } = asked(query)?;
    api.report(&run, format).await
}

/// Let a run that waits go on. Approval is not built yet.
#[utoipa::path(post, path = "/api/v1/runs/{run}/approve", tag = "runs", params(("run" = String, Path)),
    responses((status = "4XX", body = ProblemDocument), (status = 501, body = ProblemDocument)))]
pub(super) async fn approve(_caller: Caller) -> Problem {
    undecided()
}

/// End a run that waits. Approval is not built yet.
#[utoipa::path(post, path = "/api/v1/runs/{run}/reject", tag = "runs", params(("run" = String, Path)),
    responses((status = "4XX", body = ProblemDocument), (status = 501, body = ProblemDocument)))]
pub(super) async fn reject(_caller: Caller) -> Problem {
    undecided()
}

/// Every role is told so: the token of another would not help.
fn undecided() -> Problem {
    Problem::new(Code::NotBuilt, "no run waits for a decision in this release")
}

impl Api {
    /// A document of the run that answers `id`.
    pub(super) async fn document(&self, id: &str, kind: DocumentKind) -> Result<Option<String>, Problem> {
        let run = self.run(id).await?.run;
        match run {
            Some(run) => Ok(self.desk.store().document(&run, kind).await?),
            None => Ok(None),
        }
    }

    async fn report(&self, id: &str, format: Format) -> Result<Response, Problem> {
        let Some(kept) = self.document(id, DocumentKind::Report).await? else {
            let stands = self.run(id).await?.stage;
            let detail = format!("the run is {stands} and has left no such document in this format");
            return Err(Problem::new(Code::NoReport, detail));
        };
        if format == Format::Json {
            return Ok(json(kept));
        }
        let report = reload_report(&kept).map_err(|error| {
            tracing::error!(run = id, %error, "A report that was kept cannot be read");
            Problem::new(Code::Internal, "the report that was kept cannot be read; ask for `format=json`")
        })?;
        let written = if format == Format::Diff { diff_text(&report) } else { text(&report, Detail::Everything) };
        let plain = anstream::adapter::strip_str(&written).to_string();
        Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], plain).into_response())
    }
}

fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
