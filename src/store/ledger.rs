use std::fmt;

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::{Store, StoreError};
use crate::plan::{LastSeen, Ledger, Owned, Owner};
use crate::principal::Kind;

/// Own rows, packed by SQLite itself: a hundred thousand rows fetched one by one cost more than the whole plan.
const OWN: &str = "SELECT json_group_array(json_array(name_key, owner, source_id, disabled)) \
                   FROM ownership WHERE target = $1 AND sync = $2 AND kind = $3";

const OTHERS: &str = "SELECT json_group_array(json_array(name_key, sync)) \
                      FROM ownership WHERE target = $1 AND sync <> $2 AND kind = $3";

const SEEN: &str = "SELECT name_key, last_origin, coalesce(last_seen, (SELECT max(read) FROM baseline WHERE sync = $2)) \
                    FROM ownership WHERE target = $1 AND sync = $2 AND kind = $3 \
                    AND name_key IN (SELECT value FROM json_each($4))";

const APPLIED: &str = "SELECT name_key, applied FROM ownership WHERE target = $1 AND sync = $2 AND kind = $3 \
                       AND applied IS NOT NULL AND name_key IN (SELECT value FROM json_each($4))";

impl Store {
    /// Who owns what in `target`, as `sync` sees it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ledger(&self, sync: &str, target: &str) -> Result<Ledger, StoreError> {
        let mut ledger = Ledger::default();
        for kind in Kind::ALL {
            let own = self.packed(OWN, sync, target, kind).await?;
            each(
                &own,
                |(key, owner, source_id, disabled): (CompactString, Owner, Option<CompactString>, Option<i64>)| {
                    ledger.insert(kind, key, Owned { owner, source_id, disabled: disabled == Some(1) });
                },
            )?;
            let others = self.packed(OTHERS, sync, target, kind).await?;
            each(&others, |(key, owner): (CompactString, String)| ledger.insert_other(kind, key, owner))?;
        }
        Ok(ledger)
    }

    /// By folded name, where and when principals of a kind were last seen in the source of `sync`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_seen(
        &self,
        sync: &str,
        target: &str,
        kind: Kind,
        keys: &[CompactString],
    ) -> Result<FxHashMap<CompactString, LastSeen>, StoreError> {
        let names = serde_json::to_string(keys).map_err(|error| StoreError::Content(error.to_string()))?;
        let rows: Vec<(String, Option<String>, Option<String>)> =
            sqlx::query_as(SEEN).bind(target).bind(sync).bind(kind.word()).bind(names).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|(key, origin, time)| (key.into(), LastSeen { origin, time })).collect())
    }

    /// By folded name, what `sync` last applied to principals of a kind; none where nothing is remembered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn applied(
        &self,
        sync: &str,
        target: &str,
        kind: Kind,
        keys: &[CompactString],
    ) -> Result<Vec<(CompactString, Vec<u8>)>, StoreError> {
        let names = serde_json::to_string(keys).map_err(|error| StoreError::Content(error.to_string()))?;
        let rows: Vec<(String, Vec<u8>)> =
            sqlx::query_as(APPLIED).bind(target).bind(sync).bind(kind.word()).bind(names).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|(key, applied)| (key.into(), applied)).collect())
    }

    async fn packed(&self, query: &'static str, sync: &str, target: &str, kind: Kind) -> Result<String, StoreError> {
        Ok(sqlx::query_scalar(query).bind(target).bind(sync).bind(kind.word()).fetch_one(&self.pool).await?)
    }
}

/// Hands each row of a packed answer on as it is read: the rows never stand beside what is made of them.
fn each<T: serde::de::DeserializeOwned>(packed: &str, take: impl FnMut(T)) -> Result<(), StoreError> {
    struct Rows<F, T>(F, std::marker::PhantomData<T>);
    impl<'de, T: serde::Deserialize<'de>, F: FnMut(T)> Visitor<'de> for Rows<F, T> {
        type Value = ();

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("rows")
        }

        fn visit_seq<A: SeqAccess<'de>>(mut self, mut rows: A) -> Result<(), A::Error> {
            while let Some(row) = rows.next_element()? {
                (self.0)(row);
            }
            Ok(())
        }
    }
    impl<'de, T: serde::Deserialize<'de>, F: FnMut(T)> DeserializeSeed<'de> for Rows<F, T> {
        type Value = ();

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
            deserializer.deserialize_seq(self)
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(packed);
    let rows = Rows(take, std::marker::PhantomData);
    rows.deserialize(&mut deserializer).map_err(|error| StoreError::Content(error.to_string()))
}
