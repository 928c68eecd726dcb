use compact_str::CompactString;
use serde::Deserialize;

use super::{Store, StoreError};
use crate::plan::{Ledger, Owned, Owner};
use crate::principal::Kind;

/// One row, as SQLite itself packs it: a hundred thousand rows fetched one by one cost more than the whole plan.
#[derive(Deserialize)]
struct Row(String, Kind, CompactString, Owner, Option<CompactString>, Option<i64>, Option<String>, Option<String>);

impl Store {
    /// Who owns what in `target`, as `sync` sees it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ledger(&self, sync: &str, target: &str) -> Result<Ledger, StoreError> {
        let packed: String = sqlx::query_scalar(
            "SELECT json_group_array(json_array(sync, kind, name_key, owner, source_id, disabled, last_origin, last_seen)) \
             FROM ownership WHERE target = $1",
        )
        .bind(target)
        .fetch_one(&self.pool)
        .await?;
        let rows: Vec<Row> = serde_json::from_str(&packed).map_err(|error| StoreError::Content(error.to_string()))?;
        let mut ledger = Ledger::default();
        for Row(owner_sync, kind, key, owner, source_id, disabled, last_origin, last_seen) in rows {
            if owner_sync == sync {
                ledger.insert(
                    kind,
                    key,
                    Owned { owner, source_id, disabled: disabled == Some(1), last_origin, last_seen },
                );
            } else {
                ledger.insert_other(kind, key, owner_sync);
            }
        }
        Ok(ledger)
    }
}
