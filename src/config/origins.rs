use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_yaml::Value;

use super::complaint::{Complaint, Document};
use super::excerpt::{Spot, excerpt, spot, withheld};
use super::path::Path;
use super::place::Goal;
use super::problem::{Excerpt, Problem};

/// One file of the configuration.
#[derive(Default)]
pub(super) struct ConfigText {
    pub(super) path: PathBuf,
    /// Without a byte order mark.
    pub(super) text: String,
    pub(super) root: Value,
}

/// The files that a configuration was read from, and which entry came from which.
#[derive(Default)]
pub(super) struct Origins {
    /// The configuration file itself is the first.
    pub(super) files: Vec<ConfigText>,
    /// By section and name, the number of the file.
    pub(super) owners: BTreeMap<(String, String), usize>,
}

impl Origins {
    /// The problems with their places.
    pub(super) fn problems(&self, complaints: Vec<Complaint>) -> Vec<Problem> {
        let mut secrets = BTreeMap::new();
        complaints.into_iter().map(|complaint| self.problem(complaint, &mut secrets)).collect()
    }

    fn problem(&self, complaint: Complaint, secrets: &mut BTreeMap<usize, BTreeSet<usize>>) -> Problem {
        let Complaint { document, path, goal, inside, message, hint } = complaint;
        let (number, path, goal) = match document {
            Document::File(number) => (number, path, goal),
            Document::Merged => self.written(&path, goal),
        };
        let file = &self.files[number];
        let empty = path.value(&file.root).is_none_or(Value::is_null);
        let goal = if empty && goal == Goal::Value { Goal::Key(0) } else { goal };
        let whole = spot(&file.text, &path, goal);
        let text = path.value(&file.root).and_then(Value::as_str);
        let spot = whole.and_then(|whole| within(&file.text, whole, text?, inside)).or(whole);
        let astray = inside > 0 && whole.is_some() && spot == whole;
        let message = if astray { format!("{message} (character {} of the text)", inside + 1) } else { message };
        let excerpt = spot.map_or(Excerpt::None, |spot| {
            let withheld = secrets.entry(number).or_insert_with(|| withheld(&file.text, &file.root));
            if withheld.contains(&spot.line) { Excerpt::Withheld } else { excerpt(&file.text, spot) }
        });
        let (line, column) = spot.map_or((0, 0), |spot| (spot.line, spot.column));
        Problem { file: file.path.clone(), line, column, path: path.to_string(), message, hint, excerpt }
    }

    /// Where a value of the merged configuration is written: `syncs.corp.users.when (rollcall.yaml:31:15)`. The file is
    /// named as seen from `folder`.
    pub(super) fn place(&self, path: &Path, folder: &std::path::Path) -> String {
        let (number, written, goal) = self.written(path, Goal::Value);
        let file = &self.files[number];
        let name = file.path.strip_prefix(folder).unwrap_or(&file.path).display();
        match spot(&file.text, &written, goal) {
            Some(spot) => format!("{path} ({name}:{}:{})", spot.line, spot.column),
            None => path.to_string(),
        }
    }

    /// Where a path of the merged configuration is written: in its entry, else in the defaults. What is written nowhere
    /// is placed at the key that would hold it.
    fn written(&self, path: &Path, goal: Goal) -> (usize, Path, Goal) {
        let keys: Vec<_> = path.keys().map(Option::unwrap_or_default).collect();
        let owner = match keys[..] {
            [section, name, ..] => self.owners.get(&(section.to_owned(), name.to_owned())),
            _ => None,
        };
        let number = owner.copied().unwrap_or(0);
        let own = path.existing(&self.files[number].root);
        if own == *path {
            return (number, own, goal);
        }
        let shared = path.in_defaults().filter(|shared| shared.value(&self.files[0].root).is_some());
        if let Some(shared) = shared {
            return (0, shared, goal);
        }
        (number, own, Goal::Key(0))
    }
}

/// The spot behind `bytes` of the value `text` that begins at `start`; none where it is not written as it reads, such as
/// over several lines.
fn within(file: &str, start: Spot, text: &str, bytes: usize) -> Option<Spot> {
    if bytes == 0 {
        return None;
    }
    let rest = &file[start.byte..];
    let quote = usize::from(rest.starts_with(['"', '\'']));
    let before = text.get(..bytes).filter(|before| rest[quote..].starts_with(before))?;
    Some(Spot::after(file, start.byte + quote + before.len()))
}
