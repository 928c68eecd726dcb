//! What a person wants to know of a directory before it is read.

use std::sync::atomic::AtomicU64;

use super::address::{Address, Security};
use super::command::ldapsearch;
use super::decode::{Item, decode};
use super::directory::Directory;
use super::filter;
use super::page::{PAGED, Pages};
use super::schema;
use super::search::{self, Manner, unknown_in_filter};
use super::session::Session;
use super::settings::Settings;
use super::shaping::shape;
use super::source::connect;
use super::trouble::{Trouble, refused, told};
use super::wanted::Search;
use crate::connector::FailureClass;
use crate::principal::{Kind, shown};
use crate::sources::count::count;

const WHO_AM_I: &str = "1.3.6.1.4.1.4203.1.11.3";

/// So many entries without paging are enough: more would not be kept back either.
const PROBE: usize = 2000;

/// Connects, looks at everything that a reading depends on, and tells it.
///
/// # Errors
/// When a reading would fail.
pub(super) async fn check(settings: &Settings) -> Result<Vec<String>, Trouble> {
    let (at, mut session) = connect(settings, 0).await?;
    let directory = Directory::ask(&mut session).await?;
    let mut said = vec![greeting(&session, &directory)];
    said.push(identity(settings, &mut session, &directory).await?);
    if settings.paging.is_some() && !directory.knows_control(PAGED) {
        said.push("warning: the server does not say that it can page; if a reading fails, set `paging: off`".into());
    }
    others(settings, at, &mut said).await;
    let shape = shape(&settings.users, settings.groups.as_ref(), directory.server);
    let users = Search::users(&settings.users, &shape, directory.server);
    let id = settings.users.id.as_deref().unwrap_or(directory.server.id_attribute());
    explore(settings, &mut session, &Explored { kind: Kind::User, search: &users, id }, &mut said).await?;
    said.push(size_limit(settings, &session.address, &users).await?);
    if let Some(file) = &settings.groups {
        let groups = Search::groups(file, &shape, directory.server);
        let id = file.id.as_deref().unwrap_or(directory.server.id_attribute());
        explore(settings, &mut session, &Explored { kind: Kind::Group, search: &groups, id }, &mut said).await?;
    }
    session.close().await;
    Ok(said)
}

fn greeting(session: &Session, directory: &Directory) -> String {
    let address = &session.address;
    let safety = match address.security {
        Security::Clear => "no TLS".to_owned(),
        Security::Ldaps => format!("{}, the certificate is valid for {}", session.tls.words(), address.host),
        Security::StartTls => {
            format!("{} by StartTLS, the certificate is valid for {}", session.tls.words(), address.host)
        }
    };
    let holds = match directory.contexts.as_slice() {
        [] => String::new(),
        contexts => format!("; it holds {}", shown(&contexts.join(", "), 200)),
    };
    format!("{address}: {}, {safety}{holds}", directory.describe())
}

async fn identity(settings: &Settings, session: &mut Session, directory: &Directory) -> Result<String, Trouble> {
    let known = if directory.knows_extension(WHO_AM_I) { session.who_am_i().await? } else { None };
    let bound = match &settings.bind {
        Some(bind) => format!("bound as {}", shown(&bind.dn, 200)),
        None => "not bound: anonymous".to_owned(),
    };
    Ok(match known.as_deref() {
        None => bound,
        Some("") => format!("{bound}; the server takes us for anonymous"),
        Some(known) => format!("{bound}; the server knows us as {}", shown(known, 200)),
    })
}

/// The servers that would step in.
async fn others(settings: &Settings, first: usize, said: &mut Vec<String>) {
    for (at, address) in settings.addresses.iter().enumerate().filter(|(at, _)| *at != first) {
        match Session::open(settings, address).await {
            Ok(session) => {
                said.push(format!("{address} answers too"));
                session.close().await;
            }
            Err(trouble) => {
                let order = if at < first { "was tried first" } else { "could not step in" };
                said.push(format!("warning: a server {order}: {}", trouble.why));
            }
        }
    }
}

/// A search, and the attribute that must be on all of it.
struct Explored<'a> {
    kind: Kind,
    search: &'a Search,
    id: &'a str,
}

/// What the first page holds.
struct Sample {
    entries: usize,
    /// Of each attribute of the search, how many entries have it.
    present: Vec<usize>,
}

