//! Only what changed is read again, and the plan is the same.

use std::fmt::Write;

use crate::support::fault_ldap::{FaultServer, Sync};
use crate::support::{Directory, Document, Entry, GROUPS, PEOPLE, SUFFIX, Slapd, World};

const RULES: &str = "ownership: managed, removeDeleted: true, guard: { updates: off }";

fn ldap(url: &str, more: &str) -> String {
    format!(
        "ldap: {{ url: '{url}', bind: {{ dn: 'cn=reader,{SUFFIX}', password: {{ file: secret }} }}, users: {{ base: \
         '{PEOPLE}', map: {{ name: uid, displayName: cn, mail: mail }} }}, groups: {{ base: '{GROUPS}', map: {{ name: \
         cn }} }}, {more} }}"
    )
}

fn world(url: &str, more: &str) -> World {
    let world = World::new(&[], &[], RULES);
    world.app.write("secret", "reader\n");
    world.configure(&ldap(url, more), RULES);
    world
}

fn plan(world: &World) -> Document {
    world.run("plan --format json").exits(0).document()
}

fn proofs(plan: &Document) -> String {
    plan["sources"][0]["proofs"].to_string()
}

/// Fifty changes: 40 mails, five who leave, three who come, one rename, one more member.
fn change(slapd: &Slapd) -> Vec<String> {
    let admin = slapd.admin();
    let mut ldif = String::new();
    let mut expected = Vec::new();
    for number in 100..140 {
        let dn = Directory::user_dn(number);
        writeln!(ldif, "dn: {dn}\nchangetype: modify\nreplace: mail\nmail: new{number}@example.org\n").unwrap();
        expected.push(format!("update user:u{number:07}"));
    }
    for number in 200..205 {
        writeln!(ldif, "dn: {}\nchangetype: delete\n", Directory::user_dn(number)).unwrap();
        expected.push(format!("delete user:u{number:07}"));
    }
    admin.modify(&ldif);
    admin.add(&(9_000_001..9_000_004).map(Directory::user).collect::<Vec<_>>());
    expected.extend((9_000_001..9_000_004).map(|number| format!("create user:u{number:07}")));
    admin.rename(&Directory::user_dn(300), "uid=renamed", None);
    expected.push("rename user:u0000300".into());
    let group = Directory::group_dn(15);
    admin.modify(&format!("dn: {group}\nchangetype: modify\nadd: member\nmember: {}\n", Directory::user_dn(141)));
    expected.push("update user:u0000141".into());
    expected.sort_by_key(|change| change.split_once(' ').unwrap().1.to_owned());
    expected
}

#[test]
fn fifty_changes_are_fifty_entries_over_the_wire_and_the_plan_is_that_of_a_full_read() {
    let Some(mut slapd) = Slapd::start(|setup| setup.ldif = Directory::of(2_000).ldif()) else { return };
    assert!(!Directory::of(2_000).members(15).any(|number| number == 141), "the story adds it");
    let world = world(&slapd.url(), "incremental: {}");
    world.settle();
    let nothing = plan(&world);
    assert!(nothing.changes().is_empty() && proofs(&nothing).contains("0 users over the wire, 0 gone, 2,000 users"));
    let expected = change(&slapd);
    let followed = plan(&world);
    assert_eq!(followed.changes(), expected);
    // 40 mails, 3 new, 1 renamed; a rename makes groups be read whole, for they may name it by either DN.
    assert!(
        proofs(&followed).contains("44 users over the wire, 5 gone, 1,954 users remembered"),
        "{}",
        proofs(&followed)
    );
    assert!(proofs(&followed).contains("all groups were read"), "{}", proofs(&followed));
    // A full read says the same; so does one after the session log was lost, and one with a cookie that is no cookie.
    world.configure(&ldap(&slapd.url(), ""), RULES);
    let full = plan(&world);
    assert_eq!((full.changes(), &full["changes"]), (expected.clone(), &followed["changes"]));
    world.configure(&ldap(&slapd.url(), "incremental: {}"), RULES);
    slapd.restart();
    let restarted = plan(&world);
    assert_eq!(&restarted["changes"], &followed["changes"]);
    assert!(proofs(&restarted).contains("44 users over the wire, 5 gone"), "{}", proofs(&restarted));
    spoil(&world, "UPDATE memory SET cookie = CAST(replace(cookie, 'csn=2', 'csn=x') AS BLOB)");
    let spoilt = plan(&world);
    assert_eq!(&spoilt["changes"], &followed["changes"]);
    assert!(proofs(&spoilt).contains("everything was read"), "{}", proofs(&spoilt));
    world.run("apply --yes").exits(0);
    world.is_settled();
    let after = plan(&world);
    assert!(proofs(&after).contains("0 users over the wire, 0 gone, 1,998 users"), "{}", proofs(&after));
}

