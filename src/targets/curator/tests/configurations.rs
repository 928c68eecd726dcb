use serde_json::json;

use crate::connector::{BuildContext, Target};
use crate::plan::Ability;
use crate::principal::{CaseRule, Kind};
use crate::targets::curator::{Curator, CuratorConfig};

fn config(text: &str) -> CuratorConfig {
    serde_yaml::from_str(text).unwrap()
}

/// What is wrong, as `key: why`.
fn problems(text: &str) -> Vec<String> {
    let built = config(text).build(&BuildContext::default());
    built.err().unwrap_or_default().into_iter().map(|problem| format!("{}: {}", problem.key, problem.why)).collect()
}

const WHOLE: &str = "{ url: https://portal.example.org, apiKey: secret }";

#[test]
fn everything_wrong_is_said_at_once() {
    assert_eq!(problems(WHOLE), Vec::<String>::new());
    assert_eq!(problems("{ url: 'http://127.0.0.1:8700/curator', apiKey: k }"), Vec::<String>::new());
    assert_eq!(problems("{}"), ["url: `url` is missing", "apiKey: `apiKey` is missing"]);
    assert_eq!(
        problems(
            "{ url: http://portal.example.org, apiKey: k, userParam: apikey, groupParam: 'a&b', platforms: { G: {} } }"
        ),
        [
            "url: http:// would send secrets in the clear",
            "userParam: `apikey` is the parameter of the key",
            "groupParam: `a&b` is no name of a parameter",
            "platforms: `G` lists no group",
        ]
    );
    assert_eq!(
        problems("{ url: https://x.example.org, apiKey: k, userParam: name, groupParam: name }"),
        ["groupParam: the user and the group are given in one parameter"]
    );
}

#[test]
fn the_key_is_in_no_debug_output() {
    let shown = format!("{:?}", config("{ url: https://x.example.org, apiKey: canary }"));
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn it_can_make_groups_and_move_people_and_says_what_to_do_about_the_rest() {
    let able = Curator::able(&CuratorConfig::default());
    assert!(able.can(Kind::Group, Ability::Create) && able.can(Kind::User, Ability::Join));
    for kind in Kind::ALL {
        for ability in [Ability::Create, Ability::Update, Ability::Rename, Ability::Delete] {
            if !able.can(kind, ability) {
                let told = able.inability(kind, ability);
                assert!(told.contains(": "), "no advice where {told}");
            }
        }
    }
    assert!(able.inability(Kind::User, Ability::Create).contains("at the first sign-in"));
    assert_eq!(able.rules.users, CaseRule::Exact);
    let folded = config("{ matching: caseInsensitive, groupMatching: caseInsensitive }");
    let rules = Curator::able(&folded).rules;
    assert_eq!((rules.users, rules.groups), (CaseRule::Ignored, CaseRule::Ignored));
}

#[test]
fn a_new_group_is_sent_with_its_platform_groups_and_attributes() {
    let text = "
        url: https://portal.example.org
        apiKey: k
        platforms: { Finance: { tableau: [ { server: main, site: __DEFAULT__, group: Analysts } ], thoughtspot: [Europe] } }
        customAttributes: { Finance: { region: north, color: blue } }";
    let config = config(text);
    let context = BuildContext::default();
    let key = crate::connector::Secret::inline("k".into());
    let target = Curator::new(&context, "https://portal.example.org", key, config).unwrap();
    let own = [("color".into(), json!("red")), ("gone".into(), json!(null))].into_iter().collect();
    assert_eq!(
        target.body("Finance", Some(&own)).unwrap(),
        json!({
            "platforms": {"tableau": [{"server": "main", "site": "__DEFAULT__", "group": "Analysts"}],
                "thoughtspot": ["Europe"]},
            "custom_attributes": {"region": "north", "color": "red"},
        })
    );
    assert_eq!(target.body("Sales", None), None);
    assert_eq!(target.place(), "curator https://portal.example.org");
}
