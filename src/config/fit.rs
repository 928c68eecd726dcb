use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_yaml::Value;

use super::complaint::{Complaint, Complaints};
use super::fault::Fault;
use super::hidden::{may_be_hook, secret_root};
use super::path::{Path, Step};
use super::strict::Strict;
use super::unbuilt::{instead, is_unbuilt_key, is_unbuilt_word};

/// Nobody reads more, and each costs a pass.
const MOST_FAULTS: usize = 200;

/// Fits `value` into its shape. serde stops at the first fault, so that node is noted, taken out, and the rest tried
/// again until it fits: every fault is found in one go.
pub(super) fn fit<T: DeserializeOwned + Default>(
    value: &mut Value,
    replaced: &BTreeSet<Path>,
    complaints: &mut Complaints,
) -> T {
    let mut removed = BTreeSet::new();
    let mut converted = BTreeSet::new();
    for _ in 0..MOST_FAULTS {
        let error = match serde_path_to_error::deserialize::<_, T>(Strict(value)) {
            Ok(shape) => return shape,
            Err(error) => error,
        };
        let now = way(error.path());
        let path = original(&now, &removed);
        if replaced.contains(&path) && converted.insert(path.clone()) && convert(value, &now) {
            continue;
        }
        if !complaints.have(&path) {
            complaints.add(complaint(path.clone(), error.into_inner()));
        }
        removed.insert(path);
        if !remove(value, &now) {
            break;
        }
    }
    T::default()
}

fn complaint(path: Path, fault: Fault) -> Complaint {
    if let Some(secret) = secret_root(&path) {
        // What was found may be the secret, and so may a key.
        let message = "expected `{ env: NAME }`, `{ file: PATH }`, `{ command: [PROGRAM, …] }` or quoted text";
        return Complaint::at_value(secret, message);
    }
    let (message, hint) = (fault.message(), fault.hint());
    if may_be_hook(&path, &message) {
        let message = "the value does not fit here; it is not repeated, for it may be the address of a hook";
        return Complaint::at_value(path, message).hinting("write it like `chat: { url: { env: CHAT_URL } }`");
    }
    match fault {
        Fault::UnknownKey { key, .. } if is_unbuilt_key(&path) => {
            Complaint::at_key(path, "").unbuilt(&format!("`{key}`"))
        }
        Fault::UnknownWord { word, .. } if is_unbuilt_word(&path, &word) => {
            Complaint::at_value(path, "").unbuilt(&format!("`{word}`"))
        }
        Fault::MissingKey(key) => Complaint::at_key(path.key(key), message),
        Fault::UnknownKey { .. } => {
            let hint = instead(&path).map(str::to_owned).or(hint);
            Complaint::at_key(path, message).maybe_hinting(hint)
        }
        Fault::UnknownWord { .. } | Fault::Other { .. } => Complaint::at_value(path, message).maybe_hinting(hint),
    }
}

fn way(path: &serde_path_to_error::Path) -> Path {
    let steps = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    Path(steps.collect())
}

/// The way as it was before items were taken out of lists.
fn original(now: &Path, removed: &BTreeSet<Path>) -> Path {
    now.0.iter().fold(Path::default(), |path, step| match step {
        Step::Key(_) => path.with(step.clone()),
        Step::Index(index) => {
            let mut standing = (0..).map(|index| path.index(index)).filter(|path| !removed.contains(path));
            standing.nth(*index).unwrap_or_default()
        }
    })
}

fn remove(root: &mut Value, path: &Path) -> bool {
    let Some((last, above)) = path.0.split_last() else { return false };
    match (Path(above.to_vec()).value_mut(root), last) {
        (Some(Value::Mapping(members)), Step::Key(key)) => members.remove(key).is_some(),
        (Some(Value::Sequence(items)), Step::Index(index)) if *index < items.len() => {
            items.remove(*index);
            true
        }
        _ => false,
    }
}

/// Reads text that a variable gave as the number or truth value that it looks like; false where it looks like neither.
fn convert(root: &mut Value, path: &Path) -> bool {
    let Some(value) = path.value_mut(root) else { return false };
    let plain = value.as_str().and_then(|text| match text {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        number => {
            let whole = number.parse::<u64>().map(Value::from);
            whole.or_else(|_| number.parse::<f64>().map(Value::from)).ok()
        }
    });
    plain.map(|plain| *value = plain).is_some()
}
