//! The examples in `config/` and of every kind load, and the schema knows their keys.

use std::path::Path;

use super::bench::{Bench, GOOD};
use crate::config::schema;
use crate::sources::SourceFile;
use crate::targets::TargetFile;

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Every file of `config/`, with the variables that its comments tell to set.
#[test]
fn the_files_in_config_load() {
    let variables = [
        ("CHAT_URL", "https://chat.example.org/services/T1/B2/abc"),
        ("HOOK_SECRET", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ("LDAP_URL", "ldaps://ldap.example.org"),
        ("TS_PASSWORD", "correct horse"),
        ("TS_URL", "https://ts.example.org"),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let mut names: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "csv-to-thoughtspot.yaml",
            "directory-to-thoughtspot.yaml",
            "json-to-file.yaml",
            "minimal.yaml",
            "notifications.yaml"
        ]
    );
    for name in names {
        let bench = Bench::new(&example(name.to_str().unwrap()));
        let bench = bench.with_file("ldap-password", "correct horse").with_file("smtp-password", "correct horse");
        let bench = variables.iter().fold(bench, |bench, (name, value)| bench.with_variable(name, value));
        let settings = bench.settings();
        assert!(settings.warnings.is_empty(), "{name:?}");
        assert_eq!(settings.syncs.len(), 1, "{name:?}");
        let managed = settings.syncs.values().all(|sync| sync.policy.ownership == crate::plan::Ownership::Managed);
        assert!(managed, "{name:?}");
        for sync in settings.syncs.values() {
            let verdicts = sync.trials.iter().map(|trial| trial.run(&sync.rules, crate::principal::CaseRules::EXACT));
            verdicts.for_each(|verdict| assert!(verdict.passed, "{name:?}: {verdict:?}"));
        }
    }
}

#[test]
fn the_sample_of_every_kind_loads() {
    let indented = |sample: &str| format!("    {}\n", sample.trim_end().replace('\n', "\n    "));
    for (kind, sample) in SourceFile::KINDS.iter().zip(SourceFile::EXAMPLES) {
        let config = GOOD.replace("    csv: { users: people.csv }\n", &indented(sample));
        let bench = with_secrets(Bench::new(&config), sample);
        assert_eq!(bench.settings().sources["corp"].kind, *kind);
    }
    for (kind, sample) in TargetFile::KINDS.iter().zip(TargetFile::EXAMPLES) {
        let (above, below) = (GOOD.find("    thoughtspot:").unwrap(), GOOD.find("syncs:").unwrap());
        let config = format!("{}{}{}", &GOOD[..above], indented(sample), &GOOD[below..]);
        let bench = with_secrets(Bench::new(&config), sample);
        assert_eq!(bench.settings().targets["bi"].kind, *kind);
    }
}

/// Samples may name any secret: what they name is there.
fn with_secrets(mut bench: Bench, sample: &str) -> Bench {
    for line in sample.lines() {
        if let Some(name) = line.split("env: ").nth(1) {
            bench = bench.with_variable(name.trim_end_matches([' ', '}']), "correct horse");
        }
        if let Some(name) = line.split("file: ").nth(1) {
            bench = bench.with_file(name.trim_end_matches([' ', '}']), "correct horse");
        }
    }
    bench
}

#[test]
fn the_schema_knows_the_keys() {
    let schema = schema();
    let keys =
        |way: &str| -> Vec<String> { schema.pointer(way).unwrap().as_object().unwrap().keys().cloned().collect() };
    assert_eq!(
        keys("/properties"),
        [
            "audit",
            "defaults",
            "environment",
            "include",
            "notify",
            "retention",
            "server",
            "sources",
            "state",
            "syncs",
            "targets"
        ]
    );
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["title"], "rollcall configuration");
    let sync = keys("/$defs/SyncFile/properties");
    assert!(
        ["from", "to", "match", "applyChanges", "leavers", "guard"].iter().all(|key| sync.contains(&(*key).to_owned()))
    );
    assert!(["schedule", "webhook"].iter().all(|key| sync.contains(&(*key).to_owned())));
    assert!(!sync.contains(&"approval".to_owned()));
}
