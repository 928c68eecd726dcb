//! A real OpenLDAP as the source: what is read, and what happens when it cannot be.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::support::{Certificate, Directory, GROUPS, PEOPLE, Slapd, World};

const RULES: &str = "ownership: managed, removeDeleted: true";

/// The source as a member of a YAML flow mapping; `account` is who binds, `more` what it has besides.
fn ldap(url: &str, account: &str, more: &str) -> String {
    format!(
        "ldap: {{ url: '{url}', bind: {{ dn: 'cn={account},dc=example,dc=org', password: {{ file: {account} }} }}, \
         users: {{ base: '{PEOPLE}', map: {{ name: uid, displayName: cn, mail: mail }} }}, groups: {{ base: '{GROUPS}', \
         map: {{ name: cn, description: description }} }}, {more} }}"
    )
}

/// A cluster whose source is a directory.
fn world(source: &str) -> World {
    let world = World::new(&[], &[], RULES);
    for account in ["reader", "small", "nopage", "plain"] {
        world.app.write(account, format!("{account}\n"));
    }
    world.configure(source, RULES);
    world
}

/// Everybody of `slapd` is in the cluster.
fn settled(slapd: &Slapd) -> World {
    let world = world(&ldap(&slapd.url(), "reader", ""));
    world.settle();
    world
}

/// Each user with its groups, as `ldapsearch` tells them.
fn memberships(slapd: &Slapd) -> BTreeMap<String, Vec<String>> {
    let users = slapd.list(PEOPLE, "(uid=*)", &["uid"]);
    let mut found: BTreeMap<String, Vec<String>> = users.iter().map(|user| (user.dn(), Vec::new())).collect();
    for group in slapd.list(GROUPS, "(cn=*)", &["cn", "member"]) {
        for member in group.texts("member") {
            found.get_mut(&member).unwrap().push(group.text("cn"));
        }
    }
    users.into_iter().map(|user| (user.text("uid"), found.remove(&user.dn()).unwrap())).collect()
}

#[test]
fn ten_thousand_users_come_into_the_cluster_with_every_membership() {
    let Some(slapd) = Slapd::start(|setup| setup.ldif = Directory::of(10_000).ldif()) else { return };
    let world = settled(&slapd);
    let plan = world.run("plan --detailed-exitcode --format json").exits(0).document();
    assert!(plan.changes().is_empty(), "{plan}");
    assert_eq!(
        (plan["sources"][0]["users"].as_u64(), plan["sources"][0]["groups"].as_u64()),
        (Some(10_000), Some(100))
    );
    let expected = memberships(&slapd);
    assert_eq!(expected.len(), 10_000);
    let there: BTreeMap<_, _> = world.cluster.principals().into_iter().map(|one| (one.name.clone(), one)).collect();
    for (name, groups) in expected {
        let mut here = there[&name].group_names.clone();
        here.retain(|group| group != "All");
        here.sort();
        assert_eq!(here, groups, "{name}");
    }
    assert_eq!(there["u0000004"].display_name, "Émile Abel 4");
}

#[test]
fn a_limit_of_the_server_leaves_the_reading_unproven_and_removes_nobody() {
    let Some(slapd) = Slapd::start(|setup| {
        setup.ldif = Directory::of(600).ldif();
        setup.size_limit = Some(500);
    }) else {
        return;
    };
    let world = settled(&slapd);
    for (account, paging, code, reason) in
        [("plain", "off", 0, "after 500 users"), ("small", "20", 3, "on page 3 after 50 users")]
    {
        world.configure(&ldap(&slapd.url(), account, &format!("paging: {paging}")), RULES);
        // Fifty of 600 are too few as well.
        let run = world.run("plan --format json").exits(code);
        let document = run.document();
        let source = &document["sources"][0];
        assert_eq!((&source["complete"], document.changes().len()), (&false.into(), 0));
        assert!(document.held().iter().any(|held| held.ends_with("delete: unproven-source")), "{document}");
        let missing = source["missing"].to_string();
        assert!(missing.contains(reason) && missing.contains("size limit exceeded (result code 4"), "{missing}");
        world.run("apply --yes").exits(3);
    }
    // This one may not page at all.
    world.configure(&ldap(&slapd.url(), "nopage", ""), RULES);
    let run = world.run("apply --yes");
    assert!(matches!(run.code, Some(1 | 3)), "{run}");
    assert!(format!("{run}").contains("result code 11") || format!("{run}").contains("not allowed"), "{run}");
    world.nothing_written();
}

