//! An answer of the server becomes an entry: bytes are moved, nothing is copied, nothing panics.

use lber::common::TagClass;
use lber::structure::{PL, StructureTag};
use ldap3::ResultEntry;

use super::entry::{Entry, EntryAttribute};

/// One message of a search before its end. RFC 4511, section 4.5.2.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    Entry(Decoded),
    /// A part of the tree that another server holds: its addresses.
    Reference(Vec<String>),
    /// The DN is not UTF-8; with replacement characters.
    UnreadableName(String),
    /// An intermediate answer that nobody asked for.
    Other,
}

/// An entry, and what is still to be fetched of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) entry: Entry,
    pub(super) unfinished: Vec<Unfinished>,
}

/// An attribute of which the server gave only the first values (Active Directory, `member;range=0-1499`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unfinished {
    /// The position of the attribute in the entry.
    pub(super) at: usize,
    /// The first value that did not come.
    pub(super) next: u64,
}

/// The answer is not what RFC 4511 says; which part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a malformed answer: {0}")]
pub(super) struct Malformed(&'static str);

/// # Errors
/// Where the message is not built as it must be.
pub(super) fn decode(message: ResultEntry) -> Result<Item, Malformed> {
    let message = message.0;
    match (message.class, message.id) {
        (TagClass::Application, 4) => entry(message),
        (TagClass::Application, 19) => reference(message).map(Item::Reference),
        (TagClass::Application, 25) => Ok(Item::Other),
        _ => Err(Malformed("neither an entry nor a reference")),
    }
}

fn entry(message: StructureTag) -> Result<Item, Malformed> {
    let mut parts_of = parts(message, "an entry that is no sequence")?;
    let name = bytes(parts_of.next(), "an entry without a name")?;
    let attributes = parts_of.next().ok_or(Malformed("an entry without attributes"))?;
    let dn = match String::from_utf8(name) {
        Ok(name) => name,
        Err(error) => return Ok(Item::UnreadableName(String::from_utf8_lossy(error.as_bytes()).into_owned())),
    };
    let attributes = parts(attributes, "attributes that are no sequence")?;
    let entry = Entry { dn, attributes: Vec::with_capacity(attributes.len()) };
    let mut decoded = Decoded { entry, unfinished: Vec::new() };
    for attribute in attributes {
        decoded.take(attribute)?;
    }
    Ok(Item::Entry(decoded))
}

impl Decoded {
    fn take(&mut self, message: StructureTag) -> Result<(), Malformed> {
        let (name, values) = attribute(message)?;
        let Some(range) = Range::of(&name)? else {
            self.put(name, values);
            return Ok(());
        };
        if range.start != 0 {
            return Err(Malformed("a range of values that does not begin with the first"));
        }
        let next = range.next()?;
        let at = self.put(range.name, values);
        self.unfinished.extend(next.map(|next| Unfinished { at, next }));
        Ok(())
    }

    /// Adds the values and says where. Beside `member;range=0-1499` stands an empty `member`: both are one attribute.
    fn put(&mut self, name: String, mut values: Vec<Vec<u8>>) -> usize {
        let attributes = &mut self.entry.attributes;
        if let Some(at) = attributes.iter().position(|known| known.name.eq_ignore_ascii_case(&name)) {
            attributes[at].values.append(&mut values);
            return at;
        }
        attributes.push(EntryAttribute { name, values });
        attributes.len() - 1
    }
}

/// One more slice of an attribute, asked for as `NAME;range=START-*`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) values: Vec<Vec<u8>>,
    /// The first value that did not come; none where this was the last slice.
    pub(super) next: Option<u64>,
}

/// Finds the slice of `name` that begins at `start` in an entry; none where it has none.
///
/// # Errors
/// Where the message is not built as it must be.
pub(super) fn slice(message: ResultEntry, name: &str, start: u64) -> Result<Option<Slice>, Malformed> {
    let attributes = parts(message.0, "an entry that is no sequence")?.nth(1);
    let attributes = attributes.ok_or(Malformed("an entry without attributes"))?;
    for message in parts(attributes, "attributes that are no sequence")? {
        let (spelled, values) = attribute(message)?;
        match Range::of(&spelled)? {
            Some(range) if range.start == start && range.name.eq_ignore_ascii_case(name) => {
                return Ok(Some(Slice { values, next: range.next()? }));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// The slice of an attribute's values that an attribute description names: `member;range=0-1499`, `member;range=1500-*`.
struct Range {
    /// The description without the range.
    name: String,
    start: u64,
    /// None: the last value of all.
    last: Option<u64>,
}

impl Range {
    fn of(description: &str) -> Result<Option<Self>, Malformed> {
        // Attributes without options are the rule: nothing is built for them.
        let Some((name, options)) = description.split_once(';') else { return Ok(None) };
        let mut name = name.to_owned();
        let mut found = None;
        for option in options.split(';') {
            match option.split_at_checked(6) {
                Some((word, range)) if word.eq_ignore_ascii_case("range=") => found = Some(range),
                _ => name.extend([";", option]),
            }
        }
        let Some(range) = found else { return Ok(None) };
        let wrong = Malformed("a range of values that is none");
        let (start, last) = range.split_once('-').ok_or(wrong)?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| wrong);
        let last = if last == "*" { None } else { Some(number(last)?) };
        Ok(Some(Self { name, start: number(start)?, last }))
    }

    /// The first value behind this slice; none where it is the last.
    fn next(&self) -> Result<Option<u64>, Malformed> {
        match self.last {
            None => Ok(None),
            Some(last) if last >= self.start && last < u64::MAX => Ok(Some(last + 1)),
            Some(_) => Err(Malformed("a range of values that ends before it begins")),
        }
    }
}

fn reference(message: StructureTag) -> Result<Vec<String>, Malformed> {
    let mut addresses = Vec::new();
    for address in parts(message, "a reference that is no sequence")? {
        let address = bytes(Some(address), "a reference without an address")?;
        addresses.push(String::from_utf8_lossy(&address).into_owned());
    }
    Ok(addresses)
}

/// Name and values of an attribute.
fn attribute(message: StructureTag) -> Result<(String, Vec<Vec<u8>>), Malformed> {
    let mut parts_of = parts(message, "an attribute that is no sequence")?;
    let name = bytes(parts_of.next(), "an attribute without a name")?;
    let name = String::from_utf8(name).map_err(|_| Malformed("the name of an attribute is not UTF-8"))?;
    let values = parts_of.next().ok_or(Malformed("an attribute without values"))?;
    let values = parts(values, "values that are no set")?;
    let values = values.map(|value| bytes(Some(value), "a value that is no octet string"));
    Ok((name, values.collect::<Result<_, _>>()?))
}

fn parts(message: StructureTag, otherwise: &'static str) -> Result<std::vec::IntoIter<StructureTag>, Malformed> {
    match message.payload {
        PL::C(parts) => Ok(parts.into_iter()),
        PL::P(_) => Err(Malformed(otherwise)),
    }
}

fn bytes(message: Option<StructureTag>, otherwise: &'static str) -> Result<Vec<u8>, Malformed> {
    match message.map(|message| message.payload) {
        Some(PL::P(bytes)) => Ok(bytes),
        _ => Err(Malformed(otherwise)),
    }
}
