//! `groups/search`.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json;
use crate::sandbox::journal::Effect;
use crate::sandbox::payload::Payload;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::{ThoughtSpot, World};
use crate::sandbox::thoughtspot::org::GroupKey;
use crate::sandbox::thoughtspot::principal::{Principal, PrincipalType};
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::resolve;
use crate::sandbox::thoughtspot::v2::search::{Page, Wanted, same};
use crate::sandbox::thoughtspot::v2::show_group::GroupRow;
use crate::sandbox::thoughtspot::v2::show_user::value;

/// What groups are looked for by; a list fits whatever has one of its items.
#[derive(Debug)]
struct Filter {
    who: Option<String>,
    wanted: Wanted,
    description: Option<String>,
    group_type: Option<PrincipalType>,
    users: Option<Vec<String>>,
    sub_groups: Option<Vec<GroupKey>>,
    privileges: Option<Vec<String>>,
    orgs: Option<BTreeSet<u32>>,
}

impl Filter {
    fn read(ask: &mut Ask, world: &World, org: u32) -> Result<Self, Failure> {
        let (store, switches) = (&world.store, world.switches);
        let users = ask.texts("user_identifiers")?;
        let subs = ask.texts("sub_group_identifiers")?;
        let orgs = ask.texts("org_identifiers")?;
        Ok(Self {
            who: ask.text("group_identifier")?,
            wanted: Wanted::read(ask)?,
            description: ask.text("description")?,
            group_type: ask.choice("type")?,
            users: users.map(|users| resolve::users(store, switches, &users)).transpose()?,
            sub_groups: subs.map(|subs| resolve::groups(store, switches, org, &subs)).transpose()?,
            privileges: ask.texts("privileges")?,
            orgs: orgs.map(|orgs| orgs.iter().map(|org| resolve::org(store, org)).collect()).transpose()?,
        })
    }

    fn is_open(&self) -> bool {
        let Self { who, wanted, description, group_type, users, sub_groups, privileges, orgs } = self;
        let texts = who.is_none() && wanted.is_open() && description.is_none() && group_type.is_none();
        texts && users.is_none() && sub_groups.is_none() && privileges.is_none() && orgs.is_none()
    }

    fn fits(&self, world: &World, key: &GroupKey, group: &Principal) -> bool {
        self.who.as_ref().is_none_or(|who| *who == group.id || *who == group.name)
            && self.wanted.fits(group)
            && same(self.description.as_ref(), &group.attributes.description)
            && same(self.group_type.as_ref(), &group.attributes.principal_type)
            && self.orgs.as_ref().is_none_or(|orgs| orgs.contains(&key.org))
            && self.users.as_ref().is_none_or(|users| {
                let members = &world.store.members(key).users;
                users.iter().any(|user| members.contains(user))
            })
            && self.sub_groups.as_ref().is_none_or(|groups| {
                let members = &world.store.members(key).groups;
                groups.iter().any(|group| members.contains(group))
            })
            && self
                .privileges
                .as_ref()
                .is_none_or(|wanted| wanted.iter().any(|privilege| group.profile.privileges.contains(privilege)))
    }
}

/// Groups of every org as a bare array, unless `org_identifiers` says otherwise.
pub(super) async fn search(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let page = Page::read(&mut ask)?;
    let with_users = ask.flag("include_users")?.unwrap_or(true);
    let with_groups = ask.flag("include_sub_groups")?.unwrap_or(true);
    let mut world = emulator.world();
    let filter = Filter::read(&mut ask, &world, caller.org)?;
    ask.pass_over(&["default_liveboard_identifiers", "role_identifiers"]);
    let mut order = world.store.group_order();
    if !filter.is_open() {
        let fits = |key: &&GroupKey| world.store.group(key).is_some_and(|group| filter.fits(&world, key, group));
        order = Arc::new(order.iter().filter(fits).cloned().collect());
    }
    let switches = world.switches.v2;
    let chosen = page.cut(&order, |key| world.store.group(key), switches);
    let row = |key: &GroupKey| {
        let group = world.store.group(key)?;
        Some(value(&GroupRow::of(&world, key, group, with_users, with_groups), switches))
    };
    let rows = chosen.iter().filter_map(row).collect::<Result<Vec<_>, _>>()?;
    let mut response = json(&rows)?;
    response.extensions_mut().insert(Effect { warnings: ask.warnings(), ..Effect::default() });
    Ok(response)
}
