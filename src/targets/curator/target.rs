use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;
use serde_json::Value;

use super::api::{Api, RATE};
use super::config::{CuratorConfig, Matching};
use super::convert::{Lists, Portal, forget_groups, portal, project, refuses};
use super::perform::perform;
use super::wire::{group_row, rows, table, user_row};
use crate::connector::{
    BuildContext, BuildError, Calls, ConnectorError, FailureClass, Finding, Performed, Progress, Secret, SendError,
    Site, Target,
};
use crate::plan::{Abilities, Ability, Advice, Batch, Capabilities, Cost, Coverage, Current, Membership, Step, Taken};
use crate::principal::{CaseRule, CaseRules, Kind, Principal};

/// How long a write may take to show where the configuration does not say.
const SETTLES: Duration = Duration::from_secs(10);

/// What no documented endpoint offers (vendor: User API), and what a person does instead.
const ADVICE: &[Advice] = &[
    Advice {
        kind: Kind::User,
        ability: Ability::Create,
        text: "a person appears in Curator at the first sign-in; the next run then adds the memberships",
    },
    Advice {
        kind: Kind::User,
        ability: Ability::Update,
        text: "name and mail come with the sign-in: change them where people sign in, or in Curator's backend",
    },
    Advice {
        kind: Kind::User,
        ability: Ability::Rename,
        text: "rename the user in Curator's backend, or let the person sign in under the new name",
    },
    Advice {
        kind: Kind::User,
        ability: Ability::Disable,
        text: "block the sign-in at the identity provider; `leavers.users.first: strip` takes leavers out of all groups",
    },
    Advice {
        kind: Kind::User,
        ability: Ability::Delete,
        text: "delete the user in Curator's backend; `leavers.users.first: strip` takes leavers out of all groups",
    },
    Advice {
        kind: Kind::Group,
        ability: Ability::Update,
        text: "attributes are given when a group is made: change them in Curator's backend",
    },
    Advice { kind: Kind::Group, ability: Ability::Rename, text: "rename the group in Curator's backend" },
    Advice { kind: Kind::Group, ability: Ability::Delete, text: "delete the group in Curator's backend" },
];

/// A portal of InterWorks Curator.
pub struct Curator {
    pub(super) api: Api,
    pub(super) config: CuratorConfig,
    capabilities: Capabilities,
}

impl Curator {
    pub(super) fn new(
        context: &BuildContext,
        url: &str,
        key: Secret,
        config: CuratorConfig,
    ) -> Result<Self, BuildError> {
        let mut capabilities = Self::able(&config);
        capabilities.concurrency = context.network.concurrency.unwrap_or(1);
        capabilities.cost.rate = context.network.rate.unwrap_or(RATE);
        Ok(Self { api: Api::new(context, url, key, &config)?, config, capabilities })
    }

    /// What the documented endpoints can do (vendor: User API).
    #[must_use]
    pub fn able(config: &CuratorConfig) -> Capabilities {
        let rule = |matching| match matching {
            Matching::Exact => CaseRule::Exact,
            Matching::CaseInsensitive => CaseRule::Ignored,
        };
        Capabilities {
            users: Abilities::of(&[Ability::Join]),
            groups: Abilities::of(&[Ability::Create]),
            attributes: Taken::Any,
            rules: CaseRules { users: rule(config.matching), groups: rule(config.group_matching) },
            batch: Batch::Steps(Membership::OnGroup { join: 1, leave: 1, overlap: false }),
            concurrency: 1,
            // Two lists before the apply, and two after it.
            cost: Cost { fixed: 4, change: 1, rate: RATE, ..Cost::NOTHING },
            settles: config.settle.map_or(SETTLES, |settle| settle.0),
            implicit: &[],
            admin_groups: &[],
            privileges: &[],
            needs_group: None,
            joins_disabled: true,
            advice: ADVICE,
            system: Vec::new(),
        }
    }

    /// Both lists, and once more where they contradict each other: a sync of the portal itself may run between them.
    async fn current(&self) -> Result<Current, ConnectorError> {
        let doing = format!("reading the users and groups of Curator `{}`", self.api.name());
        let fail = |why: String| ConnectorError::new(FailureClass::Unexpected, doing.as_str(), why);
        let mut again = true;
        loop {
            let lists = self.lists().await?;
            let (from, rules) = (self.config.memberships_from, self.capabilities.rules);
            let told = tokio::task::spawn_blocking(move || portal(lists, from, rules)).await;
            match told.map_err(|error| fail(error.to_string()))? {
                Ok(found) => return Ok(self.shown(found)),
                Err(_) if again => again = false,
                Err(why) => {
                    let hint = "nothing was decided on it; if one of the lists never tells all, set `membershipsFrom`";
                    return Err(fail(format!("the two lists contradict each other, also when read again: {why}"))
                        .with_hint(hint));
                }
            }
        }
    }

