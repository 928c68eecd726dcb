use std::time::Duration;

use super::{GOOD, build, problems};
use crate::sources::SourceFile;
use crate::sources::ldap::LdapConfig;
use crate::sources::ldap::options::{Paging, Referrals, StartTls};
use crate::sources::tests::Folder;

fn parsed(more: &str) -> LdapConfig {
    let yaml = GOOD.replace("url:", &format!("{more}, url:"));
    serde_yaml::from_str::<SourceFile>(&yaml).unwrap().ldap.unwrap()
}

fn refused(more: &str) -> String {
    let yaml = GOOD.replace("url:", &format!("{more}, url:"));
    serde_yaml::from_str::<SourceFile>(&yaml).unwrap_err().to_string()
}

#[test]
fn little_is_needed() {
    assert_eq!(build(GOOD).kind(), "ldap");
    let config = parsed("timeout: 5s");
    assert_eq!(config.paging, Paging(Some(1000)));
    assert_eq!((config.start_tls, config.referrals), (None, Referrals::Report));
    assert_eq!(config.timeout.unwrap().0, Duration::from_secs(5));
}

#[test]
fn words_and_numbers() {
    assert_eq!(parsed("paging: off").paging, Paging(None));
    assert_eq!(parsed("paging: false").paging, Paging(None));
    assert_eq!(parsed("paging: 1").paging, Paging(Some(1)));
    assert_eq!(parsed("paging: 100000").paging, Paging(Some(100_000)));
    for wrong in ["0", "100001", "true", "-1", "many", "1.5", "4294967297"] {
        let why = refused(&format!("paging: {wrong}"));
        assert!(why.contains("from 1 to 100000, or `off`"), "{wrong}: {why}");
    }
    assert_eq!(parsed("startTls: off").start_tls, Some(StartTls::Off));
    assert_eq!(parsed("startTls: false").start_tls, Some(StartTls::Off));
    assert_eq!(parsed("startTls: required").start_tls, Some(StartTls::Required));
    assert!(refused("startTls: maybe").contains("`required` or `off`"));
    assert_eq!(parsed("referrals: strict").referrals, Referrals::Strict);
    assert!(refused("referrals: chase").contains("chase"));
    assert!(refused("starttls: required").contains("starttls"));
}

#[test]
fn several_servers_are_a_list() {
    let yaml = GOOD.replace("ldaps://ldap.example.org", "[ldaps://a.example.org, 'ldaps://b.example.org:1636']");
    assert_eq!(build(&yaml).kind(), "ldap");
    let twice = GOOD.replace("ldaps://ldap.example.org", "[ldaps://a.example.org, 'ldaps://a.example.org:636/']");
    assert_eq!(problems(&twice), ["url: `ldaps://a.example.org:636/` stands twice | "]);
}

#[test]
fn all_problems_at_once() {
    let yaml = r#"
ldap:
  url: [http://ldap.example.org, "ldap://x:99999"]
  bind: { dn: " ", password: "" }
  timeout: 0s
  tls: { ca: none.pem, clientKey: key.pem }
  users:
    filter: "(uid=*"
    id: "entry UUID"
    map: { name: uid, email: mail, mail: "*" }
    attributes: [ok, ""]
    active: { attribute: x, inactiveBits: 2, inactiveValues: [x] }
  groups: { members: "a b" }
"#;
    let found = problems(yaml);
    let found: Vec<_> = found.iter().map(|problem| problem.split(" | ").next().unwrap()).collect();
    assert_eq!(
        found[..14],
        [
            "url: `http://` is not spoken here",
            "url: `99999` is no port",
            "bind.dn: the DN is empty",
            "bind.password: the password is empty: servers take that for anonymous",
            "timeout: `timeout` is 0: no answer could be in time",
            "users.base: the DN to search below is missing",
            "users.filter: `(uid=*` lacks a closing parenthesis",
            "users.id: `entry UUID` is no attribute",
            "users.map.email: `email` is no member that an attribute can fill",
            "users.map.mail: `*` is no attribute",
            "users.attributes: `` is no attribute",
            "users.active: expected one rule for the attribute",
            "groups.base: the DN to search below is missing",
            "groups.members: `a b` is no attribute",
        ]
    );
    assert!(found[14].starts_with("tls.ca: cannot read "), "{found:?}");
    assert_eq!(found[15..], ["tls.clientCert: `clientKey` needs its certificate"]);
}

#[test]
fn hints_say_what_to_write() {
    let hint = |yaml: &str| problems(yaml)[0].split(" | ").nth(1).unwrap().to_owned();
    assert_eq!(
        hint(&GOOD.replace("ldaps:", "https:")),
        "write `ldaps://ldap.example.org` or `ldap://ldap.example.org:389`"
    );
    assert_eq!(
        hint(&GOOD.replace("users: {", "users: { map: { department: ou },")),
        "those are `name`, `displayName`, `description`, `mail`; other attributes go into `users.attributes`"
    );
    assert_eq!(hint("ldap: { url: ldaps://x }"), "write such as `base: ou=users,dc=example,dc=org`");
}

#[test]
fn a_file_of_certificates_must_hold_some() {
    let yaml = GOOD.replace("url:", "tls: { ca: ca.pem }, url:");
    let Err(errors) = Folder::with("ca.pem", "nothing").build(&yaml) else { panic!("taken") };
    assert!(errors[0].why.ends_with("ca.pem: it holds no certificate"), "{errors:?}");
    let yaml = GOOD.replace("url:", "tls: { clientCert: c.pem, clientKey: k.pem }, url:");
    let folder = Folder::with("c.pem", "x").and("k.pem", "-----BEGIN SECRET-----");
    let Err(errors) = folder.build(&yaml) else { panic!("taken") };
    let keys: Vec<_> = errors.iter().map(|error| error.key.as_str()).collect();
    assert_eq!(keys, ["tls.clientCert", "tls.clientKey"]);
    assert!(!format!("{errors:?}").contains("SECRET"));
}

#[test]
fn a_password_is_never_shown() {
    let config = parsed("bind: { dn: cn=x, password: Canary-4711 }");
    assert!(!format!("{config:?}").contains("Canary"));
}
