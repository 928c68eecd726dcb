//! What a run read, planned, refused and did: data first, then how it looks.
//!
//! May import the rooms up to `apply`. Read [`report`] first, then [`document`] (JSON) and [`text`].
//!
//! Promises: no secret is ever in a report; directory text is neutralised where a terminal could act on it; the same
//! plan has the same digest.

mod change_document;
mod diff_text;
mod document;
mod explanation;
mod explanation_document;
mod explanation_text;
mod explanation_words;
mod field_diff;
mod ink;
mod leavers;
mod leavers_document;
mod leavers_text;
mod load;
mod load_change;
mod load_report;
#[expect(clippy::module_inception, reason = "the room is named for its main word")]
mod report;
mod schema;
mod seal;
mod shortfall;
#[cfg(test)]
mod tests;
mod text;
mod text_changes;
mod text_guard;
mod text_lint;

pub use diff_text::diff_text;
pub use document::{plan_json, report_json};
pub use explanation::{
    Basis, Conclusion, DecideStep, DesiredStep, Effect, Explanation, Fate, Found, GuardStep, MatchCase, MatchStep,
    MergeStep, ReadStep, RulesStep, Shown, Step,
};
pub use explanation_document::explanation_json;
pub use explanation_text::explanation_text;
pub(crate) use ink::{count, counted, number};
pub use leavers::{Departure, Leavers, Next};
pub use leavers_document::leavers_json;
pub use leavers_text::leavers_text;
pub use load::{LoadError, SavedPlan, load_plan};
pub use load_report::{PastRun, load_report, reload_report};
pub use report::{Facts, Phase, Report, RequestedBy, SourceFacts, TargetFacts, Tool, TrailFacts, Verification, Via};
pub use schema::{plan_schema, report_schema};
pub use shortfall::{OutcomeCounts, RunSummary};
pub use text::{Detail, outcome_text, text};
