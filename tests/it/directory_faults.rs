//! A directory that does what no real one can be made to do: each fault is named, and nobody is removed for it.

use std::time::{Duration, Instant};

use crate::support::fault_ldap::{At, Fault, FaultServer, Paging, Ranges, What};
use crate::support::{Directory, Entry, GROUPS, PEOPLE, Run, World};

const RULES: &str = "ownership: managed, removeDeleted: true";

fn ldap(url: &str, more: &str) -> String {
    format!(
        "ldap: {{ url: '{url}', bind: {{ dn: 'cn=reader', password: {{ file: secret }} }}, users: {{ base: '{PEOPLE}', \
         map: {{ name: uid, displayName: cn }} }}, groups: {{ base: '{GROUPS}', map: {{ name: cn }} }}, {more} }}"
    )
}

/// A server with so many users, and a cluster where all of them are.
fn settled(users: usize, more: &str) -> (FaultServer, World) {
    let server = FaultServer::start(Directory::of(users).entries());
    let world = World::new(&[], &[], RULES);
    world.app.write("secret", "reader\n");
    world.configure(&ldap(&server.url(), more), RULES);
    world.settle();
    (server, world)
}

/// An apply under this fault: it ends so, says so, and writes nothing.
#[track_caller]
fn meets(server: &FaultServer, world: &World, fault: Fault, code: i32, reason: &str) -> Run {
    server.fault(fault);
    let run = world.run("apply --yes --format json");
    server.heal();
    assert!(run.code == Some(code) && format!("{run}").contains(reason), "expected {code} and {reason}\n{run}");
    world.nothing_written();
    run
}

#[test]
fn a_reading_that_is_cut_by_a_limit_is_unproven_and_says_where() {
    let (server, world) = settled(250, "paging: 100");
    // Three of them are gone, and would be removed by a whole reading.
    (0..3).for_each(|number| server.remove(&Directory::user_dn(number)));
    for (code, words) in [
        (4, "size limit exceeded (result code 4"),
        (3, "time limit exceeded (result code 3"),
        (11, "administrative limit exceeded (result code 11"),
    ] {
        let fault = Fault::new(At::Page(3), What::Result(code)).below(PEOPLE);
        let run = meets(&server, &world, fault, 3, words);
        let source = &run.document()["sources"][0];
        assert_eq!(source["complete"], false);
        assert!(source["missing"].to_string().contains("page 3"), "{run}");
    }
    world.run("apply --yes").exits(0);
    world.is_settled();
}

#[test]
fn a_connection_that_breaks_is_tried_once_more_and_then_fails() {
    let (server, world) = settled(250, "paging: 100, timeout: 1s");
    server.remove(&Directory::user_dn(0));
    // Bytes fall in the middle of an entry; after an entry the answer is whole so far.
    for at in [At::Byte(20_000), At::Entry(120), At::Begin] {
        meets(&server, &world, Fault::new(at, What::Cut).below(PEOPLE), 1, "connection");
    }
    meets(&server, &world, Fault::new(At::Entry(20), What::Notice(52)).below(PEOPLE), 1, "error");
    let begin = Instant::now();
    meets(&server, &world, Fault::new(At::Entry(130), What::Stall).below(PEOPLE), 1, "no answer within 1 s");
    assert!(begin.elapsed() < Duration::from_secs(15), "it does not wait for ever");
    // Once is survived: the second attempt reads everything.
    server.clear_journal();
    server.fault(Fault::new(At::Entry(120), What::Cut).below(PEOPLE).once());
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["delete user:u0000000"]);
    assert_eq!(plan["sources"][0]["complete"], true);
    assert!(server.searches().iter().filter(|search| search.base == PEOPLE).count() >= 4, "from the beginning");
}

#[test]
fn pages_that_lie_are_found_out() {
    let (server, world) = settled(250, "paging: 100");
    server.remove(&Directory::user_dn(0));
    for paging in [Paging::SamePage, Paging::NeverEnds, Paging::LastUntold, Paging::Ignored, Paging::Unknown] {
        server.script(|script| script.paging = paging);
        let run = world.run("apply --yes --format json");
        server.heal();
        // All in one answer with success is everything; whatever else, nobody goes without proof.
        let whole = run.code == Some(0) && paging == Paging::Ignored;
        assert!(matches!(run.code, Some(1 | 3)) || whole, "{paging:?}\n{run}");
        if !whole {
            world.nothing_written();
        }
    }
}

