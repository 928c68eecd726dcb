use std::time::Duration;

use async_trait::async_trait;
use serde_json::value::RawValue;

use super::super::UpdatedLists;
use super::super::product::{ADMINISTRATOR, ALL, refuses, system};
use super::api::Api;
use super::apply;
use crate::connector::{
    BuildContext, BuildError, Calls, ConnectorError, FailureClass, Finding, Outcome, Progress, Secret, Target, Work,
};
use crate::plan::{Abilities, Ability, Batch, Capabilities, Cost, Coverage, Current, Taken};
use crate::principal::{
    CaseRules, GroupNames, Kind, Members, Pattern, Principal, PrincipalDocument, PrincipalSet, Record,
};

/// A ThoughtSpot cluster.
pub struct Thoughtspot {
    pub(super) api: Api,
    pub(super) updated_lists: UpdatedLists,
    capabilities: Capabilities,
}

impl Thoughtspot {
    /// # Errors
    /// When a certificate cannot be used.
    pub fn new(
        context: &BuildContext,
        url: &str,
        username: String,
        password: Secret,
        (updated_lists, rules): (UpdatedLists, CaseRules),
    ) -> Result<Self, BuildError> {
        let mut capabilities = Self::able(rules);
        capabilities.system.push(Pattern::new(Kind::User, &username));
        Ok(Self { api: Api::new(context, url, username, password)?, updated_lists, capabilities })
    }

    /// What API v1 can do. It has no way to switch a user off that shows in `user/list`.
    #[must_use]
    pub fn able(rules: CaseRules) -> Capabilities {
        Capabilities {
            users: Abilities::of(&[
                Ability::Create,
                Ability::Update,
                Ability::Rename,
                Ability::Delete,
                Ability::Join,
                Ability::Password,
                Ability::Transfer,
            ]),
            groups: Abilities::of(&[Ability::Create, Ability::Update, Ability::Rename, Ability::Delete, Ability::Nest]),
            attributes: Taken::NONE,
            rules,
            batch: Batch::Whole,
            concurrency: 1,
            settles: Duration::ZERO,
            privileges: &[],
            needs_group: None,
            joins_disabled: true,
            advice: &[],
            // login, list, list again, the server's own answer, the real call, the list that verifies
            cost: Cost { fixed: 6, transfer: 1, rate: 100, ..Cost::NOTHING },
            implicit: &[ALL],
            admin_groups: &[ADMINISTRATOR],
            system: system(),
        }
    }

    pub(super) async fn current(&self) -> Result<Current, ConnectorError> {
        let text = self.api.list().await?;
        let doing = self.api.listing();
        let rules = self.capabilities.rules;
        tokio::task::spawn_blocking(move || parse(&text, rules, &doing))
            .await
            .map_err(|error| ConnectorError::new(FailureClass::Unexpected, "reading the list", error.to_string()))?
    }
}

/// Reads the answer of `user/list`. Anything in it that is no principal makes the whole of it unusable: a list with a
/// hole would read as people who are gone.
pub(super) fn parse(text: &str, rules: CaseRules, doing: &str) -> Result<Current, ConnectorError> {
    let fail = |why: String| ConnectorError::new(FailureClass::Unexpected, doing, why);
    let items: Vec<&RawValue> = serde_json::from_str(text)
        .map_err(|error| fail(format!("the answer is not an array of principals: {error}")))?;
    let mut names = GroupNames::new();
    let mut records = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let document: PrincipalDocument =
            serde_json::from_str(item.get()).map_err(|error| fail(format!("principal {}: {error}", at + 1)))?;
        let principal = document.into_principal(&mut names, Members::Carried);
        records.push(Record::new(
            principal.map_err(|error| fail(format!("principal {}: {}", at + 1, error.reason)))?,
            None,
        ));
    }
    let (set, collisions) = PrincipalSet::build(records, names, rules);
    if let Some(collision) = collisions.first() {
        let names: Vec<_> = collision.records.iter().map(|record| record.principal.name.as_str()).collect();
        return Err(fail(format!("the list holds one principal more than once: {}", names.join(", "))));
    }
    let has = |kind, name: &str| set.get(kind, &rules.key(kind, name)).is_some();
    if !has(Kind::User, "tsadmin") && !has(Kind::User, "su") && !has(Kind::Group, "All") {
        let why = "the list holds none of the product's own principals (`tsadmin`, `su`, `All`): it is not whole";
        return Err(fail(why.into()));
    }
    let coverage = Coverage::proved(format!("user/list read to its end, {} principals, its own among them", set.len()));
    Ok(Current::new(set, coverage))
}

#[async_trait]
impl Target for Thoughtspot {
    fn kind(&self) -> &'static str {
        "thoughtspot"
    }

    fn place(&self) -> String {
        format!("thoughtspot {}", self.api.base())
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn project(&self, principal: &mut Principal) {
        principal.attributes = None;
        if principal.kind == Kind::Group {
            principal.mail = None;
        }
        // The product has no principal without a display name.
        if principal.display_name.as_ref().is_some_and(compact_str::CompactString::is_empty) {
            principal.display_name = Some(principal.name.clone());
        }
    }

    fn refuses(&self, principal: &Principal) -> Option<String> {
        refuses(principal)
    }

    fn calls(&self) -> Calls {
        self.api.calls()
    }

    async fn check(&self) -> Result<Vec<Finding>, ConnectorError> {
        let info = self.api.info().await?;
        let current = self.current().await?;
        let name = info.user_name.unwrap_or_else(|| self.api.username().to_owned());
        let mut findings = vec![Finding::Good(format!("signed in as `{name}`, API v1"))];
        findings.push(match info.privileges {
            Some(privileges) if privileges.iter().any(|privilege| privilege.contains("ADMINISTRATION")) => {
                Finding::Good("the account may administrate users and groups".into())
            }
            _ => {
                Finding::Warning("the account does not show the privilege ADMINISTRATION: a sync may be refused".into())
            }
        });
        let (users, groups) = (current.set.count(Kind::User), current.set.count(Kind::Group));
        findings.push(Finding::Good(format!("{users} users and {groups} groups")));
        Ok(findings)
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Current, ConnectorError> {
        progress.step(&format!("reading {}", self.api.name()), None);
        let current = self.current().await;
        progress.done();
        current
    }

    async fn apply(&self, work: Work<'_>) -> Vec<Outcome> {
        apply::apply(self, work).await
    }
}
