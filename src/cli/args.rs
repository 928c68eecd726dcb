use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::Role;
use crate::store::RunStatus;

/// Keeps the users and groups of a target equal to a directory: dry by default, guarded, explained.
#[derive(Debug, Parser)]
#[command(name = "rollcall", version, propagate_version = true, max_term_width = 110)]
pub struct Arguments {
    /// The configuration [default: `$ROLLCALL_CONFIG`, ./rollcall.yaml, /etc/rollcall/rollcall.yaml]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Show more: every item of long lists, and what is being done; twice for details
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
    /// How the log on stderr is written
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub(super) log_format: LogFormat,
    /// No colours (so does the environment variable `NO_COLOR`)
    #[arg(long, global = true)]
    pub(super) no_color: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    Text,
    Json,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a person at a terminal
    Text,
    /// One line of JSON for each sync
    Json,
    /// A unified diff of principals
    Diff,
}

/// How everything else is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TellFormat {
    /// For a person at a terminal
    Text,
    /// JSON, a line for each thing that is told
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Validate the configuration, then connect to every source and target and say what each can do
    Check(CheckArguments),
    /// Read, compare, guard and report; writes nothing to any target
    Plan(PlanArguments),
    /// The same, then carry it out
    Apply(ApplyArguments),
    /// Take back what a run did: a plan from its report, under the same guard
    Undo(UndoArguments),
    /// Walk one principal through read, rules, match, decision and guard, with the values at each step
    Explain(ExplainArguments),
    /// List the runs of the past, the newest first
    Runs(RunsArguments),
    /// Show the report of a past run again
    Report(ReportArguments),
    /// Take a principal of the target into a sync's care
    Adopt(CareArguments),
    /// Let go of a principal: under `ownership: managed` the sync leaves it alone from then on
    Release(CareArguments),
    /// Tell who is on the way out, since when, what was done, and what comes next
    Leavers(LeaversArguments),
    /// Print the principals of a target as JSON: a starting file for a source
    Dump(DumpArguments),
    /// The audit trail
    Audit(AuditArguments),
    /// Serve: run each sync by its schedule, and whenever somebody asks
    Serve(ServeArguments),
    /// Run emulators of the targets, with state, faults and a request journal
    Sandbox(SandboxArguments),
    /// Sync a sample company into emulated products every 30 s, in a temporary folder
    Demo(DemoArguments),
    /// Ask a running daemon for a run
    Trigger(TriggerArguments),
    /// Make a token for somebody who may ask the daemon: it is shown once
    Token(TokenArguments),
    /// Print a JSON Schema
    Schema(SchemaArguments),
    /// Print a completion script for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page (roff)
    Man,
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Only the configuration: connect to nothing
    #[arg(long)]
    pub(super) offline: bool,
    #[arg(long, value_enum, default_value_t = TellFormat::Text)]
    pub(super) format: TellFormat,
}

#[derive(Debug, Args)]
pub(super) struct PlanArguments {
    /// The syncs to plan [default: all]
    #[arg(value_name = "SYNC")]
    pub(super) syncs: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Also write the plan to FILE as JSON, for `apply --plan FILE`; of one sync only
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Only this principal (may be given again)
    #[arg(long, value_name = "user:NAME|group:NAME")]
    pub(super) only: Vec<String>,
    /// Plan as if `removeDeleted` were true
    #[arg(long)]
    pub(super) remove_deleted: bool,
    /// Exit with 2 when changes are pending
    #[arg(long)]
    pub(super) detailed_exitcode: bool,
}

#[derive(Debug, Args)]
pub(super) struct ApplyArguments {
    /// The syncs to apply [default: all]
    #[arg(value_name = "SYNC")]
    pub(super) syncs: Vec<String>,
    /// Carry out exactly this saved plan
    #[arg(long, value_name = "FILE", conflicts_with_all = ["syncs", "remove_deleted"])]
    pub(super) plan: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub(super) yes: bool,
    /// Nobody watches (timers, CronJobs): the rules of a schedule hold
    #[arg(long)]
    pub(super) unattended: bool,
    /// Carry out the leaver policy whatever `removeDeleted` says
    #[arg(long)]
    pub(super) remove_deleted: bool,
    /// Lift one limit of the guard for this plan (may be given again); needs --reason
    #[arg(long = "override", value_name = "GUARD", requires = "reason")]
    pub(super) overrides: Vec<String>,
    /// Why the limit is lifted: one for all, or one for each --override
    #[arg(long, value_name = "TEXT", requires = "overrides")]
    pub(super) reason: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct UndoArguments {
    /// The run; with --report the sync, where the file holds reports of several
    #[arg(value_name = "RUN|SYNC")]
    pub(super) of: Option<String>,
    /// The report that `apply --format json` printed
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub(super) yes: bool,
    /// Lift one limit of the guard for this plan (may be given again); needs --reason
    #[arg(long = "override", value_name = "GUARD", requires = "reason")]
    pub(super) overrides: Vec<String>,
    /// Why the limit is lifted: one for all, or one for each --override
    #[arg(long, value_name = "TEXT", requires = "overrides")]
    pub(super) reason: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// Whom to explain, by the name in a source or in the target
    #[arg(value_name = "user:NAME|group:NAME")]
    pub(super) principal: String,
    /// In which sync [default: in each]
    #[arg(value_name = "SYNC")]
    pub(super) sync: Option<String>,
    /// From this saved plan: what was decided, and what the guard said
    #[arg(long, value_name = "FILE")]
    pub(super) plan: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = TellFormat::Text)]
    pub(super) format: TellFormat,
}

