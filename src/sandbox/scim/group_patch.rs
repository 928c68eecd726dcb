//! PATCH of the members of a group.

use serde_json::Value;

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::attribute::{self, Kind};
use crate::sandbox::scim::error::{INVALID_FILTER, INVALID_PATH, INVALID_VALUE, refused};
use crate::sandbox::scim::filter::{Comparison, Filter, Operator};
use crate::sandbox::scim::members::Membership;
use crate::sandbox::scim::patch::{Operation, Verb, allows};
use crate::sandbox::scim::render::Showcase;
use crate::sandbox::scim::switches::Switches;
use crate::sandbox::scim::writing::{OrPath, ValueRemoval};

/// Whether an operation is about members.
pub(super) fn is_about_members(operation: &Operation) -> bool {
    operation.path.attribute.eq_ignore_ascii_case("members")
}

/// Carries an operation on members out.
pub(super) fn apply(
    membership: &mut Membership<'_>,
    group: &str,
    operation: Operation,
    switches: &Switches,
) -> Result<(), Failure> {
    let Operation { verb, path, value } = operation;
    let value = value.filter(|value| !value.is_null());
    if path.part.is_some() {
        return Err(refused(INVALID_PATH, "a part of a member cannot be changed"));
    }
    match (verb, path.filter, value) {
        (Verb::Remove, Some(filter), _) => remove_selected(membership, group, &filter, switches),
        (_, Some(_), _) => Err(refused(INVALID_PATH, "a member cannot be changed")),
        (Verb::Remove, None, Some(value)) => {
            membership.warnings.push("members are removed by value".to_owned());
            if switches.remove_by_value == ValueRemoval::Refused {
                return Err(refused(INVALID_VALUE, "remove takes no value"));
            }
            membership.remove(&value, switches)
        }
        (Verb::Remove, None, None) => {
            membership.warnings.push("all members are removed at once".to_owned());
            if allows(switches.remove_all_members, "remove of all members")? {
                membership.keep(0);
            }
            Ok(())
        }
        (_, None, None) => Err(refused(INVALID_VALUE, "the operation needs a value")),
        (Verb::Add, None, Some(value)) => membership.add(&value, switches),
        (Verb::Replace, None, Some(value)) => {
            membership.warnings.push("all members are replaced at once".to_owned());
            if allows(switches.replace_members, "replace of members")? {
                membership.keep(0);
                membership.add(&value, switches)?;
            }
            Ok(())
        }
    }
}

fn remove_selected(
    membership: &mut Membership<'_>,
    group: &str,
    filter: &Filter,
    switches: &Switches,
) -> Result<(), Failure> {
    if !allows(switches.remove_by_filter, "remove by a filter")? {
        return Ok(());
    }
    membership.count(1, switches)?;
    let filter = match (filter, switches.or_path) {
        (Filter::Or(..), OrPath::Refused) => return Err(refused(INVALID_FILTER, "or is not taken in a path")),
        (Filter::Or(left, _), OrPath::First) => left.as_ref(),
        _ => filter,
    };
    if let Filter::Compare(name, Operator::Equal, Value::String(id)) = filter
        && name.eq_ignore_ascii_case("value")
    {
        membership.remove_id(id.clone());
        return Ok(());
    }
    let parts = attribute::find(Kind::Group.attributes(), "members").map_or(&[][..], |members| members.parts);
    let how = Comparison { attributes: parts, exact: false };
    let showcase = Showcase { store: membership.store, switches, base: "" };
    let members = membership.store.groups.get(group).map(|entry| &entry.members);
    let meets = |id: &&String| showcase.member(id).as_object().is_some_and(|member| filter.holds(member, how));
    let gone: Vec<String> = members.into_iter().flat_map(|members| members.keys()).filter(meets).cloned().collect();
    for id in gone {
        membership.remove_id(id);
    }
    Ok(())
}
