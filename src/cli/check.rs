//! `check`: the configuration with the tests of its rules and when each sync is due next, then every source, target and
//! sink of notices for real.

use serde_json::{Value, json};

use super::args::{CheckArguments, TellFormat};
use super::session::{self, now, show};
use super::{calendar, output, trials};
use crate::config::{Problems, Settings, Severity, SourceSettings, load};
use crate::connector::{BuildError, ConnectorError, FailureClass, Finding, PushedList};
use crate::daemon::api::Certificates;
use crate::report::counted;
use crate::run::Exit;

/// What was found out about one source, target or sink of notices, or the certificate of the daemon.
struct Found {
    what: &'static str,
    name: String,
    kind: &'static str,
    result: Result<Vec<Finding>, ConnectorError>,
}

pub(super) async fn run(given: Option<&std::path::Path>, arguments: &CheckArguments) -> Result<Exit, anyhow::Error> {
    let settings = match load(given) {
        Ok(settings) => settings,
        Err(Problems(problems)) => {
            match arguments.format {
                TellFormat::Json => {
                    output::raw(|out| writeln!(out, "{}", json!({ "ok": false, "problems": problems })))?;
                }
                TellFormat::Text => {
                    show(&problems, Severity::Error);
                    let many = if problems.len() == 1 { "" } else { "s" };
                    output::error(&format!("the configuration has {} problem{many}", problems.len()), None);
                }
            }
            return Ok(Exit::Configuration);
        }
    };
    let mut found = if arguments.offline { Vec::new() } else { connect(&settings).await };
    found.extend(certificate(&settings));
    let tried = trials::run(&settings);
    let ok = found.iter().all(|found| found.result.is_ok()) && tried.iter().all(trials::Tried::passed);
    match arguments.format {
        TellFormat::Json => {
            let checks: Vec<Value> = found.iter().map(document).collect();
            let tests: Vec<Value> = tried.iter().map(trials::Tried::document).collect();
            let document = json!({
                "ok": ok, "problems": [], "warnings": settings.warnings, "tests": tests, "checks": checks,
                "schedules": calendar::documents(&settings, now()),
            });
            output::raw(|out| writeln!(out, "{document}"))?;
        }
        TellFormat::Text => {
            show(&settings.warnings, Severity::Warning);
            output::data(&text(&settings, &tried, &found))?;
        }
    }
    Ok(if ok { Exit::Done } else { Exit::Error })
}

async fn connect(settings: &Settings) -> Vec<Found> {
    let mut found = Vec::new();
    for (name, source) in &settings.sources {
        let built = match pushed(settings, source).await {
            Ok(list) => source.build_with(list).map_err(|problems| unbuilt(&problems)),
            Err(error) => Err(error),
        };
        let result = match built {
            Ok(source) => source.check().await.map(|lines| lines.into_iter().map(Finding::Good).collect()),
            Err(error) => Err(error),
        };
        found.push(Found { what: "source", name: name.clone(), kind: source.kind, result });
    }
    for (name, target) in &settings.targets {
        let result = match target.build() {
            Ok(target) => target.check().await,
            Err(problems) => Err(unbuilt(&problems)),
        };
        found.push(Found { what: "target", name: name.clone(), kind: target.kind, result });
    }
    for sink in &settings.notify {
        let result = match sink.build() {
            Ok(sink) => sink.check().await,
            Err(problems) => Err(unbuilt(&problems)),
        };
        found.push(Found { what: "notify", name: sink.place.clone(), kind: sink.kind, result });
    }
    found
}

/// What the daemon shows to whoever connects, where it does.
fn certificate(settings: &Settings) -> Option<Found> {
    let read = Certificates::read(settings.server.tls.as_ref()?);
    let result = match read {
        Ok(certificates) => Ok(certificates.doubt(now()).into_iter().map(Finding::Warning).collect()),
        Err(error) => {
            let failed = ConnectorError::new(FailureClass::Rejected, "reading the certificate", error.to_string());
            Err(failed.with_hint(error.hint()))
        }
    };
    Some(Found { what: "server", name: "tls".into(), kind: "certificate", result })
}

/// The list that a source reads, where it is one that is pushed: it stands in the state.
async fn pushed(settings: &Settings, source: &SourceSettings) -> Result<Option<PushedList>, ConnectorError> {
    if !source.is_pushed() {
        return Ok(None);
    }
    let read = async {
        let store = session::store(settings).await?;
        let list = store.pushed(&source.name).await;
        store.close().await;
        list
    };
    read.await.map_err(|error| {
        let hint = error.hint();
        let error = ConnectorError::new(FailureClass::Unexpected, "looking up the last list", error.to_string());
        ConnectorError { hint: hint.map(String::from), ..error }
    })
}

fn unbuilt(problems: &[BuildError]) -> ConnectorError {
    let why: Vec<_> = problems.iter().map(|problem| format!("{}: {}", problem.key, problem.why)).collect();
    ConnectorError::new(FailureClass::Rejected, "building it", why.join("; "))
}

fn text(settings: &Settings, tried: &[trials::Tried<'_>], found: &[Found]) -> String {
    use std::fmt::Write;
    let (good, bad) = (anstyle::AnsiColor::Green.on_default().bold(), anstyle::AnsiColor::Red.on_default().bold());
    let mut out = String::new();
    let sources = counted(settings.sources.len(), "source", "sources");
    let targets = counted(settings.targets.len(), "target", "targets");
    let syncs = counted(settings.syncs.len(), "sync", "syncs");
    let notify = match settings.notify.len() {
        0 => String::new(),
        sinks => format!(", {sinks} told of trouble"),
    };
    let _ = writeln!(out, "{good}ok{good:#}    {}: {sources}, {targets}, {syncs}{notify}", settings.path.display());
    out.push_str(&trials::text(tried));
    out.push_str(&calendar::text(settings, now()));
    for Found { what, name, kind, result } in found {
        match result {
            Ok(findings) => {
                let _ = writeln!(out, "{good}ok{good:#}    {what} {name} ({kind})");
                for finding in findings {
                    let (sign, line) = match finding {
                        Finding::Good(line) => ("      ", line),
                        Finding::Warning(line) => ("    ! ", line),
                    };
                    let _ = writeln!(out, "{sign}{}", crate::principal::neutral(line));
                }
            }
            Err(error) => {
                let _ = writeln!(out, "{bad}error{bad:#} {what} {name} ({kind})");
                let _ = writeln!(out, "      {}", crate::principal::neutral(&error.to_string()));
                if let Some(hint) = &error.hint {
                    let _ = writeln!(out, "      hint: {}", crate::principal::neutral(hint));
                }
            }
        }
    }
    out
}

fn document(found: &Found) -> Value {
    let Found { what, name, kind, result } = found;
    let line = |finding: &Finding| match finding {
        Finding::Good(text) => json!({ "level": "good", "text": text }),
        Finding::Warning(text) => json!({ "level": "warning", "text": text }),
    };
    match result {
        Ok(findings) => {
            json!({ "what": what, "name": name, "kind": kind, "ok": true, "findings": findings.iter().map(line).collect::<Vec<_>>() })
        }
        Err(error) => {
            json!({ "what": what, "name": name, "kind": kind, "ok": false, "error": error.to_string(), "hint": error.hint })
        }
    }
}
