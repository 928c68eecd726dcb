//! Finds out which line of a file is which record: every line where it should be, or what was changed, lost, added or
//! moved, and from where on it goes on as before.
//!
//! A line is *genuine* when its hash is the stored one of the record that it says it is. A line that is not the record
//! of its place is suspect until something settles it: a line that is in its place after all, or two genuine lines that
//! follow each other and so show by how much the file has shifted.

use std::io::{self, Read, Seek};

use super::fault::Fault;
use super::leaves::Leaves;
use super::line::Line;
use super::verify::Verifier;

/// So many lines in a row that fit nowhere are taken to be in their places, and changed.
const MOST_SUSPECTS: usize = 4096;

/// Lines that are not the records of their places: one, or several that belong before and follow each other.
struct Suspect {
    number: u64,
    lines: u64,
    /// The first of them.
    line: Line,
    /// Which record it is, where it is genuine.
    seq: Option<u64>,
}

/// Feeds a verifier with the lines of a file, record by record.
pub(super) struct Aligner<'a, R> {
    verifier: &'a mut Verifier,
    leaves: Leaves<R>,
    /// Lines read.
    number: u64,
    suspects: Vec<Suspect>,
    /// How many lines those are.
    suspected: u64,
    is_short: bool,
}

impl<'a, R: Read + Seek> Aligner<'a, R> {
    pub(super) fn new(verifier: &'a mut Verifier, leaves: Leaves<R>) -> Self {
        Self { verifier, leaves, number: 0, suspects: Vec::new(), suspected: 0, is_short: false }
    }

    /// The next line of the file.
    pub(super) fn take(&mut self, line: Line) -> io::Result<()> {
        self.number += 1;
        let place = self.verifier.size() + self.suspected;
        if self.leaves.at(place)? == Some(line.hash) {
            self.settle(place, self.number)?;
            self.verifier.take(Some(self.number), &line, Some(line.hash));
            return Ok(());
        }
        let stored = line.seq.map_or(Ok(None), |seq| self.leaves.at(seq))?;
        let seq = line.seq.filter(|_| stored == Some(line.hash));
        if let (Some(seq), Some(ahead)) = (seq, self.ahead())
            && ahead + 1 == seq
        {
            self.resume()?;
            self.verifier.take(Some(self.number), &line, Some(line.hash));
            return Ok(());
        }
        if place >= self.leaves.length() && seq.is_none() && line.seq == Some(place) {
            return self.beyond(place, &line);
        }
        self.suspect(line, seq)
    }

    /// No more lines.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let end = self.leaves.length().max(self.verifier.size());
        if self.verifier.size() + self.suspected != end && self.ahead().is_some() {
            self.resume()?;
        }
        self.settle(end, self.number + 1)?;
        if let Some(damaged) = self.leaves.damaged() {
            self.verifier.fault(Fault::LeavesDamaged { line: damaged + 1 });
        }
        Ok(())
    }

    /// Which record the line before is, where it is genuine and not behind.
    fn ahead(&self) -> Option<u64> {
        self.suspects.last().and_then(|last| last.seq).filter(|seq| *seq >= self.verifier.size())
    }

    /// The line before is where the file goes on.
    fn resume(&mut self) -> io::Result<()> {
        let Some(Suspect { number, line, seq: Some(seq), .. }) = self.suspects.pop() else { return Ok(()) };
        self.suspected -= 1;
        self.settle(seq, number)?;
        self.verifier.take(Some(number), &line, Some(line.hash));
        Ok(())
    }

    /// There is no hash for it; the checkpoint alone can tell.
    fn beyond(&mut self, place: u64, line: &Line) -> io::Result<()> {
        self.settle(place, self.number)?;
        if !self.is_short && self.leaves.damaged().is_none() {
            self.is_short = true;
            self.verifier.fault(Fault::LeavesShort { line: self.number, seq: place });
        }
        self.verifier.take(Some(self.number), line, None);
        Ok(())
    }

    fn suspect(&mut self, line: Line, seq: Option<u64>) -> io::Result<()> {
        let behind = seq.filter(|seq| *seq < self.verifier.size());
        self.suspected += 1;
        match self.suspects.last_mut() {
            Some(last) if behind.is_some() && last.seq.map(|seq| seq + last.lines) == behind => last.lines += 1,
            _ => self.suspects.push(Suspect { number: self.number, lines: 1, line, seq }),
        }
        if self.suspects.len() < MOST_SUSPECTS {
            return Ok(());
        }
        self.settle(self.verifier.size() + self.suspected, self.number + 1)
    }

    /// The suspect lines are what there is of the records up to `end`, which belongs to line `next`.
    fn settle(&mut self, end: u64, next: u64) -> io::Result<()> {
        let suspects = std::mem::take(&mut self.suspects);
        let in_place = self.verifier.size() + std::mem::take(&mut self.suspected) == end;
        for (at, suspect) in suspects.iter().enumerate() {
            if in_place {
                self.stand_in(suspect)?;
                continue;
            }
            let anchors = suspects[at..].iter().filter_map(|later| later.seq);
            let anchor = anchors.filter(|seq| (self.verifier.size()..end).contains(seq)).min();
            self.fit(suspect, anchor, end)?;
        }
        self.lose(next, end)
    }

    /// As many lines as records: each stands where one should.
    fn stand_in(&mut self, suspect: &Suspect) -> io::Result<()> {
        let Suspect { number, lines, ref line, seq } = *suspect;
        let expected = self.verifier.size();
        if let Some(seq) = seq {
            self.verifier.fault(Fault::Displaced { line: number, lines, seq, expected: Some(expected) });
            return self.skip(expected + lines);
        }
        let stored = self.leaves.at(expected)?;
        self.verifier.take(Some(number), line, stored);
        Ok(())
    }

    /// One of several lines for fewer or more records, which end at `end`. The genuine line of record `anchor`, this one
    /// or one that is yet to come, has its place.
    fn fit(&mut self, suspect: &Suspect, anchor: Option<u64>, end: u64) -> io::Result<()> {
        let Suspect { number, lines, ref line, seq } = *suspect;
        match seq {
            Some(seq) if anchor == Some(seq) => {
                self.lose(number, seq)?;
                self.verifier.take(Some(number), line, Some(line.hash));
            }
            Some(seq) => self.verifier.fault(Fault::Displaced { line: number, lines, seq, expected: None }),
            None => {
                let (next, limit) = (self.verifier.size(), anchor.unwrap_or(end));
                if next >= limit {
                    self.verifier.fault(Fault::Added { line: number });
                    return Ok(());
                }
                let place = line.seq.filter(|seq| (next..limit).contains(seq)).unwrap_or(next);
                self.lose(number, place)?;
                let stored = self.leaves.at(place)?;
                self.verifier.take(Some(number), line, stored);
            }
        }
        Ok(())
    }

    /// The records up to `end` have no line; `number` is the one before which they are missed.
    fn lose(&mut self, number: u64, end: u64) -> io::Result<()> {
        let from = self.verifier.size();
        if from >= end {
            return Ok(());
        }
        let (line, to) = (Some(number), end - 1);
        let is_tail = number > self.number;
        let fault = if is_tail { Fault::CutShort { line, from, to } } else { Fault::Missing { line, from, to } };
        self.verifier.missing(fault);
        self.skip(end)
    }

    /// Their hashes still make the tree.
    fn skip(&mut self, end: u64) -> io::Result<()> {
        while self.verifier.size() < end {
            match self.leaves.at(self.verifier.size())? {
                Some(stored) => self.verifier.skip(stored),
                None => break,
            }
        }
        Ok(())
    }
}
