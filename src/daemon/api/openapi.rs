//! The description of the API, made of the routes themselves; `docs/openapi.json` is kept equal by a test.

use axum::Json;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{documents, gateway, health, hooks, push, runs, syncs};

#[derive(OpenApi)]
#[openapi(
    info(title = "rollcall", description = "What the daemon answers. See docs/http.md, docs/webhooks.md, docs/push.md and docs/gateway.md.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")),
    paths(
        health::alive, health::ready, health::metrics, serve, syncs::list, syncs::one, runs::start, runs::list, runs::one, runs::events,
        documents::plan, documents::report, documents::approve, documents::reject, push::principals, hooks::call,
        gateway::login, gateway::info, gateway::logout, gateway::list, gateway::sync,
    ),
    modifiers(&Bearer),
    security(("token" = [])),
)]
struct Api;

/// Callers show a token.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

/// The API as `OpenAPI` describes it.
#[must_use]
pub fn document() -> Document {
    Api::openapi()
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "health", responses((status = 200)), security(()))]
pub(super) async fn serve() -> Json<Document> {
    Json(document())
}

#[cfg(test)]
mod tests {
    const FILE: &str = "docs/openapi.json";

    /// `UPDATE_DOCS=1 cargo nextest run --lib the_description_of_the_api` writes it.
    #[test]
    fn the_description_of_the_api_is_the_one_in_the_docs() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        let now = super::document().to_pretty_json().unwrap() + "\n";
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == now, "{FILE} is stale: UPDATE_DOCS=1 cargo nextest run --lib the_description_of_the_api");
    }
}
