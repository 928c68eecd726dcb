//! The capability matrix, generated from what every target says of itself.

use std::fmt::Write;

use super::TargetFile;
use crate::connector::BuildContext;
use crate::plan::{Ability, Batch, Capabilities, Membership, Taken, When};
use crate::principal::{CaseRule, Kind};

/// Every row: a title, and the configuration that it is of.
const ROWS: &[(&str, &str)] = &[
    ("ThoughtSpot, API v1", "thoughtspot: { url: https://x, username: u, password: p }"),
    ("ThoughtSpot, API v2", "thoughtspot: { url: https://x, api: v2, username: u, password: p }"),
    (
        "ThoughtSpot, API v2, `disable`",
        "thoughtspot: { url: https://x, api: v2, username: u, password: p, disable: true }",
    ),
    ("Alteryx Server (built-in, SAML)", "alteryx: { url: https://x/webapi, key: k, secret: s, owner: o@x }"),
    ("Alteryx Server (Windows)", "alteryx: { url: https://x/webapi, key: k, secret: s, owner: o@x, auth: windows }"),
    ("B2CORE Back Office", "b2core: { url: https://x, token: t, account: a@x }"),
    ("B2CORE Back Office, `createGroups`", "b2core: { url: https://x, token: t, account: a@x, createGroups: true }"),
    ("Curator", "curator: { url: https://x, apiKey: k }"),
    ("SCIM 2.0", "scim: { url: https://x/scim/v2, token: t }"),
    ("SCIM 2.0, `nest`", "scim: { url: https://x/scim/v2, token: t, nest: true }"),
    ("JSON file", "file: { path: x.json }"),
];

const FILE: &str = "docs/capabilities.md";

fn capabilities(yaml: &str) -> Capabilities {
    let file: TargetFile = serde_yaml::from_str(yaml).unwrap_or_else(|error| panic!("{yaml}: {error}"));
    let built = file.build(&BuildContext::default()).unwrap();
    built.unwrap_or_else(|problems| panic!("{yaml}: {problems:?}")).capabilities().clone()
}

fn abilities(title: &str, kind: Kind, columns: &[(&str, Ability)]) -> String {
    let mut text = format!("\n## {title}\n\n| target |");
    for (name, _) in columns {
        let _ = write!(text, " {name} |");
    }
    let _ = write!(text, "\n| --- |{}\n", " --- |".repeat(columns.len()));
    for (row, yaml) in ROWS {
        let can = capabilities(yaml);
        let _ = write!(text, "| {row} |");
        for (_, ability) in columns {
            let _ = write!(text, " {} |", if can.can(kind, *ability) { "yes" } else { "-" });
        }
        text.push('\n');
    }
    text
}

