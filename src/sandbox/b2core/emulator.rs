//! The emulator as a whole: its state, its tokens, its switches, its gate.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::sandbox::b2core::bearer::Tokens;
use crate::sandbox::b2core::deed::Deed;
use crate::sandbox::b2core::error::refuse;
use crate::sandbox::b2core::router::router;
use crate::sandbox::b2core::seed::{Seed, SeedError, found};
use crate::sandbox::b2core::show;
use crate::sandbox::b2core::state::Store;
use crate::sandbox::b2core::switches::Switches;
use crate::sandbox::gate::{Gate, House, lock};
use crate::sandbox::journal::Changes;
use crate::sandbox::product::{Emulator, Product};
use crate::sandbox::secret::Secret;

/// The base of API v2 (vendor's page "Users").
pub(super) const BASE: &str = "/api/v2";

/// How the emulator starts, and what a reset goes back to.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address of user 1, an administrator.
    pub email: String,
    /// The password of user 1.
    pub password: Secret,
    /// A bearer token of user 1 that is good until a fault ends it.
    pub token: Secret,
    /// Users and groups besides user 1 and group 1, `Administrators`.
    pub seed: Seed,
    /// Behaviours.
    pub switches: Switches,
}

impl Default for Options {
    /// `admin@example.org` with password `admin` and token `sandbox-token`, and nobody else.
    fn default() -> Self {
        Self {
            email: "admin@example.org".to_owned(),
            password: Secret::new("admin"),
            token: Secret::new("sandbox-token"),
            seed: Seed::default(),
            switches: Switches::default(),
        }
    }
}

/// Everything a request may read or change.
#[derive(Debug)]
pub(super) struct World {
    pub(super) store: Store,
    pub(super) tokens: Tokens,
    pub(super) switches: Switches,
    /// Accepted writes that have not taken effect, in order.
    accepted: VecDeque<(Instant, Deed)>,
}

impl World {
    /// Carries a write out, or accepts it for later: then nothing was touched yet.
    pub(super) fn enact(&mut self, deed: Deed) -> (Changes, Option<u64>) {
        match self.switches.accepted_millis {
            None => {
                let (changes, id) = deed.carry_out(&mut self.store);
                (changes, Some(id))
            }
            Some(millis) => {
                let (changes, _) = deed.clone().carry_out(&mut self.store.clone());
                self.accepted.push_back((Instant::now() + Duration::from_millis(millis), deed));
                (changes, None)
            }
        }
    }

    /// Lets the accepted writes whose time has come take effect.
    fn catch_up(&mut self) {
        let now = Instant::now();
        while self.accepted.front().is_some_and(|(due, _)| *due <= now) {
            if let Some((_, deed)) = self.accepted.pop_front() {
                deed.carry_out(&mut self.store);
            }
        }
    }
}

/// An emulated Back Office.
#[derive(Debug)]
pub struct BackOffice {
    options: Options,
    gate: Arc<Gate>,
    world: Mutex<World>,
}

impl BackOffice {
    fn new(options: Options) -> Result<Self, SeedError> {
        let gate = Arc::new(Gate::new(House { product: "b2core", bases: &[BASE], refuse }));
        gate.limit(options.switches.rate_limit);
        let world = Mutex::new(begin(&options)?);
        Ok(Self { options, gate, world })
    }

    /// The state, as long as the result is held; never hold it across an `await`.
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = lock(&self.world);
        world.catch_up();
        world
    }

    /// A user by address, as `state` shows it.
    #[must_use]
    pub fn user(&self, email: &str) -> Option<Value> {
        let world = self.world();
        world.store.user_of(email).map(|user| show::whole(user, &world.store))
    }

    /// Who was sent a mail about a new profile, in order.
    #[must_use]
    pub fn mails(&self) -> Vec<String> {
        self.world().store.mails.clone()
    }

    /// Makes this a token of user 1, good until a fault ends it. Those it has stay good.
    pub fn trust(&self, token: &Secret) {
        self.world().tokens.trust(token, 1);
    }

    /// Ends every token, the first one too.
    pub fn distrust(&self) {
        self.world().tokens = Tokens::default();
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
}

impl Product for BackOffice {
    fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    fn router(self: Arc<Self>) -> Router {
        router(&self)
    }

    fn state(&self) -> Value {
        let world = self.world();
        let groups = world.store.groups.values().map(|group| show::group(group, &Switches::default()));
        let users = world.store.users().map(|user| show::whole(user, &world.store));
        json!({
            "groups": groups.collect::<Vec<_>>(),
            "users": users.collect::<Vec<_>>(),
            "mails": world.store.mails,
            "signIns": world.tokens.issued(),
            "clock": world.store.clock.now(),
        })
    }

    fn put_state(&self, seed: Value) -> Result<(), String> {
        let seed = serde_json::from_value(seed).map_err(|error| error.to_string())?;
        let store = found(&self.options.email, &self.options.password, seed).map_err(|error| error.to_string())?;
        let mut world = self.world();
        world.accepted.clear();
        world.store = store;
        Ok(())
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
        if let Ok(world) = begin(&self.options) {
            self.gate.limit(world.switches.rate_limit);
            self.gate.clear_faults();
            self.gate.clear_journal();
            *self.world() = world;
        }
    }
}

impl Emulator for BackOffice {
    type Options = Options;

    const TITLE: &'static str = "B2CORE Back Office, API v2";
    const SIGN_IN: &'static str = "admin@example.org / admin, or the bearer token sandbox-token";

    fn found(options: Options) -> Result<Self, String> {
        Self::new(options).map_err(|error| error.to_string())
    }

    fn seed(options: &mut Options, seed: Value) -> Result<(), serde_json::Error> {
        options.seed = serde_json::from_value(seed)?;
        Ok(())
    }
}

fn begin(options: &Options) -> Result<World, SeedError> {
    let mut tokens = Tokens::default();
    tokens.trust(&options.token, 1);
    let store = found(&options.email, &options.password, options.seed.clone())?;
    Ok(World { store, tokens, switches: options.switches, accepted: VecDeque::new() })
}
