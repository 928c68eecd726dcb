use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::api::Api;
use super::target::{Alteryx, Settings};
use crate::connector::{BuildContext, BuildError, DurationText, SecretFile, Target};
use crate::http::address;
use crate::principal::{CaseRules, Kind};

/// Members that one addition to a group takes where the configuration does not say: the vendor names no limit.
const MEMBERS_PER_CALL: usize = 100;

/// Stands for a last name that nobody has: the server makes no user without one.
const NO_LAST_NAME: &str = "-";

/// How the address is written.
const ADDRESS: &str = "https://alteryx.example.org/webapi";

/// Where an Alteryx Server is, who calls, and what its interface does not tell.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AlteryxConfig {
    /// The Web API address of System Settings: `https://alteryx.example.org/webapi`.
    pub url: Option<String>,
    /// The API access key of a user who is a Curator.
    pub key: Option<String>,
    /// The API access secret that goes with it.
    pub secret: Option<SecretFile>,
    /// The e-mail address of the user whose key it is: never changed or removed.
    pub owner: Option<String>,
    /// How people sign in to this server, which the interface does not tell; `builtin` where absent.
    pub auth: Auth,
    /// How key and secret are sent for a token.
    pub credentials: Credentials,
    /// By name of a group, its role. Others are made with the role `Evaluated`, and then left as they are.
    pub group_roles: BTreeMap<String, Role>,
    /// Whether a group that goes is deleted with its members in it, instead of after they were taken out.
    pub force_delete: bool,
    /// How many members one addition to a group names, at the most; 100 where absent.
    pub members_per_call: Option<usize>,
    /// With `auth: windows`: what the account name of a member is compared with.
    pub account_name: AccountName,
    /// Whether names of users that differ in case only are different ones; false where absent. No rule is published.
    pub case_exact: Option<bool>,
    /// The same of groups; true where absent.
    pub group_case_exact: Option<bool>,
    /// How long a write may take to show; `0s` where absent.
    pub settle: Option<DurationText>,
    /// What is sent as the last name of somebody whose display name is one word; `-` where absent.
    pub no_last_name: Option<String>,
}

/// How people sign in. It cannot be changed once a server is installed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// With a password that the server keeps.
    #[default]
    Builtin,
    /// As who they are in Active Directory.
    Windows,
    /// At an identity provider.
    Saml,
}

/// How key and secret are sent: clients of the public do either.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Credentials {
    /// As HTTP Basic.
    #[default]
    Basic,
    /// As `client_id` and `client_secret` of the form.
    Form,
}

/// What tells whose account a member of a group is, where members are objects of Active Directory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum AccountName {
    /// `sidAccountName` is the part of the e-mail address before `@`.
    #[default]
    LocalPart,
    /// `displayName` is first and last name.
    DisplayName,
}

/// A role, as the interface spells it (vendor: "User Group Endpoints").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Role {
    NoAccess,
    Viewer,
    Member,
    Artisan,
    Curator,
    Evaluated,
}

impl Role {
    pub(super) const ALL: [Self; 6] =
        [Self::NoAccess, Self::Viewer, Self::Member, Self::Artisan, Self::Curator, Self::Evaluated];

    /// As the interface spells it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::NoAccess => "NoAccess",
            Self::Viewer => "Viewer",
            Self::Member => "Member",
            Self::Artisan => "Artisan",
            Self::Curator => "Curator",
            Self::Evaluated => "Evaluated",
        }
    }
}

impl AlteryxConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str = "alteryx:\n  url: https://alteryx.example.org/webapi\n  \
                                       key: 8DA1F0C2B7E34D55\n  secret: { env: ALTERYX_SECRET }\n  \
                                       owner: svc-rollcall@example.org\n  auth: saml\n";

    /// Makes the target.
    ///
    /// # Errors
    /// When something is missing or is no such value, or a certificate cannot be used.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Target>, Vec<BuildError>> {
        let mut problems = Vec::new();
        let url = address(self.url.as_deref(), ADDRESS).map_err(|problem| problems.push(problem));
        let missing = |key: &str, hint: &str| BuildError::new(key, format!("`{key}` is missing")).with_hint(hint);
        let given =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(String::from);
        let (key, owner) = (given(&self.key), given(&self.owner));
        if key.is_none() {
            problems.push(missing("key", "the API access key on the profile page of a Curator, tab Keys"));
        }
        if self.secret.is_none() {
            problems.push(missing("secret", "such as `{ env: ALTERYX_SECRET }`: the API access secret beside the key"));
        }
        if !owner.as_deref().is_some_and(super::convert::is_mail) {
            let problem = missing("owner", "the e-mail address of the user whose key it is");
            let why = if owner.is_some() { "`owner` is no e-mail address".to_owned() } else { problem.why };
            problems.push(BuildError { why, ..problem });
        }
        problems.extend(self.problems());
        let (Ok(url), Some(key), Some(secret), Some(owner), true) =
            (url, key, &self.secret, owner, problems.is_empty())
        else {
            return Err(problems);
        };
        let rules = CaseRules::minding(self.case_exact.unwrap_or(false), self.group_case_exact.unwrap_or(true));
        let settings = Settings {
            auth: self.auth,
            rules,
            settle: self.settle.map_or(Duration::ZERO, |settle| settle.0),
            owner: owner.into(),
            roles: self.group_roles.iter().map(|(name, role)| (rules.key(Kind::Group, name), *role)).collect(),
            force_delete: self.force_delete,
            account_name: self.account_name,
            no_last_name: self.no_last_name.as_deref().unwrap_or(NO_LAST_NAME).into(),
        };
        let api = Api::new(context, &url, key, secret.secret(&context.folder), self.credentials);
        let api = api.map_err(|problem| vec![problem])?;
        let join = self.members_per_call.unwrap_or(MEMBERS_PER_CALL);
        Ok(Box::new(Alteryx::new(api, settings, join, &context.network)))
    }

    fn problems(&self) -> Vec<BuildError> {
        let mut problems = Vec::new();
        if self.members_per_call.is_some_and(|count| !(1..=10_000).contains(&count)) {
            problems.push(BuildError::new("membersPerCall", "`membersPerCall` is not from 1 to 10000"));
        }
        if let Some(name) = &self.no_last_name
            && (name.trim() != name || name.is_empty() || name.encode_utf16().count() > 255)
        {
            let why = "`noLastName` is empty, longer than 255 characters, or begins or ends with a space";
            problems.push(BuildError::new("noLastName", why));
        }
        if self.account_name != AccountName::default() && self.auth != Auth::Windows {
            let problem = BuildError::new("accountName", "`accountName` is for `auth: windows`");
            problems.push(problem.with_hint("elsewhere members are told by their user ids"));
        }
        problems
    }
}