/// How a run stands, as a word of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StatusWord(pub(super) RunStatus);

impl ValueEnum for StatusWord {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [StatusWord; RunStatus::ALL.len()] = {
            let mut all = [StatusWord(RunStatus::Done); RunStatus::ALL.len()];
            let mut at = 0;
            while at < all.len() {
                all[at] = StatusWord(RunStatus::ALL[at]);
                at += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.word()))
    }
}

#[derive(Debug, Args)]
pub(super) struct RunsArguments {
    /// Of this sync [default: of all]
    #[arg(value_name = "SYNC")]
    pub(super) sync: Option<String>,
    /// Only runs that stand so (may be given again)
    #[arg(long = "status", value_enum, value_name = "STATUS")]
    pub(super) statuses: Vec<StatusWord>,
    /// So many at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) limit: usize,
    #[arg(long, value_enum, default_value_t = TellFormat::Text)]
    pub(super) format: TellFormat,
}

#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    /// The run, as `rollcall runs` lists it
    #[arg(value_name = "RUN")]
    pub(super) run: String,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct CareArguments {
    /// The sync, by its name in the configuration
    #[arg(value_name = "SYNC")]
    pub(super) sync: String,
    /// Whom, by the name in the target
    #[arg(value_name = "user:NAME|group:NAME")]
    pub(super) principal: String,
}

#[derive(Debug, Args)]
pub(super) struct LeaversArguments {
    /// Of which sync [default: of each]
    #[arg(value_name = "SYNC")]
    pub(super) sync: Option<String>,
    #[arg(long, value_enum, default_value_t = TellFormat::Text)]
    pub(super) format: TellFormat,
}

#[derive(Debug, Args)]
pub(super) struct DumpArguments {
    /// The target, by its name in the configuration
    pub(super) target: String,
}

#[derive(Debug, Args)]
pub(super) struct AuditArguments {
    #[command(subcommand)]
    pub(super) command: AuditCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Recompute the trail, of the state or of an export: say that it is whole, or where it breaks
    Verify(VerifyArguments),
    /// Write the trail to a file, its hashes, checkpoints and public key beside it
    Export(ExportArguments),
}

#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// Where the records go, one a line
    #[arg(long, value_name = "FILE", default_value = "audit.jsonl")]
    pub(super) out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// Exported records; FILE.leaves, FILE.checkpoint and FILE.vkey are looked for beside it [default: the trail of the
    /// state]
    #[arg(long, value_name = "FILE")]
    pub(super) trail: Option<PathBuf>,
    /// The log's public key, as the operator gave it to you [default: FILE.vkey, which came with the trail]
    #[arg(long, value_name = "FILE")]
    pub(super) public_key: Option<PathBuf>,
    /// A checkpoint that you have kept: the trail must go on from it (may be given again)
    #[arg(long, value_name = "FILE")]
    pub(super) checkpoint: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t = TellFormat::Text)]
    pub(super) format: TellFormat,
}

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Where to listen; with port 0 any that is free [default: `server.listen` of the configuration]
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub(super) struct SandboxArguments {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8700")]
    pub(super) listen: SocketAddr,
    /// What the products begin with: a JSON object of seeds by product; an array is one of ThoughtSpot
    #[arg(long, value_name = "FILE")]
    pub(super) seed: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// Plan, apply, plan again, and exit
    #[arg(long)]
    pub(super) once: bool,
    /// Where the daemon listens; with port 0 any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7878", conflicts_with = "once")]
    pub(super) listen: SocketAddr,
}

#[derive(Debug, Args)]
pub(super) struct TriggerArguments {
    /// The sync, by its name in the configuration
    #[arg(value_name = "SYNC")]
    pub(super) sync: String,
    /// Only this principal (may be given again)
    #[arg(long, value_name = "user:NAME|group:NAME")]
    pub(super) only: Vec<String>,
    /// Wait for the end of the run, show how far it is, and exit as it does
    #[arg(long)]
    pub(super) wait: bool,
    /// Where the daemon is [default: `server.listen` of the configuration]
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// A file that holds the token [default: the variable `ROLLCALL_TOKEN`]
    #[arg(long, value_name = "FILE")]
    pub(super) token_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct TokenArguments {
    /// Who it is for, as reports name them
    #[arg(value_name = "NAME")]
    pub(super) name: String,
    /// What they may ask for
    #[arg(long, value_enum, value_name = "ROLE")]
    pub(super) role: RoleWord,
}

/// What somebody may ask for, as a word of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RoleWord(pub(super) Role);

impl ValueEnum for RoleWord {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [RoleWord; Role::ALL.len()] =
            [RoleWord(Role::ALL[0]), RoleWord(Role::ALL[1]), RoleWord(Role::ALL[2]), RoleWord(Role::ALL[3])];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.word()))
    }
}

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    #[arg(value_enum)]
    pub(super) of: SchemaOf,
}

/// Which schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    Config,
    Plan,
    Report,
}
