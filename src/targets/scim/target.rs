use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::OnceCell;

use super::api::Api;
use super::config::{Groups, Members, Passwords};
use super::convert::{self, GroupRow, UserRow};
use super::fields::ATTRIBUTES;
use super::forms::Forms;
use super::listing::{Listing, list};
use super::manner::Manner;
use super::memory::Memory;
use super::reading::{Namesakes, Read, read};
use super::service::{Service, discover};
use super::typed::Choice;
use super::wire::Resource;
use super::{findings, perform};
use crate::connector::{
    BuildContext, BuildError, Calls, ConnectorError, Finding, Judgement, Listed, Performed, Progress, Secret,
    SendError, Site, Target,
};
use crate::plan::{
    Abilities, Ability, Action, Advice, Batch, Capabilities, Change, Cost, Current, Membership, Step, Taken,
};
use crate::principal::{CaseRules, GroupNames, Kind, Pattern, Principal};

/// Requests a second that a forecast reckons with where no limit is known.
const RATE: u32 = 10;

const ADVICE: &[Advice] = &[
    Advice {
        kind: Kind::User,
        ability: Ability::Delete,
        text: "this service does not delete, or not so that it can be undone: `leavers.users.first: disable` switches off",
    },
    Advice {
        kind: Kind::User,
        ability: Ability::Rename,
        text: "rename the account in the service, or set `rename: true`",
    },
    Advice {
        kind: Kind::Group,
        ability: Ability::Create,
        text: "make it in the service; the next run adds the members",
    },
    Advice {
        kind: Kind::Group,
        ability: Ability::Nest,
        text: "set `nest: true` where the service takes groups as members; else `groups.nested: flatten`",
    },
];

/// A SCIM 2.0 service.
pub struct Scim {
    pub(super) api: Api,
    pub(super) manner: Manner,
    pub(super) forms: Forms,
    pub(super) memory: Memory,
    capabilities: Capabilities,
    service: OnceCell<Service>,
    /// Of the last reading, for what is said of a plan.
    namesakes: Mutex<Vec<Namesakes>>,
    shows_members: AtomicBool,
    /// Users and groups, for whoever looks up a name that is taken.
    listed: [Listed<Vec<Resource>>; 2],
}

impl Scim {
    pub(super) fn new(context: &BuildContext, url: &str, token: Secret, manner: Manner) -> Result<Self, BuildError> {
        let api = Api::new(context, url, token, &manner)?;
        let mut capabilities = able(&manner);
        capabilities.concurrency = context.network.concurrency.unwrap_or(manner.concurrency);
        capabilities.cost.rate = context.network.rate.or(manner.rate).unwrap_or(RATE);
        Ok(Self {
            api,
            forms: Forms::new(manner.chunk),
            memory: Memory::default(),
            capabilities,
            service: OnceCell::new(),
            namesakes: Mutex::default(),
            shows_members: AtomicBool::new(false),
            listed: Default::default(),
            manner,
        })
    }

    /// What the service says of itself, asked once.
    pub(super) async fn service(&self) -> Result<&Service, ConnectorError> {
        self.service.get_or_try_init(|| discover(&self.api, &self.manner)).await
    }

    pub(super) fn listed(&self, kind: Kind) -> &Listed<Vec<Resource>> {
        &self.listed[usize::from(kind == Kind::Group)]
    }

    pub(super) fn rules(&self) -> CaseRules {
        self.capabilities.rules
    }

    /// Which of several values is ours.
    pub(super) fn choice(&self) -> Choice<'_> {
        Choice { of_type: &self.manner.address_type, single: self.manner.single_values }
    }

    /// Whether versions guard writes. Some services send tags that mean nothing, so that only what is said counts.
    pub(super) async fn uses_versions(&self) -> Result<bool, ConnectorError> {
        Ok(self.manner.etag.unwrap_or(self.service().await?.etag == Some(true)))
    }

    /// Whether some group showed a member in the last reading.
    pub(super) fn shows_members(&self) -> bool {
        self.shows_members.load(Ordering::Relaxed)
    }

    pub(super) fn note_shown_members(&self) {
        self.shows_members.store(true, Ordering::Relaxed);
    }

    /// Whether groups do not show their members, so that what is remembered counts.
    pub(super) fn hides_members(&self) -> bool {
        let remembered = || self.memory.with(|memory| memory.hides_members);
        self.manner.members.map_or_else(remembered, |members| members == Members::Hidden)
    }

    /// Whether a group that is read shows all that it has: only then may it be written whole.
    pub(super) fn shows_whole_groups(&self) -> bool {
        self.manner.member_cap.is_none() && !self.hides_members()
    }

    async fn users(&self) -> Result<Listing<UserRow>, ConnectorError> {
        let row = |resource| convert::user(&resource, self.choice());
        list(&self.api, self.service().await?, &self.manner, Kind::User, row).await
    }

    async fn groups(&self) -> Result<Listing<GroupRow>, ConnectorError> {
        if self.manner.groups == Groups::None {
            return Ok(Listing { rows: Vec::new(), proof: String::new(), spoilt: Vec::new() });
        }
        let row = |resource| convert::group(&resource);
        list(&self.api, self.service().await?, &self.manner, Kind::Group, row).await
    }

    async fn current(&self) -> Result<Current, ConnectorError> {
        let (users, groups) = (self.users().await?, self.groups().await?);
        for row in &groups.rows {
            self.forms.note_version(&row.id, row.version.clone());
        }
        let service = self.service().await?;
        let Read { current, namesakes, shows_members, cut } =
            self.memory.with(|memory| read(users, groups, (service, &self.manner), self.rules(), memory));
        for one in &namesakes {
            tracing::warn!(kind = %one.kind, number = one.ids.len(), "Several have one name: they are left as they are");
        }
        self.shows_members.store(shows_members, Ordering::Relaxed);
        if cut > 0 {
            tracing::warn!(groups = cut, "Groups may have more members than they show: they are left as they are");
        }
        *self.namesakes() = namesakes;
        Ok(current)
    }

    fn namesakes(&self) -> MutexGuard<'_, Vec<Namesakes>> {
        // A list is never left half-changed.
        self.namesakes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the service's own schemas say against a change.
    fn judge_by_schema(&self, change: &Change) -> Judgement {
        let Some(schema) = self.service.get().map(|service| &service.schema) else { return Judgement::Fine };
        let fixed = match change.kind() {
            Kind::User => schema.fixed_user_name,
            Kind::Group => schema.fixed_group_name,
        };
        if fixed && change.detail().new_name.is_some() {
            let why = "the service says that the name cannot change: rename it there, or set `schemas: false`";
            return Judgement::Cannot(why.into());
        }
        if change.kind() == Kind::User && change.action() == Action::Create {
            let lacking = findings::lacking(&schema.required, change);
            if !lacking.is_empty() {
                let lacking = lacking.join(", ");
                return Judgement::Note(format!(
                    "the service says that it requires {lacking}, which some new users lack"
                ));
            }
        }
        Judgement::Fine
    }
}

