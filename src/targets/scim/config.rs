use schemars::JsonSchema;
use serde::Deserialize;

use super::manner::Manner;
use super::presets::{PRESETS, preset};
use super::target::Scim;
use crate::connector::{BuildContext, BuildError, DurationText, SecretFile, Target};
use crate::http::address;

/// Where a SCIM 2.0 service is, and how it differs from the RFCs. What is left out is found out, taken from the preset,
/// or as the RFCs say.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ScimConfig {
    /// The base address, with whatever stands before `/Users`: `https://scim.example.org/scim/v2`.
    pub url: Option<String>,
    /// The bearer token.
    pub token: Option<SecretFile>,
    /// What is known of a vendor: `aws`, `slack`, `github` and others. Every other key goes before it.
    pub preset: Option<String>,
    /// The `userName` of the account that the token belongs to: it is never changed or removed.
    pub account: Option<String>,
    /// Whether user names that differ in case only are different users; false where absent.
    pub case_exact: Option<bool>,
    /// Whether group names that differ in case only are different groups; true where absent.
    pub group_case_exact: Option<bool>,
    /// What `externalId` is filled with; `source-id` where absent. One that is there already is never written over.
    pub external_id: Option<ExternalId>,
    /// What may be done with groups; `full` where absent.
    pub groups: Option<Groups>,
    /// Whether groups may be members of groups; false where absent.
    pub nest: Option<bool>,
    /// Whether groups show their members; found out where absent.
    pub members: Option<Members>,
    /// The service shows no more members of a group than this: larger groups are left as they are.
    pub member_cap: Option<usize>,
    /// Members added or removed by one request; 100 where absent.
    pub chunk: Option<usize>,
    /// Resources asked for by one page; 100 where absent, 0 asks for none in particular.
    pub count: Option<usize>,
    /// How lists are read; found out where absent.
    pub paging: Option<Paging>,
    /// Whether `totalResults` can be believed; `trusted` where absent.
    pub totals: Option<Totals>,
    /// Whether PATCH is offered; found out where absent.
    pub patch: Option<bool>,
    /// Whether filters are; found out where absent.
    pub filter: Option<bool>,
    /// Whether versions guard writes (`If-Match`); as the service says where absent.
    pub etag: Option<bool>,
    /// Whether `/Schemas` decides which values are sent; true where absent.
    pub schemas: Option<bool>,
    /// Whether `userName` can be changed; true where absent.
    pub rename: Option<bool>,
    /// Whether users can be deleted; true where absent.
    pub delete: Option<bool>,
    /// Whether new users get a password; `omit` where absent.
    pub password: Option<Passwords>,
    /// How a value is cleared; `remove` where absent.
    pub clear: Option<Clearing>,
    /// The type of the addresses and numbers that are kept equal; `work` where absent.
    pub address_type: Option<String>,
    /// Whether a user has one address and one number only; false where absent.
    pub single_values: Option<bool>,
    /// Whether `userName` and `active` want a PATCH of their own; false where absent.
    pub separate: Option<bool>,
    /// The content type of bodies; `scim` where absent.
    pub content_type: Option<ContentType>,
    /// Ids of resources that are passed over: what has no name, or a name that others have too.
    pub ignore: Vec<String>,
    /// How long a write may take to show; `5s` where absent.
    pub settle: Option<DurationText>,
}

/// What `externalId` is filled with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExternalId {
    /// The immutable id of the source.
    #[default]
    SourceId,
    /// The name.
    Name,
    /// Nothing.
    Off,
}

/// What may be done with groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Groups {
    /// They are made, renamed and deleted, and have members.
    #[default]
    Full,
    /// They are there already, and have members.
    Members,
    /// There are none.
    None,
}

/// Whether groups show their members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Members {
    Shown,
    /// They do not: what rollcall itself has done is remembered and compared.
    Hidden,
}

/// How lists are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Paging {
    /// With `startIndex` (RFC 7644, 3.4.2.4).
    Index,
    /// With `cursor` (RFC 9865).
    Cursor,
}

/// Whether `totalResults` can be believed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Totals {
    #[default]
    Trusted,
    /// It is not looked at: an empty page is the end.
    Ignored,
}

/// Whether new users get a password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Passwords {
    /// They sign in elsewhere.
    #[default]
    Omit,
    /// That of the source, else that of the sync.
    Send,
}

/// How a value is cleared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Clearing {
    /// With the operation `remove`.
    #[default]
    Remove,
    /// Replaced by `""`.
    Empty,
    /// Replaced by `null`.
    Null,
}

/// The content type of bodies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ContentType {
    /// `application/scim+json` (RFC 7644, 3.1).
    #[default]
    Scim,
    /// `application/json`.
    Json,
}

impl ScimConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str = "scim:\n  url: https://scim.example.org/scim/v2\n  token: { env: SCIM_TOKEN }\n";

    /// Makes the target.
    ///
    /// # Errors
    /// When the address or the token is missing, the preset is none, a number is 0, or a certificate cannot be used.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Target>, Vec<BuildError>> {
        let mut problems = Vec::new();
        let example = "https://scim.example.org/scim/v2";
        let url = address(self.url.as_deref(), example).map_err(|problem| problems.push(problem));
        if self.token.is_none() {
            let problem = BuildError::new("token", "`token` is missing");
            problems.push(problem.with_hint("such as `{ env: SCIM_TOKEN }`"));
        }
        let known = self.preset.as_deref().map(preset);
        if known == Some(None) {
            let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
            let problem = BuildError::new("preset", "there is no such preset");
            problems.push(problem.with_hint(format!("one of {}; or leave it out", names.join(", "))));
        }
        for (key, number) in [("chunk", self.chunk), ("memberCap", self.member_cap)] {
            problems.extend((number == Some(0)).then(|| BuildError::new(key, format!("`{key}` is 0"))));
        }
        let (Ok(url), Some(token), true) = (url, &self.token, problems.is_empty()) else { return Err(problems) };
        let manner = Manner::new(self, known.flatten());
        match Scim::new(context, &url, token.secret(&context.folder), manner) {
            Ok(target) => Ok(Box::new(target)),
            Err(problem) => Err(vec![problem]),
        }
    }
}
