//! `audit`: whether the trail is as it was written, and the trail for whoever wants to find out without us.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::args::{AuditArguments, AuditCommand, ExportArguments, TellFormat, VerifyArguments};
use super::sync::failed;
use super::{output, session};
use crate::audit::{Bundle, BundleError, Exporter, Trust, Verdict, Verifier, verdict_json, verdict_text};
use crate::config::Settings;
use crate::run::{Exit, RunError};
use crate::store::{Store, StoreError};

pub(super) async fn run(config: Option<&Path>, arguments: &AuditArguments) -> Result<Exit, anyhow::Error> {
    match &arguments.command {
        AuditCommand::Verify(verify) => {
            let verdict = match &verify.trail {
                Some(trail) => exported(trail, verify),
                None => match session::settings(config) {
                    Ok(settings) => match stored(&settings, verify).await? {
                        Ok(verdict) => verdict,
                        Err(error) => return Ok(failed(&error, None)),
                    },
                    Err(exit) => return Ok(exit),
                },
            };
            match verdict {
                Ok(verdict) => show(&verdict, verify.format),
                Err(error) => {
                    output::error(&error.to_string(), error.hint());
                    Ok(Exit::Error)
                }
            }
        }
        AuditCommand::Export(export) => match session::settings(config) {
            Ok(settings) => Ok(match exports(&settings, export).await {
                Ok(()) => Exit::Done,
                Err(error) => failed(&error, None),
            }),
            Err(exit) => Ok(exit),
        },
    }
}

/// An export, of whatever origin: no configuration, no database.
fn exported(trail: &Path, arguments: &VerifyArguments) -> Result<Verdict, BundleError> {
    let VerifyArguments { trail: _, public_key, checkpoint, format: _ } = arguments;
    let bundle = Bundle::of(trail);
    let verdict = bundle.verify(bundle.keys(public_key.as_deref())?, checkpoint)?;
    if !bundle.leaves().exists() {
        let leaves = bundle.leaves();
        let text =
            format!("there is no {}: what was changed is located between two checkpoints only", leaves.display());
        output::warning(&text, Some("keep the files of an export together"));
    }
    Ok(verdict)
}

/// The trail in the state database, against the checkpoints there and those that somebody has kept.
async fn stored(
    settings: &Settings,
    arguments: &VerifyArguments,
) -> Result<Result<Result<Verdict, BundleError>, RunError>, anyhow::Error> {
    let VerifyArguments { trail: _, public_key, checkpoint, format: _ } = arguments;
    let given = public_key.as_ref().map(|path| Bundle::of(path).keys(Some(path))).transpose();
    let given = match given {
        Ok(given) => given,
        Err(error) => return Ok(Ok(Err(error))),
    };
    let store = match session::store(settings).await {
        Ok(store) => store,
        Err(error) => return Ok(Err(error.into())),
    };
    let own = store.public_key().map(|key| (key, Trust::Beside));
    let mut verifier = Verifier::new(given.unwrap_or_else(|| own.into_iter().collect()));
    for path in checkpoint {
        let kept = std::fs::read_to_string(path).map_err(|error| BundleError::Read { path: path.clone(), error });
        match kept {
            Ok(kept) => crate::audit::checkpoints_of(&kept).into_iter().for_each(|note| verifier.checkpoint(note)),
            Err(error) => return Ok(Ok(Err(error))),
        }
    }
    let size = store.trail_size().await;
    let gone = store.go_through(&mut verifier).await;
    store.close().await;
    Ok(match gone {
        Ok(()) => {
            let verdict = verifier.finish();
            match (&verdict, size) {
                (Ok(tally), Ok(size)) if tally.size < size => {
                    let why = format!("the trail had {size} records, and {} are left: its end was cut off", tally.size);
                    Err(StoreError::Content(why).into())
                }
                _ => Ok(Ok(verdict)),
            }
        }
        Err(error) => Err(error.into()),
    })
}

/// Four files side by side, each written whole or not at all.
async fn exports(settings: &Settings, arguments: &ExportArguments) -> Result<(), RunError> {
    let bundle = Bundle::of(&arguments.out);
    let store = session::store(settings).await?;
    let done = export(&store, &arguments.out, &bundle).await;
    store.close().await;
    let records = done?;
    output::note(&format!(
        "{records} records in {}, with their hashes, checkpoints and public key beside it. Verify: rollcall audit verify \
         --trail {}",
        arguments.out.display(),
        arguments.out.display()
    ));
    Ok(())
}

async fn export(store: &Store, out: &Path, bundle: &Bundle) -> Result<u64, StoreError> {
    // What stands by now is signed by now.
    store.checkpoint(session::now()).await?;
    let file = |path: &Path| File::create(path).map(BufWriter::new).map_err(|error| unwritten(path, &error));
    let exporter = Exporter::new(file(out)?, file(&bundle.leaves())?);
    let (records, checkpoints) = store.export(exporter).await?;
    let write = |path: PathBuf, text: String| std::fs::write(&path, text).map_err(|error| unwritten(&path, &error));
    write(bundle.checkpoints(), checkpoints)?;
    let keys = store.public_key().map(|key| format!("{key}\n")).unwrap_or_default();
    write(bundle.key(), keys)?;
    Ok(records)
}

fn unwritten(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Content(format!("cannot write {}: {error}", path.display()))
}

fn show(verdict: &Verdict, format: TellFormat) -> Result<Exit, anyhow::Error> {
    match format {
        TellFormat::Text => output::data(&verdict_text(verdict))?,
        TellFormat::Json => output::raw(|out| writeln!(out, "{}", verdict_json(verdict)))?,
    }
    Ok(if verdict.is_ok() { Exit::Done } else { Exit::Error })
}
