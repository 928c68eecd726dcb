//! How a sync fares from run to run, as the room of notices has it: JSON that only that room understands.

use super::value::values;
use super::{Store, StoreError};

impl Store {
    /// What is remembered of how `sync` fares.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn health(&self, sync: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> =
            self.database.one("SELECT health FROM sync_health WHERE sync = $1", values![sync]).await?;
        Ok(row.map(|(health,)| health))
    }

    /// Remembers how `sync` fares.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_health(&self, sync: &str, health: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO sync_health (sync, health) VALUES ($1, $2) \
                   ON CONFLICT (sync) DO UPDATE SET health = excluded.health";
        self.database.run(sql, values![sync, health]).await?;
        Ok(())
    }
}
