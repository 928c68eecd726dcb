use std::time::Duration;

use reqwest::Url;
use schemars::JsonSchema;
use serde::Deserialize;

use super::access::Credentials;
use super::signin::Signin;
use super::target::{BackOffice, Manner};
use crate::connector::{BuildContext, BuildError, DurationText, SecretFile, Target};
use crate::http::address;
use crate::principal::CaseRules;

/// Items asked for at once where nothing else is said; no maximum is published.
const PAGE: usize = 100;

/// How long a write that was only accepted may take where nothing else is said.
const SETTLE: Duration = Duration::from_secs(10);

/// The built-in group whose members hold every permission (vendor's Back Office guide, "Groups").
pub(super) const ADMINISTRATORS: &str = "Administrators";

/// Where a B2CORE Back Office is and who calls it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct B2coreConfig {
    /// The address of the Back Office: `https://backoffice.example.org`.
    pub url: Option<String>,
    /// A bearer token of the Back Office API. It is read again when it is refused.
    pub token: Option<SecretFile>,
    /// Instead of `token`: an address and a password that a token is fetched with.
    pub signin: Option<SigninConfig>,
    /// The address of the account that rollcall calls with: it is never changed. `signin.email` where that is set.
    pub account: Option<String>,
    /// How updates are sent. The vendor calls both similar; whether a PUT blanks what it does not send is not said.
    pub method: Method,
    /// Whether groups are created and renamed. A new group has no permissions.
    pub create_groups: bool,
    /// The group of users who would be created in none. Nobody is put into it or taken out of it otherwise.
    pub default_group: Option<String>,
    /// Whether new users have two-factor authentication (default true). It is never changed later.
    pub tfa: Option<bool>,
    /// Whether new users are sent a mail about their profile.
    pub send_notify: bool,
    /// What `clientTags` are sent as: the vendor's page says objects and shows strings.
    pub tags_as: TagShape,
    /// Items asked for at once (default 100).
    pub page_size: Option<usize>,
    /// Whether names of users that differ in case only are different ones; false where absent. No rule is published.
    pub case_exact: Option<bool>,
    /// The same of groups; true where absent.
    pub group_case_exact: Option<bool>,
    /// How long a write that was only accepted (202) may take to show (default 10s).
    pub settle: Option<DurationText>,
}

/// How a token is fetched. The call of B2CORE itself is not published: the defaults are those of a sibling product
/// (B2COPY, "Authorization in the Back Office").
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SigninConfig {
    /// Below `url` (default `/api/v2/signin`).
    pub path: Option<String>,
    /// The address of the account.
    pub email: Option<String>,
    pub password: Option<SecretFile>,
    /// Where the answer has the token (default `/accessToken/token`).
    pub token_pointer: Option<String>,
    /// Where it says when the token was made (default `/accessToken/createdAt`).
    pub created_pointer: Option<String>,
    /// Where it says when the token ends (default `/accessToken/expiresAt`).
    pub expires_pointer: Option<String>,
    /// Where it says that a second factor is asked for (default `/2faRequired`).
    pub two_factor_pointer: Option<String>,
}

/// The method of an update.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Only what changes is sent.
    #[default]
    Patch,
    /// Everything that was read is sent with it.
    Put,
}

/// What a client tag is sent as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TagShape {
    /// `"vip"`.
    #[default]
    Strings,
    /// `{ "name": "vip" }`.
    Objects,
}

