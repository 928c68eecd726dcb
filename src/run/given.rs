use secrecy::{ExposeSecret, SecretString};

use super::{Ask, RunError};
use crate::connector::PushedList;
use crate::store::Store;

/// A list that came together with the wish for a run of it. It is no source's list until the guard has let its plan pass.
#[derive(Debug)]
pub struct Given {
    /// Of this source, which is pushed.
    pub source: String,
    /// Without passwords.
    pub list: PushedList,
    /// Its text with passwords, where it has some.
    pub whole: Option<SecretString>,
    /// The digest of the list that stood when this one came: it takes the place of no other.
    pub before: Option<String>,
}

/// Whoever gives one means that very one: no two are the same.
impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Given {}

impl Given {
    /// What the source reads: with passwords.
    pub(super) fn read(&self) -> PushedList {
        let text = self.whole.as_ref().map(|whole| whole.expose_secret().into());
        PushedList { text: text.unwrap_or_else(|| self.list.text.clone()), ..self.list.clone() }
    }

    fn superseded(&self) -> RunError {
        RunError::Superseded { name: self.source.clone() }
    }
}

/// Looks whether the list may still be kept. One that was kept by a run which begins anew may.
///
/// # Errors
/// When another list was given meanwhile, or the state fails.
pub(super) async fn may_stand(ask: &Ask<'_>, store: &Store) -> Result<(), RunError> {
    let Some(given) = ask.given else { return Ok(()) };
    let now = store.pushed_digest(&given.source).await?;
    if now == given.before || now.as_ref() == Some(&given.list.digest) {
        return Ok(());
    }
    Err(given.superseded())
}

/// Makes the list that of its source.
///
/// # Errors
/// When another list was given meanwhile, or the state fails.
pub(super) async fn keep(ask: &Ask<'_>, store: &Store) -> Result<(), RunError> {
    let Some(given) = ask.given else { return Ok(()) };
    let Given { source, list, whole, before } = given;
    if !store.replace_pushed(source, before.as_deref(), list, whole.clone()).await? {
        return Err(given.superseded());
    }
    tracing::info!(source, digest = list.digest, who = list.sender, "A list was taken in with its run");
    Ok(())
}
