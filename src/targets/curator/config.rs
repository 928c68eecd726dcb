use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::target::Curator;
use crate::connector::{BuildContext, BuildError, DurationText, SecretFile, Target};
use crate::http::address;

/// Where a portal of InterWorks Curator is, and what its thin documentation leaves open.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CuratorConfig {
    /// The address of the portal: `https://portal.example.org`.
    pub url: Option<String>,
    /// An API key (Settings > Curator > API Keys) that may use the User endpoints.
    pub api_key: Option<SecretFile>,
    /// How lists are asked for. Writes are always a POST.
    pub request_style: RequestStyle,
    /// How the sections of addresses are written: `User/…` or `user/…`.
    pub section_case: SectionCase,
    /// The parameter that names the user to addUserToGroup and removeUserFromGroup; `username` where absent.
    pub user_param: Option<String>,
    /// The parameter that names the group; `group` where absent.
    pub group_param: Option<String>,
    /// What the user is named by.
    pub user_ref: UserRef,
    /// What the group is named by.
    pub group_ref: GroupRef,
    /// How user names are compared.
    pub matching: Matching,
    /// How group names are compared.
    pub group_matching: Matching,
    /// Which list tells who is in which group.
    pub memberships_from: MembershipsFrom,
    /// By name of a group, the groups of other platforms that are attached when it is created.
    pub platforms: BTreeMap<String, PlatformGroups>,
    /// By name of a group, the custom attributes that it gets when it is created.
    pub custom_attributes: BTreeMap<String, BTreeMap<String, Value>>,
    /// Whether to manage who is in groups with platform groups. A sync of the platform may undo it.
    pub manage_platform_groups: bool,
    /// How long a write may take to show; `10s` where absent.
    pub settle: Option<DurationText>,
}

/// How lists are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RequestStyle {
    #[default]
    Post,
    Get,
}

/// How the sections of addresses are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SectionCase {
    /// `User/listUsers`
    #[default]
    Capital,
    /// `user/listUsers`
    Lower,
}

/// What a user is named by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserRef {
    #[default]
    Username,
    Email,
    Id,
}

/// What a group is named by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GroupRef {
    #[default]
    Name,
    Id,
}

/// How names are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Matching {
    #[default]
    Exact,
    CaseInsensitive,
}

/// Which list tells who is in which group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MembershipsFrom {
    /// Whichever does; where both do, they must agree.
    #[default]
    Both,
    Users,
    Groups,
}

/// Groups of other platforms, by what people call them (vendor: User API, createFrontendGroup).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlatformGroups {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tableau: Vec<TableauGroup>,
    /// Names of groups of the ThoughtSpot cluster.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub thoughtspot: Vec<String>,
}

/// A group of a Tableau server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableauGroup {
    /// The name of the connection in Curator.
    pub server: String,
    /// `__DEFAULT__` is the default site.
    pub site: String,
    pub group: String,
}

impl CuratorConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str =
        "curator:\n  url: https://portal.example.org\n  apiKey: { env: CURATOR_API_KEY }\n";

    /// Makes the target.
    ///
    /// # Errors
    /// When the address or the key is missing, a parameter is no name, or a certificate cannot be used.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Target>, Vec<BuildError>> {
        let mut problems = Vec::new();
        let url = address(self.url.as_deref(), "https://portal.example.org").map_err(|problem| problems.push(problem));
        if self.api_key.is_none() {
            let problem = BuildError::new("apiKey", "`apiKey` is missing");
            problems
                .push(problem.with_hint("such as `{ env: CURATOR_API_KEY }`; made in Settings > Curator > API Keys"));
        }
        for (key, name) in [("userParam", &self.user_param), ("groupParam", &self.group_param)] {
            problems.extend(name.as_deref().and_then(|name| parameter_problem(key, name)));
        }
        if self.user_parameter() == self.group_parameter() {
            problems.push(BuildError::new("groupParam", "the user and the group are given in one parameter"));
        }
        for (name, attached) in &self.platforms {
            if *attached == PlatformGroups::default() {
                let problem = BuildError::new("platforms", format!("`{name}` lists no group"));
                problems.push(problem.with_hint("give `tableau` or `thoughtspot`, or leave it out"));
            }
        }
        let (Ok(url), Some(key), true) = (url, &self.api_key, problems.is_empty()) else { return Err(problems) };
        match Curator::new(context, &url, key.secret(&context.folder), self.clone()) {
            Ok(target) => Ok(Box::new(target)),
            Err(problem) => Err(vec![problem]),
        }
    }

    pub(super) fn user_parameter(&self) -> &str {
        self.user_param.as_deref().unwrap_or("username")
    }

    pub(super) fn group_parameter(&self) -> &str {
        self.group_param.as_deref().unwrap_or("group")
    }
}

fn parameter_problem(key: &str, name: &str) -> Option<BuildError> {
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.[]".contains(c)) {
        return Some(BuildError::new(key, format!("`{name}` is no name of a parameter")));
    }
    let is_key = name.eq_ignore_ascii_case("apikey");
    is_key.then(|| BuildError::new(key, "`apikey` is the parameter of the key"))
}
