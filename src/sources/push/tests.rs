use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;

use super::{ListFault, NewList};
use crate::connector::{BuildContext, FailureClass, PushedList, Silent, Source};
use crate::sources::SourceFile;
use crate::sources::tests::{block_on, lines};

fn received() -> DateTime<Utc> {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

fn source(list: Option<&str>) -> Box<dyn Source> {
    let pushed = list.map(|text| PushedList {
        text: text.into(),
        digest: "sha256:0".into(),
        received: received(),
        sender: "hr".into(),
    });
    let context = BuildContext { name: "corp".into(), pushed, ..BuildContext::default() };
    serde_yaml::from_str::<SourceFile>("push: {}").unwrap().build(&context).unwrap().unwrap()
}

fn check(text: &str) -> Result<NewList, ListFault> {
    NewList::check(text.as_bytes().to_vec())
}

#[test]
fn a_list_is_read_with_the_number_of_each_record_and_the_time_it_came() {
    let reading =
        block_on(async { source(Some("[{\"name\":\"ada\"},{\"name\":\"bob\"}]")).read(&Silent).await }).unwrap();
    assert_eq!(
        lines(&reading),
        [
            r#"pushed to corp:1 {"name":"ada","principalTypeEnum":"LOCAL_USER"}"#,
            r#"pushed to corp:2 {"name":"bob","principalTypeEnum":"LOCAL_USER"}"#,
        ]
    );
    assert_eq!(reading.coverage.proofs, ["pushed to corp: read to its closing bracket, 2 records"]);
    assert!(reading.coverage.is_whole());
    assert_eq!(reading.data_time, Some(received()));
}

#[test]
fn a_source_that_never_got_a_list_is_a_failed_reading() {
    for work in [true, false] {
        let source = source(None);
        let error = block_on(async {
            if work { source.read(&Silent).await.map(drop) } else { source.check().await.map(drop) }
        });
        let error = error.unwrap_err();
        assert_eq!(error.class, FailureClass::Missing);
        assert_eq!(error.to_string(), "reading pushed source `corp`: no list was pushed yet");
        assert_eq!(error.hint.as_deref(), Some("`POST /api/v1/sources/corp/principals` of the daemon takes one"));
    }
}

#[test]
fn check_says_when_the_list_came_and_from_whom() {
    let said = block_on(async { source(Some("[{\"name\":\"ada\"}]")).check().await }).unwrap();
    assert_eq!(said, ["the last list came at 2026-03-01T08:00:00Z from hr: 1 user, 0 groups"]);
}

#[test]
fn a_record_that_cannot_be_used_makes_the_whole_list_unusable() {
    let fault = check("[{\"name\":\"ada\"},\n{\"name\":\"bob\",\"mial\":1},{\"mail\":\"x\"}]").unwrap_err();
    let ListFault::Records { told, count } = fault else { panic!("{fault:?}") };
    assert_eq!((told.len(), count), (2, 2));
    assert_eq!(told[0].0, 1);
    assert!(told[0].1.starts_with("unknown member `mial`"), "{told:?}");
    assert_eq!(told[1], (2, "`name` is missing or blank".into()));
}

#[test]
fn what_every_run_would_set_aside_is_not_taken_in() {
    let long = "x".repeat(1_001);
    let list = serde_json::json!([
        { "name": "caf\u{e9}", "id": "1" },
        { "name": "a\0b" },
        { "name": "cafe\u{301}" },
        { "name": "caf\u{e9}", "principalTypeEnum": "LOCAL_GROUP", "id": "1" },
        { "name": "" },
        { "name": "other", "id": "1" },
        { "name": long },
        { "name": "OTHER" },
    ]);
    let ListFault::Records { told, count } = check(&list.to_string()).unwrap_err() else { panic!("{list}") };
    let expected = [
        (1, "`name` holds the control character U+0000"),
        (2, "record 0 has the same name"),
        (4, "`name` is missing or blank"),
        (5, "record 0 has the same `id`"),
        (6, "`name` is longer than 1000 characters"),
    ];
    assert_eq!((told, count), (expected.map(|(index, why)| (index, why.to_owned())).to_vec(), 5));
    assert_eq!(check(" [ ]").unwrap_err(), ListFault::Empty);
    let twins: Vec<_> = (0..50).map(|_| serde_json::json!({ "name": "ada" })).collect();
    let ListFault::Records { told, count } = check(&serde_json::json!(twins).to_string()).unwrap_err() else {
        panic!()
    };
    assert_eq!((told.len(), count), (20, 49));
}

#[test]
fn what_is_not_one_array_to_its_end_is_refused_with_its_place() {
    for (text, expected) in [
        ("", "line 1, column 1: the list is empty"),
        ("{}", "line 1, column 1: expected `[`, found an object"),
        ("[{\"name\":\"ada\"}", "line 1, column 15: the list ends before its closing bracket"),
        ("[]\n[]", "line 2, column 1: something stands after the closing bracket"),
    ] {
        assert_eq!(check(text).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn what_is_kept_of_a_list_holds_no_password() {
    let list =
        check(r#"[{"name":"ada","password":"hunter2","mail":"a@x"},{"name":"g","principalTypeEnum":"LOCAL_GROUP"}]"#);
    let list = list.unwrap();
    assert_eq!((list.users, list.groups), (1, 1));
    assert!(!list.text.contains("hunter2") && list.text.contains("a@x"), "{}", list.text);
    assert!(list.whole.as_ref().unwrap().expose_secret().contains("hunter2"));
    assert!(!format!("{list:?}").contains("hunter2"));
    let plain = check("[ {\"name\":\"ada\"} ]").unwrap();
    assert_eq!((&*plain.text, plain.whole.is_none()), ("[ {\"name\":\"ada\"} ]", true), "to the letter");
}
