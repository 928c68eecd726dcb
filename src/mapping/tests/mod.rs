mod circles;
mod contested;
mod desire;
mod lint;
mod merge;
mod trials;

use crate::connector::Reading;
use crate::plan::Coverage;
use crate::plan::tests::build::Draft;
use crate::principal::GroupNames;

/// A whole reading of `drafts`.
fn reading(drafts: impl IntoIterator<Item = Draft>) -> Reading {
    let mut names = GroupNames::new();
    let records = drafts.into_iter().map(|draft| draft.record(&mut names)).collect();
    Reading { records, names, coverage: Coverage::proved("read"), ..Reading::default() }
}
