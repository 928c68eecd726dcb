//! Proof that a listing by pages was read to its end: nothing missed, nothing twice.
//!
//! Pages of most products are not a snapshot: a row that is inserted or removed between two pages shifts the others.
//! What is shifted onto a page twice shows; what falls between two pages does not, so that a listing during which
//! anything moved is read once more.

use compact_str::CompactString;
use rustc_hash::FxHashSet;

/// A product that gives more pages than this is going in circles.
const MOST_PAGES: usize = 100_000;

/// How the end of a listing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// At an empty page, and nowhere else: a page that is shorter than asked for proves nothing.
    AtEmptyPage,
    /// At a page with fewer rows than this.
    BelowPage(usize),
    /// When so many rows were seen as the product says there are; an empty page before that is a fault.
    AtTotal,
}

/// What to do after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Ask for the rows from this one on, counted from 0: after those received, not after those asked for.
    From(usize),
    /// The listing is whole.
    End,
    /// Rows moved while they were read: read all of it again, from the beginning.
    Again,
}

/// A listing under way.
#[derive(Debug)]
pub struct Paging {
    ends: Ends,
    seen: FxHashSet<CompactString>,
    /// Rows received, those seen before included: where the next page begins.
    received: usize,
    /// Rows of the first page.
    first: usize,
    pages: usize,
    moved: bool,
    total: Option<usize>,
    /// Whether this is the second time.
    again: bool,
}

impl Paging {
    #[must_use]
    pub fn new(ends: Ends) -> Self {
        Self {
            ends,
            seen: FxHashSet::default(),
            received: 0,
            first: 0,
            pages: 0,
            moved: false,
            total: None,
            again: false,
        }
    }

    /// How many different rows were seen.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.seen.len()
    }

    /// How many pages were read, of both times.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Takes note of a page by the ids of its rows, and of how many rows there are where the product says so.
    ///
    /// # Errors
    /// A sentence, when the listing can never be whole: a full page shows nothing new, or rows moved twice.
    pub fn page<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>, total: Option<usize>) -> Result<Next, String> {
        let before = self.seen.len();
        let mut rows = 0;
        for id in ids {
            rows += 1;
            self.moved |= !self.seen.insert(id.into());
        }
        self.pages += 1;
        if self.received == 0 {
            self.first = rows;
        }
        self.received += rows;
        let new = self.seen.len() - before;
        // A few known rows at the end are those that others pushed there.
        if rows > 0 && new == 0 && rows >= self.first {
            return Err("a page shows only rows that were seen before: the product ignores where a page begins".into());
        }
        if self.pages > MOST_PAGES {
            return Err(format!("there are more than {MOST_PAGES} pages"));
        }
        if let (Some(known), Some(now)) = (self.total, total) {
            self.moved |= known != now;
        }
        self.total = total.or(self.total);
        if !self.is_over(rows)? {
            return Ok(Next::From(self.received));
        }
        if !self.moved {
            return Ok(Next::End);
        }
        if self.again {
            return Err("rows moved between pages, also when all was read a second time".into());
        }
        *self = Self { again: true, pages: self.pages, ..Self::new(self.ends) };
        Ok(Next::Again)
    }

    fn is_over(&self, rows: usize) -> Result<bool, String> {
        match (self.ends, self.total) {
            (Ends::AtEmptyPage, _) | (Ends::AtTotal, None) => Ok(rows == 0),
            (Ends::BelowPage(size), _) => Ok(rows < size),
            (Ends::AtTotal, Some(total)) if self.seen.len() >= total => Ok(true),
            (Ends::AtTotal, Some(total)) if rows == 0 => Err(format!(
                "a page is empty, though the product says that there are {total} and showed {}",
                self.seen.len()
            )),
            (Ends::AtTotal, Some(_)) => Ok(false),
        }
    }
}
