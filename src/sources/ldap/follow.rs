//! Only what changed since the last accepted reading comes over the wire; the rest is remembered.

use std::sync::atomic::Ordering;

use rustc_hash::FxHashSet;

use super::asked::{Asked, show_deleted};
use super::content_sync::{Done, REFRESH_REQUIRED, done, info, request, state};
use super::decode::{Item, decode};
use super::entry::Entry;
use super::identity::entry_id;
use super::options::Referrals;
use super::position::Position;
use super::recall::{EntryId, Kept, Recall};
use super::refresh::{Changes, Doubt, Refresh};
use super::search::{self, Manner};
use super::session::Session;
use super::settings::Settings;
use super::thread::Meter;
use super::trouble::{Trouble, told};
use super::wanted::Search;

/// What is remembered of both searches.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    pub(super) users: Recall,
    pub(super) groups: Recall,
    /// Some entry has no id that it could be remembered by.
    pub(super) incomplete: bool,
}

/// Why following did not come to its end.
#[derive(Debug)]
pub(super) enum Setback {
    /// The connection is lost, or the server refuses.
    Trouble(Trouble),
    /// Everything must be read again; why.
    Doubt(String),
}

impl From<Trouble> for Setback {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<Doubt> for Setback {
    fn from(Doubt(why): Doubt) -> Self {
        Self::Doubt(why.into())
    }
}

/// What changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Followed {
    /// Where the next reading begins from.
    pub(super) position: Position,
    pub(super) users: Changes,
    pub(super) groups: Changes,
    /// All groups were read: somebody came, went or moved, and what groups say of them may have changed untold.
    pub(super) groups_whole: bool,
}

/// Brings what is remembered from the moment `from` to now; `now` is where the history stood just before.
///
/// # Errors
/// When the connection is lost, and when what came cannot be trusted.
pub(super) async fn follow(
    wire: &mut Wire<'_>,
    from: &Position,
    now: Position,
    remembered: &mut Remembered,
) -> Result<Followed, Setback> {
    let mut followed =
        Followed { position: now, users: Changes::default(), groups: Changes::default(), groups_whole: false };
    match (from, &mut followed.position) {
        (Position::ContentSync { users, groups }, Position::ContentSync { users: next, groups: next_groups }) => {
            wire.meter.users();
            (followed.users, *next) = wire.refresh(&wire.asked.users, users, &mut remembered.users).await?;
            if let Some(search) = &wire.asked.groups {
                wire.meter.groups();
                (followed.groups, *next_groups) = wire.refresh(search, groups, &mut remembered.groups).await?;
            }
        }
        (Position::Usn { highest, controller }, Position::Usn { highest: now, controller: same })
            if controller == same && *now >= *highest =>
        {
            let gone = wire.changed_ids(*highest).await?;
            wire.meter.users();
            followed.users = wire.changed(&wire.asked.users, *highest, &gone, &mut remembered.users).await?;
            if let Some(search) = &wire.asked.groups {
                wire.meter.groups();
                followed.groups = wire.changed(search, *highest, &gone, &mut remembered.groups).await?;
            }
        }
        _ => return Err(Setback::Doubt("it is another server than before, or its history begins anew".into())),
    }
    if (followed.users.moved || followed.groups.moved)
        && let Some(search) = &wire.asked.groups
    {
        remembered.groups.clear();
        followed.groups = wire.whole(search, &mut remembered.groups).await?;
        followed.groups_whole = true;
    }
    Ok(followed)
}

/// What following speaks through.
pub(super) struct Wire<'a> {
    pub(super) session: &'a mut Session,
    pub(super) asked: &'a Asked,
    pub(super) settings: &'a Settings,
    pub(super) meter: &'a Meter,
}

