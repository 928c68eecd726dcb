use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::value::RawValue;

use super::write::write;
use crate::connector::{ConnectorError, FailureClass, Finding, Outcome, Progress, Target, Work};
use crate::plan::{Abilities, Ability, Batch, Capabilities, Cost, Coverage, Current, Taken, applied};
use crate::principal::{CaseRules, GroupNames, Kind, Members, Principal, PrincipalDocument, PrincipalSet, Record};

/// A JSON file of principals.
pub struct FileTarget {
    name: String,
    path: PathBuf,
    capabilities: Capabilities,
}

impl FileTarget {
    #[must_use]
    pub fn new(name: &str, path: PathBuf) -> Self {
        Self { name: name.to_owned(), path, capabilities: Self::able() }
    }

    /// A file can hold everything but passwords.
    #[must_use]
    pub fn able() -> Capabilities {
        Capabilities {
            users: Abilities::of(&[
                Ability::Create,
                Ability::Update,
                Ability::Rename,
                Ability::Disable,
                Ability::Delete,
                Ability::Join,
            ]),
            groups: Abilities::of(&[Ability::Create, Ability::Update, Ability::Rename, Ability::Delete, Ability::Nest]),
            attributes: Taken::Any,
            rules: CaseRules::EXACT,
            batch: Batch::Whole,
            concurrency: 1,
            settles: Duration::ZERO,
            privileges: &[],
            needs_group: None,
            joins_disabled: true,
            advice: &[],
            cost: Cost::NOTHING,
            implicit: &[],
            admin_groups: &[],
            system: Vec::new(),
        }
    }

    fn doing(&self, verb: &str) -> String {
        format!("{verb} {} (target `{}`)", self.path.display(), self.name)
    }
}

#[async_trait]
impl Target for FileTarget {
    fn kind(&self) -> &'static str {
        "file"
    }

    fn place(&self) -> String {
        let whole = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        let folder = whole.parent().and_then(|folder| std::fs::canonicalize(folder).ok());
        let beside = folder.zip(whole.file_name()).map(|(folder, name)| folder.join(name));
        let found = std::fs::canonicalize(&whole).ok().or(beside).unwrap_or(whole);
        format!("file {}", found.display())
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn project(&self, principal: &mut Principal) {
        if principal.kind == Kind::Group {
            principal.active = None;
        }
    }

    async fn check(&self) -> Result<Vec<Finding>, ConnectorError> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let why = format!("the folder {} does not exist", folder.display());
            return Err(ConnectorError::new(FailureClass::Missing, self.doing("checking"), why));
        }
        let current = self.read(&crate::connector::Silent).await?;
        let (users, groups) = (current.set.count(Kind::User), current.set.count(Kind::Group));
        let there = if self.path.exists() { "" } else { ", it will be made by the first apply" };
        Ok(vec![Finding::Good(format!("{}: {users} users and {groups} groups{there}", self.path.display()))])
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Current, ConnectorError> {
        progress.step(&format!("reading {}", self.path.display()), None);
        let (path, doing) = (self.path.clone(), self.doing("reading"));
        let read = tokio::task::spawn_blocking(move || read(&path, &doing)).await;
        progress.done();
        read.map_err(|error| ConnectorError::new(FailureClass::Unexpected, self.doing("reading"), error.to_string()))?
    }

    async fn apply(&self, work: Work<'_>) -> Vec<Outcome> {
        let after = applied(work.current.set.clone(), work.changes, work.names, self.capabilities.rules);
        let (path, doing) = (self.path.clone(), self.doing("writing"));
        let written = tokio::task::spawn_blocking(move || {
            write(&path, &after).map_err(|error| {
                let error = ConnectorError::new(FailureClass::Rejected, doing, error.to_string());
                error.with_hint("the file is as it was before; check the disk and the rights on the folder")
            })
        });
        let outcome = match written.await {
            Ok(Ok(())) => Outcome::Done,
            Ok(Err(error)) => Outcome::Failed(error),
            Err(error) => {
                Outcome::Failed(ConnectorError::new(FailureClass::Unexpected, self.doing("writing"), error.to_string()))
            }
        };
        vec![outcome; work.changes.len()]
    }
}

fn read(path: &Path, doing: &str) -> Result<Current, ConnectorError> {
    let fail = |why: String| ConnectorError::new(FailureClass::Unexpected, doing, why);
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => return Err(fail("it is not a regular file".into())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Current::new(PrincipalSet::default(), Coverage::proved("the file is not there yet")));
        }
        _ => {}
    }
    let text = std::fs::read_to_string(path).map_err(|error| fail(error.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| {
        fail(format!("it is not an array of principals: {error}"))
            .with_hint("an empty target is `[]`, or no file at all")
    })?;
    let mut names = GroupNames::new();
    let mut records = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let document: PrincipalDocument =
            serde_json::from_str(item.get()).map_err(|error| fail(format!("principal {}: {error}", at + 1)))?;
        let principal = document.into_principal(&mut names, Members::Carried);
        records.push(Record::new(
            principal.map_err(|error| fail(format!("principal {}: {}", at + 1, error.reason)))?,
            None,
        ));
    }
    let (set, collisions) = PrincipalSet::build(records, names, CaseRules::EXACT);
    if let Some(collision) = collisions.first() {
        let name = collision.records.first().map_or("", |record| record.principal.name.as_str());
        return Err(fail(format!("it holds `{}` more than once", crate::principal::neutral(name))));
    }
    let coverage = Coverage::proved(format!("read to its closing bracket, {} principals", set.len()));
    Ok(Current::new(set, coverage))
}
