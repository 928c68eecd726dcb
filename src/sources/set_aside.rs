use std::sync::Arc;

use compact_str::CompactString;

use crate::connector::{Reading, Rejected};
use crate::principal::{Kind, Origin};

/// A record that cannot be used, and what could be read of it.
pub(super) struct Unusable {
    /// None where it cannot be read.
    pub(super) kind: Option<Kind>,
    /// Empty where it cannot be read.
    pub(super) name: CompactString,
    pub(super) reason: String,
}

impl Unusable {
    /// Sets the record aside. Where it cannot be said whom it is about, any principal that the reading lacks may be
    /// the one: the reading is then unproven. `usual` is the kind that is reported where it cannot be read.
    pub(super) fn set_aside(self, reading: &mut Reading, file: &Arc<str>, line: u64, usual: Kind) {
        let origin = Origin::line(file, line).to_string();
        let unknown = match (self.name.is_empty(), self.kind) {
            (true, _) => Some("name"),
            (false, None) => Some("kind"),
            (false, Some(_)) => None,
        };
        if let Some(unknown) = unknown {
            reading.coverage.missing.push(format!("{origin}: the {unknown} of this record cannot be read"));
        }
        let kind = self.kind.unwrap_or(usual);
        reading.rejected.push(Rejected { kind, name: self.name, origin, reason: self.reason });
    }
}
