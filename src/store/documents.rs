//! The plans and reports of runs, as they were told.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::{Store, StoreError};

/// Which document of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// What was about to be carried out: written before anything was.
    Plan,
    /// How the run ended.
    Report,
}

impl DocumentKind {
    fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Report => "report",
        }
    }
}

impl Store {
    /// Keeps a document of a run; `write` gives its text. One that stands already is replaced.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_document(
        &self,
        run: &str,
        kind: DocumentKind,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        let content = deflated(write).map_err(|error| StoreError::Content(error.to_string()))?;
        self.database
            .run(
                "INSERT INTO run_document (run, what, content) VALUES ($1, $2, $3) \
                 ON CONFLICT (run, what) DO UPDATE SET content = excluded.content",
                [run.into(), kind.word().into(), content.as_slice().into()],
            )
            .await?;
        Ok(())
    }

    /// The text of a document of a run, where it was kept.
    ///
    /// # Errors
    /// When the database fails, or what it holds cannot be read.
    pub async fn document(&self, run: &str, kind: DocumentKind) -> Result<Option<String>, StoreError> {
        let found: Option<(Vec<u8>,)> = self
            .database
            .one("SELECT content FROM run_document WHERE run = $1 AND what = $2", [run.into(), kind.word().into()])
            .await?;
        let Some((content,)) = found else { return Ok(None) };
        let text = inflated(&content);
        text.map(Some).map_err(|error| StoreError::Content(format!("the {} of run {run}: {error}", kind.word())))
    }
}

pub(super) fn inflated(content: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    ZlibDecoder::new(content).read_to_string(&mut text)?;
    Ok(text)
}

pub(super) fn deflated(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut out = io::BufWriter::with_capacity(1 << 16, ZlibEncoder::new(Vec::new(), Compression::fast()));
    write(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.finish()
}
