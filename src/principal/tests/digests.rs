use crate::principal::{CaseRules, GroupNames, Members, PrincipalDocument, PrincipalSet, Record, digest, hex};

fn digest_of(lines: &[&str]) -> String {
    let mut names = GroupNames::new();
    let records = lines.iter().map(|line| {
        let document: PrincipalDocument = serde_json::from_str(line).unwrap();
        Record::new(document.into_principal(&mut names, Members::Carried).unwrap(), None)
    });
    let records = records.collect();
    let (set, collisions) = PrincipalSet::build(records, names, CaseRules::EXACT);
    assert!(collisions.is_empty());
    digest(&set)
}

const ADA: &str = r#"{"name":"ada","groupNames":["x","y"],"mail":"a@x"}"#;
const BOB: &str = r#"{"name":"bob","groupNames":["y"]}"#;

#[test]
fn the_order_of_reading_does_not_show() {
    assert_eq!(digest_of(&[ADA, BOB]), digest_of(&[BOB, ADA]));
    assert_eq!(digest_of(&[ADA]), digest_of(&[r#"{"groupNames":["y","x"],"mail":"a@x","name":"ada"}"#]));
}

#[test]
fn a_password_and_what_is_only_carried_do_not_count() {
    let with = r#"{"name":"bob","groupNames":["y"],"password":"p","created":5,"odd":{}}"#;
    assert_eq!(digest_of(&[BOB]), digest_of(&[with]));
}

#[test]
fn every_value_counts_and_unmanaged_is_not_empty() {
    let all = [
        r#"{"name":"a"}"#,
        r#"{"name":"b"}"#,
        r#"{"name":"a","principalTypeEnum":"LOCAL_GROUP"}"#,
        r#"{"name":"a","principalTypeEnum":"LDAP_USER"}"#,
        r#"{"name":"a","displayName":""}"#,
        r#"{"name":"a","displayName":"a"}"#,
        r#"{"name":"a","description":"a"}"#,
        r#"{"name":"a","mail":"a"}"#,
        r#"{"name":"a","id":"a"}"#,
        r#"{"name":"a","visibility":"DEFAULT"}"#,
        r#"{"name":"a","active":true}"#,
        r#"{"name":"a","active":false}"#,
        r#"{"name":"a","attributes":{}}"#,
        r#"{"name":"a","attributes":{"k":"v"}}"#,
        r#"{"name":"a","groupNames":[]}"#,
        r#"{"name":"a","groupNames":["x"]}"#,
        r#"{"name":"a","groupNames":["x","y"]}"#,
        r#"{"name":"a","groupNames":["xy"]}"#,
    ];
    let digests: std::collections::BTreeSet<_> = all.iter().map(|line| digest_of(&[line])).collect();
    assert_eq!(digests.len(), all.len());
    assert_ne!(digest_of(&[r#"{"name":"a","mail":"bc"}"#]), digest_of(&[r#"{"name":"ab","mail":"c"}"#]));
}

#[test]
fn a_digest_is_lower_case_hexadecimal_behind_its_algorithm() {
    assert_eq!(hex("sha256:", &[0, 15, 255]), "sha256:000fff");
    assert_eq!(digest_of(&[]), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
