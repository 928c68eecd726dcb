use super::line::Flaw;

/// What is wrong with a trail, and where. Lines count from 1, as an editor counts them; there is none in a database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the record is not the one that was written: its hash is another")]
    Changed { line: Option<u64>, seq: u64 },
    #[error("the record is the one that was signed, but the hash that is stored beside it was changed")]
    LeafChanged { line: Option<u64>, seq: u64 },
    #[error("{}", missing(*.from, *.to))]
    Missing { line: Option<u64>, from: u64, to: u64 },
    #[error("the end is missing: {}", missing(*.from, *.to))]
    CutShort { line: Option<u64>, from: u64, to: u64 },
    #[error("{}", displaced(*.lines, *.seq, *.expected))]
    Displaced { line: u64, lines: u64, seq: u64, expected: Option<u64> },
    #[error("a line that no record of the trail is: it was added")]
    Added { line: u64 },
    #[error("it is numbered {found}, where {expected} follows")]
    OutOfStep { line: Option<u64>, found: u64, expected: u64 },
    #[error("the record cannot be read: {flaw}")]
    Unreadable { line: Option<u64>, seq: u64, flaw: Flaw },
    #[error("the last line does not end: a newline is missing")]
    Unended { line: u64 },
    #[error("the file of leaf hashes cannot be read from its line {line} on")]
    LeavesDamaged { line: u64 },
    #[error("the file of leaf hashes ends before this record")]
    LeavesShort { line: u64, seq: u64 },
    #[error("the root of the first {size} records is not the one that was signed{}: something among {} was changed, and its hash with it", more(*.others), range(*.after, *.size))]
    Root { after: u64, size: u64, others: u64 },
    #[error("two stories were signed: the signed checkpoint of {size} records has another root than these records{}, and yet another signed checkpoint fits them", more(*.others))]
    Rewritten { after: u64, size: u64, others: u64 },
    #[error("the signed checkpoint tells of {size} records, and there are {found}")]
    Beyond { size: u64, found: u64 },
    #[error("checkpoint {number} cannot be used: {why}")]
    Checkpoint { number: u64, why: String },
    #[error("the checkpoint of {size} records proves nothing: {why}")]
    Unproven { size: u64, why: String },
    #[error("the checkpoint of {size} records came after them and was not compared")]
    Late { size: u64 },
    #[error("there is no checkpoint, so nothing is signed")]
    NoCheckpoint,
    #[error("{} after the last checkpoint, signed by nobody", records(*.from, *.to))]
    Unsigned { from: u64, to: u64 },
}

