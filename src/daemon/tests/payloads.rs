//! The body of a call.

use proptest::prelude::*;

use crate::daemon::{Payload, PayloadError};

fn only(body: &str) -> Result<Vec<String>, String> {
    let read = Payload::read(body.as_bytes()).map_err(|error| error.to_string())?;
    Ok(read.only.iter().map(ToString::to_string).collect())
}

#[test]
fn it_may_name_principals_and_nothing_else_counts() {
    assert_eq!(only("{}"), Ok(vec![]));
    assert_eq!(
        only(r#" { "only": ["user:ada", "group:Customer Success"] } "#).unwrap(),
        ["user:ada", "group:Customer Success"]
    );
    let body =
        r#"{"type": "x", "data": {"only": ["user:eve"]}, "applyChanges": true, "removeDeleted": true, "force": 1}"#;
    assert_eq!(only(body), Ok(vec![]), "flags and what stands deeper are passed over");
}

#[test]
fn what_is_not_understood_is_told() {
    for (body, told) in [
        ("", "the body is not JSON: EOF while parsing a value at line 1 column 0"),
        ("{", "the body is not JSON: EOF while parsing an object at line 1 column 1"),
        ("only=user:ada", "the body is not JSON: expected value at line 1 column 1"),
        ("{} {}", "the body is not JSON: trailing characters at line 1 column 4"),
        ("[]", "the body is JSON, but no object"),
        (r#"[["user:ada"]]"#, "the body is JSON, but no object"),
        ("\"{}\"", "the body is JSON, but no object"),
        (r#"{"only": []}"#, "`only` has 0 names: expected 1 to 100; leave it out for everybody"),
        (r#"{"only": ["ada"]}"#, "`only[0]`: expected `user:NAME` or `group:NAME`, found `ada`"),
        (r#"{"only": ["user:ada", "user:"]}"#, "`only[1]`: expected a name after `user:`"),
        (r#"{"only": ["a\u001b[2J"]}"#, "`only[0]`: expected `user:NAME` or `group:NAME`, found `a\\u{1b}[2J`"),
    ] {
        assert_eq!(only(body), Err(told.to_owned()), "{body}");
    }
    for body in [
        r#"{"only": null}"#,
        r#"{"only": "user:ada"}"#,
        r#"{"only": [1]}"#,
        r#"{"only": ["user:a"], "only": ["user:b"]}"#,
    ] {
        assert!(matches!(Payload::read(body.as_bytes()), Err(PayloadError::Json(_))), "{body}");
    }
    let invalid = b"{\"only\": [\"user:\xff\"]}";
    assert!(matches!(Payload::read(invalid), Err(PayloadError::Json(_))));
}

#[test]
fn a_hundred_names_and_no_more() {
    let body = |count: usize| {
        let names: Vec<_> = (0..count).map(|n| format!("user:u{n}")).collect();
        serde_json::json!({ "only": names }).to_string()
    };
    assert_eq!(only(&body(100)).unwrap().len(), 100);
    assert_eq!(Payload::read(body(101).as_bytes()), Err(PayloadError::Count(101)));
}

#[test]
fn sixteen_deep_and_no_deeper() {
    let nested = |deep: usize| format!("{{\"x\":{}{}}}", "[".repeat(deep - 1), "]".repeat(deep - 1));
    assert_eq!(only(&nested(16)), Ok(vec![]));
    assert_eq!(Payload::read(nested(17).as_bytes()), Err(PayloadError::Deep));
    assert_eq!(Payload::read(&vec![b'['; 60_000]), Err(PayloadError::Deep));
    // Brackets in a text are letters.
    let text = format!(r#"{{"x": "{} \" {} \\"}}"#, "[".repeat(40), "{".repeat(40));
    assert_eq!(only(&text), Ok(vec![]));
}

proptest! {
    #[test]
    fn no_body_is_too_odd(body: Vec<u8>) {
        let _ = Payload::read(&body);
    }

    #[test]
    fn any_name_may_be_named(name in "\\PC{1,40}") {
        let body = serde_json::json!({ "only": [format!("group:{name}")] }).to_string();
        prop_assert_eq!(only(&body), Ok(vec![format!("group:{name}")]));
    }
}
