use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Cause, Field, Owner, ReasonCode, Whole};
use crate::principal::{GroupRef, Kind, Origin, Principal, PrincipalId};

/// What is done to a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Create,
    Update,
    Rename,
    Disable,
    Enable,
    /// Taken out of every group.
    Strip,
    Delete,
}

impl Action {
    pub const ALL: [Self; 7] =
        [Self::Create, Self::Update, Self::Rename, Self::Enable, Self::Disable, Self::Strip, Self::Delete];

    /// Whether the guard counts it as a removal.
    #[must_use]
    pub fn removes(self) -> bool {
        matches!(self, Self::Disable | Self::Strip | Self::Delete)
    }

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Rename => "rename",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Strip => "strip",
            Self::Delete => "delete",
        }
    }
}

/// One value before and after; `Null` stands for nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    pub field: Field,
    pub from: Value,
    pub to: Value,
    /// Who moved since this sync last applied: the source, the target, or both.
    pub cause: Cause,
}

/// What most creates do not need.
#[derive(Debug, Clone, Default)]
pub struct Detail {
    pub fields: Vec<FieldChange>,
    /// Sorted.
    pub join: Vec<GroupRef>,
    pub new_name: Option<CompactString>,
    pub source_id: Option<CompactString>,
    pub transfer_to: Option<CompactString>,
    /// Who else changes because this group goes or is renamed: they lose or follow the membership.
    pub touches: Vec<PrincipalId>,
    pub last_origin: Option<String>,
    pub last_seen: Option<String>,
    /// Who moved, where it is made again, switched on or switched off.
    pub cause: Cause,
    /// Who moved, of each membership of which something is remembered. Sorted.
    pub causes: Vec<(GroupRef, Cause)>,
}

/// One change of a plan: data that can be shown, stored, compared and carried out.
#[derive(Debug, Clone)]
pub struct Change {
    action: Action,
    pub reason: ReasonCode,
    /// Somebody becomes a member of a privileged group by it.
    pub privileged: bool,
    pub owner: Owner,
    pub origin: Option<Origin>,
    before: Option<Box<Principal>>,
    after: Option<Box<Principal>>,
    /// Sorted. To leave a group needs a [`Whole`].
    leave: Box<[GroupRef]>,
    detail: Option<Box<Detail>>,
}

static NO_DETAIL: std::sync::LazyLock<Detail> = std::sync::LazyLock::new(Detail::default);

impl Change {
    /// A principal that the target lacks.
    #[must_use]
    pub fn create(after: Principal, origin: Option<Origin>) -> Self {
        Self::new(Action::Create, ReasonCode::New, None, Some(Box::new(after)), origin)
    }

    /// Values and memberships made equal: `update`, `rename` or `enable`. `after` is worked out from `detail`.
    #[must_use]
    pub fn edit(action: Action, reason: ReasonCode, before: Principal, detail: Detail, origin: Option<Origin>) -> Self {
        debug_assert!(!action.removes() && action != Action::Create);
        Self::with_detail(action, reason, before, detail, origin)
    }

    /// A removal: `delete`, `disable` or `strip`. Needs the proof that nothing was missed in reading.
    #[must_use]
    pub fn remove(whole: Whole, action: Action, reason: ReasonCode, before: Principal, detail: Detail) -> Self {
        let Whole { .. } = whole;
        debug_assert!(action.removes());
        let mut change = Self::with_detail(action, reason, before, detail, None);
        match (action, &mut change.after) {
            (Action::Delete, after) => *after = None,
            (Action::Strip, Some(after)) => after.groups = Some(Box::default()),
            (_, Some(after)) => after.active = Some(false),
            (_, None) => {}
        }
        change
    }

    fn with_detail(
        action: Action,
        reason: ReasonCode,
        before: Principal,
        detail: Detail,
        origin: Option<Origin>,
    ) -> Self {
        let mut after = before.clone();
        super::fields::set(&mut after, &detail.fields);
        if let Some(name) = &detail.new_name {
            after.name.clone_from(name);
        }
        if action == Action::Enable {
            after.active = Some(true);
        }
        let mut change = Self::new(action, reason, Some(Box::new(before)), Some(Box::new(after)), origin);
        change.detail = Some(Box::new(detail));
        change.place_groups();
        change
    }

    fn new(
        action: Action,
        reason: ReasonCode,
        before: Option<Box<Principal>>,
        after: Option<Box<Principal>>,
        origin: Option<Origin>,
    ) -> Self {
        Self {
            action,
            reason,
            privileged: false,
            owner: Owner::None,
            origin,
            before,
            after,
            leave: Box::default(),
            detail: None,
        }
    }

    /// The principal is on again without a word of it, as it was before rollcall switched it off.
    #[must_use]
    pub fn without_active(mut self) -> Self {
        if let (Action::Enable, Some(after)) = (self.action, &mut self.after) {
            after.active = None;
        }
        self
    }

    /// With the values that `former` has, where they are those that it leads to: what is missing there is missing
    /// afterwards, and not empty. To a target that is the same; to a file it is not.
    #[must_use]
    pub fn exactly(mut self, former: &Principal) -> Self {
        let (Some(after), Some(detail)) = (&mut self.after, &self.detail) else { return self };
        let fits =
            |change: &&FieldChange| super::fields::same(&super::fields::value(former, &change.field), &change.to);
        for change in detail.fields.iter().filter(fits) {
            super::fields::copy(former, after, &change.field);
        }
        if self.action == Action::Enable && former.is_active() {
            after.active = former.active;
        }
        if former.groups.is_none() {
            after.groups.take_if(|groups| groups.is_empty());
        }
        self
    }

