//! Which page of a list was asked for (RFC 7644, 3.4.2.4; RFC 9865).

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::caller::Asked;
use crate::sandbox::scim::error::{
    EXPIRED_CURSOR, INVALID_COUNT, INVALID_CURSOR, INVALID_VALUE, crash, not_implemented, refused,
};
use crate::sandbox::scim::reading::{Counting, Cursor, OverMaximum};
use crate::sandbox::scim::switches::Switches;

/// Scatters places, so that nobody guesses what a cursor means.
const MASK: u64 = 0x5ca1_ab1e_0ddb_a115;

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// At the so manyth resource, counted from 1.
    Index(usize),
    /// At the first resource, or at this place and after; a cursor to the next page is wanted.
    Cursor(Option<i64>),
}

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) start: Start,
    pub(super) count: usize,
    /// Whether both `startIndex` and `count` were sent.
    pub(super) explicit: bool,
}

impl Page {
    /// The page that a request asks for.
    pub(super) fn of(asked: &Asked, switches: &Switches, expiring: &mut u32) -> Result<Self, Failure> {
        let number = |name: &str| {
            let read = asked.parameter(name).map(|text| {
                let wrong = |_| refused(INVALID_VALUE, format!("{name} must be a number"));
                text.parse::<i64>().map_err(wrong)
            });
            read.transpose().map(|found| found.map(|found| usize::try_from(found).unwrap_or(0)))
        };
        let (index, count) = (number("startIndex")?, number("count")?);
        let explicit = index.is_some() && count.is_some();
        let cursor = asked.parameter("cursor");
        let start = match (switches.cursor, cursor) {
            (Cursor::NotImplemented, Some(_)) => return Err(not_implemented("paging by cursor")),
            (Cursor::Offered | Cursor::Only, Some(text)) => Start::Cursor(place(text, expiring)?),
            (Cursor::Only, None) => Start::Index(1),
            _ if switches.ignore_start_index => Start::Index(1),
            _ => {
                let index = index.unwrap_or(1).max(1);
                Start::Index(if index > 1 { index.saturating_sub(switches.overlap).max(1) } else { index })
            }
        };
        let count = size(count, matches!(start, Start::Cursor(_)), switches)?;
        Ok(Self { start, count, explicit })
    }

    /// Whether it is the first.
    pub(super) fn is_first(&self) -> bool {
        matches!(self.start, Start::Index(1) | Start::Cursor(None))
    }
}

fn size(count: Option<usize>, by_cursor: bool, switches: &Switches) -> Result<usize, Failure> {
    let most = switches.max_results.unwrap_or(200);
    let Some(count) = count else { return Ok(switches.default_count.unwrap_or(100).min(most)) };
    match switches.count {
        Counting::Crashes => return Err(crash()),
        Counting::ZeroRefused if count == 0 => return Err(refused(INVALID_VALUE, "count must be at least 1")),
        _ => {}
    }
    if count > most && switches.over_maximum == OverMaximum::Refuse {
        let code = if by_cursor { INVALID_COUNT } else { INVALID_VALUE };
        return Err(refused(code, format!("count must be at most {most}")));
    }
    Ok(count.min(most))
}

/// The cursor that leads to a place.
pub(super) fn cursor(place: i64) -> String {
    format!("{:016x}", place.cast_unsigned() ^ MASK)
}

fn place(text: &str, expiring: &mut u32) -> Result<Option<i64>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok()).flatten();
    let place = read.ok_or_else(|| refused(INVALID_CURSOR, "the cursor is not one of this service"))?;
    if *expiring > 0 {
        *expiring -= 1;
        return Err(refused(EXPIRED_CURSOR, "the cursor has expired"));
    }
    Ok(Some((place ^ MASK).cast_signed()))
}
