use std::time::Duration;

use super::address::Address;
use super::options::Referrals;
use super::shape::{GroupsFile, UsersFile};
use super::tls::Certificates;
use crate::connector::Secret;

/// What a source is made of: the configuration, checked.
pub(super) struct Settings {
    /// ``reading LDAP source `corp` ``, for messages.
    pub(super) doing: String,
    /// In the order in which they are tried; at least one.
    pub(super) addresses: Vec<Address>,
    /// None: anonymous.
    pub(super) bind: Option<Bind>,
    pub(super) certificates: Certificates,
    /// A file of authorities, for the command that a person may paste.
    pub(super) authorities: Option<String>,
    /// Of one answer.
    pub(super) timeout: Duration,
    /// Entries a page; none: everything in one answer.
    pub(super) paging: Option<u32>,
    pub(super) referrals: Referrals,
    /// Whether only changes are read, and how often everything even so.
    pub(super) incremental: Option<Incremental>,
    pub(super) users: UsersFile,
    pub(super) groups: Option<GroupsFile>,
}

/// Only what changed is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Incremental {
    /// Everything is read when it was last read so long ago.
    pub(super) full_every: Duration,
}

/// Who binds.
pub(super) struct Bind {
    pub(super) dn: String,
    pub(super) password: Secret,
}
