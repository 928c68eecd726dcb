//! Users and groups from a directory: OpenLDAP, 389 Directory Server, Active Directory, and others that speak LDAP.
//!
//! Read [`shape`] first (the two searches), then [`search`] (the page loop) and [`page`] (what proves a reading), then
//! [`source`] (one reading from connection to records). Everything on the wire happens on a thread of its own
//! ([`thread`]).
//!
//! Promises: a reading is whole only if every page ended with success, the last with an empty cookie, no entry came
//! twice, and every range of values was fetched to its last; what a limit cut is a partial reading that says so. A
//! connection that is lost on the way is a failed reading, after one more attempt from the beginning. Referrals are
//! never followed. A password never goes in the clear to another machine unless the configuration says `startTls: off`.

mod address;
mod check;
mod command;
mod config;
mod decode;
mod directory;
mod entry;
mod options;
mod page;
mod search;
mod session;
mod settings;
mod shape;
mod source;
#[cfg(test)]
mod tests;
mod thread;
mod tls;
mod trouble;
mod wanted;

pub use config::LdapConfig;
