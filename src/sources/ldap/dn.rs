//! Distinguished names, compared as the directory compares them and never as text.

use std::borrow::Cow;

use crate::principal::{CaseRule, fold};

/// Short names and object identifiers that mean one attribute type. RFC 4519, section 2; RFC 4514, section 3.
const ALIASES: [(&str, &str); 20] = [
    ("commonname", "cn"),
    ("2.5.4.3", "cn"),
    ("surname", "sn"),
    ("2.5.4.4", "sn"),
    ("countryname", "c"),
    ("2.5.4.6", "c"),
    ("localityname", "l"),
    ("2.5.4.7", "l"),
    ("stateorprovincename", "st"),
    ("2.5.4.8", "st"),
    ("streetaddress", "street"),
    ("2.5.4.9", "street"),
    ("organizationname", "o"),
    ("2.5.4.10", "o"),
    ("organizationalunitname", "ou"),
    ("2.5.4.11", "ou"),
    ("userid", "uid"),
    ("0.9.2342.19200300.100.1.1", "uid"),
    ("domaincomponent", "dc"),
    ("0.9.2342.19200300.100.1.25", "dc"),
];

/// The form of a DN that is compared: attribute types by their short names, values unescaped, case folded and their
/// inner spaces made one, the parts of a multi-valued RDN in order. Two DNs with one key are one entry.
///
/// Values are folded whatever their attribute's matching rule: naming attributes that mind case are rare, and two
/// entries that differ in case alone are found by the reader as one that came twice.
pub(super) fn dn_key(dn: &str) -> Option<String> {
    quick(dn).or_else(|| exact(dn))
}