impl Wire<'_> {
    /// One search by RFC 4533.
    async fn refresh(
        &mut self,
        search: &Search,
        cookie: &str,
        recall: &mut Recall,
    ) -> Result<(Changes, String), Setback> {
        let mut refresh = Refresh::new(recall, &search.attributes);
        let controls = vec![request(Some(cookie.as_bytes()))];
        let mut answers = self.session.search(search, controls).await?;
        loop {
            let message = match answers.next().await {
                Ok(Some(message)) => message,
                Ok(None) => break,
                Err(error) => return Err(self.session.trouble(error, "following changes").await.into()),
            };
            self.meter.done.fetch_add(1, Ordering::Relaxed);
            if message.is_intermediate() {
                refresh.info(info(message.0).ok_or(Doubt("a message of the refresh cannot be read"))?);
                continue;
            }
            let stands = state(message.1.iter().map(|control| &control.1));
            match decode(message) {
                Ok(Item::Entry(decoded)) if decoded.unfinished.is_empty() => {
                    let (state, id) = stands.ok_or(Doubt("an entry came without its state"))?;
                    refresh.entry(state, id, &decoded.entry);
                }
                Ok(Item::Reference(_)) if self.settings.referrals == Referrals::Report => {}
                // What cannot be read may be anybody: left out, it would be taken for gone.
                _ => return Err(Doubt("an entry of the refresh cannot be read").into()),
            }
        }
        let answer = answers.finish().await;
        match (answer.rc, done(answer.ctrls.iter().map(|control| &control.1))) {
            (0, Some(end)) => {
                let changes = refresh.finish(&end)?;
                Ok((changes, next_cookie(end, cookie)?))
            }
            (0, None) => Err(Doubt("the refresh has no end").into()),
            (REFRESH_REQUIRED, _) => Err(Setback::Doubt(format!("the cookie is too old: {}", told(&answer)))),
            _ => Err(Setback::Doubt(format!("the cookie is refused: {}", told(&answer)))),
        }
    }

    /// The ids of everything that changed or was deleted since, whatever the searches say: what they do not give again
    /// is gone for them.
    async fn changed_ids(&mut self, since: u64) -> Result<FxHashSet<EntryId>, Setback> {
        let context = self.asked.context.clone().ok_or(Doubt("the server names no naming context"))?;
        let search = Search {
            base: context,
            scope: ldap3::Scope::Subtree,
            filter: format!("(uSNChanged>={})", since.saturating_add(1)),
            attributes: vec![self.asked.id.to_owned(), "objectClass".into()],
            controls: vec![show_deleted()],
        };
        let (mut ids, mut nameless, mut container) = (FxHashSet::default(), false, false);
        let found = search::read(
            self.session,
            &search,
            Manner::of_changes(self.settings, "change"),
            &self.meter.done,
            |entry| {
                container |= is_container(&entry);
                match id_of(&entry, self.asked.id) {
                    Some(id) => drop(ids.insert(id)),
                    None => nameless = true,
                }
            },
        );
        let found = found.await?;
        if nameless || !found.coverage.is_whole() {
            return Err(Doubt("the list of changes is not whole").into());
        }
        // What is below a container that was renamed has another DN, and is not among the changes.
        if container { Err(Doubt("a container has changed, and may have moved").into()) } else { Ok(ids) }
    }

    /// One search by `uSNChanged`.
    async fn changed(
        &mut self,
        search: &Search,
        since: u64,
        ids: &FxHashSet<EntryId>,
        recall: &mut Recall,
    ) -> Result<Changes, Setback> {
        let filter = format!("(&{}(uSNChanged>={}))", search.filter, since.saturating_add(1));
        let mut came = FxHashSet::default();
        let mut changes = self.take(&Search { filter, ..search.clone() }, recall, &mut came).await?;
        changes.gone = ids.iter().filter(|id| !came.contains(*id) && recall.remove(id)).count();
        changes.moved |= changes.gone > 0;
        Ok(changes)
    }

    /// One search, everything.
    async fn whole(&mut self, search: &Search, recall: &mut Recall) -> Result<Changes, Setback> {
        self.take(search, recall, &mut FxHashSet::default()).await
    }

    async fn take(
        &mut self,
        search: &Search,
        recall: &mut Recall,
        came: &mut FxHashSet<EntryId>,
    ) -> Result<Changes, Setback> {
        let mut changes = Changes::default();
        let mut nameless = false;
        let manner = Manner::of_changes(self.settings, "entry");
        let found = search::read(self.session, search, manner, &self.meter.done, |entry| {
            let Some(id) = id_of(&entry, self.asked.id) else {
                nameless = true;
                return;
            };
            came.insert(id);
            changes.moved |= recall.put(id, &entry, &search.attributes) != Kept::Same;
        });
        let found = found.await?;
        changes.entries = found.entries;
        if nameless || !found.coverage.is_whole() {
            return Err(Doubt("what changed could not be read whole").into());
        }
        Ok(changes)
    }
}

/// A cookie that does not come is the old one: nothing happened.
fn next_cookie(end: Done, old: &str) -> Result<String, Doubt> {
    match end.cookie.map(String::from_utf8) {
        None => Ok(old.to_owned()),
        Some(Ok(cookie)) => Ok(cookie),
        Some(Err(_)) => Err(Doubt("the cookie is no text")),
    }
}

/// The id that an entry is remembered by.
pub(super) fn id_of(entry: &Entry, attribute: &str) -> Option<EntryId> {
    match entry.values(attribute) {
        [value] => entry_id(value),
        _ => None,
    }
}

fn is_container(entry: &Entry) -> bool {
    const CLASSES: [&[u8]; 6] =
        [b"organizationalunit", b"container", b"builtindomain", b"organization", b"locality", b"country"];
    entry.values("objectClass").iter().any(|class| CLASSES.contains(&class.to_ascii_lowercase().as_slice()))
}
