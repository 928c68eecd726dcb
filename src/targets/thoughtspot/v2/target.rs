use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;

use super::super::SuperUsers;
use super::super::product::{ADMINISTRATOR, ALL, refuses, system};
use super::access::{Access, meant};
use super::api::Api;
use super::convert::ADMINISTRATES;
use super::pages::listing;
use super::reading::{Rows, Seen, unknown_groups};
use super::wire::{GroupRow, SessionUser, UserRow};
use super::{judge, perform};
use crate::connector::{
    BuildContext, BuildError, Calls, ConnectorError, FailureClass, Finding, Judgement, Performed, Progress, SendError,
    Site, Target,
};
use crate::plan::{
    Abilities, Ability, Advice, Batch, Capabilities, Change, Cost, Current, Membership, Privilege, Step, Taken, When,
};
use crate::principal::{CaseRules, GroupNames, Kind, Pattern, Principal, shown};

/// Requests a second over all public interfaces, per client address (vendor: release 26.2).
const RATE: u32 = 100;

/// Steps under way at once where nothing else is said.
const CONCURRENCY: usize = 4;

/// Groups that members name and no listing shows are looked for one by one, up to so many.
const DANGLING: usize = 20;

/// A group with such a privilege makes administrators of its members.
const PRIVILEGES: &[Privilege] =
    &[Privilege { kind: Kind::Group, attribute: ADMINISTRATES, when: When::True, administrates: true }];

const ADVICE: &[Advice] = &[Advice {
    kind: Kind::User,
    ability: Ability::Disable,
    text: "to switch somebody on takes their own token, unless `disable: true` of the target holds on your cluster",
}];

/// How API v2 is used.
#[derive(Debug, Clone)]
pub(in super::super) struct Manner {
    /// The org that is meant; the primary one where absent.
    pub(in super::super) org: Option<u32>,
    /// Rows of a page.
    pub(in super::super) page_size: usize,
    /// Whether `account_status` of an update switches users off and on.
    pub(in super::super) disable: bool,
    pub(in super::super) mail_required: bool,
    /// Whether a new user who is there in another org is added to this one.
    pub(in super::super) attach_existing: bool,
    pub(in super::super) super_users: SuperUsers,
    /// Members that one step adds to a group or takes out of it.
    pub(in super::super) members_per_call: usize,
    /// How long a write may take to show.
    pub(in super::super) settle: Duration,
    /// Users compare without case, groups exactly, unless it is said: no rule is published, public clients do so.
    pub(in super::super) rules: CaseRules,
}

/// A ThoughtSpot cluster, through API v2.
pub struct ThoughtspotV2 {
    pub(super) api: Api,
    pub(super) manner: Manner,
    able: Capabilities,
    /// The same with the product's own principals that the first reading showed.
    told: OnceLock<Capabilities>,
    seen: Mutex<Seen>,
}

impl ThoughtspotV2 {
    /// # Errors
    /// When a certificate cannot be used.
    pub(in super::super) fn new(
        context: &BuildContext,
        url: &str,
        username: String,
        access: Access,
        manner: Manner,
    ) -> Result<Self, BuildError> {
        let mut able = able(&manner);
        able.system.push(Pattern::new(Kind::User, &username));
        able.concurrency = context.network.concurrency.unwrap_or(CONCURRENCY);
        able.cost.rate = context.network.rate.unwrap_or(RATE);
        let api = Api::new(context, url, username, access, manner.org)?;
        Ok(Self { api, manner, able, told: OnceLock::new(), seen: Mutex::default() })
    }

