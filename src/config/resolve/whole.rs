use std::collections::BTreeMap;
use std::path::Path as FilePath;
use std::time::Duration;

use serde_yaml::Value;

use super::entry::check_names;
use super::{digest, gateway, notify, secrets, server, shared, source, state, sync, target};
use crate::config::complaint::{Complaint, Complaints};
use crate::config::file::{AuditFile, ConfigFile};
use crate::config::origins::Origins;
use crate::config::path::Path;
use crate::config::settings::{AuditSettings, Settings};
use crate::config::substitute::Environment;
use crate::connector::SecretFile;

/// Auditors ask for a year, and some weeks to ask in.
const RETENTION: Duration = Duration::from_hours(400 * 24);

/// What every step needs: the folder of the configuration, the configuration as written, and where to complain.
pub(super) struct Resolving<'a> {
    pub(super) folder: &'a FilePath,
    /// Includes and defaults merged; also what did not fit.
    pub(super) whole: &'a Value,
    /// Where it is written.
    pub(super) origins: &'a Origins,
    pub(super) environment: Environment<'a>,
    pub(super) complaints: &'a mut Complaints,
}

/// Makes settings of what fits. Where there are complaints, entries may be missing.
pub(in crate::config) fn resolve(
    path: &FilePath,
    file: ConfigFile,
    whole: &Value,
    origins: &Origins,
    environment: Environment<'_>,
    complaints: &mut Complaints,
) -> Settings {
    let folder = path.parent().unwrap_or(FilePath::new("")).to_owned();
    let ConfigFile {
        environment: label,
        state,
        audit,
        retention,
        server,
        include: _,
        defaults: _,
        sources,
        targets,
        syncs,
        notify: sinks,
    } = file;
    let mut resolving = Resolving { folder: &folder, whole, origins, environment, complaints };
    secrets::check(&mut resolving);
    let state = state::place(state, &mut resolving);
    let AuditFile { signing_key, personal_key } = audit.unwrap_or_default();
    let secret = |file: Option<SecretFile>| file.map(|file| file.secret(&folder));
    let audit = AuditSettings { key: secret(signing_key), personal_key: secret(personal_key) };
    let server = server::resolve(server, &mut resolving);
    let sources = source::resolve(sources.unwrap_or_default(), &mut resolving);
    let targets = targets.unwrap_or_default();
    let gateways = targets.iter().filter_map(|(name, file)| Some((name.clone(), file.gateway.clone()?)));
    let gateways: Vec<_> = gateways.collect();
    let targets = target::resolve(targets, &mut resolving);
    let files = syncs.unwrap_or_default();
    shared::check(&files, &targets, &mut resolving);
    let mut syncs = BTreeMap::new();
    for (name, file) in files {
        if let Some(settings) = sync::resolve(&name, file, &sources, &targets, &mut resolving) {
            syncs.insert(name, settings);
        }
    }
    gateway::check(&gateways, &sources, &syncs, &mut resolving);
    let notify = notify::resolve(sinks.unwrap_or_default(), &mut resolving);
    check_names(&mut resolving);
    if resolving.names("syncs").next().is_none() {
        let warning = Complaint::at_key(Path::of(&["syncs"]), "no sync is configured: there is nothing to do");
        resolving.complaints.warn(warning.hinting("pair a source with a target under `syncs`"));
    }
    Settings {
        path: path.to_owned(),
        environment: label,
        state,
        audit,
        retention: retention.map_or(RETENTION, |retention| retention.0),
        server,
        sources,
        targets: targets.into_iter().map(|(name, target)| (name, target.settings)).collect(),
        syncs,
        notify,
        warnings: Vec::new(),
        digest: digest::of_all(whole),
        folder,
    }
}

impl<'a> Resolving<'a> {
    /// The names in a section, also of entries that did not fit.
    pub(super) fn names(&self, section: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let entries = Path::of(&[section]).value(self.whole).and_then(Value::as_mapping);
        entries.into_iter().flatten().filter_map(|(name, _)| name.as_str())
    }

    /// Where a value is written: `syncs.corp.users.when (rollcall.yaml:31:15)`.
    pub(super) fn place(&self, path: &Path) -> String {
        self.origins.place(path, self.folder)
    }

    /// Complains that something is missing, unless it is there and wrong.
    pub(super) fn missing(&mut self, entry: &Path, key: &str, hint: &str) {
        if !self.complaints.touch(&entry.key(key)) {
            let complaint = Complaint::at_key(entry.key(key), format!("`{key}` is missing"));
            self.complaints.add(complaint.hinting(hint));
        }
    }
}
