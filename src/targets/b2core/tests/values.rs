use serde_json::{Value, json};

use super::super::values::{bent, refuses};
use crate::plan::Field;

#[test]
fn values_are_bent_to_what_the_product_holds_and_twice_is_as_once() {
    let cases = [
        ("phone", json!(" +431 "), json!("+431")),
        ("phone", json!(431), json!("431")),
        ("phone", json!(["+431"]), json!("+431")),
        ("phone", json!([]), json!("")),
        ("phone", Value::Null, json!("")),
        ("ipWhitelist", json!("10.0.0.2, 10.0.0.1;10.0.0.2"), json!(["10.0.0.1", "10.0.0.2"])),
        ("ipWhitelist", json!(["0:0:0:0:0:0:0:1"]), json!(["::1"])),
        ("ipWhitelist", json!(["10.0.0.0/8"]), json!(["10.0.0.0/8"])),
        ("ipWhitelist", Value::Null, json!([])),
        ("clientTags", json!("gold ; vip clients"), json!(["gold", "vip clients"])),
        ("clientTags", json!(["b", "a, c", "b", ""]), json!(["a, c", "b"])),
        ("canViewMaskedData", json!("TRUE"), json!(true)),
        ("canViewMaskedData", json!(["no"]), json!(false)),
        ("canViewMaskedData", json!(1), json!(true)),
        ("canViewMaskedData", Value::Null, json!(false)),
    ];
    for (name, value, expected) in cases {
        let once = bent(name, &value);
        assert_eq!(once, expected, "{name}: {value}");
        assert_eq!(bent(name, &once), once, "{name}: {value}");
        assert_eq!(refuses(&Field::Attribute(name.into()), &once), None, "{name}: {value}");
    }
}

#[test]
fn what_no_product_could_hold_stays_and_is_refused() {
    for (name, value, expected) in [
        ("phone", json!(["+431", "+432"]), "one text"),
        ("canViewMaskedData", json!("perhaps"), "true or false"),
        ("clientTags", json!({ "a": 1 }), "a list of texts"),
        ("ipWhitelist", json!([["10.0.0.1"]]), "a list of texts"),
    ] {
        assert_eq!(bent(name, &value), value);
        let told = refuses(&Field::Attribute(name.into()), &value);
        if name == "ipWhitelist" {
            // A list, if of the wrong things: the server says which.
            assert_eq!(told, None);
        } else {
            assert!(told.as_ref().is_some_and(|told| told.contains(expected)), "{name}: {told:?}");
        }
    }
}
