use lber::common::TagClass;
use lber::structure::{PL, StructureTag};
use ldap3::ResultEntry;
use proptest::prelude::*;

use crate::sources::ldap::decode::{Decoded, Item, Slice, Unfinished, decode, slice};
use crate::sources::ldap::entry::{Entry, EntryAttribute};

fn octets(bytes: impl Into<Vec<u8>>) -> StructureTag {
    StructureTag { class: TagClass::Universal, id: 4, payload: PL::P(bytes.into()) }
}

fn list(id: u64, parts: Vec<StructureTag>) -> StructureTag {
    StructureTag { class: TagClass::Universal, id, payload: PL::C(parts) }
}

fn attribute(name: &str, values: &[&[u8]]) -> StructureTag {
    list(16, vec![octets(name), list(17, values.iter().map(|value| octets(*value)).collect())])
}

fn message(id: u64, parts: Vec<StructureTag>) -> ResultEntry {
    ResultEntry::new(StructureTag { class: TagClass::Application, id, payload: PL::C(parts) })
}

fn entry(dn: &[u8], attributes: Vec<StructureTag>) -> ResultEntry {
    message(4, vec![octets(dn), list(16, attributes)])
}

fn taken(attributes: Vec<StructureTag>) -> Decoded {
    match decode(entry(b"cn=x", attributes)).unwrap() {
        Item::Entry(decoded) => decoded,
        other => panic!("{other:?}"),
    }
}

fn why(result: Result<Item, impl ToString>) -> String {
    result.map_err(|error| error.to_string()).unwrap_err()
}

#[test]
fn an_entry_keeps_its_bytes() {
    // 16 bytes that happen to be UTF-8 stay bytes.
    let guid = b"ABCDEFGHIJKLMNOP";
    let decoded = taken(vec![
        attribute("objectGUID", &[guid]),
        attribute("cn", &["Zo\u{eb}".as_bytes(), b"\xff"]),
        attribute("cn;lang-de", &[b"x"]),
        attribute("empty", &[]),
    ]);
    assert!(decoded.unfinished.is_empty());
    let Entry { dn, attributes } = &decoded.entry;
    let names: Vec<_> = attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    assert_eq!((dn.as_str(), names), ("cn=x", vec!["objectGUID", "cn", "cn;lang-de", "empty"]));
    assert_eq!(decoded.entry.values("OBJECTGUID"), [guid.to_vec()]);
    assert_eq!(decoded.entry.values("cn"), ["Zo\u{eb}".as_bytes().to_vec(), vec![0xff]]);
    assert!(decoded.entry.values("missing").is_empty());
}

/// Active Directory gives `member` without values beside the first slice of it.
#[test]
fn the_first_slice_of_a_range_is_the_attribute_and_something_is_unfinished() {
    let decoded = taken(vec![attribute("member", &[]), attribute("member;range=0-1", &[b"a", b"b"])]);
    assert_eq!(decoded.unfinished, [Unfinished { at: 0, next: 2 }]);
    assert_eq!(
        decoded.entry.attributes,
        [EntryAttribute { name: "member".into(), values: vec![vec![b'a'], vec![b'b']] }]
    );

    let whole = taken(vec![attribute("member;Range=0-*", &[b"a"])]);
    assert!(whole.unfinished.is_empty());
    assert_eq!(whole.entry.values("member").len(), 1);

    let options = taken(vec![attribute("member;x-y;range=0-0", &[b"a"])]);
    assert_eq!(options.entry.attributes[0].name, "member;x-y");
}

#[test]
fn further_slices_follow_on() {
    let asked = |attributes| slice(entry(b"cn=x", attributes), "member", 2);
    let more = asked(vec![attribute("MEMBER;range=2-3", &[b"c", b"d"])]).unwrap().unwrap();
    assert_eq!(more, Slice { values: vec![vec![b'c'], vec![b'd']], next: Some(4) });
    assert_eq!(asked(vec![attribute("member;range=2-*", &[b"c"])]).unwrap().unwrap().next, None);
    // Not what was asked for: the values from 2 on are unknown.
    assert_eq!(asked(vec![attribute("member;range=0-1", &[b"a"])]).unwrap(), None);
    assert_eq!(asked(vec![attribute("member", &[])]).unwrap(), None);
    assert_eq!(asked(vec![]).unwrap(), None);
    // A slice that ends before it begins would be asked for again for ever.
    assert!(asked(vec![attribute("member;range=2-1", &[])]).is_err());
}

#[test]
fn malformed_ranges_are_errors() {
    for range in ["range=", "range=0", "range=x-1", "range=0-y", "range=1-2", "range=0-18446744073709551615"] {
        let told = why(decode(entry(b"cn=x", vec![attribute(&format!("member;{range}"), &[b"a"])])));
        assert!(told.starts_with("a malformed answer: a range of values that "), "{range}: {told}");
    }
}

#[test]
fn references_and_other_messages_are_no_entries() {
    let reference = message(19, vec![octets("ldap://a/dc=x"), octets("ldap://b/dc=x")]);
    assert_eq!(decode(reference).unwrap(), Item::Reference(vec!["ldap://a/dc=x".into(), "ldap://b/dc=x".into()]));
    assert_eq!(decode(message(25, vec![])).unwrap(), Item::Other);
    assert_eq!(why(decode(message(7, vec![]))), "a malformed answer: neither an entry nor a reference");
}

#[test]
fn a_name_that_is_not_utf8_is_told() {
    let read = decode(entry(b"cn=\xff,dc=x", vec![])).unwrap();
    assert_eq!(read, Item::UnreadableName("cn=\u{fffd},dc=x".into()));
}

fn tree() -> impl Strategy<Value = StructureTag> {
    let class = prop_oneof![Just(TagClass::Universal), Just(TagClass::Application), Just(TagClass::Context)];
    let leaf = (class.clone(), 0_u64..30, proptest::collection::vec(any::<u8>(), 0..12))
        .prop_map(|(class, id, bytes)| StructureTag { class, id, payload: PL::P(bytes) });
    leaf.prop_recursive(4, 32, 4, move |inner| {
        (class.clone(), prop_oneof![Just(4_u64), Just(19), Just(25), 0_u64..30], proptest::collection::vec(inner, 0..4))
            .prop_map(|(class, id, parts)| StructureTag { class, id, payload: PL::C(parts) })
    })
}

proptest! {
    #[test]
    fn no_answer_makes_it_panic(tree in tree()) {
        let _ = slice(ResultEntry::new(tree.clone()), "member", 0);
        let _ = decode(ResultEntry::new(StructureTag { class: TagClass::Application, id: 4, ..tree.clone() }));
        let _ = decode(ResultEntry::new(tree));
    }
}
