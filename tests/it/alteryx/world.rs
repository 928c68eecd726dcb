//! A company in `people.json`, an emulated server, and the sync from one to the other.

use std::ops::Deref;

use rollcall::sandbox::alteryx::{self, Alteryx, Group, Switches, User};
use rollcall::sandbox::{Fault, FaultKind, JournalEntry, Options, Product, Sandbox, Secret};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::{App, Document, Run};

/// No limit of the guard but that on privileges: a company of five trips most of the others.
const UNGUARDED: &str =
    "guard: { removals: off, budget: off, creations: off, updates: off, clears: off, admins: off, groupRemovals: off }";

pub(super) const RULES: &str = "removeDeleted: true, ownership: managed";

pub(super) struct World {
    pub(super) app: App,
    runtime: Runtime,
    sandbox: Option<Sandbox>,
}

/// A user of the source; the display name is that of the address.
pub(super) fn person(name: &str, groups: &[&str]) -> Value {
    json!({ "name": format!("{name}@example.org"), "displayName": format!("{name} Example"), "groupNames": groups,
        "principalTypeEnum": "LOCAL_USER", "id": format!("id-{name}") })
}

/// A group of the source.
pub(super) fn team(name: &str) -> Value {
    json!({ "name": name, "principalTypeEnum": "LOCAL_GROUP", "id": format!("id-{name}") })
}

/// The same with another value of a member; an attribute is `attributes.NAME`.
pub(super) fn with(principal: &Value, member: &str, value: impl Into<Value>) -> Value {
    let mut changed = principal.clone();
    match member.strip_prefix("attributes.") {
        Some(name) => changed["attributes"][name] = value.into(),
        None => changed[member] = value.into(),
    }
    changed
}

/// A user of the server, as a seed writes it.
pub(super) fn there(name: &str, groups: &[&str]) -> Value {
    json!({ "email": format!("{name}@example.org"), "firstName": name, "lastName": "Example", "groups": groups })
}

impl World {
    /// `people` in the source, `seed` on the server, and these rules: members of a YAML flow mapping.
    pub(super) fn new(people: &[Value], seed: &Value, rules: &str) -> Self {
        Self::with_target(people, seed, "", rules)
    }

    /// The same; `target` are members of the target's own flow mapping.
    pub(super) fn with_target(people: &[Value], seed: &Value, target: &str, rules: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let seed = serde_json::from_value(seed.clone()).unwrap();
        let options = alteryx::Options { seed, secret: Secret::new("Canary-alteryx"), ..alteryx::Options::default() };
        let options = Options { alteryx: options, ..Options::default() };
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let world = Self { app: App::new(), runtime, sandbox: Some(sandbox) };
        world.app.write("secret", "Canary-alteryx\n");
        world.source(people);
        world.configure(target, rules);
        world
    }

    /// One where everybody is in the source and, by an apply by hand, on the server; the journal is empty.
    pub(super) fn settled(people: &[Value], target: &str, rules: &str) -> Self {
        let world = Self::with_target(people, &json!({}), target, rules);
        world.apply();
        world.clear_journal();
        world
    }

    pub(super) fn configure(&self, target: &str, rules: &str) {
        let url = self.sandbox.as_ref().unwrap().url("alteryx");
        self.app.configure(&format!(
            "environment: test\nsources:\n  people: {{ json: {{ path: people.json }}, expect: {{ shrink: off }} }}\n\
             targets:\n  bi:\n    alteryx: {{ url: {url}/webapi, key: rollcall, secret: {{ file: secret }}, owner: \
             Admin@Example.org, {target} }}\nsyncs:\n  people-to-bi: {{ from: people, to: bi, {UNGUARDED}, {rules} }}\n"
        ));
    }

    pub(super) fn source(&self, people: &[Value]) {
        self.app.write_json("people.json", people);
    }

    pub(super) fn run(&self, line: &str) -> Run {
        self.app.run(line)
    }

    #[track_caller]
    pub(super) fn plan(&self) -> Document {
        self.run("plan --format json").exits(0).document()
    }

    #[track_caller]
    pub(super) fn apply(&self) -> Document {
        self.run("apply --yes --format json").exits(0).document()
    }

    /// Something of the apply was not done.
    #[track_caller]
    pub(super) fn apply_in_part(&self) -> Document {
        let run = self.run("apply --yes --format json");
        assert!([Some(1), Some(4)].contains(&run.code), "{run}");
        run.document()
    }

    /// The second plan is empty.
    #[track_caller]
    pub(super) fn is_settled(&self) {
        let plan = self.run("plan --detailed-exitcode --format json").exits(0).document();
        assert!(plan.changes().is_empty(), "{plan}");
    }

    #[track_caller]
    pub(super) fn person(&self, name: &str) -> User {
        self.user(&format!("{name}@example.org")).unwrap_or_else(|| panic!("there is no {name}"))
    }

    pub(super) fn groups_of(&self, name: &str) -> Vec<String> {
        self.person(name).groups.into_iter().collect()
    }

    #[track_caller]
    pub(super) fn team(&self, name: &str) -> Group {
        self.group(name).unwrap_or_else(|| panic!("there is no group {name}"))
    }

    pub(super) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = Alteryx::switches(self);
        change(&mut switches);
        self.set_switches(switches);
    }

    pub(super) fn fault(&self, operation: &str, fault: FaultKind) {
        self.inject(Fault::once(operation, fault));
    }

    /// Somebody else changes a user of the server.
    pub(super) fn meddle(&self, name: &str, change: impl FnOnce(&mut User)) {
        let mut all = self.installation();
        let mail = format!("{name}@example.org");
        change(all.users.iter_mut().find(|user| user.email == mail).unwrap());
        Alteryx::seed(self, all).unwrap();
    }

    /// Somebody else deactivates a user of the server, who leaves every group by that.
    pub(super) fn deactivate(&self, name: &str) {
        let mut state = self.state();
        let mail = format!("{name}@example.org");
        let user =
            state["users"].as_array_mut().unwrap().iter_mut().find(|user| user["email"] == mail.as_str()).unwrap();
        (user["isActive"], user["groups"]) = (false.into(), json!([]));
        self.put_state(state).unwrap();
    }

    /// `POST users/…/deactivate` and the like, as often as they came: method and the last word of the path.
    pub(super) fn wrote(&self) -> Vec<String> {
        let word = |entry: &JournalEntry| {
            let words: Vec<&str> = entry.operation.split('/').filter(|word| word.len() != 24).collect();
            format!("{} {}", entry.method, words.join("/"))
        };
        self.writes().iter().map(word).collect()
    }
}

/// The change of one principal in a report.
#[track_caller]
pub(super) fn error_of(report: &Document, who: &str) -> String {
    let change = report.change(who);
    assert_eq!(change["outcome"], "failed", "{change}");
    change["error"].as_str().unwrap().to_owned()
}

/// The remarks of a report, `user:ada@example.org: TEXT`.
pub(super) fn remarks(report: &Document) -> Vec<String> {
    let remarks = report["applied"]["remarks"].as_array().unwrap().iter();
    let text = |remark: &Value, member: &str| remark[member].as_str().unwrap().to_owned();
    remarks
        .map(|remark| format!("{}:{}: {}", text(remark, "kind"), text(remark, "name"), text(remark, "text")))
        .collect()
}

impl Deref for World {
    type Target = Alteryx;

    fn deref(&self) -> &Alteryx {
        self.sandbox.as_ref().unwrap().alteryx()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.stop());
        }
    }
}
