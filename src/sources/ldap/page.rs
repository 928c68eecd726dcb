//! What a page's end says about the reading: pure, so that every lie a server can tell has a test.

use std::hash::{DefaultHasher, Hash, Hasher};

use lber::parse::parse_tag;
use lber::structure::PL;
use ldap3::LdapResult;
use ldap3::controls::{Control, MakeCritical, PagedResults, RawControl};
use rustc_hash::FxHashSet;

use super::trouble::{Trouble, refused, told};
use crate::principal::shown;
use crate::sources::count::count;

/// The paged results control. RFC 2696.
pub(super) const PAGED: &str = "1.2.840.113556.1.4.319";

/// Active Directory may give empty pages while it searches; a server that gives nothing else is stuck.
const MOST_EMPTY_PAGES: usize = 100;

/// The answer's paged results control.
#[derive(Debug, PartialEq, Eq)]
enum Cookie {
    /// There is no such control.
    Absent,
    Malformed,
    Found(Vec<u8>),
}

/// What to do after a page.
#[derive(Debug)]
pub(super) enum Step {
    /// Ask for the next page.
    More,
    /// Everything came; the proof.
    Whole(String),
    /// Something may lack; why.
    Partial(String),
    Failed(Trouble),
}

/// The pages of one search so far.
pub(super) struct Pages {
    /// `user` or `group`.
    noun: &'static str,
    /// Entries a page; none where the search is not paged.
    size: Option<u32>,
    cookie: Vec<u8>,
    /// Of the page under way, from 1.
    number: usize,
    /// Entries of the page under way, and those of them that are new.
    came: usize,
    new: usize,
    /// New entries in all.
    total: usize,
    /// Hashes of the DNs that came: a server that ignores its cookie sends them again.
    seen: FxHashSet<u64>,
    /// Entries that came again, and the first of them.
    repeated: usize,
    first_repeated: Option<String>,
    empty: usize,
}

impl Pages {
    pub(super) fn new(noun: &'static str, size: Option<u32>) -> Self {
        Self {
            noun,
            size,
            cookie: Vec::new(),
            number: 1,
            came: 0,
            new: 0,
            total: 0,
            seen: FxHashSet::default(),
            repeated: 0,
            first_repeated: None,
            empty: 0,
        }
    }

    /// The controls of the next request. Critical: a server that cannot page must say so and not answer in part.
    pub(super) fn controls(&self) -> Vec<RawControl> {
        let size = self.size.and_then(|size| i32::try_from(size).ok());
        size.map(|size| PagedResults { size, cookie: self.cookie.clone() }.critical().into()).into_iter().collect()
    }

    /// Notes an entry; false where its DN came before.
    pub(super) fn add(&mut self, dn: &str) -> bool {
        // Fixed keys: the same directory gives the same reading.
        let mut hasher = DefaultHasher::new();
        dn.hash(&mut hasher);
        self.came += 1;
        if self.seen.insert(hasher.finish()) {
            self.new += 1;
            self.total += 1;
            return true;
        }
        self.repeated += 1;
        self.first_repeated.get_or_insert_with(|| shown(dn, 200));
        false
    }

    /// `on page 3 after 2,500 users`, for what goes wrong on a page.
    pub(super) fn place(&self) -> String {
        let total = count(self.total, self.noun);
        if self.size.is_some() { format!("on page {} after {total}", self.number) } else { format!("after {total}") }
    }

    /// Entries so far.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// Which entries came twice, if any did.
    pub(super) fn repetition(&self) -> Option<String> {
        let first = self.first_repeated.as_deref()?;
        let entries = count(self.repeated, self.noun);
        let why = "the server repeated a page, or the directory changed while it was read";
        Some(format!("{entries} came more than once, the first `{first}`: {why}"))
    }

