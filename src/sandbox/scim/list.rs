//! GET of a list (RFC 7644, 3.4.2).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Effect;
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::caller::Asked;
use crate::sandbox::scim::emulator::{Scim, World};
use crate::sandbox::scim::error::{INVALID_FILTER, not_implemented, refused};
use crate::sandbox::scim::filter::{Comparison, Filter};
use crate::sandbox::scim::page::{Page, Start, cursor};
use crate::sandbox::scim::place::paths;
use crate::sandbox::scim::reading::{Filtering, Ids, Total};
use crate::sandbox::scim::render::{Showcase, body};
use crate::sandbox::scim::rules::is_visible;
use crate::sandbox::scim::show::Choice;
use crate::sandbox::scim::store::Store;
use crate::sandbox::scim::switches::Switches;
use crate::sandbox::scim::table::Entry;
use crate::sandbox::scim::writing::Deactivation;

const LIST_URN: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// A page of users or of groups.
pub(super) async fn list(State(emulator): State<Arc<Scim>>, asked: Asked) -> Result<Response, Failure> {
    let mut world = emulator.world();
    let World { store, switches, expiring, arriving, token: _ } = &mut *world;
    let page = Page::of(&asked, switches, expiring)?;
    let filter = asked.parameter("filter").map(|text| accept(text, asked.kind, switches)).transpose()?.flatten();
    let (total, entries) = select(store, switches, &asked, page, filter.as_ref());
    let empty = switches.hide_lists || (switches.paging_needed && !page.explicit);
    let next = entries.get(page.count).filter(|_| matches!(page.start, Start::Cursor(_))).map(|entry| entry.place);
    let showcase = Showcase { store, switches, base: &asked.base };
    let choice = Choice::of(&asked, switches.projection);
    let shown = entries.iter().take(if empty { 0 } else { page.count });
    let mut shown: Vec<Value> = shown.map(|entry| Value::Object(showcase.chosen(asked.kind, entry, &choice))).collect();
    if let Some(first) = shown.first_mut().filter(|_| switches.spoilt_resource && asked.kind == Kind::User) {
        *first = Value::Null;
    }
    let total = if switches.hide_lists { 0 } else { total };
    let mut response = body(&Value::Object(envelope(shown, total, page, next, switches))).into_response();
    let mut warnings = Vec::new();
    if asked.parameter("count").is_none() {
        warnings.push("the list was asked for without count".to_owned());
    }
    response.extensions_mut().insert(Effect { warnings, ..Effect::default() });
    if page.is_first() && asked.kind == Kind::User && filter.is_none() {
        arrive(store, arriving, switches.ids);
    }
    Ok(response)
}

fn envelope(shown: Vec<Value>, total: usize, page: Page, next: Option<i64>, switches: &Switches) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("schemas".to_owned(), json!([LIST_URN]));
    let total = match switches.total_results {
        Total::Honest => Some(total),
        Total::PageSize => Some(shown.len()),
        Total::Capped(most) => Some(total.min(most)),
        Total::Absent => None,
    };
    map.extend(total.map(|total| ("totalResults".to_owned(), Value::from(total))));
    map.insert("itemsPerPage".to_owned(), Value::from(shown.len()));
    if let Start::Index(index) = page.start {
        map.insert("startIndex".to_owned(), Value::from(index));
    }
    map.extend(next.map(|place| ("nextCursor".to_owned(), Value::from(cursor(place)))));
    let key = if switches.lower_case_resources { "resources" } else { "Resources" };
    map.insert(key.to_owned(), Value::Array(shown));
    map
}

