use crate::connector::Reading;
use crate::principal::Kind;
use crate::sources::ldap::active::ActiveRule;
use crate::sources::ldap::assemble::{Assembler, GroupShape, MembersIn, PRIMARY_GROUP, SID, Shape};
use crate::sources::ldap::entry::{Entry, EntryAttribute};
use crate::sources::ldap::reader::EntryReader;

fn reader(kind: Kind) -> EntryReader {
    EntryReader {
        kind,
        name: if kind == Kind::User { "uid" } else { "cn" }.into(),
        id: "entryUUID".into(),
        display_name: (kind == Kind::User).then(|| "displayName".into()),
        description: None,
        mail: (kind == Kind::User).then(|| "mail".into()),
        attributes: Vec::new(),
        active: None,
    }
}

fn shape(members: MembersIn) -> Shape {
    let groups = GroupShape { reader: reader(Kind::Group), members, primary: true };
    Shape { users: reader(Kind::User), groups: Some(groups) }
}

fn member() -> MembersIn {
    MembersIn::Dns("member".into())
}

fn entry(dn: &str, values: &[(&str, &str)]) -> Entry {
    let mut entry = Entry { dn: dn.into(), attributes: Vec::new() };
    for (name, value) in values {
        let value = value.as_bytes().to_vec();
        if let Some(attribute) = entry.attributes.iter_mut().find(|attribute| attribute.name == *name) {
            attribute.values.push(value);
        } else {
            entry.attributes.push(EntryAttribute { name: (*name).into(), values: vec![value] });
        }
    }
    entry
}

fn user(uid: &str) -> Entry {
    entry(&format!("uid={uid},ou=people"), &[("uid", uid)])
}

fn read(shape: Shape, users: &[Entry], groups: &[Entry]) -> Reading {
    let mut assembler = Assembler::new(shape);
    for entry in users {
        assembler.user(entry);
    }
    for entry in groups {
        assembler.group(entry);
    }
    assembler.finish().reading
}

/// Each record with its groups.
fn told(reading: &Reading) -> Vec<String> {
    let line = |record: &crate::principal::Record| {
        let principal = &record.principal;
        let groups = principal.groups.as_ref().map(|groups| reading.names.sorted(groups).join(" "));
        format!("{} {}: {}", principal.kind.word(), principal.name, groups.unwrap_or_else(|| "unmanaged".into()))
    };
    reading.records.iter().map(line).collect()
}

#[test]
fn members_are_found_whatever_the_spelling_of_their_dn() {
    let staff = [("cn", "staff"), ("member", "UID=Ada, OU=People"), ("member", "uid=b\\6fb,ou=people")];
    let admins = [("cn", "admins"), ("member", "CN=Staff,ou=groups"), ("member", "uid=gone,ou=people")];
    // A group may stand before the group that it is in, or after it.
    let groups = [entry("cn=admins,ou=groups", &admins), entry("cn=staff,ou=groups", &staff)];
    let reading = read(shape(member()), &[user("ada"), user("bob"), user("eve")], &groups);
    assert_eq!(
        told(&reading),
        ["user ada: staff", "user bob: staff", "user eve: ", "group admins: ", "group staff: admins"]
    );
    assert!(reading.coverage.is_whole());
    assert_eq!(reading.coverage.proofs, ["1 member not among what was read: uid=gone,ou=people"]);
}

#[test]
fn members_may_be_names() {
    let staff = entry("cn=staff", &[("cn", "staff"), ("memberUid", "ADA"), ("memberUid", "nobody")]);
    let reading = read(shape(MembersIn::Names("memberUid".into())), &[user("ada")], &[staff]);
    assert_eq!(told(&reading), ["user ada: staff", "group staff: "]);
    assert_eq!(reading.coverage.proofs, ["1 member not among what was read: nobody"]);
}

