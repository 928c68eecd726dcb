//! What every emulated product is to the server, and the table of products.

use std::fmt::Debug;
use std::sync::Arc;

use axum::Router;
use serde_json::Value;

use crate::sandbox::faults::Fault;
use crate::sandbox::gate::Gate;
use crate::sandbox::journal::JournalEntry;

/// An emulated product while it runs.
pub trait Product: Debug + Send + Sync + 'static {
    /// What every request passes.
    fn gate(&self) -> &Arc<Gate>;

    /// The interfaces of the product, below its prefix and behind its gate.
    fn router(self: Arc<Self>) -> Router;

    /// Control endpoints that only this product has, below `/_sandbox/`.
    fn controls(self: Arc<Self>) -> Router {
        Router::new()
    }

    /// Everything it keeps, without secrets, as JSON.
    fn state(&self) -> Value;

    /// Replaces what it keeps by what every installation has and this.
    ///
    /// # Errors
    /// When the seed contradicts itself; the state is then unchanged.
    fn put_state(&self, seed: Value) -> Result<(), String>;

    /// The behaviours that the vendor's pages leave open, as JSON.
    fn switches(&self) -> Value;

    /// Sets them; members that are left out take their default.
    ///
    /// # Errors
    /// When a switch is unknown or takes no such value.
    fn put_switches(&self, switches: Value) -> Result<(), String>;

    /// Goes back to the start: state and switches as it was founded, no sessions, no faults, an empty journal.
    fn reset(&self);

    /// Every request received, oldest first.
    fn journal(&self) -> Vec<JournalEntry> {
        self.gate().journal()
    }

    /// The requests that carried out a write, oldest first.
    fn writes(&self) -> Vec<JournalEntry> {
        self.gate().writes()
    }

    /// Empties the journal; its sequence goes on.
    fn clear_journal(&self) {
        self.gate().clear_journal();
    }

    /// Queues a fault.
    fn inject(&self, fault: Fault) {
        self.gate().inject(fault);
    }

    /// Forgets every fault.
    fn clear_faults(&self) {
        self.gate().clear_faults();
    }

    /// The faults that have not met all their requests yet.
    fn pending_faults(&self) -> Vec<Fault> {
        self.gate().pending_faults()
    }
}

/// How a product is founded.
pub trait Emulator: Product + Sized {
    /// Credentials, seed and switches to begin with.
    type Options: Debug + Clone + Default;

    /// In the list of products: `ThoughtSpot, API v1`.
    const TITLE: &'static str;

    /// Who may sign in unless the options say otherwise, as a person would type it.
    const SIGN_IN: &'static str;

    /// What whoever starts it should know, such as what it is modelled on; empty where there is nothing to say.
    const REMARK: &'static str = "";

    /// A product that begins so.
    ///
    /// # Errors
    /// When the seed contradicts itself.
    fn found(options: Self::Options) -> Result<Self, String>;

    /// Sets the seed of the options.
    ///
    /// # Errors
    /// When it is no seed of this product.
    fn seed(options: &mut Self::Options, seed: Value) -> Result<(), serde_json::Error>;
}

/// Makes the options, the running products and their list out of one row a product: `prefix => Emulator`.
macro_rules! products {
    ($( $(#[$docs:meta])* $prefix:ident => $emulator:ty; )+) => {
        /// How a sandbox starts.
        #[derive(Debug, Clone)]
        pub struct Options {
            /// Where to listen. Port 0 takes a free port.
            pub listen: std::net::SocketAddr,
            $( $(#[$docs])* pub $prefix: <$emulator as $crate::sandbox::product::Emulator>::Options, )+
        }

        impl Default for Options {
            /// A free port of 127.0.0.1 and products as they come.
            fn default() -> Self {
                Self { listen: ([127, 0, 0, 1], 0).into(), $( $prefix: Default::default(), )+ }
            }
        }

        impl Options {
            /// The prefix and title of each product, and who may sign in.
            pub const PRODUCTS: &'static [(&'static str, &'static str, &'static str)] = &[$( (
                stringify!($prefix),
                <$emulator as $crate::sandbox::product::Emulator>::TITLE,
                <$emulator as $crate::sandbox::product::Emulator>::SIGN_IN,
            ), )+];

            /// The prefix of each product that has a remark, and the remark.
            #[must_use]
            pub fn remarks() -> Vec<(&'static str, &'static str)> {
                let all = [$( (
                    stringify!($prefix),
                    <$emulator as $crate::sandbox::product::Emulator>::REMARK,
                ), )+];
                all.into_iter().filter(|(_, remark)| !remark.is_empty()).collect()
            }

            /// Sets the seed of one product.
            ///
            /// # Errors
            /// When there is no such product, or it is no seed of it.
            pub fn seed(&mut self, prefix: &str, seed: serde_json::Value) -> Result<(), String> {
                use $crate::sandbox::product::Emulator;
                let told = match prefix {
                    $( stringify!($prefix) => <$emulator as Emulator>::seed(&mut self.$prefix, seed), )+
                    _ => return Err(format!("there is no product `{prefix}`")),
                };
                told.map_err(|error| format!("{prefix}: {error}"))
            }
        }

        /// Every product, running.
        #[derive(Debug)]
        pub(crate) struct Products { $( pub(crate) $prefix: std::sync::Arc<$emulator>, )+ }

        impl Products {
            /// # Errors
            /// When a seed contradicts itself.
            pub(crate) fn found(options: Options) -> Result<Self, String> {
                use $crate::sandbox::product::Emulator;
                Ok(Self { $( $prefix: std::sync::Arc::new(
                    <$emulator as Emulator>::found(options.$prefix).map_err(|error| format!("{}: {error}", stringify!($prefix)))?
                ), )+ })
            }

            /// With their prefixes and titles.
            pub(crate) fn all(
                &self,
            ) -> Vec<(&'static str, &'static str, std::sync::Arc<dyn $crate::sandbox::product::Product>)> {
                vec![$( (
                    stringify!($prefix),
                    <$emulator as $crate::sandbox::product::Emulator>::TITLE,
                    std::sync::Arc::clone(&self.$prefix) as _,
                ), )+]
            }
        }

        impl $crate::sandbox::Sandbox {
            $( $(#[$docs])* #[must_use] pub fn $prefix(&self) -> &$emulator { &self.products().$prefix } )+
        }
    };
}
pub(crate) use products;
