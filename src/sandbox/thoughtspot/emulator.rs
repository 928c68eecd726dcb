//! The emulator as a whole: its state, its switches, its gate.

use std::sync::{Arc, Mutex};

use axum::Router;
use serde_json::{Value, json};

use crate::sandbox::faults::Fault;
use crate::sandbox::gate::{Gate, House, lock};
use crate::sandbox::journal::JournalEntry;
use crate::sandbox::product::{Emulator, Product};
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::control::control;
use crate::sandbox::thoughtspot::error::refuse;
use crate::sandbox::thoughtspot::principal::PrincipalState;
use crate::sandbox::thoughtspot::record::Record;
use crate::sandbox::thoughtspot::router::router;
use crate::sandbox::thoughtspot::seed::{SeedError, appoint, seed};
use crate::sandbox::thoughtspot::session::Sessions;
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::Switches;

/// The base of API v1 (vendor's user API page).
pub(super) const BASE: &str = "/callosum/v1/tspublic/v1";

/// How the emulator starts, and what a reset goes back to.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who may log in from the start.
    pub administrator: String,
    /// The password of the administrator.
    pub password: Secret,
    /// Principals besides those every cluster has.
    pub seed: Vec<Record>,
    /// Behaviours.
    pub switches: Switches,
}

impl Default for Options {
    /// `tsadmin` with password `admin`, and nobody but the system principals.
    fn default() -> Self {
        Self {
            administrator: "tsadmin".to_owned(),
            password: Secret::new("admin"),
            seed: Vec::new(),
            switches: Switches::default(),
        }
    }
}

/// Everything a request may read or change.
#[derive(Debug)]
pub(super) struct World {
    pub(super) store: Store,
    pub(super) sessions: Sessions,
    pub(super) switches: Switches,
}

/// An emulated cluster.
#[derive(Debug)]
pub struct ThoughtSpot {
    options: Options,
    gate: Arc<Gate>,
    world: Mutex<World>,
}

impl ThoughtSpot {
    fn new(options: Options) -> Result<Self, SeedError> {
        let house = House { product: "thoughtspot", bases: &[BASE], refuse };
        let gate = Arc::new(Gate::new(house));
        gate.limit(options.switches.rate_limit);
        let world = Mutex::new(World {
            store: found(&options, options.seed.clone(), options.switches)?,
            sessions: Sessions::default(),
            switches: options.switches,
        });
        Ok(Self { options, gate, world })
    }

    /// The state, as long as the result is held; never hold it across an `await`.
    pub(super) fn world(&self) -> std::sync::MutexGuard<'_, World> {
        lock(&self.world)
    }

    /// Every request received, oldest first.
    #[must_use]
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.gate.journal()
    }

    /// The requests that carried out a write, oldest first.
    #[must_use]
    pub fn writes(&self) -> Vec<JournalEntry> {
        self.gate.writes()
    }

    /// Empties the journal; its sequence goes on.
    pub fn clear_journal(&self) {
        self.gate.clear_journal();
    }

    /// Every principal: groups by name, then users by name.
    #[must_use]
    pub fn principals(&self) -> Vec<PrincipalState> {
        self.world().store.principals().map(PrincipalState::from).collect()
    }

    /// How many objects were lost because their owner was deleted before a transfer.
    #[must_use]
    pub fn lost_objects(&self) -> u64 {
        self.world().store.lost_objects
    }

    /// Replaces the state by the system principals and these; lost objects, clock and invented
    /// GUIDs start anew. Sessions stay open.
    ///
    /// # Errors
    /// [`SeedError`] when the principals contradict each other; the state is then unchanged.
    pub fn seed(&self, records: Vec<Record>) -> Result<(), SeedError> {
        let switches = self.switches();
        let store = found(&self.options, records, switches)?;
        self.world().store = store;
        Ok(())
    }

    /// The switches as they stand.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.world().switches
    }

    /// Sets all switches, and starts the rate limit afresh.
    pub fn set_switches(&self, switches: Switches) {
        self.gate.limit(switches.rate_limit);
        self.world().switches = switches;
    }

    /// Queues a fault.
    pub fn inject(&self, fault: Fault) {
        self.gate.inject(fault);
    }

    /// The faults that have not met all their requests yet.
    #[must_use]
    pub fn pending_faults(&self) -> Vec<Fault> {
        self.gate.pending_faults()
    }

    /// The logical time, in milliseconds since 1970.
    #[must_use]
    pub fn clock(&self) -> u64 {
        self.world().store.clock.now()
    }

    /// Sets the logical time, in milliseconds since 1970.
    pub fn set_clock(&self, milliseconds: u64) {
        self.world().store.clock.set(milliseconds);
    }
}

impl Product for ThoughtSpot {
    fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    fn router(self: Arc<Self>) -> Router {
        router(&self)
    }

    fn controls(self: Arc<Self>) -> Router {
        control(self)
    }

    fn state(&self) -> Value {
        json!({ "principals": self.principals(), "lostObjects": self.lost_objects(), "clock": self.clock() })
    }

    fn put_state(&self, seed: Value) -> Result<(), String> {
        let records = serde_json::from_value(seed).map_err(|error| error.to_string())?;
        Self::seed(self, records).map_err(|error| error.to_string())
    }

    fn switches(&self) -> Value {
        json!(Self::switches(self))
    }

    fn put_switches(&self, switches: Value) -> Result<(), String> {
        self.set_switches(serde_json::from_value(switches).map_err(|error| error.to_string())?);
        Ok(())
    }

    fn reset(&self) {
        // The options were good enough to start with.
        if let Ok(store) = found(&self.options, self.options.seed.clone(), self.options.switches) {
            self.set_switches(self.options.switches);
            self.gate.clear_faults();
            self.gate.clear_journal();
            let mut world = self.world();
            world.store = store;
            world.sessions.end_all();
        }
    }
}

impl Emulator for ThoughtSpot {
    type Options = Options;

    const TITLE: &'static str = "ThoughtSpot, API v1";
    const SIGN_IN: &'static str = "tsadmin / admin";

    fn found(options: Options) -> Result<Self, String> {
        Self::new(options).map_err(|error| error.to_string())
    }

    fn seed(options: &mut Options, seed: Value) -> Result<(), serde_json::Error> {
        options.seed = serde_json::from_value(seed)?;
        Ok(())
    }
}

fn found(options: &Options, records: Vec<Record>, switches: Switches) -> Result<Store, SeedError> {
    let mut store = seed(records, switches)?;
    appoint(&mut store, &options.administrator, options.password.clone())?;
    Ok(store)
}
