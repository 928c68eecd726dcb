//! Finds the words of a text and what each is, so that a misspelt one is found, with its place, before any record is
//! read: the engine itself finds an unknown filter or test only when it gets there.

use std::collections::BTreeSet;

use super::engine::{FILTERS, FUNCTIONS, TESTS};
use super::fault::{Fault, Variable};

/// What a word is, as far as its neighbours tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A variable, a word of the language, or the name of an argument.
    Plain,
    Call,
    Filter,
    Test,
    Member,
    Method,
}

#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    at: usize,
    text: &'a str,
    role: Role,
}

/// What is between marks in a template, with the bytes before it.
pub(super) fn blocks(template: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = template[from..].find('{').map(|at| from + at) {
        let end = match &template.as_bytes()[start..] {
            [b'{', b'{', ..] => "}}",
            [b'{', b'%', ..] => "%}",
            [b'{', b'#', ..] => "#}",
            _ => {
                from = start + 1;
                continue;
            }
        };
        let inside = start + 2;
        let until = template[inside..].find(end).map_or(template.len(), |at| inside + at);
        if end != "#}" {
            found.push((inside, &template[inside..until]));
        }
        from = (until + 2).min(template.len());
    }
    found
}

/// Words that the language does not have, `before` bytes further on.
pub(super) fn strangers(expression: &str, before: usize, faults: &mut Vec<Fault>) {
    for Word { at, text, role } in words(expression) {
        let fault = match role {
            Role::Filter if !FILTERS.contains(&text) => Fault::unknown(at, "filter", text, &FILTERS),
            Role::Test if !TESTS.contains(&text) => Fault::unknown(at, "test", text, &TESTS),
            Role::Method => Fault::new(at, format!("there are no methods such as `.{text}(…)`"))
                .hinting("use a filter, such as `name | lower`"),
            _ => continue,
        };
        faults.push(fault.behind(before));
    }
}

/// Sorts the names that `text` does not declare into variables and unknown functions. `blocks` are its expressions.
pub(super) fn variables(
    undeclared: impl IntoIterator<Item = String>,
    blocks: &[(usize, &str)],
    faults: &mut Vec<Fault>,
) -> Vec<Variable> {
    let undeclared: BTreeSet<String> = undeclared.into_iter().filter(|name| !FUNCTIONS.contains(&&**name)).collect();
    let mut variables = Vec::new();
    for name in undeclared {
        let places = blocks.iter().flat_map(|(before, block)| words(block).into_iter().map(move |word| (before, word)));
        let mut places = places.filter(|(_, word)| word.text == name && matches!(word.role, Role::Plain | Role::Call));
        let (at, role) = places.next().map_or((0, Role::Plain), |(before, word)| (before + word.at, word.role));
        if role == Role::Call {
            faults.push(Fault::unknown(at, "function", &name, &FUNCTIONS));
        } else {
            variables.push(Variable { at, name });
        }
    }
    variables.sort();
    variables
}

fn words(text: &str) -> Vec<Word<'_>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Word<'_>> = Vec::new();
    let (mut at, mut before, mut testing) = (0, b' ', false);
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') => {
                at = after_string(bytes, at, quote);
                (before, testing) = (quote, false);
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let end = at + word_length(&bytes[at..]);
                let word = &text[at..end];
                let call = bytes[end..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'(');
                let role = match (before, call) {
                    (b'|', _) => Role::Filter,
                    (b'.', true) => Role::Method,
                    (b'.', false) => Role::Member,
                    _ if testing && word != "not" => Role::Test,
                    (_, true) => Role::Call,
                    (_, false) => Role::Plain,
                };
                found.push(Word { at, text: word, role });
                testing = role == Role::Plain && word == "is" || (testing && word == "not");
                (at, before) = (end, b'a');
            }
            byte if byte.is_ascii_digit() => {
                at += word_length(&bytes[at..]);
                (before, testing) = (b'0', false);
            }
            byte => {
                if !byte.is_ascii_whitespace() {
                    (before, testing) = (byte, false);
                }
                at += 1;
            }
        }
    }
    found
}

fn word_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}

fn after_string(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}
