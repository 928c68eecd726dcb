//! `users/search`.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json;
use crate::sandbox::journal::Effect;
use crate::sandbox::payload::Payload;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::{ThoughtSpot, World};
use crate::sandbox::thoughtspot::org::{GroupKey, PRIMARY, Who};
use crate::sandbox::thoughtspot::principal::{Principal, PrincipalType};
use crate::sandbox::thoughtspot::profile::AccountStatus;
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::resolve;
use crate::sandbox::thoughtspot::v2::search::{Page, Wanted, same};
use crate::sandbox::thoughtspot::v2::show_user::UserRow;
use crate::sandbox::thoughtspot::v2::user_edit::{UserEdit, create};

/// What users are looked for by; a list fits whoever has one of its items.
#[derive(Debug)]
struct Filter {
    who: Option<String>,
    wanted: Wanted,
    email: Option<String>,
    account_type: Option<PrincipalType>,
    status: Option<AccountStatus>,
    groups: Option<Vec<GroupKey>>,
    privileges: Option<Vec<String>>,
    orgs: Option<BTreeSet<u32>>,
}

impl Filter {
    fn read(ask: &mut Ask, world: &World, org: u32) -> Result<Self, Failure> {
        let groups = ask.texts("group_identifiers")?;
        let groups = groups.map(|groups| resolve::groups(&world.store, world.switches, org, &groups)).transpose()?;
        let orgs = ask.texts("org_identifiers")?;
        let orgs = orgs.map(|orgs| orgs.iter().map(|org| resolve::org(&world.store, org)).collect()).transpose()?;
        Ok(Self {
            who: ask.text("user_identifier")?,
            wanted: Wanted::read(ask)?,
            email: ask.text("email")?,
            account_type: ask.choice("account_type")?,
            status: ask.choice("account_status")?,
            groups,
            privileges: ask.texts("privileges")?,
            orgs,
        })
    }

    /// Whether everybody fits.
    fn is_open(&self) -> bool {
        let Self { who, wanted, email, account_type, status, groups, privileges, orgs } = self;
        let texts = who.is_none() && wanted.is_open() && email.is_none();
        texts
            && account_type.is_none()
            && status.is_none()
            && groups.is_none()
            && privileges.is_none()
            && orgs.is_none()
    }

    fn fits(&self, world: &World, user: &Principal) -> bool {
        let who = Who::User(user.name.clone());
        self.wanted.fits(user)
            && same(self.email.as_ref(), &user.attributes.mail)
            && same(self.account_type.as_ref(), &user.attributes.principal_type)
            && same(self.status.as_ref(), &user.profile.status)
            && self.orgs.as_ref().is_none_or(|orgs| !orgs.is_disjoint(&user.profile.orgs))
            && self.groups.as_ref().is_none_or(|groups| {
                let parents = world.store.parents(&who);
                groups.iter().any(|group| parents.contains(group))
            })
            && self.privileges.as_ref().is_none_or(|wanted| {
                let row = UserRow::of(world, user);
                wanted.iter().any(|privilege| row.privileges().contains(privilege))
            })
    }
}

/// Users as a bare array, of every org unless `org_identifiers` says otherwise.
pub(super) async fn search(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let page = Page::read(&mut ask)?;
    let mut world = emulator.world();
    let filter = Filter::read(&mut ask, &world, caller.org)?;
    ask.pass_over(&[
        "notify_on_share",
        "show_onboarding_experience",
        "onboarding_experience_completed",
        "home_liveboard_identifier",
        "favorite_metadata",
        "role_identifiers",
        "include_favorite_metadata",
        "include_variable_values",
    ]);
    if filter.orgs.is_some() && world.switches.v2.org_filter_404 {
        return Err(Failure::new(StatusCode::NOT_FOUND, 13_003, "a group of a user on this page does not exist"));
    }
    let order = world.store.user_order();
    let users = &world.store.users;
    let names = if let Some(who) = &filter.who {
        let found = resolve::find_user(&world.store, world.switches, who);
        Arc::new(found.filter(|user| filter.fits(&world, user)).map(|user| user.name.clone()).into_iter().collect())
    } else if filter.is_open() {
        order
    } else {
        let fitting = users.values().filter(|user| filter.fits(&world, user));
        Arc::new(fitting.map(|user| user.name.clone()).collect::<Vec<_>>())
    };
    let chosen = page.cut(&names, |name| users.get(name), world.switches.v2);
    let more = page.offset + chosen.len() < names.len();
    let rows: Vec<UserRow<'_>> =
        chosen.iter().filter_map(|name| users.get(name)).map(|user| UserRow::of(&world, user)).collect();
    let mut response = if world.switches.v2.nulls {
        json(&rows)?
    } else {
        json(&rows.iter().map(|row| row.value(world.switches.v2)).collect::<Result<Vec<_>, _>>()?)?
    };
    drop(rows);
    response.extensions_mut().insert(Effect { warnings: ask.warnings(), ..Effect::default() });
    if page.offset == 0 && more {
        insert_late(&mut world)?;
    }
    Ok(response)
}

/// Lets in those who come between the first page and the second.
fn insert_late(world: &mut World) -> Result<(), Failure> {
    let late = std::mem::take(&mut world.late_users);
    for number in 1..=late {
        let name = format!("!late{number}");
        let edit = UserEdit {
            name: Some(name.clone()),
            display_name: Some(format!("Late {number}")),
            email: Some(format!("late{number}@sandbox.test")),
            account_type: Some(PrincipalType::SamlUser),
            ..UserEdit::default()
        };
        let switches = world.switches;
        create(&mut world.store, switches, PRIMARY, edit)?;
    }
    Ok(())
}
