//! Goes through a trail once, from the first record to the last, and finds what is not as it was written.
//!
//! What it holds grows with the checkpoints, the keys and the faults that are listed, not with the records.

use std::collections::BTreeMap;

use super::checkpoint::Checkpoint;
use super::fault::Fault;
use super::key::VerifyingKey;
use super::line::{Line, News};
use super::note::Note;
use super::seals::Seals;
use super::tally::{Broken, Listed, Tally, Trust};
use super::tree::{Frontier, TreeHash};

/// What the tree of the lines is, beside the tree of the stored hashes.
enum Lines {
    /// All lines have the hashes that are stored beside them.
    Same,
    /// Some have not.
    Apart(Frontier),
    /// A line is not here.
    Lost,
}

/// Verifies a trail. Give it the checkpoints first, then every record in its order.
pub struct Verifier {
    seals: Seals,
    /// Checkpoints by the size that they are about, until the tree has it.
    waiting: BTreeMap<u64, Vec<(Checkpoint, Note)>>,
    /// Of the hashes that are stored, or of the lines where none are. None once it can no longer be known.
    tree: Option<Frontier>,
    lines: Lines,
    tally: Tally,
    /// The number that the next record should have.
    expected: u64,
    /// Records whose hash is not the stored one, since a checkpoint last fitted: which of the two was changed is told by
    /// the next.
    mismatches: Listed<(Option<u64>, u64)>,
    /// What records say of keys and purges, until a checkpoint proves it.
    news: Vec<News>,
    missing: Vec<Fault>,
    misfit: Option<Misfit>,
    faults: Listed<Fault>,
}

/// Checkpoints that did not fit, since one last did.
struct Misfit {
    after: u64,
    size: u64,
    others: u64,
}

impl Verifier {
    /// With the keys that are trusted from the start; others follow where a signed record says so.
    #[must_use]
    pub fn new(keys: Vec<(VerifyingKey, Trust)>) -> Self {
        Self {
            seals: Seals::new(keys),
            waiting: BTreeMap::new(),
            tree: Some(Frontier::new()),
            lines: Lines::Same,
            tally: Tally::default(),
            expected: 0,
            mismatches: Listed::default(),
            news: Vec::new(),
            missing: Vec::new(),
            misfit: None,
            faults: Listed::default(),
        }
    }

    /// A checkpoint that the trail must fit. Give it before the records that it is about are over.
    pub fn checkpoint(&mut self, note: &str) {
        self.tally.checkpoints += 1;
        match opened(note) {
            Err(why) => self.fault(Fault::Checkpoint { number: self.tally.checkpoints, why }),
            Ok((checkpoint, _)) if checkpoint.size < self.tally.size => {
                self.fault(Fault::Late { size: checkpoint.size });
            }
            Ok((checkpoint, note)) => {
                self.waiting.entry(checkpoint.size).or_default().push((checkpoint, note));
                self.reach();
            }
        }
    }

    /// The next record: its line without the newline, and the leaf hash that is stored beside it.
    pub fn record(&mut self, line: &[u8], stored: Option<TreeHash>) {
        self.take(None, &Line::read(line), stored);
    }

    /// The next record is not here, only its hash, as after a purge.
    pub fn absent(&mut self, stored: TreeHash) {
        let seq = self.tally.size;
        match self.missing.last_mut() {
            Some(Fault::Missing { line: None, to, .. }) if *to + 1 == seq => *to = seq,
            _ => self.missing.push(Fault::Missing { line: None, from: seq, to: seq }),
        }
        self.skip(stored);
    }

    /// What was found.
    ///
    /// # Errors
    /// When anything is not as it was written and signed.
    pub fn finish(mut self) -> Result<Tally, Box<Broken>> {
        self.end();
        let Self { seals, tree, mut tally, faults, .. } = self;
        tally.root = tree.map(|tree| tree.root());
        tally.signers = seals.into_signers();
        let Listed { mut items, unlisted } = faults;
        // Whatever has a place comes first, in the order of the file; of one line, what is said of a record.
        items.sort_by_key(|fault| match (fault.line(), fault.seq()) {
            (Some(line), seq) => (false, line, seq.unwrap_or(u64::MAX)),
            (None, seq) => (true, 0, seq.unwrap_or(0)),
        });
        if items.is_empty() { Ok(tally) } else { Err(Box::new(Broken { tally, faults: items, unlisted })) }
    }

    /// What stands in the place of the next record, `number` being its line in a file.
    pub(super) fn take(&mut self, number: Option<u64>, line: &Line, stored: Option<TreeHash>) {
        let seq = self.tally.size;
        if let Some(stored) = stored.filter(|stored| *stored != line.hash) {
            // It may say anything: it is not believed.
            self.mismatches.push((number, seq));
            return self.grow(stored, Some(line.hash));
        }
        if let Some(flaw) = line.flaw {
            self.fault(Fault::Unreadable { line: number, seq, flaw });
        }
        if let Some(found) = line.seq.filter(|found| *found != self.expected) {
            self.fault(Fault::OutOfStep { line: number, found, expected: self.expected });
            self.expected = found;
            if stored.is_none() {
                self.lose();
            }
        }
        if let Some(time) = &line.time {
            self.tally.first.get_or_insert_with(|| time.clone());
            self.tally.last.clone_from(&line.time);
        }
        self.news.extend(line.news.clone());
        self.grow(line.hash, Some(line.hash));
    }

