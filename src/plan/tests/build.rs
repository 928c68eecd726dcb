//! Principals and worlds in few words, for the tests of this room and of those above.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use compact_str::CompactString;
use serde_json::Value;

use crate::plan::{
    Abilities, Ability, Batch, Capabilities, Cost, Coverage, Current, Desired, Leaver, Ledger, Owned, Owner, Plan,
    Policy, Taken, diff,
};
use crate::principal::{
    CaseRule, CaseRules, GroupNames, Kind, Origin, Password, Pattern, Principal, PrincipalId, PrincipalSet,
    PrincipalType, Record, Visibility,
};

/// Noon of a day of January 2026, or later.
pub(crate) fn day(day: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 1, 12, 0, 0).unwrap() + TimeDelta::days(day - 1)
}

/// A principal in the making.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    principal: Principal,
    groups: Option<Vec<String>>,
    origin: Option<String>,
}

pub(crate) fn user(name: &str) -> Draft {
    Draft { principal: Principal::new(Kind::User, name), groups: None, origin: None }
}

pub(crate) fn group(name: &str) -> Draft {
    Draft { principal: Principal::new(Kind::Group, name), groups: None, origin: None }
}

impl Draft {
    pub(crate) fn display(mut self, text: &str) -> Self {
        self.principal.display_name = Some(text.into());
        self
    }

    pub(crate) fn description(mut self, text: &str) -> Self {
        self.principal.description = Some(text.into());
        self
    }

    pub(crate) fn mail(mut self, text: &str) -> Self {
        self.principal.mail = Some(text.into());
        self
    }

    pub(crate) fn visibility(mut self, visibility: Visibility) -> Self {
        self.principal.visibility = Some(visibility);
        self
    }

    pub(crate) fn active(mut self, active: bool) -> Self {
        self.principal.active = Some(active);
        self
    }

    pub(crate) fn id(mut self, id: &str) -> Self {
        self.principal.id = Some(id.into());
        self
    }

    pub(crate) fn typed(mut self, text: &str) -> Self {
        self.principal.type_name = PrincipalType::parse(text).map(|(type_name, _)| type_name);
        self
    }

    pub(crate) fn attribute(mut self, name: &str, value: Value) -> Self {
        self.principal.attributes.get_or_insert_default().insert(name.into(), value);
        self
    }

    pub(crate) fn password(mut self, text: &str) -> Self {
        self.principal.password = Some(Box::new(Password::new(text)));
        self
    }

    pub(crate) fn groups<const N: usize>(self, names: [&str; N]) -> Self {
        self.in_groups(names)
    }

    pub(crate) fn in_groups<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.groups.get_or_insert_default().extend(names.into_iter().map(str::to_owned));
        self
    }

    /// Every value but the memberships.
    pub(crate) fn copied(mut self, from: &Principal) -> Self {
        self.principal = Principal { groups: None, ..from.clone() };
        self
    }

    pub(crate) fn at(mut self, origin: &str) -> Self {
        self.origin = Some(origin.into());
        self
    }

    pub(crate) fn record(self, names: &mut GroupNames) -> Record {
        let Self { mut principal, groups, origin } = self;
        if let Some(groups) = groups {
            principal.set_groups(groups.iter().map(|group| names.intern(group)).collect());
        }
        Record::new(principal, origin.as_deref().map(Origin::place))
    }
}

/// The set of `drafts`; none may collide.
pub(crate) fn set_of(drafts: impl IntoIterator<Item = Draft>, rules: CaseRules) -> PrincipalSet {
    let mut names = GroupNames::new();
    let records = drafts.into_iter().map(|draft| draft.record(&mut names)).collect();
    let (set, collisions) = PrincipalSet::build(records, names, rules);
    assert!(collisions.is_empty(), "{collisions:?}");
    set
}

pub(crate) fn numbered(prefix: &str, numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("{prefix}{number:04}")).collect()
}