    /// The end of the page under way.
    pub(super) fn end(&mut self, base: &str, answer: &LdapResult) -> Step {
        let step = match answer.rc {
            0 if self.size.is_some() => self.end_of_page(cookie(&answer.ctrls)),
            0 => {
                let entries = count(self.total, self.noun);
                Step::Whole(format!("{entries} in one answer, which ended with success"))
            }
            3 | 4 | 11 => Step::Partial(format!("{} {}: {}", told(answer), self.place(), self.advice(answer.rc))),
            10 => {
                let to = answer.refs.first().map(|to| format!(" to {}", shown(to, 200))).unwrap_or_default();
                Step::Partial(format!("the server sent the search for {}s elsewhere{to}: {}", self.noun, told(answer)))
            }
            _ => {
                let trouble = refused(answer, base);
                Step::Failed(if self.number > 1 { trouble.of(&self.place()) } else { trouble })
            }
        };
        (self.number, self.came, self.new) = (self.number + 1, 0, 0);
        step
    }

    fn end_of_page(&mut self, cookie: Cookie) -> Step {
        let (noun, page) = (self.noun, self.number);
        let cookie = match cookie {
            Cookie::Found(cookie) => cookie,
            Cookie::Malformed => return Step::Partial(format!("the cookie of page {page} of {noun}s is malformed")),
            Cookie::Absent => return self.not_paged(),
        };
        if cookie.is_empty() {
            let (entries, pages) = (count(self.total, noun), count(page, "page"));
            return Step::Whole(format!("{entries} in {pages}, the last cookie empty"));
        }
        if self.came > 0 && self.new == 0 {
            let entries = count(self.total, noun);
            return Step::Partial(format!("page {page} of {noun}s repeats what came before: only {entries} are known"));
        }
        self.empty = if self.came == 0 { self.empty + 1 } else { 0 };
        if self.empty > MOST_EMPTY_PAGES {
            let place = self.place();
            return Step::Partial(format!("{MOST_EMPTY_PAGES} empty pages of {noun}s in a row, and no end, {place}"));
        }
        self.cookie = cookie;
        Step::More
    }

    /// A success without the control. With more entries than were asked for, the server plainly did not page, and its
    /// success covers everything. Else a limit somewhere on the way may have cut the answer.
    fn not_paged(&self) -> Step {
        let entries = count(self.total, self.noun);
        let asked = self.size.and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
        if self.number == 1 && self.came > asked {
            return Step::Whole(format!("{entries} in one answer: the server ignored paging and ended with success"));
        }
        Step::Partial(format!(
            "the server ignored paging {}: whether more {}s follow is unknown (set `paging: off` if it cannot page)",
            self.place(),
            self.noun
        ))
    }

    fn advice(&self, code: u32) -> &'static str {
        match (code, self.size) {
            (3, _) => "raise the time limit of the bind account",
            (4, None) => "raise the size limit of the bind account, or turn on `paging`",
            (4, Some(_)) => "raise the size limit of the bind account",
            (_, Some(_)) if self.total == 0 => {
                "the bind account may not page, or not so much: raise its limit, lower `paging`, or set `paging: off`"
            }
            _ => "raise the limits of the bind account",
        }
    }
}

fn cookie(controls: &[Control]) -> Cookie {
    let Some(Control(_, control)) = controls.iter().find(|control| control.1.ctype == PAGED) else {
        return Cookie::Absent;
    };
    parse(control.val.as_deref().unwrap_or_default()).map_or(Cookie::Malformed, Cookie::Found)
}

/// `SEQUENCE { size INTEGER, cookie OCTET STRING }`
fn parse(value: &[u8]) -> Option<Vec<u8>> {
    let (rest, tag) = parse_tag(value).ok()?;
    let PL::C(parts) = tag.payload else { return None };
    let parts: [_; 2] = parts.try_into().ok()?;
    match parts.map(|part| part.payload) {
        [PL::P(_), PL::P(cookie)] if rest.is_empty() => Some(cookie),
        _ => None,
    }
}