/// Which of them is meant cannot be told: neither is taken out of the group.
#[test]
fn a_name_that_two_have_is_both_of_them() {
    let users = [user("ada"), entry("uid=ADA,ou=elsewhere", &[("uid", "ADA")]), user("bob")];
    let staff = entry("cn=staff", &[("cn", "staff"), ("memberUid", "ada")]);
    let reading = read(shape(MembersIn::Names("memberUid".into())), &users, &[staff]);
    assert_eq!(told(&reading), ["user ada: staff", "user ADA: staff", "user bob: ", "group staff: "]);
}

#[test]
fn memberships_may_stand_at_the_member() {
    let ada = entry("uid=ada", &[("uid", "ada"), ("memberOf", "CN=Staff"), ("memberOf", "cn=elsewhere")]);
    let staff = entry("cn=staff", &[("cn", "staff"), ("memberOf", "cn=all")]);
    let all = entry("cn=all", &[("cn", "all")]);
    let reading = read(shape(MembersIn::MemberOf("memberOf".into())), &[ada], &[staff, all]);
    assert_eq!(told(&reading), ["user ada: staff", "group staff: all", "group all: "]);
    assert_eq!(reading.coverage.proofs, ["1 member not among what was read: cn=elsewhere"]);
}

#[test]
fn the_primary_group_is_a_membership() {
    let sid = |relative: u8| vec![1, 2, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, relative, 2, 0, 0];
    let with = |mut entry: Entry, relative| {
        entry.attributes.push(EntryAttribute { name: SID.to_lowercase(), values: vec![sid(relative)] });
        entry
    };
    let primary = |uid: &str, group: &str| {
        let mut entry = user(uid);
        entry.attributes.push(EntryAttribute { name: PRIMARY_GROUP.into(), values: vec![group.into()] });
        with(entry, 77)
    };
    let staff = with(entry("cn=staff", &[("cn", "staff")]), 1);
    // 513: the group that the search does not give.
    let reading = read(shape(member()), &[primary("ada", "513"), primary("bob", "514")], &[staff]);
    assert_eq!(told(&reading), ["user ada: staff", "user bob: ", "group staff: "]);
}

#[test]
fn what_cannot_be_read_is_set_aside_and_takes_nobody_out_of_a_group() {
    let two = entry("uid=ada,ou=people", &[("uid", "ada"), ("entryUUID", "1"), ("entryUUID", "2")]);
    let nameless = entry("cn=printer,ou=people", &[("cn", "printer")]);
    let staff = [("cn", "staff"), ("entryUUID", "3"), ("entryUUID", "4"), ("member", "uid=bob,ou=people")];
    let groups = [entry("cn=staff", &staff)];
    let reading = read(shape(member()), &[two, nameless, user("bob")], &groups);
    assert_eq!(told(&reading), ["user bob: staff"]);
    let reasons: Vec<_> = reading.rejected.iter().map(|one| format!("{}: {}", one.origin, one.reason)).collect();
    assert_eq!(
        reasons,
        [
            "uid=ada,ou=people: `entryUUID` has 2 values, and an id is one",
            "cn=printer,ou=people: it has no `uid`, which is the name",
            "cn=staff: `entryUUID` has 2 values, and an id is one",
        ]
    );
    assert_eq!(reading.coverage.missing, ["1 entry has no readable name (cn=printer,ou=people)"]);
}

/// `members: memebr`, or an account that may not see `member`: both look like groups without members.
#[test]
fn groups_of_which_none_has_a_member_prove_nothing() {
    let groups = [entry("cn=staff", &[("cn", "staff")]), entry("cn=all", &[("cn", "all")])];
    let missing = |members, groups: &[Entry]| read(shape(members), &[user("ada")], groups).coverage.missing;
    let check = "check `groups.members`, and whether the bind account may see it";
    let misspelled = || MembersIn::Dns("memebr".into());
    assert_eq!(missing(misspelled(), &groups), [format!("none of 2 groups has a value of `memebr`: {check}")]);
    let by_user = missing(MembersIn::MemberOf("memberOf".into()), &groups);
    assert_eq!(by_user, [format!("none of 1 user and 2 groups has a value of `memberOf`: {check}")]);
    assert!(missing(misspelled(), &[]).is_empty(), "that there is no group is the guard's business");
    let one = entry("cn=few", &[("cn", "few"), ("member", "uid=gone")]);
    assert!(missing(member(), &[groups[0].clone(), one]).is_empty());
}

