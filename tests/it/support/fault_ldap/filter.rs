use std::fmt::{self, Write};

use lber::structure::StructureTag;

use super::super::Entry;
use super::wire::{bytes, children, text};

/// The rule of Active Directory that all bits are set.
const ALL_BITS: &str = "1.2.840.113556.1.4.803";

/// A filter, RFC 4511, section 4.5.1.7. It shows itself as RFC 4515 writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// Attribute, sign, value.
    Compare(String, &'static str, Vec<u8>),
    /// Attribute, pieces; an empty first or last one says that the value may begin or end as it likes.
    Pieces(String, Vec<Vec<u8>>),
    Present(String),
    /// Attribute, rule, value.
    Rule(String, String, Vec<u8>),
}

impl Filter {
    /// None for what is no filter.
    pub(super) fn parse(tag: StructureTag) -> Option<Self> {
        let id = tag.id;
        if id == 7 {
            return Some(Self::Present(text(&tag)));
        }
        let mut parts = children(tag).into_iter();
        Some(match id {
            0 => Self::And(parts.map(Self::parse).collect::<Option<_>>()?),
            1 => Self::Or(parts.map(Self::parse).collect::<Option<_>>()?),
            2 => Self::Not(Box::new(Self::parse(parts.next()?)?)),
            3 | 5 | 6 | 8 => {
                let sign = ["=", "", ">=", "<=", "", "~="][usize::try_from(id - 3).ok()?];
                Self::Compare(text(&parts.next()?), sign, bytes(&parts.next()?).to_vec())
            }
            4 => {
                let name = text(&parts.next()?);
                let pieces = children(parts.next()?);
                let mut found = Vec::new();
                if pieces.first()?.id != 0 {
                    found.push(Vec::new());
                }
                found.extend(pieces.iter().map(|piece| bytes(piece).to_vec()));
                if pieces.last()?.id != 2 {
                    found.push(Vec::new());
                }
                Self::Pieces(name, found)
            }
            9 => {
                let (mut name, mut rule, mut value) = (String::new(), String::new(), Vec::new());
                for part in parts {
                    match part.id {
                        1 => rule = text(&part),
                        2 => name = text(&part),
                        3 => value = bytes(&part).to_vec(),
                        _ => {}
                    }
                }
                Self::Rule(name, rule, value)
            }
            _ => return None,
        })
    }

    /// Whether an entry meets it. Attributes that nobody knows are met by nobody.
    pub(super) fn meets(&self, entry: &Entry) -> bool {
        match self {
            Self::And(all) => all.iter().all(|filter| filter.meets(entry)),
            Self::Or(any) => any.iter().any(|filter| filter.meets(entry)),
            Self::Not(filter) => !filter.meets(entry),
            Self::Present(name) => name.eq_ignore_ascii_case("objectClass") || !entry.values(name).is_empty(),
            Self::Compare(name, sign, value) => entry.values(name).iter().any(|other| match *sign {
                ">=" => whole(other) >= whole(value),
                "<=" => whole(other) <= whole(value),
                _ => folded(other) == folded(value),
            }),
            Self::Pieces(name, pieces) => entry.values(name).iter().any(|value| has_pieces(&folded(value), pieces)),
            Self::Rule(name, rule, value) => {
                rule == ALL_BITS && entry.values(name).iter().any(|other| whole(other) & whole(value) == whole(value))
            }
        }
    }
}

fn folded(value: &[u8]) -> String {
    String::from_utf8_lossy(value).to_lowercase()
}

fn whole(value: &[u8]) -> i64 {
    folded(value).parse().unwrap_or_default()
}

fn has_pieces(value: &str, pieces: &[Vec<u8>]) -> bool {
    let (first, rest) = pieces.split_first().unwrap();
    let (last, middle) = rest.split_last().unwrap();
    let Some(mut value) = value.strip_prefix(folded(first).as_str()) else { return false };
    for piece in middle.iter().map(|piece| folded(piece)) {
        let Some(at) = value.find(&piece) else { return false };
        value = &value[at + piece.len()..];
    }
    value.ends_with(folded(last).as_str())
}

impl fmt::Display for Filter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |out: &mut fmt::Formatter<'_>, sign, filters: &[Self]| {
            write!(out, "({sign}")?;
            filters.iter().try_for_each(|filter| write!(out, "{filter}"))?;
            write!(out, ")")
        };
        match self {
            Self::And(all) => list(out, "&", all),
            Self::Or(any) => list(out, "|", any),
            Self::Not(filter) => write!(out, "(!{filter})"),
            Self::Compare(name, sign, value) => write!(out, "({name}{sign}{})", escaped(value)),
            Self::Pieces(name, pieces) => {
                let pieces: Vec<_> = pieces.iter().map(|piece| escaped(piece)).collect();
                write!(out, "({name}={})", pieces.join("*"))
            }
            Self::Present(name) => write!(out, "({name}=*)"),
            Self::Rule(name, rule, value) => write!(out, "({name}:{rule}:={})", escaped(value)),
        }
    }
}

fn escaped(value: &[u8]) -> String {
    let mut text = String::new();
    for letter in String::from_utf8_lossy(value).chars() {
        match letter {
            '*' | '(' | ')' | '\\' | '\0' => write!(text, "\\{:02x}", u32::from(letter)).unwrap(),
            letter => text.push(letter),
        }
    }
    text
}
