use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;

use super::args::{Arguments, Command};
use super::{
    apply, audit, care, check, demo, dump, explain, generate, leavers, output, runs, sandbox, serve, session, sync,
    telemetry, token, trigger, undo,
};
use crate::report::Detail;
use crate::run::{Care, Exit};

/// Runs the command line of this process and gives its exit code.
#[must_use]
pub fn start() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if asked { Exit::Done.into() } else { Exit::Usage.into() };
        }
    };
    if arguments.no_color {
        output::no_colour();
    }
    // Nobody watches a daemon: what it does is in its log.
    let least = u8::from(matches!(arguments.command, Command::Serve(_)));
    telemetry::begin(arguments.verbose.max(least), arguments.log_format);
    telemetry::keep_library_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ended = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
        let ended = runtime.block_on(run(&arguments));
        // What was waited for long enough is left: a file that does not answer ends no process.
        runtime.shutdown_timeout(Duration::from_secs(1));
        ended
    });
    match ended {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::error(&format!("{error:#}"), None);
            Exit::Error.into()
        }
    }
}

async fn run(arguments: &Arguments) -> Result<Exit, anyhow::Error> {
    let config = arguments.config.as_deref();
    let detail = if arguments.verbose > 0 { Detail::Everything } else { Detail::Usual };
    match &arguments.command {
        Command::Check(check) => check::run(config, check).await,
        Command::Plan(plan) => match session::settings(config) {
            Ok(settings) => sync::run(&settings, plan, detail).await,
            Err(exit) => Ok(exit),
        },
        Command::Apply(apply) => match session::settings(config) {
            Ok(settings) => apply::run(&settings, apply, detail).await,
            Err(exit) => Ok(exit),
        },
        Command::Undo(undo) => match session::settings(config) {
            Ok(settings) => undo::run(&settings, undo, detail).await,
            Err(exit) => Ok(exit),
        },
        Command::Explain(explain) => match session::settings(config) {
            Ok(settings) => explain::run(&settings, explain).await,
            Err(exit) => Ok(exit),
        },
        Command::Runs(runs) => match session::settings(config) {
            Ok(settings) => runs::run(&settings, runs).await,
            Err(exit) => Ok(exit),
        },
        Command::Report(report) => match session::settings(config) {
            Ok(settings) => runs::report(&settings, report, detail).await,
            Err(exit) => Ok(exit),
        },
        Command::Adopt(adopt) => match session::settings(config) {
            Ok(settings) => care::run(&settings, adopt, Care::Adopt).await,
            Err(exit) => Ok(exit),
        },
        Command::Release(release) => match session::settings(config) {
            Ok(settings) => care::run(&settings, release, Care::Release).await,
            Err(exit) => Ok(exit),
        },
        Command::Leavers(arguments) => match session::settings(config) {
            Ok(settings) => leavers::run(&settings, arguments).await,
            Err(exit) => Ok(exit),
        },
        Command::Dump(dump) => match session::settings(config) {
            Ok(settings) => dump::run(&settings, dump).await,
            Err(exit) => Ok(exit),
        },
        Command::Audit(arguments) => audit::run(config, arguments).await,
        Command::Serve(arguments) => serve::run(config, arguments).await,
        Command::Sandbox(sandbox) => sandbox::run(sandbox).await,
        Command::Demo(demo) => demo::run(demo, detail).await,
        Command::Trigger(arguments) => trigger::run(config, arguments).await,
        Command::Token(arguments) => token::run(arguments),
        Command::Schema(schema) => generate::schema(schema.of),
        Command::Completions { shell } => generate::completions(*shell),
        Command::Man => generate::man(),
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
