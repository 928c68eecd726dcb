//! What is remembered between runs, in a folder of its own.

mod files;
mod memory;
mod recall;

use chrono::{DateTime, TimeZone, Utc};

use super::{OwnedRow, ReadingRow, Settlement, Store, StoreError};
use crate::plan::Owner;
use crate::principal::Kind;

/// A folder with a state database in it.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("state").join("rollcall.db")
    }

    async fn open(&self) -> Store {
        Store::open(&self.path()).await.unwrap()
    }

    async fn refusal(&self) -> StoreError {
        match Store::open(&self.path()).await {
            Ok(_) => panic!("it was opened"),
            Err(error) => error,
        }
    }
}

fn day(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, day, 12, 0, 0).unwrap()
}

/// What a run of sync `s` on target `t` settles: nothing yet.
fn settlement(day_of_run: u32) -> Settlement<'static> {
    Settlement {
        narrowed: false,
        run: "run",
        sync: "s",
        target: "t",
        at: day(day_of_run),
        completed: true,
        rules_digest: "r0",
        by_hand: true,
        readings: Vec::new(),
        memories: Vec::new(),
        owned: Vec::new(),
        released: Vec::new(),
        absent: Vec::new(),
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
