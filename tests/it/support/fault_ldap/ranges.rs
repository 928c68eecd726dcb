use super::super::Entry;
use super::script::{Ranges, Script};

/// These come only to whoever asks for them by name, or for `+`.
const OPERATIONAL: [&str; 4] = ["entryUUID", "entryCSN", "memberOf", "nsUniqueId"];

pub(super) type Attributes = Vec<(String, Vec<Vec<u8>>)>;

/// What a client gets of an entry.
pub(super) enum Selected {
    Attributes(Attributes),
    /// The entry is held back.
    Nothing,
    /// The search ends with this code.
    Code(u32),
}

/// What of an entry was asked for, in the ranges that the server imposes.
pub(super) fn select(entry: &Entry, wanted: &[String], script: &Script) -> Selected {
    let mut attributes = Vec::new();
    for (name, values) in &entry.attributes {
        if let Some(from) = wanted.iter().find_map(|wanted| range(wanted, name)) {
            let range = match (from, script.ranges) {
                (1.., Ranges::Refused) => return Selected::Code(53),
                (1.., Ranges::EntryGone) => return Selected::Nothing,
                (1.., Ranges::Absent) => continue,
                (1.., Ranges::FirstAgain) => slice(name, values, 0, script),
                (1.., Ranges::Hole) => slice(name, values, from + 1, script),
                _ => slice(name, values, from, script),
            };
            attributes.extend(range);
        } else if is_wanted(name, wanted) {
            match script.most_values {
                Some(most) if values.len() > most => {
                    attributes.push((name.clone(), Vec::new()));
                    attributes.extend(slice(name, values, 0, script));
                }
                _ => attributes.push((name.clone(), values.clone())),
            }
        }
    }
    Selected::Attributes(attributes)
}

fn is_wanted(name: &str, wanted: &[String]) -> bool {
    let operational = OPERATIONAL.contains(&name);
    let all = wanted.is_empty() || wanted.iter().any(|wanted| wanted == "*");
    all && !operational
        || operational && wanted.iter().any(|wanted| wanted == "+")
        || wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
}

/// The first number of `member;range=1500-*`, where that asks for `name`.
fn range(wanted: &str, name: &str) -> Option<usize> {
    let (attribute, range) = wanted.split_once(";range=")?;
    let (from, _) = range.split_once('-')?;
    if attribute.eq_ignore_ascii_case(name) { from.parse().ok() } else { None }
}

/// The values from one on, as many as the server gives; the last range ends with `*`.
fn slice(name: &str, values: &[Vec<u8>], from: usize, script: &Script) -> Option<(String, Vec<Vec<u8>>)> {
    let end = values.len().min(from + script.most_values.unwrap_or(values.len()));
    let endless = script.ranges == Ranges::NeverEnd;
    if from >= values.len() {
        return endless.then(|| (format!("{name};range={from}-{from}"), vec![values[0].clone()]));
    }
    let last = if end == values.len() && !endless { "*".to_owned() } else { (end - 1).to_string() };
    Some((format!("{name};range={from}-{last}"), values[from..end].to_vec()))
}
