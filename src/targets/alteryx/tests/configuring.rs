//! The configuration: what is missing, and what comes of it.

use super::super::{Alteryx, AlteryxConfig, Auth};
use super::settings;
use crate::connector::{BuildContext, BuildError};
use crate::plan::{Ability, Batch, Membership};
use crate::principal::{Kind, Pattern};

fn config(yaml: &str) -> AlteryxConfig {
    serde_yaml::from_str(yaml).expect("a configuration")
}

fn problems(yaml: &str) -> Vec<String> {
    let context = BuildContext { name: "bi".into(), ..BuildContext::default() };
    let found = config(yaml).build(&context).err().unwrap_or_default();
    found.into_iter().map(|BuildError { key, why, .. }| format!("{key}: {why}")).collect()
}

const GOOD: &str = "{ url: https://x.test/webapi/, key: k, secret: s, owner: o@x.test";

#[test]
fn everything_that_is_missing_is_told_at_once() {
    assert_eq!(
        problems("{}"),
        ["url: `url` is missing", "key: `key` is missing", "secret: `secret` is missing", "owner: `owner` is missing"]
    );
    assert_eq!(problems("{ url: http://x.test, key: k, secret: s, owner: nobody }").len(), 2);
}

#[test]
fn values_that_cannot_be_are_told() {
    let told = |rest: &str| problems(&format!("{GOOD}, {rest} }}"));
    assert_eq!(told("membersPerCall: 0"), ["membersPerCall: `membersPerCall` is not from 1 to 10000"]);
    assert_eq!(told("noLastName: ' x'").len(), 1);
    assert_eq!(told("accountName: displayName"), ["accountName: `accountName` is for `auth: windows`"]);
    assert!(told("accountName: displayName, auth: windows").is_empty());
    assert!(serde_yaml::from_str::<AlteryxConfig>("{ groupRoles: { X: Admin } }").is_err());
    assert!(serde_yaml::from_str::<AlteryxConfig>("{ force: true }").is_err());
}

#[test]
fn the_owner_is_never_touched_and_the_place_is_one() {
    let context = BuildContext::default();
    let built = config(&format!("{GOOD}, membersPerCall: 7 }}")).build(&context);
    let target = built.unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(target.place(), "alteryx https://x.test/webapi");
    assert_eq!(target.capabilities().system, [Pattern::new(Kind::User, "o@x.test")]);
    let Batch::Steps(Membership::OnGroup { join, leave, overlap }) = target.capabilities().batch else {
        panic!("memberships are of groups");
    };
    assert_eq!((join, leave, overlap), (7, 1, false));
}

#[test]
fn where_windows_signs_people_in_nobody_is_made_or_renamed() {
    for (auth, can) in [(Auth::Builtin, true), (Auth::Saml, true), (Auth::Windows, false)] {
        let abilities = Alteryx::able(&settings(auth), 1);
        assert_eq!(abilities.can(Kind::User, Ability::Create), can, "{auth:?}");
        assert_eq!(abilities.can(Kind::User, Ability::Rename), can, "{auth:?}");
        assert!(abilities.can(Kind::User, Ability::Disable) && !abilities.can(Kind::Group, Ability::Nest));
    }
    let why = Alteryx::able(&settings(Auth::Windows), 1).inability(Kind::User, Ability::Create);
    assert!(why.contains("first sign-in"), "{why}");
}