    /// Takes the principal out of groups. Needs the proof that nothing was missed in reading.
    #[must_use]
    pub fn leaving(mut self, whole: Whole, groups: Vec<GroupRef>) -> Self {
        let Whole { .. } = whole;
        self.leave = groups.into();
        self.place_groups();
        self
    }

    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    #[must_use]
    pub fn before(&self) -> Option<&Principal> {
        self.before.as_deref()
    }

    #[must_use]
    pub fn after(&self) -> Option<&Principal> {
        self.after.as_deref()
    }

    #[must_use]
    pub fn detail(&self) -> &Detail {
        self.detail.as_deref().unwrap_or(&NO_DETAIL)
    }

    pub fn detail_mut(&mut self) -> &mut Detail {
        self.detail.get_or_insert_default()
    }

    /// The principal as the target knows it; a create, as it will be.
    #[must_use]
    pub fn subject(&self) -> &Principal {
        static NOBODY: std::sync::LazyLock<Principal> = std::sync::LazyLock::new(|| Principal::new(Kind::User, ""));
        self.before.as_deref().or(self.after.as_deref()).unwrap_or(&NOBODY)
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        self.subject().kind
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.subject().name
    }

    #[must_use]
    pub fn id(&self) -> PrincipalId {
        PrincipalId { kind: self.kind(), name: self.subject().name.clone() }
    }

    /// The groups it joins, those of a create included.
    #[must_use]
    pub fn joins(&self) -> &[GroupRef] {
        match (self.action, &self.after) {
            (Action::Create, Some(after)) => after.group_refs(),
            _ => &self.detail().join,
        }
    }

    /// The groups it is taken out of one by one; those it loses by its own removal are not here.
    #[must_use]
    pub fn leaves(&self) -> &[GroupRef] {
        &self.leave
    }

    /// Who moved, where it joins or leaves `group`.
    #[must_use]
    pub fn cause_of(&self, group: GroupRef) -> Cause {
        let causes = &self.detail().causes;
        causes.binary_search_by_key(&group, |(group, _)| *group).map_or(Cause::Unknown, |at| causes[at].1)
    }

    /// Takes memberships out of the change: for the guard, which holds them.
    pub fn withhold(&mut self, join: &[GroupRef], leave: &[GroupRef]) {
        if self.action == Action::Create {
            if let Some(after) = &mut self.after {
                after.set_groups(after.group_refs().iter().copied().filter(|group| !join.contains(group)).collect());
            }
            return;
        }
        let detail = self.detail_mut();
        detail.join.retain(|group| !join.contains(group));
        detail.causes.retain(|(group, _)| !(join.contains(group) || leave.contains(group)));
        self.leave = self.leave.iter().copied().filter(|group| !leave.contains(group)).collect();
        self.place_groups();
    }

    /// Bends somebody new to what the target can hold; what is there already was bent before it was compared.
    pub fn bend_new(&mut self, bend: impl FnOnce(&mut Principal)) {
        if let (Action::Create, Some(after)) = (self.action, &mut self.after) {
            bend(after);
        }
    }

    /// Takes values out of the change: for the guard, which holds them.
    pub fn withhold_values(&mut self, fields: &[Field]) {
        if self.action == Action::Create {
            let Some(attributes) = self.after.as_mut().and_then(|after| after.attributes.as_mut()) else { return };
            attributes.retain(|name, _| !fields.contains(&Field::Attribute(name.clone())));
            return;
        }
        let detail = self.detail_mut();
        let (held, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut detail.fields).into_iter().partition(|change| fields.contains(&change.field));
        detail.fields = kept;
        if let Some(after) = &mut self.after {
            let back: Vec<FieldChange> = held
                .into_iter()
                .map(|FieldChange { field, from, to, cause }| FieldChange { field, from: to, to: from, cause })
                .collect();
            super::fields::set(after, &back);
        }
    }

    /// Takes the switching on out of an enable: what is left of it goes on.
    pub fn stay_off(&mut self) {
        if self.action != Action::Enable {
            return;
        }
        let renamed = self.detail().new_name.is_some();
        (self.action, self.reason) =
            if renamed { (Action::Rename, ReasonCode::Renamed) } else { (Action::Update, ReasonCode::Changed) };
        self.detail_mut().cause = Cause::Unknown;
        if let (Some(before), Some(after)) = (&self.before, &mut self.after) {
            after.active = before.active;
        }
    }

    /// Whether nothing is left of an update.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let detail = self.detail();
        self.action == Action::Update && detail.fields.is_empty() && detail.join.is_empty() && self.leave.is_empty()
    }

    fn place_groups(&mut self) {
        let (Some(before), Some(after), Some(detail)) = (&self.before, &mut self.after, &self.detail) else { return };
        if before.groups.is_none() && detail.join.is_empty() {
            after.groups = None;
            return;
        }
        let kept = before.group_refs().iter().filter(|group| !self.leave.contains(group));
        after.set_groups(kept.chain(&detail.join).copied().collect());
    }
}
