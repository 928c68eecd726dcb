use async_trait::async_trait;

use super::read::read_file;
use crate::connector::{ConnectorError, Progress, Reading, Silent, Source};
use crate::principal::Kind;
use crate::sources::count::count;
use crate::sources::file::{InputFile, blocking};

/// One JSON file.
pub(super) struct JsonSource {
    file: InputFile,
}

impl JsonSource {
    pub(super) fn new(file: InputFile) -> Self {
        Self { file }
    }
}

#[async_trait]
impl Source for JsonSource {
    fn kind(&self) -> &'static str {
        "json"
    }

    async fn check(&self) -> Result<Vec<String>, ConnectorError> {
        let reading = self.read(&Silent).await?;
        let of = |kind| reading.records.iter().filter(|record| record.kind() == kind).count();
        let (users, groups) = (count(of(Kind::User), "user"), count(of(Kind::Group), "group"));
        let mut sentences = reading.coverage.proofs.clone();
        sentences.push(format!("{}: {users}, {groups}", self.file.shown()));
        if let Some(first) = reading.rejected.first() {
            let records = count(reading.rejected.len(), "record");
            sentences.push(format!("{records} would be set aside, the first at {}: {}", first.origin, first.reason));
        }
        Ok(sentences)
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Reading, ConnectorError> {
        let file = self.file.clone();
        let opened = blocking(&self.file, move || file.open()).await?;
        let size = opened.size();
        progress.step(&format!("reading {}", self.file.shown()), Some(size));
        let reading = blocking(&self.file, move || read_file(&opened)).await;
        progress.at(size);
        progress.done();
        reading
    }
}
