use std::ops::Deref;
use std::time::{Duration, Instant};

use rollcall::sandbox::thoughtspot::{self, PrincipalState, Record, Switches, ThoughtSpot};
use rollcall::sandbox::{Fault, FaultKind, Options, Sandbox};
use serde_json::Value;
use tokio::runtime::Runtime;

/// An emulated ThoughtSpot on a port of its own, in this process, so that its journal can be looked at.
pub(crate) struct Cluster {
    runtime: Runtime,
    sandbox: Option<Sandbox>,
}

impl Cluster {
    /// One with its system principals and these.
    pub(crate) fn start(seed: &[Value]) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let thoughtspot = thoughtspot::Options { seed: records(seed), ..thoughtspot::Options::default() };
        let options = Options { thoughtspot, ..Options::default() };
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        Self { runtime, sandbox: Some(sandbox) }
    }

    pub(crate) fn url(&self) -> String {
        self.sandbox.as_ref().unwrap().url("thoughtspot")
    }

    /// The next request for `operation` meets this fault.
    pub(crate) fn fault(&self, operation: &str, fault: FaultKind) {
        self.inject(Fault::once(operation, fault));
    }

    pub(crate) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut switches = self.switches();
        change(&mut switches);
        self.set_switches(switches);
    }

    pub(crate) fn find(&self, name: &str) -> Option<PrincipalState> {
        self.principals().into_iter().find(|principal| principal.name == name)
    }

    /// The groups that a principal is in, without `All`.
    pub(crate) fn groups_of(&self, name: &str) -> Vec<String> {
        let groups = self.find(name).unwrap().group_names;
        groups.into_iter().filter(|group| group != "All").collect()
    }

    /// The names of everybody who did not come with the cluster: groups, then users.
    pub(crate) fn residents(&self) -> Vec<String> {
        self.principals().into_iter().filter(|principal| !principal.system).map(|principal| principal.name).collect()
    }

    /// The system principals as they stand.
    pub(crate) fn system(&self) -> Vec<PrincipalState> {
        self.principals().into_iter().filter(|principal| principal.system).collect()
    }

    /// Somebody else changes the cluster: each principal passes through `change`, `None` takes it out.
    pub(crate) fn meddle(&self, change: impl Fn(Value) -> Option<Value>) {
        let principals = self.principals();
        let values = principals.iter().map(|principal| serde_json::to_value(principal).unwrap());
        self.seed(records(&values.filter_map(change).collect::<Vec<_>>())).unwrap();
    }

    /// Somebody else sets one member of a principal.
    pub(crate) fn set(&self, name: &str, member: &str, to: impl Into<Value>) {
        let to = to.into();
        self.meddle(|mut principal| {
            if principal["name"] == name {
                principal[member] = to.clone();
            }
            Some(principal)
        });
    }

    /// Somebody else adds a principal.
    pub(crate) fn add(&self, principal: Value) {
        let principals = self.principals();
        let values = principals.iter().map(|principal| serde_json::to_value(principal).unwrap());
        self.seed(records(&values.chain([principal]).collect::<Vec<_>>())).unwrap();
    }

    /// How many requests of this operation came.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.journal().iter().filter(|entry| entry.operation == operation).count()
    }

    /// Waits until so many requests of this operation came.
    #[track_caller]
    pub(crate) fn await_request(&self, operation: &str, count: usize) {
        self.await_that(|cluster| cluster.count(operation) >= count);
    }

    /// Waits until no request came for a while: what was under way has ended.
    pub(crate) fn await_quiet(&self) {
        let mut before = usize::MAX;
        while std::mem::replace(&mut before, self.journal().len()) != self.journal().len() {
            std::thread::sleep(Duration::from_millis(60));
        }
    }

    /// Waits until `holds`, for 20 seconds at most.
    #[track_caller]
    pub(crate) fn await_that(&self, holds: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !holds(self) {
            assert!(begin.elapsed() < Duration::from_secs(20), "it never came to that: {:#?}", self.journal());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn records(seed: &[Value]) -> Vec<Record> {
    serde_json::from_value(Value::from(seed)).unwrap()
}

impl Deref for Cluster {
    type Target = ThoughtSpot;

    fn deref(&self) -> &ThoughtSpot {
        self.sandbox.as_ref().unwrap().thoughtspot()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.stop());
        }
    }
}
