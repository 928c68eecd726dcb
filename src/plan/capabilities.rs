use std::time::Duration;

use crate::principal::{CaseRules, GroupNames, Kind, Pattern, Principal, PrincipalSet};

/// One thing a product can do with a principal of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    Create,
    /// Its values can be changed.
    Update,
    Rename,
    Disable,
    Delete,
    /// It can be put into groups and taken out of them. For groups: see `Nest`.
    Join,
    /// A group may be a member of a group.
    Nest,
    /// A password can be set at creation.
    Password,
    /// What a user owns can be handed to another.
    Transfer,
}

impl Ability {
    pub const ALL: [Self; 9] = [
        Self::Create,
        Self::Update,
        Self::Rename,
        Self::Disable,
        Self::Delete,
        Self::Join,
        Self::Nest,
        Self::Password,
        Self::Transfer,
    ];

    /// As a person would say it after "the target cannot": `create`, `hand over what is owned by`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Rename => "rename",
            Self::Disable => "disable",
            Self::Delete => "delete",
            Self::Join => "change the memberships of",
            Self::Nest => "nest",
            Self::Password => "set passwords of",
            Self::Transfer => "hand over what is owned by",
        }
    }
}

/// What a product can do with principals of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Abilities(u16);

impl Abilities {
    #[must_use]
    pub const fn none() -> Self {
        Self(0)
    }

    #[must_use]
    pub const fn of(abilities: &[Ability]) -> Self {
        let (mut found, mut at) = (0, 0);
        while at < abilities.len() {
            found |= 1 << abilities[at] as u16;
            at += 1;
        }
        Self(found)
    }

    #[must_use]
    pub const fn with(self, ability: Ability) -> Self {
        Self(self.0 | 1 << ability as u16)
    }

    #[must_use]
    pub const fn without(self, ability: Ability) -> Self {
        Self(self.0 & !(1 << ability as u16))
    }

    #[must_use]
    pub const fn contains(self, ability: Ability) -> bool {
        self.0 & 1 << ability as u16 != 0
    }
}

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
    /// One thing after the other: see [`Step`](super::Step).
    Steps(Membership),
    /// The whole state at once.
    Whole,
}

/// Where a product keeps who is in which group, and so what a step changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// In the member's own record: written with its other values.
    OnMember,
    /// In the group.
    OnGroup {
        /// How many members one step adds, at the most.
        join: usize,
        /// How many members one step takes out, at the most.
        leave: usize,
        /// Steps for one group may be under way at the same time.
        overlap: bool,
    },
}

/// Attributes that a product can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Whatever they are called.
    Any,
    /// These, of users and of groups.
    Only { users: &'static [&'static str], groups: &'static [&'static str] },
}

impl Taken {
    pub const NONE: Self = Self::Only { users: &[], groups: &[] };

    /// Whether a principal of `kind` can have the attribute `name`.
    #[must_use]
    pub fn takes(self, kind: Kind, name: &str) -> bool {
        match (self, kind) {
            (Self::Any, _) => true,
            (Self::Only { users, .. }, Kind::User) => users.contains(&name),
            (Self::Only { groups, .. }, Kind::Group) => groups.contains(&name),
        }
    }
}

/// An attribute that gives rights: to gain it takes a person's consent, as joining a privileged group does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Privilege {
    pub kind: Kind,
    pub attribute: &'static str,
    pub when: When,
    /// Who has it administrates the product; a group that has it makes administrators of its members.
    pub administrates: bool,
}

/// Which values of an attribute give rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// This text.
    Is(&'static str),
    /// `true`.
    True,
    /// Any change of it.
    Changes,
    /// This text, which leaves it to the groups: whoever stays in a privileged one has its rights from then on. Any other
    /// goes before what the groups give.
    Groups(&'static str),
}

impl Privilege {
    /// Whether a principal of the target has it by the value alone: a privilege of [`When::Changes`] or [`When::Groups`] is
    /// had by nobody.
    #[must_use]
    pub fn is_had_by(&self, principal: &Principal) -> bool {
        let value = principal.attributes.as_ref().and_then(|has| has.get(self.attribute));
        let lasts = matches!(self.when, When::Is(_) | When::True);
        principal.kind == self.kind && lasts && value.is_some_and(|value| self.is_given_by(value))
    }

    /// Whether to set the attribute to `value` gives rights.
    #[must_use]
    pub fn is_given_by(&self, value: &serde_json::Value) -> bool {
        match self.when {
            When::Is(text) | When::Groups(text) => value.as_str() == Some(text),
            When::True => value.as_bool() == Some(true),
            When::Changes => true,
        }
    }
}

/// What a person can do where the product cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    pub kind: Kind,
    pub ability: Ability,
    /// A clause: `a person appears in Curator at the first sign-in`.
    pub text: &'static str,
}

