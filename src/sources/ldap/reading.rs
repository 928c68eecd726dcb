//! One reading on one connection: everything, or what is remembered and what changed since.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::assemble::{Assembled, Assembler};
use super::directory::Directory;
use super::follow::{Followed, Remembered, Setback, Wire, follow, id_of};
use super::position::{self, Position};
use super::recall::Recall;
use super::search::{self, Manner};
use super::session::Session;
use super::settings::Settings;
use super::thread::Meter;
use super::trouble::Trouble;
use crate::connector::{Memory, Reading};
use crate::plan::Coverage;
use crate::sources::count::count;

/// Reads what `memory` leaves to be read, or everything.
///
/// # Errors
/// When the connection is lost, or the server refuses.
pub(super) async fn read(
    settings: &Settings,
    session: &mut Session,
    meter: &Meter,
    memory: Option<Memory>,
    now: DateTime<Utc>,
) -> Result<Reading, Trouble> {
    let directory = Directory::ask(session).await?;
    let asked = Asked::of(settings, &directory);
    let Some(incremental) = settings.incremental else {
        return Ok(everything(settings, session, meter, &asked, None).await?.reading);
    };
    // Asked before anything is read: what changes meanwhile comes again, and is never missed.
    let stands = position::now(session, &directory, &asked).await?;
    let key = key(settings, session, &asked);
    // A full read in the future has no age: clocks are not to be trusted then.
    let age = memory.as_ref().and_then(|memory| (now - memory.full_read).to_std().ok());
    let known = memory.filter(|memory| memory.key == key && age.is_some_and(|age| age < incremental.full_every));
    let mut why = None;
    if let (Some(memory), Ok(position)) = (known, &stands) {
        let wire = Wire { session: &mut *session, asked: &asked, settings, meter };
        match changes(wire, memory, position.clone()).await {
            Ok(reading) => return Ok(reading),
            Err(Setback::Trouble(trouble)) => return Err(trouble),
            Err(Setback::Doubt(doubt)) => why = Some(doubt),
        }
    }
    let mut remembered = Remembered::default();
    let keep = stands.is_ok().then_some(&mut remembered);
    let Assembled { mut reading, unresolved } = everything(settings, session, meter, &asked, keep).await?;
    let told = why.map(|why| format!("everything was read, for changes could not be followed: {why}"));
    reading.coverage.proofs.extend(told);
    match stands {
        Ok(position) if reading.coverage.is_whole() => {
            reading.memory = remember(&remembered, unresolved, position, Terms { key, full_read: now, since: None });
        }
        Ok(_) => {}
        Err(why) => reading.coverage.proofs.push(format!("changes cannot be followed here: {why}")),
    }
    Ok(reading)
}

/// Reads both searches to their end.
async fn everything(
    settings: &Settings,
    session: &mut Session,
    meter: &Meter,
    asked: &Asked,
    mut keep: Option<&mut Remembered>,
) -> Result<Assembled, Trouble> {
    let mut assembler = Assembler::new(asked.shape.clone());
    let mut unkept = 0_usize;
    meter.users();
    let manner = Manner::of(settings, "user");
    let found = search::read(session, &asked.users, manner, &meter.done, |entry| {
        if let Some(keep) = &mut keep {
            match id_of(&entry, asked.id) {
                Some(id) => drop(keep.users.put(id, &entry, &asked.users.attributes)),
                None => unkept += 1,
            }
        }
        assembler.user(&entry);
    });
    let mut coverage = found.await?.coverage;
    if let Some(search) = &asked.groups {
        meter.groups();
        let manner = Manner::of(settings, "group");
        let found = search::read(session, search, manner, &meter.done, |entry| {
            if let Some(keep) = &mut keep {
                match id_of(&entry, asked.id) {
                    Some(id) => drop(keep.groups.put(id, &entry, &search.attributes)),
                    None => unkept += 1,
                }
            }
            assembler.group(&entry);
        });
        coverage.join(found.await?.coverage);
    }
    if let Some(keep) = keep.filter(|_| unkept > 0) {
        *keep = Remembered::default();
        keep.incomplete = true;
        coverage.proofs.push(format!("{} without `{}`: changes cannot be followed", count(unkept, "record"), asked.id));
    }
    Ok(finished(assembler, coverage))
}

