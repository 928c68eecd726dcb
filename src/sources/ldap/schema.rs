//! Which attributes a server knows. To a filter that asks about one it does not know, it answers with nothing and no
//! error; so does a reading of a misspelt attribute.

use super::session::Session;
use super::trouble::Trouble;
use super::wanted::Search;

/// Those of `names` that the server does not know; none where it does not show its schema. RFC 4512, section 4.2.
///
/// # Errors
/// When the connection is lost.
pub(super) async fn unknown<'a>(session: &mut Session, names: &[&'a str]) -> Result<Vec<&'a str>, Trouble> {
    let root = session.entry(&Search::at("", ["subschemaSubentry"])).await?;
    let Some(place) = root.values("subschemaSubentry").first() else { return Ok(Vec::new()) };
    let mut search = Search::at(&String::from_utf8_lossy(place), ["attributeTypes"]);
    search.filter = "(objectClass=subschema)".into();
    let schema = session.entry(&search).await?;
    Ok(missing(schema.values("attributeTypes"), names))
}

/// Those of `names` that no attribute type has as its OID or as one of its names; none where there is no type at all.
pub(super) fn missing<'a>(types: &[Vec<u8>], names: &[&'a str]) -> Vec<&'a str> {
    if types.is_empty() {
        return Vec::new();
    }
    let types: Vec<_> = types.iter().map(|text| String::from_utf8_lossy(text)).collect();
    let is_known = |name: &str| types.iter().any(|text| spelled(text).any(|known| known.eq_ignore_ascii_case(name)));
    names.iter().filter(|name| !is_known(name.split(';').next().unwrap_or(name))).copied().collect()
}

/// The OID and the names of an attribute type: `( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC '…' … )`.
fn spelled(text: &str) -> impl Iterator<Item = &str> {
    let inner = text.trim_start().trim_start_matches('(').trim_start();
    let (oid, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let names = rest.trim_start().strip_prefix("NAME").unwrap_or("").trim_start();
    // A list in brackets, or one name in quotes.
    let (most, names) = names.strip_prefix('(').map_or((1, names), |list| (usize::MAX, list));
    let names = names.split(')').next().unwrap_or(names).split('\'').skip(1).step_by(2);
    std::iter::once(oid).chain(names.take(most))
}
