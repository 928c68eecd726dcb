use serde_yaml::Value;

use super::path::Path;

/// Keys whose value is a secret, with everything below it: `${NAME}` is not replaced there, and no digest covers it.
const SECRET_KEYS: [&str; 7] = ["password", "secret", "apiKey", "clientSecret", "token", "signingKey", "personalKey"];

/// Parts of a key that make its value look like a secret, misspelt or misplaced as the key may be.
const SECRET_PARTS: [&str; 8] = ["pass", "pw", "secret", "token", "key", "cred", "auth", "psw"];

pub(super) fn is_secret_key(key: &str) -> bool {
    SECRET_KEYS.contains(&key)
}

/// Keys whose members name columns and attributes: a `password` among them is no secret.
const NAMING_KEYS: [&str; 2] = ["map", "groupsMap"];

/// The way to the secret that `path` leads to or into, if any.
pub(super) fn secret_root(path: &Path) -> Option<Path> {
    let keys: Vec<_> = path.keys().map(Option::unwrap_or_default).collect();
    let naming = |at: usize| at > 0 && NAMING_KEYS.contains(&keys[at - 1]);
    // Who has the address of a chat may write there.
    let hook = matches!(keys[..], ["notify", _, "chat", "url", ..]).then_some(3);
    let at = hook.or_else(|| (0..keys.len()).find(|at| is_secret_key(keys[*at]) && !naming(*at)))?;
    Some(Path(path.0[..=at].to_vec()))
}

/// Whether the value of this key is never printed.
pub(super) fn is_hidden_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SECRET_PARTS.iter().any(|part| key.contains(part)) || super::nearest::nearest(&key, SECRET_KEYS).is_some()
}

/// Whether a value may be the address of a hook, misspelt or misplaced as its key may be: whoever knows it may post.
pub(super) fn may_be_hook(path: &Path, text: &str) -> bool {
    let keys: Vec<_> = path.keys().map(Option::unwrap_or_default).collect();
    let address = matches!(keys[..], ["notify", _, "webhook" | "chat", "url"]);
    address || (keys.first() == Some(&"notify") && (text.contains("http://") || text.contains("https://")))
}

/// Takes the addresses of hooks out of the entries of `notify`.
pub(super) fn forget_hooks(root: &mut Value) {
    let entries = root.get_mut("notify").and_then(Value::as_sequence_mut);
    for entry in entries.into_iter().flatten() {
        for kind in ["webhook", "chat"] {
            if let Some(members) = entry.get_mut(kind).and_then(Value::as_mapping_mut) {
                members.remove("url");
            }
        }
    }
}

/// The same tree without its secrets.
pub(super) fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Mapping(members) => {
            let kept = members.iter().filter(|(key, _)| !key.as_str().is_some_and(is_secret_key));
            let kept = kept.map(|(key, value)| {
                let naming = key.as_str().is_some_and(|key| NAMING_KEYS.contains(&key));
                (key.clone(), if naming { value.clone() } else { without_secrets(value) })
            });
            Value::Mapping(kept.collect())
        }
        Value::Sequence(items) => Value::Sequence(items.iter().map(without_secrets).collect()),
        plain => plain.clone(),
    }
}
