use super::path::Path;
use super::place::Goal;

/// Which document a complaint's path is meant in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Document {
    /// The configuration as a whole: includes and defaults merged.
    Merged,
    /// One file, by its number.
    File(usize),
}

/// A problem before its place is looked up.
#[derive(Debug, Clone)]
pub(super) struct Complaint {
    pub(super) document: Document,
    pub(super) path: Path,
    pub(super) goal: Goal,
    /// Bytes of the text there before what is meant.
    pub(super) inside: usize,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// All complaints so far, and warnings, which stop nothing.
#[derive(Default)]
pub(super) struct Complaints {
    pub(super) problems: Vec<Complaint>,
    pub(super) warnings: Vec<Complaint>,
}

impl Complaint {
    pub(super) fn at_value(path: Path, message: impl Into<String>) -> Self {
        Self { document: Document::Merged, path, goal: Goal::Value, inside: 0, message: message.into(), hint: None }
    }

    pub(super) fn at_key(path: Path, message: impl Into<String>) -> Self {
        Self { goal: Goal::Key(0), ..Self::at_value(path, message) }
    }

    pub(super) fn in_file(mut self, file: usize) -> Self {
        self.document = Document::File(file);
        self
    }

    /// Means what stands behind so many bytes of the text at its place.
    pub(super) fn inside(self, bytes: usize) -> Self {
        Self { inside: bytes, ..self }
    }

    pub(super) fn hinting(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn maybe_hinting(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// A feature that the contract names and that is not built yet.
    pub(super) fn unbuilt(self, what: &str) -> Self {
        let message = format!("{what} is not built yet");
        Self { message, ..self }.hinting("leave it out for now")
    }
}

impl Complaints {
    pub(super) fn add(&mut self, complaint: Complaint) {
        self.problems.push(complaint);
    }

    pub(super) fn warn(&mut self, complaint: Complaint) {
        self.warnings.push(complaint);
    }

    /// Whether something at `path`, above it or below it is wrong already: what follows from that is not said again.
    pub(super) fn touch(&self, path: &Path) -> bool {
        let ways = [Some(path.clone()), path.in_defaults()];
        let touches = |other: &Path| ways.iter().flatten().any(|way| other.starts_with(way) || way.starts_with(other));
        self.wrong_ways().any(touches)
    }

    /// Whether something is wrong already with just this value.
    pub(super) fn have(&self, path: &Path) -> bool {
        let shared = path.in_defaults();
        self.wrong_ways().any(|way| way == path || Some(way) == shared.as_ref())
    }

    /// The ways to what is wrong. A key of one file that stands twice does not make its first value wrong.
    fn wrong_ways(&self) -> impl Iterator<Item = &Path> {
        let wrong = |complaint: &&Complaint| complaint.document == Document::Merged || complaint.goal == Goal::Value;
        self.problems.iter().filter(wrong).map(|complaint| &complaint.path)
    }
}
