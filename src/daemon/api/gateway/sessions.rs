use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Sessions at once. The one that was not used for longest makes room.
const MOST: usize = 1_000;

/// How long a session lasts that nobody uses.
const LASTS: Duration = Duration::from_hours(1);

/// The product's own name of it.
const COOKIE: &str = "JSESSIONID";

/// Who is signed in. What is kept of a session is a hash: whoever reads our memory cannot go on with one.
#[derive(Debug, Default)]
pub(in crate::daemon::api) struct Sessions(Mutex<BTreeMap<[u8; 32], Session>>);

/// Somebody who is signed in at one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) target: String,
    /// The hash of the token it was begun with; none where there are no tokens.
    pub(super) token: Option<[u8; 32]>,
    used: Instant,
}

impl Sessions {
    /// Begins a session; what the client is to send. None where there is no chance to be had.
    pub(super) fn begin(&self, target: &str, token: Option<[u8; 32]>, now: Instant) -> Option<String> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok()?;
        let id = URL_SAFE_NO_PAD.encode(bytes);
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| !session.is_over(now));
        if sessions.len() >= MOST
            && let Some(oldest) = sessions.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key)
        {
            sessions.remove(&oldest);
        }
        sessions.insert(key(&id), Session { target: target.to_owned(), token, used: now });
        Some(id)
    }

    /// The session that a call at `target` belongs to; it lasts longer from now on.
    pub(super) fn find(&self, headers: &HeaderMap, target: &str, now: Instant) -> Option<Session> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = cookies(headers).find_map(|id| {
            let key = key(id);
            sessions.contains_key(&key).then_some(key)
        })?;
        let session = sessions.get_mut(&session)?;
        if session.is_over(now) || session.target != target {
            return None;
        }
        session.used = now;
        Some(session.clone())
    }

    pub(super) fn end(&self, headers: &HeaderMap) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for id in cookies(headers) {
            sessions.remove(&key(id));
        }
    }
}

impl Session {
    fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.used) >= LASTS
    }
}

/// The value of the cookie that a client is to keep.
pub(super) fn cookie(id: &str, target: &str, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={id}; Path=/targets/{target}/callosum; HttpOnly; SameSite=Strict{secure}")
}

fn key(id: &str) -> [u8; 32] {
    Sha256::digest(id.as_bytes()).into()
}

/// Two at most: nobody has more.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).map(|(_, id)| id.trim_matches('"')).take(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(id: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("clientId=x; {COOKIE}={id}").parse().unwrap());
        headers
    }

    #[test]
    fn a_session_is_of_one_target_and_ends_when_nobody_uses_it() {
        let (sessions, begin) = (Sessions::default(), Instant::now());
        let id = sessions.begin("bi", None, begin).unwrap();
        assert!(sessions.find(&sent(&id), "other", begin).is_none());
        let later = begin + Duration::from_mins(50);
        assert!(sessions.find(&sent(&id), "bi", later).is_some());
        assert!(sessions.find(&sent(&id), "bi", later + Duration::from_mins(50)).is_some(), "it was used");
        assert!(sessions.find(&sent(&id), "bi", later + 3 * LASTS).is_none());
        assert!(sessions.find(&sent("invented"), "bi", begin).is_none());
    }

    #[test]
    fn who_signs_out_is_out() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let id = sessions.begin("bi", None, now).unwrap();
        sessions.end(&sent(&id));
        assert!(sessions.find(&sent(&id), "bi", now).is_none());
    }

    #[test]
    fn however_many_sign_in_the_memory_of_it_is_bounded() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let first = sessions.begin("bi", None, now).unwrap();
        for _ in 0..MOST {
            sessions.begin("bi", None, now + Duration::from_secs(1)).unwrap();
        }
        assert_eq!(sessions.0.lock().unwrap().len(), MOST);
        assert!(sessions.find(&sent(&first), "bi", now).is_none(), "the one that was not used for longest made room");
    }
}
