//! How fast requests go: never faster than the product takes them, slower once it says so.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;

use super::patience::Patience;

/// A twentieth of a second's requests may go at once: what a timer oversleeps is caught up, and a product that takes a
/// burst of a tenth never sees more than that.
const BURST: u32 = 20;

/// A limit that was lowered is raised again after this time without another refusal.
const RECOVERY: Duration = Duration::from_secs(5);

/// Refusals so close to each other are of one cause.
const ONE_CAUSE: Duration = Duration::from_secs(1);

/// Hands out the right to send.
pub(super) struct Pace {
    /// Requests a second at the most; none: as they come, until the product refuses.
    ceiling: Option<NonZeroU32>,
    now: Mutex<Now>,
}

struct Now {
    rate: Option<NonZeroU32>,
    limiter: Option<Arc<DefaultDirectRateLimiter>>,
    /// Nothing goes before.
    resume: Option<Instant>,
    refused: Option<Instant>,
    /// Requests since `counted`: what the rate is where none is set.
    sent: u32,
    counted: Instant,
}

impl Pace {
    pub(super) fn new(rate: Option<u32>) -> Self {
        let ceiling = rate.and_then(NonZeroU32::new);
        let (limiter, counted) = (ceiling.map(limiter), Instant::now());
        let now = Now { rate: ceiling, limiter, resume: None, refused: None, sent: 0, counted };
        Self { ceiling, now: Mutex::new(now) }
    }

    /// Waits until one more request may go.
    ///
    /// # Errors
    /// How long that would be, where the patience of the request does not last.
    pub(super) async fn ready(&self, patience: &mut Patience) -> Result<(), Duration> {
        loop {
            let (limiter, resume) = {
                let mut now = self.now();
                self.recover(&mut now);
                now.count();
                (now.limiter.clone(), now.resume.filter(|resume| *resume > Instant::now()))
            };
            if let Some(resume) = resume {
                let pause = resume.saturating_duration_since(Instant::now());
                if !patience.spend(pause) {
                    return Err(pause);
                }
                tokio::time::sleep_until(resume).await;
                continue;
            }
            if let Some(limiter) = limiter {
                limiter.until_ready().await;
            }
            return Ok(());
        }
    }

    /// The product refused a request because there were too many: half the rate from now on, and nothing before
    /// `pause` is over.
    pub(super) fn slow_down(&self, pause: Option<Duration>) {
        let mut now = self.now();
        let moment = Instant::now();
        if let Some(pause) = pause {
            let resume = moment + pause;
            now.resume = Some(now.resume.map_or(resume, |known| known.max(resume)));
        }
        if now.refused.is_some_and(|refused| moment < refused + ONE_CAUSE) {
            return;
        }
        now.refused = Some(moment);
        let observed = now.observed(moment);
        let half = now.rate.map_or(observed, NonZeroU32::get) / 2;
        now.set(NonZeroU32::new(half).or(NonZeroU32::new(1)));
        tracing::info!(rate = now.rate.map(NonZeroU32::get), "The target takes fewer requests a second");
    }

    /// Twice the rate after a while without a refusal, up to the ceiling.
    fn recover(&self, now: &mut Now) {
        let moment = Instant::now();
        let (Some(refused), Some(rate)) = (now.refused, now.rate) else { return };
        if moment < refused + RECOVERY {
            return;
        }
        now.refused = Some(moment);
        let more = rate.saturating_mul(NonZeroU32::MIN.saturating_add(1));
        match self.ceiling {
            Some(ceiling) if more >= ceiling => {
                now.refused = None;
                now.set(Some(ceiling));
            }
            _ => now.set(Some(more)),
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        // Numbers are never left half-changed.
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Now {
    fn set(&mut self, rate: Option<NonZeroU32>) {
        self.rate = rate;
        self.limiter = rate.map(limiter);
    }

    fn count(&mut self) {
        let moment = Instant::now();
        if moment > self.counted + Duration::from_secs(1) {
            (self.sent, self.counted) = (0, moment);
        }
        self.sent = self.sent.saturating_add(1);
    }

    /// Requests a second of late.
    fn observed(&self, moment: Instant) -> u32 {
        let past = (moment - self.counted).as_millis().max(100);
        u32::try_from(u128::from(self.sent) * 1000 / past).unwrap_or(u32::MAX).max(2)
    }
}

fn limiter(rate: NonZeroU32) -> Arc<DefaultDirectRateLimiter> {
    let burst = NonZeroU32::new(rate.get() / BURST).unwrap_or(NonZeroU32::MIN);
    Arc::new(RateLimiter::direct(Quota::per_second(rate).allow_burst(burst)))
}
