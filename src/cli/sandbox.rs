//! `sandbox`: emulators of the targets, until Ctrl-C.

use anyhow::Context;

use super::args::SandboxArguments;
use super::exit::Exit;
use super::output;
use crate::sandbox::thoughtspot::Record;
use crate::sandbox::{Options, Sandbox};

pub(super) async fn run(arguments: &SandboxArguments) -> Result<Exit, anyhow::Error> {
    let mut options = Options { listen: arguments.listen, ..Options::default() };
    if let Some(path) = &arguments.seed {
        let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let seed: Vec<Record> = serde_json::from_slice(&text)
            .with_context(|| format!("{} is not a JSON array of principals", path.display()))?;
        options.thoughtspot.seed = seed;
    }
    let sandbox = Sandbox::start(options).await?;
    output::data(&format!("ThoughtSpot API v1   {}   tsadmin / admin\n", sandbox.url("thoughtspot")))?;
    output::note(&format!("Its journal, state, switches and faults: {}/_sandbox/", sandbox.url("thoughtspot")));
    output::note("Ctrl-C stops it.");
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")?;
    sandbox.stop().await;
    Ok(Exit::Done)
}
