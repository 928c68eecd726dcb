//! What a write does to a user: the rules that create, update and import share.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::sandbox::failure::Failure;
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::org::{GroupKey, Who};
use crate::sandbox::thoughtspot::principal::{ALL, Attributes, Principal, PrincipalType, Visibility};
use crate::sandbox::thoughtspot::profile::{AccountStatus, Profile};
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::Switches;
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::{duplicate, invalid, missing};
use crate::sandbox::thoughtspot::v2::operation::{Listed, Moves, Operation};
use crate::sandbox::thoughtspot::v2::resolve;

/// What a request says of a user; what it leaves out stays.
#[derive(Debug, Default)]
pub(super) struct UserEdit {
    pub(super) name: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) account_type: Option<PrincipalType>,
    pub(super) status: Option<AccountStatus>,
    pub(super) visibility: Option<Visibility>,
    pub(super) notify_on_share: Option<bool>,
    pub(super) preferred_locale: Option<String>,
    pub(super) extended_properties: Option<Value>,
    pub(super) password: Option<Secret>,
    /// Identifiers.
    pub(super) groups: Listed<String>,
    /// Identifiers.
    pub(super) orgs: Listed<String>,
    pub(super) operation: Operation,
    /// Mails to go out.
    pub(super) mails: Vec<String>,
}

impl UserEdit {
    /// Reads what a create, an update and one user of an import have in common.
    pub(super) fn read(ask: &mut Ask) -> Result<Self, Failure> {
        let mail = |wanted: Option<bool>, name: &str| wanted.unwrap_or(false).then(|| name.to_owned());
        let welcome = mail(ask.flag("trigger_welcome_email")?, "welcome");
        let activation = mail(ask.flag("trigger_activation_email")?, "activation");
        let edit = Self {
            name: ask.text("name")?,
            display_name: ask.text("display_name")?,
            email: ask.text("email")?,
            account_type: ask.choice("account_type")?,
            status: ask.choice("account_status")?,
            visibility: sharing(ask)?,
            notify_on_share: ask.flag("notify_on_share")?,
            preferred_locale: ask.text("preferred_locale")?,
            extended_properties: ask.value("extended_properties"),
            password: ask.secret("password")?,
            groups: Listed::of(ask.texts("group_identifiers")?),
            orgs: Listed::of(ask.texts("org_identifiers")?),
            operation: Operation::default(),
            mails: welcome.into_iter().chain(activation).collect(),
        };
        if edit.account_type.is_some_and(|account_type| !account_type.is_user()) {
            return Err(invalid("account_type must be that of a user"));
        }
        ask.pass_over(&[
            "show_onboarding_experience",
            "onboarding_experience_completed",
            "home_liveboard_identifier",
            "favorite_metadata",
            "use_browser_language",
            "extended_preferences",
        ]);
        Ok(edit)
    }

    /// The groups that are named, by GUID or as they are called in the org.
    fn groups(&self, store: &Store, switches: Switches, org: u32) -> Result<Listed<GroupKey>, Failure> {
        let named =
            self.groups.items.iter().flatten().map(|identifier| resolve::group(store, switches, org, identifier));
        let found: Vec<GroupKey> = named.collect::<Result<_, _>>()?;
        Ok(Listed::of(self.groups.items.is_some().then_some(found)))
    }

    fn orgs(&self, store: &Store) -> Result<Listed<u32>, Failure> {
        let named = self.orgs.items.iter().flatten().map(|identifier| resolve::org(store, identifier));
        let found: Vec<u32> = named.collect::<Result<_, _>>()?;
        Ok(Listed::of(self.orgs.items.is_some().then_some(found)))
    }

    /// Sets what is no list.
    fn write(self, user: &mut Principal) {
        let Principal { attributes, profile, password, .. } = user;
        let own = self.display_name.filter(|name| !name.trim().is_empty());
        attributes.display_name = own.unwrap_or_else(|| std::mem::take(&mut attributes.display_name));
        attributes.mail = self.email.unwrap_or_else(|| std::mem::take(&mut attributes.mail));
        attributes.principal_type = self.account_type.unwrap_or(attributes.principal_type);
        attributes.visibility = self.visibility.unwrap_or(attributes.visibility);
        profile.status = self.status.unwrap_or(profile.status);
        profile.notify_on_share = self.notify_on_share.unwrap_or(profile.notify_on_share);
        profile.preferred_locale = self.preferred_locale.or_else(|| profile.preferred_locale.take());
        profile.extended_properties = self.extended_properties.or_else(|| profile.extended_properties.take());
        profile.mails.extend(self.mails);
        if self.password.is_some() {
            *password = self.password;
        }
    }
}

/// `visibility` in the words of v2.
pub(super) fn sharing(ask: &mut Ask) -> Result<Option<Visibility>, Failure> {
    match ask.text("visibility")?.as_deref() {
        None => Ok(None),
        Some("SHARABLE") => Ok(Some(Visibility::Default)),
        Some("NON_SHARABLE") => Ok(Some(Visibility::NonSharable)),
        Some(_) => Err(invalid("visibility must be SHARABLE or NON_SHARABLE")),
    }
}

