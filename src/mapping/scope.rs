use crate::principal::{CaseRules, Kind, Pattern, PatternSet};

/// Which records of the source a sync looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub users: KindScope,
    pub groups: KindScope,
}

/// The patterns of one kind. Without `include` everything is included; `exclude` wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindScope {
    pub include: Vec<Pattern>,
    pub exclude: Vec<Pattern>,
}

/// The scope made ready for the names of one target.
pub(super) struct Reach {
    include_users: PatternSet,
    include_groups: PatternSet,
    exclude: PatternSet,
}

impl Reach {
    pub(super) fn new(scope: &Scope, rules: CaseRules) -> Self {
        Self {
            include_users: PatternSet::new(&scope.users.include, rules),
            include_groups: PatternSet::new(&scope.groups.include, rules),
            exclude: PatternSet::new(scope.users.exclude.iter().chain(&scope.groups.exclude), rules),
        }
    }

    pub(super) fn holds(&self, kind: Kind, key: &str) -> bool {
        let include = match kind {
            Kind::User => &self.include_users,
            Kind::Group => &self.include_groups,
        };
        (include.is_empty() || include.matches(kind, key)) && !self.exclude.matches(kind, key)
    }
}