/// Changes what is remembered.
fn spoil(world: &World, statement: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let file = format!("sqlite:{}", world.app.path("rollcall.db").display());
        let pool = sqlx::SqlitePool::connect(&file).await.unwrap();
        assert!(sqlx::query(statement).execute(&pool).await.unwrap().rows_affected() > 0);
        pool.close().await;
    });
}

#[test]
fn a_part_of_what_is_remembered_that_is_broken_is_a_full_read() {
    let Some(slapd) = Slapd::start(|setup| setup.ldif = Directory::of(300).ldif()) else { return };
    let world = world(&slapd.url(), "incremental: {}");
    world.settle();
    slapd.admin().delete(&Directory::user_dn(7));
    spoil(&world, "UPDATE memory_part SET content = substr(content, 1, length(content) - 1)");
    let plan = plan(&world);
    assert_eq!(plan.changes(), ["delete user:u0000007"]);
    assert!(proofs(&plan).contains("what is remembered cannot be read"), "{}", proofs(&plan));
}

#[test]
fn another_question_or_a_tripped_limit_or_time_is_a_full_read() {
    let Some(slapd) = Slapd::start(|setup| setup.ldif = Directory::of(300).ldif()) else { return };
    let world = world(&slapd.url(), "incremental: {}");
    world.settle();
    assert!(proofs(&plan(&world)).contains("over the wire"));
    for other in ["incremental: { fullEvery: 1ms }", "incremental: {}, paging: 50, attributes: []"] {
        let more = if other.contains("attributes") { "incremental: {}" } else { other };
        let source =
            ldap(&slapd.url(), more).replace("mail: mail", if more == other { "mail: mail" } else { "mail: sn" });
        world.configure(&source, RULES);
        let plan = plan(&world);
        assert!(proofs(&plan).contains("the last cookie empty"), "{}", proofs(&plan));
    }
    world.configure(&ldap(&slapd.url(), "incremental: {}"), RULES);
    world.settle();
    // A hundred of 300 leave: refused, and the next reading is of everything.
    (0..100).for_each(|number| slapd.admin().delete(&Directory::user_dn(number)));
    let refused = world.run("plan --format json").exits(3).document();
    assert!(proofs(&refused).contains("over the wire, 100 gone"), "{}", proofs(&refused));
    let again = world.run("plan --format json").exits(3).document();
    assert!(proofs(&again).contains("the last cookie empty"), "{}", proofs(&again));
    world.nothing_written();
}

/// Sixty users in eight groups, the first in none.
const COMPANY: Directory = Directory { users: 60, groups: 8 };

/// A server whose history is at the version that its suffix tells.
fn faulty() -> FaultServer {
    let suffix = Entry::new(SUFFIX).with("objectClass", "organization").with("contextCSN", "1");
    let suffix = suffix.with("entryUUID", "00000000-0000-4000-8000-000000000009");
    let first = Directory::user_dn(0).into_bytes();
    let entries = COMPANY.entries().into_iter().map(|entry| {
        let members: Vec<_> = entry.values("member").iter().filter(|member| **member != first).cloned().collect();
        if members.is_empty() { entry } else { entry.without("member").with_all("member", members) }
    });
    let server = FaultServer::start(entries.chain([suffix]).collect());
    server.script(|script| script.sync = Sync::Kept);
    server
}

