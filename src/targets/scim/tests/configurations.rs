use std::time::Duration;

use crate::connector::BuildContext;
use crate::plan::Ability;
use crate::principal::Kind;
use crate::targets::scim::config::{ExternalId, Groups, Members, Paging, ScimConfig, Totals};
use crate::targets::scim::manner::Manner;
use crate::targets::scim::presets::{PRESETS, preset};

fn config(yaml: &str) -> ScimConfig {
    serde_yaml::from_str(yaml).unwrap()
}

fn problems(yaml: &str) -> Vec<String> {
    let built = config(yaml).build(&BuildContext::default());
    let problems = built.map_or_else(|problems| problems, |_| Vec::new());
    problems.into_iter().map(|problem| format!("{}: {}", problem.key, problem.why)).collect()
}

#[test]
fn everything_that_is_missing_or_wrong_is_told_at_once() {
    assert_eq!(problems("{}"), ["url: `url` is missing", "token: `token` is missing"]);
    assert_eq!(
        problems("{ url: http://x.test/v2, token: t, preset: acme, chunk: 0, memberCap: 0 }"),
        [
            "url: http:// would send secrets in the clear",
            "preset: there is no such preset",
            "chunk: `chunk` is 0",
            "memberCap: `memberCap` is 0"
        ]
    );
    assert!(serde_yaml::from_str::<ScimConfig>("{ urls: x }").is_err());
    assert!(problems("{ url: https://x.test/scim/v2/, token: t }").is_empty());
}

#[test]
fn what_is_said_goes_before_the_preset_and_that_before_the_rfc() {
    let manner = |yaml: &str| {
        let config = config(yaml);
        Manner::new(&config, config.preset.as_deref().and_then(preset))
    };
    let plain = manner("{}");
    assert_eq!((plain.chunk, plain.count, plain.paging, plain.members), (100, Some(100), None, None));
    assert_eq!((plain.external_id, plain.totals, plain.rate), (ExternalId::SourceId, Totals::Trusted, None));
    let aws = manner("{ preset: aws }");
    assert_eq!((aws.paging, aws.members, aws.separate), (Some(Paging::Cursor), Some(Members::Hidden), true));
    assert_eq!((aws.totals, aws.settle), (Totals::Ignored, Duration::from_secs(15)));
    let told = manner("{ preset: aws, paging: index, separate: false, count: 0, settle: 1s, externalId: off }");
    assert_eq!((told.paging, told.separate, told.count), (Some(Paging::Index), false, None));
    assert_eq!((told.settle, told.external_id, told.chunk), (Duration::from_secs(1), ExternalId::Off, 100));
    assert_eq!(manner("{ externalId: source-id }").external_id, ExternalId::SourceId);
}

#[test]
fn presets_are_sorted_and_each_says_where_it_is_from() {
    assert!(PRESETS.is_sorted_by_key(|preset| preset.name));
    assert!(PRESETS.iter().all(|preset| preset.source.len() > 10));
    assert!(
        PRESETS.iter().all(|one| problems(&format!("{{ url: https://x, token: t, preset: {} }}", one.name)).is_empty())
    );
    assert_eq!(preset("Slack"), None);
}

#[test]
fn settings_decide_what_the_service_can_do() {
    let able = |yaml: &str| {
        let config = config(&format!("{{ url: https://x, token: t, {yaml} }}"));
        let target = config.build(&BuildContext::default()).unwrap();
        move |kind, ability| target.capabilities().can(kind, ability)
    };
    let plain = able("");
    assert!(
        plain(Kind::User, Ability::Delete) && plain(Kind::User, Ability::Rename) && plain(Kind::Group, Ability::Create)
    );
    assert!(!plain(Kind::Group, Ability::Nest) && !plain(Kind::User, Ability::Password));
    let slack = able("preset: slack, nest: true, password: send, rename: false");
    assert!(!slack(Kind::User, Ability::Delete) && !slack(Kind::User, Ability::Rename));
    assert!(slack(Kind::Group, Ability::Nest) && slack(Kind::User, Ability::Password));
    let members = able("groups: members");
    assert!(members(Kind::User, Ability::Join) && !members(Kind::Group, Ability::Create));
    let none = able("groups: none, nest: true");
    assert!(!none(Kind::User, Ability::Join) && !none(Kind::Group, Ability::Nest));
    assert_eq!(config("{ groups: none }").groups, Some(Groups::None));
}
