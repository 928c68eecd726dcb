//! What every story stands on: a folder with the real binary ([`App`]), an emulated cluster ([`Cluster`]), both
//! together ([`World`]), and builders of people; for directories a real OpenLDAP ([`Slapd`]), a real Active Directory
//! ([`Samba`]), entries ([`Directory`]), and a server that fails on command ([`fault_ldap`]); for the state a real
//! PostgreSQL ([`Postgres`]), also behind a [`Pooler`]; for SCIM two real services ([`Scim2Server`], [`Scimmy`]); for notices
//! a real mail server ([`MailServer`]) and somebody who takes posts ([`Hook`]); for the emulated cluster a client that is
//! not ours ([`PublicClient`]). May import the library's sandbox and, for what the binary does not show, `config` and
//! `notify`; nothing else of it.

mod app;
mod certificate;
mod cluster;
mod daemon;
mod directory;
mod document;
mod entry;
pub(crate) mod fault_ldap;
mod hook;
mod ldap_tools;
mod mail_server;
pub(crate) mod notices;
mod office;
mod peers;
mod people;
mod pooler;
mod portal;
mod postgres;
mod process;
mod public_client;
mod run;
mod running;
mod samba;
mod scim2_server;
mod scim_account;
mod scim_process;
mod scimmy;
mod slapd;
mod trail;
mod world;
mod world_v2;

pub(crate) use app::App;
pub(crate) use certificate::Certificate;
pub(crate) use cluster::Cluster;
pub(crate) use daemon::Daemon;
pub(crate) use directory::{Directory, GROUPS, PEOPLE, SUFFIX};
pub(crate) use document::Document;
pub(crate) use entry::Entry;
pub(crate) use hook::{Hook, Post};
pub(crate) use ldap_tools::Account;
pub(crate) use mail_server::MailServer;
pub(crate) use office::{Office, clerk};
pub(crate) use peers::peers;
pub(crate) use people::{csv, group, people, user, with};
pub(crate) use pooler::Pooler;
pub(crate) use portal::{KEY, Portal, small};
pub(crate) use postgres::{PASSWORD, Postgres};
pub(crate) use public_client::PublicClient;
pub(crate) use run::Run;
pub(crate) use running::Running;
pub(crate) use samba::{DOMAIN, Samba};
pub(crate) use scim_account::ScimAccount;
pub(crate) use scim2_server::{Profile, Scim2Server};
pub(crate) use scimmy::Scimmy;
pub(crate) use slapd::Slapd;
pub(crate) use trail::{Trail, key as trail_key};
pub(crate) use world::World;
pub(crate) use world_v2::WorldV2;
