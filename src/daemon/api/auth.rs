//! Who asks, and what they may.

use std::net::IpAddr;
use std::time::Instant;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::listen::Peer;
use super::problem::{Code, Problem};
use super::state::Shared;
use crate::config::{AccessToken, Role, Server};

/// Who asks over a connection of this machine where there are no tokens.
const LOCAL: &str = "local";

/// Tokens are shorter: nothing longer is looked at.
const LONGEST_TOKEN: usize = 256;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    /// State and counts.
    State,
    /// Reports, with personal data.
    Report,
    /// A run that does no more than the configuration says.
    Trigger,
    /// Any run, and lists that are pushed.
    Operate,
}

/// Whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) name: String,
    pub(super) role: Role,
}

impl Caller {
    pub(super) fn can(&self, right: Right) -> bool {
        match right {
            Right::State => true,
            Right::Report => self.role != Role::Viewer,
            Right::Trigger => matches!(self.role, Role::Operator | Role::Approver),
            Right::Operate => self.role == Role::Operator,
        }
    }

    /// # Errors
    /// When the role does not allow it.
    pub(super) fn needs(&self, right: Right) -> Result<(), Problem> {
        if self.can(right) {
            return Ok(());
        }
        let Self { name, role } = self;
        tracing::warn!(who = name, role = role.word(), ?right, "A call of the API was denied");
        let needed = match right {
            Right::State => "viewer",
            Right::Report => "auditor, operator or approver",
            Right::Trigger => "operator or approver",
            Right::Operate => "operator",
        };
        Err(Problem::new(Code::Forbidden, format!("`{name}` is {}; this needs {needed}", role.word())))
    }
}

/// Whom the token belongs to. Each is compared to its end, also after one was found.
pub(super) fn owner<'t>(token: &str, tokens: &'t [AccessToken]) -> Option<&'t AccessToken> {
    if token.len() > LONGEST_TOKEN {
        return None;
    }
    let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    let mut found = None;
    for known in tokens {
        let same: Choice = known.hash.as_slice().ct_eq(hash.as_slice());
        if bool::from(same) {
            found = Some(known);
        }
    }
    found
}

/// The caller that a header names.
///
/// # Errors
/// When it names nobody.
pub(super) fn caller(headers: &HeaderMap, from: Option<IpAddr>, server: &Server) -> Result<Caller, Problem> {
    if server.tokens.is_empty() {
        is_local(headers, from)?;
        return Ok(local());
    }
    let mut written = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (written.next(), written.next()) else {
        return Err(unknown("send `Authorization: Bearer TOKEN`"));
    };
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    let owner = token.and_then(|token| owner(token, &server.tokens));
    owner.map(of).ok_or_else(|| unknown("the token is not known"))
}

pub(super) fn local() -> Caller {
    Caller { name: LOCAL.into(), role: Role::Operator }
}

pub(super) fn of(token: &AccessToken) -> Caller {
    Caller { name: token.name.clone(), role: token.role }
}

pub(super) fn unknown(detail: &str) -> Problem {
    Problem::new(Code::Unauthenticated, detail)
}

/// What a proxy adds: who is behind it may be anybody.
const FORWARDED: [&str; 5] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/// Where there are no tokens, a name of another site that leads here must not open the door to its pages.
pub(super) fn is_local(headers: &HeaderMap, from: Option<IpAddr>) -> Result<(), Problem> {
    if !from.is_some_and(|from| from.is_loopback()) {
        return Err(Problem::new(Code::Forbidden, "without tokens only this machine is heard"));
    }
    if FORWARDED.iter().any(|name| headers.contains_key(*name)) {
        let detail = "without tokens nobody is heard through a proxy: give whoever calls a token, see `server.tokens`";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    let Some(host) = headers.get(header::HOST) else { return Ok(()) };
    let host = host.to_str().unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name).trim_matches(['[', ']']);
    let is_loopback = || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if name.eq_ignore_ascii_case("localhost") || is_loopback() {
        return Ok(());
    }
    let detail = "without tokens only `localhost` and the addresses of loopback are names of this daemon";
    Err(Problem::new(Code::ForeignOrigin, detail))
}

/// The address at the other end of the connection.
pub(super) fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<Peer>>().map(|ConnectInfo(Peer(address))| address.ip())
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let settings = api.desk.settings();
        let from = peer(parts);
        caller(&parts.headers, from, &settings.server).map_err(|problem| api.refused(problem, from))
    }
}

impl super::state::Api {
    /// Counts a call whose caller is not known; one of too many is told to come later.
    pub(super) fn refused(&self, problem: Problem, from: Option<IpAddr>) -> Problem {
        if problem.code != Code::Unauthenticated {
            return problem;
        }
        tracing::debug!(why = problem.detail, ?from, "A call was not authentic");
        match self.failures.count(from, Instant::now()) {
            None => problem,
            Some(later) => {
                let detail = "too many calls from this address were not authentic";
                Problem::new(Code::TooManyFailures, detail).after(later.as_secs().max(1))
            }
        }
    }
}
