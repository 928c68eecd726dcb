//! DNs as numbers and short texts: most entries of a directory stand below a few others.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::dn::{dn_key, split_key};

/// A DN as it is compared: what it stands below, by number, and its first part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    above: u32,
    first: CompactString,
}

/// Gives every DN its place: one place for every spelling.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// By the key of what DNs stand below.
    above: FxHashMap<Box<str>, u32>,
    /// The same by its spelling: most DNs are spelled alike.
    spelled: FxHashMap<Box<str>, u32>,
    /// The last spelling, and its number.
    last: (String, u32),
}

impl Places {
    pub(super) fn of(&mut self, dn: &str) -> Place {
        if let Some((first, above)) = plain(dn) {
            let above = self.number(above);
            return Place { above, first };
        }
        // What is no DN is compared as it stands.
        let key = dn_key(dn).unwrap_or_else(|| dn.to_owned());
        let (first, above) = split_key(&key);
        Place { above: self.known(above), first: first.into() }
    }

    fn number(&mut self, above: &str) -> u32 {
        if self.last.0 == above {
            return self.last.1;
        }
        let number = if let Some(number) = self.spelled.get(above) {
            *number
        } else {
            let key = dn_key(above).unwrap_or_else(|| above.to_owned());
            let number = self.known(&key);
            self.spelled.insert(above.into(), number);
            number
        };
        self.last.0.clear();
        self.last.0.push_str(above);
        self.last.1 = number;
        number
    }

    fn known(&mut self, key: &str) -> u32 {
        if let Some(number) = self.above.get(key) {
            return *number;
        }
        let number = u32::try_from(self.above.len()).unwrap_or(u32::MAX);
        self.above.insert(key.into(), number);
        number
    }
}

/// The key of the first part of a DN, and the rest as it is spelled; none where the first part is not as plain as nearly
/// all are.
fn plain(dn: &str) -> Option<(CompactString, &str)> {
    let end = dn.bytes().position(|byte| matches!(byte, b',' | b'\\' | b'"' | b'+' | b';'))?;
    let above = dn[end..].strip_prefix(',')?;
    let first = &dn[..end];
    let kind = first.find('=').map(|at| &first[..at])?;
    // Short names need no look at other names for them.
    let known = ["uid", "cn"].iter().any(|name| kind.eq_ignore_ascii_case(name));
    let value = &first[kind.len() + 1..];
    let odd = |byte: u8| !matches!(byte, b'!'..=b'~') || matches!(byte, b'=' | b'#' | b'<' | b'>');
    let single_spaces = !value.starts_with(' ') && !value.ends_with(' ') && !value.contains("  ");
    if !known || value.is_empty() || !single_spaces || value.bytes().any(|byte| byte != b' ' && odd(byte)) {
        return None;
    }
    let mut first = CompactString::from(first);
    first.make_ascii_lowercase();
    Some((first, above))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_dn_have_one_place() {
        let mut places = Places::default();
        let place = places.of("uid=ada,ou=people,dc=example,dc=org");
        for dn in [
            "UID=Ada,OU=People,DC=example,DC=org",
            "userid=ada, ou = people,dc=example,dc=org",
            "uid=\\61da,ou=people;dc=example;dc=org",
        ] {
            assert_eq!(places.of(dn), place, "{dn}");
        }
        for dn in [
            "uid=ada,ou=people,dc=example",
            "uid=ad,ou=people,dc=example,dc=org",
            "cn=ada,ou=people,dc=example,dc=org",
            "uid=ada",
        ] {
            assert_ne!(places.of(dn), place, "{dn}");
        }
        assert_ne!(places.of("cn=a\\,ou=b,dc=x"), places.of("cn=a,ou=b,dc=x"));
        assert_eq!(places.of("no dn"), places.of("no dn"));
    }

    proptest! {
        /// The short way is only shorter: places agree exactly where keys do.
        #[test]
        fn places_agree_where_keys_do(
            one in "(uid|CN|ou)=[a-bA-B =\\\\]{1,4}(,[ ]?(ou|DC)=[a-bA-B]{1,2}){0,2}",
            other in "(UID|cn|OU)=[a-bA-B =\\\\]{1,4}(,(OU|dc)=[a-bA-B]{1,2}){0,2}",
        ) {
            let mut places = Places::default();
            let (first, second) = (places.of(&one), places.of(&other));
            let keys = (dn_key(&one), dn_key(&other));
            if let (Some(key), Some(other_key)) = keys {
                prop_assert_eq!(first == second, key == other_key, "{} and {}", one, other);
            }
        }
    }
}