#[test]
fn active_directory_gives_a_thousand_entries_and_1500_values_at_a_time() {
    let directory = Directory { users: 3_200, groups: 2 };
    let guid = |number: usize| {
        // Of random bytes one in ten thousand is text; these are.
        format!("guid-{number:011}").into_bytes()
    };
    let entries = directory
        .entries()
        .into_iter()
        .enumerate()
        .map(|(at, entry)| entry.with("objectGUID", guid(at)).with("userAccountControl", "512"));
    let server = FaultServer::start(entries.collect());
    server.script(|script| {
        script.active_directory = true;
        script.most_entries = Some(1_000);
        script.most_values = Some(1_500);
    });
    let world = World::new(&[], &[], RULES);
    world.app.write("secret", "reader\n");
    let source = ldap(&server.url(), "").replace("users: {", "users: { filter: '(uid=*)',");
    let source = source.replace("groups: {", "groups: { filter: '(objectClass=groupOfNames)',");
    world.configure(&source, RULES);
    world.settle();
    world.is_settled();
    let members: std::collections::BTreeSet<usize> = directory.members(0).collect();
    assert!(members.len() > 3_000, "two more ranges are fetched");
    let there = world.cluster.principals();
    let found = there.iter().filter(|one| one.group_names.iter().any(|group| group == "group00000")).count();
    assert_eq!(found, members.len());
    // A page of 5,000 comes as pages of 1,000, and none is lost.
    world.configure(&source.replace("users: {", "paging: 5000, users: {"), RULES);
    world.is_settled();
    // Without pages there is a first thousand and no more.
    world.configure(&source.replace("users: {", "paging: off, users: {"), RULES);
    let run = world.run("plan --format json").exits(3);
    assert!(format!("{run}").contains("size limit exceeded (result code 4"), "{run}");
    // Somebody is gone: a reading that lacks a proof removes nobody.
    server.remove(&Directory::user_dn(0));
    for ranges in
        [Ranges::Refused, Ranges::Absent, Ranges::EntryGone, Ranges::FirstAgain, Ranges::Hole, Ranges::NeverEnd]
    {
        server.script(|script| script.ranges = ranges);
        world.configure(&source.replace("users: {", "timeout: 5s, users: {"), RULES);
        world.cluster.clear_journal();
        let run = world.run("apply --yes --format json");
        assert!(matches!(run.code, Some(1 | 3)), "{ranges:?}\n{run}");
        world.nothing_written();
    }
}

#[test]
fn what_cannot_be_read_as_an_answer_is_an_error_and_no_panic() {
    let (server, world) = settled(60, "timeout: 2s");
    server.remove(&Directory::user_dn(0));
    let bytes = |bytes: &[u8]| What::Bytes(bytes.to_vec());
    for what in [
        bytes(&[0x30, 0x80, 0x02]),
        bytes(&[0x30, 0x03, 0x02, 0x01, 0x07]),
        bytes(&[0x00, 0x00, 0x00, 0x00, 0x00]),
        bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        What::Announced(0x7fff_ffff),
    ] {
        let run = meets(&server, &world, Fault::new(At::Entry(10), what).below(PEOPLE), 1, "error");
        assert!(!run.err.contains("panicked") && !run.err.contains("stack backtrace"), "{run}");
    }
    let run = meets(&server, &world, Fault::new(At::Entry(10), What::BrokenDn).below(PEOPLE), 3, "not UTF-8");
    assert_eq!(run.document()["sources"][0]["complete"], false);
}

#[test]
fn a_referral_is_counted_and_strictly_leaves_the_reading_unproven() {
    let (server, world) = settled(60, "");
    server.remove(&Directory::user_dn(0));
    let refer = || Fault::new(At::Entry(10), What::Reference("ldap://elsewhere.example.org/dc=x".into())).below(PEOPLE);
    server.fault(refer());
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!((&plan["sources"][0]["complete"], plan.changes().len()), (&true.into(), 1), "{plan}");
    server.heal();
    world.configure(&ldap(&server.url(), "referrals: strict"), RULES);
    meets(&server, &world, refer(), 3, "elsewhere.example.org");
    // A search that is itself sent elsewhere gives nothing at all.
    let away = What::Referral("ldap://elsewhere.example.org/".into());
    let fault = Fault::new(At::Begin, away).below(PEOPLE);
    server.fault(fault);
    let run = world.run("apply --yes");
    assert!(matches!(run.code, Some(1 | 3)), "{run}");
    assert!(format!("{run}").contains("elsewhere.example.org"), "{run}");
    world.nothing_written();
}

#[test]
fn the_next_server_is_read_when_the_first_is_gone_and_a_wrong_password_is_not_tried_there() {
    let first = FaultServer::start(Directory::of(60).entries());
    let second = FaultServer::start(Directory::of(60).entries());
    let world = World::new(&[], &[], RULES);
    world.app.write("secret", "reader\n");
    let urls = |one: &str, other: &str| ldap("@", "").replace("'@'", &format!("['{one}', '{other}']"));
    world.configure(&urls(&first.url(), &second.url()), RULES);
    world.settle();
    assert!(second.requests().is_empty(), "the first answers");
    // Lost on the way: everything is read again, from the second.
    first.fault(Fault::new(At::Entry(30), What::Cut).below(PEOPLE));
    second.remove(&Directory::user_dn(1));
    assert_eq!(world.run("plan --format json").exits(0).document().changes(), ["delete user:u0000001"]);
    first.heal();
    second.clear_journal();
    first.script(|script| script.bind = Some(49));
    world.run("plan").exits(1).complains("invalid credentials (result code 49");
    assert!(second.requests().is_empty(), "one wrong password is enough");
    world.configure(&urls("ldap://127.0.0.1:1", &second.url()), RULES);
    assert_eq!(world.run("plan --format json").exits(0).document().changes(), ["delete user:u0000001"]);
}

#[test]
fn entries_that_are_no_principals_are_set_aside_and_leave_it_unproven() {
    let (server, world) = settled(60, "");
    server.remove(&Directory::user_dn(0));
    let nameless =
        Entry::new(format!("cn=printer,{PEOPLE}")).with("objectClass", "inetOrgPerson").with("cn", "printer");
    server.put(nameless.with("entryUUID", "00000000-0000-4000-8000-000000000001"));
    let run = world.run("apply --yes --format json").exits(3);
    let document = run.document();
    assert!(document["sources"][0]["missing"].to_string().contains("no readable name"), "{document}");
    assert!(document["rejected"].to_string().contains("cn=printer"), "{document}");
    world.nothing_written();
}
