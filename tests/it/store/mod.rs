//! What is remembered between runs, in a SQLite file and in PostgreSQL: the same stories of both.

mod asked;
mod files;
mod home;
mod hooks;
mod leases;
mod leavers;
mod memory;
mod pushed;
mod recall;
mod servers;
mod ticks;

use chrono::{DateTime, TimeZone, Utc};
use home::Home;
use rollcall::plan::Owner;
use rollcall::principal::Kind;
use rollcall::store::{OwnedRow, ReadingRow, Settlement};

fn day(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, day, 12, 0, 0).unwrap()
}

/// What a run of sync `s` on target `t` settles: nothing yet.
fn settlement(day_of_run: u32) -> Settlement<'static> {
    Settlement {
        narrowed: false,
        completed: true,
        rules_digest: "r0",
        by_hand: true,
        counts: true,
        ..Settlement::of_memory("run", "s", "t", day(day_of_run))
    }
}

fn row(key: &str) -> OwnedRow {
    OwnedRow {
        kind: Kind::User,
        key: key.into(),
        owner: Owner::Created,
        source_id: None,
        disabled: None,
        origin: None,
        applied: None,
    }
}

fn reading(users: usize, read: u32) -> ReadingRow {
    ReadingRow { source: "corp".into(), users, groups: 3, read: day(read), digest: "sha256:0".into() }
}
