use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::access::Credentials;
use super::api::Api;
use super::config::{ADMINISTRATORS, Method, TagShape};
use super::reading::{Read, read};
use super::wire::Row;
use super::{convert, perform, values};
use crate::connector::{
    BuildContext, BuildError, Calls, ConnectorError, FailureClass, Finding, Judgement, Listed, Performed, Progress,
    SendError, Site, Target,
};
use crate::plan::{Abilities, Ability, Action, Advice, Batch, Capabilities, Change, Cost, Current, Membership, Step};
use crate::principal::{CaseRules, GroupNames, Kind, Pattern, Principal, shown};

/// Steps at once where nothing else is said. No limit of requests is published.
const CONCURRENCY: usize = 4;

/// Requests a second that a forecast reckons with. No limit is published.
const RATE: u32 = 10;

/// `groups` is required of somebody new, and whether an empty list is taken is not published (vendor's page "Users").
const GROUPLESS: &str = "it would be in no group, and a user of B2CORE needs one: put it into one that can be joined, \
                         or set `defaultGroup` of the target";

/// What a person can do where the Back Office cannot, or must not be asked to.
const ADVICE: &[Advice] = &[
    Advice {
        kind: Kind::Group,
        ability: Ability::Create,
        text: "make it there, with its permissions; or set `createGroups: true`, which makes it without any",
    },
    Advice { kind: Kind::Group, ability: Ability::Rename, text: "rename it there; or set `createGroups: true`" },
    Advice {
        kind: Kind::Group,
        ability: Ability::Delete,
        text: "what that does to its members is not published: remove it there by hand",
    },
];

/// How this target is used.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    /// The address of the account that asks, where it is known.
    pub(super) account: Option<String>,
    pub(super) method: Method,
    pub(super) create_groups: bool,
    pub(super) default_group: Option<String>,
    pub(super) tfa: bool,
    pub(super) send_notify: bool,
    pub(super) tags_as: TagShape,
    /// Items of a page.
    pub(super) page_size: usize,
    /// How long what was only accepted may take.
    pub(super) settle: Duration,
    /// How names are compared: no rule is published.
    pub(super) rules: CaseRules,
}

/// A B2CORE Back Office.
pub struct BackOffice {
    pub(super) api: Api,
    pub(super) manner: Manner,
    /// The groups at the first look for one that is to be made.
    pub(super) groups: Listed<Vec<Row>>,
    /// Everybody, once a filter turned out to let anybody through.
    pub(super) everybody: tokio::sync::Mutex<Option<Vec<Row>>>,
    capabilities: Capabilities,
}

impl BackOffice {
    pub(super) fn new(
        context: &BuildContext,
        url: &str,
        credentials: Credentials,
        manner: Manner,
    ) -> Result<Self, BuildError> {
        let api = Api::new(context, url, credentials, manner.page_size)?;
        let mut capabilities = able(&manner);
        if let Some(concurrency) = context.network.concurrency {
            capabilities.concurrency = concurrency;
        }
        if let Some(rate) = context.network.rate {
            capabilities.cost.rate = rate;
        }
        let (groups, everybody) = (Listed::default(), tokio::sync::Mutex::default());
        Ok(Self { api, manner, groups, everybody, capabilities })
    }

    async fn read_both(&self) -> Result<Read, ConnectorError> {
        let groups = self.api.list(Kind::Group, None).await?;
        let users = self.api.list(Kind::User, None).await?;
        read(&groups, &users, self.manner.account.as_deref(), self.manner.rules).map_err(|why| {
            let doing = format!("reading the users and groups of B2CORE `{}`", self.api.name());
            ConnectorError::new(FailureClass::Unexpected, doing, why)
                .with_hint("check `url` and `account`, and whether the account may see all users and groups")
        })
    }

    fn judge_user(change: &Change) -> Option<String> {
        let after = change.after()?;
        let is_new = change.action() == Action::Create;
        if (is_new || change.detail().new_name.is_some()) && !convert::is_address(&after.name) {
            return Some(format!(
                "`{}` is no e-mail address, and users of B2CORE are named by theirs: give it in the rules of the sync, \
                 such as `users: {{ set: {{ name: \"{{{{ mail }}}}\" }} }}`",
                shown(&after.name, 60)
            ));
        }
        let given = after.attributes.iter().filter(|_| is_new).flat_map(|attributes| attributes.iter());
        let given = given.map(|(name, value)| (crate::plan::Field::Attribute(name.clone()), value));
        let changed = change.detail().fields.iter().map(|change| (change.field.clone(), &change.to));
        given.chain(changed).find_map(|(field, value)| values::refuses(&field, value))
    }
}