#[test]
fn a_server_that_is_killed_on_the_way_is_a_failed_reading() {
    let Some(mut slapd) = Slapd::start(|setup| setup.ldif = Directory::of(3_000).ldif()) else { return };
    let world = settled(&slapd);
    // A page for every user: long enough to be met on the way.
    world.configure(&ldap(&slapd.url(), "reader", "paging: 1"), RULES);
    let running = world.app.begin("apply --yes");
    let begin = Instant::now();
    std::thread::sleep(Duration::from_millis(400));
    slapd.kill();
    let run = running.end().exits(1);
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert!(run.err.contains("onnection"), "{run}");
    world.nothing_written();
}

#[test]
fn whatever_is_wrong_with_the_connection_or_the_search_is_said_and_nobody_is_removed() {
    let Some(slapd) = Slapd::start(|setup| setup.ldif = Directory::of(60).ldif()) else { return };
    let Some(expired) = Slapd::start(|setup| setup.certificate = Certificate::Expired) else { return };
    let Some(elsewhere) = Slapd::start(|setup| setup.certificate = Certificate::OfAnotherHost) else { return };
    let world = settled(&slapd);
    let good = ldap(&slapd.url(), "reader", "");
    let tls = |slapd: &Slapd| ldap(&slapd.tls_url(), "reader", &format!("tls: {{ ca: '{}' }}", slapd.ca().display()));
    world.app.write("small", "wrong\n");
    let cases = [
        (good.replace(PEOPLE, "ou=nobody,dc=example,dc=org"), 1, "no such object (result code 32"),
        (ldap(&slapd.url(), "small", ""), 1, "invalid credentials (result code 49"),
        (tls(&expired), 1, "expired"),
        (tls(&elsewhere), 1, "elsewhere.example.org"),
        (ldap(&slapd.tls_url(), "reader", ""), 1, "set `tls.ca`"),
        (good.replace("users: {", "users: { filter: '(objectClas=inetOrgPerson)',"), 3, "asks about `objectClas`"),
        (good.replace("users: {", "users: { filter: '(uid=nobody)',"), 3, "source.empty"),
        (good.replace(&slapd.url(), "ldap://127.0.0.1:1"), 1, "refused"),
    ];
    for (source, code, reason) in cases {
        // Groups alone are no empty source: nobody of the users may go for it.
        let source =
            if reason == "source.empty" { source.replace(GROUPS, "cn=reader,dc=example,dc=org") } else { source };
        world.configure(&source, RULES);
        let run = world.run("apply --yes --format json").exits(code);
        assert!(format!("{run}").contains(reason), "expected {reason}\n{run}");
    }
    world.nothing_written();
    // The same over TLS, with the right authority, is all well.
    world.configure(&tls(&slapd), RULES);
    world.run("plan --detailed-exitcode").exits(0);
    let start_tls = format!("startTls: required, tls: {{ ca: '{}' }}", slapd.ca().display());
    world.configure(&ldap(&slapd.url(), "reader", &start_tls), RULES);
    world.run("plan --detailed-exitcode").exits(0);
}

