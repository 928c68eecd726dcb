//! `sandbox`: emulators of the targets, until Ctrl-C.

use anyhow::Context;
use serde_json::Value;

use super::args::SandboxArguments;
use super::output;
use crate::run::Exit;
use crate::sandbox::{Options, Sandbox};

pub(super) async fn run(arguments: &SandboxArguments) -> Result<Exit, anyhow::Error> {
    let mut options = Options { listen: arguments.listen, ..Options::default() };
    if let Some(path) = &arguments.seed {
        let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        seed(&mut options, &text).with_context(|| format!("{} is no seed", path.display()))?;
    }
    let sandbox = Sandbox::start(options).await?;
    let width = Options::PRODUCTS.iter().map(|(_, title, _)| title.len()).max().unwrap_or(0);
    for (prefix, title, sign_in) in Options::PRODUCTS {
        output::data(&format!("{title:width$}   {}   {sign_in}\n", sandbox.url(prefix)))?;
    }
    for (prefix, remark) in Options::remarks() {
        output::note(&format!("{prefix}: {remark}"));
    }
    output::note(&format!("Journal, state, switches and faults of each: {}", sandbox.url("PRODUCT/_sandbox/")));
    output::note("Ctrl-C stops it.");
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")?;
    sandbox.stop().await;
    Ok(Exit::Done)
}

/// A JSON object of products and their seeds; an array is one of ThoughtSpot.
fn seed(options: &mut Options, text: &[u8]) -> Result<(), anyhow::Error> {
    let seed: Value = serde_json::from_slice(text).context("it is not JSON")?;
    match seed {
        Value::Object(products) => products
            .into_iter()
            .try_for_each(|(product, seed)| options.seed(&product, seed).map_err(anyhow::Error::msg)),
        array => options.seed("thoughtspot", array).map_err(anyhow::Error::msg),
    }
}
