use std::collections::BTreeSet;
use std::path::{Path as FilePath, PathBuf};

use serde_yaml::Value;

use super::complaint::Complaints;
use super::file::ConfigFile;
use super::fit::fit;
use super::include::include;
use super::merge::{merge, spread};
use super::origins::Origins;
use super::path::{Path, Step};
use super::problem::{Problem, Problems};
use super::read::read;
use super::resolve::resolve;
use super::settings::Settings;
use super::substitute::{Environment, substitute};
use crate::connector::environment_text;

/// Where a configuration is looked for when none is named.
const PLACES: [&str; 2] = ["rollcall.yaml", "/etc/rollcall/rollcall.yaml"];

/// Reads the configuration: `given`, else `$ROLLCALL_CONFIG`, else `./rollcall.yaml`, else
/// `/etc/rollcall/rollcall.yaml`.
///
/// # Errors
/// Every problem at once, each at its place.
pub fn load(given: Option<&FilePath>) -> Result<Settings, Problems> {
    load_in(given, &environment_text)
}

/// The same in an environment of its own.
pub(super) fn load_in(given: Option<&FilePath>, environment: Environment<'_>) -> Result<Settings, Problems> {
    let path = find(given, environment).map_err(|problem| Problems(vec![*problem]))?;
    let (main, repeated) = read(&path).map_err(|problem| Problems(vec![*problem]))?;
    let mut origins = Origins { files: vec![main], ..Origins::default() };
    let mut problems = Vec::new();
    let mut complaints: Vec<_> = repeated.into_iter().map(|complaint| complaint.in_file(0)).collect();
    let (mut replaced, unset) = substitute(&mut origins.files[0].root, environment);
    complaints.extend(unset.into_iter().map(|complaint| complaint.in_file(0)));
    include(&mut origins, &mut complaints, &mut problems);
    for (number, file) in origins.files.iter_mut().enumerate().skip(1) {
        let (changed, unset) = substitute(&mut file.root, environment);
        complaints.extend(unset.into_iter().map(|complaint| complaint.in_file(number)));
        replaced.extend(changed);
    }
    let mut tree = merge(&mut origins, &mut complaints);
    spread(&mut tree);
    spread_replaced(&tree, &mut replaced);
    let mut complaints = Complaints { problems: complaints, warnings: Vec::new() };
    let whole = tree.clone();
    let file: ConfigFile = fit(&mut tree, &replaced, &mut complaints);
    let settings = resolve(&path, file, &whole, &origins, environment, &mut complaints);
    problems.extend(origins.problems(complaints.problems));
    if !problems.is_empty() {
        return Err(Problems::sorted(problems));
    }
    Ok(Settings { warnings: Problems::sorted(origins.problems(complaints.warnings)).0, ..settings })
}

fn find(given: Option<&FilePath>, environment: Environment<'_>) -> Result<PathBuf, Box<Problem>> {
    if let Some(path) = given {
        return Ok(path.to_owned());
    }
    if let Some(path) = environment("ROLLCALL_CONFIG").filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    let found = PLACES.iter().map(PathBuf::from).find(|path| path.exists());
    found.ok_or_else(|| {
        let message = format!(
            "no configuration: neither ./{} nor {} is there, and ROLLCALL_CONFIG is not set",
            PLACES[0], PLACES[1]
        );
        let problem = Problem::with_file(PLACES[0].into(), message);
        Box::new(problem.hinting("write one (`config/minimal.yaml` is a start), or name it with `--config FILE`"))
    })
}

/// The ways to texts of variables in the entries that took them from the defaults.
fn spread_replaced(tree: &Value, replaced: &mut BTreeSet<Path>) {
    let mut more = Vec::new();
    for (section, shared) in [("syncs", "sync"), ("targets", "target")] {
        let above = Path::of(&["defaults", shared]);
        let entries = Path::of(&[section]).value(tree).and_then(Value::as_mapping);
        let names = entries.into_iter().flatten().filter_map(|(name, _)| name.as_str());
        for name in names {
            let below = replaced.iter().filter(|path| path.starts_with(&above));
            more.extend(below.map(|path| {
                let head = [Step::Key(section.to_owned()), Step::Key(name.to_owned())];
                Path(head.into_iter().chain(path.0[2..].iter().cloned()).collect())
            }));
        }
    }
    replaced.extend(more);
}
