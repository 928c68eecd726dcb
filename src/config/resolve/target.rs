use std::collections::BTreeMap;

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
        let context =
            BuildContext { name: name.clone(), folder: at.folder.to_owned(), network: network(&file, &path, at) };
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
        let settings = TargetSettings { name: name.clone(), kind, file, context, place, protect };
        targets.insert(name, Resolved { settings, capabilities });
    }
    targets
}

fn network(file: &TargetFile, path: &Path, at: &mut Resolving<'_>) -> Network {
    if let Some(tls) = &file.tls {
        check_tls(tls, &path.key("tls"), at);
    }
    let timeout = file.timeout.map(|timeout| timeout.0);
    let nothing = [
        ("timeout", timeout.is_some_and(|timeout| timeout.is_zero())),
        ("rate", file.rate == Some(0)),
        ("concurrency", file.concurrency == Some(0)),
    ];
    for (key, _) in nothing.iter().filter(|(_, nothing)| *nothing) {
        let complaint = Complaint::at_value(path.key(key), format!("`{key}` is 0: no request could be made"));
        at.complaints.add(complaint.hinting("leave it out for the default"));
    }
    Network {
        tls: file.tls.as_ref().map(|tls| tls.tls(at.folder)).unwrap_or_default(),
        proxy: file.proxy.clone(),
        timeout,
        rate: file.rate,
        concurrency: file.concurrency,
        patience: file.patience.map(|patience| patience.0),
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
