//! `User/addUserToGroup` and `User/removeUserFromGroup`. Their parameters are in no vendor page.

use crate::sandbox::curator::emulator::World;
use crate::sandbox::curator::endpoints::told;
use crate::sandbox::curator::refusal::Refusal;
use crate::sandbox::curator::request::{Asked, Reply};
use crate::sandbox::curator::state::Store;
use crate::sandbox::curator::switches::{Parameters, Switches, Twice, Unknown};
use crate::sandbox::journal::Changes;

/// Puts a user into a group, or takes it out.
///
/// # Errors
/// When a parameter is missing or names nobody, or it is so already and the switches call that an error.
pub(super) fn change_membership(world: &mut World, asked: &Asked, inside: bool) -> Result<Reply, Refusal> {
    *world.aliases.entry(asked.parameter_names()).or_default() += 1;
    let (user_parameter, group_parameter) = names(world.switches.parameters);
    let (Some(user_text), Some(group_text)) = (asked.parameter(user_parameter), asked.parameter(group_parameter))
    else {
        return Err(Refusal::new("A user and a group are required")
            .remarked(format!("it takes {user_parameter} and {group_parameter}")));
    };
    let group = find_group(&world.store, group_text, &world.switches);
    let user = find_user(&world.store, user_text, &world.switches);
    let (user, group) = match (user, group) {
        (_, None) => return nobody(&world.switches, world.switches.unknown_group, "Group not found"),
        (None, _) => return nobody(&world.switches, world.switches.unknown_user, "User not found"),
        (Some(user), Some(group)) => (user, group),
    };
    if !world.store.set_member(user, group, inside) {
        let (twice, text) = if inside {
            (world.switches.add_present, "User is already a member of this group")
        } else {
            (world.switches.remove_absent, "User is not a member of this group")
        };
        return match twice {
            Twice::Error => Err(Refusal::new(text)),
            Twice::Success => {
                Ok(Reply::write(told(&world.switches, text), Changes::default()).remarked("nothing changed"))
            }
        };
    }
    world.store.push_to_tableau(user, group, inside);
    world.store.clock.tick();
    let name = world.store.users.get(&user).map(|user| user.name.clone());
    let changes = Changes { users_updated: name.into_iter().collect(), ..Changes::default() };
    let text = if inside { "Successfully added user to group" } else { "Successfully removed user from group" };
    Ok(Reply::write(told(&world.switches, text), changes))
}

/// The parameters of the user and of the group.
const fn names(parameters: Parameters) -> (&'static str, &'static str) {
    match parameters {
        Parameters::UsernameGroup => ("username", "group"),
        Parameters::UserIdGroupId => ("user_id", "group_id"),
        Parameters::UserNameGroupName => ("userName", "groupName"),
        Parameters::EmailGroup => ("email", "group"),
    }
}

fn find_user(store: &Store, text: &str, switches: &Switches) -> Option<u64> {
    match switches.parameters {
        Parameters::UserIdGroupId => text.parse().ok().filter(|id| store.users.contains_key(id)),
        Parameters::EmailGroup => store.user_with_email(text, switches.username_matching),
        Parameters::UsernameGroup | Parameters::UserNameGroupName => store.user_named(text, switches.username_matching),
    }
}

fn find_group(store: &Store, text: &str, switches: &Switches) -> Option<u64> {
    match switches.parameters {
        Parameters::UserIdGroupId => text.parse().ok().filter(|id| store.groups.contains_key(id)),
        _ => store.group_named(text, switches.group_matching),
    }
}

fn nobody(switches: &Switches, unknown: Unknown, text: &str) -> Result<Reply, Refusal> {
    match unknown {
        Unknown::Error => Err(Refusal::new(text)),
        Unknown::Silent => Ok(Reply::read(told(switches, "Done"))),
    }
}
