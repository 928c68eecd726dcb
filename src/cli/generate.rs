//! What is generated from the program itself: schemas, completions, the manual page.

use clap::CommandFactory;

use super::args::SchemaOf;
use super::{Arguments, output};
use crate::report::{plan_schema, report_schema};
use crate::run::Exit;

pub(super) fn schema(of: SchemaOf) -> Result<Exit, anyhow::Error> {
    let schema = match of {
        SchemaOf::Config => crate::config::schema(),
        SchemaOf::Plan => plan_schema(),
        SchemaOf::Report => report_schema(),
    };
    let text = serde_json::to_string_pretty(&schema)?;
    output::raw(|out| writeln!(out, "{text}"))?;
    Ok(Exit::Done)
}

pub(super) fn completions(shell: clap_complete::Shell) -> Result<Exit, anyhow::Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "rollcall", &mut script);
    output::raw(|out| out.write_all(&script))?;
    Ok(Exit::Done)
}

pub(super) fn man() -> Result<Exit, anyhow::Error> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
    let mut command = Arguments::command();
    command.build();
    pages(&command, "rollcall", &mut page)?;
    output::raw(|out| out.write_all(&page))?;
    Ok(Exit::Done)
}

/// A page for each command, and for the commands of a command.
fn pages(command: &clap::Command, path: &str, page: &mut Vec<u8>) -> std::io::Result<()> {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let path = format!("{path}-{}", sub.get_name());
        clap_mangen::Man::new(sub.clone()).title(path.as_str()).render(page)?;
        pages(sub, &path, page)?;
    }
    Ok(())
}
