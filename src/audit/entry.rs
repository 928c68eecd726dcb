//! One entry of the trail, and its line.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::canonical::{CanonicalError, canonical};
use super::event::Event;
use super::personal::Personal;

/// Who or what asked for a run.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// `cli`, `schedule`, `webhook` or `api`.
    pub via: &'a str,
    pub who: &'a str,
    pub host: &'a str,
}

/// What an event is part of. An event that no run brings about, such as a change of keys, has little of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    pub run: Option<&'a str>,
    pub sync: Option<&'a str>,
    pub target: Option<&'a str>,
    pub environment: Option<&'a str>,
    pub actor: Option<Actor<'a>>,
    /// `sha256:HEX` of the plan, as in its report.
    pub plan_digest: Option<&'a str>,
    pub config_digest: Option<&'a str>,
}

/// One event, when it happened, and what it is part of. No member can hold a secret: principals are told without
/// passwords, and there is no other value that a secret could come in with.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub time: DateTime<Utc>,
    pub context: Context<'a>,
    pub event: Event<'a>,
}

impl Entry<'_> {
    /// The entry as one line of canonical JSON, without its newline: these bytes are hashed. `seq` is the number of the
    /// leaf, counted from 0. What has no value is left out.
    ///
    /// # Errors
    /// When a count is beyond what JSON holds exactly.
    pub fn to_line(&self, seq: u64, personal: &Personal) -> Result<String, CanonicalError> {
        let Self { time, context, event } = self;
        let Context { run, sync, target, environment, actor, plan_digest, config_digest } = context;
        let mut members = Map::new();
        event.tell(&mut members, personal);
        let told = [
            ("run", run),
            ("sync", sync),
            ("target", target),
            ("environment", environment),
            ("planDigest", plan_digest),
            ("configDigest", config_digest),
        ];
        members.extend(told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), (*value)?.into()))));
        if let Some(Actor { via, who, host }) = actor {
            members.insert("actor".into(), json!({ "via": via, "who": who, "host": host }));
        }
        members.insert("seq".into(), seq.into());
        members.insert("time".into(), time.to_rfc3339_opts(SecondsFormat::Millis, true).into());
        members.insert("event".into(), event.word().into());
        canonical(&Value::Object(members))
    }
}
