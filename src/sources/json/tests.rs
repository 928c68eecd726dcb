use std::fmt::Write;

use proptest::prelude::*;

use crate::connector::Reading;
use crate::principal::{Kind, Visibility};
use crate::sources::tests::{Folder, hostile_names, lines, set_aside, told};

const YAML: &str = "json: { path: people.json }";

fn read(text: impl AsRef<[u8]>) -> Reading {
    Folder::with("people.json", text).read(YAML).unwrap()
}

fn failure(text: impl AsRef<[u8]>) -> String {
    told(Folder::with("people.json", text).read(YAML))
}

#[test]
fn an_export_is_read_with_the_line_of_each_record() {
    let reading = read(concat!(
        "[ {\"name\": \"ada\", \"displayName\": \"Ada L\", \"groupNames\": [\"b\", \"a\"], \"created\": 1},\n\n",
        "  {\"name\": \"a\", \"principalTypeEnum\": \"LDAP_GROUP\",\n   \"visibility\": null}, {\"name\": \"bob\"}]\n"
    ));
    assert_eq!(
        lines(&reading),
        [
            r#"people.json:1 {"name":"ada","displayName":"Ada L","principalTypeEnum":"LOCAL_USER","groupNames":["a","b"]}"#,
            r#"people.json:3 {"name":"a","principalTypeEnum":"LDAP_GROUP","visibility":"DEFAULT"}"#,
            r#"people.json:4 {"name":"bob","principalTypeEnum":"LOCAL_USER"}"#,
        ]
    );
    assert_eq!(reading.coverage.proofs, ["people.json: read to its closing bracket, 3 records"]);
    assert!(reading.coverage.is_whole() && reading.rejected.is_empty() && reading.data_time.is_some());
}

