use super::path::Path;

/// What the contract names and this version does not do yet. A key of it is refused, never ignored; so is a value.
const KEYS: &[&str] = &["sources.*.schedule", "syncs.*.approval"];

/// Words that a built key will take later.
const WORDS: &[(&str, &str)] = &[("syncs.*.match.*", "mail")];

/// Keys that are somewhere else, or something else, and what to write.
const INSTEAD: &[(&str, &str)] = &[
    ("syncs.*.users.map", "users are renamed with `set: { name: \"{{ … }}\" }`"),
    ("syncs.*.users.rename", "users are renamed with `set: { name: \"{{ … }}\" }`"),
    ("syncs.*.users.nested", "write it under `groups`"),
    ("syncs.*.groups.grant", "write it under `users`: groups are given to users"),
];

/// What to write instead of the unknown key at the end of `path`, where that is known.
pub(super) fn instead(path: &Path) -> Option<&'static str> {
    INSTEAD.iter().find(|(pattern, _)| at(path, pattern)).map(|(_, hint)| *hint)
}

/// Whether the unknown key at the end of `path` belongs to something that is not built yet.
pub(super) fn is_unbuilt_key(path: &Path) -> bool {
    KEYS.iter().any(|pattern| at(path, pattern))
}

/// Whether the unknown `word` at `path` belongs to something that is not built yet.
pub(super) fn is_unbuilt_word(path: &Path, word: &str) -> bool {
    WORDS.iter().any(|(pattern, unbuilt)| word == *unbuilt && at(path, pattern))
}

/// Whether `path` is like `pattern`, in an entry or in the defaults of all entries.
fn at(path: &Path, pattern: &str) -> bool {
    let defaults = pattern.strip_prefix("syncs.*").map(|rest| format!("defaults.sync{rest}"));
    let defaults = defaults.or_else(|| pattern.strip_prefix("targets.*").map(|rest| format!("defaults.target{rest}")));
    path.is_like(pattern) || defaults.is_some_and(|pattern| path.is_like(&pattern))
}
