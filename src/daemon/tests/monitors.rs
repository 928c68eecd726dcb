//! Alert rules, the dashboard and the page about them name what there is.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use regex::Regex;
use serde_json::Value;

use crate::daemon::ALL_METRICS;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every name that can be asked for.
fn known() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for metric in ALL_METRICS {
        let name = metric.name();
        if metric.sort() == "histogram" {
            names.extend(["_bucket", "_count", "_sum"].map(|part| format!("{name}{part}")));
        } else {
            names.insert(name);
        }
    }
    names
}

/// What an expression asks for that nobody tells: metrics, and labels in braces.
fn strange(expression: &str) -> Vec<String> {
    let known = known();
    let names = Regex::new(r"\b(?:rollcall|process)_[a-z_]+").unwrap();
    let asked = names.find_iter(expression).map(|name| name.as_str().to_owned());
    let mut strange: Vec<_> = asked.filter(|name| !known.contains(name)).collect();
    let labels: BTreeSet<_> = ALL_METRICS.iter().flat_map(|metric| metric.labels.iter().copied()).collect();
    let selector = Regex::new(r#"(\w+)\s*(?:=~|!~|!=|=)\s*""#).unwrap();
    let asked = selector.captures_iter(expression).map(|found| found[1].to_owned());
    strange.extend(
        asked.filter(|label| !labels.contains(label.as_str()) && !["job", "instance"].contains(&label.as_str())),
    );
    strange
}

/// The values of a key, wherever it is.
fn values<'v>(of: &'v Value, key: &str, found: &mut Vec<&'v str>) {
    match of {
        Value::Object(members) => members.iter().for_each(|(name, value)| match value {
            Value::String(text) if name == key => found.push(text),
            value => values(value, key, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| values(item, key, found)),
        _ => {}
    }
}

#[test]
fn a_name_that_is_not_told_is_found() {
    assert_eq!(strange("rollcall_run_total + rollcall_runs_total{verdict=\"x\"}"), ["rollcall_run_total", "verdict"]);
    assert_eq!(strange("rate(rollcall_run_duration_seconds[5m])"), ["rollcall_run_duration_seconds"]);
}

#[test]
fn every_alert_asks_for_what_is_told() {
    let rules: Value = serde_yaml::from_str(&read("deploy/prometheus/alerts.yaml")).unwrap();
    let mut expressions = Vec::new();
    values(&rules, "expr", &mut expressions);
    assert!(expressions.len() > 10, "{expressions:?}");
    for expression in expressions {
        assert_eq!(strange(expression), Vec::<String>::new(), "{expression}");
    }
}

#[test]
fn every_panel_asks_for_what_is_told() {
    let board: Value = serde_json::from_str(&read("deploy/grafana/dashboard.json")).unwrap();
    let mut expressions = Vec::new();
    values(&board, "expr", &mut expressions);
    values(&board, "definition", &mut expressions);
    assert!(expressions.len() > 10, "{expressions:?}");
    for expression in expressions {
        assert_eq!(strange(expression), Vec::<String>::new(), "{expression}");
    }
    let mut sources = Vec::new();
    values(&board, "uid", &mut sources);
    sources.retain(|uid| *uid != "rollcall");
    assert!(sources.iter().all(|uid| *uid == "${datasource}"), "{sources:?}");
}

#[test]
fn the_page_lists_every_metric_and_every_alert() {
    let page = read("docs/monitoring.md");
    let mut table = String::new();
    for metric in ALL_METRICS {
        let labels: Vec<_> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let _ =
            writeln!(table, "| `{}` | {} | {} | {} |", metric.name(), metric.sort(), labels.join(", "), metric.help);
    }
    assert!(page.contains(&table), "docs/monitoring.md is to have this table:\n{table}");
    let rules: Value = serde_yaml::from_str(&read("deploy/prometheus/alerts.yaml")).unwrap();
    let mut alerts = Vec::new();
    values(&rules, "alert", &mut alerts);
    let missing: Vec<_> = alerts.iter().filter(|alert| !page.contains(&format!("| `{alert}` |"))).collect();
    assert!(missing.is_empty(), "docs/monitoring.md lacks {missing:?}");
}
