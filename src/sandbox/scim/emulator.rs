//! The emulator as a whole: its state, its switches, its gate.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use serde_json::{Value, json};

use crate::sandbox::gate::{Gate, House, lock};
use crate::sandbox::product::{Emulator, Product};
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::control::control;
use crate::sandbox::scim::error::refuse;
use crate::sandbox::scim::render::plain;
use crate::sandbox::scim::router::router;
use crate::sandbox::scim::seed::{Seed, SeedError, plant};
use crate::sandbox::scim::store::Store;
use crate::sandbox::scim::switches::Switches;
use crate::sandbox::secret::Secret;

/// The base of the interface.
pub(super) const BASE: &str = "/v2";

/// How the emulator starts, and what a reset goes back to.
#[derive(Debug, Clone)]
pub struct Options {
    /// The bearer token that is let in.
    pub token: Secret,
    /// Who is there.
    pub seed: Seed,
    /// Behaviours.
    pub switches: Switches,
}

impl Default for Options {
    /// The token `scim-token`, and nobody.
    fn default() -> Self {
        Self { token: Secret::new("scim-token"), seed: Seed::default(), switches: Switches::default() }
    }
}

/// Everything a request may read or change.
#[derive(Debug)]
pub(super) struct World {
    pub(super) store: Store,
    pub(super) switches: Arc<Switches>,
    /// Who is let in; nobody after the token has ended.
    pub(super) token: Option<Secret>,
    /// Cursors that are still to be refused as expired.
    pub(super) expiring: u32,
    /// Users who are still to appear between two pages.
    pub(super) arriving: u32,
}

/// An emulated service.
#[derive(Debug)]
pub struct Scim {
    options: Options,
    gate: Arc<Gate>,
    world: Mutex<World>,
}

impl Scim {
    fn new(options: Options) -> Result<Self, SeedError> {
        let gate = Arc::new(Gate::new(House { product: "scim", bases: &[BASE], refuse }));
        let world = Mutex::new(World {
            store: plant(options.seed.clone(), options.switches.ids)?,
            switches: Arc::default(),
            token: Some(options.token.clone()),
            expiring: 0,
            arriving: 0,
        });
        let emulator = Self { options, gate, world };
        emulator.set_switches(emulator.options.switches.clone());
        Ok(emulator)
    }

    /// The state, as long as the result is held; never hold it across an `await`.
    pub(super) fn world(&self) -> std::sync::MutexGuard<'_, World> {
        lock(&self.world)
    }

    /// The users as they are stored, in the order of lists.
    #[must_use]
    pub fn users(&self) -> Vec<Value> {
        self.resources(Kind::User)
    }

    /// The groups as they are stored, in the order of lists, each with all its members.
    #[must_use]
    pub fn groups(&self) -> Vec<Value> {
        self.resources(Kind::Group)
    }

    fn resources(&self, kind: Kind) -> Vec<Value> {
        let world = self.world();
        world.store.table(kind).entries().map(|entry| plain(&world.store, kind, entry)).collect()
    }

    /// The first user of this exact name.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<Value> {
        self.named(Kind::User, name)
    }

    /// The first group of this exact name.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<Value> {
        self.named(Kind::Group, name)
    }

    fn named(&self, kind: Kind, name: &str) -> Option<Value> {
        let world = self.world();
        let table = world.store.table(kind);
        let mut found = table.named(name).iter().filter_map(|place| table.at(*place));
        let entry = found.find(|entry| entry.text(kind.label()) == Some(name))?;
        Some(plain(&world.store, kind, entry))
    }

    /// The names of the members of a group; an id where nobody has it.
    #[must_use]
    pub fn members(&self, group: &str) -> BTreeSet<String> {
        let group = self.group(group);
        let members = group.as_ref().and_then(|group| group["members"].as_array());
        let names = members.into_iter().flatten().map(|member| member.get("display").unwrap_or(&member["value"]));
        names.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Whether a user was given a password.
    #[must_use]
    pub fn has_password(&self, name: &str) -> bool {
        let world = self.world();
        let users = &world.store.users;
        let mut found = users.named(name).iter().filter_map(|place| users.at(*place));
        found.any(|user| user.text("userName") == Some(name) && user.password.is_some())
    }

    /// Replaces the state by this. Times and invented ids start anew.
    ///
    /// # Errors
    /// [`SeedError`] when two resources have one id; the state is then unchanged.
    pub fn seed(&self, seed: Seed) -> Result<(), SeedError> {
        let store = plant(seed, self.switches().ids)?;
        self.world().store = store;
        Ok(())
    }

    /// The switches as they stand.
    #[must_use]
    pub fn switches(&self) -> Switches {
        Switches::clone(&self.world().switches)
    }

    /// Sets all switches, and starts the rate limit afresh.
    pub fn set_switches(&self, switches: Switches) {
        self.gate.limit(switches.rate_limit);
        let mut world = self.world();
        world.expiring = switches.expire_cursors;
        world.arriving = switches.insert_between_pages;
        world.switches = Arc::new(switches);
    }

    /// Lets this token in, and no other.
    pub fn set_token(&self, token: Secret) {
        self.world().token = Some(token);
    }
}

impl Product for Scim {
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
        json!({ "users": self.users(), "groups": self.groups() })
    }

    fn put_state(&self, seed: Value) -> Result<(), String> {
        let seed = serde_json::from_value(seed).map_err(|error| error.to_string())?;
        Self::seed(self, seed).map_err(|error| error.to_string())
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
        if let Ok(store) = plant(self.options.seed.clone(), self.options.switches.ids) {
            self.set_switches(self.options.switches.clone());
            self.gate.clear_faults();
            self.gate.clear_journal();
            let mut world = self.world();
            world.store = store;
            world.token = Some(self.options.token.clone());
        }
    }
}

impl Emulator for Scim {
    type Options = Options;

    const TITLE: &'static str = "SCIM 2.0";
    const SIGN_IN: &'static str = "bearer token scim-token";

    fn found(options: Options) -> Result<Self, String> {
        Self::new(options).map_err(|error| error.to_string())
    }

    fn seed(options: &mut Options, seed: Value) -> Result<(), serde_json::Error> {
        options.seed = serde_json::from_value(seed)?;
        Ok(())
    }
}
