//! A plan on the bench: the world it comes from, the limits, and what the guard knows besides.

use crate::guard::{
    Evidence, GuardName, LimitState, Limits, Override, Readings, Reviewed, SourceEvidence, Spending, Spent, State,
    Verdict, review,
};
use crate::plan::tests::build::{Draft, World, user};
use crate::plan::tests::tell;

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, as in the evidence")]
pub(super) struct Bench {
    pub(super) world: World,
    limits: Limits,
    sources: Vec<SourceEvidence>,
    unattended: bool,
    never_applied: bool,
    never_completed: bool,
    config_changed: bool,
    spent: Spending,
    overrides: Vec<Override>,
}

pub(super) fn bench(world: World) -> Bench {
    Bench {
        world,
        limits: Limits::default(),
        sources: vec![SourceEvidence { name: "corp".into(), users: 1, ..SourceEvidence::default() }],
        unattended: false,
        never_applied: false,
        never_completed: false,
        config_changed: false,
        spent: Spending::default(),
        overrides: Vec::new(),
    }
}

impl Bench {
    pub(super) fn limits(mut self, yaml: &str) -> Self {
        self.limits = serde_yaml::from_str(yaml).unwrap();
        self
    }

    pub(super) fn source(mut self, evidence: SourceEvidence) -> Self {
        self.sources = vec![evidence];
        self
    }

    pub(super) fn sources(mut self, evidence: Vec<SourceEvidence>) -> Self {
        self.sources = evidence;
        self
    }

    pub(super) fn unattended(mut self) -> Self {
        self.unattended = true;
        self
    }

    pub(super) fn never_applied(mut self) -> Self {
        (self.never_applied, self.never_completed) = (true, true);
        self
    }

    pub(super) fn never_completed(mut self) -> Self {
        self.never_completed = true;
        self
    }

    pub(super) fn config_changed(mut self) -> Self {
        self.config_changed = true;
        self
    }

    /// Runs of the last window, oldest first: how many users each removed of how many, and whether a person let it.
    pub(super) fn spent<const N: usize>(mut self, runs: [(usize, usize, bool); N]) -> Self {
        self.spent.users = Spent::default();
        for (removed, base, lifted) in runs {
            self.spent.users.add(removed, base, lifted);
        }
        self
    }

    pub(super) fn lift(mut self, guard: &str) -> Self {
        let guard = GuardName::parse_override(guard).unwrap();
        self.overrides.push(Override { guard, reason: "we know".into() });
        self
    }

    pub(super) fn review(&self) -> Reviewed {
        let current = self.world.current();
        let evidence = Evidence {
            current: &current.set,
            can: &self.world.can,
            sources: Readings::Measured(&self.sources),
            unattended: self.unattended,
            never_applied: self.never_applied,
            never_completed: self.never_completed,
            config_changed: self.config_changed,
            spent: self.spent,
            overrides: &self.overrides,
        };
        review(self.world.plan(), &self.limits, &evidence)
    }

    /// The limits that do not stand at ok or off, as `removals of users: tripped`.
    pub(super) fn marks(&self) -> Vec<String> {
        let reviewed = self.review();
        let marks: Vec<String> = reviewed.limits.iter().filter_map(mark).collect();
        let stops = reviewed.limits.iter().any(LimitState::stops);
        assert_eq!(stops, reviewed.verdict == Verdict::Refused, "{marks:?}");
        assert_eq!(stops, reviewed.approved().is_none(), "a refused plan cannot be carried out");
        marks
    }

    /// The lines of the plan as the guard leaves it, adoptions aside.
    pub(super) fn story(&self) -> Vec<String> {
        let plan = self.review().plan();
        tell::lines(&plan).into_iter().filter(|line| !line.starts_with("adopt ")).collect()
    }

    pub(super) fn state(&self, name: GuardName, of: &str) -> LimitState {
        let limits = self.review().limits;
        let found = limits.iter().find(|state| state.name == name && state.of.as_deref().unwrap_or_default() == of);
        found.unwrap_or_else(|| panic!("{limits:#?}")).clone()
    }

    /// Limit, value and head-room.
    pub(super) fn measure(&self, name: GuardName, of: &str) -> (Option<u64>, Option<u64>, Option<i64>) {
        let state = self.state(name, of);
        (state.limit, state.value, state.headroom)
    }
}

fn mark(state: &LimitState) -> Option<String> {
    let word = match state.state {
        State::Ok | State::Off => return None,
        State::Held => "held",
        State::Tripped if state.lifted.is_some() => "lifted",
        State::Tripped => "tripped",
    };
    assert!(state.message.is_some() && state.hint.is_some(), "{state:?}");
    let of = state.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
    Some(format!("{}{of}: {word}", state.name.text()))
}

pub(super) fn none() -> Vec<String> {
    Vec::new()
}

/// A target of `all` users of whom the source still has all but the first `gone`; each leaver is deleted.
pub(super) fn shrunk(all: usize, gone: usize) -> World {
    World::thoughtspot().source(crowd(gone..all)).target(crowd(0..all))
}

/// Users `u0000`, `u0001` …
pub(super) fn crowd(numbers: std::ops::Range<usize>) -> Vec<Draft> {
    crate::plan::tests::build::users(numbers)
}

/// The same users, each bent.
pub(super) fn bent(numbers: std::ops::Range<usize>, bend: impl Fn(Draft) -> Draft) -> Vec<Draft> {
    crate::plan::tests::build::numbered("u", numbers).iter().map(|name| bend(user(name).display(name))).collect()
}
