use std::collections::BTreeMap;
use std::time::Duration;

use super::connector;
use super::entry::one_kind;
use super::patterns;
use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::path::Path;
use crate::config::settings::TargetSettings;
use crate::connector::{BuildContext, Network, TlsFile};
use crate::plan::Capabilities;
use crate::targets::TargetFile;

/// A target, and what it can do where it could be built.
pub(super) struct Resolved {
    pub(super) settings: TargetSettings,
    pub(super) capabilities: Option<Capabilities>,
}

pub(super) fn resolve(files: BTreeMap<String, TargetFile>, at: &mut Resolving<'_>) -> BTreeMap<String, Resolved> {
    let mut targets = BTreeMap::new();
    for (name, file) in files {
        let path = Path::of(&["targets", &name]);
        let protect = patterns::any_kind(&file.protect, &path.key("protect"), at);
        let timeout = file.timeout.map(|timeout| timeout.0);
        let network = Network {
            rate: file.rate,
            concurrency: file.concurrency,
            patience: file.patience.map(|patience| patience.0),
            ..network(file.tls.as_ref(), file.proxy.as_ref(), timeout, &path, at)
        };
        for (key, nothing) in [("rate", file.rate == Some(0)), ("concurrency", file.concurrency == Some(0))] {
            refuse_nothing(key, nothing, &path, at);
        }
        let context = BuildContext { name: name.clone(), folder: at.folder.to_owned(), network, pushed: None };
        let Some(kind) = one_kind(&file.chosen(), TargetFile::KINDS, &path, at) else { continue };
        let mut place = format!("target {name}");
        let capabilities = match file.build(&context) {
            Some(Ok(target)) => {
                place = target.place();
                Some(target.capabilities().clone())
            }
            Some(Err(errors)) => {
                connector::complain(errors, &path.key(kind), at);
                None
            }
            None => None,
        };
        let gateway = file.gateway.clone();
        let settings = TargetSettings { name: name.clone(), kind, file, context, place, protect, gateway };
        targets.insert(name, Resolved { settings, capabilities });
    }
    targets
}

/// What every connection takes, at the keys below `path`.
pub(super) fn network(
    tls: Option<&TlsFile>,
    proxy: Option<&String>,
    timeout: Option<Duration>,
    path: &Path,
    at: &mut Resolving<'_>,
) -> Network {
    if let Some(tls) = tls {
        check_tls(tls, &path.key("tls"), at);
    }
    refuse_nothing("timeout", timeout.is_some_and(|timeout| timeout.is_zero()), path, at);
    Network {
        tls: tls.map(|tls| tls.tls(at.folder)).unwrap_or_default(),
        proxy: proxy.cloned(),
        timeout,
        ..Network::default()
    }
}

fn refuse_nothing(key: &str, nothing: bool, path: &Path, at: &mut Resolving<'_>) {
    if nothing {
        let complaint = Complaint::at_value(path.key(key), format!("`{key}` is 0: no request could be made"));
        at.complaints.add(complaint.hinting("leave it out for the default"));
    }
}

fn check_tls(tls: &TlsFile, path: &Path, at: &mut Resolving<'_>) {
    let TlsFile { ca, client_cert, client_key } = tls;
    for (key, file) in [("ca", ca), ("clientCert", client_cert), ("clientKey", client_key)] {
        let Some(full) = file.as_ref().map(|file| at.folder.join(file)) else { continue };
        if let Err(error) = std::fs::File::open(&full) {
            let message = format!("cannot read {}: {error}", full.display());
            at.complaints.add(Complaint::at_value(path.key(key), message).hinting("expected a PEM file"));
        }
    }
    match (client_cert, client_key) {
        (Some(_), None) => at.missing(path, "clientKey", "`clientCert` needs its key"),
        (None, Some(_)) => at.missing(path, "clientCert", "`clientKey` needs its certificate"),
        _ => {}
    }
}
