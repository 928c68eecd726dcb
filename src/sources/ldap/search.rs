//! The page loop: every page must end with success, the last with an empty cookie, every range with its last value.

use std::sync::atomic::{AtomicU64, Ordering};

use super::decode::{Decoded, Item, Slice, decode, slice};
use super::entry::Entry;
use super::filter;
use super::options::Referrals;
use super::page::{Pages, Step};
use super::schema;
use super::session::Session;
use super::settings::Settings;
use super::trouble::{Trouble, told};
use super::wanted::Search;
use crate::connector::FailureClass;
use crate::plan::Coverage;
use crate::principal::shown;
use crate::sources::count::{count, count_of};

/// References, unreadable names and the like that are listed; the rest is counted.
const LISTED: usize = 5;

/// How a search is read.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    /// `user` or `group`.
    pub(super) noun: &'static str,
    pub(super) paging: Option<u32>,
    pub(super) referrals: Referrals,
    /// That nothing is found calls for a look at the filter.
    pub(super) expects: bool,
}

impl Manner {
    /// As the configuration says.
    pub(super) fn of(settings: &Settings, noun: &'static str) -> Self {
        Self { noun, paging: settings.paging, referrals: settings.referrals, expects: true }
    }

    /// Of what changed: nothing is as good as something.
    pub(super) fn of_changes(settings: &Settings, noun: &'static str) -> Self {
        Self { expects: false, ..Self::of(settings, noun) }
    }
}

/// A search that was read, and how far it is proved whole.
pub(super) struct Found {
    pub(super) entries: usize,
    pub(super) coverage: Coverage,
}

/// Reads everything that `search` finds and hands it on entry by entry.
///
/// # Errors
/// When the connection is lost, the server refuses the search, or its answer is malformed. Limits are no errors: the
/// coverage says what is missing.
pub(super) async fn read(
    session: &mut Session,
    search: &Search,
    manner: Manner,
    progress: &AtomicU64,
    mut each: impl FnMut(Entry),
) -> Result<Found, Trouble> {
    let mut reading = Reading::new(manner);
    loop {
        let answer = reading.page(session, search, progress, &mut each).await?;
        match reading.pages.end(&search.base, &answer) {
            Step::More => {}
            Step::Whole(proof) => {
                reading.coverage.proofs.push(proof);
                if reading.pages.total() == 0 && manner.expects {
                    reading.doubt_nothing(session, search, manner).await?;
                }
                return Ok(reading.finish(manner));
            }
            Step::Partial(why) => {
                reading.coverage.missing.push(why);
                return Ok(reading.finish(manner));
            }
            Step::Failed(trouble) => return Err(trouble),
        }
    }
}

/// A search under way.
struct Reading {
    pages: Pages,
    coverage: Coverage,
    references: usize,
    /// The first of them.
    listed: Vec<String>,
    /// Entries whose DN is not UTF-8.
    nameless: usize,
}

impl Reading {
    fn new(manner: Manner) -> Self {
        let pages = Pages::new(manner.noun, manner.paging);
        Self { pages, coverage: Coverage::default(), references: 0, listed: Vec::new(), nameless: 0 }
    }

    async fn page(
        &mut self,
        session: &mut Session,
        search: &Search,
        progress: &AtomicU64,
        each: &mut impl FnMut(Entry),
    ) -> Result<ldap3::LdapResult, Trouble> {
        let mut answers =
            session.search(search, self.pages.controls()).await.map_err(|it| it.of(&self.pages.place()))?;
        // Entries of which more must be fetched, and those behind them: the order of the server is kept.
        let mut waiting: Vec<Decoded> = Vec::new();
        loop {
            // An error poisons the reading: after it, this stream would end as if all were well.
            let message = match answers.next().await {
                Ok(Some(message)) => message,
                Ok(None) => break,
                Err(error) => return Err(session.trouble(error, &self.pages.place()).await),
            };
            match decode(message) {
                Ok(Item::Entry(decoded)) => {
                    if !self.pages.add(&decoded.entry.dn) {
                        continue;
                    }
                    progress.fetch_add(1, Ordering::Relaxed);
                    if decoded.unfinished.is_empty() && waiting.is_empty() {
                        each(decoded.entry);
                    } else {
                        waiting.push(decoded);
                    }
                }
                Ok(Item::Reference(addresses)) => self.note(&addresses),
                Ok(Item::UnreadableName(name)) => self.note_nameless(&name),
                Ok(Item::Other) => {}
                Err(malformed) => {
                    return Err(Trouble::new(FailureClass::Unexpected, malformed.to_string()).of(&self.pages.place()));
                }
            }
        }
        let answer = answers.finish().await;
        for mut decoded in waiting {
            if !decoded.unfinished.is_empty() {
                self.coverage.missing.extend(fetch_rest(session, &mut decoded).await?);
            }
            each(decoded.entry);
        }
        Ok(answer)
    }

