use std::fmt;

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::value::{Sql, Value, values};
use super::{Store, StoreError};
use crate::plan::{LastSeen, Ledger, Owned, Owner};
use crate::principal::Kind;

/// Own rows, packed by the database itself: a hundred thousand rows fetched one by one cost more than the whole plan.
const OWN: Sql = Sql {
    sqlite: "SELECT json_group_array(json_array(name_key, owner, source_id, disabled)) \
             FROM ownership WHERE target = $1 AND sync = $2 AND kind = $3",
    postgres: "SELECT coalesce(json_agg(json_build_array(name_key, owner, source_id, disabled))::text, '[]') \
               FROM ownership WHERE target = $1 AND sync = $2 AND kind = $3",
};

const OTHERS: Sql = Sql {
    sqlite: "SELECT json_group_array(json_array(name_key, sync)) \
             FROM ownership WHERE target = $1 AND sync <> $2 AND kind = $3",
    postgres: "SELECT coalesce(json_agg(json_build_array(name_key, sync))::text, '[]') \
               FROM ownership WHERE target = $1 AND sync <> $2 AND kind = $3",
};

/// A name of the list is in a list of its own: only there both take it out alike.
const SEEN: Sql = Sql {
    sqlite: "SELECT json_group_array(json_array(name_key, last_origin, \
             coalesce(last_seen, (SELECT max(read) FROM baseline WHERE sync = $2)))) \
             FROM ownership WHERE target = $1 AND sync = $2 AND kind = $3 \
             AND name_key IN (SELECT value ->> 0 FROM json_each($4))",
    postgres: "SELECT coalesce(json_agg(json_build_array(name_key, last_origin, \
               coalesce(last_seen, (SELECT max(read) FROM baseline WHERE sync = $2))))::text, '[]') \
               FROM ownership WHERE target = $1 AND sync = $2 AND kind = $3 \
               AND name_key IN (SELECT value ->> 0 FROM json_each($4))",
};

const APPLIED: Sql = Sql {
    sqlite: "SELECT json_group_array(json_array(name_key, applied)) FROM ownership \
             WHERE target = $1 AND sync = $2 AND kind = $3 AND applied IS NOT NULL \
             AND name_key IN (SELECT value ->> 0 FROM json_each($4))",
    postgres: "SELECT coalesce(json_agg(json_build_array(name_key, applied))::text, '[]') FROM ownership \
               WHERE target = $1 AND sync = $2 AND kind = $3 AND applied IS NOT NULL \
               AND name_key IN (SELECT value ->> 0 FROM json_each($4))",
};

impl Store {
    /// Who owns what in `target`, and who is on the way out of it, as `sync` sees it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ledger(&self, sync: &str, target: &str) -> Result<Ledger, StoreError> {
        let mut ledger = Ledger::default();
        let mut work = self.database.look().await?;
        for kind in Kind::ALL {
            let own = work.packed(OWN, values![target, sync, kind.word()]).await?;
            each(
                &own,
                |(key, owner, source_id, disabled): (CompactString, Owner, Option<CompactString>, Option<i64>)| {
                    ledger.insert(kind, key, Owned { owner, source_id, disabled: disabled == Some(1) });
                },
            )?;
            let others = work.packed(OTHERS, values![target, sync, kind.word()]).await?;
            each(&others, |(key, owner): (CompactString, String)| ledger.insert_other(kind, key, owner))?;
        }
        super::leavers::read(&mut work, &mut ledger, sync, target).await?;
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
        let names: Vec<[&str; 1]> = keys.iter().map(|key| [key.as_str()]).collect();
        let mut work = self.database.look().await?;
        let packed = work.packed(SEEN, [target.into(), sync.into(), kind.word().into(), Value::rows(&names)?]).await?;
        let mut seen = FxHashMap::default();
        each(&packed, |(key, origin, time): (CompactString, Option<String>, Option<String>)| {
            seen.insert(key, LastSeen { origin, time });
        })?;
        Ok(seen)
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
        let names: Vec<[&str; 1]> = keys.iter().map(|key| [key.as_str()]).collect();
        let mut work = self.database.look().await?;
        let values = [target.into(), sync.into(), kind.word().into(), Value::rows(&names)?];
        let packed = work.packed(APPLIED, values).await?;
        let mut applied = Vec::new();
        each(&packed, |(key, digits): (CompactString, String)| {
            applied.extend(bytes(&digits).map(|bytes| (key, bytes)));
        })?;
        Ok(applied)
    }
}

/// Hands each row of a packed answer on as it is read: the rows never stand beside what is made of them.
pub(super) fn each<T: serde::de::DeserializeOwned>(packed: &str, take: impl FnMut(T)) -> Result<(), StoreError> {
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

/// The bytes of hexadecimal digits; none where they are none: what cannot be read is not remembered.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(pair).collect()
}
