//! What needs no server: reading of every shape, what is sent for it, and what is said of a configuration.

mod configurations;
mod conversion;
mod lifetimes;
mod lists;
mod readings;
mod values;
