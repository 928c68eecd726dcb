//! Text for chats: what others wrote must not call people, show a link under other words, or look like the product's own.

/// Characters with a meaning in Slack, Mattermost, Teams and their like, and what looks nearly the same. Which of their
/// escapes a product reads is not known; what has no meaning needs none.
fn instead(c: char) -> char {
    match c {
        // Slack: `<!channel>`, `<https://example.org|other words>`; HTML.
        '<' => '‹',
        '>' => '›',
        // Mattermost, Rocket.Chat: `@all`.
        '@' => '＠',
        // Markdown: code, links.
        '`' => '\'',
        ']' => '］',
        other => other,
    }
}

/// The line without meaning to a chat.
pub(super) fn harmless(line: &str) -> String {
    line.chars().map(instead).collect()
}

/// The same for a title, which begins with the environment in brackets: what follows on a bracket is no link.
pub(super) fn harmless_title(title: &str) -> String {
    match title.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((environment, rest)) => format!("[{}] {}", harmless(environment), harmless(rest)),
        None => harmless(title),
    }
}
