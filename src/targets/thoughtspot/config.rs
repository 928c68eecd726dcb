use schemars::JsonSchema;
use serde::Deserialize;

use super::Thoughtspot;
use crate::connector::{BuildContext, BuildError, SecretFile, Target};

/// Where a ThoughtSpot cluster is and who signs in.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ThoughtspotConfig {
    /// The address of the cluster: `https://ts.example.org`.
    pub url: Option<String>,
    /// An account with the privilege ADMINISTRATION.
    pub username: Option<String>,
    pub password: Option<SecretFile>,
    /// Only `v1` is built.
    pub api: Api,
    /// What `user/sync` lists as updated: the vendor does not say whether it is every match or only real differences.
    pub updated_lists: UpdatedLists,
}

/// Which of the product's interfaces is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    #[default]
    V1,
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

impl ThoughtspotConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str =
        "thoughtspot:\n  url: https://ts.example.org\n  username: rollcall\n  password: { env: TS_PASSWORD }\n";

    /// Makes the target.
    ///
    /// # Errors
    /// When an address, a name or the password is missing, or a certificate cannot be used.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Target>, Vec<BuildError>> {
        let mut problems = Vec::new();
        let url = self.url.as_deref().unwrap_or_default().trim_end_matches('/').to_owned();
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            let why = if url.is_empty() { "`url` is missing".to_owned() } else { format!("`{url}` is no address") };
            problems.push(BuildError::new("url", why).with_hint("write it like `https://ts.example.org`"));
        } else if url.starts_with("http://") && !is_loopback(&url) {
            let why = "http:// would send the password in the clear";
            problems.push(BuildError::new("url", why).with_hint("use https://; plain http is for loopback only"));
        }
        let username = self.username.clone().filter(|name| !name.is_empty());
        if username.is_none() {
            let problem = BuildError::new("username", "`username` is missing");
            problems.push(problem.with_hint("the account that rollcall signs in with"));
        }
        if self.password.is_none() {
            let problem = BuildError::new("password", "`password` is missing");
            problems.push(problem.with_hint("such as `{ env: TS_PASSWORD }`"));
        }
        let (Some(username), Some(password), true) = (username, &self.password, problems.is_empty()) else {
            return Err(problems);
        };
        let password = password.secret(&context.folder);
        match Thoughtspot::new(context, &url, username, password, self.updated_lists) {
            Ok(target) => Ok(Box::new(target)),
            Err(problem) => Err(vec![problem]),
        }
    }
}

fn is_loopback(url: &str) -> bool {
    let Ok(parsed) = reqwest::Url::parse(url) else { return false };
    let Some(host) = parsed.host_str() else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
