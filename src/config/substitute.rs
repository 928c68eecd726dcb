use std::collections::BTreeSet;

use serde_yaml::Value;

use super::complaint::Complaint;
use super::hidden::secret_root;
use super::path::{Path, walk};

/// Looks a variable of the environment up.
pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Replaces `${NAME}` and `${NAME:-default}` in every text but secrets; `$${` stands for `${`. Gives the ways to the
/// texts that changed, and what could not be replaced.
pub(super) fn substitute(root: &mut Value, environment: Environment<'_>) -> (BTreeSet<Path>, Vec<Complaint>) {
    let mut texts = Vec::new();
    walk(root, &mut |path, value| {
        if let Some(text) = value.as_str().filter(|text| text.contains("${"))
            && secret_root(path).is_none()
        {
            texts.push((path.clone(), replace(text, environment)));
        }
    });
    let (mut changed, mut complaints) = (BTreeSet::new(), Vec::new());
    for (path, text) in texts {
        match (text, path.value_mut(root)) {
            (Ok(text), Some(value)) => {
                *value = Value::String(text);
                changed.insert(path);
            }
            (Err((message, hint)), _) => complaints.push(Complaint::at_value(path, message).hinting(hint)),
            (Ok(_), None) => {}
        }
    }
    (changed, complaints)
}

fn replace(text: &str, environment: Environment<'_>) -> Result<String, (String, String)> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        if let Some(before) = before.strip_suffix('$') {
            out.push_str(before);
            out.push_str("${");
            rest = &from[2..];
            continue;
        }
        out.push_str(before);
        let Some(end) = from.find('}') else {
            return Err(("`${` without `}`".into(), "write `$${` where no variable is meant".into()));
        };
        out.push_str(&variable(&from[2..end], environment)?);
        rest = &from[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

fn variable(inside: &str, environment: Environment<'_>) -> Result<String, (String, String)> {
    let (name, default) = inside.split_once(":-").map_or((inside, None), |(name, default)| (name, Some(default)));
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(letters) {
        let message = format!("`${{{inside}}}` names no environment variable");
        return Err((message, "write `${NAME}` or `${NAME:-default}`, and `$${` where no variable is meant".into()));
    }
    match (environment(name), default) {
        (Some(value), Some(default)) if value.is_empty() => Ok(default.to_owned()),
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.to_owned()),
        (None, None) => {
            Err((format!("environment variable {name} is not set"), format!("set it, or write `${{{name}:-default}}`")))
        }
    }
}
