//! Times of schedules: each is taken by one run, and by another where that one died.

use chrono::{DateTime, Utc};

use super::history::instant;
use super::runs::time;
use super::value::{Sql, values};
use super::{Store, StoreError};

/// Only the clock of the database decides. Whoever takes it over learns which run had it. A clock that is a minute ahead
/// of the database's takes nothing: the others would wait for a time that has not come.
const TAKE: Sql = Sql {
    sqlite: "INSERT INTO schedule_tick (sync, tick, run, expires) \
             SELECT $1, $2, $3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+30 seconds') \
             WHERE $2 <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+60 seconds') \
             ON CONFLICT (sync, tick) DO UPDATE SET run = excluded.run, epoch = schedule_tick.epoch + 1, \
             died = schedule_tick.run, expires = excluded.expires WHERE schedule_tick.finished IS NULL \
             AND schedule_tick.expires <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now') RETURNING epoch, died",
    postgres: "INSERT INTO schedule_tick (sync, tick, run, expires) \
               SELECT $1, $2, $3, clock_timestamp() + interval '30 seconds' \
               WHERE CAST($2 AS TIMESTAMPTZ) <= clock_timestamp() + interval '60 seconds' \
               ON CONFLICT (sync, tick) DO UPDATE SET run = excluded.run, epoch = schedule_tick.epoch + 1, \
               died = schedule_tick.run, expires = excluded.expires WHERE schedule_tick.finished IS NULL \
               AND schedule_tick.expires <= clock_timestamp() RETURNING epoch, died",
};

/// Late is not too late where nobody else has taken it since.
const RENEW: Sql = Sql {
    sqlite: "UPDATE schedule_tick SET expires = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+30 seconds') \
             WHERE run = $1 AND finished IS NULL",
    postgres: "UPDATE schedule_tick SET expires = clock_timestamp() + interval '30 seconds' \
               WHERE run = $1 AND finished IS NULL",
};

/// Whoever had it before may have answered it: whoever comes next asks for that one again.
const RELEASE: Sql = Sql {
    sqlite: "UPDATE schedule_tick SET expires = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), run = coalesce(died, run) \
             WHERE run = $1 AND finished IS NULL",
    postgres: "UPDATE schedule_tick SET expires = clock_timestamp(), run = coalesce(died, run) \
               WHERE run = $1 AND finished IS NULL",
};

const IS_EARLY: Sql = Sql {
    sqlite: "SELECT CAST($1 > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+60 seconds') AS BIGINT)",
    postgres: "SELECT CAST(CAST(CAST($1 AS TIMESTAMPTZ) > clock_timestamp() + interval '60 seconds' AS INTEGER) AS BIGINT)",
};

const LATEST: Sql = Sql {
    sqlite: "SELECT sync, max(tick) FROM schedule_tick \
             WHERE tick <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+60 seconds') GROUP BY sync ORDER BY sync",
    postgres: "SELECT sync, max(tick) FROM schedule_tick \
               WHERE CAST(tick AS TIMESTAMPTZ) <= clock_timestamp() + interval '60 seconds' GROUP BY sync ORDER BY sync",
};

const FREE: Sql = Sql {
    sqlite: "SELECT sync, tick FROM schedule_tick WHERE finished IS NULL \
             AND expires <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now') ORDER BY tick, sync",
    postgres: "SELECT sync, tick FROM schedule_tick WHERE finished IS NULL AND expires <= clock_timestamp() \
               ORDER BY tick, sync",
};

/// One that has not come, as an older release may have left it, is not the latest.
const PRUNE: Sql = Sql {
    sqlite: "DELETE FROM schedule_tick WHERE tick < $1 AND tick < (SELECT max(newer.tick) FROM schedule_tick AS newer \
             WHERE newer.sync = schedule_tick.sync AND newer.tick <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+60 seconds'))",
    postgres: "DELETE FROM schedule_tick WHERE tick < $1 AND tick < (SELECT max(newer.tick) FROM schedule_tick AS newer \
               WHERE newer.sync = schedule_tick.sync \
               AND CAST(newer.tick AS TIMESTAMPTZ) <= clock_timestamp() + interval '60 seconds')",
};

/// A time that is a run's own for thirty seconds, and as long again whenever it is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenTick {
    /// The run that had it before and let it expire.
    pub died: Option<String>,
}

/// A sync and a time of its schedule.
pub type TickOf = (String, DateTime<Utc>);

/// What all who share this state have done about their schedules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicksSeen {
    /// Of each sync the latest time that a run was begun for.
    pub latest: Vec<TickOf>,
    /// Times whose run died, or gave them back: the oldest first.
    pub free: Vec<TickOf>,
}

impl Store {
    /// Takes a time of the schedule of `sync` for `run`; nothing where another run has it or has finished it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_tick(&self, sync: &str, tick: DateTime<Utc>, run: &str) -> Result<Option<TakenTick>, StoreError> {
        let row: Option<(i64, Option<String>)> = self.database.one(TAKE, values![sync, time(tick), run]).await?;
        Ok(row.map(|(_, died)| TakenTick { died }))
    }

    /// Whether a time is to come by more than a minute, as the clock of the database says: then nobody takes it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_early(&self, tick: DateTime<Utc>) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = self.database.one(IS_EARLY, values![time(tick)]).await?;
        Ok(row.is_some_and(|(early,)| early == 1))
    }

    /// Keeps what `run` has taken; how many that are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew_ticks(&self, run: &str) -> Result<u64, StoreError> {
        self.database.run(RENEW, values![run]).await
    }

    /// Gives back what `run` has taken: whoever comes first begins anew.
    ///
    /// # Errors
    /// When the database fails. Then it expires by itself.
    pub async fn release_ticks(&self, run: &str) -> Result<(), StoreError> {
        self.database.run(RELEASE, values![run]).await.map(drop)
    }

    /// Writes down that `run` has answered everything that it has taken; how many that were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_ticks(&self, run: &str, at: DateTime<Utc>) -> Result<u64, StoreError> {
        let sql = "UPDATE schedule_tick SET finished = $2 WHERE run = $1 AND finished IS NULL";
        self.database.run(sql, values![run, time(at)]).await
    }

    /// Writes down that a time which `run` has taken was answered before, by `done`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn concede_tick(
        &self,
        sync: &str,
        tick: DateTime<Utc>,
        (run, done): (&str, &str),
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE schedule_tick SET run = $4, finished = $5 \
                   WHERE sync = $1 AND tick = $2 AND run = $3 AND finished IS NULL";
        self.database.run(sql, values![sync, time(tick), run, done, time(at)]).await.map(drop)
    }

    /// What all who share this state have done about their schedules.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ticks_seen(&self) -> Result<TicksSeen, StoreError> {
        let mut work = self.database.look().await?;
        let latest = work.all(LATEST, []).await?;
        let free = work.all(FREE, []).await?;
        let told = |rows: Vec<(String, String)>| {
            rows.into_iter().filter_map(|(sync, tick)| Some((sync, instant(&tick)?))).collect()
        };
        Ok(TicksSeen { latest: told(latest), free: told(free) })
    }

    /// Forgets times before `before`, but of each sync the latest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prune_ticks(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        self.database.run(PRUNE, values![time(before)]).await.map(drop)
    }
}
