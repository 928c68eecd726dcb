//! GET of one resource, and the choice of its attributes (RFC 7644, 3.4.1 and 3.9).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::IF_NONE_MATCH;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::caller::Asked;
use crate::sandbox::scim::emulator::Scim;
use crate::sandbox::scim::path::Path as Place;
use crate::sandbox::scim::reading::{Etag, Projection};
use crate::sandbox::scim::render::{Showcase, version};
use crate::sandbox::scim::rules::seen;

/// One resource.
pub(super) async fn show(
    State(emulator): State<Arc<Scim>>,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Failure> {
    let world = emulator.world();
    let entry = seen(&world.store, &world.switches, asked.kind, &id)?;
    let known = asked.header(IF_NONE_MATCH);
    if world.switches.etag == Etag::On && known.is_some_and(|known| known == version(entry)) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let showcase = Showcase { store: &world.store, switches: &world.switches, base: &asked.base };
    let map = showcase.chosen(asked.kind, entry, &Choice::of(&asked, world.switches.projection));
    Ok(showcase.answer(StatusCode::OK, map, entry))
}

/// The id and nothing else.
pub(super) fn brief(mut map: Map<String, Value>) -> Map<String, Value> {
    map.retain(|name, _| name == "id" || name == "schemas");
    map
}

/// Which attributes were asked for.
#[derive(Debug, Default)]
pub(super) struct Choice {
    wanted: Vec<Place>,
    unwanted: Vec<Place>,
}

impl Choice {
    pub(super) fn of(asked: &Asked, projection: Projection) -> Self {
        let places = |name: &str| -> Vec<Place> {
            let list = asked.parameter(name).unwrap_or_default().split(',');
            list.filter_map(|place| Place::read(place).ok()).collect()
        };
        match projection {
            Projection::Both => Self { wanted: places("attributes"), unwanted: places("excludedAttributes") },
            Projection::Excluded => Self { wanted: Vec::new(), unwanted: places("excludedAttributes") },
            Projection::Neither => Self::default(),
        }
    }

    /// Whether members are asked for: a large group is dear to show.
    pub(super) fn wants_members(&self) -> bool {
        let about = |places: &[Place]| places.iter().any(|place| place.attribute.eq_ignore_ascii_case("members"));
        if self.wanted.is_empty() { !about(&self.unwanted) } else { about(&self.wanted) }
    }

    /// Leaves out what was not asked for; id and schemas always stay.
    pub(super) fn apply(&self, mut map: Map<String, Value>) -> Map<String, Value> {
        let fixed = |name: &str| name == "id" || name == "schemas";
        if !self.wanted.is_empty() {
            let asked = |name: &str| {
                self.wanted.iter().any(|place| {
                    if place.extension { name.starts_with("urn:") } else { place.attribute.eq_ignore_ascii_case(name) }
                })
            };
            map.retain(|name, _| fixed(name) || asked(name));
        }
        for place in self.unwanted.iter().filter(|place| !fixed(&place.attribute)) {
            place.erase(&mut map);
        }
        map
    }
}
