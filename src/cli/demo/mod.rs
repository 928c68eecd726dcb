//! `demo`: a sample company into every emulated product, in a temporary folder.

mod table;

use std::fs;
use std::path::PathBuf;

use anyhow::Context;

use self::table::Row;
use super::args::{ApplyArguments, DemoArguments, Format, PlanArguments};
use super::{apply, output, session, sync};
use crate::config::Settings;
use crate::report::{Detail, Report};
use crate::run::Exit;
use crate::sandbox::{Options, Sandbox};
use crate::store::Store;

const PEOPLE: &str = include_str!("people.csv");
const GROUPS: &str = include_str!("groups.csv");
const CONFIG: &str = include_str!("rollcall.yaml");

/// What each product begins with.
const SEEDS: [(&str, &str); 5] = [
    ("thoughtspot", include_str!("thoughtspot.json")),
    ("alteryx", include_str!("alteryx.json")),
    ("b2core", include_str!("b2core.json")),
    ("curator", include_str!("curator.json")),
    ("scim", include_str!("scim.json")),
];

/// What the emulators take, by the file that the configuration names.
const SECRETS: [(&str, &str); 5] = [
    ("thoughtspot-password", "admin\n"),
    ("alteryx-secret", "rollcall-secret\n"),
    ("b2core-token", "sandbox-token\n"),
    ("curator-key", "sandbox-key\n"),
    ("scim-token", "scim-token\n"),
];

/// The sync that is shown whole.
const SHOWN: &str = "company-to-thoughtspot";

pub(super) async fn run(arguments: &DemoArguments, detail: Detail) -> Result<Exit, anyhow::Error> {
    let mut options = Options::default();
    for (product, seed) in SEEDS {
        let seed = serde_json::from_str(seed).with_context(|| format!("the sample seed of {product}"))?;
        options.seed(product, seed).map_err(anyhow::Error::msg)?;
    }
    let sandbox = Sandbox::start(options).await?;
    let folder = Folder::new()?;
    let config = folder.fill(sandbox.url("").trim_end_matches('/'))?;
    let Ok(settings) = session::settings(Some(&config)) else { return Ok(Exit::Configuration) };
    let exit = tell(&settings, detail).await?;
    if arguments.once {
        sandbox.stop().await;
        return Ok(exit);
    }
    output::note(&format!("\nThe emulators go on at {}", sandbox.url("")));
    output::note(&format!("Change {} and try, in another terminal:", folder.path.join("people.csv").display()));
    output::note(&format!("  rollcall --config {} plan", config.display()));
    output::note("Ctrl-C stops the emulators and removes the folder.");
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")?;
    sandbox.stop().await;
    Ok(exit)
}

/// Plans, applies, plans again; and the table of it.
async fn tell(settings: &Settings, detail: Detail) -> Result<Exit, anyhow::Error> {
    let store = session::store(settings).await?;
    heading(&format!("1. What would change?  rollcall plan {SHOWN}"));
    let mut exit = Exit::Done;
    if let Some(shown) = settings.syncs.get(SHOWN) {
        exit = exit.worse(match sync::one(settings, shown, &store, &plan_arguments(), Vec::new()).await? {
            Ok((report, exit)) => {
                sync::show(&report, Format::Text, detail)?;
                exit
            }
            Err(exit) => exit,
        });
    }
    heading("2. Do it, in every product.  rollcall apply --yes");
    let mut rows = Vec::new();
    for sync in settings.syncs.values() {
        let arguments = apply_arguments();
        let stop = crate::connector::Stop::default();
        let work = apply::Work { settings, sync, store: &store, arguments: &arguments, detail, stop: &stop };
        match work.run(crate::run::Begins::Sources, Vec::new()).await? {
            Ok((report, applied)) => {
                exit = exit.worse(applied);
                output::data(&table::applied(&report))?;
                rows.push(Row::of(&report));
            }
            Err(failed) => exit = exit.worse(failed),
        }
    }
    heading("3. And again: nothing is left to do.  rollcall plan --detailed-exitcode");
    for sync in settings.syncs.values() {
        let (report, planned) = again(settings, sync, &store).await?;
        exit = exit.worse(planned);
        let Some(report) = report else { continue };
        output::data(&table::again(&report))?;
        if let Some(row) = rows.iter_mut().find(|row| row.target == sync.target) {
            row.left = report.plan.changes.len();
        }
    }
    heading("4. What each product took, and what it could not take");
    output::data(&table::table(&rows))?;
    store.close().await;
    Ok(exit)
}

async fn again(
    settings: &Settings,
    sync: &crate::config::SyncSettings,
    store: &Store,
) -> Result<(Option<Report>, Exit), anyhow::Error> {
    let arguments = PlanArguments { detailed_exitcode: true, ..plan_arguments() };
    Ok(match sync::one(settings, sync, store, &arguments, Vec::new()).await? {
        Ok((report, exit)) => (Some(report), exit),
        Err(exit) => (None, exit),
    })
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
        let config = CONFIG.replace("SANDBOX", url);
        let files = [("people.csv", PEOPLE), ("groups.csv", GROUPS), ("rollcall.yaml", config.as_str())];
        for (name, text) in files.into_iter().chain(SECRETS) {
            let path = self.path.join(name);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(self.path.join("rollcall.yaml"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