async fn explore(
    settings: &Settings,
    session: &mut Session,
    explored: &Explored<'_>,
    said: &mut Vec<String>,
) -> Result<(), Trouble> {
    let Explored { kind, search, id } = explored;
    let noun = match kind {
        Kind::User => "user",
        Kind::Group => "group",
    };
    let manner = Manner::of(settings, noun);
    let counting = search.counting();
    let counted = search::read(session, &counting, manner, &AtomicU64::new(0), |_| {}).await?;
    let (base, filter) = (shown(&search.base, 200), shown(&search.filter, 200));
    said.push(format!("{} below {base} for {filter}", count(counted.entries, noun)));
    let whole = counted.coverage.is_whole();
    said.extend(counted.coverage.proofs.into_iter().map(|proof| format!("{noun}s: {proof}")));
    said.extend(
        counted.coverage.missing.into_iter().map(|why| format!("warning: {noun}s are not proven complete: {why}")),
    );
    if counted.entries == 0 && whole {
        let hint = "check `base` and `filter`, and whether the bind account may see what is below";
        said.push(format!("warning: no {noun} was found: {hint}"));
    }
    // With nobody found, the reading itself asked.
    if counted.entries > 0 {
        let unknown = schema::unknown(session, &filter::attributes(&search.filter)).await?;
        said.extend(unknown.iter().map(|name| format!("warning: {}", unknown_in_filter(name, noun))));
    }
    let sample = sample(session, search, manner).await?;
    said.extend(paging(&sample, manner, counted.entries));
    said.extend(presence(&sample, search, id, noun));
    said.push(ldapsearch(settings, &session.address, search));
    Ok(())
}

/// Reads one page, and keeps only what is on how many entries.
async fn sample(session: &mut Session, search: &Search, manner: Manner) -> Result<Sample, Trouble> {
    let pages = Pages::new(manner.noun, manner.paging);
    let mut answers = session.search(search, pages.controls()).await?;
    let mut sample = Sample { entries: 0, present: vec![0; search.attributes.len()] };
    loop {
        let message = match answers.next().await {
            Ok(Some(message)) => message,
            Ok(None) => break,
            Err(error) => return Err(session.trouble(error, "looking at a page").await),
        };
        let item = decode(message).map_err(|it| Trouble::new(FailureClass::Unexpected, it.to_string()))?;
        if let Item::Entry(decoded) = item {
            sample.entries += 1;
            for (name, present) in search.attributes.iter().zip(&mut sample.present) {
                *present += usize::from(!decoded.entry.values(name).is_empty());
            }
        }
    }
    let answer = answers.finish().await;
    match answer.rc {
        // Limits were told with the count.
        0 | 3 | 4 | 10 | 11 => Ok(sample),
        _ => Err(refused(&answer, &search.base)),
    }
}

fn paging(sample: &Sample, manner: Manner, all: usize) -> Option<String> {
    let (asked, noun) = (usize::try_from(manner.paging?).ok()?, manner.noun);
    let told = format!("{noun}s: a page of {asked} was asked for, {} came", sample.entries);
    let whole = sample.entries == asked.min(all);
    Some(if whole { told } else { format!("{told}: the server has its own size of a page") })
}

fn presence(sample: &Sample, search: &Search, id: &str, noun: &str) -> Vec<String> {
    let mut said = Vec::new();
    if sample.entries == 0 {
        return said;
    }
    let looked_at = count(sample.entries, noun);
    for (name, present) in search.attributes.iter().zip(&sample.present) {
        let shown = shown(name, 100);
        if name.eq_ignore_ascii_case(id) {
            let lacking = sample.entries - present;
            said.push(match lacking {
                0 => format!("`{shown}` tells {noun}s apart: all of {looked_at} have it"),
                _ => format!("warning: `{shown}` should tell {noun}s apart, but {lacking} of {looked_at} lack it"),
            });
        } else if *present == 0 {
            said.push(format!("warning: none of {looked_at} has `{shown}`: is it spelled so, and may it be read?"));
        }
    }
    said
}

/// Where the server stops when it is not asked for pages. On a connection of its own: the rest of the answer is not
/// waited for.
async fn size_limit(settings: &Settings, address: &Address, search: &Search) -> Result<String, Trouble> {
    let mut session = Session::open(settings, address).await?;
    let search = search.counting();
    let mut answers = session.search(&search, Vec::new()).await?;
    let mut entries = 0;
    while entries < PROBE {
        match answers.next().await {
            Ok(Some(message)) => entries += usize::from(!message.is_ref() && !message.is_intermediate()),
            Ok(None) => {
                let answer = answers.finish().await;
                session.close().await;
                return Ok(match answer.rc {
                    0 => format!("without paging the server gives all {}", count(entries, "user")),
                    _ => format!("without paging the server stops after {}: {}", count(entries, "user"), told(&answer)),
                });
            }
            Err(error) => return Err(session.trouble(error, "reading without paging").await),
        }
    }
    Ok(format!("without paging the server gives {} and more", count(PROBE, "user")))
}
