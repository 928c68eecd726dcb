//! `dump`: a target's principals as JSON.

use super::args::DumpArguments;
use super::{output, progress};
use crate::config::Settings;
use crate::run::{Exit, RunError};
use crate::targets::file::principal_lines;

pub(super) async fn run(settings: &Settings, arguments: &DumpArguments) -> Result<Exit, anyhow::Error> {
    let name = &arguments.target;
    let Some(target) = settings.targets.get(name) else {
        let known: Vec<_> = settings.targets.keys().map(String::as_str).collect();
        output::error(
            &format!("no target is named `{name}`"),
            Some(&format!("the configuration has {}", known.join(", "))),
        );
        return Ok(Exit::Usage);
    };
    let target = match target.build() {
        Ok(target) => target,
        Err(problems) => return Ok(super::sync::failed(&RunError::Build { name: name.clone(), problems }, None)),
    };
    let progress = progress::progress();
    match target.read(progress.as_ref()).await {
        Ok(current) => output::raw(|mut out| principal_lines(&mut out, &current.set))?,
        Err(error) => return Ok(super::sync::failed(&error.into(), None)),
    }
    Ok(Exit::Done)
}
