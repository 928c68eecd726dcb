//! Keeping the journal of an apply: what is about to be tried is safe on the disk before it is tried.

use std::future::Future;
use std::time::Duration;

use super::trail::Teller;
use super::{Ask, Job};
use crate::connector::{Line, Outcome, Page, Pages, Stop, Word};
use crate::report::Report;
use crate::store::{ChangeState, JournalRow, Noted, Store};

/// So many pages are written down together at most: whoever waits for one of them waits for all.
const TOGETHER: usize = 1000;

/// How often it is asked whether the target is still held.
const LOOK: Duration = Duration::from_secs(1);

/// Who keeps the journal of one apply.
#[derive(Clone, Copy)]
pub(super) struct Keeper<'a> {
    pub(super) job: &'a Job<'a>,
    pub(super) ask: &'a Ask<'a>,
    pub(super) store: &'a Store,
    pub(super) report: &'a Report,
    /// Asked once the target may be another's.
    pub(super) lost: &'a Stop,
}

impl Keeper<'_> {
    /// Does `work`, and meanwhile writes down the pages that it fills.
    pub(super) async fn keeping<T>(self, mut pages: Pages, work: impl Future<Output = T>) -> T {
        let keep = async {
            let mut open = Vec::new();
            let mut look = tokio::time::interval(LOOK);
            loop {
                let filled = tokio::select! {
                    filled = pages.recv_many(&mut open, TOGETHER) => filled,
                    _ = look.tick() => {
                        let _ = self.holds();
                        continue;
                    }
                };
                if filled == 0 {
                    break;
                }
                let written = self.write(&open).await;
                for page in open.drain(..) {
                    if let Some(waits) = page.written {
                        // Whoever no longer waits has been stopped.
                        let _ = waits.send(written.clone());
                    }
                }
            }
        };
        tokio::join!(work, keep).0
    }

    /// Whoever lost the target may begin nothing more on it, nor go on.
    fn holds(self) -> Result<(), String> {
        let held = self.ask.lock.map_or(Ok(()), crate::store::TargetLock::still_held);
        held.map_err(|error| {
            self.lost.ask();
            error.to_string()
        })
    }

    async fn write(self, pages: &[Page]) -> Result<(), String> {
        let Self { job, ask, store, report, lost: _ } = self;
        self.holds()?;
        let teller = Teller::of(job, ask).about(&report.digest);
        let noted = pages.iter().flat_map(|page| &page.lines).map(|line| {
            let is_intent = matches!(line.word, Word::Intent);
            Noted { row: row(line), entry: is_intent.then(|| teller.intends(&report.plan, line.at)).flatten() }
        });
        let written = store.write_down(&ask.id, &job.to.place, (ask.clock)(), noted.collect()).await;
        written.map_err(|error| {
            tracing::error!(%error, "The journal cannot be written");
            error.to_string()
        })
    }
}

fn row(line: &Line) -> JournalRow {
    let Line { at, word } = line;
    let (part, state, note) = match word {
        Word::Intent => ("", ChangeState::Intent, None),
        Word::Part(part) => (*part, ChangeState::Done, None),
        Word::Ended(outcome) => {
            let (state, note) = ended(outcome);
            ("", state, note)
        }
    };
    JournalRow { n: *at, part: part.into(), state, note, intent: None }
}

/// How an outcome stands in the journal.
pub(super) fn ended(outcome: &Outcome) -> (ChangeState, Option<String>) {
    match outcome {
        Outcome::Done => (ChangeState::Done, None),
        Outcome::Failed(error) => (ChangeState::Failed, Some(error.to_string())),
        Outcome::SetAside(why) => (ChangeState::SetAside, Some(why.clone())),
        Outcome::NotTried(why) => (ChangeState::NotTried, Some(why.clone())),
    }
}
