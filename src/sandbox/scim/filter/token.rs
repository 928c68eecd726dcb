use serde_json::Value;

/// A word of a filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// `(`, `)`, `[` or `]`.
    Bracket(char),
    /// An attribute, an operator, or a connective.
    Word(String),
    /// A string, a number, a boolean, or null.
    Literal(Value),
}

/// Cuts a filter into words; nothing where a string does not end or a letter has no place.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | '[' | ']' => {
                found.push(Token::Bracket(first));
                1
            }
            '"' => {
                let length = quoted(rest)?;
                found.push(Token::Literal(serde_json::from_str(rest.get(..length)?).ok()?));
                length
            }
            _ => {
                let end = rest.find(|letter: char| letter.is_whitespace() || "()[]\"".contains(letter));
                let length = end.unwrap_or(rest.len());
                found.push(word(rest.get(..length)?));
                length
            }
        };
        rest = rest.get(length..)?.trim_start();
    }
    Some(found)
}

fn word(text: &str) -> Token {
    let literal =
        matches!(text, "true" | "false" | "null") || text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    match literal.then(|| serde_json::from_str(text).ok()).flatten() {
        Some(value) => Token::Literal(value),
        None => Token::Word(text.to_owned()),
    }
}

/// The length of the JSON string at the start.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
