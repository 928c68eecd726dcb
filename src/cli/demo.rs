//! `demo`: a sample company into an emulated ThoughtSpot, in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::args::{ApplyArguments, DemoArguments, Format, PlanArguments};
use super::exit::Exit;
use super::{apply, output, session, sync};
use crate::report::Detail;
use crate::sandbox::{Options, Sandbox};

const PEOPLE: &str = include_str!("demo/people.csv");
const GROUPS: &str = include_str!("demo/groups.csv");
const CONFIG: &str = include_str!("demo/rollcall.yaml");
const SEED: &str = include_str!("demo/seed.json");

pub(super) async fn run(arguments: &DemoArguments, detail: Detail) -> Result<Exit, anyhow::Error> {
    let mut options = Options::default();
    options.thoughtspot.seed = serde_json::from_str(SEED).context("the sample seed")?;
    let sandbox = Sandbox::start(options).await?;
    let folder = Folder::new()?;
    let config = folder.fill(&sandbox.url("thoughtspot"))?;
    let Ok(settings) = session::settings(Some(&config)) else { return Ok(Exit::Configuration) };

    heading("1. What would change?  rollcall plan");
    let planned = sync::run(&settings, &plan_arguments(), detail).await?;
    heading("2. Do it.  rollcall apply --yes");
    let applied = apply::run(&settings, &apply_arguments(), detail).await?;
    heading("3. And again: nothing is left to do.  rollcall plan --detailed-exitcode");
    let again = sync::run(&settings, &PlanArguments { detailed_exitcode: true, ..plan_arguments() }, detail).await?;
    let exit = planned.worse(applied).worse(again);

    if arguments.once {
        sandbox.stop().await;
        return Ok(exit);
    }
    output::note(&format!("\nThe emulator goes on at {}", sandbox.url("thoughtspot")));
    output::note(&format!("Change {} and try, in another terminal:", folder.path.join("people.csv").display()));
    output::note(&format!("  rollcall --config {} plan", config.display()));
    output::note("Ctrl-C stops the emulator and removes the folder.");
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")?;
    sandbox.stop().await;
    Ok(exit)
}

fn heading(text: &str) {
    let style = anstyle::Style::new().bold().underline();
    let _ = output::data(&format!("\n{style}{text}{style:#}\n\n"));
}

fn plan_arguments() -> PlanArguments {
    PlanArguments {
        syncs: Vec::new(),
        format: Format::Text,
        out: None,
        only: Vec::new(),
        remove_deleted: false,
        detailed_exitcode: false,
    }
}

fn apply_arguments() -> ApplyArguments {
    ApplyArguments {
        syncs: Vec::new(),
        plan: None,
        yes: true,
        unattended: false,
        remove_deleted: false,
        overrides: Vec::new(),
        reason: Vec::new(),
        format: Format::Text,
    }
}

/// A folder of our own, removed in the end.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn new() -> Result<Self, anyhow::Error> {
        let path = std::env::temp_dir().join(format!("rollcall-demo-{}", session::run_id()));
        fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self { path })
    }

    /// Writes the sample company; gives the configuration's path.
    fn fill(&self, url: &str) -> Result<PathBuf, anyhow::Error> {
        let config = CONFIG.replace("URL_OF_THE_EMULATOR", url);
        let files =
            [("people.csv", PEOPLE), ("groups.csv", GROUPS), ("rollcall.yaml", &config), ("password", "admin\n")];
        for (name, text) in files {
            let path: &Path = &self.path.join(name);
            fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(self.path.join("rollcall.yaml"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
