//! The emulator as a whole: its state, its switches, its gate.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::sandbox::curator::control::control;
use crate::sandbox::curator::key::Failures;
use crate::sandbox::curator::refusal::refuse;
use crate::sandbox::curator::router::router;
use crate::sandbox::curator::seed::Seed;
use crate::sandbox::curator::state::Store;
use crate::sandbox::curator::switches::Switches;
use crate::sandbox::gate::{Gate, House, lock};
use crate::sandbox::product::{Emulator, Product};
use crate::sandbox::secret::Secret;

/// The base of the API (vendor: "Curator API Overview").
const BASE: &str = "/api/v1";

/// How the emulator starts, and what a reset goes back to.
#[derive(Debug, Clone)]
pub struct Options {
    /// The API key that is taken.
    pub key: Secret,
    /// What the portal holds.
    pub seed: Seed,
    /// Behaviours.
    pub switches: Switches,
}

impl Default for Options {
    /// The key `sandbox-key`, and nobody.
    fn default() -> Self {
        Self { key: Secret::new("sandbox-key"), seed: Seed::default(), switches: Switches::default() }
    }
}

/// Everything a request may read or change.
#[derive(Debug)]
pub(super) struct World {
    pub(super) store: Store,
    pub(super) switches: Switches,
    /// Wrong keys seen.
    pub(super) failures: Failures,
    /// Groups whose queued sync is due then.
    pub(super) pending: Vec<(Instant, u64)>,
    /// One-time tokens and the users behind them.
    pub(super) tokens: HashMap<String, u64>,
    /// How many tokens were issued.
    pub(super) issued: u64,
    /// How often adding and removing were told by which parameters.
    pub(super) aliases: BTreeMap<String, u64>,
}

impl World {
    fn new(store: Store, switches: Switches) -> Self {
        Self {
            store,
            switches,
            failures: Failures::default(),
            pending: Vec::new(),
            tokens: HashMap::new(),
            issued: 0,
            aliases: BTreeMap::new(),
        }
    }

    /// The platform sync of one group.
    pub(super) fn refresh(&mut self, group: u64) {
        self.store.refresh_group(group, !self.switches.on_login_sync, self.switches.platform_overwrites);
    }

    /// Does what is due.
    fn settle(&mut self) {
        let now = Instant::now();
        let due: Vec<u64> = self.pending.iter().filter(|(moment, _)| *moment <= now).map(|(_, group)| *group).collect();
        self.pending.retain(|(moment, _)| *moment > now);
        for group in due {
            self.refresh(group);
        }
    }
}

/// An emulated portal.
#[derive(Debug)]
pub struct Curator {
    options: Options,
    gate: Arc<Gate>,
    world: Mutex<World>,
}

impl Curator {
    /// The state as it is now, as long as the result is held; never hold it across an `await`.
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = lock(&self.world);
        world.settle();
        world
    }

    pub(super) const fn key(&self) -> &Secret {
        &self.options.key
    }

    /// Somebody signs in, created the first time.
    ///
    /// # Errors
    /// When the user is unknown and a sign-in creates nobody.
    pub fn log_in(&self, name: &str, email: &str, full_name: &str) -> Result<(), String> {
        self.world().log_in(name, email, full_name).map(|_| ())
    }

    /// The scheduled membership sync of the portal itself.
    pub fn scheduled_sync(&self) {
        self.world().scheduled_sync();
    }

    /// A one-time token for `User/getUser`.
    ///
    /// # Errors
    /// When there is no such user.
    pub fn issue_token(&self, name: &str) -> Result<String, String> {
        self.world().issue_token(name)
    }

    /// What the portal holds, by number.
    #[must_use]
    pub fn contents(&self) -> Seed {
        self.world().store.show()
    }

    /// Replaces it.
    ///
    /// # Errors
    /// Names what contradicts the rest; the state is then unchanged.
    pub fn plant(&self, seed: Seed) -> Result<(), String> {
        let store = seed.plant()?;
        let mut world = self.world();
        let switches = world.switches.clone();
        *world = World::new(store, switches);
        Ok(())
    }

    /// How often adding and removing were told by which parameters, as `group+username`.
    #[must_use]
    pub fn parameters_used(&self) -> BTreeMap<String, u64> {
        self.world().aliases.clone()
    }

    /// The switches as they stand.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.world().switches.clone()
    }

    /// Sets all switches, and starts the rate limit afresh.
    pub fn set_switches(&self, switches: Switches) {
        self.gate.limit(switches.rate_limit);
        self.world().switches = switches;
    }
}

impl Product for Curator {
    fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    fn router(self: Arc<Self>) -> Router {
        router(self)
    }

    fn controls(self: Arc<Self>) -> Router {
        control(self)
    }

    /// A seed that would make it again.
    fn state(&self) -> Value {
        json!(self.contents())
    }

    fn put_state(&self, seed: Value) -> Result<(), String> {
        self.plant(serde_json::from_value(seed).map_err(|error| error.to_string())?)
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
        if let Ok(store) = self.options.seed.clone().plant() {
            self.gate.limit(self.options.switches.rate_limit);
            self.gate.clear_faults();
            self.gate.clear_journal();
            *lock(&self.world) = World::new(store, self.options.switches.clone());
        }
    }
}

impl Emulator for Curator {
    type Options = Options;

    const TITLE: &'static str = "InterWorks Curator, User API";
    const SIGN_IN: &'static str = "apikey=sandbox-key";
    const REMARK: &'static str = "modelled on thin documentation. These switches are assumptions: methods, \
         foldEndpoints, listReply, memberships, rows, dates, showPlatforms, parameters, failureReply, echoAddress, \
         addPresent, removeAbsent, unknownUser, unknownGroup, duplicateGroup, usernameMatching, groupMatching, \
         platformOverwrites, throttle, rateLimit";

    fn found(options: Options) -> Result<Self, String> {
        let gate = Arc::new(Gate::new(House { product: "curator", bases: &[BASE], refuse }));
        gate.limit(options.switches.rate_limit);
        let store = options.seed.clone().plant()?;
        let world = Mutex::new(World::new(store, options.switches.clone()));
        Ok(Self { options, gate, world })
    }

    fn seed(options: &mut Options, seed: Value) -> Result<(), serde_json::Error> {
        options.seed = serde_json::from_value(seed)?;
        Ok(())
    }
}
