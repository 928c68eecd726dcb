use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::path::Path;
use crate::connector::BuildError;

/// Places what a connector cannot work with at its keys, below `path`.
pub(super) fn complain(errors: Vec<BuildError>, path: &Path, at: &mut Resolving<'_>) {
    for BuildError { key, why, hint } in errors {
        let steps = key.split('.').filter(|step| !step.is_empty());
        let place = steps.fold(path.clone(), |path, step| path.key(step));
        if !at.complaints.touch(&place) || key.is_empty() {
            at.complaints.add(Complaint::at_value(place, why).maybe_hinting(hint));
        }
    }
}
