//! One entry of the trail, and its line.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use super::canonical::{CanonicalError, canonical};
use super::event::Event;
use super::members::Members;
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
        let mut members = Members::default();
        event.tell(&mut members, personal);
        members.set("seq", seq);
        members.set("time", time.to_rfc3339_opts(SecondsFormat::Millis, true));
        members.set("event", event.word());
        members.set_some("run", *run);
        members.set_some("sync", *sync);
        members.set_some("target", *target);
        members.set_some("environment", *environment);
        members
            .set_some("actor", actor.map(|Actor { via, who, host }| json!({ "via": via, "who": who, "host": host })));
        members.set_some("planDigest", *plan_digest);
        members.set_some("configDigest", *config_digest);
        canonical(&members.into_value())
    }
}
