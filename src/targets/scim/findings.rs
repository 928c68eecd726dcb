//! What `check` and a plan have to say of a service.

use super::config::Members;
use super::fields::{self, Place};
use super::service::Service;
use super::target::Scim;
use crate::connector::Finding;
use crate::plan::{Change, Current, Field};
use crate::principal::{Kind, Principal};

/// What the service says of itself.
pub(super) fn said(service: &Service) -> Vec<Finding> {
    if !service.said {
        let why = "the service does not say what it can do: everything is tried in the form of the RFC";
        return vec![Finding::Warning(why.into())];
    }
    let word = |said: Option<bool>| match said {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not said",
    };
    let Service { patch, filter, etag, cursor, .. } = service;
    let told = format!(
        "SCIM 2.0: patch {}, filter {}, versions {}, cursors {}",
        word(*patch),
        word(*filter),
        word(*etag),
        word(*cursor)
    );
    vec![Finding::Good(told)]
}

/// What a person should know before the first apply.
pub(super) fn doubts(target: &Scim, service: &Service, current: &Current) -> Vec<Finding> {
    let mut doubts = Vec::new();
    let manner = &target.manner;
    let schema = &service.schema;
    if !schema.lacks.is_empty() {
        let lacks: Vec<String> = schema.lacks.iter().map(Field::text).collect();
        doubts.push(format!("the schemas of the service lack {}: neither sent nor compared", lacks.join(", ")));
    }
    if let Some(exact) = schema.case_exact.filter(|exact| *exact != manner.case_exact) {
        doubts.push(format!("the service says that user names are compared {}: set `caseExact: {exact}`", rule(exact)));
    }
    if manner.account.is_none() {
        doubts.push("`account` is not set: the account that the token belongs to is not protected".into());
    }
    let remembered = target.memory.with(|memory| (memory.hides_members, memory.echoes.len()));
    if manner.members.map_or(remembered.0, |members| members == Members::Hidden) {
        let why = "groups do not show their members: what rollcall has done is compared, and drift is not seen";
        doubts.push(why.into());
    } else if current.set.count(Kind::Group) > 0 && !target.shows_members() {
        doubts.push("no group shows a member: if there are some, set `members: hidden`".into());
    }
    if remembered.1 > 0 {
        doubts.push(format!("{} users have values that the service does not keep as they were sent", remembered.1));
    }
    let unsure = current.untold.unsure.len();
    if unsure > 0 {
        let why = "may have more members than they show: who is in them is left as it is";
        doubts.push(format!("{unsure} groups {why}"));
    }
    doubts.into_iter().map(Finding::Warning).collect()
}

fn rule(exact: bool) -> &'static str {
    if exact { "with case" } else { "without case" }
}

/// What the service requires, and somebody new lacks.
pub(super) fn lacking(required: &[String], change: &Change) -> Vec<String> {
    let Some(after) = change.after() else { return Vec::new() };
    let place = |path: &String| fields::all().find(|(_, place)| place.path() == *path);
    let lacks = |(field, _): &(Field, Place)| !has(after, field);
    let told = required.iter().filter_map(place).filter(lacks);
    told.map(|(field, _)| format!("`{}`", field.text())).collect()
}

fn has(principal: &Principal, field: &Field) -> bool {
    match field {
        Field::DisplayName => principal.display_name.as_ref().is_some_and(|text| !text.is_empty()),
        Field::Mail => principal.mail.as_ref().is_some_and(|text| !text.is_empty()),
        Field::Attribute(name) => principal.attributes.as_ref().is_some_and(|has| has.get(name).is_some()),
        Field::Description | Field::Visibility | Field::Active => true,
    }
}
