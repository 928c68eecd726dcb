use serde_json::Value;

use super::{App, Cluster, Run};

/// A company in `people.json`, an emulated cluster, and the sync `people-to-bi` from one to the other.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) cluster: Cluster,
}

/// The source, where a story is not about it.
const SOURCE: &str = "json: { path: people.json }";

impl World {
    /// `people` in the source, `seed` in the cluster, the sync with these rules: members of a YAML flow mapping.
    pub(crate) fn new(people: &[Value], seed: &[Value], rules: &str) -> Self {
        let world = Self { app: App::new(), cluster: Cluster::start(seed) };
        world.app.write("password", "admin\n");
        world.source(people);
        world.rules(rules);
        world
    }

    /// One where everybody is in the source and, by an apply by hand, in the cluster; the journal is empty.
    pub(crate) fn settled(people: &[Value], rules: &str) -> Self {
        let world = Self::new(people, &[], rules);
        world.settle();
        world
    }

    /// Applies by hand, and empties the journal.
    #[track_caller]
    pub(crate) fn settle(&self) {
        self.app.run("apply --yes").exits(0);
        self.cluster.clear_journal();
    }

    /// Replaces the source.
    pub(crate) fn source(&self, people: &[Value]) {
        self.app.write_json("people.json", people);
    }

    /// Replaces the rules of the sync.
    pub(crate) fn rules(&self, rules: &str) {
        self.configure(SOURCE, rules);
    }

    /// Replaces the source and the rules of the sync.
    pub(crate) fn configure(&self, source: &str, rules: &str) {
        self.configure_target(source, "", rules);
    }

    /// Replaces the source, what the target has besides its address, and the rules of the sync.
    pub(crate) fn configure_target(&self, source: &str, target: &str, rules: &str) {
        let url = self.cluster.url();
        let config = format!(
            "environment: test\nsources:\n  people: {{ {source} }}\ntargets:\n  bi:\n    {target}\n    thoughtspot:\n      \
             url: {url}\n      username: tsadmin\n      password: {{ file: password }}\nsyncs:\n  people-to-bi: \
             {{ from: people, to: bi, {rules} }}\n"
        );
        self.app.configure(&config);
    }

    pub(crate) fn run(&self, line: &str) -> Run {
        self.app.run(line)
    }

    /// The second plan is empty.
    #[track_caller]
    pub(crate) fn is_settled(&self) {
        let plan = self.app.run("plan --detailed-exitcode --format json").exits(0).document();
        assert!(plan.changes().is_empty(), "{plan}");
    }

    /// Nobody wrote since the journal was emptied.
    #[track_caller]
    pub(crate) fn nothing_written(&self) {
        let writes = self.cluster.writes();
        assert!(writes.is_empty(), "{writes:#?}");
    }
}