/// The first part of a key, and the rest.
pub(super) fn split_key(key: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = key.bytes().position(|byte| {
        let ends = byte == b',' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or((key, ""), |end| (&key[..end], &key[end + 1..]))
}

/// The value of the first RDN if its type is `attribute`: `ada` of `uid=ada,ou=people`.
pub(super) fn rdn_value(dn: &str, attribute: &str) -> Option<String> {
    let (parts, _) = rdn(dn)?;
    let wanted = short(attribute);
    parts.into_iter().find(|(kind, _)| *kind == wanted).map(|(_, value)| value)
}

/// The same for what nearly every DN is: ASCII, nothing escaped, no spaces but single ones within values. None where it
/// is not that.
fn quick(dn: &str) -> Option<String> {
    let mut key = String::with_capacity(dn.len());
    // Where the part under way began, and whether its type is still being read.
    let (mut start, mut in_type, mut last) = (0, true, ',');
    for letter in dn.chars() {
        match letter {
            '\\' | '"' | '+' | ';' | '#' | '<' | '>' => return None,
            _ if !letter.is_ascii() || letter.is_ascii_control() => return None,
            ' ' if in_type || matches!(last, ' ' | ',' | '=') => return None,
            ',' if in_type || last == ' ' || last == '=' => return None,
            '=' if in_type => {
                let kind = &key[start..];
                if kind.is_empty() || kind.starts_with("oid.") {
                    return None;
                }
                if let Some((_, short)) = ALIASES.iter().find(|(long, _)| *long == kind) {
                    key.truncate(start);
                    key.push_str(short);
                }
                key.push('=');
                in_type = false;
            }
            '=' => return None,
            ',' => {
                key.push(',');
                (start, in_type) = (key.len(), true);
            }
            other => key.push(other.to_ascii_lowercase()),
        }
        last = letter;
    }
    (dn.is_empty() || !(in_type || last == ' ' || last == '=')).then_some(key)
}

/// By the whole grammar. RFC 4514, section 3, and the spaces and `;` that RFC 2253 readers take as well.
fn exact(dn: &str) -> Option<String> {
    let mut key = String::with_capacity(dn.len());
    let mut rest = dn.trim_start();
    while !rest.is_empty() {
        let (mut parts, after) = rdn(rest)?;
        for (_, value) in &mut parts {
            *value = folded(value);
        }
        parts.sort();
        if !key.is_empty() {
            key.push(',');
        }
        for (at, (kind, value)) in parts.iter().enumerate() {
            if at > 0 {
                key.push('+');
            }
            key.push_str(kind);
            key.push('=');
            escape_into(&mut key, value);
        }
        rest = match after {
            None => "",
            // A comma promises one more.
            Some(more) if more.trim().is_empty() => return None,
            Some(more) => more,
        };
    }
    Some(key)
}

/// The parts of an RDN: their types, and their values unescaped.
type Parts<'a> = Vec<(Cow<'a, str>, String)>;

/// The first RDN, and what follows its comma.
fn rdn(dn: &str) -> Option<(Parts<'_>, Option<&str>)> {
    let mut parts = Vec::with_capacity(1);
    let mut rest = dn;
    loop {
        let (kind, after) = rest.split_once('=')?;
        let kind = short(kind.trim());
        let known = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_' | ';');
        if kind.is_empty() || !kind.chars().all(known) {
            return None;
        }
        let (value, end, after) = value(after)?;
        parts.push((kind, value));
        match end {
            Some('+') => rest = after,
            Some(_) => return Some((parts, Some(after))),
            None => return Some((parts, None)),
        }
    }
}

/// A value, the separator that ended it, and what follows.
fn value(text: &str) -> Option<(String, Option<char>, &str)> {
    let text = text.trim_start();
    if let Some(digits) = text.strip_prefix('#') {
        let end = digits.find([',', ';', '+']).unwrap_or(digits.len());
        let bytes = unhex(digits[..end].trim_end())?;
        // The bytes are the BER form of the value: RFC 4514, section 2.4. As a key, their digits will do.
        let value = octet_string(&bytes).unwrap_or_else(|| digits[..end].trim_end().to_ascii_lowercase());
        return Some(ended(value, &digits[end..]));
    }
    let (bytes, after) = if let Some(quoted) = text.strip_prefix('"') { until_quote(quoted)? } else { plain(text)? };
    Some(ended(String::from_utf8(bytes).ok()?, after))
}

fn ended(value: String, after: &str) -> (String, Option<char>, &str) {
    let mut letters = after.chars();
    let end = letters.next();
    (value, end, letters.as_str())
}

/// An unquoted value up to its separator. Spaces at its end count only where they are escaped.
fn plain(text: &str) -> Option<(Vec<u8>, &str)> {
    let bytes = text.as_bytes();
    let (mut out, mut at, mut kept) = (Vec::with_capacity(16), 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => {
                at += unescape(&bytes[at..], &mut out)?;
                kept = out.len();
                continue;
            }
            b',' | b';' | b'+' => break,
            b'"' | b'<' | b'>' => return None,
            b' ' => out.push(b' '),
            other => {
                out.push(*other);
                kept = out.len();
            }
        }
        at += 1;
    }
    out.truncate(kept);
    Some((out, &text[at..]))
}

/// A value in quotation marks, as RFC 1779 wrote it.
fn until_quote(text: &str) -> Option<(Vec<u8>, &str)> {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(16), 0);
    loop {
        match bytes.get(at)? {
            b'"' => break,
            b'\\' => at += unescape(&bytes[at..], &mut out)?,
            other => {
                out.push(*other);
                at += 1;
            }
        }
    }
    let after = text[at + 1..].trim_start();
    (after.is_empty() || after.starts_with([',', ';', '+'])).then_some((out, after))
}

/// Reads one escape and says how long it was: `\2C` or `\,`.
fn unescape(bytes: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    if let (Some(high), Some(low)) = (digit(1), digit(2)) {
        out.push(u8::try_from(high * 16 + low).ok()?);
        return Some(3);
    }
    let escaped = *bytes.get(1)?;
    escaped.is_ascii().then(|| out.push(escaped))?;
    Some(2)
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let bytes = digits.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = bytes.chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
        _ => None,
    });
    pairs.collect()
}

/// The text of a short BER string: OCTET STRING, `UTF8String`, `PrintableString`, `IA5String`.
fn octet_string(bytes: &[u8]) -> Option<String> {
    let [0x04 | 0x0c | 0x13 | 0x16, length, content @ ..] = bytes else { return None };
    (usize::from(*length) == content.len() && *length < 0x80).then(|| String::from_utf8(content.to_vec()).ok())?
}

