//! Who owns what, how far a sync has come, and when somebody was last seen.

use compact_str::CompactString;

use rollcall::plan::{LastSeen, Owner};
use rollcall::principal::Kind;
use rollcall::store::{DocumentKind, OwnedRow, RunRecord, RunResult, Settlement, Store};

use super::{Home, day, reading, row, settlement};

/// Names that a directory may hold.
const HOSTILE: [&str; 8] =
    ["nul\u{0}nul", "quo\"te", "apo'strophe; DROP TABLE run", "emoji 👩‍💻", "back\\slash", "\u{202e}", " ", "%_[*]"];

async fn settle(store: &Store, settlement: Settlement<'_>) {
    store.settle(&settlement).await.unwrap();
}

#[tokio::test]
async fn what_was_applied_is_kept_until_it_is_applied_anew() {
    for home in Home::each() {
        let store = home.open().await;
        let keys: Vec<CompactString> = vec!["ada".into(), "bob".into(), "zoe".into()];
        let row_of = |key: &str, applied: Option<&str>| OwnedRow { applied: applied.map(String::from), ..row(key) };
        let owned = vec![row_of("ada", Some("00ff10")), row_of("bob", None)];
        settle(&store, Settlement { owned, ..settlement(1) }).await;
        let known = async |kind| store.applied("s", "t", kind, &keys).await.unwrap();
        assert_eq!(known(Kind::User).await, [("ada".into(), vec![0, 255, 16])], "nothing is remembered of bob");
        assert_eq!(known(Kind::Group).await, []);
        assert_eq!(store.applied("other", "t", Kind::User, &keys).await.unwrap(), []);
        let owned = vec![row_of("ada", None), row_of("bob", Some("01"))];
        settle(&store, Settlement { owned, ..settlement(2) }).await;
        let mut both: Vec<(CompactString, Vec<u8>)> = vec![("ada".into(), vec![0, 255, 16]), ("bob".into(), vec![1])];
        let mut found = known(Kind::User).await;
        found.sort();
        assert_eq!(found, both);
        let released = vec![(Kind::User, "ada".to_owned())];
        settle(&store, Settlement { released, ..settlement(3) }).await;
        assert_eq!(known(Kind::User).await, both.split_off(1));
    }
}

#[tokio::test]
async fn three_thousand_rows_and_hostile_names_come_back() {
    for home in Home::each() {
        let store = home.open().await;
        let names: Vec<String> =
            (0..3_000).map(|n| format!("u{n}")).chain(HOSTILE.into_iter().map(str::to_owned)).collect();
        let owned = names.iter().flat_map(|name| {
            let id = Some(format!("id of {name}"));
            let user = OwnedRow { source_id: id.clone(), ..row(name) };
            [
                user,
                OwnedRow { kind: Kind::Group, owner: Owner::Adopted, source_id: id, disabled: Some(true), ..row(name) },
            ]
        });
        settle(&store, Settlement { owned: owned.collect(), ..settlement(1) }).await;
        let ledger = store.ledger("s", "t").await.unwrap();
        for name in &names {
            let (user, group) = (ledger.owned(Kind::User, name).unwrap(), ledger.owned(Kind::Group, name).unwrap());
            assert_eq!((user.owner, user.disabled), (Owner::Created, false), "{name}");
            assert_eq!((group.owner, group.disabled), (Owner::Adopted, true), "{name}");
            assert_eq!(ledger.key_of(Kind::User, &format!("id of {name}")), Some(name.as_str()));
        }
        let released = names.iter().map(|name| (Kind::User, name.clone())).collect();
        settle(&store, Settlement { released, ..settlement(2) }).await;
        let ledger = store.ledger("s", "t").await.unwrap();
        assert!(names.iter().all(|name| ledger.owned(Kind::User, name).is_none()), "hostile names are let go of too");
        assert!(names.iter().all(|name| ledger.owned(Kind::Group, name).is_some()));
    }
}

#[tokio::test]
async fn another_sync_is_seen_as_another_owner_and_another_target_not_at_all() {
    for home in Home::each() {
        let store = home.open().await;
        settle(&store, Settlement { owned: vec![row("ada")], ..settlement(1) }).await;
        settle(&store, Settlement { sync: "other", owned: vec![row("bob")], ..settlement(1) }).await;
        settle(&store, Settlement { target: "elsewhere", owned: vec![row("cy")], ..settlement(1) }).await;
        let ledger = store.ledger("s", "t").await.unwrap();
        assert!(ledger.owned(Kind::User, "ada").is_some() && ledger.owned(Kind::User, "bob").is_none());
        assert_eq!(ledger.other_owner(Kind::User, "bob"), Some("other"));
        assert_eq!(ledger.other_owner(Kind::User, "ada"), None);
        assert!(ledger.owned(Kind::User, "cy").is_none() && ledger.other_owner(Kind::User, "cy").is_none());
    }
}