    /// There is no line for the next record.
    pub(super) fn skip(&mut self, stored: TreeHash) {
        self.tally.absent += 1;
        self.grow(stored, None);
    }

    /// Records without a line, for which a purge may account.
    pub(super) fn missing(&mut self, fault: Fault) {
        self.missing.push(fault);
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub(super) fn size(&self) -> u64 {
        self.tally.size
    }

    fn grow(&mut self, stored: TreeHash, line: Option<TreeHash>) {
        match (&mut self.lines, line) {
            (Lines::Apart(lines), Some(line)) => lines.append(line),
            (Lines::Same, Some(line)) if line != stored => {
                let apart = self.tree.clone().map(|mut lines| {
                    lines.append(line);
                    lines
                });
                self.lines = apart.map_or(Lines::Lost, Lines::Apart);
            }
            (Lines::Same | Lines::Lost, Some(_)) => {}
            (_, None) => self.lines = Lines::Lost,
        }
        if let Some(tree) = &mut self.tree {
            tree.append(stored);
        }
        self.tally.size += 1;
        self.expected += 1;
        self.reach();
    }

    /// No root can be told any more.
    fn lose(&mut self) {
        self.tree = None;
        self.lines = Lines::Lost;
    }

    /// Looks at the checkpoints that the tree has grown to.
    fn reach(&mut self) {
        while let Some(entry) = self.waiting.first_entry().filter(|entry| *entry.key() == self.tally.size) {
            for (checkpoint, note) in entry.remove() {
                self.judge(&checkpoint, &note);
            }
        }
    }

    fn judge(&mut self, checkpoint: &Checkpoint, note: &Note) {
        let signers = match self.seals.signers(checkpoint, note) {
            Ok(signers) => signers,
            Err(why) => return self.fault(Fault::Unproven { size: checkpoint.size, why }),
        };
        self.tally.signed = checkpoint.size;
        let Some(tree) = &self.tree else { return };
        let fits = tree.root() == checkpoint.root;
        if fits {
            self.blame(|line, seq| Fault::Changed { line, seq });
        } else if let Lines::Apart(lines) = &self.lines
            && lines.root() == checkpoint.root
        {
            self.tree = Some(lines.clone());
            self.lines = Lines::Same;
            self.blame(|line, seq| Fault::LeafChanged { line, seq });
        } else {
            let (after, size) = (self.tally.covered, checkpoint.size);
            let misfit = self.misfit.get_or_insert(Misfit { after, size, others: 0 });
            misfit.others += u64::from(misfit.size != size);
            return;
        }
        self.tally.proven += 1;
        self.seals.count(&signers);
        if let Some(Misfit { after, size, others }) = self.misfit.take() {
            self.fault(Fault::Rewritten { after, size, others });
        }
        self.tally.covered = checkpoint.size;
        self.tally.origin.get_or_insert_with(|| checkpoint.origin.clone());
        for news in std::mem::take(&mut self.news) {
            match news {
                News::Rotated(key) => self.seals.trust(key),
                News::Purged(from, to) => self.tally.purged.push((from, to)),
            }
        }
    }

    /// Which of a record and its stored hash was changed is known.
    fn blame(&mut self, fault: impl Fn(Option<u64>, u64) -> Fault) {
        let Listed { items, unlisted } = std::mem::take(&mut self.mismatches);
        self.faults.extend(items.into_iter().map(|(line, seq)| fault(line, seq)), unlisted);
    }

    /// What can only be said when everything was seen.
    fn end(&mut self) {
        if let Some(Misfit { after, size, others }) = self.misfit.take() {
            let is_told_twice = after == size;
            self.fault(if is_told_twice {
                Fault::Rewritten { after, size, others }
            } else {
                Fault::Root { after, size, others }
            });
        }
        self.blame(|line, seq| Fault::Changed { line, seq });
        let found = self.tally.size;
        let mut beyond = None;
        for (size, checkpoints) in std::mem::take(&mut self.waiting) {
            for (checkpoint, note) in checkpoints {
                match self.seals.signers(&checkpoint, &note) {
                    Ok(_) => beyond = Some(size),
                    Err(why) => self.fault(Fault::Unproven { size, why }),
                }
            }
        }
        if let Some(size) = beyond {
            self.fault(Fault::Beyond { size, found });
        } else if self.tally.checkpoints == 0 {
            self.fault(Fault::NoCheckpoint);
        } else if self.tally.signed < found {
            self.fault(Fault::Unsigned { from: self.tally.signed, to: found - 1 });
        }
        for fault in std::mem::take(&mut self.missing) {
            if !self.is_purged(&fault) {
                self.fault(fault);
            }
        }
    }

    /// A purge is a record of the trail itself, and a checkpoint has proven it.
    fn is_purged(&self, fault: &Fault) -> bool {
        let (Fault::Missing { from, to, .. } | Fault::CutShort { from, to, .. }) = fault else { return false };
        // One purge after another may have taken what is missing in one piece.
        let mut next = *from;
        while let Some((_, end)) = self.tally.purged.iter().find(|(begin, end)| *begin <= next && next <= *end) {
            match end.checked_add(1) {
                Some(after) => next = after,
                None => return true,
            }
        }
        next > *to
    }
}

fn opened(note: &str) -> Result<(Checkpoint, Note), String> {
    let note = Note::parse(note).map_err(|error| error.to_string())?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|error| error.to_string())?;
    Ok((checkpoint, note))
}
