use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use crate::connector::{BuildContext, ConnectorError, FailureClass};

/// A file that a source reads: as the configuration writes it, and where that is.
#[derive(Debug, Clone)]
pub(super) struct InputFile {
    doing: Arc<str>,
    shown: Arc<str>,
    path: PathBuf,
}

/// What is wrong with the text of a file, and where. Lines and columns count from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) line: u64,
    pub(super) column: Option<u64>,
    pub(super) why: String,
    pub(super) hint: Option<String>,
}

impl Flaw {
    pub(super) fn new(line: u64, why: impl Into<String>) -> Self {
        Self { line, column: None, why: why.into(), hint: None }
    }

    pub(super) fn at_column(self, column: u64) -> Self {
        Self { column: Some(column), ..self }
    }

    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl InputFile {
    /// `kind` is how a person writes the kind of the source: `CSV`.
    pub(super) fn new(kind: &str, context: &BuildContext, path: &Path) -> Self {
        Self {
            doing: format!("reading {kind} source `{}`", context.name).into(),
            shown: path.display().to_string().into(),
            path: context.path(path),
        }
    }

    /// The path as the configuration writes it.
    pub(super) fn shown(&self) -> &Arc<str> {
        &self.shown
    }

    /// Opens the file and notes its size and time of change.
    ///
    /// # Errors
    /// When it is not there, may not be read, or is no regular file.
    pub(super) fn open(self) -> Result<Opened, ConnectorError> {
        // Asked before it is opened: opening a pipe that nobody writes to would wait for ever.
        let found = std::fs::metadata(&self.path).map_err(|error| self.unreadable(&error))?;
        self.regular(&found)?;
        let file = File::open(&self.path).map_err(|error| self.unreadable(&error))?;
        let found = file.metadata().map_err(|error| self.unreadable(&error))?;
        self.regular(&found)?;
        let stamp = Stamp::of(&found).map_err(|error| self.unreadable(&error))?;
        Ok(Opened { input: self, file, stamp })
    }

    /// The failed reading that `flaw` makes.
    pub(super) fn flawed(&self, flaw: Flaw) -> ConnectorError {
        let Flaw { line, column, why, hint } = flaw;
        let column = column.map(|column| format!(":{column}")).unwrap_or_default();
        ConnectorError { hint, ..self.fail(FailureClass::Unexpected, format!("{}:{line}{column}: {why}", self.shown)) }
    }

    fn regular(&self, found: &Metadata) -> Result<(), ConnectorError> {
        if found.is_file() {
            return Ok(());
        }
        let what = if found.is_dir() { "a folder" } else { "no regular file" };
        let hint = format!("a source is read from a regular file: check {}", self.path.display());
        Err(self.fail(FailureClass::Unexpected, format!("{} is {what}", self.shown)).with_hint(hint))
    }

    fn unreadable(&self, error: &io::Error) -> ConnectorError {
        let path = self.path.display();
        let (class, why, hint) = match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => (
                FailureClass::Missing,
                "there is no such file".to_owned(),
                format!("looked for {path}; relative paths are beside the configuration file"),
            ),
            ErrorKind::PermissionDenied => (
                FailureClass::Denied,
                "the file may not be read".to_owned(),
                format!("let the account that runs rollcall read {path}"),
            ),
            _ => (FailureClass::Unreachable, error.to_string(), format!("the file is {path}")),
        };
        self.fail(class, format!("{}: {why}", self.shown)).with_hint(hint)
    }

    fn fail(&self, class: FailureClass, why: String) -> ConnectorError {
        ConnectorError::new(class, &*self.doing, why)
    }
}

/// What tells that a file is still the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: SystemTime,
}

impl Stamp {
    fn of(metadata: &Metadata) -> io::Result<Self> {
        Ok(Self { bytes: metadata.len(), modified: metadata.modified()? })
    }
}

/// A regular file, open, as it stood at that moment.
#[derive(Debug)]
pub(super) struct Opened {
    input: InputFile,
    file: File,
    stamp: Stamp,
}

impl Opened {
    pub(super) fn input(&self) -> &InputFile {
        &self.input
    }

    /// Size in bytes.
    pub(super) fn size(&self) -> u64 {
        self.stamp.bytes
    }

    /// When the file was last changed.
    pub(super) fn modified(&self) -> DateTime<Utc> {
        self.stamp.modified.into()
    }

    /// Reads the whole file.
    ///
    /// # Errors
    /// When it cannot be read, or is no longer what it was when it was opened.
    pub(super) fn read(&self) -> Result<Vec<u8>, ConnectorError> {
        let unreadable = |error: &io::Error| self.input.unreadable(error);
        let mut bytes = Vec::new();
        let size = usize::try_from(self.stamp.bytes).unwrap_or(usize::MAX);
        if bytes.try_reserve_exact(size).is_err() {
            return Err(unreadable(&ErrorKind::OutOfMemory.into()));
        }
        // One byte more than expected is enough to see that the file grows.
        let read = (&self.file).take(self.stamp.bytes.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| unreadable(&error))?;
        let after = self.file.metadata().and_then(|found| Stamp::of(&found)).map_err(|error| unreadable(&error))?;
        if after != self.stamp || bytes.len() != size {
            let why = format!("{} changed while it was read", self.input.shown);
            let hint = "write the file under another name and rename it when it is whole";
            return Err(self.input.fail(FailureClass::Unreachable, why).with_hint(hint));
        }
        Ok(bytes)
    }
}

/// Runs file work on a thread that may wait.
///
/// # Errors
/// Those of `work`.
pub(super) async fn blocking<T, F>(doing: &InputFile, work: F) -> Result<T, ConnectorError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, ConnectorError> + Send + 'static,
{
    let ended = tokio::task::spawn_blocking(work).await;
    ended.unwrap_or_else(|error| Err(doing.fail(FailureClass::Unexpected, format!("the work ended early: {error}"))))
}
