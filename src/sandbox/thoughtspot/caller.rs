//! Who is calling: sessions by cookie and by bearer token, which both interfaces take.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::SessionEnds;
use crate::sandbox::identity::{Space, guid};
use crate::sandbox::thoughtspot::emulator::{ThoughtSpot, World};
use crate::sandbox::thoughtspot::error::{forbidden, unauthorised};
use crate::sandbox::thoughtspot::org::{GroupKey, PRIMARY, Who};
use crate::sandbox::thoughtspot::principal::ADMINISTRATOR;

/// The name of the session cookie.
pub(super) const COOKIE: &str = "JSESSIONID";

/// What a credential stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    /// The exact user name.
    pub(super) user: String,
    /// The org it acts in.
    pub(super) org: u32,
    /// Milliseconds since 1970.
    pub(super) opened: u64,
    /// Milliseconds since 1970; a cookie does not end by itself.
    pub(super) expires: Option<u64>,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Credential {
    Cookie(String),
    Bearer(String),
}

/// Open sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    open: HashMap<Credential, Session>,
    /// Where each user was last, by exact name.
    last_orgs: HashMap<String, u32>,
    issued: u64,
}

impl Sessions {
    fn issue(&mut self) -> String {
        self.issued += 1;
        guid(Space::Session, self.issued)
    }

    /// Opens a session and gives its cookie.
    pub(super) fn open_cookie(&mut self, session: Session) -> String {
        let cookie = self.issue();
        self.last_orgs.insert(session.user.clone(), session.org);
        self.open.insert(Credential::Cookie(cookie.clone()), session);
        cookie
    }

    /// Opens a session and gives its bearer token.
    pub(super) fn open_token(&mut self, session: Session) -> String {
        let token = format!("{}.{}", self.issue(), self.issue());
        self.last_orgs.insert(session.user.clone(), session.org);
        self.open.insert(Credential::Bearer(token.clone()), session);
        token
    }

    /// The org a user was in last; the primary one at first.
    pub(super) fn last_org(&self, user: &str) -> u32 {
        self.last_orgs.get(user).copied().unwrap_or(PRIMARY)
    }

    /// What a credential stands for.
    pub(super) fn find(&self, credential: &Credential) -> Option<&Session> {
        self.open.get(credential)
    }

    /// Ends one session.
    pub(super) fn end(&mut self, credential: &Credential) {
        self.open.remove(credential);
    }

    /// Ends the sessions of one user.
    pub(super) fn end_of(&mut self, user: &str) {
        self.open.retain(|_, session| session.user != user);
    }

    /// Ends every session.
    pub(super) fn end_all(&mut self) {
        self.open.clear();
        self.last_orgs.clear();
    }

    /// A user has another name.
    pub(super) fn rename(&mut self, old: &str, new: &str) {
        for session in self.open.values_mut().filter(|session| session.user == old) {
            new.clone_into(&mut session.user);
        }
    }
}

/// A caller with a valid session. Without one the request ends with 401.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) session: Session,
    pub(super) credential: Credential,
}

impl FromRequestParts<Arc<ThoughtSpot>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Parts, emulator: &Arc<ThoughtSpot>) -> Result<Self, Failure> {
        let credential = credential(&head.headers).ok_or_else(|| unauthorised("no session"))?;
        let mut world = emulator.world();
        let World { store, sessions, .. } = &mut *world;
        let late = |session: &Session| session.expires.is_some_and(|moment| moment <= store.clock.now());
        if head.extensions.get::<SessionEnds>().is_some() || sessions.find(&credential).is_some_and(late) {
            sessions.end(&credential);
        }
        let session = sessions.find(&credential).filter(|session| store.users.contains_key(&session.user));
        let session = session.cloned().ok_or_else(|| unauthorised("the session has expired"))?;
        Ok(Self { session, credential })
    }
}

/// A caller who may administer: a direct member of the group `Administrator` of the primary org, or of the org the
/// session is in. Others get 403.
#[derive(Debug)]
pub(super) struct Administrator {
    /// The exact user name.
    pub(super) name: String,
    /// The org the session is in.
    pub(super) org: u32,
}

impl FromRequestParts<Arc<ThoughtSpot>> for Administrator {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Parts, emulator: &Arc<ThoughtSpot>) -> Result<Self, Failure> {
        let Caller { session, .. } = Caller::from_request_parts(head, emulator).await?;
        let Session { user: name, org, .. } = session;
        let groups = emulator.world().store.parents(&Who::User(name.clone()));
        if [PRIMARY, org].into_iter().any(|org| groups.contains(&GroupKey::new(org, ADMINISTRATOR))) {
            return Ok(Self { name, org });
        }
        Err(forbidden(format!("{name} lacks the privilege ADMINISTRATION")))
    }
}

/// The bearer token, or else the cookie.
fn credential(headers: &HeaderMap) -> Option<Credential> {
    let authorisation = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = authorisation.and_then(|text| text.strip_prefix("Bearer ")) {
        return Some(Credential::Bearer(token.trim().to_owned()));
    }
    let lines = headers.get_all(header::COOKIE).into_iter();
    let mut pairs = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    let cookie = pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    Some(Credential::Cookie(cookie.to_owned()))
}
