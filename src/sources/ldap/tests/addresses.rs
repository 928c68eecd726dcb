use crate::sources::ldap::address::{Address, Security};
use crate::sources::ldap::options::StartTls;

fn shown(text: &str) -> String {
    let address = Address::parse(text, None).unwrap();
    format!("{address} {:?}", address.security)
}

#[test]
fn what_is_an_address() {
    assert_eq!(shown("ldaps://ldap.example.org"), "ldaps://ldap.example.org Ldaps");
    assert_eq!(shown("LDAPS://ldap.example.org:636/"), "ldaps://ldap.example.org Ldaps");
    assert_eq!(shown("ldap://dc1.corp:3268"), "ldap://dc1.corp:3268 StartTls");
    assert_eq!(shown("ldaps://[2001:db8::1]:1636"), "ldaps://[2001:db8::1]:1636 Ldaps");
    assert_eq!(shown("ldap://[::1]"), "ldap://[::1] Clear");
}

#[test]
fn what_is_none() {
    for (text, why) in [
        ("ldap.example.org", "`ldap.example.org` is no address of a directory"),
        ("http://ldap.example.org", "`http://` is not spoken here"),
        ("ldapi://%2Frun%2Fldapi", "`ldapi://` is not spoken here"),
        ("ldap://h/dc=org", "`ldap://h/dc=org` has more than a host and a port"),
        ("ldap://h?x", "`ldap://h?x` has more than a host and a port"),
        ("ldap://u:p@h", "the address names an account"),
        ("ldap://", "`` is no host and port"),
        ("ldap://:389", "`:389` is no host and port"),
        ("ldap://b\u{fc}ro", "`b\u{fc}ro` is no host and port"),
        ("ldap://a b", "`a b` is no host and port"),
        ("ldap://[::1", "`[::1` is no host and port"),
        ("ldap://[::1]x", "`[::1]x` is no host and port"),
        ("ldap://h::1", "`:1` is no port"),
        ("ldap://::1", "`::1` is no host and port"),
        ("ldap://h:0", "`0` is no port"),
        ("ldap://h:65536", "`65536` is no port"),
        ("ldap://h:", "`` is no port"),
    ] {
        assert_eq!(Address::parse(text, None).unwrap_err().0, why);
    }
}

/// A password leaves this machine in the clear only if the configuration says so.
#[test]
fn tls_is_off_by_a_word_or_on_this_machine() {
    let security = |text, word| Address::parse(text, word).unwrap().security;
    for this in ["ldap://localhost", "ldap://LOCALHOST:3890", "ldap://127.0.0.1", "ldap://127.9.9.9", "ldap://[::1]"] {
        assert_eq!(security(this, None), Security::Clear, "{this}");
        assert_eq!(security(this, Some(StartTls::Required)), Security::StartTls, "{this}");
    }
    for other in ["ldap://ldap.example.org", "ldap://10.0.0.1", "ldap://127.0.0.1.example.org", "ldap://localhost.evil"]
    {
        assert_eq!(security(other, None), Security::StartTls, "{other}");
        assert_eq!(security(other, Some(StartTls::Off)), Security::Clear, "{other}");
    }
    assert_eq!(security("ldaps://localhost", Some(StartTls::Off)), Security::Ldaps);
}
