//! `demo`: a sample company into every emulated product, in a temporary folder.

mod table;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::Context;

use self::table::Row;
use super::args::{ApplyArguments, DemoArguments, Format, PlanArguments};
use super::{apply, output, serve, session, signals, sync};
use crate::config::Settings;
use crate::daemon::{News, RanFacts};
use crate::principal::neutral;
use crate::report::{Detail, Report, counted};
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

/// What the daemon needs besides, and after which line of the configuration.
const BEFORE_DAEMON: &str = "    removeDeleted: true\n";
const DAEMON: &str = "    applyChanges: true\n    schedule: { cron: \"*/30 * * * * *\" }\n";

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
    let url = sandbox.url("");
    let url = url.trim_end_matches('/');
    let ended = if arguments.once {
        once(&folder.fill(CONFIG, url)?, detail).await
    } else {
        let config = CONFIG.replace(BEFORE_DAEMON, &format!("{BEFORE_DAEMON}{DAEMON}"));
        go_on(&folder.fill(&config, url)?, arguments.listen, url, detail).await
    };
    sandbox.stop().await;
    ended
}

async fn once(config: &Path, detail: Detail) -> Result<Exit, anyhow::Error> {
    let Ok(settings) = session::settings(Some(config)) else { return Ok(Exit::Configuration) };
    tell(&settings, detail, true).await
}

/// The same, and the daemon after it, until somebody stops it.
async fn go_on(config: &Path, listen: SocketAddr, url: &str, detail: Detail) -> Result<Exit, anyhow::Error> {
    let commands = signals::commands().context("cannot watch signals")?;
    let Ok(settings) = session::settings(Some(config)) else { return Ok(Exit::Configuration) };
    tell(&settings, detail, false).await?;
    heading("5. From now on by itself.  rollcall serve");
    output::note(&format!("The emulators go on at {url}/"));
    output::note(&format!("Change {} and see.", config.with_file_name("people.csv").display()));
    // Whoever tries it has not installed it yet.
    let rollcall = std::env::current_exe().map_or_else(|_| "rollcall".into(), |path| path.display().to_string());
    output::note(&format!("In another terminal: {rollcall} --config {} plan", config.display()));
    // Somebody who tries it may have a daemon that has the usual port.
    let is_free = TcpListener::bind(listen).is_ok();
    let listen = if is_free { listen } else { SocketAddr::new(listen.ip(), 0) };
    serve::begin(settings, listen, commands, Box::new(news)).await
}

/// What the daemon tells.
fn news(news: &News<'_>) {
    match news {
        News::Ran(RanFacts { word: "done", changes: 0, .. }) => {}
        News::Ran(RanFacts { sync, word, changes, error }) => {
            let error = error.map(|error| format!(": {}", neutral(error))).unwrap_or_default();
            let changes = counted(*changes, "change", "changes");
            output::note(&format!("  {sync}: {word}, {changes}{error}"));
        }
        News::Ready { .. } => {
            serve::tell(news);
            output::note("Ctrl-C stops it all and removes the folder.");
        }
        other => serve::tell(other),
    }
}

/// Plans, applies, plans again; and the table of it.
async fn tell(settings: &Settings, detail: Detail, hears: bool) -> Result<Exit, anyhow::Error> {
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
        let work = apply::Work { settings, sync, store: &store, arguments: &arguments, detail, stop: &stop, hears };
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

    /// Writes the sample company, with this configuration; gives its path.
    fn fill(&self, config: &str, url: &str) -> Result<PathBuf, anyhow::Error> {
        let config = config.replace("SANDBOX", url);
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