    /// `User/listUsers` and `User/listGroups`. The vendor documents no pages of either. An empty list of users is no
    /// portal without people, but one that shows none; an empty list of groups is asked for twice.
    async fn lists(&self) -> Result<Lists, ConnectorError> {
        let name = self.api.name();
        let doing = format!("listing the users of Curator `{name}` (User/listUsers)");
        let users = self.api.ask(&doing, "User", "listUsers", |answer| table(answer, "users", user_row)).await?;
        if users.is_empty() {
            let error = ConnectorError::new(FailureClass::Unexpected, doing, "the list is empty");
            return Err(error.with_hint(
                "that is never taken for a portal without people: check what the key may see, or let somebody sign in",
            ));
        }
        let doing = format!("listing the groups of Curator `{name}` (User/listGroups)");
        let ask =
            async || self.api.ask(&doing, "User", "listGroups", |answer| table(answer, "groups", group_row)).await;
        let mut groups = ask().await?;
        if groups.is_empty() {
            groups = ask().await?;
        }
        Ok(Lists { users, groups })
    }

    /// With what is not the sync's: groups whose members come from another platform, unless told otherwise.
    fn shown(&self, portal: Portal) -> Current {
        let Portal { mut set, proof, hides_memberships, mut untold, ambiguous } = portal;
        untold.groups = self.kept_elsewhere(untold.groups);
        let rules = self.capabilities.rules;
        let keys: Vec<CompactString> = untold.groups.iter().map(|name| rules.key(Kind::Group, name)).collect();
        forget_groups(&mut set, |name| keys.contains(&rules.key(Kind::Group, name)));
        Current { set, coverage: Coverage::proved(proof), hides_memberships, untold, ambiguous }
    }

    fn kept_elsewhere(&self, mut shown: Vec<CompactString>) -> Vec<CompactString> {
        if self.config.manage_platform_groups {
            return Vec::new();
        }
        shown.extend(self.config.platforms.keys().map(CompactString::from));
        shown.sort_unstable();
        shown.dedup();
        shown
    }

    /// What the portal says of itself and of the key; none where the key does not open the endpoint.
    async fn preflight(&self) -> Result<Vec<Finding>, ConnectorError> {
        let name = self.api.name();
        let asking = format!("asking Curator `{name}` for its version (Portal/version)");
        let version = |answer: Value| match answer.get("version").and_then(Value::as_str) {
            Some(version) => Ok(version.to_owned()),
            None => Err("the answer holds no version".to_owned()),
        };
        let version = self.api.ask(&asking, "Portal", "version", version).await;
        let asking = format!("asking Curator `{name}` for permissions (User/getManageablePermissions)");
        let codes = |answer| rows(answer, "permissions").map(|codes| codes.len());
        let permissions = self.api.ask(&asking, "User", "getManageablePermissions", codes).await;
        let mut findings = Vec::new();
        match (version, permissions) {
            (Err(error), Err(_)) => return Err(error),
            (version, permissions) => {
                findings.push(match version {
                    Ok(version) => Finding::Good(format!("Curator {version}")),
                    Err(error) => Finding::Warning(format!("the key does not open Portal/version: {}", error.why)),
                });
                findings.push(match permissions {
                    Ok(_) => Finding::Good("the key opens the User endpoints".into()),
                    Err(error) => {
                        let why = error.why;
                        Finding::Warning(format!("the key does not open User/getManageablePermissions: {why}"))
                    }
                });
            }
        }
        Ok(findings)
    }
}

#[async_trait]
impl Target for Curator {
    fn kind(&self) -> &'static str {
        "curator"
    }

    fn place(&self) -> String {
        format!("curator {}", self.api.base())
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn project(&self, principal: &mut Principal) {
        project(principal);
    }

    fn refuses(&self, principal: &Principal) -> Option<String> {
        refuses(principal)
    }

    fn calls(&self) -> Calls {
        self.api.calls()
    }

    async fn check(&self) -> Result<Vec<Finding>, ConnectorError> {
        let mut findings = self.preflight().await?;
        let current = self.current().await?;
        let (users, groups) = (current.set.count(Kind::User), current.set.count(Kind::Group));
        findings.push(Finding::Good(format!("{users} users and {groups} groups")));
        if current.hides_memberships {
            let why = "neither list tells who is in which group: no membership is added or removed";
            findings.push(Finding::Warning(why.into()));
        }
        if !current.ambiguous.is_empty() {
            let several = current.ambiguous.len();
            findings.push(Finding::Warning(format!("{several} names belong to several: these are left as they are")));
        }
        let why = "whether the key may add and remove members is not known before the first apply: \
                   no endpoint tells without doing it";
        findings.push(Finding::Warning(why.into()));
        Ok(findings)
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Current, ConnectorError> {
        progress.step(&format!("reading {}", self.api.name()), None);
        let current = self.current().await;
        progress.done();
        current
    }

    async fn perform(&self, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
        perform(self, step, site).await
    }
}
