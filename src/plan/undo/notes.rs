//! What a person must know before a run is taken back: what comes back, and what does not.

use super::Deed;
use crate::plan::{Action, Change, Plan};
use crate::principal::{Kind, shown};

/// So many names are told.
const TOLD: usize = 5;

/// What the plan itself does not show.
#[derive(Default)]
pub(super) struct Tally {
    /// Changes that were not done.
    undone: usize,
    /// Changes that are taken back already.
    pub(super) already: usize,
    /// To whom went what those owned who are made again.
    heirs: Vec<String>,
}

impl Tally {
    pub(super) fn of(deeds: &[Deed<'_>]) -> Self {
        Self { undone: deeds.iter().filter(|deed| !deed.done).count(), ..Self::default() }
    }

    /// Somebody whom the run deleted is made again.
    pub(super) fn made(&mut self, deed: &Deed<'_>) {
        let heir = deed.change.detail().transfer_to.as_ref();
        self.heirs.extend(heir.map(|heir| format!("what `{}` owned went to `{heir}`", deed.change.name())));
    }

    pub(super) fn notes(&self, plan: &Plan) -> Vec<String> {
        let of = |action: Action, kind: Kind| -> Vec<&Change> {
            plan.changes.iter().filter(|change| change.action() == action && change.kind() == kind).collect()
        };
        let mut notes = Vec::new();
        let (users, groups) = (of(Action::Create, Kind::User), of(Action::Create, Kind::Group));
        if !users.is_empty() {
            notes.push(format!(
                "not brought back with {}: the content they owned, what was shared with them, their passwords, their ids in the target",
                named(&users, "user")
            ));
        }
        if !groups.is_empty() {
            notes.push(format!(
                "not brought back with {}: what was shared with them, their ids in the target",
                named(&groups, "group")
            ));
        }
        notes.extend(self.heirs.iter().take(TOLD).map(|told| format!("{told} and stays there")));
        if let Some(more) = self.heirs.len().checked_sub(TOLD).filter(|more| *more > 0) {
            notes.push(format!("{more} more left what they owned to somebody, and it stays there"));
        }
        let gone = of(Action::Delete, Kind::User);
        if !gone.is_empty() {
            let heir = gone.iter().find_map(|change| change.detail().transfer_to.as_deref());
            let fate = heir.map_or_else(
                || "goes with them, as the target does it".to_owned(),
                |heir| format!("goes to `{}` first", shown(heir, 60)),
            );
            notes.push(format!("what {} made since {fate}", named(&gone, "user")));
        }
        if self.already > 0 {
            notes.push(format!("{} of the run taken back already, or undone by somebody else", are(self.already)));
        }
        if self.undone > 0 {
            notes.push(format!("{} of the run not done, so that there is nothing to take back", are(self.undone)));
        }
        notes
    }
}

/// `1 user (eve)`, `7 users (a, b, c, d, e and 2 more)`.
fn named(changes: &[&Change], one: &str) -> String {
    let names: Vec<String> =
        changes.iter().take(TOLD).map(|change| format!("`{}`", shown(change.name(), 60))).collect();
    let more = changes.len() - names.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let plural = if changes.len() == 1 { "" } else { "s" };
    format!("{} {one}{plural} ({}{more})", changes.len(), names.join(", "))
}

fn are(count: usize) -> String {
    if count == 1 { "1 change is".into() } else { format!("{count} changes are") }
}
