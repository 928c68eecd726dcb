use std::fmt::Write;

/// An entry of a directory: bytes as bytes, so that a test can say what no text can.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) dn: Vec<u8>,
    pub(crate) attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Entry {
    pub(crate) fn new(dn: impl AsRef<[u8]>) -> Self {
        Self { dn: dn.as_ref().to_vec(), attributes: Vec::new() }
    }

    /// With one more value of an attribute.
    pub(crate) fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.push(name, value.as_ref().to_vec());
        self
    }

    /// With all these values of an attribute.
    pub(crate) fn with_all<T: AsRef<[u8]>>(mut self, name: &str, values: impl IntoIterator<Item = T>) -> Self {
        for value in values {
            self.push(name, value.as_ref().to_vec());
        }
        self
    }

    /// Without an attribute.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.attributes.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self
    }

    fn push(&mut self, name: &str, value: Vec<u8>) {
        match self.attributes.last_mut().filter(|(last, _)| last.eq_ignore_ascii_case(name)) {
            Some((_, values)) => values.push(value),
            None => self.attributes.push((name.to_owned(), vec![value])),
        }
    }

    pub(crate) fn dn(&self) -> String {
        String::from_utf8_lossy(&self.dn).into_owned()
    }

    /// The values of an attribute, whatever the case of its name.
    pub(crate) fn values(&self, name: &str) -> &[Vec<u8>] {
        let found = self.attributes.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map_or(&[], |(_, values)| values)
    }

    /// The values of an attribute as text, in their order.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.values(name).iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect()
    }

    /// The only value of an attribute, as text.
    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> String {
        let texts = self.texts(name);
        assert!(texts.len() == 1, "{} has {} values of {name}", self.dn(), texts.len());
        texts.into_iter().next().unwrap()
    }
}

/// The entries as LDIF, RFC 2849, for `slapadd` and `ldapadd`.
pub(crate) fn ldif(entries: &[Entry]) -> String {
    let mut text = String::new();
    for Entry { dn, attributes } in entries {
        line(&mut text, "dn", dn);
        for (name, values) in attributes {
            for value in values {
                line(&mut text, name, value);
            }
        }
        text.push('\n');
    }
    text
}

fn line(text: &mut String, name: &str, value: &[u8]) {
    let plain = value.iter().all(|byte| (b' '..=b'~').contains(byte));
    let begins = value.first().is_none_or(|first| !b" :<".contains(first));
    match std::str::from_utf8(value) {
        Ok(value) if plain && begins && !value.ends_with(' ') => writeln!(text, "{name}: {value}"),
        _ => writeln!(text, "{name}:: {}", base64(value)),
    }
    .unwrap();
}

/// The entries of an LDIF text as `ldapsearch -LLL -o ldif-wrap=no` writes it.
pub(crate) fn parse_ldif(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    for block in text.split("\n\n") {
        let mut lines = block.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(parse_line);
        let Some((_, dn)) = lines.next() else { continue };
        let mut entry = Entry::new(dn);
        lines.for_each(|(name, value)| entry.push(name, value));
        entries.push(entry);
    }
    entries
}

#[track_caller]
fn parse_line(line: &str) -> (&str, Vec<u8>) {
    let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("not a line of LDIF: {line}"));
    match value.strip_prefix(':') {
        Some(encoded) => (name, from_base64(encoded.trim())),
        None => (name, value.trim_start().as_bytes().to_vec()),
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = (0..3).fold(0, |number, at| number << 8 | usize::from(*chunk.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let letter = ALPHABET[number >> (18 - 6 * at) & 63];
            text.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

fn from_base64(text: &str) -> Vec<u8> {
    let (mut bytes, mut number, mut bits) = (Vec::new(), 0_usize, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        number = number << 6 | ALPHABET.iter().position(|other| *other == letter).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(number >> bits & 255).unwrap());
        }
    }
    bytes
}

#[test]
fn what_is_written_as_ldif_is_read_again() {
    let long: Vec<u8> = (0..=255).collect();
    let entries = [
        Entry::new("cn=Émile,dc=example,dc=org")
            .with("cn", "Émile")
            .with("sn", "")
            .with("sn", " leads")
            .with("sn", "x "),
        Entry::new("cn=a, b,dc=example,dc=org").with("jpegPhoto", &long).with("jpegPhoto", b"\xff\xfe").with("cn", ":"),
    ];
    assert_eq!(parse_ldif(&ldif(&entries)), entries);
    assert_eq!([base64(b"f"), base64(b"fo"), base64(b"foo")], ["Zg==", "Zm8=", "Zm9v"]);
}
