//! A trail as files: the only file of this room that reads any.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::align::Aligner;
use super::checkpoint::checkpoints_of;
use super::fault::Fault;
use super::key::{KeyError, VerifyingKey};
use super::leaves::Leaves;
use super::line::Line;
use super::tally::{Broken, Tally, Trust};
use super::verify::Verifier;

/// No entry is as long: a file without newlines must not fill the memory.
const LONGEST_LINE: u64 = 1 << 26;
const LONGEST_TEXT: u64 = 1 << 26;

/// Why files cannot be gone through at all. What is wrong with what they say is a [`Fault`].
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("cannot read {path}: {error}")]
    Read { path: PathBuf, error: io::Error },
    #[error("cannot use the public key in {path}: {error}")]
    Key { path: PathBuf, error: KeyError },
    #[error("line {line} of {path} is longer than any record: it is no audit trail")]
    Line { path: PathBuf, line: u64 },
}

impl BundleError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Read { .. } => Some("an export is FILE, FILE.leaves, FILE.checkpoint and FILE.vkey, side by side"),
            Self::Key { .. } => Some("a public key is one line, such as `example.com/audit+0d8c88ec+AQOhB7…`"),
            Self::Line { .. } => None,
        }
    }
}

/// The files of an export, found beside the one that has the records.
#[derive(Debug, Clone)]
pub struct Bundle {
    trail: PathBuf,
}

impl Bundle {
    /// Of the file that holds one record a line.
    #[must_use]
    pub fn of(trail: &Path) -> Self {
        Self { trail: trail.to_owned() }
    }

    /// The hash of each record.
    #[must_use]
    pub fn leaves(&self) -> PathBuf {
        self.beside("leaves")
    }

    /// The signed checkpoints.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        self.beside("checkpoint")
    }

    /// The log's public keys.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.beside("vkey")
    }

    fn beside(&self, what: &str) -> PathBuf {
        let mut name = OsString::from(self.trail.as_os_str());
        name.push(".");
        name.push(what);
        name.into()
    }

    /// The keys of a file that the auditor gives, else those beside the trail.
    ///
    /// # Errors
    /// When there are none that can be read.
    pub fn keys(&self, given: Option<&Path>) -> Result<Vec<(VerifyingKey, Trust)>, BundleError> {
        let beside = self.key();
        let (path, trust) = given.map_or((beside.as_path(), Trust::Beside), |path| (path, Trust::Given));
        let keys = VerifyingKey::parse_all(&text(path)?);
        let keys = keys.map_err(|error| BundleError::Key { path: path.to_owned(), error })?;
        Ok(keys.into_iter().map(|key| (key, trust)).collect())
    }

    /// Goes through the trail, once. It must fit the checkpoints beside it and those that the auditor has kept.
    ///
    /// # Errors
    /// When a file cannot be read. A file of leaves or checkpoints that is not there is none of these.
    pub fn verify(&self, keys: Vec<(VerifyingKey, Trust)>, kept: &[PathBuf]) -> Result<Verdict, BundleError> {
        let mut verifier = Verifier::new(keys);
        let beside = self.checkpoints();
        let beside = beside.exists().then_some(beside);
        for path in beside.iter().chain(kept) {
            for note in checkpoints_of(&text(path)?) {
                verifier.checkpoint(note);
            }
        }
        let mut lines = Lines::open(&self.trail)?;
        if self.leaves().exists() {
            let fail = |error| BundleError::Read { path: self.leaves(), error };
            let mut aligner = Aligner::new(&mut verifier, Leaves::new(open(&self.leaves())?).map_err(fail)?);
            while let Some(line) = lines.next()? {
                aligner.take(Line::read(line)).map_err(fail)?;
            }
            aligner.finish().map_err(fail)?;
        } else {
            while let Some(line) = lines.next()? {
                let line = Line::read(line);
                verifier.take(Some(lines.number), &line, None);
            }
        }
        if lines.is_unended {
            verifier.fault(Fault::Unended { line: lines.number });
        }
        Ok(verifier.finish())
    }
}

/// Whether a trail is whole, or what is wrong with it.
pub type Verdict = Result<Tally, Box<Broken>>;

/// The lines of a trail, one at a time.
struct Lines {
    path: PathBuf,
    input: BufReader<File>,
    line: Vec<u8>,
    /// Of the line that was read last, counted from 1.
    number: u64,
    is_unended: bool,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, BundleError> {
        let input = BufReader::with_capacity(1 << 16, open(path)?);
        Ok(Self { path: path.to_owned(), input, line: Vec::new(), number: 0, is_unended: false })
    }

    /// The next line, without its newline.
    fn next(&mut self) -> Result<Option<&[u8]>, BundleError> {
        self.line.clear();
        let read = (&mut self.input).take(LONGEST_LINE).read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| BundleError::Read { path: self.path.clone(), error })?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        } else if read as u64 == LONGEST_LINE {
            return Err(BundleError::Line { path: self.path.clone(), line: self.number });
        } else {
            self.is_unended = true;
        }
        Ok(Some(&self.line))
    }
}

fn open(path: &Path) -> Result<File, BundleError> {
    File::open(path).map_err(|error| BundleError::Read { path: path.to_owned(), error })
}

fn text(path: &Path) -> Result<String, BundleError> {
    let mut text = String::new();
    let read = open(path)?.take(LONGEST_TEXT).read_to_string(&mut text);
    read.map_err(|error| BundleError::Read { path: path.to_owned(), error })?;
    Ok(text)
}
