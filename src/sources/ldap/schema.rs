//! Which attributes a server knows: to a filter with one that it does not know it answers with nothing, and no error.

use rustc_hash::FxHashSet;

use super::decode::{Item, decode};
use super::entry::Entry;
use super::filter;
use super::session::Session;
use super::trouble::Trouble;
use super::wanted::Search;

/// The attribute types of a server. RFC 4512, section 4.2.
#[derive(Debug, Default)]
pub(super) struct Schema {
    /// Names and OIDs, in lower case; empty where the schema cannot be read.
    known: FxHashSet<String>,
}

impl Schema {
    /// Asks the server. A schema that cannot be read knows everything.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(super) async fn ask(session: &mut Session) -> Result<Self, Trouble> {
        let root = one(session, &Search::at("", ["subschemaSubentry"])).await?;
        let Some(place) = root.values("subschemaSubentry").first() else { return Ok(Self::default()) };
        let place = String::from_utf8_lossy(place).into_owned();
        let mut search = Search::at(&place, ["attributeTypes"]);
        search.filter = "(objectClass=subschema)".into();
        Ok(Self::of(&one(session, &search).await?))
    }

    fn of(entry: &Entry) -> Self {
        let mut known = FxHashSet::default();
        for definition in entry.values("attributeTypes") {
            names(&String::from_utf8_lossy(definition), &mut known);
        }
        Self { known }
    }

    /// Of the attributes that `filter` asks about, those that the server does not know.
    pub(super) fn unknown_in<'a>(&self, filter: &'a str) -> Vec<&'a str> {
        filter::attributes(filter).into_iter().filter(|name| !self.knows(name)).collect()
    }

    /// Whether the server knows an attribute of this name.
    pub(super) fn knows(&self, name: &str) -> bool {
        let name = name.split(';').next().unwrap_or(name);
        self.known.is_empty() || self.known.contains(&name.to_ascii_lowercase())
    }
}

/// `( 0.9.2342.19200300.100.1.1 NAME ( 'uid' 'userid' ) DESC 'such' … )`
fn names(definition: &str, known: &mut FxHashSet<String>) {
    let inner = definition.trim_start_matches(['(', ' ']);
    known.extend(inner.split_whitespace().next().map(str::to_ascii_lowercase));
    let Some((_, after)) = definition.split_once(" NAME ") else { return };
    let after = after.trim_start();
    let list = match after.strip_prefix('(') {
        Some(list) => list.split(')').next().unwrap_or(list),
        None => after.splitn(3, '\'').nth(1).map_or("", |name| name),
    };
    let quoted = list.split('\'').map(str::trim).filter(|name| !name.is_empty());
    known.extend(quoted.map(str::to_ascii_lowercase));
}

async fn one(session: &mut Session, search: &Search) -> Result<Entry, Trouble> {
    let (entries, _) = session.collect(search).await?;
    let found = entries.into_iter().find_map(|entry| match decode(entry) {
        Ok(Item::Entry(decoded)) => Some(decoded.entry),
        _ => None,
    });
    Ok(found.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::entry::EntryAttribute;
    use super::*;

    #[test]
    fn a_misspelt_attribute_is_found() {
        let definitions = [
            "( 2.5.4.0 NAME 'objectClass' DESC 'RFC4512: object classes' EQUALITY x )",
            "( 0.9.2342.19200300.100.1.1 NAME ( 'uid' 'userid' ) DESC 'a ''user''' )",
            "( 1.2.3 DESC 'it has no name' )",
        ];
        let values = definitions.map(|text| text.as_bytes().to_vec()).to_vec();
        let attributes = vec![EntryAttribute { name: "attributeTypes".into(), values }];
        let schema = Schema::of(&Entry { dn: "cn=Subschema".into(), attributes });
        assert_eq!(schema.unknown_in("(&(objectClas=person)(UID=a*)(userid=b)(1.2.3=c))"), ["objectClas"]);
        assert!(schema.knows("uid;lang-de") && !schema.knows("RFC4512"));
        assert!(Schema::default().knows("anything"), "what cannot be read forbids nothing");
    }
}
