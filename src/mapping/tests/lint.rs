//! What is said of the records before anything is written.

use super::reading;
use crate::connector::Rejected;
use crate::connector::fake::FakeTarget;
use crate::mapping::{Finding, KindScope, LintCode, Mapped, Rules, Scope, Severity, desire, sift};
use crate::plan::tests::build::{Draft, World, group, numbered, user, users};
use crate::principal::{Kind, Pattern, PrincipalSet};

fn mapped_in(drafts: impl IntoIterator<Item = Draft>, scope: &Scope) -> Mapped {
    let target = FakeTarget::new(World::thoughtspot().can, PrincipalSet::default()).refusing("bad");
    desire(sift(reading(drafts), World::thoughtspot().can.rules, &[]).0, &target, &scope.clone().into())
}

fn mapped(drafts: impl IntoIterator<Item = Draft>) -> Mapped {
    mapped_in(drafts, &Scope::default())
}

/// `code kind name at origin: reason`.
fn linted(drafts: impl IntoIterator<Item = Draft>) -> Vec<String> {
    mapped(drafts).lint.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let Finding { severity: _, code, kind, name, origin, reason } = finding;
    format!("{} {kind} {name} at {origin}: {reason}", code.word())
}

#[test]
fn a_clean_source_is_not_spoken_of() {
    let people = users(0..50).into_iter().chain([
        group("staff"),
        user("M\u{fc}ller, J\u{f6}rg").mail("j@x").groups(["staff", "All"]),
        user("\u{413}\u{440}\u{443}\u{43f}\u{43f}\u{430} BI"),
        user("\u{30c6}\u{30b9}\u{30c8}BI\u{90e8}"),
        user("o'neill-smith (it)"),
    ]);
    assert_eq!(linted(people), Vec::<String>::new());
}

#[test]
fn every_reason_to_set_a_record_aside_has_its_code() {
    let mut reading = reading([
        user("Ada").at("p:1"),
        user("ADA").at("p:2"),
        user("bob").id("1").at("p:3"),
        user("rob").id("1").at("p:4"),
        user("very bad").id("9").at("p:5"),
        user("fine"),
    ]);
    let rejected = Rejected { kind: Kind::Group, name: "g".into(), origin: "p:6".into(), reason: "broken".into() };
    reading.rejected.push(rejected);
    let target = FakeTarget::new(World::thoughtspot().can, PrincipalSet::default()).refusing("bad");
    let mapped = desire(sift(reading, World::thoughtspot().can.rules, &[]).0, &target, &Rules::default());
    assert!(mapped.lint.iter().all(|finding| finding.severity == Severity::SetAside));
    assert_eq!(
        mapped.lint.iter().map(line).collect::<Vec<_>>(),
        [
            "unusable-record group g at p:6: broken",
            "duplicate-name user ADA at p:2: the target takes its name for the same as that at p:1",
            "duplicate-name user Ada at p:1: the target takes its name for the same as that at p:2",
            "duplicate-id user bob at p:3: it has the same immutable id as that at p:4",
            "duplicate-id user rob at p:4: it has the same immutable id as that at p:3",
            "name-refused-by-target user very bad at p:5: the target wants no `bad`",
        ]
    );
    let rejected: Vec<_> = mapped.rejected.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(rejected, ["g", "ADA", "Ada", "bob", "rob", "very bad"], "the same, without the code");
    assert!(mapped.desired.set_aside.contains(&(Kind::User, "very bad".into())));
    assert!(mapped.desired.set_aside_ids.contains(&(Kind::User, "9".into())));
    assert_eq!(mapped.desired.set.len(), 1);
}

#[test]
fn a_mail_address_of_several_users() {
    let found = linted([
        user("ada").mail("Shared@X.org").at("p:1"),
        user("bob").mail("shared@x.org ").at("p:2"),
        user("eve").mail("eve@x.org").at("p:3"),
        user("joe").mail("").at("p:4"),
        user("zoe").mail("").at("p:5"),
        group("g").mail("shared@x.org"),
    ]);
    assert_eq!(
        found,
        [
            "mail-used-twice user ada at p:1: its mail `shared@x.org` is also that of `bob` (p:2)",
            "mail-used-twice user bob at p:2: its mail `shared@x.org` is also that of `ada` (p:1)",
        ]
    );
    let beyond = linted([user("a").mail("STRA\u{df}E@x"), user("b").mail("strasse@x"), user("c").mail("strase@x")]);
    assert_eq!(beyond.len(), 2, "{beyond:?}");
    let many = linted(numbered("u", 0..500).iter().map(|name| user(name).mail("noreply@x")));
    assert!(many.len() == 500 && many.iter().all(|line| line.ends_with("and 496 more")), "{}", many[0]);
}