#[tokio::test]
async fn what_is_not_said_anew_stays_as_it_was() {
    for home in Home::each() {
        let store = home.open().await;
        let first = OwnedRow {
            source_id: Some("1".into()),
            disabled: Some(true),
            origin: Some("people.csv:7".into()),
            owner: Owner::Adopted,
            ..row("ada")
        };
        settle(&store, Settlement { owned: vec![first], ..settlement(1) }).await;
        settle(&store, Settlement { owned: vec![row("ada")], ..settlement(2) }).await;
        let owned = store.ledger("s", "t").await.unwrap().owned(Kind::User, "ada").cloned().unwrap();
        assert_eq!((owned.owner, owned.disabled, owned.source_id.as_deref()), (Owner::Created, true, Some("1")));
        assert_eq!(seen(&store, "ada").await.origin.as_deref(), Some("people.csv:7"));
        let enabled = OwnedRow { disabled: Some(false), source_id: Some("2".into()), ..row("ada") };
        settle(&store, Settlement { owned: vec![enabled], ..settlement(3) }).await;
        let owned = store.ledger("s", "t").await.unwrap().owned(Kind::User, "ada").cloned().unwrap();
        assert_eq!((owned.disabled, owned.source_id.as_deref()), (false, Some("2")));
    }
}

async fn seen(store: &Store, key: &str) -> LastSeen {
    let keys = [CompactString::from(key)];
    let mut found = store.last_seen("s", "t", Kind::User, &keys).await.unwrap();
    found.remove(key).unwrap_or_default()
}

