//! What is configured, sent, read and judged.

mod bodies;
mod configurations;
mod judgements;
mod readings;
mod wires;

use crate::connector::{BuildContext, Target};
use crate::targets::thoughtspot::ThoughtspotConfig;

const WHOLE: &str = "url: https://ts.example.org, username: RollCall, api: v2";

fn config(more: &str) -> ThoughtspotConfig {
    serde_yaml::from_str(&format!("{{ {WHOLE}{more} }}")).unwrap()
}

fn target(more: &str) -> Box<dyn Target> {
    match config(&format!(", password: x{more}")).build(&BuildContext::default()) {
        Ok(target) => target,
        Err(problems) => panic!("{problems:?}"),
    }
}
