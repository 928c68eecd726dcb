use compact_str::CompactString;
use schemars::JsonSchema;
use serde::Deserialize;

use super::values;
use crate::mapping::expression::{Computed, Condition};
use crate::mapping::hierarchy::DEPTH;
use crate::mapping::{Naming, Scope};
use crate::plan::Field;

/// All that a sync says about who goes where. Nothing said: everybody, as they are.
#[derive(Debug)]
pub struct Rules {
    pub scope: Scope,
    pub users: KindRules,
    pub groups: KindRules,
    /// How a user is called in the target.
    pub user_name: Option<NameRule>,
    pub grants: Vec<Grant>,
    /// How groups are called in the target.
    pub naming: Naming,
    pub nested: Nested,
    /// How many steps a membership is followed.
    pub depth: usize,
}

/// The rules of one kind.
#[derive(Debug, Default)]
pub struct KindRules {
    /// Who takes part. Default: all.
    pub when: Option<Condition>,
    pub set: Vec<Setting>,
}

/// A value that a rule gives.
#[derive(Debug)]
pub struct Setting {
    pub field: Field,
    pub value: Computed,
    /// `syncs.corp.users.set.mail (rollcall.yaml:31:15)`.
    pub place: Box<str>,
}

/// The name that a rule gives.
#[derive(Debug)]
pub struct NameRule {
    pub value: Computed,
    pub place: Box<str>,
}

/// Groups of the target that a rule gives to users.
#[derive(Debug)]
pub struct Grant {
    pub groups: Vec<CompactString>,
    /// To whom. Default: to all.
    pub when: Option<Condition>,
}

/// What becomes of groups in groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Nested {
    /// They stay as they are.
    #[default]
    Keep,
    /// A user gets every group that they are in by way of another; groups are in none.
    Flatten,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            scope: Scope::default(),
            users: KindRules::default(),
            groups: KindRules::default(),
            user_name: None,
            grants: Vec::new(),
            naming: Naming::default(),
            nested: Nested::default(),
            depth: DEPTH,
        }
    }
}

impl From<Scope> for Rules {
    fn from(scope: Scope) -> Self {
        Self { scope, ..Self::default() }
    }
}

impl Setting {
    /// # Errors
    /// Where the value is a constant that the field cannot take: a sentence.
    pub fn new(field: Field, value: Computed, place: &str) -> Result<Self, String> {
        if let Some(constant) = value.constant() {
            values::read(&field, constant.clone())?;
        }
        Ok(Self { field, value, place: place.into() })
    }
}

impl NameRule {
    /// # Errors
    /// Where the value is a constant: everybody would have one name.
    pub fn new(value: Computed, place: &str) -> Result<Self, String> {
        if value.constant().is_some() {
            return Err("a constant gives every user one name".into());
        }
        Ok(Self { value, place: place.into() })
    }

    /// Whether the source's name is all that it needs.
    pub(super) fn is_of_name(&self) -> bool {
        self.value.variables().iter().all(|variable| variable.name == "name")
    }
}

impl Rules {
    /// Whether nothing is said but patterns.
    pub(in crate::mapping) fn is_plain(&self) -> bool {
        let Self { scope: _, users, groups, user_name, grants, naming, nested, depth: _ } = self;
        let plain = |rules: &KindRules| rules.when.is_none() && rules.set.is_empty();
        plain(users)
            && plain(groups)
            && user_name.is_none()
            && grants.is_empty()
            && naming.is_identity()
            && *nested == Nested::Keep
    }

    /// Whether it matters what the groups are in that a user is in.
    pub(in crate::mapping) fn follows_groups(&self) -> bool {
        self.nested == Nested::Flatten || self.variables().any(|(name, _)| name == "allGroups")
    }

    /// Every variable that the rules ask for, with the place of the rule.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables_of(crate::principal::Kind::User).chain(self.variables_of(crate::principal::Kind::Group))
    }

    pub(super) fn variables_of(&self, kind: crate::principal::Kind) -> impl Iterator<Item = (&str, &str)> {
        let is_user = kind == crate::principal::Kind::User;
        let rules = if is_user { &self.users } else { &self.groups };
        let grants = self.grants.iter().filter(move |_| is_user).filter_map(|grant| grant.when.as_ref());
        let conditions = rules.when.iter().chain(grants);
        let conditions = conditions.flat_map(|when| when.variables().iter().map(|one| (&*one.name, when.place())));
        let name = self.user_name.iter().filter(move |_| is_user).map(|rule| (&rule.value, &*rule.place));
        let values = rules.set.iter().map(|setting| (&setting.value, &*setting.place)).chain(name);
        let values =
            values.flat_map(|(value, place)| value.variables().iter().map(move |one| (one.name.as_str(), place)));
        conditions.chain(values)
    }
}
