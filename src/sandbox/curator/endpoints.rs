//! From a request to its answer.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::time::Instant;

use crate::sandbox::curator::creation::create_group;
use crate::sandbox::curator::emulator::World;
use crate::sandbox::curator::envelope::{self, success};
use crate::sandbox::curator::key::admit;
use crate::sandbox::curator::listing::{list_groups, list_users};
use crate::sandbox::curator::membership::change_membership;
use crate::sandbox::curator::refusal::Refusal;
use crate::sandbox::curator::request::{Asked, Reply};
use crate::sandbox::curator::sign_in::show_user;
use crate::sandbox::curator::switches::{Methods, Switches};
use crate::sandbox::secret::Secret;

/// Dates are Curator's version numbers (vendor: Portal/version).
const VERSION: &str = "2025.11.02-01";

/// The endpoints that are emulated (vendor: User API; Portal/version of the Portal API).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Version,
    ListUsers,
    ListGroups,
    CreateFrontendGroup,
    AddUserToGroup,
    RemoveUserFromGroup,
    CreateBackendUser,
    ManageablePermissions,
    FetchUser,
    GetUser,
}

const ENDPOINTS: [(&str, &str, Endpoint); 10] = [
    ("Portal", "version", Endpoint::Version),
    ("User", "listUsers", Endpoint::ListUsers),
    ("User", "listGroups", Endpoint::ListGroups),
    ("User", "createFrontendGroup", Endpoint::CreateFrontendGroup),
    ("User", "addUserToGroup", Endpoint::AddUserToGroup),
    ("User", "removeUserFromGroup", Endpoint::RemoveUserFromGroup),
    ("User", "createBackendUser", Endpoint::CreateBackendUser),
    ("User", "getManageablePermissions", Endpoint::ManageablePermissions),
    ("User", "fetchUser", Endpoint::FetchUser),
    ("User", "getUser", Endpoint::GetUser),
];

impl Endpoint {
    fn find(asked: &Asked, switches: &Switches) -> Option<Self> {
        let same = |fold: bool, known: &str, given: &str| known == given || (fold && known.eq_ignore_ascii_case(given));
        let found = ENDPOINTS.iter().find(|(section, endpoint, _)| {
            same(switches.fold_sections, section, &asked.section)
                && same(switches.fold_endpoints, endpoint, &asked.endpoint)
        });
        found.map(|(.., endpoint)| *endpoint)
    }
}

/// Answers a request.
pub(super) fn answer(world: &mut World, key: &Secret, asked: &Asked) -> Response {
    match carry_out(world, key, asked) {
        Ok(mut reply) => {
            if reply.effect.write && asked.is_get {
                reply = reply.remarked("a write was asked for with GET");
            }
            let mut response = Json(reply.body).into_response();
            response.extensions_mut().insert(reply.effect);
            response
        }
        Err(refusal) => refusal.answer(&world.switches, asked),
    }
}

fn carry_out(world: &mut World, key: &Secret, asked: &Asked) -> Result<Reply, Refusal> {
    let taken = match world.switches.methods {
        Methods::Both => true,
        Methods::Get => asked.is_get,
        Methods::Post => !asked.is_get,
    };
    if !taken {
        return Err(Refusal::new("The method is not allowed"));
    }
    admit(asked, key, &world.switches, &mut world.failures, Instant::now())?;
    let endpoint = Endpoint::find(asked, &world.switches);
    let endpoint =
        endpoint.ok_or_else(|| Refusal::new(format!("There is no endpoint {}/{}", asked.section, asked.endpoint)))?;
    match endpoint {
        Endpoint::Version => Ok(Reply::read(json!({ "version": VERSION }))),
        Endpoint::ListUsers => Ok(Reply::read(list_users(&world.store, &world.switches))),
        Endpoint::ListGroups => Ok(Reply::read(list_groups(&world.store, &world.switches))),
        Endpoint::CreateFrontendGroup => create_group(world, asked),
        Endpoint::AddUserToGroup => change_membership(world, asked, true),
        Endpoint::RemoveUserFromGroup => change_membership(world, asked, false),
        Endpoint::CreateBackendUser => {
            Err(Refusal::new("createBackendUser is not emulated: no page says what it takes")
                .remarked("a backend user is an administrator of the portal: no directory sync makes one"))
        }
        Endpoint::ManageablePermissions => Ok(Reply::read(envelope::permissions(&world.switches))),
        Endpoint::FetchUser => Err(Refusal::new("Nobody is signed in").remarked("fetchUser needs a browser's session")),
        Endpoint::GetUser => show_user(world, asked).map(|user| Reply::read(json!({ "user": user }))),
    }
}

/// A success without anything to say but a text.
pub(super) fn told(switches: &Switches, text: &str) -> serde_json::Value {
    json!({ "result": success(switches.result_letters), "msg": text })
}