/// Users `u0000`, `u0001` …
pub(crate) fn users(numbers: std::ops::Range<usize>) -> Vec<Draft> {
    numbered("u", numbers).iter().map(|name| user(name).display(name)).collect()
}

/// What a JSON file can do. The target's own tests hold this to it: this room may not import targets.
fn file() -> Capabilities {
    use Ability as A;
    Capabilities {
        users: Abilities::of(&[A::Create, A::Update, A::Rename, A::Disable, A::Delete, A::Join]),
        groups: Abilities::of(&[A::Create, A::Update, A::Rename, A::Delete, A::Nest]),
        attributes: Taken::Any,
        rules: CaseRules::EXACT,
        batch: Batch::Whole,
        concurrency: 1,
        settles: Duration::ZERO,
        privileges: &[],
        needs_group: None,
        joins_disabled: true,
        advice: &[],
        cost: Cost::NOTHING,
        implicit: &[],
        admin_groups: &[],
        system: Vec::new(),
    }
}

/// What ThoughtSpot can do, in the same way.
fn thoughtspot() -> Capabilities {
    use Ability as A;
    let users = ["tsadmin", "su", "system", "guest"].map(|name| Pattern::new(Kind::User, name));
    let groups = ["All", "Administrator", "System"].map(|name| Pattern::new(Kind::Group, name));
    Capabilities {
        users: Abilities::of(&[A::Create, A::Update, A::Rename, A::Delete, A::Join, A::Password, A::Transfer]),
        groups: Abilities::of(&[A::Create, A::Update, A::Rename, A::Delete, A::Nest]),
        attributes: Taken::NONE,
        rules: CaseRules { users: CaseRule::Ignored, groups: CaseRule::Exact },
        batch: Batch::Whole,
        concurrency: 1,
        settles: Duration::ZERO,
        privileges: &[],
        needs_group: None,
        joins_disabled: true,
        advice: &[],
        cost: Cost { fixed: 6, transfer: 1, rate: 100, ..Cost::NOTHING },
        implicit: &["All"],
        admin_groups: &["Administrator"],
        system: users.into_iter().chain(groups).collect(),
    }
}

/// Everything a plan is made of.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) source: Vec<Draft>,
    pub(crate) target: Vec<Draft>,
    pub(crate) policy: Policy,
    pub(crate) can: Capabilities,
    pub(crate) ledger: Ledger,
    pub(crate) coverage: Coverage,
    set_aside: Vec<PrincipalId>,
    out_of_scope: Vec<PrincipalId>,
    several: Vec<PrincipalId>,
}

impl World {
    fn new(can: Capabilities) -> Self {
        Self {
            source: Vec::new(),
            target: Vec::new(),
            policy: Policy { remove_deleted: true, ..Policy::default() },
            can,
            ledger: Ledger::default(),
            coverage: Coverage::proved("read to its end"),
            set_aside: Vec::new(),
            out_of_scope: Vec::new(),
            several: Vec::new(),
        }
    }

    /// A JSON file: exact names, can disable, has attributes. `removeDeleted` is true.
    pub(crate) fn file() -> Self {
        Self::new(file())
    }

    /// ThoughtSpot: users without case, cannot disable, everybody is in `All`. `removeDeleted` is true.
    pub(crate) fn thoughtspot() -> Self {
        Self::new(thoughtspot())
    }

    pub(crate) fn source(mut self, drafts: impl IntoIterator<Item = Draft>) -> Self {
        self.source.extend(drafts);
        self
    }

    pub(crate) fn target(mut self, drafts: impl IntoIterator<Item = Draft>) -> Self {
        self.target.extend(drafts);
        self
    }

    pub(crate) fn policy(mut self, set: impl FnOnce(&mut Policy)) -> Self {
        set(&mut self.policy);
        self
    }

    pub(crate) fn can(mut self, set: impl FnOnce(&mut Capabilities)) -> Self {
        set(&mut self.can);
        self
    }

    pub(crate) fn protect(mut self, pattern: &str) -> Self {
        self.policy.protect.push(Pattern::parse(pattern).unwrap());
        self
    }

