use rollcall::sandbox::thoughtspot::v2::Switches;
use rollcall::sandbox::{Fault, FaultKind, JournalEntry};
use serde_json::Value;

use super::{App, Cluster, Run};

/// A company in `people.json`, an emulated cluster, and the sync `people-to-bi` through API v2, by pages of three.
pub(crate) struct WorldV2 {
    pub(crate) app: App,
    pub(crate) cluster: Cluster,
}

impl WorldV2 {
    /// `people` in the source, `seed` in the cluster, the keys of the connector besides the address and the secret, and
    /// the rules of the sync: members of YAML flow mappings.
    pub(crate) fn new(people: &[Value], seed: &[Value], keys: &str, rules: &str) -> Self {
        let world = Self { app: App::new(), cluster: Cluster::start(seed) };
        world.app.write("password", "admin\n");
        world.source(people);
        world.configure(keys, rules);
        world
    }

    /// One where everybody is in the source and, by an apply by hand, in the cluster; the journal is empty.
    pub(crate) fn settled(people: &[Value], keys: &str, rules: &str) -> Self {
        let world = Self::new(people, &[], keys, rules);
        world.run("apply --yes").exits(0);
        world.cluster.clear_journal();
        world
    }

    pub(crate) fn configure(&self, keys: &str, rules: &str) {
        let keys = if keys.is_empty() { String::new() } else { format!(", {keys}") };
        let secret = if keys.contains("secretKey") { "" } else { ", password: { file: password }" };
        let url = self.cluster.url();
        self.app.configure(&format!(
            "environment: test\nsources:\n  people: {{ json: {{ path: people.json }}, expect: {{ shrink: off }} }}\ntargets:\n  bi:\n    rate: 1000\n    \
             thoughtspot: {{ url: '{url}', username: tsadmin{secret}, api: v2, pageSize: 3{keys} }}\nsyncs:\n  \
             people-to-bi: {{ from: people, to: bi, {rules} }}\n"
        ));
    }

    pub(crate) fn source(&self, people: &[Value]) {
        self.app.write_json("people.json", people);
    }

    pub(crate) fn run(&self, line: &str) -> Run {
        self.app.run(line)
    }

    pub(crate) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        self.cluster.switch(|switches| change(&mut switches.v2));
    }

    pub(crate) fn fault(&self, operation: &str, fault: FaultKind) {
        self.cluster.inject(Fault::once(operation, fault));
    }

    /// The requests that wrote, as `operation`, GUIDs shortened to `*`.
    pub(crate) fn writes(&self) -> Vec<String> {
        let short = |entry: &JournalEntry| {
            let parts = entry.operation.split('/').map(|part| if part.len() == 36 { "*" } else { part });
            parts.collect::<Vec<_>>().join("/")
        };
        self.cluster.writes().iter().map(short).collect()
    }

    #[track_caller]
    pub(crate) fn plan(&self) -> super::Document {
        self.run("plan --format json").exits(0).document()
    }

    #[track_caller]
    pub(crate) fn is_settled(&self) {
        let plan = self.run("plan --detailed-exitcode --format json").exits(0).document();
        assert!(plan.changes().is_empty(), "{plan}");
    }

    #[track_caller]
    pub(crate) fn nothing_written(&self) {
        let writes = self.cluster.writes();
        assert!(writes.is_empty(), "{writes:#?}");
    }

    /// Nothing was sent in vain, and no default of the server decided anything.
    #[track_caller]
    pub(crate) fn was_well_spoken(&self) {
        for entry in self.cluster.journal() {
            assert!(entry.warnings.is_empty(), "{entry:#?}");
        }
    }
}
