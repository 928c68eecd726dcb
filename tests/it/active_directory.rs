//! A real Active Directory (Samba) as the source: nested groups, large ones, primary groups, disabled accounts.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{App, DOMAIN, Samba, World};

const RULES: &str = "ownership: managed, removeDeleted: true, groups: { exclude: ['ring-*'] }";

fn source(samba: &Samba, more: &str) -> String {
    let reader = samba.reader();
    format!(
        "ldap: {{ url: '{}', tls: {{ ca: '{}' }}, bind: {{ dn: '{}', password: {{ file: reader }} }}, users: {{ base: \
         'OU=People,{DOMAIN}', map: {{ displayName: displayName, mail: mail }} }}, groups: {{ base: \
         'OU=Groups,{DOMAIN}' }}, {more} }}",
        samba.tls_url(),
        samba.ca().display(),
        reader.dn
    )
}

/// Each active user with its groups as `ldapsearch` tells them: by `member`, and by the primary group.
fn memberships(samba: &Samba) -> BTreeMap<String, BTreeSet<String>> {
    let people = format!("OU=People,{DOMAIN}");
    let active = "(&(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))";
    let users = samba.list(&people, active, &["sAMAccountName", "primaryGroupID"]);
    let mut found: BTreeMap<_, _> = users.iter().map(|user| (user.dn(), BTreeSet::new())).collect();
    let groups =
        samba.list(&format!("OU=Groups,{DOMAIN}"), "(objectClass=group)", &["cn", "member", "primaryGroupToken"]);
    for group in groups.iter().filter(|group| !group.text("cn").starts_with("ring-")) {
        for member in group.texts("member") {
            if let Some(of) = found.get_mut(&member) {
                of.insert(group.text("cn"));
            }
        }
        for user in users.iter().filter(|user| user.text("primaryGroupID") == group.text("primaryGroupToken")) {
            found.get_mut(&user.dn()).unwrap().insert(group.text("cn"));
        }
    }
    users.iter().map(|user| (user.text("sAMAccountName"), found.remove(&user.dn()).unwrap())).collect()
}

#[test]
fn every_membership_of_a_domain_comes_into_the_cluster() {
    let Some(samba) = Samba::start() else { return };
    let world = World::new(&[], &[], RULES);
    world.app.write("reader", samba.reader().password);
    world.configure(&source(&samba, ""), RULES);
    world.settle();
    world.is_settled();
    let expected = memberships(&samba);
    assert_eq!(expected.len(), 1_666, "1,700 users but 34 that are disabled");
    let there: BTreeMap<_, _> = world.cluster.principals().into_iter().map(|one| (one.name.clone(), one)).collect();
    for (name, groups) in &expected {
        let here = there[name].group_names.iter().filter(|group| *group != "All").cloned();
        assert_eq!(here.collect::<BTreeSet<_>>(), *groups, "{name}");
    }
    assert!(!there.contains_key("u0049"), "a disabled account is not created");
    let users = |group: &str| expected.values().filter(|groups| groups.contains(group)).count();
    assert_eq!((users("everyone"), users("staff"), users("distribution")), (1_568, 17, 3));
    assert_eq!(world.cluster.groups_of("level3"), ["level2"], "groups are in groups");
    // Somebody is disabled: where the target cannot, it is a leaver.
    samba.admin().set(&Samba::user_dn(5), "userAccountControl", "546");
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["delete user:u0005"]);
    assert_eq!(plan.change("user:u0005")["reasonCode"], "inactive");
}

#[test]
fn groups_in_groups_can_be_flattened_and_a_ring_is_named() {
    let Some(samba) = Samba::start() else { return };
    let app = App::new();
    app.write("reader", samba.reader().password);
    app.configure(&format!(
        "sources:\n  corp: {{ {} }}\ntargets: {{ file: {{ file: {{ path: target.json }} }} }}\nsyncs:\n  s: {{ from: \
         corp, to: file, groups: {{ nested: flatten }} }}\n",
        source(&samba, "")
    ));
    let run = app.run("apply --yes --format json").exits(0);
    let lint = run.document()["lint"].to_string();
    assert!(lint.contains("ring-a > ring-b > ring-a") || lint.contains("ring-b > ring-a > ring-b"), "{lint}");
    let principals = app.read_json("target.json");
    let groups = |name: &str| {
        let found = principals.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        let names = found["groupNames"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned());
        names.collect::<BTreeSet<_>>()
    };
    let every = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(groups("u0003"), every(&["everyone", "level0", "level1", "level2", "level3"]));
    assert_eq!(groups("u0011"), every(&["everyone", "ring-a", "ring-b"]));
    assert!(groups("level3").is_empty());
}

#[test]
fn only_what_changed_in_a_domain_is_read_again() {
    let Some(samba) = Samba::start() else { return };
    let world = World::new(&[], &[], RULES);
    let admin = samba.admin();
    world.app.write("reader", &admin.password);
    let followed = source(&samba, "incremental: {}").replace(&samba.reader().dn, &admin.dn);
    world.configure(&followed, RULES);
    world.settle();
    admin.set(&Samba::user_dn(20), "mail", "new@example.org");
    admin.delete(&Samba::user_dn(21));
    admin.modify(&format!(
        "dn: {}\nchangetype: modify\nadd: member\nmember: {}\n",
        Samba::group_dn("distribution"),
        Samba::user_dn(22)
    ));
    let changes = ["update user:u0020", "delete user:u0021", "update user:u0022"];
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), changes);
    let proofs = plan["sources"][0]["proofs"].to_string();
    assert!(proofs.contains("1 user over the wire, 1 gone"), "{proofs}");
    assert!(proofs.contains("all groups were read"), "somebody is gone: {proofs}");
    // A rename moves what groups say of a member without the groups being told as changed.
    admin.rename(&Samba::user_dn(23), "CN=Moved", None);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), changes, "{plan}");
    assert!(plan["sources"][0]["proofs"].to_string().contains("all groups were read"), "{plan}");
    world.run("apply --yes").exits(0);
    world.is_settled();
    // An account that may not see what is deleted reads everything, and says so.
    world.app.write("reader", samba.reader().password);
    world.configure(&source(&samba, "incremental: {}"), RULES);
    let plan = world.run("plan --format json").exits(0).document();
    assert!(plan.changes().is_empty(), "{plan}");
    assert!(plan["sources"][0]["proofs"].to_string().contains("may not see deleted objects"), "{plan}");
}