/// Reads what changed since `memory`, and gives the whole.
async fn changes(mut wire: Wire<'_>, memory: Memory, now: Position) -> Result<Reading, Setback> {
    let broken = || Setback::Doubt("what is remembered cannot be read".into());
    let Memory { key, cookie, full_read, parts, since: _ } = memory;
    let kept: Kept = serde_json::from_slice(&cookie).map_err(|_| broken())?;
    let mut remembered = Remembered {
        users: Recall::load(USERS, &parts).ok_or_else(broken)?,
        groups: Recall::load(GROUPS, &parts).ok_or_else(broken)?,
        incomplete: false,
    };
    drop(parts);
    if (remembered.users.len(), remembered.groups.len()) != (kept.users, kept.groups) {
        return Err(broken());
    }
    let followed = follow(&mut wire, &kept.position, now, &mut remembered).await?;
    let asked = wire.asked;
    let mut assembler = Assembler::new(asked.shape.clone());
    let mut legible = remembered.users.entries(&asked.users.attributes, |entry| assembler.user(entry));
    if let Some(groups) = &asked.groups {
        legible &= remembered.groups.entries(&groups.attributes, |entry| assembler.group(entry));
    }
    let mut coverage = Coverage::default();
    coverage.proofs.extend(told(&followed, &remembered, full_read, asked.groups.is_some()));
    let Assembled { mut reading, unresolved } = finished(assembler, coverage);
    // Where a tree was renamed, entries below it have other DNs and are not told of as changed.
    if unresolved > kept.unresolved {
        return Err(Setback::Doubt("groups have members that are not among what is remembered".into()));
    }
    if !legible || !reading.coverage.is_whole() {
        return Err(broken());
    }
    let terms = Terms { key, full_read, since: Some(cookie) };
    reading.memory = remember(&remembered, unresolved, followed.position, terms);
    Ok(reading)
}

fn finished(assembler: Assembler, mut coverage: Coverage) -> Assembled {
    let mut assembled = assembler.finish();
    coverage.join(std::mem::take(&mut assembled.reading.coverage));
    assembled.reading.coverage = coverage;
    assembled
}

/// What came over the wire and what did not need to.
fn told(followed: &Followed, remembered: &Remembered, full_read: DateTime<Utc>, groups: bool) -> Vec<String> {
    let since = full_read.format("%Y-%m-%d %H:%M:%S UTC");
    let line = |noun: &str, changes: super::refresh::Changes, all: usize| {
        let (came, left) = (count(changes.entries, noun), count(all.saturating_sub(changes.entries), noun));
        format!("{came} over the wire, {} gone, {left} remembered (last full read {since})", changes.gone)
    };
    let mut lines = vec![line("user", followed.users, remembered.users.len())];
    if groups {
        lines.push(line("group", followed.groups, remembered.groups.len()));
    }
    if followed.groups_whole {
        lines.push("all groups were read: somebody came, went or has another DN".into());
    }
    lines
}

/// Where the parts of each search begin.
const USERS: u32 = 0;
const GROUPS: u32 = 1;

/// Where a memory stands, and what it must come to.
#[derive(Serialize, Deserialize)]
struct Kept {
    position: Position,
    users: usize,
    groups: usize,
    /// Members that were not among what was read.
    unresolved: usize,
}

/// On what terms something is remembered.
struct Terms {
    key: String,
    full_read: DateTime<Utc>,
    /// The cookie of the memory that it goes on from; none where it is made anew.
    since: Option<Vec<u8>>,
}

fn remember(remembered: &Remembered, unresolved: usize, position: Position, terms: Terms) -> Option<Memory> {
    if remembered.incomplete {
        return None;
    }
    let (users, groups) = (remembered.users.len(), remembered.groups.len());
    let cookie = serde_json::to_vec(&Kept { position, users, groups, unresolved }).ok()?;
    let Terms { key, full_read, since } = terms;
    let mut parts = remembered.users.parts(USERS, since.is_none());
    parts.extend(remembered.groups.parts(GROUPS, since.is_none()));
    Some(Memory { key, cookie, full_read, parts, since })
}

/// Everything that a memory depends on: the server, the account, and what is asked. A cookie may hold any of it.
fn key(settings: &Settings, session: &Session, asked: &Asked) -> String {
    let account = settings.bind.as_ref().map_or("", |bind| bind.dn.as_str());
    let search = |search: &super::wanted::Search| {
        let super::wanted::Search { base, scope, filter, attributes, controls: _ } = search;
        format!("{base:?} {scope:?} {filter:?} {attributes:?}")
    };
    let groups = asked.groups.as_ref().map(search).unwrap_or_default();
    let referrals = settings.referrals;
    format!("1 {} {account:?} {referrals:?} {} {} {groups}", session.address, asked.id, search(&asked.users))
}
