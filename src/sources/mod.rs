//! Where the truth is read. One folder a kind, and one row a kind in the table below.
//!
//! May import `principal`, `plan`, `guard` (for `expect`) and `connector`. Read `file` first, then `json`, then `csv` and
//! `push`; `ldap` stands by itself.
//!
//! Promises: a file that cannot be read to its end, or that changes while it is read, is a failed reading, never a
//! smaller one; a record that cannot be used is set aside alone, with its place and the reason; where it cannot be
//! said whom such a record is about, the reading is unproven.

mod count;
mod csv;
mod file;
mod json;
mod ldap;
mod push;
mod set_aside;
#[cfg(test)]
mod tests;
mod text;

pub use csv::CsvConfig;
pub use json::JsonConfig;
pub use ldap::{DIRECTORY_THREAD, LdapConfig};
pub use push::{ListFault, NewList, PushConfig};

use crate::connector::Source;
use crate::guard::Expect;

crate::connector_kinds! {
    /// A source as the configuration writes it: its kind, and what is expected of it.
    SourceFile builds Box<dyn Source> {
        common {
            /// What a reading must hold to be believed.
            expect: Option<Expect>,
        }
        /// Users, and groups if there is a file of them, from CSV files.
        csv => CsvConfig;
        /// Users and groups from a JSON file: the array of principals of `/user/sync`.
        json => JsonConfig;
        /// Users and groups from a directory: OpenLDAP, 389 Directory Server, Active Directory.
        ldap => LdapConfig;
        /// Users and groups that somebody pushes to the daemon: those of the last list.
        push => PushConfig;
    }
}