/// Lower case, by its short name, without the `OID.` that RFC 1779 wrote before numbers.
fn short(kind: &str) -> Cow<'_, str> {
    let lower = if kind.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(kind.to_ascii_lowercase())
    } else {
        Cow::Borrowed(kind)
    };
    let bare = lower.strip_prefix("oid.").unwrap_or(&lower);
    match ALIASES.iter().find(|(long, _)| *long == bare) {
        Some((_, short)) => Cow::Borrowed(short),
        None if bare.len() < lower.len() => Cow::Owned(bare.to_owned()),
        None => lower,
    }
}

/// Folded, spaces at both ends gone, inner ones made one. RFC 4518, section 2.6.1.
fn folded(value: &str) -> String {
    // One letter for one: directories take `ß` and `ss` for two, as RFC 4518 does not.
    let lower: String = fold(value, CaseRule::Exact).chars().flat_map(char::to_lowercase).collect();
    let folded = fold(&lower, CaseRule::Exact);
    let words: Vec<_> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// So that no value can look like the end of its part.
fn escape_into(key: &mut String, value: &str) {
    for letter in value.chars() {
        if matches!(letter, ',' | '+' | '\\' | '=') {
            key.push('\\');
        }
        key.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(one: &str, other: &str) {
        assert_eq!(dn_key(one).expect(one), dn_key(other).expect(other), "{one} and {other}");
    }

    #[test]
    fn spellings_of_one_entry_have_one_key() {
        same("uid=ada,ou=People,dc=example,dc=org", "UID=Ada,OU=people,DC=Example,DC=org");
        same("uid=ada,ou=people", "uid = ada , ou = people");
        same("uid=ada,ou=people", "uid=ada;ou=people");
        same("uid=ada,ou=people", "userid=ada,2.5.4.11=people");
        same("uid=ada,ou=people", "OID.0.9.2342.19200300.100.1.1=ada,ou=people");
        same("cn=Berg\\, Ana,ou=people", "cn=Berg\\2c Ana,ou=people");
        same("cn=Berg\\, Ana,ou=people", "cn=\"Berg, Ana\",ou=people");
        same("cn=Åse", "cn=\\C3\\85se");
        same("cn=Åse", "cn=A\u{30a}se");
        same("cn=Ana  Berg", "CN=ana berg");
        same("cn=a+uid=1,dc=x", "uid=1+CN=A,dc=x");
        same("cn=ada", "cn=#0403616461");
        same("cn=STRAßE", "cn=straße");
        same("cn=x\\ ", "cn=x");
    }

    #[test]
    fn different_entries_have_different_keys() {
        for (one, other) in [
            ("uid=ada,ou=people", "uid=ada,ou=people,dc=org"),
            ("uid=ada,ou=people", "cn=ada,ou=people"),
            ("cn=a\\,ou=b", "cn=a,ou=b"),
            ("cn=a\\+cn=b", "cn=a+cn=b"),
            ("cn=a\\=b", "cn=a,b="),
            ("cn=Straße", "cn=Strasse"),
        ] {
            let (one_key, other_key) = (dn_key(one), dn_key(other));
            assert_ne!(one_key, other_key, "{one} and {other}");
        }
    }

    #[test]
    fn what_is_no_dn_has_no_key() {
        for text in
            ["ada", "uid=ada,", "uid=ada,people", "=ada", "uid=\"ada", "uid=ada\\", "uid=#0g", "u id=ada", "cn=a<b"]
        {
            assert_eq!(dn_key(text), None, "{text}");
        }
        assert_eq!(dn_key("").as_deref(), Some(""), "the root");
    }

    #[test]
    fn the_first_part_names_the_entry() {
        assert_eq!(rdn_value("UID=Ada,ou=people", "uid").as_deref(), Some("Ada"));
        assert_eq!(rdn_value("cn=Berg\\, Ana+uid=ana,ou=people", "userid").as_deref(), Some("ana"));
        assert_eq!(rdn_value("cn=Ana,ou=people", "uid"), None);
    }

    proptest! {
        /// The quick way is only quicker.
        #[test]
        fn both_ways_agree(dn in "(([a-c]|CN|userid|ou)=[a-cA-C =]{0,4}[,;+ ]{0,2}){1,3}") {
            if let Some(quick) = quick(&dn) {
                prop_assert_eq!(Some(quick), exact(&dn));
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = dn_key(&text);
            let _ = rdn_value(&text, "cn");
        }
    }
}