    /// Nothing was found, with success. So it is too where the filter asks about an attribute that does not exist.
    async fn doubt_nothing(&mut self, session: &mut Session, search: &Search, manner: Manner) -> Result<(), Trouble> {
        let asked = filter::attributes(&search.filter);
        let unknown = schema::unknown(session, &asked).await?;
        self.coverage.missing.extend(unknown.iter().map(|name| unknown_in_filter(name, manner.noun)));
        Ok(())
    }

    fn note(&mut self, addresses: &[String]) {
        self.references += 1;
        if self.listed.len() < LISTED {
            self.listed.extend(addresses.first().map(|address| shown(address, 200)));
        }
    }

    fn note_nameless(&mut self, name: &str) {
        self.nameless += 1;
        if self.nameless <= LISTED {
            let why = format!("the DN of an entry is not UTF-8, so it was not read: {}", shown(name, 200));
            self.coverage.missing.push(why);
        }
    }

    fn finish(self, manner: Manner) -> Found {
        let Self { pages, mut coverage, references, listed, nameless } = self;
        coverage.missing.extend(pages.repetition());
        if nameless > LISTED {
            let more = count_of(nameless - LISTED, "more entry", "more entries");
            coverage.missing.push(format!("{more} with a DN that is not UTF-8"));
        }
        if references > 0 {
            let many = count(references, "referral");
            let dots = if references > listed.len() { ", …" } else { "" };
            let list = listed.join(", ");
            let told =
                format!("{many} to other servers in the search for {}s, not followed: {list}{dots}", manner.noun);
            match manner.referrals {
                Referrals::Report => coverage.proofs.push(told),
                Referrals::Strict => coverage.missing.push(told),
            }
        }
        Found { entries: pages.total(), coverage }
    }
}

pub(super) fn unknown_in_filter(name: &str, noun: &str) -> String {
    format!("the filter for {noun}s asks about `{}`, and the server knows no such attribute", shown(name, 100))
}

/// Fetches the values that did not come with the entry. What cannot be fetched is told.
///
/// # Errors
/// When the connection is lost or an answer is malformed.
async fn fetch_rest(session: &mut Session, decoded: &mut Decoded) -> Result<Vec<String>, Trouble> {
    let mut missing = Vec::new();
    for unfinished in std::mem::take(&mut decoded.unfinished) {
        let attribute = &mut decoded.entry.attributes[unfinished.at];
        let mut next = Some(unfinished.next);
        while let Some(start) = next {
            let asked = format!("{};range={start}-*", attribute.name);
            let search = Search::at(&decoded.entry.dn, [asked.as_str()]);
            let (entries, answer) = session.collect(&search).await?;
            let mut found = None;
            for entry in entries.into_iter().filter(|entry| entry.0.id == 4) {
                found = slice(entry, &attribute.name, start)
                    .map_err(|malformed| Trouble::new(FailureClass::Unexpected, malformed.to_string()))?;
            }
            // A slice without values, or with known ones, is no step: its server would go on for ever.
            let steps = |slice: &Slice| {
                let first = slice.values.first();
                slice.next.is_none() || first.is_some_and(|first| !attribute.values.contains(first))
            };
            let Some(mut slice) = found.filter(|slice| answer.rc == 0 && steps(slice)) else {
                let (name, dn) = (shown(&attribute.name, 100), shown(&decoded.entry.dn, 200));
                let why = if answer.rc == 0 { "the server gave no further ones".to_owned() } else { told(&answer) };
                missing.push(format!("`{name}` of `{dn}` from value {} on: {why}", start.saturating_add(1)));
                break;
            };
            attribute.values.append(&mut slice.values);
            next = slice.next;
        }
    }
    Ok(missing)
}
