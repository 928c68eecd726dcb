use std::ops::Deref;

use rollcall::sandbox::b2core::{self, BackOffice, Switches};
use rollcall::sandbox::{Fault, FaultKind, JournalEntry, Options, Product, Sandbox};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{App, Document, Run};

/// An emulated B2CORE Back Office, `people.json`, and the sync from one to the other.
pub(crate) struct Office {
    pub(crate) app: App,
    runtime: Runtime,
    sandbox: Option<Sandbox>,
}

/// A user of the source, named by its address.
pub(crate) fn clerk(name: &str, groups: &[&str]) -> Value {
    json!({ "name": format!("{name}@example.org"), "displayName": name, "groupNames": groups, "id": format!("id-{name}") })
}

impl Office {
    /// Groups `Support` (2) and `Risk` (3), and these users; `target` and `rules` are members of YAML flow mappings.
    pub(crate) fn new(users: &[Value], target: &str, rules: &str) -> Self {
        let groups = json!([{ "name": "Support", "permissions": ["clients.view"] }, { "name": "Risk" }]);
        Self::seeded(json!({ "groups": groups, "users": users }), target, rules)
    }

    pub(crate) fn seeded(seed: Value, target: &str, rules: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let seed = serde_json::from_value(seed).unwrap();
        let b2core = b2core::Options { seed, ..b2core::Options::default() };
        let options = Options { b2core, ..Options::default() };
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let office = Self { app: App::new(), runtime, sandbox: Some(sandbox) };
        office.app.write("token", "sandbox-token\n");
        office.configure("token: { file: token }, account: admin@example.org", target, rules);
        office
    }

    /// Replaces how it is called, what the target has besides, and the rules of the sync.
    pub(crate) fn configure(&self, access: &str, target: &str, rules: &str) {
        let url = self.sandbox.as_ref().unwrap().url("b2core");
        let guard =
            "removals: off, budget: off, creations: off, updates: off, clears: off, admins: off, groupRemovals: off";
        let privileged = rules.split_once("ALLOW ").map_or("{}", |(_, allow)| allow);
        let rules = rules.split_once(", ALLOW ").map_or(rules, |(rules, _)| rules);
        self.app.configure(&format!(
            "environment: test\nsources:\n  people: {{ json: {{ path: people.json }}, expect: {{ shrink: off }} }}\ntargets:\n  \
             office:\n    timeout: 2s\n    b2core: {{ url: \"{url}\", {access}, {target} }}\nsyncs:\n  sync: {{ from: people, to: office, \
             guard: {{ {guard}, privileged: {{ allow: {privileged} }} }}, {rules} }}\n"
        ));
    }

    pub(crate) fn source(&self, people: &[Value]) {
        self.app.write_json("people.json", people);
    }

    pub(crate) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = BackOffice::switches(self);
        change(&mut switches);
        self.set_switches(switches);
    }

    /// The next so many requests for `operation` meet this fault.
    pub(crate) fn fault(&self, operation: &str, times: u32, fault: FaultKind) {
        self.inject(Fault::once(operation, fault).times(times));
    }

    pub(crate) fn run(&self, line: &str) -> Run {
        self.app.run(line)
    }

    #[track_caller]
    pub(crate) fn plan(&self) -> Document {
        self.run("plan --format json").exits(0).document()
    }

    #[track_caller]
    pub(crate) fn apply(&self) -> Document {
        self.run("apply --yes --format json").exits(0).document()
    }

    #[track_caller]
    pub(crate) fn is_settled(&self) {
        let plan = self.run("plan --detailed-exitcode --format json").exits(0).document();
        assert!(plan.changes().is_empty(), "{plan}");
    }

    #[track_caller]
    pub(crate) fn clerk(&self, name: &str) -> Value {
        self.user(&format!("{name}@example.org")).unwrap_or_else(|| panic!("no {name} in {:#}", self.state()))
    }

    /// What was written since the journal was emptied: `PATCH users/2: groups, name`.
    pub(crate) fn written(&self) -> Vec<String> {
        let told = |entry: &JournalEntry| format!("{} {}: {}", entry.method, entry.operation, entry.parts.join(", "));
        self.writes().iter().map(told).collect()
    }

    /// How many requests of this method and operation came.
    pub(crate) fn count(&self, method: &str, operation: &str) -> usize {
        let journal = self.journal();
        journal.iter().filter(|entry| entry.method == method && entry.operation == operation).count()
    }
}

impl Deref for Office {
    type Target = BackOffice;

    fn deref(&self) -> &BackOffice {
        self.sandbox.as_ref().unwrap().b2core()
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.stop());
        }
    }
}
