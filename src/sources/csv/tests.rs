use proptest::prelude::*;

use crate::connector::Reading;
use crate::principal::{Kind, Visibility};
use crate::sources::tests::{Folder, hostile_names, lines, set_aside, told};

const YAML: &str = "csv: { users: people.csv }";

fn read(text: impl AsRef<[u8]>) -> Reading {
    read_as(YAML, text)
}

fn read_as(yaml: &str, text: impl AsRef<[u8]>) -> Reading {
    Folder::with("people.csv", text).read(yaml).unwrap()
}

fn failure(text: impl AsRef<[u8]>) -> String {
    failure_as(YAML, text)
}

fn failure_as(yaml: &str, text: impl AsRef<[u8]>) -> String {
    let told = told(Folder::with("people.csv", text).read(yaml));
    told.strip_prefix("reading CSV source `corp`: people.csv:").unwrap_or(&told).to_owned()
}

fn names(reading: &Reading) -> Vec<&str> {
    reading.records.iter().map(|record| record.principal.name.as_str()).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[test]
fn two_files_are_read_with_the_line_of_each_record() {
    let people = "name,displayName,mail,groupNames,attributes.dept\n\
                  ada,\"Ada, L\",ada@x,staff; bi ;;,R&D\n\nbob,\"two\nlines\",,,\neve,\"a \"\"b\"\"\",,bi,x\n";
    let groups = "name,groupNames\r\nstaff,\r\nbi,staff\r\n";
    let folder = Folder::with("people.csv", people).and("groups.csv", groups);
    let reading = folder.read("csv: { users: people.csv, groups: groups.csv }").unwrap();
    assert_eq!(
        lines(&reading),
        [
            r#"people.csv:2 {"name":"ada","displayName":"Ada, L","mail":"ada@x","principalTypeEnum":"LOCAL_USER","groupNames":["bi","staff"],"attributes":{"dept":"R&D"}}"#,
            r#"people.csv:4 {"name":"bob","displayName":"two\nlines","mail":"","principalTypeEnum":"LOCAL_USER","groupNames":[],"attributes":{"dept":""}}"#,
            r#"people.csv:6 {"name":"eve","displayName":"a \"b\"","mail":"","principalTypeEnum":"LOCAL_USER","groupNames":["bi"],"attributes":{"dept":"x"}}"#,
            r#"groups.csv:2 {"name":"staff","principalTypeEnum":"LOCAL_GROUP","groupNames":[]}"#,
            r#"groups.csv:3 {"name":"bi","principalTypeEnum":"LOCAL_GROUP","groupNames":["staff"]}"#,
        ]
    );
    assert_eq!(
        reading.coverage.proofs,
        [
            "people.csv: 3 rows read to the end, every row with 5 fields, every quote closed",
            "groups.csv: 2 rows read to the end, every row with 2 fields, every quote closed",
        ]
    );
    assert!(reading.coverage.is_whole() && reading.rejected.is_empty());
}

#[test]
fn without_a_groups_file_named_groups_are_the_sources() {
    let reading = read("name,groupNames,active\nada,b;a,\nbob,a;c,perhaps\neve,e\u{301};\u{e9},\n");
    assert_eq!(
        lines(&reading)[2..],
        [
            r#"people.csv:2 {"name":"b","principalTypeEnum":"LOCAL_GROUP"}"#,
            r#"people.csv:2 {"name":"a","principalTypeEnum":"LOCAL_GROUP"}"#,
            r#"people.csv:3 {"name":"c","principalTypeEnum":"LOCAL_GROUP"}"#,
            "people.csv:4 {\"name\":\"e\u{301}\",\"principalTypeEnum\":\"LOCAL_GROUP\"}",
        ],
        "`c` too, though the row that names it is set aside; and é once"
    );
    let reading = read("name,principalTypeEnum,groupNames\nada,,staff\nstaff,SAML_GROUP,all\n");
    assert_eq!(names(&reading), ["ada", "staff", "all"], "`staff` has a record of its own");
    let reading = read("name,principalTypeEnum,groupNames,active\nada,,staff,\nstaff,SAML_GROUP,,x\n");
    assert_eq!(names(&reading), ["ada"], "`staff` is set aside, not made up");
}

#[test]
fn an_absent_column_is_unmanaged_and_an_empty_cell_clears() {
    let header = "name,mail,active,visibility,id,password,principalTypeEnum,created";
    let reading = read(format!("{header}\nada,,,,,,,\nbob,b,NO,NON_SHARABLE,7,pw,LDAP_USER,5\n"));
    let [ada, bob] = &reading.records[..] else { panic!("two records") };
    let (ada, bob) = (&ada.principal, &bob.principal);
    assert_eq!((&ada.display_name, ada.mail.as_deref()), (&None, Some("")));
    assert_eq!((ada.active, ada.visibility, &ada.id), (None, Some(Visibility::Default), &None));
    assert!(ada.password.is_none() && ada.type_name.is_none() && ada.groups.is_none() && ada.attributes.is_none());
    assert_eq!(
        (bob.active, bob.visibility, bob.id.as_deref()),
        (Some(false), Some(Visibility::NonSharable), Some("7"))
    );
    assert_eq!(bob.password.as_ref().unwrap().reveal(), "pw");
    for (word, active) in [("true", true), ("1", true), ("yes", true), ("TRUE", true), ("0", false), ("false", false)] {
        assert_eq!(read(format!("name,active\nada,{word}\n")).records[0].principal.active, Some(active), "{word}");
    }
}

#[test]
fn a_wrong_row_is_set_aside_alone() {
    let reading = read("name,active,visibility,principalTypeEnum\nada,maybe,,\nbob,,shared,\neve,,,\nst,2,,X_GROUP\n");
    assert_eq!(names(&reading), ["eve"]);
    assert_eq!(
        set_aside(&reading),
        [
            "people.csv:2 user \"ada\": `active` is `maybe`: expected true, false, yes, no, 1 or 0",
            "people.csv:3 user \"bob\": `visibility` is `shared`: expected DEFAULT or NON_SHARABLE",
            "people.csv:5 group \"st\": `active` is `2`: expected true, false, yes, no, 1 or 0",
        ]
    );
    assert!(reading.coverage.is_whole());
}

#[test]
fn a_row_of_nobody_leaves_the_reading_unproven() {
    let reading = read("name,mail,principalTypeEnum\nada,a,\n,b,\nbob,,GRUOP\n");
    assert_eq!(names(&reading), ["ada"]);
    assert_eq!(
        reading.coverage.missing,
        [
            "people.csv:3: the name of this record cannot be read",
            "people.csv:4: the kind of this record cannot be read",
        ]
    );
    assert_eq!(set_aside(&reading)[0], "people.csv:3 user \"\": the name is empty");
}

#[test]
fn names_arrive_as_they_are() {
    let names = hostile_names();
    let rows: Vec<_> = names.iter().map(|name| quoted(name) + ",x\r\n").collect();
    let reading =
        read_as("csv: { users: people.csv, groups: people.csv }", "name,mail\r\n".to_owned() + &rows.concat());
    let found: Vec<_> = reading.records.iter().map(|record| record.principal.name.as_str()).collect();
    assert_eq!(found[..names.len()], names);
    assert_eq!(found[names.len()..], names);
    assert!(reading.records[names.len()..].iter().all(|record| record.kind() == Kind::Group));
    let reading = read("name,mail\nends in spaces  ,x\nO\"Brien,x\n");
    assert_eq!(reading.records[0].principal.name, "ends in spaces  ");
    assert_eq!(reading.records[1].principal.name, "O\"Brien", "a quote inside is a quote");
}

#[test]
fn what_a_cut_or_broken_file_looks_like_is_a_failed_reading() {
    let cases = [
        ("", "1: the file is empty | the file seems cut"),
        ("\n\r\n", "1: the file is empty"),
        ("name,mail\nada,x\nbob,\"Bo\nb,y\n", "3: the quote that opens here is never closed | the file seems cut"),
        ("name,mail\n\"ada\"x,y\n", "2: text stands after a closing quote (opened on line 2) | double each quote"),
        ("name,mail\n\"a\nd\" ,y\n", "3: text stands after a closing quote (opened on line 2)"),
        ("name,mail\nada, \"x\"\n", "2: blanks stand before the opening quote of a field"),
        ("name,mail\n\"x\n\",y\nada\n", "4: this row has 1 field, the header has 2 | the file seems cut"),
        ("name,mail\nada,b,c\n", "2: this row has 3 fields, the header has 2 | put a field that holds the delimiter"),
        ("name,mail\nada,b\rbob,c\r", "2: a carriage return stands alone, outside quotes"),
        ("name,mail\nada,\"b\"\r", "2: a carriage return stands alone, outside quotes"),
    ];
    for (text, expected) in cases {
        let why = failure(text);
        assert!(why.starts_with(expected), "{text:?}: {why}");
    }
}

#[test]
fn a_header_alone_is_a_source_without_people() {
    let reading = read("name,mail\n");
    assert!(reading.records.is_empty() && reading.coverage.is_whole());
    assert_eq!(
        reading.coverage.proofs,
        ["people.csv: 0 rows read to the end, every row with 2 fields, every quote closed"]
    );
    let reading = read("name\nada");
    assert_eq!(
        reading.coverage.missing,
        ["people.csv: its last line has no line end, so it may be cut: add one, or set `lastLineEnd: optional`"]
    );
}

#[test]
fn a_column_that_would_manage_nothing_is_refused() {
    let cases = [
        ("name,mial\n", "1: unknown column `mial`; found: name, mial | did you mean `mail`? With a `map`, other"),
        (
            "name,DisplayName\n",
            "1: unknown column `DisplayName`; found: name, DisplayName | did you mean `displayName`?",
        ),
        ("\nname,attributes.\n", "2: unknown column `attributes.`; found: name, attributes. | known are name, "),
        ("name,\n", "1: column 2 has no name; found: name, (no name) | name it"),
        ("name, mail,mail \n", "1: column `mail` stands twice, as number 2 and 3"),
        ("mail,id\n", "1: there is no column `name`; found: mail, id | the first row must name the columns"),
        ("\u{1b}[1m\n", "1: unknown column `\\u{1b}[1m`"),
        (
            "name;mail\n",
            "1: unknown column `name;mail`; found: name;mail | the file seems to be split differently: set `delimiter: \";\"`",
        ),
    ];
    for (text, expected) in cases {
        let why = failure(text);
        assert!(why.starts_with(expected), "{text:?}: {why}");
    }
}

#[test]
fn a_map_says_which_column_is_which_and_others_are_not_read() {
    let yaml = "csv: { users: people.csv, map: { name: uid, attributes.unit: dept, description: dept } }";
    let folder = Folder::with("people.csv", " uid ,name,dept,phone,mail\nada,Ada L,R&D,1,ada@x\n");
    let reading = folder.read(yaml).unwrap();
    assert_eq!(
        lines(&reading),
        [
            r#"people.csv:2 {"name":"ada","description":"R&D","mail":"ada@x","principalTypeEnum":"LOCAL_USER","attributes":{"unit":"R&D"}}"#
        ]
    );
    assert_eq!(
        folder.check(yaml),
        [
            "people.csv: 49 bytes, 1 row of users",
            "people.csv: columns found: uid, name, dept, phone, mail",
            "people.csv: `dept` is read as `attributes.unit`",
            "people.csv: `dept` is read as `description`",
            "people.csv: `uid` is read as `name`",
            "people.csv: not read: name, phone",
        ]
    );
    let why = failure_as("csv: { users: people.csv, map: { name: uid } }", "Uid,phone\n");
    assert_eq!(why, "1: there is no column `uid`; found: Uid, phone | did you mean `Uid`?");
    let why = failure_as("csv: { users: people.csv, map: {} }", "names,phone\n");
    assert_eq!(why, "1: there is no column `name`; found: names, phone | if `names` is meant: `map: { name: names }`");
}

#[test]
fn the_groups_file_has_a_map_of_its_own() {
    let folder = Folder::with("people.csv", "name\nada\n").and("groups.csv", "cn\nstaff\n");
    let reading = folder.read("csv: { users: people.csv, groups: groups.csv, groupsMap: { name: cn } }").unwrap();
    assert_eq!(names(&reading), ["ada", "staff"]);
    let why = told(folder.read("csv: { users: people.csv, groups: groups.csv }"));
    assert!(why.contains("groups.csv:1: unknown column `cn`"), "{why}");
}

#[test]
fn check_tells_of_rows_that_would_be_set_aside() {
    let folder = Folder::with("people.csv", "name,active\nada,?\nbob,!\n");
    let folder = folder.and("named.csv", "name,groupNames\nada,x;y\n");
    let named = folder.check("csv: { users: named.csv }").pop().unwrap();
    assert_eq!(named, "named.csv: 2 groups named by users, taken as groups of the source");
    let last = folder.check(YAML).pop().unwrap();
    assert!(last.starts_with("2 records would be set aside, the first at people.csv:2: `active` is `?`"), "{last}");
}

#[test]
fn other_characters_may_separate() {
    let yaml = r#"csv: { users: people.csv, delimiter: tab, quote: "'", listSeparator: "|" }"#;
    let reading = read_as(yaml, "name\tgroupNames\n'a''\td'\tx|y\n");
    assert_eq!(names(&reading), ["a'\td", "x", "y"]);
    let yaml = r#"csv: { users: people.csv, delimiter: ";", quote: none, listSeparator: "," }"#;
    let reading = read_as(yaml, "name;groupNames\n\"Bob\" B;x,y\n");
    assert_eq!(names(&reading), ["\"Bob\" B", "x", "y"]);
    let yaml = r#"csv: { users: people.csv, listSeparator: "," }"#;
    assert_eq!(names(&read_as(yaml, "name,groupNames\nada,\"x, y\"\n")), ["ada", "x", "y"]);
}

#[test]
fn the_encoding_is_kept_strictly() {
    assert_eq!(names(&read("\u{feff}name\nad\u{e9}\n")), ["ad\u{e9}"]);
    let why = failure(b"name,mail\nad\xe9,x\n");
    assert!(why.starts_with("2:3: byte 0xe9 is not UTF-8 | set `encoding`"), "{why}");
    let why = failure(b"name\nad\xc3");
    assert!(why.starts_with("2:3: the file ends inside a character"), "{why}");

    let windows = "csv: { users: people.csv, encoding: windows-1252 }";
    assert_eq!(names(&read_as(windows, b"name\nad\xe9\x80\n")), ["ad\u{e9}\u{20ac}"]);
    let why = failure_as(windows, "\u{feff}name\n");
    assert_eq!(why, "1: the file begins with the mark of UTF-8, not windows-1252 | set `encoding: utf-8`");

    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let text = wide("\u{feff}name\nad\u{e9}\n");
    let why = failure(&text);
    assert_eq!(why, "1: the file begins with the mark of UTF-16LE, not UTF-8 | set `encoding: utf-16le`");
    let utf16 = "csv: { users: people.csv, encoding: utf-16le }";
    assert_eq!(names(&read_as(utf16, &text)), ["ad\u{e9}"]);
    assert_eq!(names(&read_as(utf16, wide("name\nada"))), ["ada"]);
    let why = failure_as(utf16, &text[..text.len() - 1]);
    assert!(why.starts_with("2:4: this is not UTF-16LE | the file is cut"), "{why}");
    let japanese = "csv: { users: people.csv, encoding: shift_jis }";
    assert!(failure_as(japanese, b"name\nx\n\x81\xff\n").starts_with("3:1: this is not Shift_JIS"));
}

#[test]
fn a_configuration_that_cannot_work_is_refused_in_whole() {
    let yaml = r#"csv: { users: "", delimiter: ";;", quote: é, listSeparator: "", encoding: utf-9,
                  map: { nmae: uid, mail: "", created: c }, groupsMap: { name: cn } }"#;
    let errors = Folder::new().build(yaml).err().unwrap();
    let keys: Vec<_> = errors.iter().map(|error| error.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "delimiter",
            "quote",
            "listSeparator",
            "encoding",
            "users",
            "map.created",
            "map.mail",
            "map.nmae",
            "groupsMap"
        ]
    );
    assert_eq!(errors[7].hint.as_deref(), Some("did you mean `name`?"));
    let errors = Folder::new().build(r#"csv: { users: a.csv, quote: "," }"#).err().unwrap();
    assert_eq!((errors[0].key.as_str(), errors.len()), ("quote", 1));
    let errors = Folder::new().build("csv: { users: a.csv, delimiter: \"\\n\" }").err().unwrap();
    assert_eq!(errors[0].why, "a line end already ends the row");
}