fn on(day_of: u32) -> String {
    day(day_of).to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

#[tokio::test]
async fn whoever_is_missing_was_last_seen_at_the_reading_before() {
    for home in Home::each() {
        let store = home.open().await;
        let absent = || vec![(Kind::User, "eve".to_owned(), "Eve".to_owned())];
        settle(
            &store,
            Settlement { owned: vec![row("eve"), row("ada")], readings: vec![reading(2, 1)], ..settlement(1) },
        )
        .await;
        settle(&store, Settlement { readings: vec![reading(2, 2)], ..settlement(2) }).await;
        assert_eq!(seen(&store, "eve").await.time, Some(on(2)), "still there at the last reading");
        for missing in 3..6 {
            settle(&store, Settlement { readings: vec![reading(1, missing)], absent: absent(), ..settlement(missing) })
                .await;
            assert_eq!(seen(&store, "eve").await.time, Some(on(2)), "however often she is missed");
        }
        assert_eq!(seen(&store, "ada").await.time, Some(on(5)));
        settle(&store, Settlement { readings: vec![reading(2, 7)], ..settlement(7) }).await;
        settle(&store, Settlement { readings: vec![reading(1, 8)], absent: absent(), ..settlement(8) }).await;
        assert_eq!(seen(&store, "eve").await.time, Some(on(7)), "she was back in between");
        assert_eq!(seen(&store, "nobody").await, LastSeen::default());
    }
}

#[tokio::test]
async fn a_sync_comes_so_far_and_never_back() {
    for home in Home::each() {
        let store = home.open().await;
        settle(&store, Settlement { completed: false, ..settlement(1) }).await;
        let history = store.history("s").await.unwrap();
        assert_eq!((history.applied, history.completed), (true, false));
        settle(&store, settlement(2)).await;
        settle(&store, Settlement { completed: false, ..settlement(3) }).await;
        assert!(store.history("s").await.unwrap().completed);
        assert!(!store.history("other").await.unwrap().applied);
    }
}

#[tokio::test]
async fn only_a_person_stands_by_new_rules() {
    for home in Home::each() {
        let store = home.open().await;
        for (rules_digest, by_hand, stands) in [
            ("first", false, "first"),
            ("changed", false, "first"),
            ("changed", true, "changed"),
            ("again", false, "changed"),
        ] {
            settle(&store, Settlement { rules_digest, by_hand, ..settlement(1) }).await;
            assert_eq!(
                store.history("s").await.unwrap().rules_digest.as_deref(),
                Some(stands),
                "{rules_digest} {by_hand}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_settled_is_settled_whole_or_not_at_all() {
    for home in Home::each() {
        let store = home.open().await;
        home.break_ownership().await;
        let failed = Settlement { owned: vec![row("ada")], readings: vec![reading(9, 1)], ..settlement(1) };
        assert!(store.settle(&failed).await.is_err());
        assert_eq!(store.baseline("s", "corp").await.unwrap(), None);
        assert!(!store.history("s").await.unwrap().applied);
        home.mend_ownership().await;
        settle(&store, failed).await;
        assert_eq!(store.baseline("s", "corp").await.unwrap().unwrap().users, 9, "and nothing is left locked");
    }
}

#[tokio::test]
async fn a_run_is_written_down_when_it_begins_and_when_it_ends() {
    for home in Home::each() {
        let store = home.open().await;
        let run = RunRecord {
            id: "r1",
            sync: "s",
            command: "apply",
            target: "t",
            place: "t at home",
            requested_by: "{}".into(),
            config_digest: "sha256:0",
            started: day(1),
            overrides: None,
        };
        store.begin(&run, &[]).await.unwrap();
        assert!(store.begin(&run, &[]).await.is_err(), "an id is given once");
        let result = RunResult { exit_code: 4, verdict: Some("held".into()), ..RunResult::default() };
        store.finish("r1", day(2), &result, &[]).await.unwrap();
        let told = home.ask("SELECT exit_code || ' ' || finished || ' ' || verdict FROM run WHERE id = 'r1'").await;
        assert_eq!(told, "4 2026-01-02T12:00:00.000Z held");
    }
}

#[tokio::test]
async fn of_two_rows_of_one_principal_the_later_adds_to_the_first() {
    for home in Home::each() {
        let store = home.open().await;
        let first = OwnedRow { disabled: Some(true), owner: Owner::Adopted, ..row("ada") };
        let second = OwnedRow { source_id: Some("1".into()), owner: Owner::Adopted, ..row("ada") };
        settle(&store, Settlement { owned: vec![first, row("bob"), second], ..settlement(1) }).await;
        let ledger = store.ledger("s", "t").await.unwrap();
        let ada = ledger.owned(Kind::User, "ada").unwrap();
        assert_eq!((ada.owner, ada.disabled, ada.source_id.as_deref()), (Owner::Adopted, true, Some("1")));
        assert!(ledger.owned(Kind::User, "bob").is_some());
    }
}

/// No index of PostgreSQL holds such a name, and it does not keep the others out.
#[tokio::test]
async fn a_name_beyond_measure_harms_nobody_else() {
    let endless: String = (0..4_000_u32).filter_map(|n| char::from_u32(0x4e00 + n * 7919 % 20_000)).collect();
    for home in Home::each() {
        let store = home.open().await;
        settle(&store, Settlement { owned: vec![row(&endless), row("ada")], ..settlement(1) }).await;
        let ledger = store.ledger("s", "t").await.unwrap();
        assert!(ledger.owned(Kind::User, "ada").is_some());
        assert_eq!(ledger.owned(Kind::User, &endless).is_some(), matches!(home, Home::File(_)));
    }
}

#[tokio::test]
async fn what_is_old_is_dropped_and_the_run_stays() {
    for home in Home::each() {
        let store = home.open().await;
        for (id, started) in [("old", 1), ("new", 20)] {
            let run = RunRecord {
                id,
                sync: "s",
                command: "apply",
                target: "t",
                place: "t",
                requested_by: "{}".into(),
                config_digest: "sha256:0",
                started: day(started),
                overrides: None,
            };
            store.begin(&run, &[]).await.unwrap();
            store.keep_document(id, DocumentKind::Report, |out| out.write_all(b"told")).await.unwrap();
            store.finish(id, day(started), &RunResult::default(), &[]).await.unwrap();
        }
        store.prune(day(10)).await.unwrap();
        assert_eq!(store.document("old", DocumentKind::Report).await.unwrap(), None);
        assert_eq!(store.document("new", DocumentKind::Report).await.unwrap().as_deref(), Some("told"));
        let runs: Vec<_> = store.runs(None, 9).await.unwrap().into_iter().map(|run| run.id).collect();
        assert_eq!(runs, ["new", "old"]);
    }
}
