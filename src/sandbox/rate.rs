//! A rate limit, as a leaky bucket.

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// How many requests a product takes before it answers 429.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RateLimit {
    /// Requests per second that always pass. 0 means: only the burst passes, then nothing.
    pub per_second: u32,
    /// Requests that may come at once on top of the one that is always let in.
    pub burst: u32,
}

/// Counts requests against a [`RateLimit`], if one is set.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    bucket: Option<Bucket>,
}

#[derive(Debug)]
struct Bucket {
    limit: RateLimit,
    tokens: f64,
    filled: Instant,
}

impl Limiter {
    /// Starts counting afresh against a limit, or stops counting.
    pub(crate) fn set(&mut self, limit: Option<RateLimit>) {
        self.bucket = limit.map(|limit| Bucket { limit, tokens: f64::from(limit.burst) + 1.0, filled: Instant::now() });
    }

    /// Whether one more request may pass now.
    pub(crate) fn admit(&mut self) -> bool {
        let Some(bucket) = &mut self.bucket else {
            return true;
        };
        let now = Instant::now();
        let gained = now.duration_since(bucket.filled).as_secs_f64() * f64::from(bucket.limit.per_second);
        bucket.tokens = (bucket.tokens + gained).min(f64::from(bucket.limit.burst) + 1.0);
        bucket.filled = now;
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }
}
