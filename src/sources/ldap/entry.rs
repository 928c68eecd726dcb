/// One entry as it came over the wire: what was asked for, bytes as bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) dn: String,
    pub(super) attributes: Vec<EntryAttribute>,
}

/// An attribute with all its values: ranges were fetched to their end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EntryAttribute {
    /// In the server's spelling, which need not be the one that was asked for.
    pub(super) name: String,
    pub(super) values: Vec<Vec<u8>>,
}

impl Entry {
    /// The values of an attribute, whatever the case of its name; none where the entry lacks it.
    pub(super) fn values(&self, name: &str) -> &[Vec<u8>] {
        let attribute = self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
        attribute.map_or(&[], |attribute| &attribute.values)
    }
}
