//! The answer of `user/list`, and what this product can hold.

use crate::connector::{BuildContext, Target};
use crate::plan::tests::build::{World, set_of, user};
use crate::principal::{CaseRules, Kind, Principal};
use crate::targets::thoughtspot::v1::target::parse;
use crate::targets::thoughtspot::{Thoughtspot, ThoughtspotConfig};

const OWN: &str = r#"{"name":"tsadmin","principalTypeEnum":"LOCAL_USER","groupNames":["All"]}"#;

fn refusal(text: &str) -> String {
    parse(text, CaseRules::minding(false, true), "listing").unwrap_err().to_string()
}

#[test]
fn a_list_is_whole_when_the_products_own_principals_are_in_it() {
    let current = parse(
        &format!(r#"[{OWN},{{"name":"All","principalTypeEnum":"LOCAL_GROUP","odd":1}}]"#),
        CaseRules::minding(false, true),
        "x",
    )
    .unwrap();
    assert_eq!((current.set.count(Kind::User), current.set.count(Kind::Group)), (1, 1));
    assert!(current.coverage.is_whole() && current.coverage.proofs[0].contains("2 principals"));
    assert!(refusal("[]").contains("it is not whole"));
    assert!(refusal(r#"[{"name":"ada"}]"#).contains("it is not whole"));
}

#[test]
fn a_list_with_a_hole_is_an_error() {
    for (text, why) in [
        ("", "not an array"),
        ("<html>", "not an array"),
        (r#"{"users":[]}"#, "not an array"),
        (r#"[{"name":"tsadmin"}"#, "not an array"),
        (r#"[{"name":"tsadmin"},{"mail":"x"}]"#, "principal 2: `name`"),
        (r#"[{"name":"tsadmin"},{"name":"Ada"},{"name":"ADA"}]"#, "more than once: "),
        (r#"[{"name":"tsadmin","principalTypeEnum":"ROBOT"}]"#, "principal 1"),
    ] {
        let told = refusal(text);
        assert!(told.starts_with("listing: ") && told.contains(why), "{text}: {told}");
    }
}

fn target() -> Box<dyn Target> {
    let yaml = "{ url: 'https://ts.example.org/', username: RollCall, password: x }";
    let config: ThoughtspotConfig = serde_yaml::from_str(yaml).unwrap();
    let Ok(target) = config.build(&BuildContext::default()) else { panic!("it cannot be built") };
    target
}

#[test]
fn the_account_that_signs_in_is_protected() {
    let system: Vec<String> = target().capabilities().system.iter().map(crate::principal::Pattern::text).collect();
    for own in ["user:tsadmin", "user:su", "user:system", "user:guest", "user:RollCall", "group:All", "group:System"] {
        assert!(system.contains(&own.to_owned()), "{own} in {system:?}");
    }
    assert!(
        !Thoughtspot::able(CaseRules::minding(false, true))
            .system
            .iter()
            .any(|pattern| pattern.text() == "user:RollCall")
    );
}

#[test]
fn what_it_cannot_hold_is_projected_away_once_and_for_all() {
    let set = set_of([user("ada").display("").mail("m").attribute("k", 1.into())], CaseRules::EXACT);
    let mut ada = set.records()[0].principal.clone();
    let target = target();
    target.project(&mut ada);
    let once = format!("{ada:?}");
    assert_eq!((ada.display_name.as_deref(), ada.mail.as_deref()), (Some("ada"), Some("m")));
    assert!(ada.attributes.is_none());
    target.project(&mut ada);
    assert_eq!(format!("{ada:?}"), once, "to project twice is to project once");
    let mut group = Principal::new(Kind::Group, "x");
    group.mail = Some("m".into());
    target.project(&mut group);
    assert!(group.mail.is_none() && group.display_name.is_none());
}

#[test]
fn an_address_must_be_safe_to_send_a_password_to() {
    let build = |yaml: &str| {
        let config: ThoughtspotConfig = serde_yaml::from_str(yaml).unwrap();
        match config.build(&BuildContext::default()) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.into_iter().map(|problem| problem.key).collect::<Vec<_>>(),
        }
    };
    let none: Vec<String> = Vec::new();
    for url in ["https://ts.example.org", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:9"] {
        assert_eq!(build(&format!("{{ url: '{url}', username: a, password: b }}")), none, "{url}");
    }
    for url in
        ["http://ts.example.org", "http://localhost.example.org", "ftp://x", "ts.example.org", "http://127.0.0.1@x"]
    {
        assert_eq!(build(&format!("{{ url: '{url}', username: a, password: b }}")), ["url"], "{url}");
    }
    assert_eq!(build("{ url: 'https://x', password: b }"), ["username"]);
    assert_eq!(build("{ url: 'https://x', username: a }"), ["password"]);
}

#[test]
fn the_worlds_of_the_plan_know_what_it_can_do() {
    assert_eq!(
        format!("{:?}", World::thoughtspot().can),
        format!("{:?}", Thoughtspot::able(CaseRules::minding(false, true)))
    );
}
