//! What every story stands on: a folder with the real binary ([`App`]), an emulated cluster ([`Cluster`]), both
//! together ([`World`]), and builders of people; for directories a real OpenLDAP ([`Slapd`]), a real Active Directory
//! ([`Samba`]), entries ([`Directory`]), and a server that fails on command ([`fault_ldap`]). May import the library's
//! sandbox and nothing else of it.

mod app;
mod certificate;
mod cluster;
mod directory;
mod document;
mod entry;
pub(crate) mod fault_ldap;
mod ldap_tools;
mod office;
mod people;
mod process;
mod run;
mod running;
mod samba;
mod slapd;
mod world;

pub(crate) use app::App;
pub(crate) use certificate::Certificate;
pub(crate) use cluster::Cluster;
pub(crate) use directory::{Directory, GROUPS, PEOPLE, SUFFIX};
pub(crate) use document::Document;
pub(crate) use entry::Entry;
pub(crate) use ldap_tools::Account;
pub(crate) use office::{Office, clerk};
pub(crate) use people::{csv, group, people, user, with};
pub(crate) use run::Run;
pub(crate) use running::Running;
pub(crate) use samba::{DOMAIN, Samba};
pub(crate) use slapd::Slapd;
pub(crate) use world::World;
