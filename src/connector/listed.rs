use std::sync::Arc;

use tokio::sync::Mutex;

/// Everybody, listed once for all who look somebody up in the course of a run: one listing for each of them would be as
/// many times everybody as there are of them.
#[derive(Debug)]
pub struct Listed<T>(Mutex<Option<Arc<T>>>);

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Listed<T> {
    /// The listing; `list` makes it where there is none yet. Whoever comes meanwhile waits for it.
    ///
    /// # Errors
    /// As `list`; the next one lists again then.
    pub async fn get<E>(&self, list: impl Future<Output = Result<T, E>>) -> Result<Arc<T>, E> {
        let mut held = self.0.lock().await;
        if let Some(known) = &*held {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(list.await?);
        *held = Some(Arc::clone(&found));
        Ok(found)
    }

    /// The next one lists again: what was known may have changed since.
    pub async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::Listed;

    #[tokio::test]
    async fn one_listing_serves_all_until_it_is_forgotten() {
        let (listed, lists) = (Listed::<u32>::default(), AtomicU32::new(0));
        let list = || async { Ok::<_, ()>(lists.fetch_add(1, Ordering::Relaxed)) };
        assert_eq!(listed.get(async { Err("refused") }).await.unwrap_err(), "refused");
        let both = tokio::join!(listed.get(list()), listed.get(list()));
        assert_eq!((*both.0.unwrap(), *both.1.unwrap()), (0, 0));
        listed.forget().await;
        assert_eq!(*listed.get(list()).await.unwrap(), 1);
    }
}