#[test]
fn a_group_that_no_source_defines() {
    let scope = Scope {
        groups: KindScope { include: Vec::new(), exclude: vec![Pattern::new(Kind::Group, "outside")] },
        ..Scope::default()
    };
    let people = (0..12).map(|number| {
        user(&format!("u{number:02}")).groups(["nowhere", "staff", "All", "outside"]).at(&format!("p:{number}"))
    });
    let mapped = mapped_in(
        people.chain([group("staff").groups(["nowhere"]).at("g:1"), group("outside"), user("x").groups(["once"])]),
        &scope,
    );
    assert_eq!(
        mapped.lint.iter().map(line).collect::<Vec<_>>(),
        [
            "dangling-group group nowhere at g:1: named by 12 users and 1 group (g:1, p:0, p:1 and 10 more), \
             and no source defines it",
            "dangling-group group once at : named by 1 user (), and no source defines it",
        ]
    );
}

#[test]
fn groups_that_are_nested_in_themselves() {
    let found = linted([
        group("a").groups(["b"]).at("g:1"),
        group("b").groups(["c", "top"]).at("g:2"),
        group("c").groups(["a"]),
        group("self").groups(["self"]).at("g:4"),
        group("top"),
        group("below").groups(["a"]),
        user("ada").groups(["a", "below"]),
    ]);
    assert_eq!(
        found,
        [
            "group-cycle group a at g:1: it is nested in itself: a > b > c > a",
            "group-cycle group self at g:4: it is nested in itself: self > self",
        ]
    );
    let ring = numbered("g", 0..400);
    let next = |at: usize| ring[(at + 1) % ring.len()].as_str();
    let long = linted(ring.iter().enumerate().map(|(at, name)| group(name).groups([next(at)])));
    assert!(long.len() == 1 && long[0].ends_with("g0007 > … 392 more > g0000"), "{long:?}");
}

#[test]
fn names_that_look_like_others() {
    let found = linted([
        user("paypal").at("p:1"),
        user("p\u{430}yp\u{430}l").at("p:2"),
        user("\u{441}\u{43e}\u{441}\u{43e}").at("p:3"),
        user("scope"),
        group("\u{455}\u{441}\u{43e}\u{440}\u{435}").at("g:1"),
        group("scope").at("g:2"),
        user("dat\u{430}base").at("p:4"),
        user("l1l"),
        user("lll"),
    ]);
    assert_eq!(
        found,
        [
            "confusable group scope at g:2: it looks like `\u{455}\u{441}\u{43e}\u{440}\u{435}` (g:1)",
            "confusable group \u{455}\u{441}\u{43e}\u{440}\u{435} at g:1: it looks like `scope` (g:2)",
            "confusable user dat\u{430}base at p:4: `dat\u{430}base` mixes letters of scripts that look alike",
            "confusable user paypal at p:1: it looks like `p\u{430}yp\u{430}l` (p:2)",
            "confusable user p\u{430}yp\u{430}l at p:2: it looks like `paypal` (p:1)",
        ],
        "two names of plain ASCII are told apart by the programs that made them"
    );
}

#[test]
fn characters_that_cannot_be_seen() {
    for (name, reason) in [
        ("a\u{200b}da", "character 2 is U+200B, which cannot be seen"),
        ("\u{202e}nimda", "character 1 is U+202E, which cannot be seen"),
        ("so\u{ad}ft", "character 3 is U+00AD, which cannot be seen"),
        ("\u{feff}ada", "character 1 is U+FEFF, which cannot be seen"),
        ("a\u{a0}b", "character 2 is U+00A0, which cannot be seen"),
        (" ada", "it begins with a space"),
        ("ada ", "it ends with a space"),
        ("ada  l", "it has two spaces in a row"),
    ] {
        let mapped = mapped([user(name)]);
        let found: Vec<_> = mapped.lint.iter().filter(|one| one.code == LintCode::InvisibleCharacter).collect();
        assert_eq!(found.len(), 1, "{name:?}");
        assert_eq!((found[0].reason.as_str(), found[0].severity), (reason, Severity::Warning));
        assert_eq!(mapped.desired.set.len(), 1, "it is used all the same");
    }
}

#[test]
fn the_order_of_reading_does_not_show() {
    let drafts = [
        user("ada").mail("m").groups(["x", "y"]).at("1"),
        user("bob").mail("m").groups(["y", "z"]).at("2"),
        user("b\u{43e}b").at("3"),
        user(" x").at("4"),
    ];
    let turned = linted(drafts.iter().rev().cloned());
    assert_eq!(linted(drafts), turned);
    assert_eq!(turned.len(), 8, "{turned:?}");
}
