//! What lines of the log belong to.

use tracing::{Span, error_span};

/// The span of a run: every line that is written within it carries the run's id and its sync. Of the highest level, so
/// that no filter takes it away and leaves the lines.
#[must_use]
pub fn run_span(run: &str, sync: &str) -> Span {
    error_span!("run", run, sync)
}