fn active(rule: &str, users: &[Entry]) -> Reading {
    let rule = ActiveRule::new(&serde_yaml::from_str(rule).unwrap(), "active").unwrap();
    read(Shape { users: EntryReader { active: Some(rule), ..reader(Kind::User) }, groups: None }, users, &[])
}

/// Else everybody whom we disabled would be enabled again.
#[test]
fn who_cannot_be_told_active_is_set_aside() {
    let known = entry("uid=bob", &[("uid", "bob"), ("userAccountControl", "514")]);
    let reading = active("{ attribute: userAccountControl, inactiveBits: 2 }", &[user("ada"), known]);
    assert_eq!(told(&reading), ["user bob: unmanaged"]);
    assert_eq!(reading.records[0].principal.active, Some(false));
    assert_eq!(reading.rejected[0].name, "ada");
    assert_eq!(reading.rejected[0].reason, "it has no `userAccountControl`, which tells whether it is active");
}

#[test]
fn a_state_that_nobody_has_proves_nothing_unless_it_is_for_the_inactive_alone() {
    let values = "{ attribute: state, activeValues: [staff] }";
    let why = "none of 2 users has `state`, which tells who is active: check `users.active`, and whether the bind \
               account may see it";
    let nobody = [user("ada"), user("bob")];
    assert_eq!(active(values, &nobody).coverage.missing, [why]);
    assert!(active("{ attribute: state, inactiveValues: [left] }", &nobody).coverage.is_whole());
    assert!(active("{ attribute: state, inactiveWhenPresent: true }", &nobody).coverage.is_whole());
    assert!(active(values, &[]).coverage.is_whole());
    let one = entry("uid=eve", &[("uid", "eve"), ("state", "here")]);
    assert!(active(values, &[user("ada"), one]).coverage.is_whole());
}

#[test]
fn an_entry_that_comes_twice_leaves_the_reading_unproven() {
    let reading = read(shape(member()), &[user("ada"), user("bob"), user("ada")], &[]);
    assert_eq!(reading.coverage.missing, ["1 entry came twice (uid=ada,ou=people): a page was repeated"]);
}

#[test]
fn of_several_values_the_one_that_names_the_entry_counts_else_the_first_in_order() {
    let mails = [("mail", "z@example.org"), ("mail", "a@example.org"), ("uid", "zoe"), ("uid", "ada")];
    let named = read(shape(member()), &[entry("uid=zoe,ou=people", &mails)], &[]);
    let unnamed = read(shape(member()), &[entry("cn=x,ou=people", &mails)], &[]);
    assert_eq!(named.records[0].principal.name, "zoe");
    assert_eq!(unnamed.records[0].principal.name, "ada");
    assert_eq!(named.records[0].principal.mail.as_deref(), Some("a@example.org"));
    assert_eq!(named.records[0].principal.display_name.as_deref(), Some(""), "what it lacks is cleared");
}

#[test]
fn without_groups_memberships_are_nobodys_business() {
    let shape = Shape { users: reader(Kind::User), groups: None };
    assert_eq!(told(&read(shape, &[user("ada")], &[])), ["user ada: unmanaged"]);
}

#[test]
fn nothing_is_asked_for_twice() {
    let shape = shape(MembersIn::MemberOf("memberOf".into()));
    assert_eq!(
        shape.wanted(Kind::User),
        ["uid", "entryUUID", "displayName", "mail", "memberOf", "objectSid", "primaryGroupID"]
    );
    assert_eq!(shape.wanted(Kind::Group), ["cn", "entryUUID", "memberOf", "objectSid"]);
}
