//! Carrying out a plan with `user/sync`: the whole state in one call, or in two with the hand-over of what leavers own
//! between them.

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::expected::Expected;
use super::target::Thoughtspot;
use super::wire::{SyncAnswer, payload};
use crate::connector::{ConnectorError, FailureClass, Outcome, Target, Work};
use crate::http::SendError;
use crate::plan::{Action, Change, Preconditions, Standing, applied};
use crate::principal::{CaseRules, Kind, Password, PrincipalSet, Record};

/// A renamed user's new account stands.
const MADE: &str = "made under the new name";
/// What the old account owned belongs to the heir.
const HANDED_OVER: &str = "handed over";

pub(super) async fn apply(target: &Thoughtspot, work: Work<'_>) -> Vec<Outcome> {
    let mut run = Run { target, work: &work, settled: vec![None; work.changes.len()] };
    let moves = work.changes.iter().any(|change| heir(change).is_some());
    let rest = if moves { run.in_two_calls().await } else { run.in_one_call().await };
    let rest = rest.map_or_else(Outcome::Failed, |()| Outcome::Done);
    run.settled.into_iter().map(|outcome| outcome.unwrap_or_else(|| rest.clone())).collect()
}

/// Who gets what the user owns, where that moves: a renamed user is a new account to this product.
fn heir(change: &Change) -> Option<&str> {
    let detail = change.detail();
    match (change.kind(), change.action()) {
        (Kind::User, Action::Rename) => detail.new_name.as_deref(),
        (Kind::User, Action::Delete) => detail.transfer_to.as_deref(),
        _ => None,
    }
}

/// Whether somebody is no longer there afterwards.
fn goes(change: &Change) -> bool {
    change.action() == Action::Delete || change.detail().new_name.is_some()
}

struct Run<'a> {
    target: &'a Thoughtspot,
    work: &'a Work<'a>,
    /// Those whose fate does not hang on the last call.
    settled: Vec<Option<Outcome>>,
}

/// One call of `user/sync`.
struct Call<'a> {
    after: PrincipalSet,
    changes: Vec<&'a Change>,
    expected: Expected,
    removes: bool,
}

impl<'a> Run<'a> {
    async fn in_one_call(&self) -> Result<(), ConnectorError> {
        let changes = self.open(|_| true);
        let after = applied(self.work.current.set.clone(), &changes, self.work.names, self.rules());
        let expected = self.expected(&self.work.current.set, &after);
        let removes = changes.iter().any(|change| goes(change));
        self.call(Call { after, changes, expected, removes }).await
    }

    /// Everybody new first, then ownership moves, and only whose ownership moved may go.
    async fn in_two_calls(&mut self) -> Result<(), ConnectorError> {
        let opening = self.opening();
        if !opening.expected.is_empty() {
            self.call(opening).await?;
        }
        self.note(|change| change.action() == Action::Rename && heir(change).is_some(), MADE);
        for (at, change) in self.work.changes.iter().enumerate() {
            if let Err(error) = self.hand_over(change).await {
                tracing::warn!(class = ?error.class, "What a leaver owns was not handed over: the account stays");
                self.settled[at] = Some(Outcome::Failed(error));
            } else if !goes(change) {
                self.settled[at] = Some(Outcome::Done);
            } else if heir(change).is_some() {
                self.work.journal.part(at, HANDED_OVER);
            }
        }
        let now = self.target.current().await?;
        let closing = self.closing(&now.set);
        if closing.expected.is_empty() { Ok(()) } else { self.call(closing).await }
    }

    fn note(&self, wanted: impl Fn(&Change) -> bool, part: &'static str) {
        let wanted = self.work.changes.iter().enumerate().filter(|(_, change)| wanted(change));
        wanted.for_each(|(at, _)| self.work.journal.part(at, part));
    }

    async fn hand_over(&self, change: &Change) -> Result<(), ConnectorError> {
        match heir(change) {
            Some(to) => self.target.api.transfer(change.name(), to).await,
            None => Ok(()),
        }
    }

