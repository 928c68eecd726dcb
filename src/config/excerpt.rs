use std::collections::BTreeSet;

use serde_yaml::Value;

use super::hidden::{is_hidden_key, may_be_hook};
use super::path::{Path, Step, walk};
use super::place::{Goal, locate};
use super::problem::Excerpt;

/// A place in a text: line and column from 1, and the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) line: usize,
    /// In characters.
    pub(super) column: usize,
    pub(super) byte: usize,
}

impl Spot {
    /// The spot after so many bytes of `text`.
    pub(super) fn after(text: &str, bytes: usize) -> Self {
        let byte = text.floor_char_boundary(bytes);
        let start = text[..byte].rfind('\n').map_or(0, |at| at + 1);
        let line = text[..byte].matches('\n').count() + 1;
        Self { line, column: text[start..byte].chars().count() + 1, byte }
    }
}

/// The line at `spot`, with the word there marked.
pub(super) fn excerpt(text: &str, spot: Spot) -> Excerpt {
    let start = text[..spot.byte].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let from = (spot.byte - start).min(line.len());
    let length = word(&line[from..]);
    Excerpt::Line { text: line.to_owned(), from, to: from + length }
}

/// How many bytes the key or value at the start of `rest` takes on its line.
fn word(rest: &str) -> usize {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        return rest[1..].find(quote).map_or(rest.len(), |end| end + 2);
    }
    let ends = [": ", " #", ", ", "}", "]"].iter().filter_map(|end| rest.find(end));
    let end = ends.min().unwrap_or(rest.len());
    rest[..end].trim_end().trim_end_matches([':', ',']).len()
}

/// The lines of `text` that hold, or may hold, a secret.
pub(super) fn withheld(text: &str, root: &Value) -> BTreeSet<usize> {
    let (mut ways, mut hidden) = (Vec::new(), BTreeSet::new());
    walk(root, &mut |path, value| {
        ways.push(path.clone());
        let key = path.keys().last().flatten();
        let is_hook = value.as_str().into_iter().chain(key).any(|text| may_be_hook(path, text));
        // The address of a database holds a password, and may be misspelt.
        let is_state = path.is_like("state") && !value.as_str().is_some_and(|text| text.starts_with("sqlite:"));
        hidden.extend((is_hook || is_state).then(|| path.clone()));
    });
    let numbered = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    let mut lines: BTreeSet<_> = numbered.filter(|(_, line)| has_login(line)).map(|(number, _)| number).collect();
    for (at, path) in ways.iter().enumerate() {
        // The second step is a name that the user chose.
        let hides = matches!(path.0.last(), Some(Step::Key(key)) if path.0.len() != 2 && is_hidden_key(key));
        if hides || hidden.contains(path) {
            let next = ways[at..].iter().find(|other| !other.starts_with(path));
            let next = next.and_then(|next| spot(text, next, Goal::Key(0)));
            let starts = [spot(text, path, Goal::Key(0)), spot(text, path, Goal::Value)];
            starts.into_iter().flatten().for_each(|start| withhold(text, start, next, &mut lines));
        }
    }
    lines
}

/// Whether a URL on this line carries a name and password: `http://name:password@proxy`.
fn has_login(line: &str) -> bool {
    line.split("://").skip(1).any(|rest| rest.split(['/', ' ']).next().is_some_and(|host| host.contains('@')))
}

pub(super) fn spot(text: &str, path: &Path, goal: Goal) -> Option<Spot> {
    locate(text, path, goal).map(|bytes| Spot::after(text, bytes))
}

/// Withholds what begins at `start`: up to the next value of the document, and every line that is indented deeper (an
/// alias stands elsewhere, where the next value does not tell its end).
fn withhold(text: &str, start: Spot, next: Option<Spot>, lines: &mut BTreeSet<usize>) {
    let all: Vec<_> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = all.get(start.line - 1).map_or(0, |line| indent(line));
    let deeper = all.iter().skip(start.line).take_while(|line| line.trim().is_empty() || indent(line) > own).count();
    let shared = |next: &Spot| {
        let head: String =
            all.get(next.line - 1).map_or(String::new(), |line| line.chars().take(next.column - 1).collect());
        !head.trim_matches([' ', '-']).is_empty()
    };
    let until = next.filter(|next| next.line > start.line).map_or(0, |next| next.line - usize::from(!shared(&next)));
    lines.extend(start.line..=until.max(start.line + deeper));
}
