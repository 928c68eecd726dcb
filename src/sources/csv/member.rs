use compact_str::CompactString;

use super::nearest::nearest;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Member {
    Name,
    DisplayName,
    Description,
    Mail,
    Type,
    Groups,
    Visibility,
    Active,
    Id,
    Password,
    /// `created` and `modified`: the format has them, no source sets them.
    Ignored,
    /// `attributes.NAME`.
    Attribute(CompactString),
}

const WORDS: [&str; 12] = [
    "name",
    "displayName",
    "description",
    "mail",
    "principalTypeEnum",
    "groupNames",
    "visibility",
    "active",
    "id",
    "password",
    "created",
    "modified",
];

impl Member {
    /// Reads the word of a header or of a key of `map`.
    pub(super) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "name" => Self::Name,
            "displayName" => Self::DisplayName,
            "description" => Self::Description,
            "mail" => Self::Mail,
            "principalTypeEnum" => Self::Type,
            "groupNames" => Self::Groups,
            "visibility" => Self::Visibility,
            "active" => Self::Active,
            "id" => Self::Id,
            "password" => Self::Password,
            "created" | "modified" => Self::Ignored,
            other => Self::Attribute(other.strip_prefix("attributes.").filter(|name| !name.is_empty())?.into()),
        })
    }

    /// What to write instead of a word that is none.
    pub(super) fn hint(word: &str) -> String {
        match nearest(word, WORDS) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("known are {} and attributes.NAME", WORDS.join(", ")),
        }
    }
}