impl B2coreConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str = "b2core:\n  url: https://backoffice.example.org\n  token: { env: B2CORE_TOKEN }\n  \
                                       account: rollcall@example.org\n";

    /// Makes the target.
    ///
    /// # Errors
    /// When an address or a credential is missing, a setting contradicts itself, or a certificate cannot be used.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Target>, Vec<BuildError>> {
        let mut problems = Vec::new();
        let url = address(self.url.as_deref(), "https://backoffice.example.org");
        let url = url.map_err(|problem| problems.push(problem)).unwrap_or_default();
        let credentials = self.credentials(context, &url, &mut problems);
        let default_group = self.default_group.clone().filter(|name| !name.trim().is_empty());
        if default_group.as_deref() == Some(ADMINISTRATORS) {
            let problem = BuildError::new("defaultGroup", "its members hold every permission");
            problems.push(problem.with_hint("make a group without permissions for it"));
        }
        if self.page_size == Some(0) {
            problems.push(BuildError::new("pageSize", "expected 1 or more items").with_hint("leave it out for 100"));
        }
        let manner = Manner {
            account: self.account.clone().or_else(|| self.signin.as_ref()?.email.clone()),
            method: self.method,
            create_groups: self.create_groups,
            default_group,
            tfa: self.tfa.unwrap_or(true),
            send_notify: self.send_notify,
            tags_as: self.tags_as,
            page_size: self.page_size.unwrap_or(PAGE),
            settle: self.settle.map_or(SETTLE, |settle| settle.0),
            rules: CaseRules::minding(self.case_exact.unwrap_or(false), self.group_case_exact.unwrap_or(true)),
        };
        let (Some(credentials), true) = (credentials, problems.is_empty()) else { return Err(problems) };
        match BackOffice::new(context, &url, credentials, manner) {
            Ok(target) => Ok(Box::new(target)),
            Err(problem) => Err(vec![problem]),
        }
    }

    /// A token or a sign-in; what is wrong goes into `problems`.
    fn credentials(&self, context: &BuildContext, url: &str, problems: &mut Vec<BuildError>) -> Option<Credentials> {
        match (&self.token, &self.signin) {
            (Some(token), None) => Some(Credentials::Token(token.secret(&context.folder))),
            (None, Some(signin)) => Some(Credentials::Signin(Box::new(signin.build(context, url, problems)?))),
            (None, None) => {
                let problem = BuildError::new("token", "`token` is missing");
                problems.push(problem.with_hint("such as `{ env: B2CORE_TOKEN }`, or `signin: { email, password }`"));
                None
            }
            (Some(_), Some(_)) => {
                let problem = BuildError::new("signin", "there are both `token` and `signin`");
                problems.push(problem.with_hint("leave one of them out"));
                None
            }
        }
    }
}

impl SigninConfig {
    fn build(&self, context: &BuildContext, url: &str, problems: &mut Vec<BuildError>) -> Option<Signin> {
        let before = problems.len();
        let missing = |key: &str| BuildError::new(format!("signin.{key}"), format!("`{key}` is missing"));
        let email = self.email.clone().filter(|email| !email.trim().is_empty());
        if email.is_none() {
            problems.push(missing("email").with_hint("the account that rollcall signs in with"));
        }
        if self.password.is_none() {
            problems.push(missing("password").with_hint("such as `{ env: B2CORE_PASSWORD }`"));
        }
        let path = self.path.as_deref().unwrap_or("/api/v2/signin");
        let whole = format!("{url}/{}", path.trim_start_matches('/'));
        if path.contains("://") || !(url.is_empty() || Url::parse(&whole).is_ok()) {
            problems.push(
                BuildError::new("signin.path", "it is no path below `url`").with_hint("such as `/api/v2/signin`"),
            );
        }
        let mut pointer = |key: &str, given: &Option<String>, usual: &str| {
            let text = given.clone().unwrap_or_else(|| usual.to_owned());
            if !text.starts_with('/') {
                let problem = BuildError::new(format!("signin.{key}"), "it is no JSON pointer");
                problems.push(problem.with_hint(format!("write it like `{usual}`")));
            }
            text
        };
        let signin = Signin {
            url: whole,
            email: email.unwrap_or_default(),
            password: self.password.as_ref()?.secret(&context.folder),
            token_pointer: pointer("tokenPointer", &self.token_pointer, "/accessToken/token"),
            created_pointer: pointer("createdPointer", &self.created_pointer, "/accessToken/createdAt"),
            expires_pointer: pointer("expiresPointer", &self.expires_pointer, "/accessToken/expiresAt"),
            two_factor_pointer: pointer("twoFactorPointer", &self.two_factor_pointer, "/2faRequired"),
        };
        (problems.len() == before).then_some(signin)
    }
}
