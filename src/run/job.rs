use super::RunError;
use crate::config::{Settings, SourceSettings, SyncSettings, TargetSettings};
use crate::connector::{Source, Target};
use crate::plan::Policy;

/// One sync, its source and target built.
pub struct Job<'a> {
    pub settings: &'a Settings,
    pub sync: &'a SyncSettings,
    pub from: &'a SourceSettings,
    pub to: &'a TargetSettings,
    pub source: Box<dyn Source>,
    pub target: Box<dyn Target>,
}

impl<'a> Job<'a> {
    /// Builds what `sync` names. The configuration was checked, so both stand in it.
    ///
    /// # Errors
    /// When a connector cannot be built.
    pub fn new(settings: &'a Settings, sync: &'a SyncSettings) -> Result<Self, RunError> {
        let missing = |name: &str| RunError::Build { name: name.to_owned(), problems: Vec::new() };
        let from = settings.sources.get(&sync.source).ok_or_else(|| missing(&sync.source))?;
        let to = settings.targets.get(&sync.target).ok_or_else(|| missing(&sync.target))?;
        let source = from.build().map_err(|problems| RunError::Build { name: sync.source.clone(), problems })?;
        let target = to.build().map_err(|problems| RunError::Build { name: sync.target.clone(), problems })?;
        Ok(Self { settings, sync, from, to, source, target })
    }

    /// The policy of the sync, with what the target protects and what was asked.
    #[must_use]
    pub fn policy(&self, remove_deleted: bool) -> Policy {
        let mut policy = self.sync.policy.clone();
        policy.protect.extend(self.to.protect.iter().cloned());
        policy.remove_deleted |= remove_deleted;
        policy
    }
}
