//! The emulator as a whole: its state, its switches, its gate.

use std::sync::{Arc, Mutex};

use axum::Router;
use serde_json::{Value, json};

use crate::sandbox::alteryx::group::Group;
use crate::sandbox::alteryx::refusal::refuse;
use crate::sandbox::alteryx::router::router;
use crate::sandbox::alteryx::seed::{Installation, SeedError, found, installation};
use crate::sandbox::alteryx::store::Store;
use crate::sandbox::alteryx::switches::Switches;
use crate::sandbox::alteryx::token::Tokens;
use crate::sandbox::alteryx::user::User;
use crate::sandbox::gate::{Gate, House, lock};
use crate::sandbox::product::{Emulator, Product};
use crate::sandbox::secret::Secret;

/// How the emulator starts, and what a reset goes back to.
#[derive(Debug, Clone)]
pub struct Options {
    /// The API access key.
    pub key: String,
    /// The API access secret.
    pub secret: Secret,
    /// The e-mail address of the key's owner: a Curator, who is created unless the seed has them.
    pub owner: String,
    /// Users and groups.
    pub seed: Installation,
    /// Behaviours.
    pub switches: Switches,
}

impl Default for Options {
    /// The key `rollcall` with the secret `rollcall-secret`, owned by `admin@example.org`, and nobody else.
    fn default() -> Self {
        Self {
            key: "rollcall".to_owned(),
            secret: Secret::new("rollcall-secret"),
            owner: "admin@example.org".to_owned(),
            seed: Installation::default(),
            switches: Switches::default(),
        }
    }
}

/// Everything a request may read or change.
#[derive(Debug)]
pub(super) struct World {
    pub(super) store: Store,
    /// The id of the key's owner.
    pub(super) owner: String,
    pub(super) tokens: Tokens,
    pub(super) switches: Switches,
}

/// An emulated server.
#[derive(Debug)]
pub struct Alteryx {
    options: Options,
    gate: Arc<Gate>,
    world: Mutex<World>,
}

impl Alteryx {
    fn new(options: Options) -> Result<Self, SeedError> {
        let house = House { product: "alteryx", bases: &["/webapi/v3/", "/webapi/"], refuse };
        let gate = Arc::new(Gate::new(house));
        gate.limit(options.switches.rate_limit);
        let (store, owner) = open(&options, options.seed.clone())?;
        let world = World { store, owner, tokens: Tokens::default(), switches: options.switches.clone() };
        Ok(Self { options, gate, world: Mutex::new(world) })
    }

    /// The state, as long as the result is held; never hold it across an `await`.
    pub(super) fn world(&self) -> std::sync::MutexGuard<'_, World> {
        lock(&self.world)
    }

    /// Whether a token is given for these.
    pub(super) fn knows(&self, key: &str, secret: &Secret) -> bool {
        self.options.key == key && self.options.secret == *secret
    }

    /// Users and groups in the order of their ids, each user with the groups it is in.
    #[must_use]
    pub fn installation(&self) -> Installation {
        installation(&self.world().store)
    }

    /// The user with this e-mail address, in any case.
    #[must_use]
    pub fn user(&self, mail: &str) -> Option<User> {
        self.installation().users.into_iter().find(|user| user.email.eq_ignore_ascii_case(mail))
    }

    /// The first group of this name.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<Group> {
        self.world().store.groups().values().find(|group| group.name == name).cloned()
    }

    /// Replaces the state by the key's owner and these. Tokens stay good.
    ///
    /// # Errors
    /// [`SeedError`] when they contradict each other; the state is then unchanged.
    pub fn seed(&self, installation: Installation) -> Result<(), SeedError> {
        let (store, owner) = open(&self.options, installation)?;
        let mut world = self.world();
        (world.store, world.owner) = (store, owner);
        Ok(())
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

impl Product for Alteryx {
    fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    fn router(self: Arc<Self>) -> Router {
        router(&self)
    }

    fn state(&self) -> Value {
        json!(self.installation())
    }

    fn put_state(&self, seed: Value) -> Result<(), String> {
        let installation = serde_json::from_value(seed).map_err(|error| error.to_string())?;
        Self::seed(self, installation).map_err(|error| error.to_string())
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
        if let Ok((store, owner)) = open(&self.options, self.options.seed.clone()) {
            self.set_switches(self.options.switches.clone());
            self.gate.clear_faults();
            self.gate.clear_journal();
            let mut world = self.world();
            (world.store, world.owner) = (store, owner);
            world.tokens.end_all();
        }
    }
}

impl Emulator for Alteryx {
    type Options = Options;

    const TITLE: &'static str = "Alteryx Server, API V3";
    const SIGN_IN: &'static str = "key rollcall / secret rollcall-secret";

    fn found(options: Options) -> Result<Self, String> {
        Self::new(options).map_err(|error| error.to_string())
    }

    fn seed(options: &mut Options, seed: Value) -> Result<(), serde_json::Error> {
        options.seed = serde_json::from_value(seed)?;
        Ok(())
    }
}

/// The state of a server, and the id of the key's owner in it.
fn open(options: &Options, seed: Installation) -> Result<(Store, String), SeedError> {
    let store = found(seed, &options.owner)?;
    let owner = store.with_mail(&options.owner).map(|user| user.id.clone()).unwrap_or_default();
    Ok((store, owner))
}
