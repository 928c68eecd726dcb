use crate::connector::{Secret, Tls};
use crate::sources::ldap::address::Address;
use crate::sources::ldap::command::ldapsearch;
use crate::sources::ldap::directory::{Directory, Server};
use crate::sources::ldap::entry::{Entry, EntryAttribute};
use crate::sources::ldap::options::{Referrals, StartTls};
use crate::sources::ldap::schema;
use crate::sources::ldap::settings::{Bind, Settings};
use crate::sources::ldap::shape::{GroupsFile, UsersFile};
use crate::sources::ldap::shaping::shape;
use crate::sources::ldap::tls::Certificates;
use crate::sources::ldap::wanted::Search;

fn users(yaml: &str) -> UsersFile {
    serde_yaml::from_str(yaml).unwrap()
}

fn groups(yaml: &str) -> GroupsFile {
    serde_yaml::from_str(yaml).unwrap()
}

fn of_users(file: &UsersFile, groups: Option<&GroupsFile>, server: Server) -> Search {
    Search::users(file, &shape(file, groups, server), server)
}

fn of_groups(file: &GroupsFile, server: Server) -> Search {
    Search::groups(file, &shape(&users("base: o=x"), Some(file), server), server)
}

#[test]
fn only_what_is_read_is_asked_for_and_each_once() {
    let file = users("{ base: o=x, map: { displayName: cn, mail: Mail }, attributes: [MAIL, l, entryuuid] }");
    let search = of_users(&file, None, Server::OpenLdap);
    assert_eq!(search.attributes, ["uid", "entryUUID", "cn", "Mail", "l"]);
    assert_eq!(search.filter, "(objectClass=inetOrgPerson)");
    assert_eq!(search.counting().attributes, ["1.1"]);
}

#[test]
fn members_decide_what_is_asked_of_users() {
    let (file, by_group) = (users("base: o=x"), groups("base: o=x"));
    let asked = |groups, server| of_users(&file, groups, server).attributes;
    assert_eq!(asked(Some(&by_group), Server::OpenLdap), ["uid", "entryUUID"]);
    assert_eq!(of_groups(&by_group, Server::OpenLdap).attributes, ["cn", "entryUUID", "member"]);
    let by_user = groups("{ base: o=x, members: memberof }");
    assert_eq!(asked(Some(&by_user), Server::Ds389), ["uid", "nsUniqueId", "memberof"]);
    assert_eq!(of_groups(&by_user, Server::Ds389).attributes, ["cn", "nsUniqueId", "memberof"]);
}

#[test]
fn active_directory_has_its_own_names() {
    let (file, all) = (users("base: o=x"), groups("base: o=x"));
    let ad = Server::ActiveDirectory;
    let search = of_users(&file, Some(&all), ad);
    assert_eq!(
        search.attributes,
        ["sAMAccountName", "objectGUID", "userAccountControl", "objectSid", "primaryGroupID"]
    );
    assert_eq!(search.filter, "(&(objectCategory=person)(objectClass=user))");
    let search = of_groups(&all, ad);
    assert_eq!(search.attributes, ["sAMAccountName", "objectGUID", "member", "objectSid"]);
    let plain = groups("{ base: o=x, primaryGroup: false }");
    assert_eq!(of_groups(&plain, ad).attributes, ["sAMAccountName", "objectGUID", "member"]);
    let active = users("{ base: o=x, active: { attribute: nsAccountLock, inactiveWhenPresent: true } }");
    assert_eq!(of_users(&active, None, ad).attributes, ["sAMAccountName", "objectGUID", "nsAccountLock"]);
}

fn root(attributes: &[(&str, &[&str])]) -> Directory {
    let attribute = |(name, values): &(&str, &[&str])| EntryAttribute {
        name: (*name).into(),
        values: values.iter().map(|value| value.as_bytes().to_vec()).collect(),
    };
    Directory::of(&Entry { dn: String::new(), attributes: attributes.iter().map(attribute).collect() })
}

