//! A company in `people.json`, one emulated product, and the sync from one to the other.

use std::sync::Arc;

use rollcall::connector::BuildContext;
use rollcall::plan::{Ability, Capabilities};
use rollcall::principal::Kind;
use rollcall::sandbox::{Fault, FaultKind, Options, Product, Sandbox};
use rollcall::targets::TargetFile;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::house::{House, Person};
use crate::support::{App, Document, Run};

/// No limit of the guard: its stories are told elsewhere, and a company of five trips most of them.
const UNGUARDED: &str =
    "guard: { removals: off, budget: off, creations: off, updates: off, clears: off, admins: off, groupRemovals: off }";

pub(crate) struct Stage {
    pub(crate) house: &'static House,
    pub(crate) app: App,
    runtime: Runtime,
    sandbox: Option<Sandbox>,
    pub(crate) can: Capabilities,
}

impl Stage {
    /// `people` in the source, `seed` in the product, and these rules: members of a YAML flow mapping.
    pub(crate) fn new(house: &'static House, people: &[Person], seed: &[Person], rules: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut options = Options::default();
        (house.open)(&mut options);
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let app = App::new();
        let target = house.target.replace("URL", &sandbox.url(house.product));
        let can = capabilities(&target);
        let stage = Self { house, app, runtime, sandbox: Some(sandbox), can };
        stage.app.write("secret", house.secret);
        let config = format!(
            "environment: test\nsources:\n  people: {{ json: {{ path: people.json }}, expect: {{ shrink: off }} }}\ntargets:\n  \
             there: {target}\nsyncs:\n  sync: {{ from: people, to: there, {UNGUARDED}, {rules} }}\n"
        );
        stage.app.configure(&config);
        stage.plant(seed);
        stage.source(people);
        stage
    }

    /// One where everybody is in the source and in the product; the journal is empty. Users that the product cannot make
    /// have come there by themselves.
    pub(crate) fn settled(house: &'static House, people: &[Person], rules: &str) -> Self {
        let stage = Self::new(house, people, &[], rules);
        stage.arrive(people);
        stage.apply();
        stage.clear();
        stage
    }

    /// Users whom the product itself must make come there, without memberships.
    pub(crate) fn arrive(&self, people: &[Person]) {
        if self.can(Kind::User, Ability::Create) {
            return;
        }
        let there = self.people();
        let new =
            people.iter().filter(|person| person.kind == "user" && !there.iter().any(|one| one.name == person.name));
        let new: Vec<Person> = new.map(|person| Person { groups: Vec::new(), ..person.clone() }).collect();
        if !new.is_empty() {
            self.plant(&[there, new].concat());
        }
    }

    pub(crate) fn can(&self, kind: Kind, ability: Ability) -> bool {
        self.can.can(kind, ability)
    }

    /// Replaces what the product holds.
    pub(crate) fn plant(&self, seed: &[Person]) {
        match self.product() {
            Some(product) => product.put_state((self.house.seed)(seed)).unwrap(),
            None => self.app.write("there.json", (self.house.seed)(seed).to_string()),
        }
    }

    pub(crate) fn source(&self, people: &[Person]) {
        self.raw_source(&people.iter().map(Person::source).collect::<Vec<_>>());
    }

    pub(crate) fn raw_source(&self, people: &[Value]) {
        self.app.write_json("people.json", people);
    }

    /// What the product holds by now, besides what every installation has: groups, then users, by name.
    pub(crate) fn people(&self) -> Vec<Person> {
        let state = match self.product() {
            Some(product) => product.state(),
            None => serde_json::from_str(&std::fs::read_to_string(self.app.path("there.json")).unwrap_or("[]".into()))
                .unwrap(),
        };
        let mut people = (self.house.people)(&state);
        people.sort();
        people
    }

    #[track_caller]
    pub(crate) fn person(&self, name: &str) -> Person {
        let people = self.people();
        let found = people.iter().find(|person| person.name == name).cloned();
        found.unwrap_or_else(|| panic!("there is no {name} in {people:#?}"))
    }

    pub(crate) fn product(&self) -> Option<Arc<dyn Product>> {
        self.sandbox.as_ref().unwrap().product(self.house.product)
    }

    pub(crate) fn fault(&self, operation: &str, fault: FaultKind) {
        self.product().unwrap().inject(Fault::once(operation, fault));
    }

    pub(crate) fn clear(&self) {
        if let Some(product) = self.product() {
            product.clear_journal();
        }
    }

    /// How many requests carried out a write since the journal was emptied.
    pub(crate) fn writes(&self) -> usize {
        self.product().map_or(0, |product| product.writes().len())
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

    /// Nothing is left to do.
    #[track_caller]
    pub(crate) fn is_settled(&self) {
        let plan = self.run("plan --detailed-exitcode --format json").exits(0).document();
        assert!(plan.changes().is_empty(), "{plan}");
    }

    /// Whether the plan holds this because the target cannot do it.
    #[track_caller]
    pub(crate) fn is_held(&self, who: &str, wanted: &str) {
        let plan = self.plan();
        let line = format!("{who} {wanted}: target-cannot");
        assert!(plan.held().contains(&line), "expected `{line}` in {:#?}\n{plan}", plan.held());
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.stop());
        }
    }
}

/// What the target of this configuration says that it can do.
fn capabilities(target: &str) -> Capabilities {
    let file: TargetFile = serde_yaml::from_str(target).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "x").unwrap();
    let context = BuildContext { name: "there".into(), folder: folder.path().to_owned(), ..BuildContext::default() };
    let built = file.build(&context).unwrap();
    built.unwrap_or_else(|problems| panic!("{problems:?}")).capabilities().clone()
}

/// One principal of the source with another value of a member.
pub(crate) fn with(person: &Person, member: &str, value: impl Into<Value>) -> Value {
    let mut source = person.source();
    match member.strip_prefix("attributes.") {
        Some(name) => source["attributes"] = json!({ name: value.into() }),
        None => source[member] = value.into(),
    }
    source
}
