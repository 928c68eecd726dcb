//! Whether the state can be used: found, answering, and taking what is written.

use super::value::Sql;
use super::{Store, StoreError};

/// A server is written to. A file has one who writes, who may take a while, and is looked at.
const WRITE: Sql = Sql {
    sqlite: "SELECT 1",
    postgres: "INSERT INTO written (id, at) VALUES (1, clock_timestamp()) \
               ON CONFLICT (id) DO UPDATE SET at = excluded.at",
};

impl Store {
    /// Whether it was taken away, or replaced, while it is in use: only another process finds what stands there now.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.database.is_there().is_err()
    }

    /// Whether it takes what is written: a server that answers may be one that only reads, and a disk may be full.
    ///
    /// # Errors
    /// When it does not.
    pub async fn takes(&self) -> Result<(), StoreError> {
        self.database.has_room()?;
        self.database.run(WRITE, []).await.map(drop)
    }
}
