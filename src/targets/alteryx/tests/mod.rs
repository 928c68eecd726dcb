//! What can be told without a server: every shape of their records, what becomes of ours, and what is judged.

mod assembling;
mod attributes;
mod configuring;
mod judging;
mod names;
mod wires;

use super::config::{AccountName, Auth, Role};
use super::target::Settings;
use crate::principal::{CaseRules, Kind, Principal};

pub(super) fn settings(auth: Auth) -> Settings {
    Settings {
        auth,
        rules: CaseRules::minding(false, true),
        settle: std::time::Duration::ZERO,
        owner: "Owner@Example.org".into(),
        roles: [("BI Admins".into(), Role::Artisan)].into(),
        force_delete: false,
        account_name: AccountName::LocalPart,
        no_last_name: "-".into(),
    }
}

pub(super) fn user(name: &str) -> Principal {
    Principal::new(Kind::User, name)
}

pub(super) fn group(name: &str) -> Principal {
    Principal::new(Kind::Group, name)
}
