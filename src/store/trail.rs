//! The audit trail in the database: entries are only ever added, in the transaction of what they tell of.

use std::io::Write;

use chrono::{DateTime, Utc};

use super::database::Work;
use super::runs::time;
use super::value::{Sql, Value, values};
use super::{Store, StoreError};
use crate::audit::{Checkpoint, Entry, Exporter, Frontier, TreeHash, Verifier, VerifyingKey, checkpoint_file};

/// The trail as it stands after a run: what every report prints, so that nobody can take anything back unseen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailHead {
    pub origin: String,
    pub size: u64,
    pub root: TreeHash,
    /// The signed checkpoint; none without a key.
    pub checkpoint: Option<String>,
}

/// Read to be written again: nobody else may come between.
const HEAD: Sql = Sql {
    sqlite: "SELECT frontier FROM trail_head WHERE one = 1",
    postgres: "SELECT frontier FROM trail_head WHERE one = 1 FOR UPDATE",
};

const APPEND: &str = "INSERT INTO trail (seq, leaf, entry) \
    SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 2 FROM json_each($1)";

/// So many entries are written in one statement: each may hold a whole principal, before and after.
const AT_ONCE: usize = 5000;

/// So many entries are read at once.
const PAGE: i64 = 2000;

impl Store {
    /// What this trail is called among others: it is new with each database.
    pub(super) async fn log(&self) -> Result<String, StoreError> {
        let row: Option<(String,)> = self.database.one("SELECT log FROM trail_head WHERE one = 1", []).await?;
        Ok(row.map(|(log,)| log).unwrap_or_default())
    }

    /// Whether anybody has ever signed this trail.
    pub(super) async fn was_signed(&self) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = self.database.one("SELECT size FROM checkpoint LIMIT 1", []).await?;
        Ok(row.is_some())
    }

    /// How many records the trail should have.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn trail_size(&self) -> Result<u64, StoreError> {
        let mut work = self.database.look().await?;
        let row: Option<(Vec<u8>,)> = work.one("SELECT frontier FROM trail_head WHERE one = 1", []).await?;
        let bytes = row.map(|(bytes,)| bytes).unwrap_or_default();
        Ok(Frontier::from_bytes(&bytes).map_err(|error| StoreError::Content(error.to_string()))?.size())
    }

    /// Adds entries; the number of the first one. Nothing is written where the store has no seal.
    pub(super) async fn append(&self, work: &mut Work, entries: &[Entry<'_>]) -> Result<u64, StoreError> {
        let Some(seal) = self.seal.as_ref().filter(|_| !entries.is_empty()) else { return Ok(0) };
        let mut tree = head(work).await?;
        let first = tree.size();
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            let seq = tree.size();
            let line = entry.to_line(seq, &seal.personal).map_err(|error| StoreError::Content(error.to_string()))?;
            let leaf = crate::audit::leaf_hash(line.as_bytes());
            tree.append(leaf);
            rows.push((seq, leaf.hex(), line));
        }
        for rows in rows.chunks(AT_ONCE) {
            work.run(APPEND, [Value::rows(&rows)?]).await?;
        }
        work.run("UPDATE trail_head SET frontier = $1 WHERE one = 1", [tree.to_bytes().as_slice().into()]).await?;
        Ok(first)
    }

    /// Signs the trail as it stands. None where the store has no seal.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn checkpoint(&self, at: DateTime<Utc>) -> Result<Option<TrailHead>, StoreError> {
        let Some(seal) = &self.seal else { return Ok(None) };
        let mut work = self.database.begin().await?;
        let tree = head(&mut work).await?;
        let checkpoint = Checkpoint::of(&seal.origin, &tree);
        let note = seal.key.as_ref().map(|key| checkpoint.sign(&[key]));
        if let Some(note) = &note {
            let size = i64::try_from(tree.size()).unwrap_or(i64::MAX);
            let sql = "INSERT INTO checkpoint (size, note, signed) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING";
            work.run(sql, values![size, note, time(at)]).await?;
        }
        work.commit().await?;
        Ok(Some(TrailHead { origin: seal.origin.clone(), size: tree.size(), root: tree.root(), checkpoint: note }))
    }

    /// Goes through the whole trail with `verifier`: the checkpoints first, then every record.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn go_through(&self, verifier: &mut Verifier) -> Result<(), StoreError> {
        let mut work = self.database.look().await?;
        for note in notes(&mut work).await? {
            verifier.checkpoint(&note);
        }
        each(&mut work, |leaf, entry| {
            match entry {
                Some(entry) => verifier.record(entry.as_bytes(), Some(leaf)),
                None => verifier.absent(leaf),
            }
            Ok(())
        })
        .await
    }

    /// The key that the trail is signed with, where there is one.
    #[must_use]
    pub fn public_key(&self) -> Option<VerifyingKey> {
        self.seal.as_ref()?.key.as_ref().map(|key| key.public().clone())
    }

    /// Writes the whole trail as it is handed out; how many records it has, and its checkpoints.
    ///
    /// # Errors
    /// When the database fails or the files cannot be written.
    pub async fn export<L: Write, H: Write>(&self, mut to: Exporter<L, H>) -> Result<(u64, String), StoreError> {
        let mut work = self.database.look().await?;
        let failed = |error: std::io::Error| StoreError::Content(format!("the export cannot be written: {error}"));
        let notes = notes(&mut work).await?;
        each(&mut work, |leaf, entry| {
            match entry {
                Some(entry) => to.record(entry),
                None => to.absent(leaf),
            }
            .map_err(failed)
        })
        .await?;
        let tree = to.finish().map_err(failed)?;
        Ok((tree.size(), checkpoint_file(notes.iter().map(String::as_str))))
    }
}

async fn head(work: &mut Work) -> Result<Frontier, StoreError> {
    let row: Option<(Vec<u8>,)> = work.one(HEAD, []).await?;
    let bytes = row.map(|(bytes,)| bytes).unwrap_or_default();
    Frontier::from_bytes(&bytes).map_err(|error| StoreError::Content(error.to_string()))
}

async fn notes(work: &mut Work) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> = work.all("SELECT note FROM checkpoint ORDER BY size", []).await?;
    Ok(rows.into_iter().map(|(note,)| note).collect())
}

/// Every leaf in order, some pages at a time; its entry where it was not purged.
async fn each(
    work: &mut Work,
    mut take: impl FnMut(TreeHash, Option<&str>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut next = 0_i64;
    loop {
        let sql = "SELECT seq, leaf, entry FROM trail WHERE seq >= $1 ORDER BY seq LIMIT $2";
        let rows: Vec<(i64, String, Option<String>)> = work.all(sql, values![next, PAGE]).await?;
        for (seq, leaf, entry) in &rows {
            next = seq + 1;
            // A hash that is none is a record that was meddled with: no line has the hash of nothing.
            let leaf = TreeHash::from_hex(leaf.as_bytes()).unwrap_or_else(|| TreeHash::new([0; TreeHash::LENGTH]));
            take(leaf, entry.as_deref())?;
        }
        if rows.len() < usize::try_from(PAGE).unwrap_or_default() {
            return Ok(());
        }
    }
}
