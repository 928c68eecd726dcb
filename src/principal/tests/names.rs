use crate::principal::{CaseRule, CaseRules, Kind, Origin, PrincipalId, PrincipalType, Visibility, fold};

fn same(a: &str, b: &str, rule: CaseRule) -> bool {
    fold(a, rule) == fold(b, rule)
}

#[test]
fn names_that_differ_by_case_alone_are_one_where_case_is_ignored() {
    let pairs = [
        ("Ada", "aDA"),
        ("STRASSE", "straße"),
        ("ﬀ", "FF"),
        ("\u{212a}elvin", "kelvin"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("σίσυφοσ", "σίσυφος"),
        ("İ", "i\u{307}"),
        ("ÅSA", "a\u{30a}sa"),
        ("\u{1e9e}", "ss"),
        ("Ǆ", "ǆ"),
    ];
    for (a, b) in pairs {
        assert!(same(a, b, CaseRule::Ignored), "{a} and {b}");
    }
}

#[test]
fn case_folding_does_not_guess() {
    for (a, b) in [("ı", "i"), ("I", "ı"), ("é", "e"), ("ada", "ada "), ("\u{430}da", "ada"), ("oe", "œ")] {
        assert!(!same(a, b, CaseRule::Ignored), "{a} and {b}");
    }
}

#[test]
fn an_exact_name_keeps_its_case_and_is_composed() {
    assert_eq!(fold("Ada", CaseRule::Exact), "Ada");
    assert_eq!(fold("Straße", CaseRule::Exact), "Straße");
    assert!(same("é", "e\u{301}", CaseRule::Exact));
    assert!(same("\u{212b}", "Å", CaseRule::Exact), "the sign of Ångström is canonically the letter");
    assert!(!same("é", "É", CaseRule::Exact));
    assert!(!same("ﬀ", "ff", CaseRule::Exact), "compatibility forms are not canonical ones");
}

#[test]
fn a_folded_name_folds_to_itself() {
    for name in ["Ada", "STRASSE", "ẞ", "İstanbul", "ΣΊΣΥΦΟΣ", "e\u{301}", "\u{212a}", "한글", "क़", "\u{0}", "👩‍💻"]
    {
        for rule in [CaseRule::Exact, CaseRule::Ignored] {
            let once = fold(name, rule);
            assert_eq!(fold(&once, rule), once, "{name}");
        }
    }
}

#[test]
fn each_kind_has_its_own_rule() {
    let rules = CaseRules { users: CaseRule::Ignored, groups: CaseRule::Exact };
    assert_eq!(rules.key(Kind::User, "ADA"), "ada");
    assert_eq!(rules.key(Kind::Group, "ADA"), "ADA");
}

#[test]
fn a_person_names_a_principal_by_kind_and_name() {
    let id = PrincipalId::parse("group:Customer: Success").unwrap();
    assert_eq!((id.kind, id.name.as_str()), (Kind::Group, "Customer: Success"));
    assert_eq!(id.to_string(), "group:Customer: Success");
    for wrong in ["ada", "user:", "User:ada", "role:x", ""] {
        assert!(PrincipalId::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn any_type_that_ends_in_user_or_group_is_read_and_written_back() {
    for text in ["LOCAL_USER", "LDAP_GROUP", "SAML_USER", "OIDC_USER", "REMOTE_GROUP", "NEW_KIND_GROUP", "_USER"] {
        let (type_name, kind) = PrincipalType::parse(text).unwrap();
        assert_eq!(type_name.text(kind), text);
    }
    for wrong in ["USER", "LOCAL_user", "LOCAL_ROLE", "", "LOCAL_USER "] {
        assert!(PrincipalType::parse(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn visibility_is_one_of_two_words() {
    assert_eq!(Visibility::parse("NON_SHARABLE"), Some(Visibility::NonSharable));
    assert_eq!(Visibility::parse("DEFAULT").map(Visibility::text), Some("DEFAULT"));
    assert_eq!(Visibility::parse("default"), None);
}

#[test]
fn an_origin_is_a_line_or_a_place() {
    assert_eq!(Origin::line(&"people.csv".into(), 7).to_string(), "people.csv:7");
    assert_eq!(Origin::place("uid=ada,dc=example").to_string(), "uid=ada,dc=example");
    assert!(Origin::line(&"people.csv".into(), 7) < Origin::line(&"people.csv".into(), 10));
}
