use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::v2::{Access, Manner};
use super::{Thoughtspot, ThoughtspotV2};
use crate::connector::{BuildContext, BuildError, DurationText, Secret, SecretFile, Target};
use crate::principal::CaseRules;

/// Rows of a page of API v2 unless it is said.
const PAGE: usize = 500;

/// More rows than this make answers that no server should be asked for.
const LARGEST_PAGE: usize = 10_000;

/// Members that one step adds to a group or takes out of it unless it is said: no limit is published.
const MEMBERS: usize = 100;

/// How long a write may take to show unless it is said: nothing is published.
const SETTLE: Duration = Duration::from_secs(2);

/// Where a ThoughtSpot cluster is and who signs in.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ThoughtspotConfig {
    /// The address of the cluster: `https://ts.example.org`.
    pub url: Option<String>,
    /// An account with the privilege ADMINISTRATION.
    pub username: Option<String>,
    pub password: Option<SecretFile>,
    /// With `api: v2`, instead of the password: the secret key of trusted authentication.
    pub secret_key: Option<SecretFile>,
    /// Which of the product's interfaces is used.
    pub api: Api,
    /// Whether names of users that differ in case only are different ones; false where absent. No rule is published.
    pub case_exact: Option<bool>,
    /// The same of groups; true where absent.
    pub group_case_exact: Option<bool>,
    /// With `api: v1`: what `user/sync` lists as updated, every match or only real differences. `differences` where
    /// absent; the vendor does not say.
    pub updated_lists: Option<UpdatedLists>,
    /// With `api: v2`: the number of the org whose users and groups are meant; the primary one where absent.
    pub org: Option<u32>,
    /// With `api: v2`: principals asked for at once; 500 where absent.
    pub page_size: Option<usize>,
    /// With `api: v2`: whether users are switched off and on by `account_status` of `users/update`. False where absent:
    /// otherwise to switch somebody on takes a token of their own.
    pub disable: Option<bool>,
    /// With `api: v2`: whether every user needs an e-mail address. True where absent.
    pub mail_required: Option<bool>,
    /// With `api: v2`: whether a new user who is there in another org is added to this one. False where absent.
    pub attach_existing: Option<bool>,
    /// With `api: v2`: what is made of users that the product calls super users. `protect` where absent.
    pub super_users: Option<SuperUsers>,
    /// With `api: v2`: members that one request adds to a group or takes out of it; 100 where absent.
    pub members_per_call: Option<usize>,
    /// With `api: v2`: how long a write may take to show; `2s` where absent.
    pub settle: Option<DurationText>,
}

/// Which of the product's interfaces is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    #[default]
    V1,
    V2,
}

/// What `usersUpdated` and `groupsUpdated` hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UpdatedLists {
    /// Only principals that differ.
    #[default]
    Differences,
    /// Every principal that is in both.
    Matches,
}

/// What is made of users whose row says `super_user`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SuperUsers {
    /// They are the product's own, and never changed or removed.
    #[default]
    Protect,
    /// They are administrators, and users like others.
    Manage,
}