fn names(list: &[&str]) -> String {
    if list.is_empty() {
        "-".into()
    } else {
        list.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}

fn taken(can: &Capabilities) -> (String, String) {
    match can.attributes {
        Taken::Any => ("any".into(), "any".into()),
        Taken::Only { users, groups } => (names(users), names(groups)),
    }
}

fn matrix() -> String {
    let mut text = String::from(
        "# What each target can do\n\nGenerated from the targets themselves. What a target cannot do is held in the plan, with what a person \
         can do instead; it is never tried.\n",
    );
    let users = [
        ("create", Ability::Create),
        ("change values", Ability::Update),
        ("rename", Ability::Rename),
        ("disable, enable", Ability::Disable),
        ("delete", Ability::Delete),
        ("memberships", Ability::Join),
        ("password at creation", Ability::Password),
        ("hand over what is owned", Ability::Transfer),
    ];
    text.push_str(&abilities("Users", Kind::User, &users));
    let groups = [
        ("create", Ability::Create),
        ("change values", Ability::Update),
        ("rename", Ability::Rename),
        ("delete", Ability::Delete),
        ("groups in groups", Ability::Nest),
    ];
    text.push_str(&abilities("Groups", Kind::Group, &groups));
    text.push_str(&names_and_rights());
    text.push_str(&sending());
    text
}

fn names_and_rights() -> String {
    let mut text = String::new();
    text.push_str("\n## Names, attributes, rights\n\n| target | names of users | names of groups | attributes of users | attributes of groups | give rights |\n| --- | --- | --- | --- | --- | --- |\n");
    for (row, yaml) in ROWS {
        let can = capabilities(yaml);
        let case = |rule| if rule == CaseRule::Ignored { "any case" } else { "exact" };
        let (of_users, of_groups) = taken(&can);
        let rights: Vec<String> = can
            .privileges
            .iter()
            .map(|privilege| {
                let of = privilege.kind.word();
                match privilege.when {
                    When::Is(value) => format!("`{}: {value}` of a {of}", privilege.attribute),
                    When::True => format!("`{}: true` of a {of}", privilege.attribute),
                    When::Groups(value) => {
                        format!("`{}: {value}` of a {of} in a group that has them", privilege.attribute)
                    }
                    When::Changes => format!("any change of `{}` of a {of}", privilege.attribute),
                }
            })
            .chain(can.admin_groups.iter().map(|group| format!("membership of `{group}`")))
            .collect();
        let rights = if rights.is_empty() { "-".to_owned() } else { rights.join("; ") };
        let _ = writeln!(
            text,
            "| {row} | {} | {} | {of_users} | {of_groups} | {rights} |",
            case(can.rules.users),
            case(can.rules.groups)
        );
    }
    text
}

fn sending() -> String {
    let mut text = String::from(
        "\n## How changes are sent\n\n| target | changes | memberships | at once |\n| --- | --- | --- | --- |\n",
    );
    for (row, yaml) in ROWS {
        let can = capabilities(yaml);
        let (changes, memberships) = match can.batch {
            Batch::Whole => ("the whole state in one call", "with the rest".to_owned()),
            Batch::Steps(Membership::OnMember) => ("one after the other", "with the user".to_owned()),
            Batch::Steps(Membership::OnGroup { join, leave, .. }) => {
                ("one after the other", format!("in the group: up to {join} join, up to {leave} leave in a call"))
            }
        };
        let _ = writeln!(text, "| {row} | {changes} | {memberships} | {} |", can.concurrency);
    }
    text
}

/// `UPDATE_DOCS=1 cargo nextest run --lib capability_matrix` writes it.
#[test]
fn the_capability_matrix_is_the_one_in_the_docs() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let now = matrix();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "{FILE} is stale: UPDATE_DOCS=1 cargo nextest run --lib capability_matrix\n{now}");
}

#[test]
fn every_kind_of_target_stands_in_the_capability_matrix() {
    for kind in TargetFile::KINDS {
        assert!(ROWS.iter().any(|(_, yaml)| yaml.starts_with(&format!("{kind}:"))), "no row of {kind}");
    }
}

#[test]
fn every_sample_of_a_target_can_be_built() {
    for example in TargetFile::EXAMPLES {
        capabilities(example);
    }
}

#[test]
fn to_bend_twice_is_to_bend_once() {
    use crate::plan::tests::build::user;
    use crate::principal::GroupNames;
    for (row, yaml) in ROWS {
        let file: TargetFile = serde_yaml::from_str(yaml).unwrap();
        let target = file.build(&BuildContext::default()).unwrap().unwrap_or_else(|problems| panic!("{problems:?}"));
        for (name, display) in [("A@X.org", "  Ada  Maria   Lovelace "), ("x", ""), ("ä@x", "Zoë"), ("b@x", "一")] {
            let draft = user(name).display(display).mail("M@X").description("d").attribute("role", "Viewer".into());
            let mut once = draft.record(&mut GroupNames::new()).principal;
            target.project(&mut once);
            let mut twice = once.clone();
            target.project(&mut twice);
            assert_eq!(format!("{once:?}"), format!("{twice:?}"), "{row}: {name} {display:?}");
        }
    }
}