    pub(super) fn name(&self) -> &str {
        self.api.name()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // It is replaced as a whole.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The GUID of a user of that name who is in other orgs alone, and the org to come into.
    pub(super) fn stranger(&self, user: &Principal) -> Option<(CompactString, u32)> {
        let seen = self.seen();
        let id = seen.outside.get(&self.manner.rules.key(Kind::User, &user.name))?;
        Some((id.clone(), seen.org?))
    }

    /// The org to name when somebody is created; none where the cluster has no orgs.
    pub(super) fn org_of_newcomers(&self) -> Option<u32> {
        self.seen().org
    }

    /// The org that a user leaves instead of being deleted, since they are in others too.
    pub(super) fn org_to_leave(&self, id: Option<&str>) -> Option<u32> {
        let seen = self.seen();
        id.filter(|id| seen.elsewhere.contains(*id)).and(seen.org)
    }

    async fn account(&self) -> Result<(SessionUser, Option<u32>), ConnectorError> {
        let account = self.api.session().await?;
        let org = meant(self.manner.org, &account).map_err(|why| {
            let doing = format!("asking ThoughtSpot `{}` which org the sign-in is for", self.name());
            ConnectorError::new(FailureClass::Denied, doing, why)
        })?;
        Ok((account, org))
    }

    /// Users first: whoever comes meanwhile is in no group that was read before.
    async fn current(&self) -> Result<(Current, usize), ConnectorError> {
        let (account, org) = self.account().await?;
        let users = listing::<UserRow>(&self.api, Kind::User, self.manner.page_size).await?;
        let groups = listing::<GroupRow>(&self.api, Kind::Group, self.manner.page_size).await?;
        let doing = format!("reading the users and groups of ThoughtSpot `{}`", self.name());
        let doing = doing.as_str();
        let fail = |why: String| ConnectorError::new(FailureClass::Unexpected, doing, why);
        let unknown = unknown_groups(&users.rows, &groups.rows);
        if unknown.len() > DANGLING {
            let why = format!("{} groups that members name are not among those listed: it is not whole", unknown.len());
            return Err(fail(why));
        }
        for id in &unknown {
            if self.api.has_group(id).await? {
                let why = format!("group {} is there and not among those listed: it is not whole", shown(id, 60));
                return Err(fail(why).with_hint("nothing was decided on it; a later run reads again"));
            }
        }
        let super_users = self.manner.super_users == SuperUsers::Protect;
        let (tells_state, rules) = (self.manner.disable, self.manner.rules);
        let read = tokio::task::spawn_blocking(move || {
            Rows { users: &users, groups: &groups, account: &account, org, super_users, tells_state, rules }.read()
        });
        let read = read.await.map_err(|error| fail(error.to_string()))?;
        let (current, seen) =
            read.map_err(|why| fail(why).with_hint("check `org`, and what the account may see; nothing was decided"))?;
        self.told.get_or_init(|| {
            let mut told = self.able.clone();
            told.system.extend(seen.patterns());
            told
        });
        *self.seen() = seen;
        Ok((current, unknown.len()))
    }

    /// What the cluster says of its release. Nothing is concluded from silence.
    async fn release(&self) -> Result<Finding, ConnectorError> {
        let told = self.api.system().await?.release_version;
        let Some(text) = told else { return Ok(Finding::Good("the cluster does not tell its release".into())) };
        let told = shown(&text, 40);
        let number: Option<u32> = text.split('.').next().and_then(|first| first.parse().ok());
        Ok(match number {
            Some(number) if number < 9 => {
                Finding::Warning(format!("release {told}: API v2 came with release 9, use `api: v1`"))
            }
            _ => Finding::Good(format!("release {told}")),
        })
    }
}

/// What API v2 can do, used so.
fn able(manner: &Manner) -> Capabilities {
    use Ability::{Create, Delete, Disable, Join, Nest, Password, Rename, Transfer, Update};
    let users = Abilities::of(&[Create, Update, Rename, Delete, Join, Password, Transfer]);
    let members = manner.members_per_call;
    Capabilities {
        users: if manner.disable { users.with(Disable) } else { users },
        groups: Abilities::of(&[Create, Update, Rename, Delete, Nest]),
        attributes: Taken::NONE,
        rules: manner.rules,
        batch: Batch::Steps(Membership::OnGroup { join: members, leave: members, overlap: false }),
        concurrency: CONCURRENCY,
        // Two sign-ins with a look at the org, the org again and the last row of both lists, for each reading.
        cost: Cost { fixed: 10, change: 1, page: u64::try_from(manner.page_size).ok(), rate: RATE, ..Cost::NOTHING },
        settles: manner.settle,
        implicit: &[ALL],
        admin_groups: &[ADMINISTRATOR],
        privileges: PRIVILEGES,
        needs_group: None,
        joins_disabled: true,
        advice: ADVICE,
        system: system(),
    }
}

#[async_trait]
impl Target for ThoughtspotV2 {
    fn kind(&self) -> &'static str {
        "thoughtspot"
    }

