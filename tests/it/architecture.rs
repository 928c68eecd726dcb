//! Rooms import only rooms below them, and no file outgrows its reader.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every room with all that it may import. Two of one level never import each other; the sandbox imports nothing at
/// all, so that it shares no mistake with the connectors that it tests.
const ROOMS: [(&str, &[&str]); 17] = [
    ("principal", &[]),
    ("plan", &["principal"]),
    ("audit", &["principal", "plan"]),
    ("guard", &["principal", "plan"]),
    ("connector", &["principal", "plan"]),
    ("http", &["principal", "plan", "guard", "connector"]),
    ("mapping", &["principal", "plan", "guard", "connector", "http"]),
    ("sources", &["principal", "plan", "guard", "connector", "http", "mapping"]),
    ("targets", &["principal", "plan", "guard", "connector", "http", "mapping"]),
    ("apply", &["principal", "plan", "guard", "connector", "http", "mapping"]),
    ("sandbox", &[]),
    ("report", &["principal", "plan", "guard", "connector", "http", "mapping", "sources", "targets", "apply"]),
    ("notify", &["principal", "plan", "guard", "connector", "http", "report"]),
    (
        "config",
        &["principal", "plan", "guard", "connector", "http", "mapping", "sources", "targets", "apply", "notify"],
    ),
    (
        "store",
        &[
            "principal",
            "plan",
            "audit",
            "guard",
            "connector",
            "http",
            "mapping",
            "sources",
            "targets",
            "apply",
            "report",
            "notify",
            "config",
        ],
    ),
    (
        "run",
        &[
            "principal",
            "plan",
            "audit",
            "guard",
            "connector",
            "http",
            "mapping",
            "sources",
            "targets",
            "apply",
            "report",
            "notify",
            "config",
            "store",
        ],
    ),
    (
        "daemon",
        &[
            "principal",
            "plan",
            "audit",
            "guard",
            "connector",
            "http",
            "mapping",
            "sources",
            "targets",
            "apply",
            "sandbox",
            "report",
            "notify",
            "config",
            "store",
            "run",
        ],
    ),
];

/// A room's own tests may stand on what is above it, such as the abilities of the real targets; those of the sandbox may
/// not.
fn is_free(path: &Path, room: &str) -> bool {
    room != "sandbox" && path.iter().any(|part| part == "tests" || part == "tests.rs")
}

/// The command line is above everything.
const TOP: [&str; 1] = ["cli"];

const LONGEST_SOURCE: usize = 400;
const LONGEST_TEST: usize = 600;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The code without comments: documentation may point up.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The first words of every path that begins at the crate's root, `crate::{a, b::c}` included.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            None => found.push(word(rest)),
            Some(list) => {
                let mut depth = 1;
                let mut begins = true;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 1 => begins = true,
                        c if begins && c.is_alphabetic() => {
                            found.push(word(&list[at..]));
                            begins = false;
                        }
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn a_room_imports_only_rooms_below_it() {
    let allowed: BTreeMap<&str, &[&str]> = ROOMS.into_iter().collect();
    let source = root().join("src");
    let mut wrong = Vec::new();
    for path in files(&source) {
        let shown = path.strip_prefix(&source).unwrap();
        let room = shown.iter().next().unwrap().to_str().unwrap();
        let Some(allowed) = allowed.get(room) else {
            assert!(
                TOP.contains(&room) || ["lib.rs", "main.rs"].contains(&room),
                "the room {room} is not in the table"
            );
            continue;
        };
        if is_free(shown, room) {
            continue;
        }
        for import in imports(&code(&fs::read_to_string(&path).unwrap())) {
            let is_room = ROOMS.iter().any(|(name, _)| *name == import) || TOP.contains(&import.as_str());
            if is_room && import != room && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{}: {room} may not import {import}", shown.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::plan::{Change, Plan};\nuse crate::{guard::{Limit, review}, http, report as told};\nfn f(x: crate::store::Store) {}";
    assert_eq!(imports(text), ["plan", "guard", "http", "report", "store"]);
    assert_eq!(imports(&code("//! [`crate::cli`]\nlet x = 1;")), Vec::<String>::new());
}

#[test]
fn no_file_is_too_long_to_be_read() {
    let mut wrong = Vec::new();
    for (folder, most) in [("src", LONGEST_SOURCE), ("tests", LONGEST_TEST)] {
        for path in files(&root().join(folder)) {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            if lines > most {
                wrong
                    .push(format!("{}: {lines} lines, more than {most}", path.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
