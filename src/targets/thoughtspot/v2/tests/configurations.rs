use super::{config, target};
use crate::connector::BuildContext;
use crate::plan::Ability;
use crate::principal::{Kind, Pattern, Principal};
use crate::targets::thoughtspot::ThoughtspotConfig;

fn problems(text: &str) -> Vec<String> {
    let config: ThoughtspotConfig = serde_yaml::from_str(&format!("{{ {text} }}")).unwrap();
    let problems = config.build(&BuildContext::default()).err().unwrap_or_default();
    problems.into_iter().map(|problem| format!("{}: {}", problem.key, problem.why)).collect()
}

const ADDRESS: &str = "url: https://ts.example.org, username: a";

#[test]
fn a_secret_key_stands_for_a_password_and_never_beside_it() {
    let none: Vec<String> = Vec::new();
    assert_eq!(problems(&format!("{ADDRESS}, api: v2, secretKey: k")), none);
    assert_eq!(problems(&format!("{ADDRESS}, api: v2, password: p")), none);
    assert_eq!(problems(&format!("{ADDRESS}, api: v2")), ["password: `password` is missing"]);
    assert_eq!(
        problems(&format!("{ADDRESS}, api: v2, password: p, secretKey: k")),
        ["secretKey: there is a `password` as well"]
    );
}

#[test]
fn keys_of_the_other_interface_are_told() {
    assert_eq!(
        problems(&format!(
            "{ADDRESS}, password: p, secretKey: k, org: 1, pageSize: 9, disable: true, mailRequired: false, \
             attachExisting: true, superUsers: manage"
        )),
        ["secretKey", "org", "pageSize", "disable", "mailRequired", "attachExisting", "superUsers"]
            .map(|key| format!("{key}: `{key}` belongs to `api: v2`, and this target uses v1"))
    );
    assert_eq!(
        problems(&format!("{ADDRESS}, api: v2, password: p, updatedLists: matches")),
        ["updatedLists: `updatedLists` belongs to `api: v1`, and this target uses v2"]
    );
    for size in ["0", "10001"] {
        assert_eq!(
            problems(&format!("{ADDRESS}, api: v2, password: p, pageSize: {size}")),
            [format!("pageSize: a page of {size} is none")]
        );
    }
}

#[test]
fn no_secret_is_in_debug_output() {
    let shown = format!("{:?}", config(", secretKey: canary, password: canary"));
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn the_primary_org_is_the_place_of_v1_and_another_is_its_own() {
    let first: ThoughtspotConfig =
        serde_yaml::from_str("{ url: https://TS.example.org/, username: a, password: p }").unwrap();
    let first = first.build(&BuildContext::default()).unwrap_or_else(|problems| panic!("{problems:?}")).place();
    assert_eq!(target("").place(), first);
    assert_eq!(target(", org: 0").place(), first);
    assert_eq!(target(", org: 7").place(), format!("{first} org 7"));
}

#[test]
fn users_are_switched_off_only_where_the_setting_says_that_it_works() {
    let able = target("");
    assert!(!able.capabilities().can(Kind::User, Ability::Disable));
    assert!(able.capabilities().inability(Kind::User, Ability::Disable).contains("`disable: true`"));
    assert!(target(", disable: true").capabilities().can(Kind::User, Ability::Disable));
    for ability in [Ability::Create, Ability::Update, Ability::Rename, Ability::Delete, Ability::Transfer] {
        assert!(able.capabilities().can(Kind::User, ability), "{ability:?}");
    }
    assert!(able.capabilities().can(Kind::Group, Ability::Nest));
}

#[test]
fn the_products_own_and_the_account_are_protected() {
    let system: Vec<String> = target("").capabilities().system.iter().map(Pattern::text).collect();
    for own in ["user:tsadmin", "user:su", "user:system", "user:guest", "user:RollCall", "group:All", "group:System"] {
        assert!(system.contains(&own.to_owned()), "{own} in {system:?}");
    }
}

#[test]
fn what_it_cannot_hold_is_projected_away_once_and_for_all() {
    let target = target("");
    let mut user = Principal::new(Kind::User, "ada");
    user.description = Some("d".into());
    user.display_name = Some("".into());
    user.mail = Some("m".into());
    user.attributes = Some(Box::new([("k".into(), 1.into())].into_iter().collect()));
    target.project(&mut user);
    assert!(user.description.is_none() && user.attributes.is_none());
    assert_eq!((user.display_name.as_deref(), user.mail.as_deref()), (Some("ada"), Some("m")));
    let once = format!("{user:?}");
    target.project(&mut user);
    assert_eq!(format!("{user:?}"), once, "to project twice is to project once");
    let mut group = Principal::new(Kind::Group, "x");
    (group.mail, group.description) = (Some("m".into()), Some("d".into()));
    target.project(&mut group);
    assert_eq!((group.mail, group.description.as_deref()), (None, Some("d")));
}
