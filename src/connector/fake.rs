//! A target in memory, for tests.

use std::sync::Mutex;

use async_trait::async_trait;
use compact_str::CompactString;

use super::{ConnectorError, Finding, Outcome, Progress, Target, Work};
use crate::plan::{Capabilities, Coverage, Current, applied};
use crate::principal::{Principal, PrincipalSet};

/// A target that does what it is told and remembers what it was told.
pub(crate) struct FakeTarget {
    can: Capabilities,
    state: Mutex<PrincipalSet>,
    /// It fails to be read.
    pub(crate) unreadable: Option<ConnectorError>,
    /// So many of the last changes get no outcome.
    pub(crate) unanswered: usize,
    /// It takes no name that holds this.
    refused: Option<&'static str>,
    asked: Mutex<Vec<String>>,
    passwords: Mutex<Vec<CompactString>>,
}

impl FakeTarget {
    pub(crate) fn new(can: Capabilities, state: PrincipalSet) -> Self {
        Self {
            can,
            state: Mutex::new(state),
            unreadable: None,
            unanswered: 0,
            refused: None,
            asked: Mutex::default(),
            passwords: Mutex::default(),
        }
    }

    /// One that takes no name which holds `word`.
    pub(crate) fn refusing(mut self, word: &'static str) -> Self {
        self.refused = Some(word);
        self
    }

    /// The names of the principals it was asked to change, call after call.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// The names of those it got passwords for.
    pub(crate) fn passwords(&self) -> Vec<CompactString> {
        self.passwords.lock().unwrap().clone()
    }

    pub(crate) fn state(&self) -> PrincipalSet {
        self.state.lock().unwrap().clone()
    }
}

#[async_trait]
impl Target for FakeTarget {
    fn place(&self) -> String {
        "fake".into()
    }

    fn kind(&self) -> &'static str {
        "fake"
    }

    fn capabilities(&self) -> &Capabilities {
        &self.can
    }

    fn project(&self, principal: &mut Principal) {
        self.can.bend_attributes(principal);
    }

    fn refuses(&self, principal: &Principal) -> Option<String> {
        let word = self.refused.filter(|word| principal.name.contains(word))?;
        Some(format!("the target wants no `{word}`"))
    }

    async fn check(&self) -> Result<Vec<Finding>, ConnectorError> {
        Ok(Vec::new())
    }

    async fn read(&self, _: &dyn Progress) -> Result<Current, ConnectorError> {
        match &self.unreadable {
            Some(error) => Err(error.clone()),
            None => Ok(Current::new(self.state(), Coverage::proved("all of it"))),
        }
    }

    async fn apply(&self, work: Work<'_>) -> Vec<Outcome> {
        let mut state = self.state.lock().unwrap();
        *state = applied(std::mem::take(&mut state), work.changes, work.names, self.can.rules);
        self.asked.lock().unwrap().extend(work.changes.iter().map(|change| change.id().to_string()));
        self.passwords.lock().unwrap().extend(work.passwords.keys().cloned());
        vec![Outcome::Done; work.changes.len() - self.unanswered]
    }
}
