//! No switch and no fault of an emulator that no test turns.

use std::fs;
use std::path::{Path, PathBuf};

use rollcall::sandbox::{FaultKind, Options, Sandbox};
use serde_json::Value;

/// Switches of calls that no connector makes, and why. They are turned by the emulator's own tests.
const NEVER_MET: [(&str, &str, &str); 2] = [
    ("thoughtspot", "importProtectsSystem", "API v2 is written by single calls: users/import is never sent"),
    ("thoughtspot", "importAtomic", "the same"),
];

/// A file of tests: where it is, and what it says.
struct Tests {
    path: String,
    text: String,
}

impl Tests {
    /// Whether it could be about this product: it is named for it, or for none and tells of it.
    fn concerns(&self, product: &str, all: &[&str]) -> bool {
        let named: Vec<&&str> = all.iter().filter(|name| self.path.contains(**name)).collect();
        named.iter().any(|name| **name == product)
            || named.is_empty() && (product == "thoughtspot" || self.text.contains(product))
    }

    /// Whether it turns a switch: by the member of the JSON, or by the field.
    fn turns(&self, switch: &str) -> bool {
        if self.text.contains(&format!("\"{switch}\":")) {
            return true;
        }
        let field = format!(".{}", snake(switch));
        let uses = self.text.match_indices(&field).map(|(at, _)| self.text[at + field.len()..].trim_start());
        uses.into_iter().any(|rest| {
            let is_set = rest.starts_with('=') && !rest.starts_with("==");
            is_set || [".push(", ".insert(", ".extend("].iter().any(|deed| rest.starts_with(deed))
        })
    }
}

/// The field of a member: `orgFilter404` is `org_filter_404`.
fn snake(camel: &str) -> String {
    let (mut snake, mut before) = (String::new(), ' ');
    for c in camel.chars() {
        if c.is_ascii_uppercase() || (c.is_ascii_digit() && before.is_alphabetic()) {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
        before = c;
    }
    snake
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Files of tests; this one names switches and turns none.
fn tests(folder: &str, is_one: impl Fn(&str) -> bool) -> Vec<Tests> {
    let all = rust_files(&root().join(folder)).into_iter().map(|path| Tests {
        path: path.strip_prefix(root()).unwrap().display().to_string(),
        text: fs::read_to_string(&path).unwrap(),
    });
    all.filter(|tests| is_one(&tests.path) && !tests.path.ends_with("census.rs")).collect()
}

/// Tests of the whole and of the rooms, the sandbox apart: there the emulators test themselves.
fn tests_of_connectors() -> Vec<Tests> {
    let of_rooms = tests("src", |path| !path.starts_with("src/sandbox") && is_of_tests(path));
    tests("tests", |_| true).into_iter().chain(of_rooms).collect()
}

fn is_of_tests(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// Every switch, by product, as the emulators show them.
fn switches() -> Vec<(&'static str, String)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let sandbox = runtime.block_on(Sandbox::start(Options::default())).unwrap();
    let mut found = Vec::new();
    for (product, ..) in Options::PRODUCTS {
        let shown = sandbox.product(product).unwrap().switches();
        for (name, value) in shown.as_object().unwrap() {
            match value {
                // Those of the second interface of one product.
                Value::Object(inner) if name == "v2" => found.extend(inner.keys().map(|name| (*product, name.clone()))),
                _ => found.push((*product, name.clone())),
            }
        }
    }
    runtime.block_on(sandbox.stop());
    found
}

/// The faults, as the emulators name them to somebody who asks for one that there is not.
fn faults() -> Vec<String> {
    let told = serde_json::from_str::<FaultKind>("\"\"").unwrap_err().to_string();
    told.split('`').skip(1).step_by(2).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[test]
fn every_switch_is_turned_while_a_connector_is_at_work() {
    let switches = switches();
    assert!(switches.len() > 150, "{}", switches.len());
    let products: Vec<&str> = Options::PRODUCTS.iter().map(|(product, ..)| *product).collect();
    let (connectors, emulators) = (tests_of_connectors(), tests("src/sandbox", is_of_tests));
    let turned = |all: &[Tests], product: &str, switch: &str| {
        all.iter().any(|tests| tests.concerns(product, &products) && tests.turns(switch))
    };
    let mut missing = Vec::new();
    for (product, switch) in &switches {
        let is_exempt = NEVER_MET.iter().any(|(of, name, _)| of == product && name == switch);
        let place = if is_exempt { &emulators } else { &connectors };
        if !turned(place, product, switch) {
            missing.push(format!("{product}: {switch}"));
        }
    }
    assert!(missing.is_empty(), "turned by no test:\n{}", missing.join("\n"));
}

#[test]
fn every_exempt_switch_is_one() {
    let switches = switches();
    for (product, switch, _) in NEVER_MET {
        assert!(switches.iter().any(|(of, name)| *of == product && name == switch), "{product}: {switch}");
    }
}

#[test]
fn every_fault_is_met_by_a_connector() {
    let faults = faults();
    assert!(faults.len() >= 10, "{faults:?}");
    let connectors = tests_of_connectors();
    let variant = |name: &str| format!("FaultKind::{}{}", name[..1].to_ascii_uppercase(), &name[1..]);
    let missing: Vec<&String> =
        faults.iter().filter(|name| !connectors.iter().any(|tests| tests.text.contains(&variant(name)))).collect();
    assert!(missing.is_empty(), "met by no test: {missing:?}");
}

#[test]
fn a_switch_counts_as_turned_only_where_it_is() {
    let tests = |text: &str| Tests { path: "tests/it/x.rs".into(), text: text.into() };
    assert!(tests(r#"json!({ "maxBody": 900 })"#).turns("maxBody"));
    assert!(tests("switches.max_body = Some(900)").turns("maxBody"));
    assert!(tests("switches.drop.push(x)").turns("drop"));
    for text in ["switches.max_body == None", "max_body", "all.count(\"x\")", "\"maxBody\"", "x.max_body_of = 1"] {
        assert!(!tests(text).turns("maxBody") && !tests(text).turns("count"), "{text}");
    }
}
