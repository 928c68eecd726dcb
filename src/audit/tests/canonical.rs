use serde_json::{Value, json};

use crate::audit::canonical;

fn of(text: &str) -> String {
    canonical(&serde_json::from_str(text).unwrap()).unwrap()
}

/// RFC 8785, section 3.2.3: sorted by UTF-16 code units, so that U+1F600 comes before U+FB33.
#[test]
fn members_are_sorted_by_code_units() {
    let text = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
    let sorted = of(text);
    let order: Vec<_> = ["Carriage Return", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"]
        .map(|name| sorted.find(name).unwrap())
        .into();
    assert!(order.is_sorted(), "{sorted}");
}

/// RFC 8785, section 3.2.2.2.
#[test]
fn texts_have_the_shortest_escapes() {
    let text = "\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{7f}\u{2028}\u{8}\t\u{c}\r\u{0}";
    assert_eq!(
        of(&json!(text).to_string()),
        "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\u{2028}\\b\\t\\f\\r\\u0000\""
    );
}

#[test]
fn there_are_no_blanks_and_nesting_is_kept() {
    assert_eq!(
        of(r#" { "b" : [ 1 , { } , [ ] , null ] , "a" : { "d" : false , "c" : true } } "#),
        r#"{"a":{"c":true,"d":false},"b":[1,{},[],null]}"#
    );
}

#[test]
fn only_whole_numbers_that_every_reader_holds() {
    for number in ["0", "-1", "9007199254740991", "-9007199254740991"] {
        assert_eq!(of(number), number);
    }
    for number in ["1.5", "1e3", "-0", "9007199254740992", "-9007199254740992", "18446744073709551615", "1e400"] {
        let Ok(value) = serde_json::from_str::<Value>(number) else { continue };
        let error = canonical(&json!([value])).unwrap_err();
        assert!(error.to_string().contains("cannot hold the number"), "{number}: {error}");
    }
}