/// A filter that the service takes; none where it ignores it.
fn accept(text: &str, kind: Kind, switches: &Switches) -> Result<Option<Filter>, Failure> {
    match switches.filter {
        Filtering::Ignored => return Ok(None),
        Filtering::NotImplemented => return Err(not_implemented("filter")),
        Filtering::Refused => return Err(refused(INVALID_FILTER, "filters are not taken")),
        Filtering::Full | Filtering::Equality | Filtering::MailOnly => {}
    }
    let filter = Filter::read(text)?;
    if switches.filter == Filtering::Equality && !filter.is_equality() {
        return Err(refused(INVALID_FILTER, "only eq and and are taken"));
    }
    let comparisons = filter.comparisons();
    if switches.filter_nodes.is_some_and(|most| comparisons.len() > most) {
        return Err(refused(INVALID_FILTER, "the filter has too many nodes"));
    }
    for (name, path) in paths(&switches.unfilterable, kind) {
        if comparisons
            .iter()
            .any(|(sent, ..)| sent.eq_ignore_ascii_case(&path.attribute) || sent.eq_ignore_ascii_case(name))
        {
            return Err(refused(INVALID_FILTER, format!("{name} cannot be filtered by")));
        }
    }
    if switches.filter == Filtering::MailOnly {
        let sought = comparisons.first().and_then(|(.., value)| value.cloned()).unwrap_or_default();
        let equal = super::filter::Operator::Equal;
        return Ok(Some(Filter::Compare("emails.value".to_owned(), equal, sought)));
    }
    Ok(Some(filter))
}

/// How many resources there are, and those of the page with one more.
fn select<'store>(
    store: &'store Store,
    switches: &Switches,
    asked: &Asked,
    page: Page,
    filter: Option<&Filter>,
) -> (usize, Vec<&'store Entry>) {
    let table = store.table(asked.kind);
    let plain = matches!(switches.deactivation, Deactivation::Plain | Deactivation::Deletes);
    let wanted = page.count.saturating_add(1);
    if filter.is_none() && plain {
        let found = match page.start {
            Start::Index(index) => table.entries().skip(index - 1).take(wanted).collect(),
            Start::Cursor(None) => table.entries().take(wanted).collect(),
            Start::Cursor(Some(place)) => table.starting_at(place).take(wanted).collect(),
        };
        return (table.len(), found);
    }
    let showcase = Showcase { store, switches, base: &asked.base };
    let how = Comparison { attributes: asked.kind.attributes(), exact: switches.filter_case_exact };
    let meets = |entry: &&Entry| {
        is_visible(switches, entry) && filter.is_none_or(|filter| holds(filter, showcase, asked.kind, entry, how))
    };
    let all: Vec<&Entry> = match candidates(store, asked.kind, filter) {
        Some(few) => few.into_iter().filter(meets).collect(),
        None => table.entries().filter(meets).collect(),
    };
    let total = all.len();
    let found = match page.start {
        Start::Index(index) => all.into_iter().skip(index - 1).take(wanted).collect(),
        Start::Cursor(place) => {
            all.into_iter().filter(|entry| place.is_none_or(|place| entry.place >= place)).take(wanted).collect()
        }
    };
    (total, found)
}

/// Filters see the members that lists hide.
fn holds(filter: &Filter, showcase: Showcase<'_>, kind: Kind, entry: &Entry, how: Comparison) -> bool {
    let mut map = showcase.show(kind, entry);
    if kind == Kind::Group && showcase.switches.hide_members {
        let members = entry.members.keys().map(|id| showcase.member(id));
        map.insert("members".to_owned(), members.collect());
    }
    filter.holds(&map, how)
}

/// The few that can meet a filter, where an index tells.
fn candidates<'store>(store: &'store Store, kind: Kind, filter: Option<&Filter>) -> Option<Vec<&'store Entry>> {
    let table = store.table(kind);
    let at = |places: &[i64]| places.iter().filter_map(|place| table.at(*place)).collect::<Vec<_>>();
    filter?.equalities().into_iter().find_map(|(name, text)| match name {
        "id" => Some(table.get(text).into_iter().collect()),
        "externalId" => Some(at(table.with_external(text))),
        name if name == kind.label() => Some(at(table.named(text))),
        "members.value" if kind == Kind::Group => Some(store.groups_of(text).collect()),
        _ => None,
    })
}

/// Lets users come between two pages, before all others.
fn arrive(store: &mut Store, arriving: &mut u32, ids: Ids) {
    for number in 1..=std::mem::take(arriving) {
        let name = format!("between-{number}@example.org");
        let attributes = [("userName".to_owned(), Value::from(name))].into_iter().collect();
        store.add(Kind::User, None, attributes, true, ids);
    }
}