impl ThoughtspotConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str =
        "thoughtspot:\n  url: https://ts.example.org\n  username: rollcall\n  password: { env: TS_PASSWORD }\n";

    /// Makes the target.
    ///
    /// # Errors
    /// When an address, a name or the password is missing, a key belongs to the other interface, or a certificate
    /// cannot be used.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Target>, Vec<BuildError>> {
        let mut problems = Vec::new();
        let url = self.url.as_deref().unwrap_or_default().trim_end_matches('/').to_owned();
        problems.extend(url_problem(&url));
        let username = self.username.clone().filter(|name| !name.is_empty());
        if username.is_none() {
            let problem = BuildError::new("username", "`username` is missing");
            problems.push(problem.with_hint("the account that rollcall signs in with"));
        }
        problems.extend(self.secret_problem());
        problems.extend(self.strangers());
        if let Some(size) = self.page_size.filter(|size| !(1..=LARGEST_PAGE).contains(size)) {
            let why = format!("a page of {size} is none");
            problems.push(BuildError::new("pageSize", why).with_hint(format!("between 1 and {LARGEST_PAGE}")));
        }
        if self.members_per_call == Some(0) {
            problems.push(BuildError::new("membersPerCall", "`membersPerCall` is 0").with_hint("leave it out for 100"));
        }
        let (Some(username), true) = (username, problems.is_empty()) else { return Err(problems) };
        self.connect(context, &url, username).map_err(|problem| vec![problem])
    }

    fn connect(&self, context: &BuildContext, url: &str, username: String) -> Result<Box<dyn Target>, BuildError> {
        let secret = |key: &Option<SecretFile>| key.as_ref().map(|key| key.secret(&context.folder));
        let (password, key): (Option<Secret>, Option<Secret>) = (secret(&self.password), secret(&self.secret_key));
        match (self.api, password, key) {
            (Api::V1, Some(password), _) => {
                let lists = self.updated_lists.unwrap_or_default();
                Ok(Box::new(Thoughtspot::new(context, url, username, password, (lists, self.rules()))?))
            }
            (Api::V2, Some(password), _) => self.second(context, url, username, Access::Password(password)),
            (Api::V2, None, Some(key)) => self.second(context, url, username, Access::SecretKey(key)),
            (_, None, _) => Err(BuildError::new("password", "`password` is missing")),
        }
    }

    fn second(
        &self,
        context: &BuildContext,
        url: &str,
        username: String,
        access: Access,
    ) -> Result<Box<dyn Target>, BuildError> {
        Ok(Box::new(ThoughtspotV2::new(context, url, username, access, self.manner())?))
    }

    /// How API v2 is used.
    pub(super) fn manner(&self) -> Manner {
        Manner {
            org: self.org,
            page_size: self.page_size.unwrap_or(PAGE),
            disable: self.disable.unwrap_or(false),
            mail_required: self.mail_required.unwrap_or(true),
            attach_existing: self.attach_existing.unwrap_or(false),
            super_users: self.super_users.unwrap_or_default(),
            members_per_call: self.members_per_call.unwrap_or(MEMBERS),
            settle: self.settle.map_or(SETTLE, |settle| settle.0),
            rules: self.rules(),
        }
    }

    fn rules(&self) -> CaseRules {
        CaseRules::minding(self.case_exact.unwrap_or(false), self.group_case_exact.unwrap_or(true))
    }

    fn secret_problem(&self) -> Option<BuildError> {
        match (self.api, &self.password, &self.secret_key) {
            (Api::V1, None, _) | (Api::V2, None, None) => {
                let problem = BuildError::new("password", "`password` is missing");
                Some(problem.with_hint("such as `{ env: TS_PASSWORD }`"))
            }
            (Api::V2, Some(_), Some(_)) => {
                let problem = BuildError::new("secretKey", "there is a `password` as well");
                Some(problem.with_hint("leave one of them out"))
            }
            _ => None,
        }
    }

    /// Keys of the other interface: they would do nothing.
    fn strangers(&self) -> Vec<BuildError> {
        let (own, other, keys) = match self.api {
            Api::V1 => (
                "v1",
                "v2",
                vec![
                    ("secretKey", self.secret_key.is_some()),
                    ("org", self.org.is_some()),
                    ("pageSize", self.page_size.is_some()),
                    ("disable", self.disable.is_some()),
                    ("mailRequired", self.mail_required.is_some()),
                    ("attachExisting", self.attach_existing.is_some()),
                    ("superUsers", self.super_users.is_some()),
                    ("membersPerCall", self.members_per_call.is_some()),
                    ("settle", self.settle.is_some()),
                ],
            ),
            Api::V2 => ("v2", "v1", vec![("updatedLists", self.updated_lists.is_some())]),
        };
        let given = keys.into_iter().filter(|(_, given)| *given);
        given
            .map(|(key, _)| {
                let why = format!("`{key}` belongs to `api: {other}`, and this target uses {own}");
                BuildError::new(key, why).with_hint(format!("set `api: {other}`, or leave it out"))
            })
            .collect()
    }
}

fn url_problem(url: &str) -> Option<BuildError> {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        let why = if url.is_empty() { "`url` is missing".to_owned() } else { format!("`{url}` is no address") };
        return Some(BuildError::new("url", why).with_hint("write it like `https://ts.example.org`"));
    }
    if url.starts_with("http://") && !is_loopback(url) {
        let why = "http:// would send the password in the clear";
        return Some(BuildError::new("url", why).with_hint("use https://; plain http is for loopback only"));
    }
    None
}

fn is_loopback(url: &str) -> bool {
    let Ok(parsed) = reqwest::Url::parse(url) else { return false };
    let Some(host) = parsed.host_str() else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