/// Root DSEs as the servers gave them (OpenLDAP 2.5, Samba 4.17, 389-ds 2.3).
#[test]
fn servers_are_known_by_their_root() {
    let open = root(&[("structuralObjectClass", &["OpenLDAProotDSE"]), ("namingContexts", &["dc=x"])]);
    assert_eq!((open.server, open.describe().as_str()), (Server::OpenLdap, "OpenLDAP"));
    let samba = root(&[
        ("vendorName", &["Samba Team (https://www.samba.org)"]),
        ("supportedCapabilities", &["1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670"]),
        ("namingContexts", &["CN=Configuration,DC=x", "DC=x"]),
        ("defaultNamingContext", &["DC=x"]),
    ]);
    assert_eq!(samba.server, Server::ActiveDirectory);
    assert_eq!(samba.describe(), "Active Directory (Samba Team (https://www.samba.org))");
    assert_eq!(samba.contexts, ["DC=x", "CN=Configuration,DC=x"]);
    let ds = root(&[("vendorName", &["389 Project"]), ("vendorVersion", &["389-Directory/2.3.1 B2023.026"])]);
    assert_eq!(ds.server, Server::Ds389);
    assert_eq!(root(&[]).server, Server::Other);
    assert!(samba.knows_control("1.2.3") == open.knows_extension("1.2.3"));
}

fn settings(paging: Option<u32>, bind: Option<&str>, authorities: Option<&str>) -> Settings {
    let bind = bind.map(|dn| Bind { dn: dn.into(), password: Secret::inline("Canary-4711".into()) });
    Settings {
        doing: String::new(),
        addresses: Vec::new(),
        bind,
        certificates: Certificates::read(&Tls::default()).unwrap(),
        authorities: authorities.map(str::to_owned),
        timeout: std::time::Duration::from_secs(1),
        paging,
        incremental: None,
        referrals: Referrals::Report,
        users: users("base: o=x"),
        groups: None,
    }
}

#[test]
fn a_search_can_be_pasted_into_a_shell() {
    let file = users("{ base: \"ou=O'Neil & Sons,dc=x\", scope: one, filter: \"(cn=$(reboot))\" }");
    let search = of_users(&file, None, Server::OpenLdap);
    let address = Address::parse("ldap://ldap.example.org", None).unwrap();
    let told = ldapsearch(&settings(Some(500), Some("cn=a b"), Some("/etc/my ca.pem")), &address, &search);
    assert_eq!(
        told,
        r"LDAPTLS_CACERT='/etc/my ca.pem' ldapsearch -LLL -x -H ldap://ldap.example.org -ZZ -D 'cn=a b' -W -E pr=500/noprompt -b 'ou=O'\''Neil & Sons,dc=x' -s one '(cn=$(reboot))' uid entryUUID"
    );
    let clear = Address::parse("ldap://ldap.example.org:3890", Some(StartTls::Off)).unwrap();
    let told = ldapsearch(&settings(None, None, Some("/ca.pem")), &clear, &search.counting());
    assert_eq!(
        told,
        r"ldapsearch -LLL -x -H ldap://ldap.example.org:3890 -b 'ou=O'\''Neil & Sons,dc=x' -s one '(cn=$(reboot))' 1.1"
    );
}

#[test]
fn a_schema_tells_which_attributes_there_are() {
    let types = [
        "( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'RFC4519: common name' SUP name )",
        "( 0.9.2342.19200300.100.1.1 NAME 'uid' DESC 'a name )' SUP name )",
        "(1.2.3 NAME 'tight' )",
    ];
    let types: Vec<Vec<u8>> = types.iter().map(|text| text.as_bytes().to_vec()).collect();
    let missing = |names: &[&'static str]| schema::missing(&types, names);
    assert_eq!(missing(&["CN", "commonname", "2.5.4.3", "uid;lang-de", "tight"]), Vec::<&str>::new());
    let wrong = ["uidd", "a name )", "RFC4519: common name", "DESC"];
    assert_eq!(missing(&[&["cn"], &wrong[..]].concat()), wrong);
    // A server that shows no schema says nothing about anything.
    assert!(schema::missing(&[], &["uid"]).is_empty());
}
