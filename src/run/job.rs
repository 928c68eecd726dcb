use super::{Ask, Given, RunError};
use crate::config::{Settings, SourceSettings, SyncSettings, TargetSettings};
use crate::connector::{Source, Target};
use crate::plan::Policy;
use crate::store::Store;

/// One sync, its sources and its target built.
pub struct Job<'a> {
    pub settings: &'a Settings,
    pub sync: &'a SyncSettings,
    /// In the order of `from`: the first goes before the others.
    pub from: Vec<Feed<'a>>,
    pub to: &'a TargetSettings,
    pub target: Box<dyn Target>,
}

/// One source of a sync, built.
pub struct Feed<'a> {
    pub settings: &'a SourceSettings,
    pub source: Box<dyn Source>,
}

impl<'a> Job<'a> {
    /// Builds what `sync` names; sources that are pushed read their last list. The configuration was checked, so both
    /// stand in it.
    ///
    /// # Errors
    /// When a connector cannot be built, or the state fails.
    pub async fn new(settings: &'a Settings, sync: &'a SyncSettings, store: &Store) -> Result<Self, RunError> {
        Self::with(settings, sync, store, None).await
    }

    /// The same with the list that was `given` in place of the one that was last pushed to its source.
    pub(super) async fn with(
        settings: &'a Settings,
        sync: &'a SyncSettings,
        store: &Store,
        given: Option<&Given>,
    ) -> Result<Self, RunError> {
        let missing = |name: &str| RunError::Build { name: name.to_owned(), problems: Vec::new() };
        let mut from = Vec::new();
        for name in &sync.sources {
            let settings = settings.sources.get(name).ok_or_else(|| missing(name))?;
            let pushed = match given.filter(|given| given.source == *name) {
                Some(given) => Some(given.read()),
                None if settings.is_pushed() => store.pushed(name).await?,
                None => None,
            };
            let built = settings.build_with(pushed);
            let source = built.map_err(|problems| RunError::Build { name: name.clone(), problems })?;
            from.push(Feed { settings, source });
        }
        let to = settings.targets.get(&sync.target).ok_or_else(|| missing(&sync.target))?;
        let target = to.build().map_err(|problems| RunError::Build { name: sync.target.clone(), problems })?;
        Ok(Self { settings, sync, from, to, target })
    }

    /// The policy of the sync, with what the target protects and what was asked, at this hour.
    #[must_use]
    pub fn policy(&self, ask: &Ask<'_>, remove_deleted: Option<bool>) -> Policy {
        let mut policy = self.sync.policy.clone();
        policy.protect.extend(self.to.protect.iter().cloned());
        policy.remove_deleted = remove_deleted.unwrap_or(policy.remove_deleted);
        (policy.now, policy.by_hand) = ((ask.clock)(), !ask.unattended);
        policy
    }
}
