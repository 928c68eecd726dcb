//! Reading a search to its end, and believing it.
//!
//! A search tells no total, and its pages are no snapshot. So each page but the first is asked for from one row before the
//! end of the last: that row must come again, which shows that nothing moved and that an empty page is not the answer of
//! a product that has lost its way. At the end the last row of the reversed order must be among those seen: a page that
//! broke off, and was taken for the last, does not pass.

use super::api::Api;
use super::wire::Row;
use crate::connector::{ConnectorError, FailureClass};
use crate::http::{Ends, Next, Paging};
use crate::principal::Kind;

/// A listing that was read to its end.
#[derive(Debug)]
pub(super) struct Listing<T> {
    pub(super) rows: Vec<T>,
    pub(super) pages: usize,
}

/// How one pass through the pages ended.
enum Pass<T> {
    Whole(Listing<T>),
    /// Rows moved while they were read.
    Moved,
}

/// Every row of a search. It is read once more where rows moved.
///
/// # Errors
/// When a page cannot be read, or the pages cannot be the whole.
pub(super) async fn listing<T: Row>(api: &Api, kind: Kind, size: usize) -> Result<Listing<T>, ConnectorError> {
    for _ in 0..2 {
        if let Pass::Whole(listing) = pass(api, kind, size).await? {
            return Ok(listing);
        }
        tracing::warn!("Rows moved between the pages of a search: it is read once more");
    }
    Err(doubt(api, kind, "rows moved between the pages, also when all was read a second time"))
}

async fn pass<T: Row>(api: &Api, kind: Kind, size: usize) -> Result<Pass<T>, ConnectorError> {
    let mut paging = Paging::new(Ends::AtEmptyPage);
    let mut rows: Vec<T> = Vec::new();
    loop {
        let overlap = usize::from(!rows.is_empty());
        let mut page: Vec<T> = api.page(kind, rows.len() - overlap, size + overlap, false).await?;
        if let Some(last) = rows.last() {
            match page.first() {
                None => {
                    let why = format!("a page is empty that must show row {} again", rows.len());
                    return Err(doubt(api, kind, &why));
                }
                Some(first) if first.id() != last.id() => return Ok(Pass::Moved),
                Some(_) => drop(page.remove(0)),
            }
        } else if page.is_empty() {
            return Err(doubt(api, kind, "the first page is empty, though every cluster has some of its own"));
        }
        match paging.page(page.iter().map(Row::id), None).map_err(|why| doubt(api, kind, &why))? {
            Next::From(_) => rows.extend(page),
            Next::Again => return Ok(Pass::Moved),
            Next::End => break,
        }
    }
    let last: Vec<T> = api.page(kind, 0, 1, true).await?;
    let seen = last.first().is_some_and(|last| rows.iter().rev().any(|row| row.id() == last.id()));
    if seen {
        return Ok(Pass::Whole(Listing { rows, pages: paging.pages() }));
    }
    let why = format!("the listing ended after {} rows, and the last of all is not among them", rows.len());
    Err(doubt(api, kind, &why))
}

fn doubt(api: &Api, kind: Kind, why: &str) -> ConnectorError {
    ConnectorError::new(FailureClass::Unexpected, api.listing(kind), format!("{why}: it is not whole"))
        .with_hint("nothing was decided on it and nobody was taken for gone; a later run reads again")
}
