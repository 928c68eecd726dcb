//! Where an apply writes down what it is about to do before it does it, and what became of it afterwards.

use tokio::sync::{mpsc, oneshot, watch};

use super::Outcome;

/// Asks a run to stop: nothing new is begun, what is under way is finished.
#[derive(Debug, Clone)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stop {
    /// Asks for it. There is no way back.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }

    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody asks.
    pub async fn asked(&self) {
        // The sender lives as long as this.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }
}

/// What is written of a change.
#[derive(Debug, Clone)]
pub enum Word {
    /// It is about to be tried for the first time.
    Intent,
    /// A part of it that counts by itself was done.
    Part(&'static str),
    /// What became of it. It is not tried again.
    Ended(Outcome),
}

/// One line of the journal. `at` is the place of the change in the plan.
#[derive(Debug, Clone)]
pub struct Line {
    pub at: usize,
    pub word: Word,
}

/// Lines that are written down together, and who waits for it.
#[derive(Debug)]
pub struct Page {
    pub lines: Vec<Line>,
    /// Told once they are written; the text says why they could not be.
    pub written: Option<oneshot::Sender<Result<(), String>>>,
}

/// The pages of a journal, in the order in which they were filled.
pub type Pages = mpsc::UnboundedReceiver<Page>;

/// The journal of one apply, for those who carry it out. Somebody else keeps it: whoever has its [`Pages`].
#[derive(Debug)]
pub struct Journal {
    pages: Option<mpsc::UnboundedSender<Page>>,
    stop: Stop,
    lost: Stop,
}

impl Journal {
    /// A journal, and its pages for whoever writes them down. `lost` is asked once the run no longer has its target.
    #[must_use]
    pub fn open(stop: Stop, lost: Stop) -> (Self, Pages) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { pages: Some(sender), stop, lost }, receiver)
    }

    /// One that nobody keeps.
    #[must_use]
    pub fn unkept() -> Self {
        Self { pages: None, stop: Stop::default(), lost: Stop::default() }
    }

    /// The journal of the changes at `places` alone: who writes in it counts from the first of those.
    #[must_use]
    pub fn of<'a>(&'a self, places: &'a [usize]) -> Chapter<'a> {
        Chapter { journal: self, places }
    }
}

/// The part of a journal that is about some changes of a plan.
#[derive(Debug, Clone, Copy)]
pub struct Chapter<'a> {
    journal: &'a Journal,
    places: &'a [usize],
}

impl Chapter<'_> {
    /// Whether what has begun may go on: not once another run may have the target.
    ///
    /// # Errors
    /// With the reason why not.
    pub fn goes_on(&self) -> Result<(), String> {
        if self.journal.lost.is_asked() {
            return Err("this run no longer holds the target".into());
        }
        Ok(())
    }

    /// Writes down that `changes` are about to be tried, and waits until that is safe on the disk.
    ///
    /// # Errors
    /// With the reason why none of them may begin: the run is to stop, or nothing can be written down.
    pub async fn intend(&self, changes: &[usize]) -> Result<(), String> {
        self.goes_on()?;
        if self.journal.stop.is_asked() {
            return Err("the run was told to stop".into());
        }
        let Some(pages) = &self.journal.pages else { return Ok(()) };
        let (written, answer) = oneshot::channel();
        let lines = changes.iter().map(|at| Line { at: self.places[*at], word: Word::Intent });
        let gone = || "nobody keeps the journal any more".to_owned();
        pages.send(Page { lines: lines.collect(), written: Some(written) }).map_err(|_| gone())?;
        let answer = answer.await.map_err(|_| gone())?;
        answer.map_err(|why| format!("the journal cannot be written, so nothing more is begun: {why}"))
    }

    /// Writes down what became of a change. Nobody waits: what the disk does not get, the next run finds out.
    pub fn ended(&self, at: usize, outcome: Outcome) {
        self.note(at, Word::Ended(outcome));
    }

    /// Writes down that a part of a change was done.
    pub fn part(&self, at: usize, part: &'static str) {
        self.note(at, Word::Part(part));
    }

    fn note(&self, at: usize, word: Word) {
        if let Some(pages) = &self.journal.pages {
            let line = Line { at: self.places[at], word };
            // A keeper that is gone has said so to whoever intends the next.
            let _ = pages.send(Page { lines: vec![line], written: None });
        }
    }
}
