//! What both kinds of file have in common, and the folder that their stories happen in.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use crate::connector::{BuildContext, BuildError, ConnectorError, FailureClass, Progress, Reading, Silent, Source};
use crate::principal::{PrincipalView, Record};

use super::SourceFile;
use super::file::InputFile;

/// A folder with a configuration's files in it.
pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        Self::new().and(name, content)
    }

    pub(super) fn and(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.path().join(name), content).unwrap();
        self
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    fn context(&self) -> BuildContext {
        BuildContext { name: "corp".into(), folder: self.path().to_owned(), ..BuildContext::default() }
    }

    pub(super) fn build(&self, yaml: &str) -> Result<Box<dyn Source>, Vec<BuildError>> {
        serde_yaml::from_str::<SourceFile>(yaml).unwrap().build(&self.context()).unwrap()
    }

    pub(super) fn read(&self, yaml: &str) -> Result<Reading, ConnectorError> {
        let source = self.build(yaml).unwrap();
        block_on(async move { source.read(&Silent).await })
    }

    pub(super) fn check(&self, yaml: &str) -> Vec<String> {
        let source = self.build(yaml).unwrap();
        block_on(async move { source.check().await }).unwrap()
    }
}

pub(super) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// `people.csv:2 {"name":"ada", …}`
pub(super) fn lines(reading: &Reading) -> Vec<String> {
    let line = |record: &Record| {
        let json = serde_json::to_string(&PrincipalView::new(&record.principal, &reading.names)).unwrap();
        format!("{} {json}", record.origin.as_ref().unwrap())
    };
    reading.records.iter().map(line).collect()
}

/// `people.csv:2 user "ada": why`
pub(super) fn set_aside(reading: &Reading) -> Vec<String> {
    let rejected = reading.rejected.iter();
    rejected.map(|record| format!("{} {} {:?}: {}", record.origin, record.kind, record.name, record.reason)).collect()
}

/// The message and its hint.
pub(super) fn told(result: Result<Reading, ConnectorError>) -> String {
    let error = result.unwrap_err();
    let hint = error.hint.clone().unwrap_or_default();
    format!("{error} | {hint}")
}

/// Names that people and attackers have: each must arrive as it is.
pub(super) fn hostile_names() -> Vec<String> {
    let names = [
        "\u{202e}nimda\u{202c}",
        "=cmd()|'/c calc'!A0",
        "\u{1b}[31mred\u{1b}[0m",
        "a\0b",
        "\u{fb00}",
        "ff",
        "\u{130}stanbul",
        "stra\u{df}e",
        "ends in spaces  ",
        "  begins with them",
        "new\nline",
        "car\rriage",
        "com,ma \"quoted\"",
        "e\u{301}",
        "\u{feff}mark",
        "\u{1f469}\u{200d}\u{1f680}",
    ];
    names.into_iter().map(str::to_owned).chain([String::from("x").repeat(300)]).collect()
}

#[test]
fn every_sample_is_one_source_of_its_kind() {
    assert_eq!(SourceFile::KINDS, ["csv", "json", "ldap", "push"]);
    for (kind, example) in SourceFile::KINDS.iter().zip(SourceFile::EXAMPLES) {
        let file: SourceFile = serde_yaml::from_str(example).unwrap();
        assert_eq!(file.chosen(), [*kind]);
        assert!(file.expect.is_none());
        let source = file.build(&BuildContext::default()).unwrap().unwrap();
        assert_eq!(source.kind(), *kind);
    }
}

#[test]
fn a_key_that_no_source_has_is_refused_where_it_stands() {
    let error = serde_yaml::from_str::<SourceFile>("json: { path: a.json, paht: b.json }").unwrap_err();
    assert!(error.to_string().contains("paht"), "{error}");
    assert!(error.location().is_some());
}

