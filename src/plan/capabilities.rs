use crate::principal::{CaseRules, Kind, Pattern};

/// One thing a product can do with a principal of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    Create,
    Update,
    Rename,
    Disable,
    Delete,
    /// A group may be a member of a group.
    Nest,
    /// A password can be set at creation.
    Password,
    /// What a user owns can be handed to another.
    Transfer,
}

/// What a product can do with principals of one kind.
pub type Abilities = &'static [Ability];

/// A value of a principal that can differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    DisplayName,
    Description,
    Mail,
    Visibility,
    Active,
    Attribute(compact_str::CompactString),
}

impl Field {
    /// The member of the JSON form: `displayName`, `attributes.department`.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::DisplayName => "displayName".into(),
            Self::Description => "description".into(),
            Self::Mail => "mail".into(),
            Self::Visibility => "visibility".into(),
            Self::Active => "active".into(),
            Self::Attribute(name) => format!("attributes.{name}"),
        }
    }

    /// Reads what [`Field::text`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "displayName" => Self::DisplayName,
            "description" => Self::Description,
            "mail" => Self::Mail,
            "visibility" => Self::Visibility,
            "active" => Self::Active,
            other => Self::Attribute(other.strip_prefix("attributes.")?.into()),
        })
    }
}

/// How changes reach the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    /// One change a call.
    One,
    /// The whole state at once.
    Whole,
}

/// What a product can do. The planner, the guard, the documentation and the tests all read this.
#[derive(Debug, Clone)]
pub struct Capabilities {
    pub users: Abilities,
    pub groups: Abilities,
    /// Whether it can hold `attributes`.
    pub attributes: bool,
    pub rules: CaseRules,
    pub batch: Batch,
    pub cost: super::Cost,
    /// Groups that everybody is in: they never show as a difference.
    pub implicit: &'static [&'static str],
    /// Groups whose members administrate the product.
    pub admin_groups: &'static [&'static str],
    /// Principals of the product itself and the account rollcall signs in with: never changed or removed.
    pub system: Vec<Pattern>,
}

impl Capabilities {
    #[must_use]
    pub fn can(&self, kind: Kind, ability: Ability) -> bool {
        match kind {
            Kind::User => self.users.contains(&ability),
            Kind::Group => self.groups.contains(&ability),
        }
    }

    /// Whether this group is one that everybody is in.
    #[must_use]
    pub fn is_implicit(&self, kind: Kind, key: &str) -> bool {
        kind == Kind::Group && self.implicit.iter().any(|name| self.rules.key(kind, name) == key)
    }
}
