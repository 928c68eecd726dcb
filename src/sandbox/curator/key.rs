//! The API key: right or wrong, restricted, suspended.

use std::time::Duration;

use tokio::time::Instant;

use crate::sandbox::curator::refusal::Refusal;
use crate::sandbox::curator::request::Asked;
use crate::sandbox::curator::switches::{Switches, Throttle};
use crate::sandbox::secret::Secret;

/// Wrong keys seen. Every client of a sandbox has one address, so there is one count.
#[derive(Debug, Default)]
pub(super) struct Failures {
    seen: Vec<Instant>,
    suspended: Option<Instant>,
}

impl Failures {
    fn is_suspended(&self, now: Instant) -> bool {
        self.suspended.is_some_and(|until| now < until)
    }

    fn note(&mut self, throttle: Throttle, now: Instant) {
        let window = Duration::from_millis(throttle.within_millis);
        self.seen.retain(|moment| now.duration_since(*moment) <= window);
        self.seen.push(now);
        if self.seen.len() >= throttle.failures {
            self.seen.clear();
            self.suspended = now.checked_add(Duration::from_millis(throttle.suspend_millis));
        }
    }
}

/// Whether the request may pass: the parameter `apikey` (vendor: "Authentication"), then "Restrict Access".
///
/// # Errors
/// Why it may not.
pub(super) fn admit(
    asked: &Asked,
    key: &Secret,
    switches: &Switches,
    failures: &mut Failures,
    now: Instant,
) -> Result<(), Refusal> {
    let throttle = switches.throttle;
    if throttle.is_some() && failures.is_suspended(now) {
        return Err(Refusal::of_key("Too many failed attempts. This address is suspended."));
    }
    let given = asked.query.get("apikey").map(|given| Secret::new(given.as_str()));
    if given.as_ref() != Some(key) {
        if let Some(throttle) = throttle {
            failures.note(throttle, now);
        }
        return Err(Refusal::of_key("Invalid API key"));
    }
    let name = format!("{}/{}", asked.section, asked.endpoint);
    let permitted = switches.restricted_to.as_ref();
    if permitted.is_some_and(|list| !list.iter().any(|known| known.eq_ignore_ascii_case(&name))) {
        return Err(Refusal::new(format!("This API key does not have access to {name}")));
    }
    Ok(())
}
