use sha2::{Digest, Sha256};

use super::{GroupRef, Principal, PrincipalSet};

/// SHA-256 over all principals in order, each value with its length before it, as `sha256:HEX`.
///
/// Two readings have one digest exactly when they hold the same principals, in whatever order they came. Passwords
/// and members that are only carried do not count.
#[must_use]
pub fn digest(set: &PrincipalSet) -> String {
    let rank = ranks(set);
    let mut hash = Sha256::new();
    let mut line = Vec::with_capacity(512);
    let mut groups = Vec::new();
    for record in set.records() {
        line.clear();
        write(&mut line, &record.principal);
        groups.clear();
        groups.extend(record.principal.group_refs().iter().map(|group| rank[group.index()]));
        groups.sort_unstable_by_key(|(rank, _)| *rank);
        for (_, group) in &groups {
            text(&mut line, Some(set.names().name(*group)));
        }
        hash.update(&line);
    }
    hex("sha256:", &hash.finalize())
}

/// Hexadecimal digits of `bytes` behind `prefix`.
#[must_use]
pub fn hex(prefix: &str, bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(prefix.len() + bytes.len() * 2);
    out.push_str(prefix);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// The place of each group in the order of names: references are in the order of reading, which must not show.
fn ranks(set: &PrincipalSet) -> Vec<(usize, GroupRef)> {
    let mut order: Vec<(&str, GroupRef)> = set.names().iter().map(|(group, name)| (name, group)).collect();
    order.sort_unstable();
    let mut ranks: Vec<(usize, GroupRef)> = set.names().iter().map(|(group, _)| (0, group)).collect();
    for (rank, (_, group)) in order.into_iter().enumerate() {
        ranks[group.index()].0 = rank;
    }
    ranks
}

fn write(line: &mut Vec<u8>, principal: &Principal) {
    let Principal {
        kind,
        name,
        display_name,
        description,
        mail,
        visibility,
        active,
        id,
        type_name,
        groups,
        attributes,
        password: _,
        extra: _,
    } = principal;
    text(line, Some(kind.word()));
    text(line, Some(name));
    for value in [display_name, description, mail, id] {
        text(line, value.as_deref());
    }
    text(line, visibility.map(super::Visibility::text));
    text(line, active.map(|active| if active { "true" } else { "false" }));
    text(line, type_name.as_ref().map(super::PrincipalType::prefix));
    let attributes = attributes.as_ref().and_then(|attributes| serde_json::to_string(attributes).ok());
    text(line, attributes.as_deref());
    match groups {
        None => text(line, None),
        Some(groups) => length(line, groups.len()),
    }
}

/// Its decimal digits and a colon. By hand: it is written a dozen times for each principal.
fn length(line: &mut Vec<u8>, mut length: usize) {
    let start = line.len();
    loop {
        line.push(b'0' + u8::try_from(length % 10).unwrap_or_default());
        length /= 10;
        if length == 0 {
            break;
        }
    }
    line[start..].reverse();
    line.push(b':');
}

fn text(line: &mut Vec<u8>, value: Option<&str>) {
    match value {
        None => line.push(b'-'),
        Some(value) => {
            length(line, value.len());
            line.extend_from_slice(value.as_bytes());
        }
    }
}
