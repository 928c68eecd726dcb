use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// User or group. A user `x` and a group `x` may both exist. Groups sort first: what a user joins must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Group,
    User,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Group, Self::User];

    /// The word a person reads: `user` or `group`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::User => "user",
        }
    }

    /// The same, for more than one.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Group => "groups",
            Self::User => "users",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// A principal as a person names it: `user:ada`, `group:Customer Success`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrincipalId {
    pub kind: Kind,
    pub name: CompactString,
}

impl PrincipalId {
    /// Reads `user:NAME` or `group:NAME`.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (kind, name) = match text.split_once(':') {
            Some(("user", name)) => (Kind::User, name),
            Some(("group", name)) => (Kind::Group, name),
            _ => return Err(format!("expected `user:NAME` or `group:NAME`, found `{text}`")),
        };
        if name.is_empty() {
            return Err(format!("expected a name after `{kind}:`"));
        }
        Ok(Self { kind, name: name.into() })
    }
}

impl fmt::Display for PrincipalId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.kind, self.name)
    }
}
