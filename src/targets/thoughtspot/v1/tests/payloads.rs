//! The text of `principals`.

use rustc_hash::FxHashMap;

use crate::plan::tests::build::{Draft, World, group, set_of, user};
use crate::principal::{CaseRules, Members, Password, PrincipalDocument, PrincipalSet, Record, Visibility};
use crate::targets::thoughtspot::Thoughtspot;
use crate::targets::thoughtspot::v1::wire::payload;

fn sent(drafts: impl IntoIterator<Item = Draft>, passwords: &[(&str, &str)]) -> String {
    let set = set_of(drafts, Thoughtspot::able(CaseRules::minding(false, true)).rules);
    let passwords: FxHashMap<_, _> =
        passwords.iter().map(|(name, text)| ((*name).into(), Password::new(text))).collect();
    String::from_utf8(payload(&set, &passwords)).unwrap()
}

#[test]
fn every_principal_is_a_line_with_all_that_the_product_needs() {
    let text = sent([user("ada").mail("").groups(["x", "All"]), group("x").display("X").description("d")], &[]);
    assert_eq!(
        text,
        concat!(
            r#"[{"name":"x","displayName":"X","description":"d","principalTypeEnum":"LOCAL_GROUP","groupNames":[],"visibility":"DEFAULT"},"#,
            "\n",
            r#"{"name":"ada","displayName":"ada","mail":"","principalTypeEnum":"LOCAL_USER","groupNames":["All","x"],"visibility":"DEFAULT"}]"#
        )
    );
    assert_eq!(sent([], &[]), "[]");
}

#[test]
fn a_display_name_is_never_empty_and_a_type_is_kept() {
    let text = sent([user("ada").display("").typed("SAML_USER").visibility(Visibility::NonSharable)], &[]);
    assert_eq!(
        text,
        r#"[{"name":"ada","displayName":"ada","principalTypeEnum":"SAML_USER","groupNames":[],"visibility":"NON_SHARABLE"}]"#
    );
}

#[test]
fn a_new_user_has_the_password_of_the_source_or_a_generated_one() {
    let text =
        sent([user("ada").password("own"), user("bob"), user("cy"), group("bob")], &[("ada", "no"), ("bob", "yes")]);
    let items: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let passwords: Vec<_> = items.iter().map(|item| item.get("password").and_then(|text| text.as_str())).collect();
    assert_eq!(passwords, [None, Some("own"), Some("yes"), None], "a group has none");
    let marked = sent([user("ada").password("")], &[]);
    assert!(!marked.contains("password"), "a mark of a saved plan is no password: {marked}");
}

#[test]
fn names_are_written_so_that_they_read_back() {
    let names = ["quo\"te", "back\\slash", "nul\u{0}", "new\nline", "👩‍💻", "\u{202e}"];
    let text = sent(names.map(|name| user(name).groups([name])), &[]);
    let items: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    for name in names {
        assert!(items.iter().any(|item| item["name"] == name && item["groupNames"][0] == name), "{name:?}");
    }
}

#[test]
fn what_we_do_not_know_goes_back_byte_for_byte() {
    let mut names = crate::principal::GroupNames::new();
    let item = r#"{"name":"ada","created":1.50,"odd":{"b": [1, 2]}}"#;
    let document: PrincipalDocument = serde_json::from_str(item).unwrap();
    let record = Record::new(document.into_principal(&mut names, Members::Carried).unwrap(), None);
    let (set, _) = PrincipalSet::build(vec![record], names, World::thoughtspot().can.rules);
    let text = String::from_utf8(payload(&set, &FxHashMap::default())).unwrap();
    assert!(text.ends_with(r#""visibility":"DEFAULT","created":1.50,"odd":{"b": [1, 2]}}]"#), "{text}");
}
