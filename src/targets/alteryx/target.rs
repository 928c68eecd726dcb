use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;

use super::api::Api;
use super::config::{AccountName, Auth, Role};
use super::wire::UserRecord;
use super::{attributes, convert, judge, perform, read};
use crate::connector::{
    Calls, ConnectorError, Finding, Judgement, Listed, Network, Performed, Progress, SendError, Site, Target,
};
use crate::plan::{
    Abilities, Ability, Advice, Batch, Capabilities, Change, Cost, Current, Membership, Privilege, Step, Taken, When,
};
use crate::principal::{CaseRules, GroupNames, Kind, Pattern, Principal};

/// Steps and readings of groups under way at once where the configuration does not say: the vendor names no limit.
const CONCURRENCY: usize = 4;

/// Requests a second that are reckoned with where the configuration sets no `rate`.
const RATE: u32 = 20;

/// Lists before and after, twice: users, groups and groups once more; and a token.
const FIXED_CALLS: u64 = 7;

/// Whoever is a Curator, alone or by a group, administers the server (vendor: "User Roles and Permissions").
const PRIVILEGES: &[Privilege] = &[
    Privilege { kind: Kind::User, attribute: "role", when: When::Is("Curator"), administrates: true },
    Privilege { kind: Kind::Group, attribute: "role", when: When::Is("Curator"), administrates: true },
    // The highest role among the groups counts for who has none of their own.
    Privilege { kind: Kind::User, attribute: "role", when: When::Groups("Evaluated"), administrates: false },
];

const ADVICE: &[Advice] = &[
    Advice {
        kind: Kind::User,
        ability: Ability::Create,
        text: "where Windows signs people in, a user appears at the first sign-in; the next run then adds the memberships",
    },
    Advice {
        kind: Kind::User,
        ability: Ability::Rename,
        text: "where Windows signs people in, the e-mail address comes from Active Directory: change it there",
    },
    Advice {
        kind: Kind::User,
        ability: Ability::Password,
        text: "a new user gets in by the reset e-mail, or at the identity provider",
    },
];

/// What the configuration says of this server.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) auth: Auth,
    /// Addresses compare without case unless it is said: a sensible reading, for no rule is published. No rule of group
    /// names is published either, and two groups may even share one: exactly.
    pub(super) rules: CaseRules,
    /// How long a write may take to show.
    pub(super) settle: Duration,
    pub(super) owner: CompactString,
    /// By folded name of a group.
    pub(super) roles: BTreeMap<CompactString, Role>,
    pub(super) force_delete: bool,
    pub(super) account_name: AccountName,
    pub(super) no_last_name: CompactString,
}

/// An Alteryx Server.
pub struct Alteryx {
    pub(super) api: Api,
    pub(super) settings: Settings,
    /// The users, for groups that go with members who are told by account.
    pub(super) users: Listed<Vec<UserRecord>>,
    capabilities: Capabilities,
}

impl Alteryx {
    pub(super) fn new(api: Api, settings: Settings, join: usize, network: &Network) -> Self {
        let mut capabilities = Self::able(&settings, join);
        capabilities.concurrency = network.concurrency.unwrap_or(CONCURRENCY);
        capabilities.cost.rate = network.rate.unwrap_or(RATE);
        capabilities.system.push(Pattern::new(Kind::User, &settings.owner));
        Self { api, settings, users: Listed::default(), capabilities }
    }

    /// Readings of groups, and steps, under way at once.
    pub(super) fn lanes(&self) -> usize {
        self.capabilities.concurrency.max(1)
    }

    /// What API V3 can do where people sign in so, `join` members at a time.
    #[must_use]
    pub(super) fn able(settings: &Settings, join: usize) -> Capabilities {
        let users =
            Abilities::of(&[Ability::Update, Ability::Disable, Ability::Delete, Ability::Join, Ability::Transfer]);
        Capabilities {
            users: if settings.auth == Auth::Windows {
                users
            } else {
                users.with(Ability::Create).with(Ability::Rename)
            },
            groups: Abilities::of(&[Ability::Create, Ability::Update, Ability::Rename, Ability::Delete]),
            attributes: Taken::Only { users: attributes::USERS, groups: attributes::GROUPS },
            rules: settings.rules,
            batch: Batch::Steps(Membership::OnGroup { join, leave: 1, overlap: false }),
            concurrency: CONCURRENCY,
            settles: settings.settle,
            privileges: PRIVILEGES,
            needs_group: None,
            // Deactivation takes a user out of every group, and the vendor does not say what adding one does.
            joins_disabled: false,
            advice: ADVICE,
            // An update reads the record and writes it.
            cost: Cost { fixed: FIXED_CALLS, change: 2, group_read: 1, rate: RATE, ..Cost::NOTHING },
            implicit: &[],
            admin_groups: &[],
            system: Vec::new(),
        }
    }
}

#[async_trait]
impl Target for Alteryx {
    fn kind(&self) -> &'static str {
        "alteryx"
    }

    fn place(&self) -> String {
        format!("alteryx {}", self.api.base())
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn project(&self, principal: &mut Principal) {
        self.capabilities.bend_attributes(principal);
        convert::bend(principal, &self.settings);
        attributes::bend(principal);
    }

    fn refuses(&self, principal: &Principal) -> Option<String> {
        convert::refuses(principal)
    }

    fn judge(&self, change: &Change, _names: &GroupNames) -> Judgement {
        judge::judge(change, self.settings.force_delete)
    }

    fn calls(&self) -> Calls {
        self.api.calls()
    }

    async fn check(&self) -> Result<Vec<Finding>, ConnectorError> {
        read::check(self).await
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Current, ConnectorError> {
        progress.step(&format!("reading {}", self.api.title()), None);
        let current = read::read(self, progress).await;
        self.users.forget().await;
        progress.done();
        current
    }

    async fn perform(&self, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
        perform::perform(self, step, site).await
    }
}
