//! Where the daemon listens, and who may ask it for what.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::connector::DurationText;

/// The daemon as it is written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ServerFile {
    /// Address and port. Beyond loopback it needs `tokens`. Default: `127.0.0.1:7878`.
    pub listen: Option<String>,
    /// Who may ask for what. Without any, whoever reaches the address is an operator.
    pub tokens: Option<Vec<TokenFile>>,
    /// With which certificate it listens. Default: none, for loopback or behind a proxy.
    pub tls: Option<ServerTlsFile>,
    /// How long runs under way may take to end when the daemon is told to stop. Default: `30s`.
    pub drain: Option<DurationText>,
    /// So many runs at once, over all syncs. Default: 4.
    pub concurrent_runs: Option<u32>,
}

/// Who may ask, as it is written: `rollcall token NAME --role ROLE` prints one.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TokenFile {
    /// Who it is, in reports and in the audit trail.
    pub name: Option<String>,
    pub role: Option<Role>,
    /// The SHA-256 of the token, 64 hexadecimal digits.
    pub sha256: Option<String>,
}

/// What somebody may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// State and counts; nothing about persons.
    Viewer,
    /// Also every report.
    Auditor,
    /// Also runs, lists that are pushed, the gateway.
    Operator,
    /// What an auditor may; decides on runs that wait, and asks for runs that do no more than the configuration says.
    Approver,
}

/// The certificate of the daemon, PEM files. Relative paths are beside the configuration file, else in
/// `$CREDENTIALS_DIRECTORY`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ServerTlsFile {
    /// The certificate, and those between it and its authority.
    pub cert: Option<PathBuf>,
    /// The key of `cert`.
    pub key: Option<PathBuf>,
}

/// The daemon, ready to listen.
#[derive(Debug, Clone)]
pub struct Server {
    pub listen: SocketAddr,
    /// None: only where it listens on loopback.
    pub tokens: Vec<AccessToken>,
    pub tls: Option<ServerTls>,
    /// How long runs under way may take to end.
    pub drain: Duration,
    /// Runs at once, over all syncs; at least 1.
    pub concurrent_runs: usize,
}

/// Somebody who may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    pub name: String,
    pub role: Role,
    /// The SHA-256 of the token.
    pub hash: [u8; 32],
}

/// The certificate of the daemon, PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerTls {
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7878),
            tokens: Vec::new(),
            tls: None,
            drain: Duration::from_secs(30),
            concurrent_runs: 4,
        }
    }
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Auditor, Self::Operator, Self::Approver];

    /// As the configuration writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
            Self::Approver => "approver",
        }
    }
}