#[test]
fn only_a_regular_file_is_read() {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("people.json")).unwrap();
    let why = told(folder.read("json: { path: people.json }"));
    assert!(why.starts_with("reading JSON source `corp`: people.json is a folder | "), "{why}");
    let why = told(folder.read("json: { path: /dev/null }"));
    assert!(why.contains("/dev/null is no regular file"), "{why}");
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_to_is_an_error_and_no_wait() {
    let folder = Folder::new();
    let pipe = folder.path().join("people.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let why = told(folder.read("csv: { users: people.csv }"));
    assert!(why.contains("people.csv is no regular file"), "{why}");
}

#[cfg(unix)]
#[test]
fn a_link_is_followed() {
    let folder = Folder::with("real.json", r#"[{"name":"ada"}]"#);
    std::os::unix::fs::symlink("real.json", folder.path().join("link.json")).unwrap();
    let reading = folder.read("json: { path: link.json }").unwrap();
    assert_eq!(reading.records[0].origin.as_ref().unwrap().to_string(), "link.json:1");
}

#[test]
fn a_missing_file_is_named_with_the_place_that_was_searched() {
    let folder = Folder::new();
    let error = folder.read("csv: { users: sub/people.csv }").unwrap_err();
    assert_eq!(error.class, FailureClass::Missing);
    assert_eq!(error.to_string(), "reading CSV source `corp`: sub/people.csv: there is no such file");
    let place = folder.path().join("sub/people.csv").display().to_string();
    assert!(error.hint.unwrap().contains(&place));
}

#[test]
fn a_file_that_changes_between_opening_and_the_end_is_a_failed_reading() {
    let folder = Folder::with("people.csv", "name\nada\n");
    let path = folder.path().join("people.csv");
    let opened = InputFile::new("CSV", &folder.context(), Path::new("people.csv")).open().unwrap();
    assert_eq!(opened.read().unwrap(), b"name\nada\n");

    let grown = InputFile::new("CSV", &folder.context(), Path::new("people.csv")).open().unwrap();
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"bob\n").unwrap();
    let error = grown.read().unwrap_err();
    assert_eq!(error.why, "people.csv changed while it was read");

    let touched = InputFile::new("CSV", &folder.context(), Path::new("people.csv")).open().unwrap();
    let later = touched.modified() + chrono::Duration::seconds(5);
    fs::File::options().append(true).open(&path).unwrap().set_modified(later.into()).unwrap();
    assert_eq!(touched.read().unwrap_err().why, "people.csv changed while it was read");
}

#[test]
fn the_data_is_as_old_as_its_oldest_file() {
    let folder = Folder::with("people.csv", "name\nada\n").and("groups.csv", "name\nstaff\n");
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    fs::File::options().append(true).open(folder.path().join("people.csv")).unwrap().set_modified(old).unwrap();
    let reading = folder.read("csv: { users: people.csv, groups: groups.csv }").unwrap();
    assert_eq!(reading.data_time, Some(old.into()));
}

#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Progress for Told {
    fn step(&self, what: &str, total: Option<u64>) {
        self.0.lock().unwrap().push(format!("{what} of {total:?}"));
    }

    fn at(&self, done: u64) {
        self.0.lock().unwrap().push(format!("{done}"));
    }

    fn done(&self) {
        self.0.lock().unwrap().push("done".into());
    }

    fn beside(&self) -> Box<dyn Progress + '_> {
        Box::new(Silent)
    }
}

#[test]
fn each_file_is_a_step() {
    let folder = Folder::with("people.csv", "name\nada\n").and("groups.csv", "name\nstaff\n");
    let source = folder.build("csv: { users: people.csv, groups: groups.csv }").unwrap();
    let progress = Told::default();
    block_on(source.read(&progress)).unwrap();
    let told = progress.0.into_inner().unwrap();
    assert_eq!(told, ["reading people.csv of Some(9)", "9", "done", "reading groups.csv of Some(11)", "11", "done"]);
}
