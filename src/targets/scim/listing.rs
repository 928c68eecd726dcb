//! Lists, read page by page (RFC 7644, 3.4.2.4; RFC 9865).

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::api::{Api, refusal};
use super::config::{Paging, Totals};
use super::manner::Manner;
use super::service::Service;
use super::walk::{Next, Walk};
use super::wire::{Failure, ListPage, Resource};
use crate::connector::{ConnectorError, FailureClass};
use crate::http::Answer;
use crate::principal::{Kind, shown};

/// A list that was read to its end.
#[derive(Debug)]
pub(super) struct Listing<T> {
    pub(super) rows: Vec<T>,
    pub(super) proof: String,
    /// Resources that cannot be read, in words.
    pub(super) spoilt: Vec<String>,
}

/// How the next page is asked for.
#[derive(Debug, Clone)]
struct Turn {
    paging: Paging,
    /// How many were received so far.
    after: usize,
    cursor: String,
    /// Resources of a page; none where the service refused to be told.
    count: Option<usize>,
    /// Whether `startIndex` is sent: a service that refuses it gives all on one page.
    indexed: bool,
    restarts: u32,
}

impl Turn {
    fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = Vec::new();
        match self.paging {
            Paging::Cursor => query.push(("cursor", self.cursor.clone())),
            // Some services show nobody unless both are sent (bitwarden/server#4034).
            Paging::Index if self.indexed => query.push(("startIndex", (self.after + 1).to_string())),
            Paging::Index => {}
        }
        query.extend(self.count.map(|count| ("count", count.to_string())));
        query
    }

    /// Goes back to the first page.
    fn restart(&mut self) {
        (self.after, self.cursor) = (0, String::new());
    }

    fn is_first(&self) -> bool {
        self.after == 0
    }

    /// Asks otherwise after a refusal; whether there is another way.
    fn retreat(&mut self, answer: &Answer) -> bool {
        let said = Failure::read(&String::from_utf8_lossy(&answer.body)).and_then(|failure| failure.kind);
        let said = said.unwrap_or_default();
        match (answer.status, self.paging) {
            (501, Paging::Cursor) if self.is_first() => self.paging = Paging::Index,
            (400, Paging::Cursor) if ["expiredCursor", "invalidCursor"].contains(&said.as_str()) => {
                self.restarts += 1;
                self.restart();
                return self.restarts < 3;
            }
            (400, _) if self.is_first() && self.count.is_some() => self.count = None,
            (400, Paging::Index) if self.is_first() && self.indexed => self.indexed = false,
            _ => return false,
        }
        true
    }
}

fn whole(kind: Kind, proof: &impl std::fmt::Display) -> String {
    format!("{} read to their end: {proof}", kind.plural())
}

/// Reads every resource of a kind; `read` makes a row of one, or says why it cannot.
///
/// # Errors
/// When a page cannot be read, or the pages do not make a whole.
pub(super) async fn list<T>(
    api: &Api,
    service: &Service,
    manner: &Manner,
    kind: Kind,
    read: impl Fn(Resource) -> Result<T, String>,
) -> Result<Listing<T>, ConnectorError> {
    let doing = format!("listing the {} of SCIM service `{}`", kind.plural(), api.name());
    let fail = |why: String| {
        ConnectorError::new(FailureClass::Unexpected, doing.as_str(), format!("the pages do not make a whole: {why}"))
            .with_hint(
                "nothing was decided; a later run may meet a quieter moment, or see `paging`, `count` and `totals`",
            )
    };
    let paging = manner.paging.unwrap_or(service.paging());
    let mut turn = Turn { paging, after: 0, cursor: String::new(), count: manner.count, indexed: true, restarts: 0 };
    let mut walk = Walk::new(manner.totals == Totals::Trusted);
    let (mut rows, mut spoilt, mut told) = (Vec::new(), Vec::new(), None);
    let mut known: FxHashSet<String> = FxHashSet::default();
    loop {
        let answer = api.get(&doing, &Api::path(kind, None), &turn.query()).await?;
        let page = if answer.is_success() {
            let unread = |why| ConnectorError::new(FailureClass::Unexpected, doing.as_str(), why);
            ListPage::read(answer.json(&doing)?).map_err(unread)?
        } else if !turn.is_first() && told == Some(turn.after) && [400, 404].contains(&answer.status) {
            // There is nothing after the last one: some services refuse to say so.
            ListPage::default()
        } else {
            let first = turn.is_first();
            if !turn.retreat(&answer) {
                return Err(refusal(&answer, &doing));
            }
            if !first {
                (walk, rows, spoilt) = (Walk::new(manner.totals == Totals::Trusted), Vec::new(), Vec::new());
                known.clear();
            }
            continue;
        };
        let ids: Vec<String> = page.rows.iter().map(identity).collect();
        let before = walk.seen();
        let is_last = match turn.paging {
            Paging::Cursor => page.next.is_none(),
            Paging::Index => !turn.indexed,
        };
        told = page.total;
        let next = walk.page(ids.iter().map(String::as_str), page.total, is_last).map_err(fail)?;
        let shows_nothing_new = walk.seen() == before && next != Next::Again;
        // Pages of some services overlap (wso2/product-is#9957): what was shown twice is there once.
        let new = page.rows.into_iter().zip(ids).filter(|(_, id)| known.insert(id.clone()));
        for (row, _) in new.filter(|_| !shows_nothing_new) {
            match row_of(row, kind, &manner.ignore, &read) {
                Some(Ok(row)) => rows.push(row),
                Some(Err(why)) => spoilt.push(why),
                None => {}
            }
        }
        match next {
            Next::After(after) => (turn.after, turn.cursor) = (after, page.next.unwrap_or_default()),
            Next::Again => {
                turn.restart();
                (rows, spoilt) = (Vec::new(), Vec::new());
                known.clear();
            }
            Next::Whole(proof) => return Ok(Listing { proof: whole(kind, &proof), rows, spoilt }),
        }
    }
}

/// What a resource is told apart by: its id, or all of it where it has none.
fn identity(row: &Value) -> String {
    let id = Resource::read(row.clone()).and_then(|resource| resource.id());
    id.map_or_else(|| format!("\0{row}"), String::from)
}

/// Nothing where it is passed over.
fn row_of<T>(
    row: Value,
    kind: Kind,
    ignore: &[String],
    read: impl Fn(Resource) -> Result<T, String>,
) -> Option<Result<T, String>> {
    let Some(resource) = Resource::read(row) else {
        return Some(Err(format!("a {} of the list is no object", kind.word())));
    };
    let Some(id) = resource.id() else { return Some(Err(format!("a {} of the list has no `id`", kind.word()))) };
    if ignore.iter().any(|known| *known == *id) {
        return None;
    }
    let told = shown(&id, 60);
    Some(read(resource).map_err(|why| format!("the {} with id `{told}` {why}", kind.word())))
}