impl Fault {
    /// A word for programs. The list is closed and documented in `docs/audit.md`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "changed",
            Self::LeafChanged { .. } => "leaf-changed",
            Self::Missing { .. } => "missing",
            Self::CutShort { .. } => "cut-short",
            Self::Displaced { .. } => "displaced",
            Self::Added { .. } => "added",
            Self::OutOfStep { .. } => "out-of-step",
            Self::Unreadable { .. } => "unreadable",
            Self::Unended { .. } => "unended",
            Self::LeavesDamaged { .. } => "leaves-damaged",
            Self::LeavesShort { .. } => "leaves-short",
            Self::Root { .. } => "root",
            Self::Rewritten { .. } => "rewritten",
            Self::Beyond { .. } => "beyond",
            Self::Checkpoint { .. } => "checkpoint",
            Self::Unproven { .. } => "unproven",
            Self::Late { .. } => "late",
            Self::NoCheckpoint => "no-checkpoint",
            Self::Unsigned { .. } => "unsigned",
        }
    }

    /// The line at which it shows, counted from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Changed { line, .. }
            | Self::LeafChanged { line, .. }
            | Self::Missing { line, .. }
            | Self::CutShort { line, .. }
            | Self::OutOfStep { line, .. }
            | Self::Unreadable { line, .. } => *line,
            Self::Displaced { line, .. }
            | Self::Added { line }
            | Self::Unended { line }
            | Self::LeavesShort { line, .. } => Some(*line),
            Self::LeavesDamaged { .. }
            | Self::Root { .. }
            | Self::Rewritten { .. }
            | Self::Beyond { .. }
            | Self::Checkpoint { .. }
            | Self::Unproven { .. }
            | Self::Late { .. }
            | Self::NoCheckpoint
            | Self::Unsigned { .. } => None,
        }
    }

    /// The number of the first record that it is about.
    #[must_use]
    pub fn seq(&self) -> Option<u64> {
        match self {
            Self::Changed { seq, .. }
            | Self::LeafChanged { seq, .. }
            | Self::Displaced { seq, .. }
            | Self::Unreadable { seq, .. }
            | Self::LeavesShort { seq, .. } => Some(*seq),
            Self::Missing { from, .. } | Self::CutShort { from, .. } | Self::Unsigned { from, .. } => Some(*from),
            Self::OutOfStep { expected, .. } => Some(*expected),
            Self::Root { after, .. } | Self::Rewritten { after, .. } => Some(*after),
            Self::Beyond { found, .. } => Some(*found),
            Self::Added { .. }
            | Self::Unended { .. }
            | Self::LeavesDamaged { .. }
            | Self::Checkpoint { .. }
            | Self::Unproven { .. }
            | Self::Late { .. }
            | Self::NoCheckpoint => None,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Changed { .. }
            | Self::Missing { .. }
            | Self::Displaced { .. }
            | Self::Added { .. }
            | Self::OutOfStep { .. }
            | Self::Unreadable { .. } => {
                "keep this copy as it is, export once more from the database, and compare the two; if both have it, somebody with access to the database did it"
            }
            Self::CutShort { .. } | Self::Beyond { .. } => {
                "was the file copied whole? Export once more; if that ends there too, records were deleted after they had been signed"
            }
            Self::Root { .. } => {
                "compare these records with an earlier export, or with the reports of the runs; who made the change had access to the database"
            }
            Self::Rewritten { .. } => {
                "one key has signed two stories: compare these records with an earlier export, and find out who has had the key"
            }
            Self::LeafChanged { .. } | Self::LeavesDamaged { .. } | Self::LeavesShort { .. } => {
                "the records are judged by the checkpoint alone; export once more to have their hashes whole"
            }
            Self::Unended { .. } => "was the file copied whole? The record itself is complete",
            Self::Checkpoint { .. } | Self::Unproven { .. } => {
                "is it the right key? Ask the operator for the log's public key by another way than the export, and give it with --public-key"
            }
            Self::Late { .. } => "give checkpoints before the records that they are about",
            Self::NoCheckpoint | Self::Unsigned { .. } => {
                "export once more: an export ends with a checkpoint; until then these records could be anybody's"
            }
        }
    }
}

fn records(from: u64, to: u64) -> String {
    if from == to { format!("the record of seq {from} is") } else { format!("the records of seq {from} to {to} are") }
}

fn missing(from: u64, to: u64) -> String {
    let count = to - from + 1;
    let many = if count == 1 { "" } else { "s" };
    format!("{} not here ({count} record{many})", records(from, to))
}

fn displaced(lines: u64, seq: u64, expected: Option<u64>) -> String {
    let to = seq + lines - 1;
    let (these, stand) = if lines == 1 { ("this is", "its place") } else { ("these are", "their place") };
    let what =
        if lines == 1 { format!("the record of seq {seq}") } else { format!("the records of seq {seq} to {to}") };
    match expected {
        Some(expected) => format!("{these} {what}, out of {stand}: seq {expected} belongs here"),
        None => format!("{these} {what}, out of {stand}"),
    }
}

/// Those that a checkpoint covers and the one before it does not.
fn range(after: u64, size: u64) -> String {
    if after + 1 >= size { format!("seq {after}") } else { format!("seq {after} to {}", size - 1) }
}

fn more(others: u64) -> String {
    match others {
        0 => String::new(),
        1 => ", nor is that of one later checkpoint".into(),
        others => format!(", nor are those of {others} later checkpoints"),
    }
}
