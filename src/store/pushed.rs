//! The lists of principals that were last pushed to sources.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret, SecretString};

use super::documents::{deflated, inflated};
use super::history::instant;
use super::runs::time;
use super::value::values;
use super::{Store, StoreError};
use crate::connector::PushedList;

/// Lists as they came, with passwords: by source, each with its digest. Never written down; a restart forgets them.
#[derive(Default)]
pub(super) struct Whole(Mutex<BTreeMap<String, (String, SecretString)>>);

impl Store {
    /// Keeps the list that was pushed to `source`: all there is from now on. `whole` is the same with passwords, where it
    /// has some: it is kept in memory alone.
    ///
    /// # Errors
    /// When the database fails. Then the one before still stands.
    pub async fn keep_pushed(
        &self,
        source: &str,
        list: &PushedList,
        whole: Option<SecretString>,
    ) -> Result<(), StoreError> {
        self.put_pushed(source, None, list, whole).await.map(drop)
    }

    /// The same in place of the list whose digest is `before`, or of none, or of this very one. False where another list
    /// stands there: it still does.
    ///
    /// # Errors
    /// When the database fails. Then the one before still stands.
    pub async fn replace_pushed(
        &self,
        source: &str,
        before: Option<&str>,
        list: &PushedList,
        whole: Option<SecretString>,
    ) -> Result<bool, StoreError> {
        // No list has an empty digest.
        self.put_pushed(source, Some(before.unwrap_or_default()), list, whole).await
    }

    /// In place of the list `before`, or of any; whether it was.
    async fn put_pushed(
        &self,
        source: &str,
        before: Option<&str>,
        list: &PushedList,
        whole: Option<SecretString>,
    ) -> Result<bool, StoreError> {
        let PushedList { text, digest, received, sender } = list;
        let content = deflated(|out| out.write_all(text.as_bytes()));
        let content = content.map_err(|error| StoreError::Content(error.to_string()))?;
        let sql = "INSERT INTO pushed_list (source, content, digest, received, sender) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (source) DO UPDATE SET content = excluded.content, digest = excluded.digest, \
                   received = excluded.received, sender = excluded.sender \
                   WHERE pushed_list.digest IN (COALESCE($6, pushed_list.digest), excluded.digest)";
        let before = before.map(String::from);
        let values = values![source, content.as_slice(), digest, time(*received), sender, before];
        let is_put = self.database.run(sql, values).await? > 0;
        if is_put {
            self.whole.put(source, digest, whole);
        }
        Ok(is_put)
    }

    /// The list that was last pushed to `source`, with the passwords that it came with where this process took it in.
    ///
    /// # Errors
    /// When the database fails, or what it holds cannot be read.
    pub async fn pushed(&self, source: &str) -> Result<Option<PushedList>, StoreError> {
        let sql = "SELECT content, digest, received, sender FROM pushed_list WHERE source = $1";
        let row: Option<(Vec<u8>, String, String, String)> = self.database.one(sql, values![source]).await?;
        let Some((content, digest, received, sender)) = row else { return Ok(None) };
        let unreadable = |why: String| StoreError::Content(format!("the list pushed to {source}: {why}"));
        let received = instant(&received).ok_or_else(|| unreadable(format!("`{received}` is no time")))?;
        let text = match self.whole.of(source, &digest) {
            Some(text) => text.into(),
            None => inflated(&content).map_err(|error| unreadable(error.to_string()))?.into(),
        };
        Ok(Some(PushedList { text, digest, received, sender }))
    }

    /// The digest of the list that was last pushed to `source`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pushed_digest(&self, source: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT digest FROM pushed_list WHERE source = $1";
        let row: Option<(String,)> = self.database.one(sql, values![source]).await?;
        Ok(row.map(|(digest,)| digest))
    }
}

impl Whole {
    fn put(&self, source: &str, digest: &str, whole: Option<SecretString>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match whole {
            Some(text) => drop(known.insert(source.to_owned(), (digest.to_owned(), text))),
            None => drop(known.remove(source)),
        }
    }

    fn of(&self, source: &str, digest: &str) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, text) = known.get(source).filter(|(known, _)| known == digest)?;
        Some(text.expose_secret().to_owned())
    }
}