/// What a Back Office can do, used so.
fn able(manner: &Manner) -> Capabilities {
    use Ability::{Create, Delete, Disable, Join, Password, Rename, Update};
    let groups = if manner.create_groups { Abilities::of(&[Create, Update, Rename]) } else { Abilities::none() };
    let account = manner.account.as_deref().map(|account| Pattern::new(Kind::User, account));
    Capabilities {
        users: Abilities::of(&[Create, Update, Rename, Disable, Delete, Join, Password]),
        groups,
        attributes: values::ATTRIBUTES,
        rules: manner.rules,
        batch: Batch::Steps(Membership::OnMember),
        concurrency: CONCURRENCY,
        // A change of memberships reads the user first.
        cost: Cost { fixed: 1, change: 2, page: u64::try_from(manner.page_size).ok(), rate: RATE, ..Cost::NOTHING },
        settles: manner.settle,
        implicit: manner.default_group.as_deref().map_or(&[], kept),
        admin_groups: &[ADMINISTRATORS],
        privileges: values::PRIVILEGES,
        needs_group: manner.default_group.is_none().then_some(GROUPLESS),
        joins_disabled: true,
        advice: ADVICE,
        system: account.into_iter().chain([Pattern::new(Kind::Group, ADMINISTRATORS)]).collect(),
    }
}

/// The name as a list that lives as long as the program, which capabilities hold. Each name is kept once, however
/// often a target is built.
fn kept(name: &str) -> &'static [&'static str] {
    static KEPT: Mutex<BTreeMap<String, &'static [&'static str]>> = Mutex::new(BTreeMap::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.entry(name.to_owned()).or_insert_with(|| vec![&*name.to_owned().leak()].leak())
}

#[async_trait]
impl Target for BackOffice {
    fn kind(&self) -> &'static str {
        "b2core"
    }

    fn place(&self) -> String {
        format!("b2core {}", self.api.base())
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn project(&self, principal: &mut Principal) {
        self.capabilities.bend_attributes(principal);
        convert::bend(principal);
    }

    /// A name that is empty or holds a control character can be typed by nobody, and is a mistake of the source.
    fn refuses(&self, principal: &Principal) -> Option<String> {
        if principal.name.trim().is_empty() {
            return Some("the name is empty".into());
        }
        let control = principal.name.chars().find(|c| c.is_control())?;
        Some(format!("the name holds the control character U+{:04X}", u32::from(control)))
    }

    fn judge(&self, change: &Change, _names: &GroupNames) -> Judgement {
        let why = Self::judge_user(change).filter(|_| change.kind() == Kind::User);
        why.map_or(Judgement::Fine, Judgement::Cannot)
    }

    fn calls(&self) -> Calls {
        self.api.calls()
    }

    async fn check(&self) -> Result<Vec<Finding>, ConnectorError> {
        let Read { current, namesakes } = self.read_both().await?;
        let (users, groups) = (current.set.count(Kind::User), current.set.count(Kind::Group));
        let mut findings = vec![Finding::Good(format!("{users} users and {groups} groups, API v2"))];
        let group = |name: &str| current.set.get(Kind::Group, &self.manner.rules.key(Kind::Group, name));
        if group(ADMINISTRATORS).is_none() {
            findings.push(Finding::Warning(format!(
                "there is no group `{ADMINISTRATORS}`: administrators are not guarded"
            )));
        }
        findings.push(match &self.manner.account {
            None => Finding::Warning("`account` is not set: the account rollcall calls with is not protected".into()),
            Some(account) => Finding::Good(format!("the account `{}` is never changed", shown(account, 80))),
        });
        if let Some(name) = self.manner.default_group.as_deref().filter(|name| group(name).is_none()) {
            findings.push(Finding::Warning(format!("there is no group `{}`, the default group", shown(name, 60))));
        }
        if current.hides_memberships {
            findings
                .push(Finding::Warning("the list of users does not tell their groups: memberships are left".into()));
        }
        findings.extend(namesakes.iter().map(|namesakes| Finding::Warning(namesakes.told())));
        Ok(findings)
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Current, ConnectorError> {
        progress.step(&format!("reading {}", self.api.name()), None);
        let read = self.read_both().await;
        self.groups.forget().await;
        *self.everybody.lock().await = None;
        progress.done();
        read.map(|read| read.current)
    }

    async fn perform(&self, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
        perform::perform(self, step, site).await
    }
}
