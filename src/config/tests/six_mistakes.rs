//! Six mistakes in one file are six problems in one go, each at its place with what to do.

use insta::assert_snapshot;

use super::bench::Bench;
use crate::config::json;

const SIX: &str = "\
environment: prod
sources:
  corp:
    csv: { users: people.csv }
targets:
  bi:
    thoughtspot:
      url: https://ts.example.org
      username: rollcall
      password: { file: no-such-file }
    timeout: soon
syncs:
  corp-to-bi:
    from: corp
    to: bi
    ownership: all
    removeDeletd: true
  again-to-bi:
    from: [corp]
    to: bi
    ownership: managed
    applyChanges: yes
  elsewhere:
    from: corp
    to: bo
";

#[test]
fn a_person_reads_all_six_at_once() {
    assert_snapshot!(Bench::new(SIX).rendered(), @r#"
    error: targets.bi.thoughtspot.password: cannot read no-such-file: No such file or directory (os error 2)
    --> rollcall.yaml:10:17
     = note: the line is not shown: it may hold a secret
     = hint: a relative path is looked up beside the configuration file, then in $CREDENTIALS_DIRECTORY

    error: targets.bi.timeout: expected a duration such as `30s`, `15m` or `30d`, found the text "soon"
      --> rollcall.yaml:11:14
       |
    11 |     timeout: soon
       |              ^^^^

    error: syncs.corp-to-bi.ownership: `ownership: all` on target `bi`, which is also the target of `again-to-bi`
      --> rollcall.yaml:16:16
       |
    16 |     ownership: all
       |                ^^^
       |
       = hint: write `ownership: managed` in every sync of this target

    error: syncs.corp-to-bi.removeDeletd: unknown key `removeDeletd`
      --> rollcall.yaml:17:5
       |
    17 |     removeDeletd: true
       |     ^^^^^^^^^^^^
       |
       = hint: did you mean `removeDeleted`?

    error: syncs.again-to-bi.applyChanges: expected true or false, found the text "yes"
      --> rollcall.yaml:22:19
       |
    22 |     applyChanges: yes
       |                   ^^^
       |
       = hint: write `true`: YAML 1.2 reads this word as text

    error: syncs.elsewhere.to: there is no target `bo`
      --> rollcall.yaml:25:9
       |
    25 |     to: bo
       |         ^^
       |
       = hint: did you mean `bi`?
    "#);
}

#[test]
fn a_program_reads_all_six_at_once() {
    let bench = Bench::new(SIX);
    let problems = bench.load().unwrap_err();
    let text = json(&problems.0).replace("},{", "},\n{");
    assert_snapshot!(bench.without_folder(&text), @r#"
    [{"file":"rollcall.yaml","line":10,"column":17,"path":"targets.bi.thoughtspot.password","message":"cannot read no-such-file: No such file or directory (os error 2)","hint":"a relative path is looked up beside the configuration file, then in $CREDENTIALS_DIRECTORY"},
    {"file":"rollcall.yaml","line":11,"column":14,"path":"targets.bi.timeout","message":"expected a duration such as `30s`, `15m` or `30d`, found the text \"soon\"","hint":null},
    {"file":"rollcall.yaml","line":16,"column":16,"path":"syncs.corp-to-bi.ownership","message":"`ownership: all` on target `bi`, which is also the target of `again-to-bi`","hint":"write `ownership: managed` in every sync of this target"},
    {"file":"rollcall.yaml","line":17,"column":5,"path":"syncs.corp-to-bi.removeDeletd","message":"unknown key `removeDeletd`","hint":"did you mean `removeDeleted`?"},
    {"file":"rollcall.yaml","line":22,"column":19,"path":"syncs.again-to-bi.applyChanges","message":"expected true or false, found the text \"yes\"","hint":"write `true`: YAML 1.2 reads this word as text"},
    {"file":"rollcall.yaml","line":25,"column":9,"path":"syncs.elsewhere.to","message":"there is no target `bo`","hint":"did you mean `bi`?"}]
    "#);
}

#[test]
fn twice_the_same_bytes() {
    let bench = Bench::new(SIX);
    assert_eq!(bench.rendered(), bench.rendered());
}

#[test]
fn the_nothing_wrong_configuration_loads() {
    let settings = Bench::new(super::bench::GOOD).settings();
    let sync = &settings.syncs["corp-to-bi"];
    assert_eq!((sync.sources.as_slice(), sync.target.as_str()), (["corp".to_owned()].as_slice(), "bi"));
    assert!(!sync.apply_changes);
    assert!(settings.warnings.is_empty());
}
