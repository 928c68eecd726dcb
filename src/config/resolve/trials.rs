use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::nearest::nearest;
use crate::config::path::Path;
use crate::config::rules::TrialFile;
use crate::mapping::trial::{EXPECTABLE, Trial, TrialFault};

/// The tests of a sync. What cannot be run is complained about.
pub(super) fn of(files: Option<Vec<TrialFile>>, path: &Path, at: &mut Resolving<'_>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (index, TrialFile { name, record, expect }) in files.unwrap_or_default().into_iter().enumerate() {
        let path = path.index(index);
        if record.is_none() {
            at.missing(&path, "record", "write a principal: `record: { name: ada, groupNames: [bi-users] }`");
        }
        if expect.is_none() {
            at.missing(
                &path,
                "expect",
                "write `outOfScope`, `setAside`, or members: `expect: { mail: ada@example.org }`",
            );
        }
        let (Some(record), Some(expect)) = (record, expect) else { continue };
        match Trial::new(name, at.place(&path), &record, &expect) {
            Ok(trial) => trials.push(trial),
            Err(TrialFault { way, message, unknown }) => {
                let path = way.iter().fold(path, |path, step| path.key(step));
                let meant = unknown.and_then(|word| nearest(&word, EXPECTABLE));
                let complaint = Complaint::at_value(path, message);
                at.complaints.add(complaint.maybe_hinting(meant.map(|meant| format!("did you mean `{meant}`?"))));
            }
        }
    }
    trials
}
