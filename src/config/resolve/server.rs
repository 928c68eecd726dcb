use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::path::Path;
use crate::config::server::{AccessToken, Server, ServerFile, ServerTls, ServerTlsFile, TokenFile};
use crate::connector::Secret;
use crate::principal::shown;

/// The longest name of a token: it stands in reports.
const LONGEST_NAME: usize = 64;

/// Letters of a SHA-256 in hexadecimal.
const HEX_LETTERS: usize = 64;

/// The daemon from what is written.
pub(super) fn resolve(file: Option<ServerFile>, at: &mut Resolving<'_>) -> Server {
    let path = Path::of(&["server"]);
    let ServerFile { listen, tokens, tls, drain, concurrent_runs } = file.unwrap_or_default();
    let usual = Server::default();
    if concurrent_runs == Some(0) {
        let complaint = Complaint::at_value(path.key("concurrentRuns"), "`concurrentRuns` is 0: no run could begin");
        at.complaints.add(complaint.hinting("leave it out for the default"));
    }
    let written = tokens.is_some();
    if tokens.as_ref().is_some_and(Vec::is_empty) {
        let complaint = Complaint::at_value(
            path.key("tokens"),
            "`tokens` is empty: whoever reaches this machine's loopback would be an operator",
        );
        at.complaints.add(
            complaint
                .hinting("leave `tokens` out where that is meant; `rollcall token NAME --role operator` prints one"),
        );
    }
    let tokens = tokens_of(tokens.unwrap_or_default(), &path.key("tokens"), at);
    let address = listen.map_or(usual.listen, |text| address(&text, &path.key("listen"), at).unwrap_or(usual.listen));
    let is_open = !address.ip().is_loopback() && tokens.is_empty();
    if is_open && !(written && at.complaints.touch(&path.key("tokens"))) {
        let complaint = Complaint::at_value(
            path.key("listen"),
            format!("it listens beyond this machine, at {address}, and there are no tokens"),
        );
        let hint = "add `tokens`: `rollcall token NAME --role operator` prints one; or listen on 127.0.0.1";
        at.complaints.add(complaint.hinting(hint));
    }
    let tls = tls.and_then(|tls| tls_of(tls, &path.key("tls"), at));
    if tls.is_none() && !address.ip().is_loopback() && !is_open && !at.complaints.touch(&path) {
        let warning = Complaint::at_value(path.key("listen"), "it listens beyond this machine without `tls`");
        at.complaints.warn(warning.hinting("tokens travel as they are: add `tls`, or let only a proxy reach it"));
    }
    Server {
        listen: address,
        tokens,
        tls,
        drain: drain.map_or(usual.drain, |drain| drain.0),
        concurrent_runs: concurrent_runs.and_then(|most| most.try_into().ok()).unwrap_or(usual.concurrent_runs).max(1),
    }
}

fn address(text: &str, path: &Path, at: &mut Resolving<'_>) -> Option<SocketAddr> {
    let named = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let found = named.as_deref().unwrap_or(text).parse().ok();
    if found.is_none() {
        let message = format!("expected an address and a port, found `{}`", shown(text, 40));
        at.complaints.add(Complaint::at_value(path.clone(), message).hinting("such as `127.0.0.1:7878`"));
    }
    found
}

fn tokens_of(files: Vec<TokenFile>, path: &Path, at: &mut Resolving<'_>) -> Vec<AccessToken> {
    let (mut tokens, mut names, mut hashes) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (index, TokenFile { name, role, sha256 }) in files.into_iter().enumerate() {
        let path = path.index(index);
        let hint = "`rollcall token NAME --role ROLE` prints a whole entry";
        for (key, missing) in [("name", name.is_none()), ("role", role.is_none()), ("sha256", sha256.is_none())] {
            if missing {
                at.missing(&path, key, hint);
            }
        }
        let hash = sha256.as_deref().and_then(hash_of);
        if sha256.is_some() && hash.is_none() {
            let complaint = Complaint::at_value(path.key("sha256"), "it is no SHA-256 in hexadecimal, 64 digits");
            at.complaints.add(complaint.hinting("here stands the hash of the token, never the token itself"));
        }
        if let Some(name) = &name {
            check_name(name, &mut names, &path.key("name"), at);
        }
        if hash.is_some_and(|hash| !hashes.insert(hash)) {
            let complaint = Complaint::at_value(path.key("sha256"), "another entry has the same token");
            at.complaints.add(complaint.hinting("give each its own: who asked must be clear"));
        }
        if let (Some(name), Some(role), Some(hash)) = (name, role, hash) {
            tokens.push(AccessToken { name, role, hash });
        }
    }
    tokens
}

fn check_name(name: &str, names: &mut BTreeSet<String>, path: &Path, at: &mut Resolving<'_>) {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(letters) {
        let message = format!("`{}` cannot be the name of a token", shown(name, LONGEST_NAME));
        let hint = "it is 1 to 64 of the letters A-Z, a-z, 0-9, `.`, `_`, `-` and `@`";
        at.complaints.add(Complaint::at_value(path.clone(), message).hinting(hint));
    } else if !names.insert(name.to_owned()) {
        let complaint = Complaint::at_value(path.clone(), format!("two tokens are named `{name}`"));
        at.complaints.add(complaint.hinting("who asked must be clear: name them differently"));
    }
}

fn hash_of(text: &str) -> Option<[u8; 32]> {
    if text.len() != HEX_LETTERS || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut hash = [0; 32];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(hash)
}

fn tls_of(file: ServerTlsFile, path: &Path, at: &mut Resolving<'_>) -> Option<ServerTls> {
    let ServerTlsFile { cert, key } = file;
    let mut one = |name: &str, file: Option<PathBuf>| {
        let Some(file) = file else {
            at.missing(path, name, "`tls` takes a certificate and its key: `{ cert: PATH, key: PATH }`");
            return None;
        };
        let full = Secret::locate(&file, at.folder);
        // Asked before it is opened: opening a pipe that nobody writes to would wait for ever.
        let is_file = std::fs::metadata(&full).map(|found| found.is_file());
        let why = match is_file.and_then(|is_file| is_file.then(|| std::fs::File::open(&full)).transpose()) {
            Ok(Some(_)) => None,
            Ok(None) => Some("it is no regular file".to_owned()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(why) = why {
            let message = format!("cannot read {}: {why}", full.display());
            at.complaints.add(Complaint::at_value(path.key(name), message).hinting("expected a PEM file"));
        }
        Some(full)
    };
    let (cert, key) = (one("cert", cert), one("key", key));
    Some(ServerTls { cert: cert?, key: key? })
}
