//! `PUT users/{id}`: the whole record, or a 400.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::sandbox::alteryx::contract::{ANY, Contract};
use crate::sandbox::alteryx::create::read_dcm;
use crate::sandbox::alteryx::emulator::Alteryx;
use crate::sandbox::alteryx::list::unknown;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::switches::{Authentication, Release, Switches};
use crate::sandbox::alteryx::token::Curator;
use crate::sandbox::alteryx::user::User;
use crate::sandbox::alteryx::view::FullUser;
use crate::sandbox::gate::json;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::payload::Payload;

/// Makes a user what the body says; the `id` of the body is passed over. Flags that need not be sent and are not are off
/// afterwards. Where Windows signs people in, names are the directory's.
pub(super) async fn user(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
    headers: HeaderMap,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let old = world.store.user(&id).ok_or_else(|| unknown(&id))?.clone();
    let mut contract = Contract::read("userContract", &headers, &payload)?;
    let user = read(&mut contract, old, &world.switches);
    contract.finish()?;
    if world.store.with_mail(&user.email).is_some_and(|other| other.id != id) {
        let text = format!("A user with the e-mail address {} exists already.", user.email);
        return Err(Refusal::numbered(world.switches.duplicate_mail_status, text));
    }
    let changes = Changes { users_updated: [user.email.clone()].into(), ..Changes::default() };
    let strips = world.switches.put_inactive_strips && !user.is_active;
    let mut response = json(&FullUser::new(&user, &world.switches))?;
    world.store.put_user(user);
    if strips {
        world.store.strip(&id);
    }
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}

/// The list of required members is that of the client generated from the server's own Swagger.
fn read(contract: &mut Contract, old: User, switches: &Switches) -> User {
    let mut user = User {
        email: contract.mail(),
        role: contract.role(),
        default_worker_tag: contract.text("defaultWorkerTag", ANY),
        can_schedule_jobs: contract.flag("canScheduleJobs"),
        can_prioritize_jobs: contract.flag("canPrioritizeJobs"),
        can_assign_jobs: contract.flag("canAssignJobs"),
        can_create_collections: contract.flag("canCreateCollections"),
        is_api_enabled: contract.flag("isApiEnabled"),
        default_credential_id: Some(contract.text("defaultCredentialId", ANY)),
        is_account_locked: contract.flag("isAccountLocked"),
        is_active: contract.flag("isActive"),
        is_validated: contract.flag("isValidated"),
        time_zone: Some(contract.text("timeZone", ANY)),
        language: Some(contract.language()),
        ..old
    };
    if switches.authentication != Authentication::Windows {
        user.first_name = contract.text("firstName", 0..=255);
        user.last_name = contract.text("lastName", 0..=255);
    }
    if switches.release == Release::R2024 {
        read_dcm(contract, &mut user, false);
    }
    user
}