#[test]
fn a_part_of_the_tree_that_another_server_holds_is_counted_and_strictly_leaves_it_unproven() {
    let Some(slapd) = Slapd::start(|setup| setup.ldif = Directory::of(40).ldif()) else { return };
    let world = settled(&slapd);
    slapd.admin().modify(
        "dn: ou=berlin,ou=people,dc=example,dc=org\nobjectClass: referral\nobjectClass: extensibleObject\nou: berlin\n\
         ref: ldap://berlin.example.org/ou=people,dc=example,dc=org\n\n",
    );
    slapd.admin().delete(&Directory::user_dn(7));
    let report = world.run("plan --format json").exits(0).document();
    assert_eq!(report["sources"][0]["complete"], true);
    assert!(report["sources"][0]["proofs"].to_string().contains("1 referral to other servers"), "{report}");
    assert_eq!(report.changes(), ["delete user:u0000007"]);
    world.configure(&ldap(&slapd.url(), "reader", "referrals: strict"), RULES);
    let strict = world.run("plan --format json").exits(0).document();
    assert_eq!(strict["sources"][0]["complete"], false);
    assert!(strict["sources"][0]["missing"].to_string().contains("berlin.example.org"), "{strict}");
    world.run("apply --yes").exits(3);
    world.nothing_written();
}

#[test]
fn a_new_name_is_a_rename_and_a_new_place_or_spelling_is_nothing() {
    let Some(slapd) = Slapd::start(|setup| setup.ldif = Directory::of(60).ldif()) else { return };
    let admin = slapd.admin();
    admin.modify("dn: ou=berlin,ou=people,dc=example,dc=org\nobjectClass: organizationalUnit\nou: berlin\n\n");
    admin.rename(&Directory::user_dn(9), "uid=zo\u{eb}", None);
    let world = settled(&slapd);
    // Another place, other case, other normal form: what the target takes for the same name.
    admin.rename(&Directory::user_dn(4), "uid=u0000004", Some("ou=berlin,ou=people,dc=example,dc=org"));
    admin.rename(&Directory::user_dn(5), "uid=U0000005", None);
    admin.rename(&format!("uid=zo\u{eb},{PEOPLE}"), "uid=zoe\u{308}", None);
    let plan = world.run("plan --format json").exits(0).document();
    assert!(plan.changes().is_empty(), "{plan}");
    admin.rename(&Directory::user_dn(3), "uid=married", None);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["rename user:u0000003"]);
    assert_eq!(plan.change("user:u0000003")["newName"], "married");
    assert_eq!(plan["summary"]["users"]["delete"].as_u64(), Some(0));
    world.run("apply --yes").exits(0);
    world.is_settled();
    assert!(world.cluster.find("married").is_some() && world.cluster.find("u0000003").is_none());
}

#[test]
fn check_tells_what_it_found_and_how_to_ask_oneself() {
    let Some(slapd) = Slapd::start(|setup| setup.ldif = Directory::of(1_200).ldif()) else { return };
    let world = world(&ldap(&slapd.tls_url(), "reader", &format!("tls: {{ ca: '{}' }}", slapd.ca().display())));
    let run = world.run("check").exits(0);
    for text in ["OpenLDAP", "TLS", "1,200 users", "12 groups", "`entryUUID`", "cn=reader", "ldapsearch -LLL -x -H"] {
        assert!(run.out.contains(text), "expected {text}\n{run}");
    }
    assert!(!run.out.contains("reader -w"), "{run}");
    // What it prints can be pasted.
    let line = run.out.lines().find(|line| line.contains("ldapsearch -LLL") && line.contains(PEOPLE)).unwrap();
    let command = line.trim().replace(" -W ", " -y reader.secret ");
    world.app.write("reader.secret", "reader");
    let output =
        std::process::Command::new("sh").current_dir(world.app.folder()).args(["-c", &command]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.lines().filter(|line| line.starts_with("dn:")).count(), 1_200, "{command}");
    world.configure(&ldap(&slapd.url(), "reader", "").replace("mail: mail", "mail: mai"), RULES);
    world.run("check").says("mai");
}