#[test]
fn whatever_a_server_makes_of_its_cookie_the_plan_is_right() {
    for (sync, followed) in [
        (Sync::Kept, true),
        (Sync::Present, true),
        (Sync::RefreshRequired, false),
        (Sync::Newer, false),
        (Sync::Ignored, false),
    ] {
        let server = faulty();
        let world = world(&server.url(), "incremental: {}");
        world.settle();
        let (gone, changed) = (0, 3);
        server.remove(&Directory::user_dn(gone));
        server.put(Directory::user(changed).without("mail").with("mail", "new@example.org"));
        server.script(|script| script.sync = sync);
        server.clear_journal();
        let plan = plan(&world);
        let mut expected = [format!("delete user:u{gone:07}"), format!("update user:u{changed:07}")];
        expected.sort_by_key(|change| change.split_once(':').unwrap().1.to_owned());
        assert_eq!(plan.changes(), expected, "{sync:?}");
        let told = proofs(&plan);
        assert_eq!(told.contains("over the wire, 1 gone"), followed, "{sync:?}: {told}");
        assert_eq!(told.contains("everything was read"), !followed, "{sync:?}: {told}");
        assert_eq!(server.entries_sent() < 20, followed, "{sync:?}: {} entries", server.entries_sent());
    }
}

#[test]
fn a_stale_member_gives_its_group_to_nobody_new() {
    let Some(slapd) = Slapd::start(|setup| setup.ldif = Directory::of(1_500).ldif()) else { return };
    let world = world(&slapd.url(), "incremental: {}");
    world.settle();
    let admin = slapd.admin();
    // Somebody leaves, and another comes under the same DN: who named the old one does not name the new one.
    let member = Directory::of(1_500).members(9).next().unwrap();
    admin.delete(&Directory::user_dn(member));
    let named = slapd.list(GROUPS, "(cn=group00009)", &["member"]).remove(0).texts("member");
    assert!(!named.contains(&Directory::user_dn(member)), "the server has forgotten them");
    admin.add(&[Directory::user(member)]);
    let followed = plan(&world);
    world.configure(&ldap(&slapd.url(), ""), RULES);
    let full = plan(&world);
    assert_eq!(&followed["changes"], &full["changes"]);
    world.configure(&ldap(&slapd.url(), "incremental: {}"), RULES);
    world.run("apply --yes").exits(0);
    world.is_settled();
}

#[test]
fn a_part_of_the_tree_that_is_renamed_takes_nobody_out_of_a_group() {
    let Some(slapd) = Slapd::start(|setup| setup.ldif = Directory::of(1_000).ldif()) else { return };
    let admin = slapd.admin();
    let place = |name: &str| format!("ou={name},{PEOPLE}");
    admin.modify(&format!("dn: {}\nobjectClass: organizationalUnit\nou: bern\n\n", place("bern")));
    let below = |number: usize, ou: &str| Directory::user_dn(number).replace(PEOPLE, &place(ou));
    admin.add(
        &[9_000_007, 9_000_008].map(|number| Entry { dn: below(number, "bern").into(), ..Directory::user(number) }),
    );
    let group = Directory::group_dn(9);
    let members = |ou: &str| {
        let members = [9_000_007, 9_000_008].map(|number| format!("member: {}\n", below(number, ou))).concat();
        admin.modify(&format!("dn: {group}\nchangetype: modify\nreplace: member\n{members}"));
    };
    members("bern");
    let world = world(&slapd.url(), "incremental: {}");
    world.settle();
    // No entry below it is told of as changed, and whoever keeps the groups follows by hand.
    admin.rename(&place("bern"), "ou=berna", None);
    members("berna");
    let followed = plan(&world);
    assert!(followed.changes().is_empty(), "{followed}");
    assert!(proofs(&followed).contains("members that are not among what is remembered"), "{}", proofs(&followed));
}

#[test]
fn a_server_that_was_set_back_is_not_followed_from_a_moment_that_it_never_had() {
    let server = faulty();
    let world = world(&server.url(), "incremental: {}");
    world.settle();
    server.script(|script| script.sync = Sync::Newer);
    assert!(proofs(&plan(&world)).contains("everything was read"));
    // It has moved on since, and takes the cookie for one of its own.
    server.script(|script| script.sync = Sync::Kept);
    assert!(proofs(&plan(&world)).contains("the last cookie empty"), "the cookie was forgotten");
}
