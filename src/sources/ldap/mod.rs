//! Users and groups from a directory: `OpenLDAP`, 389 Directory Server, Active Directory and their like.
//!
//! May import what its room may. Read [`assemble`] first, then [`reader`] and [`members`].
//!
//! Promises: a DN is compared as a DN; an id is read as bytes; a member that is nobody we read is counted, never
//! guessed; an entry that came twice or has no name leaves the reading unproven.

mod active;
mod assemble;
#[cfg(test)]
mod assemble_tests;
mod content_sync;
mod dn;
mod entry;
mod filter;
mod identity;
mod members;
mod reader;
mod recall;
mod refresh;
mod shape;
