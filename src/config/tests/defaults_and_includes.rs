//! Entries from defaults and included files: what they become, and where their problems are placed.

use insta::assert_snapshot;

use super::bench::{Bench, GOOD};
use crate::guard::Limit;
use crate::plan::Ownership;

#[test]
fn the_own_key_wins_and_maps_merge_deep() {
    let config = format!(
        "defaults:
  sync: {{ ownership: managed, applyChanges: true, guard: {{ removals: {{ percent: 7, count: 9 }} }} }}
  target: {{ rate: 3, protect: ['user:a'], thoughtspot: {{ username: shared }}, file: {{ path: x.json }} }}
{GOOD}    applyChanges: false
    guard: {{ removals: {{ count: 4 }}, updates: off }}
"
    );
    let settings = Bench::new(&config.replace("      username: rollcall\n", "")).settings();
    let sync = &settings.syncs["corp-to-bi"];
    assert_eq!((sync.apply_changes, sync.policy.ownership), (false, Ownership::Managed));
    let removals = sync.limits.removals.on().unwrap();
    assert_eq!((removals.percent, removals.count, removals.applies_from), (7.0, 4, 10));
    assert_eq!(sync.limits.updates, Limit::Off);
    let target = &settings.targets["bi"];
    assert_eq!((target.kind, target.context.network.rate), ("thoughtspot", Some(3)));
    assert_eq!(target.file.thoughtspot.as_ref().unwrap().username.as_deref(), Some("shared"));
    assert_eq!(sync.policy.protect.len(), 1);
}

#[test]
fn a_fault_in_the_defaults_is_said_once_and_there() {
    let config = format!("defaults:\n  sync:\n    guard: {{ removals: {{ percent: 200, cuont: 4 }} }}\n    applyChanges: maybe\n{GOOD}  other:\n    from: corp\n    to: out\n")
        .replace("targets:\n", "targets:\n  out: { file: { path: out.json } }\n");
    assert_snapshot!(Bench::new(&config).problems(), @r#"
    rollcall.yaml:3:35: defaults.sync.guard.removals.percent: expected a percentage from 0 to 100, found 200 (write `removals: off` for no limit)
    rollcall.yaml:3:40: defaults.sync.guard.removals.cuont: unknown key `cuont` (did you mean `count`?)
    rollcall.yaml:4:19: defaults.sync.applyChanges: expected true or false, found the text "maybe"
    "#);
}

#[test]
fn a_fault_in_defaults_that_nobody_uses() {
    assert_snapshot!(Bench::new("defaults: { sync: { ownership: mine }, traget: {} }\n").problems(), @"
    rollcall.yaml:1:32: defaults.sync.ownership: expected `all` or `managed`, found `mine`
    rollcall.yaml:1:40: defaults.traget: unknown key `traget` (did you mean `target`?)
    ");
}

#[test]
fn included_files_add_entries() {
    let bench = Bench::new(&format!("include: [syncs/*.yaml, extra.yaml]\n{GOOD}"))
        .with_file("extra.yaml", "targets: { out: { file: { path: out.json } } }\n")
        .with_file("syncs/b.yaml", "syncs: { to-out: { from: corp, to: out } }\n")
        .with_file("syncs/.hidden.yaml", "no: yaml: at: all\n")
        .with_file("syncs/notes.txt", "not read\n");
    let settings = bench.settings();
    assert_eq!(settings.syncs.keys().collect::<Vec<_>>(), ["corp-to-bi", "to-out"]);
    assert_eq!(settings.targets["out"].context.folder, bench.folder.path());
}

#[test]
fn faults_in_included_files_are_placed_there() {
    let bench = Bench::new(&format!("include: [more/*.yaml]\ndefaults: {{ sync: {{ drift: mend }} }}\n{GOOD}"))
        .with_file(
            "more/a.yaml",
            "\u{feff}environment: test\nsyncs:\n  second:\n    from: corp\n    to: büro\n    memberships: exat\n",
        )
        .with_file("more/b.yaml", "syncs:\n  corp-to-bi:\n    from: nobody\ntargets: 5\n")
        .with_file("more/c.yaml", "syncs: [\n");
    assert_snapshot!(bench.problems(), @"
    more/a.yaml:1:1: environment: an included file has only `sources`, `targets` and `syncs`, not `environment`
    more/a.yaml:5:9: syncs.second.to: there is no target `büro` (the targets are `bi`)
    more/a.yaml:6:18: syncs.second.memberships: expected `exact` or `managed`, found `exat` (did you mean `exact`?)
    more/b.yaml:2:3: syncs.corp-to-bi: `syncs.corp-to-bi` stands at rollcall.yaml:13:3 already (give one of them another name)
    more/b.yaml:4:10: targets: expected names and their entries
    more/c.yaml:2:1: did not find expected node content, while parsing a flow node
    rollcall.yaml:2:28: defaults.sync.drift: expected `repair`, `keep` or `report`, found `mend`
    ");
}

#[test]
fn includes_that_match_nothing() {
    let bench = Bench::new(&format!("include: [none.yaml, 'none/*.yaml', 'a*/b.yaml', rollcall.yaml, 5]\n{GOOD}"));
    assert_snapshot!(bench.problems().replace(&format!("{}", bench.folder.path().display()), "FOLDER"), @"
    rollcall.yaml:1:11: include[0]: `none.yaml` is not there (it would be none.yaml)
    rollcall.yaml:1:37: include[2]: `*` in the folder of `a*/b.yaml` (`*` stands for any text in the file name only)
    rollcall.yaml:1:65: include[4]: expected text, found the number 5 (put it in quotes)
    ");
}
