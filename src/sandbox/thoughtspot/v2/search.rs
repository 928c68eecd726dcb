//! What both searches share: which rows a page holds, and in which order.

use serde::Deserialize;

use crate::sandbox::failure::Failure;
use crate::sandbox::thoughtspot::header_list::matches;
use crate::sandbox::thoughtspot::principal::{Principal, Visibility};
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::invalid;
use crate::sandbox::thoughtspot::v2::show_user::visibility;
use crate::sandbox::thoughtspot::v2::switches::Switches;

/// Rows of a page unless it is said (vendor's description).
const PAGE: usize = 10;

/// What to order by. There are no authors here: they count as equal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum SortField {
    #[default]
    Name,
    DisplayName,
    Author,
    Created,
    Modified,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum SortOrder {
    #[default]
    Asc,
    Desc,
}

/// The page that is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) offset: usize,
    /// `None` for everything.
    pub(super) size: Option<usize>,
    field: SortField,
    order: SortOrder,
}

impl Page {
    pub(super) fn read(ask: &mut Ask) -> Result<Self, Failure> {
        let offset = ask.number("record_offset")?.unwrap_or(0);
        let offset = usize::try_from(offset).map_err(|_| invalid("record_offset must not be negative"))?;
        let size = match ask.number("record_size")? {
            None => Some(PAGE),
            Some(-1) => None,
            Some(size) => Some(usize::try_from(size).map_err(|_| invalid("record_size must be -1 or more"))?),
        };
        let (mut field, mut order) = (SortField::default(), SortOrder::default());
        if let Some(mut options) = ask.object("sort_options")? {
            field = options.choice("field_name")?.unwrap_or_default();
            order = options.choice("order")?.unwrap_or_default();
        }
        Ok(Self { offset, size, field, order })
    }

    /// The rows of the page, of a list that is in the order of names.
    pub(super) fn cut<'rows, T: Clone>(
        &self,
        rows: &'rows [T],
        principal: impl Fn(&T) -> Option<&'rows Principal>,
        switches: Switches,
    ) -> Vec<T> {
        if self.field == SortField::Name && self.order == SortOrder::Asc {
            return self.slice(rows, switches).to_vec();
        }
        let mut rows = rows.to_vec();
        let key = |row: &T| {
            principal(row).map(|found| match self.field {
                SortField::DisplayName => (found.attributes.display_name.clone(), 0),
                SortField::Created => (String::new(), found.created),
                SortField::Modified => (String::new(), found.modified),
                SortField::Name | SortField::Author => (String::new(), 0),
            })
        };
        rows.sort_by_cached_key(key);
        if self.order == SortOrder::Desc {
            rows.reverse();
        }
        self.slice(&rows, switches).to_vec()
    }

    fn slice<'rows, T>(&self, rows: &'rows [T], switches: Switches) -> &'rows [T] {
        if switches.empty_page.is_some_and(|from| self.offset >= from) {
            return &[];
        }
        let mut end = self.size.map_or(rows.len(), |size| self.offset.saturating_add(size)).min(rows.len());
        if let Some(last) = switches.truncated_page.filter(|last| self.offset < *last) {
            end = end.min(last);
        }
        rows.get(self.offset..end).unwrap_or_default()
    }
}

/// What users and groups alike are looked for by.
#[derive(Debug)]
pub(super) struct Wanted {
    display_name: Option<String>,
    name_pattern: Option<String>,
    visibility: Option<String>,
}

impl Wanted {
    pub(super) fn read(ask: &mut Ask) -> Result<Self, Failure> {
        Ok(Self {
            display_name: ask.text("display_name")?,
            name_pattern: ask.text("name_pattern")?.map(|pattern| pattern.to_lowercase()),
            visibility: ask.text("visibility")?,
        })
    }

    /// Whether nothing is wanted.
    pub(super) const fn is_open(&self) -> bool {
        self.display_name.is_none() && self.name_pattern.is_none() && self.visibility.is_none()
    }

    pub(super) fn fits(&self, principal: &Principal) -> bool {
        let own: Visibility = principal.attributes.visibility;
        self.display_name.as_ref().is_none_or(|name| *name == principal.attributes.display_name)
            && self.name_pattern.as_ref().is_none_or(|pattern| matches(pattern, &principal.name.to_lowercase()))
            && self.visibility.as_ref().is_none_or(|wanted| *wanted == visibility(own))
    }
}

/// Whether something is as wanted, where anything is wanted.
pub(super) fn same<T: PartialEq>(wanted: Option<&T>, own: &T) -> bool {
    wanted.is_none_or(|wanted| wanted == own)
}