#[test]
fn left_out_is_unmanaged_and_empty_clears() {
    let reading = read(r#"[{"name":"ada"},{"name":"bob","mail":null,"groupNames":null,"visibility":"","id":""}]"#);
    let [ada, bob] = &reading.records[..] else { panic!("two records") };
    assert_eq!((&ada.principal.mail, &ada.principal.groups, ada.principal.visibility), (&None, &None, None));
    assert_eq!(bob.principal.mail.as_deref(), Some(""));
    assert_eq!(bob.principal.groups.as_deref(), Some(&[][..]));
    assert_eq!(bob.principal.visibility, Some(Visibility::Default));
    assert_eq!(bob.principal.id, None);
}

#[test]
fn a_wrong_record_is_set_aside_alone() {
    let reading = read(concat!(
        "[{\"name\":\"ada\",\"active\":\"maybe\"},\n{\"name\":\"staff\",\"principalTypeEnum\":\"X_GROUP\",\"mial\":1},\n",
        "{\"name\":\"bob\"},\n{\"name\":\"eve\",\"mail\":\"a\",\"mail\":\"b\"}]"
    ));
    assert_eq!(reading.records.len(), 1);
    let aside = set_aside(&reading);
    assert_eq!(aside[0], "people.json:1 user \"ada\": `active`: invalid type: string \"maybe\", expected a boolean");
    assert!(aside[1].starts_with("people.json:2 group \"staff\": unknown member `mial`"), "{aside:?}");
    assert_eq!(aside[2], "people.json:4 user \"eve\": member `mail` stands twice");
    assert!(reading.coverage.is_whole(), "all three are known by name: they are kept");
}

#[test]
fn a_record_of_nobody_leaves_the_reading_unproven() {
    let twice = r#"{"name":"ada","name":"bob"}"#;
    let surrogate = r#"{"name":"\ud800"}"#;
    let cases = ["{}", "null", "7", "[]", r#"{"name":""}"#, r#"{"name":null}"#, r#"{"name":5}"#, twice, surrogate];
    for record in cases {
        let reading = read(format!("[\n{record}\n]"));
        assert_eq!((reading.records.len(), reading.rejected.len()), (0, 1), "{record}");
        assert_eq!(reading.rejected[0].name, "", "{record}");
        assert_eq!(reading.coverage.missing, ["people.json:2: the name of this record cannot be read"], "{record}");
    }
}

#[test]
fn a_record_of_no_kind_leaves_the_reading_unproven() {
    let reading = read(r#"[{"name":"ada","principalTypeEnum":"LOCAL_USR"}]"#);
    assert_eq!(
        set_aside(&reading),
        ["people.json:1 user \"ada\": `principalTypeEnum` is `LOCAL_USR`: expected one that ends in _USER or _GROUP"]
    );
    assert_eq!(reading.coverage.missing, ["people.json:1: the kind of this record cannot be read"]);
}

#[test]
fn a_wrong_password_is_not_shown() {
    let reading = read(r#"[{"name":"ada","password":12345678},{"name":"bob","password":["hunter2"]}]"#);
    assert_eq!(
        set_aside(&reading),
        [
            "people.json:1 user \"ada\": `password`: expected text",
            "people.json:1 user \"bob\": `password`: expected text"
        ]
    );
}

#[test]
fn what_is_not_one_array_to_its_end_is_a_failed_reading() {
    let cases: [(&str, &str); 9] = [
        ("", "people.json:1:1: the file is empty | the file seems cut"),
        (" \n", "people.json:1:1: the file is empty"),
        ("\n {\"users\":[]}", "people.json:2:2: expected `[`, found an object | the file is one array"),
        ("name,mail\n", "people.json:1:1: expected `[`, found something else"),
        ("[{\"name\":\"ada\"}\n", "people.json:2:1: the file ends before its closing bracket | the file seems cut"),
        ("[{\"name\":\"ad", "people.json:1:12: the file ends before its closing bracket"),
        ("[]\n[]", "people.json:2:1: something stands after the closing bracket"),
        ("[{\"name\":\"ada\"},]", "people.json:1:17: this is not JSON: trailing comma"),
        ("[{\"name\" \"ada\"}]", "people.json:1:10: this is not JSON: expected `:`"),
    ];
    for (text, expected) in cases {
        let why = failure(text);
        assert!(why.starts_with(&format!("reading JSON source `corp`: {expected}")), "{text:?}: {why}");
    }
}

#[test]
fn the_text_is_utf_8_and_a_mark_before_it_is_taken() {
    assert_eq!(read("\u{feff}[{\"name\":\"ada\"}]").records.len(), 1);
    let why = failure(b"[\n{\"name\":\"\xc3\xa9\xff\"}]");
    assert!(why.contains("people.json:2:11: byte 0xff is not UTF-8 | JSON is UTF-8"), "{why}");
    let why = failure(b"\xff\xfe[\0]\0");
    assert!(why.contains("people.json:1:1: byte 0xff is not UTF-8"), "{why}");
    let why = failure(b"[\"\xc3");
    assert!(why.contains("people.json:1:3: the file ends inside a character (UTF-8)"), "{why}");
}

#[test]
fn nesting_without_end_is_an_error_and_no_crash() {
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(failure("[".repeat(100_000)).contains("ends before its closing bracket"));
    assert!(failure("[{\"a\":".repeat(100_000)).contains("ends before its closing bracket"));
    let reading = read(deep(100_000));
    assert_eq!((reading.records.len(), reading.coverage.missing.len()), (0, 1));
    for member in ["attributes", "groupNames", "name", "more"] {
        let reading = read(format!(r#"[{{"id":"1","{member}":{}}},{{"name":"bob"}}]"#, deep(100_000)));
        assert_eq!((reading.records.len(), reading.rejected.len()), (1, 1), "{member}");
    }
    let reading = read(format!(r#"[{{"name":"ada","attributes":{{"a":{}}}}}]"#, deep(100_000)));
    assert_eq!(set_aside(&reading), [r#"people.json:1 user "ada": `attributes`: recursion limit exceeded"#]);
}

#[test]
fn names_arrive_as_they_are() {
    let names = hostile_names();
    let records: Vec<_> = names.iter().map(|name| serde_json::json!({ "name": name, "groupNames": [name] })).collect();
    let reading = read(serde_json::to_vec(&records).unwrap());
    let found: Vec<_> = reading.records.iter().map(|record| record.principal.name.as_str()).collect();
    assert_eq!(found, names);
    assert_eq!(reading.names.iter().map(|(_, name)| name).collect::<Vec<_>>(), names);
}

#[test]
fn lines_are_counted_once_however_long_the_file_is() {
    let mut text = String::from("[");
    for number in 0..1_234 {
        let _ = write!(text, "{}\r\n{{\"name\":\"u{number}\"}}", if number == 0 { "" } else { "," });
    }
    let reading = read(text + "]");
    assert_eq!(reading.coverage.proofs, ["people.json: read to its closing bracket, 1,234 records"]);
    assert_eq!(reading.records[1_233].origin.as_ref().unwrap().to_string(), "people.json:1235");
}

#[test]
fn check_says_what_is_there() {
    let folder = Folder::with("people.json", r#"[{"name":"ada"},{"name":"a","principalTypeEnum":"LOCAL_GROUP"},{}]"#);
    assert_eq!(
        folder.check(YAML),
        [
            "people.json: read to its closing bracket, 3 records",
            "people.json: 1 user, 1 group",
            "1 record would be set aside, the first at people.json:1: `name` is missing or blank",
        ]
    );
}

#[test]
fn an_empty_path_is_refused() {
    let errors = Folder::new().build("json: { path: \"\" }").err().unwrap();
    assert_eq!(errors[0].key, "path");
}

/// A blank one is set aside, rightly.
fn a_name() -> impl Strategy<Value = String> {
    "\\PC{1,12}".prop_filter("a name is not blank", |name| !name.trim().is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_strict_prefix_is_a_failed_reading(
        names in proptest::collection::vec(a_name(), 0..5), cut in any::<prop::sample::Index>()
    ) {
        let records: Vec<_> = names.iter().map(|name| serde_json::json!({ "name": name, "mail": "é\n" })).collect();
        let whole = serde_json::to_vec_pretty(&records).unwrap();
        let length = cut.index(whole.len());
        prop_assert!(Folder::with("people.json", &whole[..length]).read(YAML).is_err());
        let reading = read(&whole);
        prop_assert_eq!(reading.records.len(), names.len());
        prop_assert!(reading.records.iter().all(|record| record.kind() == Kind::User));
    }
}

#[test]
fn the_groups_of_a_record_that_is_set_aside_count_as_named() {
    let text = r#"[{"name":"ada","visibility":"NO","groupNames":["x"]},{"name":"bob","groupNames":["y",5]},{"name":"cy","typo":1,"groupNames":["z"]}]"#;
    let reading = Folder::with("people.json", text).read("json: { path: people.json }").unwrap();
    assert_eq!(set_aside(&reading).len(), 3);
    for group in ["x", "y", "z"] {
        assert!(reading.names.find(group).is_some(), "{group} would be a leaver");
    }
}
