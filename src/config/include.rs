use std::path::{Path as FilePath, PathBuf};

use super::complaint::Complaint;
use super::origins::{ConfigText, Origins};
use super::path::Path;
use super::problem::Problem;
use super::read::read;

/// Reads the files that the configuration names under `include`, each once, in the order of the list and then of names.
pub(super) fn include(origins: &mut Origins, complaints: &mut Vec<Complaint>, problems: &mut Vec<Problem>) {
    let main = &origins.files[0];
    let folder = main.path.parent().unwrap_or(FilePath::new("")).to_owned();
    let list = Path::of(&["include"]);
    let patterns = list.value(&main.root).and_then(serde_yaml::Value::as_sequence).cloned().unwrap_or_default();
    let patterns = patterns.iter().enumerate().filter_map(|(index, pattern)| Some((index, pattern.as_str()?)));
    for (index, pattern) in patterns {
        let files = match find(&folder, pattern) {
            Ok(files) => files,
            Err((message, hint)) => {
                complaints.push(Complaint::at_value(list.index(index), message).hinting(hint).in_file(0));
                continue;
            }
        };
        for path in files {
            if !origins.files.iter().any(|file| is_same(&file.path, &path)) {
                add(origins, &path, complaints, problems);
            }
        }
    }
}

fn add(origins: &mut Origins, path: &FilePath, complaints: &mut Vec<Complaint>, problems: &mut Vec<Problem>) {
    match read(path) {
        Ok((file, repeated)) => {
            let number = origins.files.len();
            complaints.extend(repeated.into_iter().map(|complaint| complaint.in_file(number)));
            origins.files.push(file);
        }
        Err(problem) => {
            // Its number is kept, so that it is not read again.
            origins.files.push(ConfigText { path: path.to_owned(), ..ConfigText::default() });
            problems.push(*problem);
        }
    }
}

fn is_same(a: &FilePath, b: &FilePath) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// The files that `pattern` means, sorted.
fn find(folder: &FilePath, pattern: &str) -> Result<Vec<PathBuf>, (String, String)> {
    let (inner, name) = pattern.rsplit_once('/').map_or(("", pattern), |(inner, name)| (inner, name));
    if inner.contains('*') {
        let message = format!("`*` in the folder of `{pattern}`");
        return Err((message, "`*` stands for any text in the file name only".into()));
    }
    let full = folder.join(pattern);
    if !name.contains('*') {
        let missing = || (format!("`{pattern}` is not there"), format!("it would be {}", full.display()));
        return if full.is_file() { Ok(vec![full]) } else { Err(missing()) };
    }
    let folder = full.parent().unwrap_or(folder).to_owned();
    let Ok(entries) = std::fs::read_dir(if folder.as_os_str().is_empty() { FilePath::new(".") } else { &folder })
    else {
        return Ok(Vec::new());
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let meant = names.filter(|found| !found.starts_with('.') && is_match(name, found));
    let mut files: Vec<_> = meant.map(|name| folder.join(name)).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

/// Whether `name` fits `pattern`: its pieces between `*` stand in `name` in this order, the first and last at its ends.
fn is_match(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let (pieces, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let middle = name.strip_prefix(first).and_then(|name| name.strip_suffix(last));
    let found = middle
        .map(|middle| pieces.split('*').try_fold(middle, |rest, piece| rest.split_once(piece).map(|(_, after)| after)));
    found.flatten().is_some()
}
