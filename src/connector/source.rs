use async_trait::async_trait;
use chrono::{DateTime, Utc};
use compact_str::CompactString;

use super::{ConnectorError, Memory, Progress};
use crate::plan::Coverage;
use crate::principal::{GroupNames, Kind, Record};

/// A record that cannot be used. It is set aside and never causes a removal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    pub kind: Kind,
    /// Empty where the name itself cannot be read; the reading is then unproven.
    pub name: CompactString,
    pub origin: String,
    pub reason: String,
}

/// What a source gave, and the proof that it gave everything.
#[derive(Debug, Default)]
pub struct Reading {
    pub records: Vec<Record>,
    pub names: GroupNames,
    pub rejected: Vec<Rejected>,
    pub coverage: Coverage,
    /// When the data itself was last changed, where the source knows.
    pub data_time: Option<DateTime<Utc>>,
    /// What to remember once a run with this reading has ended well.
    pub memory: Option<Memory>,
}

/// Where the truth is read.
///
/// Laws: a reading that may lack something says so in its coverage; what cannot be parsed to its end is an error;
/// every record says where it was read.
#[async_trait]
pub trait Source: Send + Sync {
    /// The word of the configuration: `csv`, `json`.
    fn kind(&self) -> &'static str;

    /// The attributes that its records can have, by name; none where they can have any. A rule that asks for another
    /// is a mistake.
    fn attribute_names(&self) -> Option<Vec<String>> {
        None
    }

    /// What would be read and whether it can be, in sentences.
    ///
    /// # Errors
    /// When it cannot.
    async fn check(&self) -> Result<Vec<String>, ConnectorError>;

    /// Reads everything.
    ///
    /// # Errors
    /// When it cannot be read to its end.
    async fn read(&self, progress: &dyn Progress) -> Result<Reading, ConnectorError>;

    /// Whether it wants to remember its readings.
    fn remembers(&self) -> bool {
        false
    }

    /// Reads what changed since the reading that `memory` is of, and gives the whole as [`Source::read`] would. Reads
    /// everything where there is no memory, where it is of no use, or where it is time to.
    ///
    /// # Errors
    /// As [`Source::read`].
    async fn read_on(
        &self,
        memory: Option<Memory>,
        now: DateTime<Utc>,
        progress: &dyn Progress,
    ) -> Result<Reading, ConnectorError> {
        let _ = (memory, now);
        self.read(progress).await
    }
}
