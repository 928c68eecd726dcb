use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::problem::{Excerpt, Problem};
use crate::principal::neutral;

/// How a rendering is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Plain,
    Ansi,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

/// Problems for a person: each with its line, unless that holds a secret. Ends with a line break.
#[must_use]
pub fn text(problems: &[Problem], severity: Severity, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Plain => Renderer::plain(),
        Colour::Ansi => Renderer::styled(),
    };
    let blocks = problems.iter().map(|problem| renderer.render(&[group(problem, severity)]) + "\n");
    blocks.collect::<Vec<_>>().join("\n")
}

/// Problems for a program, on one line: an array of objects with file, line, column, path, message and hint.
#[must_use]
pub fn json(problems: &[Problem]) -> String {
    serde_json::to_string(problems).unwrap_or_default()
}

fn group(problem: &Problem, severity: Severity) -> Group<'_> {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let file = problem.file.display().to_string();
    let title = if problem.path.is_empty() || problem.message.contains(&problem.path) {
        neutral(&problem.message).into_owned()
    } else {
        neutral(&format!("{}: {}", problem.path, problem.message)).into_owned()
    };
    let mut group = level.primary_title(title).element(place(problem, file));
    if problem.excerpt == Excerpt::Withheld {
        group = group.element(Level::NOTE.message("the line is not shown: it may hold a secret"));
    }
    match &problem.hint {
        Some(hint) => group.element(Level::HELP.with_name("hint").message(neutral(hint))),
        None => group,
    }
}

fn place(problem: &Problem, file: String) -> Element<'_> {
    match (&problem.excerpt, problem.line) {
        (_, 0) => Origin::path(file).into(),
        (Excerpt::Line { text, from, to }, line) => {
            let mark = AnnotationKind::Primary.span(*from..*to);
            Snippet::source(text.as_str()).line_start(line).path(file).annotation(mark).into()
        }
        (Excerpt::None | Excerpt::Withheld, line) => Origin::path(file).line(line).char_column(problem.column).into(),
    }
}
