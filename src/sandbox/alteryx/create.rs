//! `POST users`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::sandbox::alteryx::contract::{ANY, Contract, NAME};
use crate::sandbox::alteryx::emulator::Alteryx;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::switches::{Authentication, Release};
use crate::sandbox::alteryx::token::Curator;
use crate::sandbox::alteryx::user::User;
use crate::sandbox::alteryx::view::FullUser;
use crate::sandbox::gate::json;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::payload::Payload;

/// Creates a user and answers with the record. There is no password: the user gets in by a reset, or at the identity
/// provider. 400 where Windows signs people in, and for an address that is taken (409 by a switch).
pub(super) async fn user(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    headers: HeaderMap,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    if world.switches.authentication == Authentication::Windows {
        return Err(Refusal::bad("Users cannot be created where Windows authentication is used."));
    }
    let mut contract = Contract::read("userContract", &headers, &payload)?;
    let mut user = User {
        first_name: contract.text("firstName", NAME),
        last_name: contract.text("lastName", NAME),
        email: contract.mail(),
        role: contract.role_or_default(),
        default_worker_tag: contract.text_or("defaultWorkerTag", ANY).unwrap_or_default(),
        can_schedule_jobs: contract.flag_or("canScheduleJobs", false),
        can_prioritize_jobs: contract.flag_or("canPrioritizeJobs", false),
        can_assign_jobs: contract.flag_or("canAssignJobs", false),
        can_create_collections: contract.flag_or("canCreateCollections", false),
        is_api_enabled: contract.flag_or("isApiEnabled", false),
        default_credential_id: contract.text_or("defaultCredentialId", ANY),
        is_active: contract.flag_or("isActive", true),
        time_zone: contract.text_or("timeZone", ANY),
        ..User::default()
    };
    if world.switches.release == Release::R2024 {
        read_dcm(&mut contract, &mut user, true);
    }
    contract.finish()?;
    if world.store.with_mail(&user.email).is_some() {
        let text = format!("A user with the e-mail address {} exists already.", user.email);
        return Err(Refusal::numbered(world.switches.duplicate_mail_status, text));
    }
    user.id = world.store.issue_id();
    user.date_created = world.store.now();
    let mut response = json(&FullUser::new(&user, &world.switches))?;
    let status = StatusCode::from_u16(world.switches.create_status).unwrap_or(StatusCode::OK);
    *response.status_mut() = status;
    let changes = Changes { users_added: [user.email.clone()].into(), ..Changes::default() };
    response.extensions_mut().insert(Effect::write(changes));
    world.store.put_user(user);
    Ok(response)
}

/// The four flags of the Data Connection Manager; `own` is the default of the first, the others are off.
pub(super) fn read_dcm(contract: &mut Contract, user: &mut User, own: bool) {
    user.can_create_and_update_dcm = contract.flag_or("canCreateAndUpdateDcm", own);
    user.can_share_for_execution_dcm = contract.flag_or("canShareForExecutionDcm", false);
    user.can_share_for_collaboration_dcm = contract.flag_or("canShareForCollaborationDcm", false);
    user.can_manage_generic_vaults_dcm = contract.flag_or("canManageGenericVaultsDcm", false);
}