    /// What makes and changes; renamed users stand twice afterwards.
    fn opening(&self) -> Call<'a> {
        let (rules, names) = (self.rules(), self.work.names);
        let changes = self.open(|change| !goes(change));
        let staged = applied(self.work.current.set.clone(), &changes, names, rules);
        // Groups keep their names until the second call; those that go are left by then.
        let early = self.open(|change| change.kind() == Kind::User || change.detail().new_name.is_none());
        let last = applied(self.work.current.set.clone(), &early, names, rules);
        let (mut records, mut staged_names) = staged.into_parts();
        for change in self.open(|change| change.action() == Action::Rename) {
            let Some(new_name) = heir(change) else { continue };
            let Some(renamed) = last.get(Kind::User, &rules.key(Kind::User, new_name)) else { continue };
            let mut copy = renamed.principal.clone();
            let groups = copy.group_refs().iter().map(|group| staged_names.intern(last.names().name(*group))).collect();
            copy.set_groups(groups);
            records.push(Record::new(copy, None));
        }
        let after = PrincipalSet::build(records, staged_names, rules).0;
        let expected = self.expected(&self.work.current.set, &after);
        Call { after, changes, expected, removes: false }
    }

    /// What takes away, on the state after the first call.
    fn closing(&self, now: &PrincipalSet) -> Call<'a> {
        let rules = self.rules();
        let twins = self.open(|change| change.action() == Action::Rename && heir(change).is_some());
        let changes = self.open(|change| goes(change) && !twins.iter().any(|twin| std::ptr::eq(*twin, change)));
        let mut after = applied(now.clone(), &changes, self.work.names, rules);
        let old: FxHashSet<CompactString> = twins.iter().map(|twin| rules.key(Kind::User, twin.name())).collect();
        after.retain(|key, principal| principal.kind == Kind::Group || !old.contains(key));
        let expected = self.expected(now, &after);
        Call { after, changes: changes.into_iter().chain(twins).collect(), expected, removes: true }
    }

    fn expected(&self, before: &PrincipalSet, after: &PrincipalSet) -> Expected {
        Expected::between(before, after, self.target.capabilities())
    }

    /// Asks the server what it would change, stops at any surprise, then has it done.
    async fn call(&self, call: Call<'_>) -> Result<(), ConnectorError> {
        let payload = payload(&call.after, self.work.passwords);
        let api = &self.target.api;
        let answer = api.sync(&payload, false, call.removes).await;
        let answer = answer.map_err(|error| self.scrubbed(&call, error.into_error()))?;
        let doing = format!("comparing the plan with what ThoughtSpot `{}` says it would change", api.name());
        let hint =
            "this call was not made; plan again, and if it stays so, look at `updatedLists` and the account's rights";
        self.compare(&call, answer, doing).map_err(|error| error.with_hint(hint))?;
        match api.sync(&payload, true, call.removes).await {
            Ok(answer) => {
                let doing = format!("comparing the plan with what ThoughtSpot `{}` says it has changed", api.name());
                let hint =
                    "the call was made: plan again to see how the target stands, and look at whoever is named here";
                self.compare(&call, answer, doing).map_err(|error| error.with_hint(hint))
            }
            Err(SendError::Failed(error)) => Err(self.scrubbed(&call, error)),
            Err(SendError::Unknown(error)) => self.settle(&call, self.scrubbed(&call, error)).await,
        }
    }

    /// The passwords of new users are in what was sent, and so may be in what a server says of it.
    fn scrubbed(&self, call: &Call<'_>, error: ConnectorError) -> ConnectorError {
        let own = call.after.records().iter().filter_map(|record| record.principal.password.as_deref());
        error.without(own.chain(self.work.passwords.values()).map(Password::reveal))
    }

    /// Nothing but what was planned, and all of it.
    fn compare(&self, call: &Call<'_>, answer: SyncAnswer, doing: String) -> Result<(), ConnectorError> {
        let surprises = call.expected.surprises(answer, self.target.updated_lists, self.rules());
        if surprises.is_empty() {
            return Ok(());
        }
        Err(ConnectorError::new(FailureClass::Conflict, doing, surprises.join("; ")))
    }

    /// The answer was lost: the list tells whether it was done. Nothing is sent again.
    async fn settle(&self, call: &Call<'_>, lost: ConnectorError) -> Result<(), ConnectorError> {
        tracing::warn!(error = %lost, "The answer of user/sync was lost; the list is read to find out what was done");
        let now = self.target.current().await?;
        let changes = call.changes.iter().copied();
        let preconditions = Preconditions::new(changes, self.work.names, &now, self.target.capabilities());
        let stands = |change: &&Change| preconditions.standing(change) == Standing::Already;
        let same_people = now.set.len() == call.after.len()
            && now
                .set
                .records()
                .iter()
                .zip(call.after.records())
                .all(|(a, b)| (a.kind(), a.key()) == (b.kind(), b.key()));
        if same_people && call.changes.iter().all(stands) {
            tracing::info!("The list shows every change: it was done");
            return Ok(());
        }
        Err(lost.with_hint(
            "the list does not show every change, so nothing is taken as done; the next run reads again and finishes",
        ))
    }

    /// The changes that are not settled yet.
    fn open(&self, wanted: impl Fn(&Change) -> bool) -> Vec<&'a Change> {
        let open = self.work.changes.iter().zip(&self.settled).filter(|(_, outcome)| outcome.is_none());
        open.map(|(change, _)| *change).filter(|change| wanted(change)).collect()
    }

    fn rules(&self) -> CaseRules {
        self.target.capabilities().rules
    }
}