/// A cell as a writer of CSV may put it, with quotes where they are needed and sometimes where they are not.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c;é ]{0,6}".prop_filter("no blanks at the ends", |text| text.trim() == text),
        "[a-c,\"\r\n;é]{0,8}".prop_map(|text| quoted(&text))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_cut_file_is_refused_or_gives_the_same_records_but_for_the_last_field(
        cells in proptest::collection::vec((cell(), cell()), 0..4), end in "\r?\n", closed: bool
    ) {
        let rows: Vec<_> = cells.iter().enumerate().map(|(at, (name, groups))| {
            format!("u{at},{name},{groups}")
        }).collect();
        let last = if closed { end.as_str() } else { "" };
        let text = format!("name,mail,description{end}{}{last}", rows.join(&end));
        let whole = read(&text);
        prop_assert_eq!(whole.records.len(), cells.len());
        for length in 0..text.len() {
            let Ok(part) = Folder::with("people.csv", &text.as_bytes()[..length]).read(YAML) else { continue };
            let count = part.records.len();
            for (at, (found, full)) in part.records.iter().zip(&whole.records).enumerate() {
                let (found, full) = (&found.principal, &full.principal);
                prop_assert_eq!(&found.name, &full.name);
                prop_assert_eq!(&found.mail, &full.mail);
                let (found, full) = (found.description.as_deref().unwrap(), full.description.as_deref().unwrap());
                let at_end = at + 1 == count && !text[..length].ends_with('\n');
                prop_assert!(found == full || at_end && full.starts_with(found), "{:?}", &text[..length]);
            }
        }
    }
}
