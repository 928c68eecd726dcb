//! What a product keeps from its readers.

use compact_str::CompactString;

use super::Field;
use crate::principal::Kind;

/// What a reading of a target cannot tell, or what is not the sync's to change: never a difference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Untold {
    /// Nobody's display name is shown.
    pub display_names: bool,
    /// Nobody's mail is shown.
    pub mails: bool,
    /// Nobody's attributes are shown.
    pub attributes: bool,
    /// Values that the product cannot hold, as it says itself.
    pub values: Vec<Field>,
    /// Names of groups whose members something else keeps: nobody joins and nobody leaves.
    pub groups: Vec<CompactString>,
    /// Names of groups of which nobody can tell who is in them, such as those that show some members only: nobody joins
    /// and nobody leaves.
    pub unsure: Vec<CompactString>,
    /// Values that were sent and that the product did not keep so. They are shown as they were sent, or each run would
    /// send them again.
    pub unkept: Vec<Unkept>,
}

/// A value of one principal that the product drops, computes or writes its own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unkept {
    pub kind: Kind,
    /// The folded name of the principal.
    pub key: CompactString,
    pub field: Field,
    /// What the product shows instead; none where it shows nothing.
    pub shows: Option<CompactString>,
}

impl Untold {
    /// Whether a difference of this value says nothing.
    #[must_use]
    pub fn hides(&self, field: &Field) -> bool {
        let hidden = match field {
            Field::DisplayName => self.display_names,
            Field::Mail => self.mails,
            Field::Attribute(_) => self.attributes,
            Field::Description | Field::Visibility | Field::Active => false,
        };
        hidden || self.values.contains(field)
    }
}
