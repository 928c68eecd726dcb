use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::connector::{ConnectorError, FailureClass, Secret};

/// The API key: read when it is needed, read once more when it is refused, and not shown again after that. The portal
/// may suspend an address after five failed attempts (vendor: "User Throttling").
pub(super) struct Key {
    secret: Secret,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    key: Option<SecretString>,
    refused: Option<ConnectorError>,
}

impl Key {
    pub(super) fn new(secret: Secret) -> Self {
        Self { secret, held: Mutex::default() }
    }

    /// The key to send.
    ///
    /// # Errors
    /// When it cannot be read, or was refused before.
    pub(super) async fn get(&self, doing: &str) -> Result<SecretString, ConnectorError> {
        let mut held = self.held.lock().await;
        if let Some(refused) = &held.refused {
            return Err(ConnectorError { doing: doing.to_owned(), ..refused.clone() });
        }
        if let Some(key) = &held.key {
            return Ok(key.clone());
        }
        let key = self.read(doing)?;
        held.key = Some(key.clone());
        Ok(key)
    }

    /// The key was refused: gives the one that has taken its place, if there is one. Without one, no request is sent
    /// any more.
    pub(super) async fn replace(&self, key: &SecretString, refusal: &ConnectorError) -> Option<SecretString> {
        let mut held = self.held.lock().await;
        let now = self.read(&refusal.doing).ok().filter(|now| now.expose_secret() != key.expose_secret());
        match &now {
            Some(now) => held.key = Some(now.clone()),
            None => held.refused = Some(refusal.clone()),
        }
        now
    }

    fn read(&self, doing: &str) -> Result<SecretString, ConnectorError> {
        self.secret.read().map_err(|error| ConnectorError::new(FailureClass::Denied, doing, error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::Key;
    use crate::connector::{ConnectorError, FailureClass, Secret, SecretPlace};

    #[tokio::test]
    async fn a_key_that_was_changed_is_tried_and_one_that_was_not_is_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "old\n").unwrap();
        let key = Key::new(Secret::new(SecretPlace::File(path.clone())));
        let old = key.get("listing").await.unwrap();
        let refusal = ConnectorError::new(FailureClass::Denied, "listing", "the answer is 401");
        std::fs::write(&path, "new\n").unwrap();
        let new = key.replace(&old, &refusal).await.unwrap();
        assert!(key.replace(&new, &refusal).await.is_none());
        let error = key.get("adding").await.unwrap_err();
        assert_eq!((error.doing.as_str(), error.why.as_str()), ("adding", "the answer is 401"));
    }
}
