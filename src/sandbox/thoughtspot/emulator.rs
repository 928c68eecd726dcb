//! The emulator as a whole: its state, its switches, its gate.

use std::sync::{Arc, Mutex};

use axum::Router;
use serde_json::{Value, json};

use crate::sandbox::faults::Fault;
use crate::sandbox::gate::{Gate, House, lock};
use crate::sandbox::journal::JournalEntry;
use crate::sandbox::product::{Emulator, Product};
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::caller::Sessions;
use crate::sandbox::thoughtspot::control::control;
use crate::sandbox::thoughtspot::error::refuse;
use crate::sandbox::thoughtspot::org::Org;
use crate::sandbox::thoughtspot::principal::PrincipalState;
use crate::sandbox::thoughtspot::record::Record;
use crate::sandbox::thoughtspot::router::router;
use crate::sandbox::thoughtspot::seed::{SeedError, Whole, appoint, seed};
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::Switches;
use crate::sandbox::thoughtspot::v2;

/// The base of API v1 (vendor's user API page).
pub(super) const BASE: &str = "/callosum/v1/tspublic/v1";

/// The base of API v2 (vendor's machine-readable description).
pub(super) const BASE_V2: &str = "/api/rest/2.0";

/// How the emulator starts, and what a reset goes back to.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who may log in from the start.
    pub administrator: String,
    /// The password of the administrator.
    pub password: Secret,
    /// What vouches for any user in `auth/token/full`; nothing does when absent.
    pub secret_key: Option<Secret>,
    /// The orgs; the primary one is there in any case.
    pub orgs: Vec<Org>,
    /// Principals besides those every cluster has.
    pub seed: Vec<Record>,
    /// Behaviours.
    pub switches: Switches,
}

impl Default for Options {
    /// `tsadmin` with password `admin`, two orgs, and nobody but the system principals.
    fn default() -> Self {
        Self {
            administrator: "tsadmin".to_owned(),
            password: Secret::new("admin"),
            secret_key: Some(Secret::new("trusted")),
            orgs: Org::defaults(),
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
    /// Users still to be inserted after the first page of a search.
    pub(super) late_users: u32,
}

/// An emulated cluster.
#[derive(Debug)]
pub struct ThoughtSpot {
    options: Options,
    gate: Arc<Gate>,
    world: Arc<Mutex<World>>,
}

impl ThoughtSpot {
    fn new(options: Options) -> Result<Self, SeedError> {
        let world = Arc::new(Mutex::new(World {
            store: found(&options, &options.orgs, options.seed.clone(), options.switches)?,
            sessions: Sessions::default(),
            switches: options.switches,
            late_users: options.switches.v2.insert_between_pages.unwrap_or(0),
        }));
        let house = House { product: "thoughtspot", bases: &[BASE, BASE_V2], refuse };
        let shared = Arc::clone(&world);
        let gate = Gate::new(house).with_dialect(move |failure, path, number| {
            let shape = lock(&shared).switches.v2.error_shape;
            path.starts_with(BASE_V2).then(|| v2::refuse(failure, number, shape))
        });
        gate.limit(options.switches.rate_limit);
        Ok(Self { options, gate: Arc::new(gate), world })
    }

    /// The state, as long as the result is held; never hold it across an `await`.
    pub(super) fn world(&self) -> std::sync::MutexGuard<'_, World> {
        lock(&self.world)
    }

    /// What vouches for any user.
    pub(super) const fn secret_key(&self) -> Option<&Secret> {
        self.options.secret_key.as_ref()
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

    /// Every principal: groups of the primary org by name, those of other orgs, then users by name.
    #[must_use]
    pub fn principals(&self) -> Vec<PrincipalState> {
        self.world().store.everybody().map(PrincipalState::from).collect()
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
        self.seed_orgs(&self.options.orgs, records)
    }

    fn seed_orgs(&self, orgs: &[Org], records: Vec<Record>) -> Result<(), SeedError> {
        let switches = self.switches();
        let store = found(&self.options, orgs, records, switches)?;
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
        let mut world = self.world();
        world.switches = switches;
        world.late_users = switches.v2.insert_between_pages.unwrap_or(0);
    }

    /// Queues a fault.
    pub fn inject(&self, fault: Fault) {
        self.gate.inject(fault);
    }

    /// Forgets every fault.
    pub fn clear_faults(&self) {
        self.gate.clear_faults();
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
        let orgs: Vec<Org> = self.world().store.orgs.values().cloned().collect();
        json!({
            "orgs": orgs,
            "principals": self.principals(),
            "lostObjects": self.lost_objects(),
            "clock": self.clock(),
        })
    }

    fn put_state(&self, seed: Value) -> Result<(), String> {
        let (orgs, records) = read_seed(seed).map_err(|error| error.to_string())?;
        let orgs = orgs.unwrap_or_else(|| self.options.orgs.clone());
        self.seed_orgs(&orgs, records).map_err(|error| error.to_string())
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
        if let Ok(store) = found(&self.options, &self.options.orgs, self.options.seed.clone(), self.options.switches) {
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

    const TITLE: &'static str = "ThoughtSpot, API v1 and v2";
    const SIGN_IN: &'static str = "tsadmin / admin";

    fn found(options: Options) -> Result<Self, String> {
        Self::new(options).map_err(|error| error.to_string())
    }

    fn seed(options: &mut Options, seed: Value) -> Result<(), serde_json::Error> {
        let (orgs, records) = read_seed(seed)?;
        options.seed = records;
        if let Some(orgs) = orgs {
            options.orgs = orgs;
        }
        Ok(())
    }
}

/// An array of principals, or an object of orgs and principals.
fn read_seed(seed: Value) -> Result<(Option<Vec<Org>>, Vec<Record>), serde_json::Error> {
    if seed.is_array() {
        return Ok((None, serde_json::from_value(seed)?));
    }
    let Whole { orgs, principals } = serde_json::from_value(seed)?;
    Ok((orgs, principals))
}

fn found(options: &Options, orgs: &[Org], records: Vec<Record>, switches: Switches) -> Result<Store, SeedError> {
    let mut store = seed(orgs, records, switches)?;
    appoint(&mut store, &options.administrator, options.password.clone())?;
    Ok(store)
}
