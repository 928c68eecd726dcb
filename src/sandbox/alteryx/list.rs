//! `GET users` and `GET users/{id}`.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Deserialize;

use crate::sandbox::alteryx::emulator::Alteryx;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::role::Role;
use crate::sandbox::alteryx::switches::Release;
use crate::sandbox::alteryx::token::Curator;
use crate::sandbox::alteryx::user::User;
use crate::sandbox::alteryx::view::{FullUser, ReducedUser};
use crate::sandbox::gate::json;

/// The filters, all of them optional and joined by "and". What else a query says, such as a page, is passed over: this
/// interface does not page.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Filter {
    view: Option<String>,
    /// What older servers have in the place of `view`.
    verbose: Option<String>,
    active: Option<String>,
    email: Option<String>,
    role: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    created_after: Option<String>,
    created_before: Option<String>,
}

/// The filters, understood.
#[derive(Debug)]
struct Wanted {
    active: Option<bool>,
    email: Option<String>,
    role: Option<Role>,
    first_name: Option<String>,
    last_name: Option<String>,
    after: Option<DateTime<FixedOffset>>,
    before: Option<DateTime<FixedOffset>>,
}

/// A bare array of users, inactive ones too, reduced unless `view=Full`.
pub(super) async fn users(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Query(filter): Query<Filter>,
) -> Result<Response, Refusal> {
    let world = emulator.world();
    let full = filter.full(world.switches.release)?;
    let wanted = filter.wanted()?;
    let users = world.store.users().values().filter(|user| wanted.takes(user));
    if full {
        let users: Vec<FullUser<'_>> = users.map(|user| FullUser::new(user, &world.switches)).collect();
        return Ok(json(&users)?);
    }
    Ok(json(&users.map(ReducedUser::new).collect::<Vec<_>>())?)
}

/// One user, always in full; 404 for an unknown id.
pub(super) async fn user(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let world = emulator.world();
    let user = world.store.user(&id).ok_or_else(|| unknown(&id))?;
    Ok(json(&FullUser::new(user, &world.switches))?)
}

/// What is said of a user id nobody has.
pub(super) fn unknown(id: &str) -> Refusal {
    Refusal::missing(format!("User {id} was not found."))
}

impl Filter {
    fn full(&self, release: Release) -> Result<bool, Refusal> {
        match (self.view.as_deref(), self.verbose.as_deref()) {
            (None, Some("true")) if release == Release::R2022 => Ok(true),
            (None | Some("Default"), _) => Ok(false),
            (Some("Full"), _) => Ok(true),
            (Some(view), _) => Err(Refusal::bad(format!("The value '{view}' is not valid for view."))),
        }
    }

    fn wanted(self) -> Result<Wanted, Refusal> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let wrong = |field: &str, text: &str| Refusal::bad(format!("The value '{text}' is not valid for {field}."));
        let active =
            given(self.active).map(|text| text.to_ascii_lowercase().parse().map_err(|_| wrong("active", &text)));
        let role = given(self.role).map(|text| Role::read(&text).ok_or_else(|| wrong("role", &text)));
        let moment = |field: &'static str, text: Option<String>| {
            let read = given(text).map(|text| moment(&text).ok_or_else(|| wrong(field, &text)));
            read.transpose()
        };
        Ok(Wanted {
            active: active.transpose()?,
            email: given(self.email),
            role: role.transpose()?,
            first_name: given(self.first_name),
            last_name: given(self.last_name),
            after: moment("createdAfter", self.created_after)?,
            before: moment("createdBefore", self.created_before)?,
        })
    }
}

impl Wanted {
    /// E-mail addresses are compared whole and in any case, names exactly: the vendor's pages do not say.
    fn takes(&self, user: &User) -> bool {
        let created = || moment(&user.date_created);
        self.active.is_none_or(|active| active == user.is_active)
            && self.email.as_ref().is_none_or(|mail| mail.to_lowercase() == user.email.to_lowercase())
            && self.role.is_none_or(|role| role == user.role)
            && self.first_name.as_ref().is_none_or(|name| *name == user.first_name)
            && self.last_name.as_ref().is_none_or(|name| *name == user.last_name)
            && self.after.is_none_or(|after| created().is_some_and(|created| created > after))
            && self.before.is_none_or(|before| created().is_some_and(|created| created < before))
    }
}

fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    DateTime::parse_from_rfc3339(text).ok().or_else(|| Some(day()?.and_utc().fixed_offset()))
}