    /// The primary org is the place that API v1 works on: what is remembered of one is good for the other.
    fn place(&self) -> String {
        let base = format!("{}/callosum/v1/tspublic/v1", self.api.url());
        let base = reqwest::Url::parse(&base).map_or(base, String::from);
        match self.manner.org.filter(|org| *org != 0) {
            None => format!("thoughtspot {base}"),
            Some(org) => format!("thoughtspot {base} org {org}"),
        }
    }

    fn capabilities(&self) -> &Capabilities {
        self.told.get().unwrap_or(&self.able)
    }

    /// A user has no description here, and nobody has attributes; nobody is without a display name.
    fn project(&self, principal: &mut Principal) {
        self.able.bend_attributes(principal);
        match principal.kind {
            Kind::User => principal.description = None,
            Kind::Group => principal.mail = None,
        }
        if principal.display_name.as_ref().is_some_and(CompactString::is_empty) {
            principal.display_name = Some(principal.name.clone());
        }
    }

    fn refuses(&self, principal: &Principal) -> Option<String> {
        refuses(principal)
    }

    fn judge(&self, change: &Change, _names: &GroupNames) -> Judgement {
        judge::judge(change, &self.seen(), &self.manner)
    }

    fn calls(&self) -> Calls {
        self.api.calls()
    }

    async fn check(&self) -> Result<Vec<Finding>, ConnectorError> {
        let (account, org) = self.account().await?;
        let place = org.map(|org| format!(", org {org}")).unwrap_or_default();
        let mut findings = vec![Finding::Good(format!("signed in as `{}`, API v2{place}", shown(&account.name, 60)))];
        let privileges = account.privileges.unwrap_or_default();
        let has = |wanted: &str| privileges.iter().any(|privilege| privilege == wanted);
        findings.push(if has("ADMINISTRATION") || (has("USER_ADMINISTRATION") && has("GROUP_ADMINISTRATION")) {
            Finding::Good("the account may administrate users and groups".into())
        } else {
            let why = "the account shows neither ADMINISTRATION nor both USER_ADMINISTRATION and \
                       GROUP_ADMINISTRATION: a sync may be refused";
            Finding::Warning(why.into())
        });
        findings.push(self.release().await?);
        let (current, dangling) = self.current().await?;
        let (users, groups) = (current.set.count(Kind::User), current.set.count(Kind::Group));
        findings.push(Finding::Good(format!("{users} users and {groups} groups")));
        if dangling > 0 {
            findings.push(Finding::Warning(format!(
                "{dangling} groups that are gone are still named by members: those memberships are left as they are"
            )));
        }
        findings.extend(current.ambiguous.iter().map(|(kind, name)| {
            let (kind, name) = (kind.plural(), shown(name, 60));
            Finding::Warning(format!("more than one of the {kind} is called `{name}`: they are left as they are"))
        }));
        if current.hides_memberships {
            let why = "a user does not tell their groups: no membership is added or removed";
            findings.push(Finding::Warning(why.into()));
        }
        Ok(findings)
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Current, ConnectorError> {
        progress.step(&format!("reading {}", self.name()), None);
        let current = self.current().await;
        progress.done();
        current.map(|(current, _)| current)
    }

    async fn perform(&self, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
        perform::perform(self, step, site).await
    }
}
