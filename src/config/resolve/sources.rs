use super::entry::exists;
use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::names::Names;
use crate::config::path::Path;
use crate::mapping::MergeRule;

/// The sources of the sync at `path`; none where one of them is not clear.
pub(super) fn resolve(
    from: Option<Names>,
    merge: Option<MergeRule>,
    path: &Path,
    at: &mut Resolving<'_>,
) -> Option<Vec<String>> {
    let place = path.key("from");
    let Names(names) = from.unwrap_or_default();
    if names.is_empty() {
        at.missing(path, "from", "name a source: `from: NAME`");
        return None;
    }
    let listed = place.value(at.whole).is_some_and(serde_yaml::Value::is_sequence);
    let mut clear = true;
    for (index, name) in names.iter().enumerate() {
        let way = if listed { place.index(index) } else { place.clone() };
        if names[..index].contains(name) {
            let complaint = Complaint::at_value(way, format!("source `{name}` is named twice"));
            at.complaints.add(complaint.hinting("name each source once"));
            clear = false;
        } else {
            clear &= exists(name, "sources", way, at);
        }
    }
    let place = path.key("merge");
    let is_shared = || place.in_defaults().is_some_and(|shared| shared.value(at.whole).is_some());
    if merge.is_some() && names.len() == 1 && !is_shared() {
        let warning = Complaint::at_value(place, "`merge` changes nothing: the sync has one source");
        at.complaints.warn(warning.hinting("leave it out, or name several: `from: [a, b]`"));
    }
    clear.then_some(names)
}