/// Creates a user in the orgs named, or in the one of the session, and gives its name.
///
/// # Errors
/// 10002 when something required is missing or the name is taken, 13003 and 13090 for unknown groups and orgs.
pub(super) fn create(store: &mut Store, switches: Switches, org: u32, edit: UserEdit) -> Result<String, Failure> {
    let required = |text: &Option<String>, member: &str| {
        let text = text.clone().filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| invalid(format!("{member} is required")))
    };
    let name = required(&edit.name, "name")?;
    let display_name = required(&edit.display_name, "display_name")?;
    if store.find_user(&name, switches.fold_users).is_some() {
        return Err(duplicate(switches.v2, "user", &name));
    }
    let principal_type = edit.account_type.unwrap_or(PrincipalType::LocalUser);
    if switches.v2.password_needed && principal_type == PrincipalType::LocalUser && edit.password.is_none() {
        return Err(invalid(format!("a password is required to create the user {name}")));
    }
    let groups = edit.groups(store, switches, org)?;
    let orgs = edit.orgs(store)?.items.filter(|orgs| !orgs.is_empty()).unwrap_or_else(|| BTreeSet::from([org]));
    refuse_outsiders(switches, &name, groups.items.iter().flatten(), &orgs)?;
    let now = store.clock.tick();
    let attributes = Attributes {
        display_name,
        description: String::new(),
        mail: String::new(),
        principal_type,
        visibility: Visibility::Default,
        group_names: BTreeSet::new(),
    };
    let mut user = Principal {
        id: store.issue_id(),
        name: name.clone(),
        attributes,
        profile: Profile { orgs: orgs.clone(), ..Profile::default() },
        password: None,
        owned: 0,
        system: false,
        created: now,
        modified: now,
    };
    edit.write(&mut user);
    let who = Who::User(name.clone());
    store.insert(&who, user);
    for key in orgs.into_iter().map(|org| GroupKey::new(org, ALL)).chain(groups.items.into_iter().flatten()) {
        store.join(&who, &key);
    }
    Ok(name)
}

/// Changes a user; gives its name afterwards, and whether anything differs.
///
/// # Errors
/// As [`create`].
pub(super) fn update(
    store: &mut Store,
    switches: Switches,
    org: u32,
    name: &str,
    mut edit: UserEdit,
) -> Result<(String, bool), Failure> {
    let mut who = Who::User(name.to_owned());
    let Some(before) = store.get(&who).cloned() else { return Err(missing(switches.v2, "user", name)) };
    let new_name = edit.name.take().filter(|new| new != name && !new.trim().is_empty());
    if let Some(new) = &new_name {
        let holder = store.find_user(new, switches.fold_users);
        if holder.is_some_and(|holder| holder.name != name) {
            return Err(duplicate(switches.v2, "user", new));
        }
    }
    // Everybody is in some org: a list of none asks for nothing.
    let named = edit.orgs(store)?.items.filter(|orgs| !orgs.is_empty());
    let moves = named.map(|orgs| Listed::of(Some(orgs)).moves(edit.operation, &before.profile.orgs, switches.v2));
    let Moves { into: orgs_in, out: orgs_out } = moves.unwrap_or_default();
    let orgs: BTreeSet<u32> =
        before.profile.orgs.union(&orgs_in).filter(|org| !orgs_out.contains(org)).copied().collect();
    if orgs.is_empty() {
        return Err(invalid(format!("{name} would belong to no org")));
    }
    let parents = store.parents(&who).into_iter();
    let there = parents.filter(|key| key.name != ALL && (edit.operation != Operation::Replace || key.org == org));
    let Moves { into, out } = edit.groups(store, switches, org)?.moves(edit.operation, &there.collect(), switches.v2);
    refuse_outsiders(switches, name, &into, &orgs)?;
    if !switches.v2.status_by_update {
        edit.status = None;
    }
    if let Some(user) = store.get_mut(&who) {
        user.profile.orgs = orgs;
        edit.write(user);
    }
    let gone = store.parents(&who).into_iter().filter(|key| orgs_out.contains(&key.org)).collect::<Vec<_>>();
    for key in gone.iter().chain(out.iter().filter(|key| key.name != ALL)) {
        store.leave(&who, key);
    }
    for key in orgs_in.into_iter().map(|org| GroupKey::new(org, ALL)).chain(into) {
        store.join(&who, &key);
    }
    if let Some(new) = &new_name {
        who = store.rename(&who, new);
    }
    Ok((new_name.unwrap_or_else(|| name.to_owned()), settle(store, &who, &before)))
}

/// Notes the time if somebody differs from before, and says whether.
pub(super) fn settle(store: &mut Store, who: &Who, before: &Principal) -> bool {
    let Some(now) = store.get(who) else { return false };
    let same = now.name == before.name && now.attributes == before.attributes && now.profile == before.profile;
    if !same {
        let moment = store.clock.tick();
        if let Some(principal) = store.get_mut(who) {
            principal.modified = moment;
        }
    }
    !same
}

/// A user outside an org cannot join its groups (measured on live clusters).
fn refuse_outsiders<'keys>(
    switches: Switches,
    name: &str,
    groups: impl IntoIterator<Item = &'keys GroupKey>,
    orgs: &BTreeSet<u32>,
) -> Result<(), Failure> {
    let strange = groups.into_iter().find(|key| !orgs.contains(&key.org));
    strange.map_or(Ok(()), |key| Err(missing(switches.v2, &format!("user of org {}", key.org), name)))
}

/// Deletes a user: what they own is lost. Nothing happens to a system user.
///
/// # Errors
/// 10023 for a system user.
pub(super) fn delete(store: &mut Store, name: &str) -> Result<(), Failure> {
    if store.users.get(name).is_some_and(|user| user.system) {
        let text = format!("{name} is a system user and cannot be deleted");
        return Err(crate::sandbox::thoughtspot::error::forbidden(text));
    }
    store.remove_user(name);
    Ok(())
}
