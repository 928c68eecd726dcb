//! The report of an apply is read again as it was written, or not at all.

use super::bench::{applied, json, report};
use crate::plan::tests::tell;
use crate::report::{LoadError, Report, load_report, report_json};

fn written(report: &Report) -> String {
    let mut out = Vec::new();
    report_json(&mut out, report).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_report_reads_back_with_what_became_of_each_change() {
    let first = applied();
    let past = load_report(&written(&first)).unwrap();
    assert_eq!((past.id(), past.sync()), ("0190-a", "corp-to-bi"));
    assert_eq!(past.finished(), super::bench::at(45));
    let (again, done) = past.into_report().unwrap();
    assert_eq!(tell::lines(&again.plan), tell::lines(&first.plan));
    assert_eq!(again.digest, first.digest);
    let expected: Vec<bool> = (0..first.plan.changes.len()).map(|at| !(1..4).contains(&at)).collect();
    assert_eq!(done, expected, "one failed, one was set aside, one not tried");
}

#[test]
fn what_takes_a_run_back_reads_back_too() {
    let mut undo = applied();
    undo.facts.undoes = Some("0190-0".into());
    undo.facts.sources.clear();
    // A value that is missing afterwards, and not empty.
    let plan = std::sync::Arc::make_mut(&mut undo.plan);
    let at = plan.changes.iter().position(|change| change.name() == "bob").unwrap();
    let former = crate::principal::Principal { display_name: None, ..plan.changes[at].before().unwrap().clone() };
    let change = plan.changes[at].clone();
    plan.changes[at] = change.exactly(&former);
    assert_eq!(plan.changes[at].after().unwrap().display_name, None);
    let undo = undo.seal();
    assert_ne!(undo.digest, report().digest);
    let (again, _) = load_report(&written(&undo)).unwrap().into_report().unwrap();
    assert_eq!((again.digest, again.facts.undoes), (undo.digest, Some("0190-0".into())));
}

#[test]
fn what_is_no_report_says_so() {
    let whole = written(&applied());
    for text in [
        "{}",
        "[]",
        &json(&report()),
        &written(&report()),
        &whole.replacen("rollcall.report/v1", "rollcall.report/v2", 1),
        &whole.replacen(r#""outcome":"done""#, r#""outcome":"almost""#, 1),
        &whole.replacen(r#""outcome":"done","#, "", 1).replacen(r#","outcome":"done""#, "", 1),
    ] {
        let error = load_report(text).unwrap_err();
        assert!(matches!(error, LoadError::Report(_)), "{error} of {text}");
    }
}

#[test]
fn what_was_changed_after_it_was_written_is_refused() {
    let whole = written(&applied());
    for (from, to) in [
        (r#""to":"new@x""#, r#""to":"mew@x""#),
        (r#""action":"disable""#, r#""action":"strip""#),
        (r#""sync":"corp-to-bi""#, r#""sync":"corp-to-bj""#),
        (r#""before":{"name":"gone""#, r#""before":{"name":"goni""#),
    ] {
        assert!(whole.contains(from), "{from}");
        let changed = load_report(&whole.replacen(from, to, 1)).unwrap();
        assert!(matches!(changed.into_report(), Err(LoadError::Digest | LoadError::Report(_))), "{to}");
    }
}
