use super::path::Path;

/// What the contract names and this version does not do yet. A key of it is refused, never ignored; so is a value.
const KEYS: &[&str] = &[
    "server",
    "notify",
    "sources.*.ldap",
    "sources.*.push",
    "sources.*.schedule",
    "targets.*.alteryx",
    "targets.*.curator",
    "targets.*.b2core",
    "targets.*.scim",
    "targets.*.gateway",
    "syncs.*.schedule",
    "syncs.*.webhook",
    "syncs.*.approval",
    "syncs.*.users.when",
    "syncs.*.users.set",
    "syncs.*.users.grant",
    "syncs.*.users.map",
    "syncs.*.users.rename",
    "syncs.*.groups.when",
    "syncs.*.groups.set",
    "syncs.*.groups.grant",
    "syncs.*.groups.map",
    "syncs.*.groups.rename",
    "syncs.*.leavers.users.after",
];

/// Words that a built key will take later.
const WORDS: &[(&str, &str)] = &[
    ("syncs.*.drift", "keep"),
    ("syncs.*.drift", "report"),
    ("syncs.*.match.*", "mail"),
    ("syncs.*.leavers.users.then", "delete"),
];

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
