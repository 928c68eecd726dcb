use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::super::problem::{Code, Problem};

/// The number that the product itself gives an error that it does not tell apart (measured on live clusters).
const CODE: u32 = 10_002;

/// A refusal in the product's own shape: `debug` is a JSON array inside a string.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) lines: Vec<String>,
    /// The run that it is about.
    pub(super) run: Option<String>,
    problem: Option<Box<Problem>>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, line: impl Into<String>) -> Self {
        Self::of_lines(status, vec![line.into()])
    }

    pub(super) fn of_lines(status: StatusCode, lines: Vec<String>) -> Self {
        Self { status, lines, run: None, problem: None }
    }

    #[must_use]
    pub(super) fn of_run(self, run: &str) -> Self {
        Self { run: Some(run.to_owned()), ..self }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        let mut lines = vec![problem.detail.clone()];
        lines.extend(problem.errors.iter().map(|error| format!("principals[{}]: {}", error.index, error.reason)));
        // A proxy may take 401 with the sign of another scheme for its own; the product sends none.
        let problem_kept = (problem.code != Code::Unauthenticated).then(|| Box::new(problem.clone()));
        Self { status: problem.code.status(), lines, run: None, problem: problem_kept }
    }
}

impl From<crate::store::StoreError> for Refusal {
    fn from(error: crate::store::StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { status, lines, run, problem } = self;
        // The id of a run sorts by time and is in the log: it is the incident.
        let incident = run.unwrap_or_else(crate::daemon::new_id);
        let debug = serde_json::to_string(&lines).unwrap_or_default();
        let body = json!({ "code": CODE, "incident_id_guid": incident, "trace_id_guid": incident, "debug": debug });
        let mut response = (status, axum::Json(body)).into_response();
        if let Some(problem) = problem {
            problem.headers(&mut response);
        }
        response
    }
}
