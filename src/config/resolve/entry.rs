use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::fault::listed;
use crate::config::hidden::is_secret_key;
use crate::config::nearest::nearest;
use crate::config::path::Path;
use crate::principal::neutral;

/// The longest name of a source, target or sync: it becomes part of file names and URLs.
const LONGEST_NAME: usize = 64;

/// Checks the names of all sources, targets and syncs.
pub(super) fn check_names(at: &mut Resolving<'_>) {
    for section in ["sources", "targets", "syncs"] {
        for name in at.names(section) {
            let path = Path::of(&[section, name]);
            let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
            if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(letters) {
                let message = format!("`{}` cannot be a name", neutral(name));
                let hint = "a name is 1 to 64 of the letters A-Z, a-z, 0-9, `.`, `_` and `-`";
                at.complaints.add(Complaint::at_key(path, message).hinting(hint));
            } else if is_secret_key(name) {
                let message = format!("`{name}` cannot be a name: it is the key of a secret");
                at.complaints.add(Complaint::at_key(path, message).hinting("choose another name"));
            }
        }
    }
}

/// The one kind of a source or target.
pub(super) fn one_kind(
    chosen: &[&'static str],
    known: &[&'static str],
    path: &Path,
    at: &mut Resolving<'_>,
) -> Option<&'static str> {
    let word = match path.keys().next().flatten() {
        Some("sources") => "source",
        Some("notify") => "entry",
        _ => "target",
    };
    match chosen {
        [kind] => Some(kind),
        [] => {
            if !at.complaints.touch(path) {
                let complaint = Complaint::at_key(path.clone(), format!("the {word} has no kind"));
                at.complaints.add(complaint.hinting(format!("add one of {}", listed(known))));
            }
            None
        }
        [first, others @ ..] => {
            for other in others {
                let message = format!("the {word} has two kinds, `{first}` and `{other}`");
                let hint =
                    format!("make two {} of it", if word == "entry" { "entries".into() } else { format!("{word}s") });
                at.complaints.add(Complaint::at_key(path.key(other), message).hinting(hint));
            }
            None
        }
    }
}

/// Whether `name`, written at `path`, is the name of an entry in `section`; complains where it is not.
pub(super) fn exists(name: &str, section: &str, path: Path, at: &mut Resolving<'_>) -> bool {
    if at.names(section).any(|known| known == name) {
        return true;
    }
    if at.complaints.touch(&path) {
        return false;
    }
    let word = section.trim_end_matches('s');
    let hint = match nearest(name, at.names(section)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if at.names(section).next().is_none() => format!("no {word} is configured: add it under `{section}`"),
        None => format!("the {section} are {}", listed(at.names(section))),
    };
    let complaint = Complaint::at_value(path, format!("there is no {word} `{}`", neutral(name)));
    at.complaints.add(complaint.hinting(hint));
    false
}
