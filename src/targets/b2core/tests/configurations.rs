use super::super::B2coreConfig;
use crate::connector::{BuildContext, Target};
use crate::plan::Ability;
use crate::principal::Kind;

fn build(yaml: &str) -> Result<Box<dyn Target>, Vec<String>> {
    let config: B2coreConfig = serde_yaml::from_str(yaml).expect("a configuration");
    let built = config.build(&BuildContext { name: "office".into(), ..BuildContext::default() });
    built.map_err(|problems| problems.into_iter().map(|problem| format!("{}: {}", problem.key, problem.why)).collect())
}

fn problems(yaml: &str) -> Vec<String> {
    build(yaml).err().expect("problems")
}

#[test]
fn every_problem_is_told_at_once() {
    assert_eq!(problems("{}"), ["url: `url` is missing", "token: `token` is missing"]);
    assert_eq!(
        problems(
            "{ url: 'http://office.example.org', token: x, signin: {}, defaultGroup: Administrators, pageSize: 0 }"
        ),
        [
            "url: http:// would send secrets in the clear",
            "signin: there are both `token` and `signin`",
            "defaultGroup: its members hold every permission",
            "pageSize: expected 1 or more items",
        ]
    );
    let signin = "signin: { path: 'https://else.example.org/x', password: { env: P }, tokenPointer: token }";
    assert_eq!(
        problems(&format!("{{ url: 'https://office.example.org', {signin} }}")),
        [
            "signin.email: `email` is missing",
            "signin.path: it is no path below `url`",
            "signin.tokenPointer: it is no JSON pointer",
        ]
    );
}

#[test]
fn capabilities_follow_the_settings() {
    let url = "url: 'https://Office.example.org:443/'";
    let plain = build(&format!("{{ {url}, token: x }}")).expect("a target");
    assert_eq!(plain.place(), "b2core https://office.example.org/api/v2");
    let can = plain.capabilities();
    assert!(!can.can(Kind::Group, Ability::Create) && !can.can(Kind::Group, Ability::Delete));
    assert!(can.can(Kind::User, Ability::Disable) && can.can(Kind::User, Ability::Rename) && can.implicit.is_empty());
    assert_eq!(can.system.iter().map(crate::principal::Pattern::text).collect::<Vec<_>>(), ["group:Administrators"]);
    assert!(can.inability(Kind::Group, Ability::Create).contains("createGroups: true"));

    let signin = "signin: { email: rollcall@example.org, password: { env: P } }";
    let all = format!("{{ {url}, {signin}, createGroups: true, defaultGroup: Everybody, settle: 3s, pageSize: 7 }}");
    let full = build(&all).expect("a target");
    let can = full.capabilities();
    assert!(can.can(Kind::Group, Ability::Create) && can.can(Kind::Group, Ability::Rename));
    assert_eq!((can.implicit, can.settles.as_secs(), can.cost.page), (&["Everybody"][..], 3, Some(7)));
    assert_eq!(can.system[0].text(), "user:rollcall@example.org", "who signs in is protected");
    let again = build(&all).expect("a target");
    assert!(std::ptr::eq(again.capabilities().implicit, can.implicit), "a name is kept once");
}
