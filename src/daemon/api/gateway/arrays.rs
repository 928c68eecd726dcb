use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The six arrays of names that `user/sync` answers with, always all of them. Names are sorted as in the report.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::daemon::api) struct Arrays {
    users_added: Vec<String>,
    /// Also those who were switched off or taken out of every group, where that is how leavers leave.
    users_deleted: Vec<String>,
    users_updated: Vec<String>,
    groups_added: Vec<String>,
    groups_deleted: Vec<String>,
    groups_updated: Vec<String>,
}

/// What an answer needs of a report.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    changes: Vec<Change>,
    held: Vec<serde::de::IgnoredAny>,
    rejected: Vec<serde::de::IgnoredAny>,
    /// There once it was applied.
    applied: Option<serde::de::IgnoredAny>,
    guard: Guard,
}

#[derive(Debug, Deserialize)]
struct Change {
    action: String,
    kind: String,
    name: String,
    /// Where the record was read.
    origin: Option<String>,
    outcome: Option<String>,
    error: Option<String>,
}

/// The names on a client's list: rules may call people otherwise in the target.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// What the origin of its records begins with.
    place: String,
    names: Vec<String>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
}

impl Names {
    /// Of the list that is pushed to `source`.
    pub(super) fn of(source: &str, list: &str) -> Self {
        let names: Vec<Named> = serde_json::from_str(list).unwrap_or_default();
        Self { place: format!("pushed to {source}:"), names: names.into_iter().map(|record| record.name).collect() }
    }

    fn name(&self, origin: &str) -> Option<&String> {
        let number: usize = origin.strip_prefix(&self.place)?.parse().ok()?;
        self.names.get(number.checked_sub(1)?)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Guard {
    limits: Vec<Limit>,
}

#[derive(Debug, Deserialize)]
struct Limit {
    name: String,
    state: String,
}

impl Told {
    /// What was done; of a plan, what would be. Whoever is on the list `of` the client is called as there.
    pub(super) fn arrays(&self, of: &Names) -> Arrays {
        let mut arrays = Arrays::default();
        for Change { action, kind, name, origin, outcome, error: _ } in &self.changes {
            if self.applied.is_some() && outcome.as_deref() != Some("done") {
                continue;
            }
            let is_user = kind == "user";
            let list = match (action.as_str(), is_user) {
                ("create", true) => &mut arrays.users_added,
                ("create", false) => &mut arrays.groups_added,
                ("delete" | "disable" | "strip", true) => &mut arrays.users_deleted,
                ("delete" | "disable" | "strip", false) => &mut arrays.groups_deleted,
                (_, true) => &mut arrays.users_updated,
                (_, false) => &mut arrays.groups_updated,
            };
            list.push(origin.as_deref().and_then(|origin| of.name(origin)).unwrap_or(name).to_owned());
        }
        arrays
    }

    /// Changes that were to be made and were not, each with the reason.
    pub(super) fn undone(&self) -> Vec<String> {
        let open = self.changes.iter().filter(|change| change.outcome.as_deref().is_some_and(|word| word != "done"));
        let line = |change: &Change| {
            let Change { action, kind, name, origin: _, outcome, error } = change;
            let why = error.as_deref().unwrap_or("no reason is known");
            format!("{action} {kind} `{name}`: {}: {why}", outcome.as_deref().unwrap_or_default())
        };
        open.map(line).collect()
    }

    /// Limits that stopped it.
    pub(super) fn tripped(&self) -> Vec<&str> {
        let limits = self.guard.limits.iter().filter(|limit| limit.state == "tripped");
        limits.map(|limit| limit.name.as_str()).collect()
    }

    /// How many were held, and how many were set aside.
    pub(super) fn left(&self) -> (usize, usize) {
        (self.held.len(), self.rejected.len())
    }
}