/// What a product can do. The planner, the guard, the documentation and the tests all read this.
#[derive(Debug, Clone)]
pub struct Capabilities {
    pub users: Abilities,
    pub groups: Abilities,
    pub attributes: Taken,
    pub rules: CaseRules,
    pub batch: Batch,
    /// Steps under way at once.
    pub concurrency: usize,
    pub cost: super::Cost,
    /// How long after a write the product may take to show it.
    pub settles: Duration,
    /// Groups that everybody is in: they never show as a difference.
    pub implicit: &'static [&'static str],
    /// Groups whose members administrate the product.
    pub admin_groups: &'static [&'static str],
    pub privileges: &'static [Privilege],
    /// Why nobody new may be in no group at all, and what a person can do; none where they may.
    pub needs_group: Option<&'static str>,
    /// Whether who is switched off can be put into groups.
    pub joins_disabled: bool,
    /// Besides "do it by hand in the target".
    pub advice: &'static [Advice],
    /// Principals of the product itself and the account rollcall signs in with: never changed or removed.
    pub system: Vec<Pattern>,
}

impl Capabilities {
    #[must_use]
    pub fn can(&self, kind: Kind, ability: Ability) -> bool {
        match kind {
            Kind::User => self.users.contains(ability),
            Kind::Group => self.groups.contains(ability),
        }
    }

    /// Whether this group is one that everybody is in.
    #[must_use]
    pub fn is_implicit(&self, kind: Kind, key: &str) -> bool {
        kind == Kind::Group && self.implicit.iter().any(|name| self.rules.key(kind, name) == key)
    }

    /// Whether it is in any group but those that everybody is in; `names` are those of its set.
    #[must_use]
    pub fn is_in_groups(&self, principal: &Principal, names: &GroupNames) -> bool {
        let is_own = |name: &str| !self.is_implicit(Kind::Group, &self.rules.key(Kind::Group, name));
        principal.group_refs().iter().any(|group| is_own(names.name(*group)))
    }

    /// Whether principals of `kind` can be put into groups: for groups that is to nest them.
    #[must_use]
    pub fn can_join(&self, kind: Kind) -> bool {
        self.can(kind, if kind == Kind::Group { Ability::Nest } else { Ability::Join })
    }

    /// Whether the rights of its groups count for a principal: no value of its own goes before them.
    #[must_use]
    pub fn leaves_to_groups(&self, principal: &Principal) -> bool {
        let own = self
            .privileges
            .iter()
            .filter(|privilege| privilege.kind == principal.kind && matches!(privilege.when, When::Groups(_)));
        let value =
            |name: &str| principal.attributes.as_ref().and_then(|has| has.get(name)).filter(|value| !value.is_null());
        own.into_iter().all(|privilege| value(privilege.attribute).is_none_or(|value| privilege.is_given_by(value)))
    }

    /// Why something is not done: the target cannot, and what a person can do about it where that is known.
    #[must_use]
    pub fn inability(&self, kind: Kind, ability: Ability) -> String {
        let known = self.advice.iter().find(|advice| advice.kind == kind && advice.ability == ability);
        let flatten = "`groups.nested: flatten` makes the members of a nested group members of its parents";
        let known = known.map(|advice| advice.text).or((ability == Ability::Nest).then_some(flatten));
        let more = known.map(|text| format!(": {text}")).unwrap_or_default();
        format!("the target cannot {} {}{more}", ability.words(), kind.plural())
    }

    /// Takes the attributes out that the product cannot hold; a part of most targets' `project`.
    pub fn bend_attributes(&self, principal: &mut Principal) {
        let kind = principal.kind;
        if let Some(attributes) = &mut principal.attributes {
            attributes.retain(|name, _| self.attributes.takes(kind, name));
            if attributes.is_empty() {
                principal.attributes = None;
            }
        }
    }

    /// The groups whose members administrate the product: by name, or by an attribute that `current` shows.
    pub fn admin_groups_of<'a>(&'a self, current: &'a PrincipalSet) -> impl Iterator<Item = &'a str> {
        let by_attribute: Vec<&Privilege> = self
            .privileges
            .iter()
            .filter(|privilege| privilege.kind == Kind::Group && privilege.administrates)
            .collect();
        let last = if by_attribute.is_empty() { 0 } else { current.count(Kind::Group) };
        let found = current.records()[..last].iter().map(|record| &record.principal);
        let found = found.filter(move |group| by_attribute.iter().any(|privilege| privilege.is_had_by(group)));
        self.admin_groups.iter().copied().chain(found.map(|group| group.name.as_str()))
    }
}