/// What a service can do, used so.
fn able(manner: &Manner) -> Capabilities {
    use Ability::{Create, Delete, Disable, Join, Nest, Password, Rename, Update};
    let has_groups = manner.groups != Groups::None;
    let with = |all: Abilities, ability: Ability, given: bool| if given { all.with(ability) } else { all };
    let users = Abilities::of(&[Create, Update, Disable]);
    let users = with(with(users, Rename, manner.rename), Delete, manner.delete);
    let users = with(with(users, Join, has_groups), Password, manner.password == Passwords::Send);
    let groups = match manner.groups {
        Groups::Full => Abilities::of(&[Create, Rename, Delete]),
        Groups::Members | Groups::None => Abilities::none(),
    };
    Capabilities {
        users,
        groups: with(groups, Nest, manner.nest && has_groups),
        attributes: Taken::Only { users: ATTRIBUTES, groups: &[] },
        rules: CaseRules::minding(manner.case_exact, manner.group_case_exact),
        batch: Batch::Steps(Membership::OnGroup { join: manner.chunk, leave: manner.chunk, overlap: false }),
        concurrency: manner.concurrency,
        // A change reads whom it is about first.
        cost: Cost {
            fixed: 2,
            change: 2,
            page: manner.count.and_then(|count| u64::try_from(count).ok()),
            rate: RATE,
            ..Cost::NOTHING
        },
        settles: manner.settle,
        implicit: &[],
        admin_groups: &[],
        privileges: &[],
        needs_group: None,
        joins_disabled: true,
        advice: ADVICE,
        system: manner.account.as_deref().map(|name| Pattern::new(Kind::User, name)).into_iter().collect(),
    }
}

#[async_trait]
impl Target for Scim {
    fn kind(&self) -> &'static str {
        "scim"
    }

    fn place(&self) -> String {
        format!("scim {}", self.api.base())
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn project(&self, principal: &mut Principal) {
        self.capabilities.bend_attributes(principal);
        convert::bend(principal);
    }

    /// What a name may hold is for the service to say; one that is empty, or that holds a control character, is a
    /// mistake of the source.
    fn refuses(&self, principal: &Principal) -> Option<String> {
        if principal.name.trim().is_empty() {
            return Some("the name is empty".into());
        }
        let control = principal.name.chars().find(|c| c.is_control())?;
        Some(format!("the name holds the control character U+{:04X}", u32::from(control)))
    }

    fn judge(&self, change: &Change, _names: &GroupNames) -> Judgement {
        self.judge_by_schema(change)
    }

    fn calls(&self) -> Calls {
        self.api.calls()
    }

    fn recall(&self, memory: &str) {
        self.memory.recall(memory);
    }

    fn memory(&self) -> Option<String> {
        self.memory.changed()
    }

    async fn check(&self) -> Result<Vec<Finding>, ConnectorError> {
        let service = self.service().await?;
        let current = self.current().await?;
        let mut findings = findings::said(service);
        let (users, groups) = (current.set.count(Kind::User), current.set.count(Kind::Group));
        findings.push(Finding::Good(format!("{users} users and {groups} groups")));
        findings.extend(current.coverage.missing.iter().cloned().map(Finding::Warning));
        findings.extend(self.namesakes().iter().map(|one| Finding::Warning(one.told())));
        findings.extend(findings::doubts(self, service, &current));
        Ok(findings)
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Current, ConnectorError> {
        progress.step(&format!("reading {}", self.api.name()), None);
        let current = self.current().await;
        for listed in &self.listed {
            listed.forget().await;
        }
        progress.done();
        current
    }

    async fn perform(&self, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
        perform::perform(self, step, site).await
    }
}
