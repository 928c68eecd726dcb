//! Users and groups from a directory: OpenLDAP, 389 Directory Server, Active Directory, and others that speak LDAP.
//!
//! Read [`shape`] first (the two searches), then [`source`] (one reading from connection to records). The wire is
//! [`search`] (the page loop) and [`page`] (what proves a reading), on a thread of its own ([`thread`]); what becomes
//! of entries is [`assemble`], [`reader`] and [`members`], which know no wire.
//!
//! Promises: a reading is whole only if every page ended with success, the last with an empty cookie, no entry came
//! twice, and every range of values was fetched to its last; what a limit cut is a partial reading that says so. A
//! connection that is lost on the way is a failed reading, after one more attempt from the beginning. Referrals are
//! never followed. A password never goes in the clear to another machine unless the configuration says `startTls: off`.
//! A DN is compared as a DN; an id is read as bytes; a member that is nobody we read is counted, never guessed.

mod active;
mod address;
mod asked;
mod assemble;
mod check;
mod command;
mod config;
mod content_sync;
mod decode;
mod directory;
mod dn;
mod entry;
mod filter;
mod follow;
mod identity;
mod members;
mod options;
mod page;
mod places;
mod position;
mod reader;
mod reading;
mod recall;
mod refresh;
mod schema;
mod search;
mod seen;
mod session;
mod settings;
mod shape;
mod shaping;
mod source;
#[cfg(test)]
mod tests;
mod thread;
mod tls;
mod trouble;
mod wanted;

pub use config::LdapConfig;
pub use thread::DIRECTORY_THREAD;
