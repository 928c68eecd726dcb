//! People who sign in, and the one-time tokens of those who are.

use serde_json::{Map, Value, json};

use crate::sandbox::curator::emulator::World;
use crate::sandbox::curator::refusal::Refusal;
use crate::sandbox::curator::request::Asked;
use crate::sandbox::identity::{Space, guid};

impl World {
    /// Somebody signs in: created the first time, memberships refreshed (vendor: "Just in Time Provisioning", "User
    /// Sync and Membership Sync Overview"). Gives the number of the user.
    ///
    /// # Errors
    /// When the user is unknown and a sign-in creates nobody.
    pub(super) fn log_in(&mut self, name: &str, email: &str, full_name: &str) -> Result<u64, String> {
        let known = self.store.user_named(name, self.switches.username_matching);
        let user = match known {
            Some(user) => user,
            None if self.switches.jit => self.store.add_user(None, name, email, full_name),
            None => return Err(format!("{name} is unknown, and a sign-in creates nobody")),
        };
        if self.switches.on_login_sync {
            self.store.refresh_user(user, &self.switches);
        }
        Ok(user)
    }

    /// The scheduled sync of every group with platform groups; it makes users where a sign-in does not.
    pub(super) fn scheduled_sync(&mut self) {
        let groups: Vec<u64> = self.store.groups.keys().copied().collect();
        for group in groups {
            self.refresh(group);
        }
    }

    /// A token for `User/getUser`, as `{portal}/fetchUser?redirect_url=…` gives one to a browser.
    ///
    /// # Errors
    /// When there is no such user.
    pub(super) fn issue_token(&mut self, name: &str) -> Result<String, String> {
        let user = self.store.user_named(name, self.switches.username_matching);
        let user = user.ok_or_else(|| format!("{name} is unknown"))?;
        self.issued += 1;
        let token = guid(Space::Session, self.issued);
        self.tokens.insert(token.clone(), user);
        Ok(token)
    }
}

/// `User/getUser`: the user behind a token, which is spent by this (vendor: "Authentication").
///
/// # Errors
/// When the token is missing, unknown or spent.
pub(super) fn show_user(world: &mut World, asked: &Asked) -> Result<Value, Refusal> {
    let token = asked.parameter("token").ok_or_else(|| Refusal::new("A token is required"))?;
    let user = world.tokens.remove(token).and_then(|user| world.store.users.get(&user));
    let user = user.ok_or_else(|| Refusal::new("The token is invalid or has been used"))?;
    // A user's own value goes before that of a group (vendor: "Custom Attributes").
    let groups = user.groups.iter().filter_map(|group| world.store.groups.get(group));
    let mut attributes: Map<String, Value> = groups.flat_map(|group| group.custom_attributes.clone()).collect();
    attributes.extend(user.custom_attributes.clone());
    Ok(json!({
        "name": user.name, "email": user.email, "full_name": user.full_name, "custom_attributes": attributes,
    }))
}