    pub(crate) fn unproven(mut self) -> Self {
        self.coverage.missing.push("page 2 is missing".into());
        self
    }

    /// This sync has the principal in its care; `source_id` may be empty.
    pub(crate) fn owned(self, id: &str, source_id: &str) -> Self {
        self.remember(id, source_id, |_| {})
    }

    pub(crate) fn remember(mut self, id: &str, source_id: &str, set: impl FnOnce(&mut Owned)) -> Self {
        let (kind, key) = self.key(id);
        let source_id = (!source_id.is_empty()).then(|| source_id.into());
        let mut owned = Owned { owner: Owner::Created, source_id, disabled: false };
        set(&mut owned);
        self.ledger.insert(kind, key, owned);
        self
    }

    /// The principal is on its way out: missed by one reading, on the 1st of January, unless `set` says otherwise.
    pub(crate) fn leaver(mut self, id: &str, set: impl FnOnce(&mut Leaver)) -> Self {
        let (kind, key) = self.key(id);
        let mut leaver = Leaver { name: key.clone(), absences: 1, since: day(1), disabled: None, recorded: None };
        set(&mut leaver);
        self.ledger.insert_leaver(kind, key, leaver);
        self
    }

    /// The plan is made then.
    pub(crate) fn on(self, time: DateTime<Utc>) -> Self {
        self.policy(|policy| policy.now = time)
    }

    /// Nobody watches.
    pub(crate) fn unattended(self) -> Self {
        self.policy(|policy| policy.by_hand = false)
    }

    pub(crate) fn owned_by(mut self, id: &str, sync: &str) -> Self {
        let (kind, key) = self.key(id);
        self.ledger.insert_other(kind, key, sync.into());
        self
    }

    pub(crate) fn set_aside(mut self, id: &str) -> Self {
        self.set_aside.push(PrincipalId::parse(id).unwrap());
        self
    }

    /// The target has more than one of this name.
    pub(crate) fn several(mut self, id: &str) -> Self {
        self.several.push(PrincipalId::parse(id).unwrap());
        self
    }

    pub(crate) fn out_of_scope(mut self, id: &str) -> Self {
        self.out_of_scope.push(PrincipalId::parse(id).unwrap());
        self
    }

    fn key(&self, id: &str) -> (Kind, CompactString) {
        let id = PrincipalId::parse(id).unwrap();
        (id.kind, self.can.rules.key(id.kind, &id.name))
    }

    pub(crate) fn current(&self) -> Current {
        let mut current = Current::new(set_of(self.target.clone(), self.can.rules), Coverage::proved("listed"));
        current.ambiguous = self.several.iter().map(|id| self.key(&id.to_string())).collect();
        current
    }

    pub(crate) fn desired(&self) -> Desired {
        let keys = |ids: &[PrincipalId]| ids.iter().map(|id| self.key(&id.to_string())).collect();
        Desired {
            set_aside_ids: rustc_hash::FxHashSet::default(),
            unknown_ids: false,
            contested: rustc_hash::FxHashSet::default(),
            set: set_of(self.source.clone(), self.can.rules),
            set_aside: keys(&self.set_aside),
            out_of_scope: keys(&self.out_of_scope),
            coverage: self.coverage.clone(),
            notes: Vec::new(),
        }
    }

    pub(crate) fn plan(&self) -> Plan {
        diff(self.desired(), &self.current(), &self.policy, &self.can, &self.ledger)
    }

    /// The lines of the plan, made twice.
    pub(crate) fn told(&self) -> Vec<String> {
        let told = super::tell::lines(&self.plan());
        assert_eq!(told, super::tell::lines(&self.plan()), "the same input gives the same plan");
        told
    }

    /// The lines without adoptions, which most stories are not about.
    pub(crate) fn story(&self) -> Vec<String> {
        self.told().into_iter().filter(|line| !line.starts_with("adopt ")).collect()
    }
}
