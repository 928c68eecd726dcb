//! Leavers' whole lives on an emulated cluster: absent, disabled, back; or gone for good.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::office::{Office, cells};
use crate::report::Next;
use crate::sandbox::thoughtspot::ThoughtSpot;
use crate::sandbox::{Options, Sandbox};

const RULES: &str = "memberships: managed, guard: { removals: { appliesFrom: 5 } }, \
                     leavers: { absences: 2, users: { first: disable, then: delete, after: 30d, transferTo: archive } }";

fn user(name: &str) -> Value {
    json!({
        "name": name, "displayName": format!("The {name}"), "mail": format!("{name}@example.org"),
        "groupNames": ["staff"],
    })
}

/// A dozen people and who inherits, but `without`.
fn people(without: &[&str]) -> Vec<Value> {
    let names = (1..=10).map(|number| format!("u{number:02}"));
    let names: Vec<String> = names.chain(["eve", "max", "archive"].map(String::from)).collect();
    let there = names.iter().filter(|name| !without.contains(&name.as_str()));
    let staff =
        json!({ "name": "staff", "displayName": "staff", "principalTypeEnum": "LOCAL_GROUP", "groupNames": [] });
    there.map(|name| user(name)).chain([staff]).collect()
}

/// Somebody else changes one principal of the cluster.
fn set(cluster: &ThoughtSpot, name: &str, member: &str, to: &Value) {
    let principals = cluster.principals().into_iter().map(|principal| {
        let mut value = serde_json::to_value(&principal).unwrap();
        if principal.name == name {
            value[member] = to.clone();
        }
        value
    });
    let values: Vec<Value> = principals.collect();
    cluster.seed(serde_json::from_value(values.into()).unwrap()).unwrap();
}

fn owned(cluster: &ThoughtSpot, name: &str) -> Option<u64> {
    cluster.principals().into_iter().find(|principal| principal.name == name).map(|principal| principal.owned)
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told from its beginning to its end")]
async fn one_is_back_in_time_and_stands_as_before_another_is_gone_for_good() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let cluster = sandbox.thoughtspot();
    let target = format!(
        "thoughtspot: {{ url: '{}', username: tsadmin, password: {{ file: password }}, api: v2, disable: true }}, rate: 1000",
        sandbox.url("thoughtspot")
    );
    let office = Office::new(&people(&[]), &target, RULES).await;
    office.by_hand().await;
    // A group that the source knows nothing of: only what is recorded can bring somebody back into it.
    let guests = json!({ "name": "guests", "displayName": "guests", "principalTypeEnum": "LOCAL_GROUP" });
    let mut all: Vec<Value> =
        cluster.principals().into_iter().map(|principal| serde_json::to_value(principal).unwrap()).collect();
    all.push(guests);
    cluster.seed(serde_json::from_value(all.into()).unwrap()).unwrap();
    set(cluster, "eve", "groupNames", &json!(["All", "guests", "staff"]));
    set(cluster, "max", "owned", &json!(7));
    office.pass(TimeDelta::hours(1));
    assert_eq!(office.on_schedule().await.changes(), Vec::<String>::new());
    let before = office.dump().await;

    // 1 March, 10:00: missed for the first time. Nothing is done.
    office.pass(TimeDelta::hours(1));
    office.source(&people(&["eve", "max"]));
    let first = office.on_schedule().await;
    let once = ["user:eve", "user:max"].map(|who| format!("{who}: absent for the 1st of 2 readings"));
    assert_eq!((first.changes(), first.retained()), (Vec::new(), once.to_vec()));
    assert_eq!(office.dump().await, before);
    let told = ["user eve", "2026-03-01 10:00 UTC", "1 of 2", "–", "disable by the next run that misses it"];
    assert_eq!(cells(&office.table().await, "user eve"), told);

    // 11:00: missed again. Both are switched off, and that is all.
    office.pass(TimeDelta::hours(1));
    assert_eq!(office.plan(true).await.changes(), ["disable user:eve", "disable user:max"], "a plan moves nothing");
    assert_eq!(office.on_schedule().await.changes(), ["disable user:eve", "disable user:max"]);
    let next = "delete from 2026-03-31 11:00 UTC on; what it owns goes to archive first";
    let told = ["user max", "2026-03-01 10:00 UTC", "2 of 2", "disabled 2026-03-01 11:00 UTC", next];
    assert_eq!(cells(&office.table().await, "user max"), told);

    // While she is away somebody takes Eve out of her groups.
    set(cluster, "eve", "groupNames", &json!(["All"]));
    office.pass(TimeDelta::days(10));
    let waiting = office.on_schedule().await;
    let due = "disabled by rollcall on 2026-03-01 11:00 UTC, deleted from 2026-03-31 11:00 UTC on";
    assert_eq!(waiting.retained(), ["user:eve", "user:max"].map(|who| format!("{who}: {due}")));

    // 11 March: Eve is back, in time. She stands as she stood; of Max there is nothing to restore.
    office.source(&people(&["max"]));
    let back = office.on_schedule().await;
    assert_eq!(back.changes(), ["enable user:eve"]);
    let line = |dump: &str, name: &str| {
        dump.lines().find(|line| line.contains(&format!("\"name\":\"{name}\""))).map(str::to_owned)
    };
    let after = office.dump().await;
    assert_eq!(line(&after, "eve"), line(&before, "eve"), "restored exactly");
    let others =
        |dump: &str| dump.lines().filter(|line| !line.contains("\"max\"")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(others(&after), others(&before), "and nobody else has changed");
    assert_eq!(office.on_schedule().await.changes(), Vec::<String>::new());
    assert_eq!(office.leavers().await.leavers.len(), 1);

    // 31 March, 10:59: not yet. 11:00: what Max owns goes to the archive, and then he goes.
    office.pass(TimeDelta::days(20) - TimeDelta::minutes(1));
    assert_eq!(office.on_schedule().await.changes(), Vec::<String>::new());
    office.pass(TimeDelta::minutes(1));
    assert!(matches!(office.leavers().await.leavers[0].next, Next::Delete { is_due: true, .. }));
    let next = "delete by the next run, due 2026-03-31 11:00 UTC; what it owns goes to archive first";
    assert_eq!(cells(&office.table().await, "user max")[4], next);
    cluster.clear_journal();
    let gone = office.on_schedule().await;
    assert_eq!(gone.changes(), ["delete user:max"]);
    assert_eq!(serde_json::to_value(gone.0.plan.changes[0].reason).unwrap(), "expired");
    let writes: Vec<String> = cluster.writes().into_iter().map(|entry| entry.operation).collect();
    assert_eq!(writes.len(), 2, "{writes:?}");
    assert!(writes[0].contains("transfer") && writes[1].contains("delete"), "handed over first: {writes:?}");
    assert_eq!((owned(cluster, "max"), owned(cluster, "archive"), cluster.lost_objects()), (None, Some(7), 0));
    assert_eq!(office.table().await, "people-to-app: nobody is on the way out of app.\n");

    // A year later he is hired again: somebody new.
    office.pass(TimeDelta::days(365));
    office.source(&people(&[]));
    assert_eq!(office.on_schedule().await.changes(), ["create user:max"]);
    sandbox.stop().await;
}
