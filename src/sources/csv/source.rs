use std::sync::Arc;

use async_trait::async_trait;
use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::sheet::{Format, Gathered, Sheet};
use crate::connector::{ConnectorError, Progress, Reading, Silent, Source};
use crate::principal::{CaseRule, Kind, Origin, Principal, Record, fold};
use crate::sources::count::count;
use crate::sources::file::{InputFile, blocking};

/// A file of users, and one of groups where there is one.
pub(super) struct CsvSource {
    users: Arc<Sheet>,
    groups: Option<Arc<Sheet>>,
    format: Arc<Format>,
}

impl CsvSource {
    pub(super) fn new(users: Sheet, groups: Option<Sheet>, format: Format) -> Self {
        Self { users: Arc::new(users), groups: groups.map(Arc::new), format: Arc::new(format) }
    }

    async fn gather(&self, progress: &dyn Progress) -> Result<Gathered, ConnectorError> {
        let mut gathered = self.sheet(&self.users, Gathered::default(), progress).await?;
        if let Some(groups) = &self.groups {
            gathered = self.sheet(groups, gathered, progress).await?;
        } else {
            define_named_groups(&mut gathered, &self.users.file);
        }
        Ok(gathered)
    }

    async fn sheet(
        &self,
        sheet: &Arc<Sheet>,
        mut gathered: Gathered,
        progress: &dyn Progress,
    ) -> Result<Gathered, ConnectorError> {
        let file = sheet.file.clone();
        let opened = blocking(&sheet.file, move || file.open()).await?;
        let size = opened.size();
        progress.step(&format!("reading {}", sheet.file.shown()), Some(size));
        let (work, format) = (Arc::clone(sheet), Arc::clone(&self.format));
        let read = blocking(&sheet.file, move || work.read(&opened, &format, &mut gathered).map(|()| gathered)).await;
        progress.at(size);
        progress.done();
        read
    }
}

#[async_trait]
impl Source for CsvSource {
    fn kind(&self) -> &'static str {
        "csv"
    }

    async fn check(&self) -> Result<Vec<String>, ConnectorError> {
        let Gathered { reading, mut sentences, .. } = self.gather(&Silent).await?;
        if let Some(first) = reading.rejected.first() {
            let records = count(reading.rejected.len(), "record");
            sentences.push(format!("{records} would be set aside, the first at {}: {}", first.origin, first.reason));
        }
        Ok(sentences)
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Reading, ConnectorError> {
        Ok(self.gather(progress).await?.reading)
    }
}

/// Without a file of groups, a group that a user names is one of the source's: a record for each, unless the users
/// file itself has a record of that group. Spellings that are one after normalisation are one group.
fn define_named_groups(gathered: &mut Gathered, file: &InputFile) {
    let Gathered { reading, named_on, sentences } = gathered;
    let Reading { records, rejected, names, .. } = reading;
    let key = |name: &str| fold(name, CaseRule::Exact);
    let own = records.iter().filter(|record| record.kind() == Kind::Group).map(|record| &record.principal.name);
    let aside = rejected.iter().filter(|record| record.kind == Kind::Group).map(|record| &record.name);
    let mut defined: FxHashSet<CompactString> = own.chain(aside).map(|name| key(name)).collect();
    let before = records.len();
    for ((_, name), line) in names.iter().zip(named_on.iter()) {
        if defined.insert(key(name)) {
            let origin = Origin::line(file.shown(), *line);
            records.push(Record::new(Principal::new(Kind::Group, name), Some(origin)));
        }
    }
    if records.len() > before {
        let groups = count(records.len() - before, "group");
        sentences.push(format!("{}: {groups} named by users, taken as groups of the source", file.shown()));
    }
}
