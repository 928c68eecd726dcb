//! Proof that the pages of a SCIM list make a whole. Pure.
//!
//! A list is no snapshot: what comes or goes between two pages shifts the others, so that one is shown twice and another
//! not at all. And `totalResults` is not always the truth: some services say the size of the page, or never more than a
//! limit (wso2/product-is#7320, bitwarden/server#10398). So a list ends at an empty page and nowhere else, and then
//! either as many were seen as there are said to be, or nothing moved.

use compact_str::CompactString;
use rustc_hash::FxHashSet;

/// A service that gives more pages than this is going in circles.
const MOST_PAGES: usize = 100_000;

/// What to do after a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Ask for the resources after so many: those received, not those asked for.
    After(usize),
    /// The list is whole, and this proves it.
    Whole(String),
    /// Something moved: read all of it once more, from the beginning.
    Again,
}

/// A list under way.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the pages")]
pub(super) struct Walk {
    /// Whether `totalResults` is looked at.
    trusts_totals: bool,
    seen: FxHashSet<CompactString>,
    pages: usize,
    /// A resource was shown twice.
    repeated: bool,
    /// What the pages said there is, where that may be true.
    total: Option<usize>,
    /// They said different things.
    moved: bool,
    /// What they said cannot be true.
    lies: bool,
    again: bool,
}

impl Walk {
    pub(super) fn new(trusts_totals: bool) -> Self {
        Self { trusts_totals, ..Self::default() }
    }

    /// How many different resources were seen.
    pub(super) fn seen(&self) -> usize {
        self.seen.len()
    }

    /// Takes note of a page by the ids on it. `is_last` where the service says that none follows.
    ///
    /// # Errors
    /// A sentence, when the list can never be whole.
    pub(super) fn page<'a>(
        &mut self,
        ids: impl IntoIterator<Item = &'a str>,
        total: Option<usize>,
        is_last: bool,
    ) -> Result<Next, String> {
        let (before, repeated) = (self.seen.len(), self.repeated);
        let mut rows = 0;
        for id in ids {
            rows += 1;
            self.repeated |= !self.seen.insert(id.into());
        }
        self.pages += 1;
        if rows > 0 && self.seen.len() == before {
            // Asked for what comes after the last one, some show the last ones again (scimmy-routers 1.3.2).
            if self.trusts_totals && total == Some(before) && self.total.is_none_or(|known| known == before) {
                self.repeated = repeated;
                return self.end();
            }
            return Err("a page shows only what was shown before: the service ignores where a page begins".into());
        }
        if self.pages > MOST_PAGES {
            return Err(format!("there are more than {MOST_PAGES} pages"));
        }
        self.note(total, rows);
        if !is_last && rows > 0 {
            return Ok(Next::After(self.seen.len()));
        }
        self.end()
    }

    /// Compares what a page says with what was seen. A total that is the size of its page says nothing yet.
    fn note(&mut self, total: Option<usize>, rows: usize) {
        let Some(total) = total.filter(|_| self.trusts_totals) else { return };
        if total < self.seen.len() {
            // Fewer than were seen: never true, or no longer.
            let always = self.total.is_none_or(|known| known == total);
            self.lies |= always;
            self.moved |= !always;
        } else if total == rows && self.pages == 1 {
            // All on one page, or the size of the page: the next one tells.
        } else {
            self.moved |= self.total.is_some_and(|known| known != total);
            self.total = Some(total);
        }
    }

    fn end(&mut self) -> Result<Next, String> {
        let seen = self.seen.len();
        let told = self.total.filter(|_| !self.lies);
        if told == Some(seen) && !self.moved {
            return Ok(Next::Whole(format!("{seen} of {seen} in {} pages", self.pages)));
        }
        let lacks = told.is_some_and(|total| total > seen);
        if !(self.repeated || self.moved || lacks) {
            return Ok(Next::Whole(format!("{seen} in {} pages, to an empty one or the last", self.pages)));
        }
        if !self.again {
            *self = Self { again: true, pages: self.pages, ..Self::new(self.trusts_totals) };
            return Ok(Next::Again);
        }
        Err(match told {
            Some(total) if lacks => format!("{seen} were shown of {total}, also when all was read a second time"),
            _ => "resources moved between pages, also when all was read a second time".into(),
        })
    }
}
