//! Names that are not what they seem: characters that cannot be seen, and letters of one script that look like another's.

use rustc_hash::FxHashMap;
use unicode_security::confusable_detection::skeleton;
use unicode_security::{MixedScript, RestrictionLevel, RestrictionLevelDetection};

use super::finding::{Finding, LintCode, few, place};
use crate::principal::{Kind, PrincipalSet, Record, is_deceiving, shown};

/// How many look-alikes a reason tells.
const TOLD: usize = 3;

/// Looks at every name. One of plain ASCII costs a look at its bytes.
pub(super) fn looks(set: &PrincipalSet, findings: &mut Vec<Finding>) {
    let mut foreign = Vec::new();
    for (at, record) in set.records().iter().enumerate() {
        let name = record.principal.name.as_str();
        if name.bytes().all(|byte| byte.is_ascii_graphic()) {
            continue;
        }
        if let Some(reason) = hidden(name) {
            findings.push(Finding::warning(LintCode::InvisibleCharacter, record, reason));
        }
        if !name.is_ascii() {
            foreign.push(at);
        }
    }
    if !foreign.is_empty() {
        confusable(set.records(), &foreign, findings);
    }
}

/// What of `name` cannot be seen.
fn hidden(name: &str) -> Option<String> {
    let unseen = name.chars().enumerate().find(|(_, c)| is_deceiving(*c));
    if let Some((at, c)) = unseen {
        return Some(format!("character {} is U+{:04X}, which cannot be seen", at + 1, u32::from(c)));
    }
    let what = if name.starts_with(' ') {
        "it begins with a space"
    } else if name.ends_with(' ') {
        "it ends with a space"
    } else if name.contains("  ") {
        "it has two spaces in a row"
    } else {
        return None;
    };
    Some(what.to_owned())
}

/// Names that look alike (the skeletons of Unicode Technical Standard 39, section 4, are the same), and words that mix
/// scripts which look alike. One finding a name at most.
fn confusable(records: &[Record], foreign: &[usize], findings: &mut Vec<Finding>) {
    let mut alike: FxHashMap<(Kind, String), Vec<usize>> = FxHashMap::default();
    for at in foreign {
        alike.entry((records[*at].kind(), skeleton(records[*at].key()).collect())).or_default().push(*at);
    }
    add_plain(records, &mut alike);
    let mut told = vec![false; foreign.len()];
    for members in alike.into_values().filter(|members| members.len() > 1) {
        for at in &members {
            let others = members.iter().filter(|other| *other != at).map(|other| &records[*other]);
            let others = others.map(|other| format!("`{}` ({})", shown(&other.principal.name, 60), place(other)));
            let reason = format!("it looks like {}", few(others, TOLD, members.len() - 1));
            findings.push(Finding::warning(LintCode::Confusable, &records[*at], reason));
            if let Ok(position) = foreign.binary_search(at) {
                told[position] = true;
            }
        }
    }
    for (at, _) in foreign.iter().zip(told).filter(|(_, told)| !told) {
        if let Some(word) = mixed(records[*at].key()) {
            let reason = format!("`{}` mixes letters of scripts that look alike", shown(word, 60));
            findings.push(Finding::warning(LintCode::Confusable, &records[*at], reason));
        }
    }
}

/// Adds the names of plain ASCII that look like one which is not. Where no such one looks like ASCII, they are not
/// looked at.
fn add_plain(records: &[Record], alike: &mut FxHashMap<(Kind, String), Vec<usize>>) {
    if !alike.keys().any(|(_, skeleton)| skeleton.is_ascii()) {
        return;
    }
    let letters: Vec<String> =
        (0..128_u8).map(|byte| skeleton(char::from(byte).encode_utf8(&mut [0; 4])).collect()).collect();
    let mut key = (Kind::Group, String::new());
    for (at, record) in records.iter().enumerate().filter(|(_, record)| record.principal.name.is_ascii()) {
        key.0 = record.kind();
        key.1.clear();
        record.key().bytes().for_each(|byte| key.1.push_str(&letters[usize::from(byte)]));
        if let Some(members) = alike.get_mut(&key) {
            members.push(at);
        }
    }
}

/// The first word of `name` that mixes scripts which people do not mix, such as a Cyrillic letter among Latin ones.
/// Latin beside Han, Kana or Hangul is usual.
fn mixed(name: &str) -> Option<&str> {
    name.split(|c: char| !c.is_alphanumeric()).find(|word| {
        !word.is_ascii()
            && !word.is_single_script()
            && !matches!(
                word.detect_restriction_level(),
                RestrictionLevel::HighlyRestrictive | RestrictionLevel::ModeratelyRestrictive
            )
    })
}
