//! The real servers are what the stories of the directory take them for.

use std::collections::BTreeSet;
use std::sync::Arc;

use ldap3::{LdapConnAsync, LdapConnSettings, LdapResult, Scope};

use crate::support::{Account, Certificate, DOMAIN, Directory, Entry, GROUPS, PEOPLE, SUFFIX, Samba, Slapd};

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// How many entries a search without pages brings to an account, and how it ends.
fn unpaged(slapd: &Slapd, account: &str) -> (usize, u32) {
    let account = slapd.account(account);
    wait(async {
        let (connection, mut ldap) = LdapConnAsync::new(&account.url).await.unwrap();
        ldap3::drive!(connection);
        ldap.simple_bind(&account.dn, &account.password).await.unwrap().success().unwrap();
        let found = ldap.search(PEOPLE, Scope::Subtree, "(uid=*)", vec!["uid"]).await.unwrap();
        (found.0.len(), found.1.rc)
    })
}

/// Binds over TLS, trusting the server's own authority alone.
fn binds_over_tls(account: &Account, url: &str, start_tls: bool) -> Result<LdapResult, String> {
    let mut roots = rustls::RootCertStore::empty();
    let pem = std::fs::read(&account.ca).unwrap();
    let certificate = <rustls::pki_types::CertificateDer as rustls::pki_types::pem::PemObject>::from_pem_slice(&pem);
    roots.add(certificate.unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let tls = Arc::new(tls.with_root_certificates(roots).with_no_client_auth());
    wait(async {
        let settings = LdapConnSettings::new().set_config(tls).set_starttls(start_tls);
        let connected = LdapConnAsync::with_settings(settings, url).await;
        let (connection, mut ldap) = connected.map_err(|error| error.to_string())?;
        ldap3::drive!(connection);
        ldap.simple_bind(&account.dn, &account.password).await.map_err(|error| error.to_string())
    })
}

fn uids(entries: &[Entry]) -> BTreeSet<String> {
    entries.iter().map(|entry| entry.text("uid")).collect()
}

#[test]
fn slapd_holds_the_directory_that_was_generated() {
    let directory = Directory::of(700);
    let Some(slapd) = Slapd::start(|setup| setup.ldif = directory.ldif()) else { return };
    let users = slapd.list(PEOPLE, "(objectClass=inetOrgPerson)", &["*", "memberOf", "entryUUID"]);
    assert_eq!(users.len(), 700);
    let groups = slapd.list(GROUPS, "(objectClass=groupOfNames)", &["*", "entryUUID"]);
    assert_eq!(groups.len(), 7);
    for (number, group) in groups.iter().enumerate() {
        assert_eq!(group.values("member"), directory.group(number).values("member"));
        let told = users.iter().filter(|user| user.values("memberOf").contains(&group.dn)).count();
        assert_eq!(told, group.values("member").len(), "{}", group.dn());
    }
    assert_eq!(users[7].text("entryUUID"), Directory::user(7).text("entryUUID"));
    assert_eq!(slapd.list(PEOPLE, "(uid=u0000004)", &["cn"])[0].text("cn"), Directory::user(4).text("cn"));
}

#[test]
fn slapd_limits_each_account_in_its_own_way() {
    let directory = Directory::of(600);
    let Some(slapd) = Slapd::start(|setup| {
        setup.ldif = directory.ldif();
        setup.size_limit = Some(500);
    }) else {
        return;
    };
    assert_eq!(unpaged(&slapd, "reader"), (600, 0));
    assert_eq!(unpaged(&slapd, "nopage"), (600, 0));
    assert_eq!(unpaged(&slapd, "small"), (10, 4));
    assert_eq!(unpaged(&slapd, "plain"), (500, 4));
    let refused = slapd.account("nopage").search(PEOPLE, "(uid=*)", &["uid"]).unwrap_err();
    // Its `ldapsearch` asks politely: the control is not critical, and so it is told of the limit.
    assert!(refused.contains("(11)"), "{refused}");
    let mut stranger = slapd.account("reader");
    stranger.password = "wrong".into();
    assert!(stranger.search(PEOPLE, "(uid=*)", &["uid"]).unwrap_err().contains("(49)"));
    let gone = slapd.account("reader").search("ou=nowhere,dc=example,dc=org", "(uid=*)", &["uid"]).unwrap_err();
    assert!(gone.contains("(32)"), "{gone}");
}

#[test]
fn slapd_speaks_tls_and_its_certificate_can_be_wrong() {
    let Some(slapd) = Slapd::start(|_| {}) else { return };
    assert_eq!(binds_over_tls(&slapd.account("reader"), &slapd.tls_url(), false).unwrap().rc, 0);
    assert_eq!(binds_over_tls(&slapd.account("reader"), &slapd.url(), true).unwrap().rc, 0);
    let wrong = [
        (Certificate::Expired, "Expired"),
        (Certificate::OfAnotherHost, "NotValidForName"),
        (Certificate::OfAnotherAuthority, "BadSignature"),
    ];
    for (certificate, reason) in wrong {
        let Some(slapd) = Slapd::start(|setup| setup.certificate = certificate) else { return };
        for (url, start_tls) in [(slapd.tls_url(), false), (slapd.url(), true)] {
            let error = binds_over_tls(&slapd.account("reader"), &url, start_tls).unwrap_err();
            assert!(error.contains(reason) || error.contains(&words(reason)), "{error}");
        }
    }
}

/// `NotValidForName` as the library may tell it.
fn words(name: &str) -> String {
    name.chars().fold(String::new(), |text, letter| match letter {
        letter if letter.is_uppercase() && !text.is_empty() => text + " " + &letter.to_lowercase().to_string(),
        letter => text + &letter.to_lowercase().to_string(),
    })
}

#[test]
fn slapd_is_changed_stopped_and_killed_and_keeps_what_it_was_told() {
    let Some(mut slapd) = Slapd::start(|setup| setup.ldif = Directory::of(20).ldif()) else { return };
    let admin = slapd.admin();
    admin.add(&[Directory::user(20), Directory::user(21)]);
    admin.rename(&Directory::user_dn(3), "uid=renamed", None);
    admin.delete(&Directory::user_dn(4));
    admin.set(&Directory::user_dn(5), "mail", "new@example.org");
    let before = slapd.list(PEOPLE, "(uid=*)", &["uid", "mail", "memberOf", "entryUUID"]);
    assert_eq!(before.len(), 21);
    assert!(uids(&before).contains("renamed"));
    let renamed = before.iter().find(|entry| entry.text("uid") == "renamed").unwrap();
    assert_eq!(renamed.text("entryUUID"), Directory::user(3).text("entryUUID"));
    // The overlays follow: whoever is gone is in no group, whoever is renamed is in it under the new name.
    let members = slapd.list(GROUPS, "(cn=group00000)", &["member"]).remove(0).texts("member");
    assert!(!members.contains(&Directory::user_dn(4)) && members.contains(&format!("uid=renamed,{PEOPLE}")));
    slapd.restart();
    assert_eq!(slapd.list(PEOPLE, "(uid=*)", &["uid", "mail", "memberOf", "entryUUID"]), before);
    slapd.kill();
    assert!(slapd.account("reader").search(SUFFIX, "(uid=*)", &["uid"]).is_err(), "nobody is there");
    slapd.start_again();
    assert_eq!(slapd.list(PEOPLE, "(uid=*)", &["uid", "mail", "memberOf", "entryUUID"]), before);
    let address = slapd.url().strip_prefix("ldap://").unwrap().to_owned();
    slapd.freeze();
    assert!(std::net::TcpStream::connect(&address).is_ok(), "a frozen server still takes connections");
    drop(slapd);
    assert!(std::net::TcpStream::connect(&address).is_err(), "it is gone with the test");
}

/// The common names of the entries that hold this DN in an attribute.
fn holders(entries: &[Entry], attribute: &str, dn: &str) -> Vec<String> {
    let holds = |entry: &&Entry| entry.texts(attribute).iter().any(|value| value == dn);
    entries.iter().filter(holds).map(|entry| entry.text("cn")).collect()
}

#[test]
fn samba_holds_the_directory_that_its_template_promises() {
    let Some(samba) = Samba::start() else { return };
    let users = samba.list(DOMAIN, "(&(objectCategory=person)(sAMAccountName=u0*))", &["*"]);
    let more = samba.list(DOMAIN, "(&(objectCategory=person)(sAMAccountName=u1*))", &["*"]);
    assert_eq!((users.len(), more.len()), (1000, 700));
    assert!(users.iter().chain(&more).all(|user| user.values("objectGUID")[0].len() == 16));
    let disabled = "(userAccountControl:1.2.840.113556.1.4.803:=2)";
    let disabled = samba.list(&format!("OU=People,{DOMAIN}"), disabled, &["cn", "sAMAccountName"]);
    assert_eq!(disabled.len(), 34);
    assert!(disabled.iter().any(|user| user.text("sAMAccountName") == "u0049"));
    let groups = samba.list(&format!("OU=Groups,{DOMAIN}"), "(objectClass=group)", &["*"]);
    let find = |name: &str| groups.iter().find(|group| group.text("cn") == name).unwrap();
    let size = |name: &str| find(name).values("member").len();
    assert_eq!(
        ["everyone", "staff", "distribution", "level0", "level5", "ring-a", "empty"].map(size),
        [1600, 0, 3, 2, 1, 2, 0]
    );
    assert_eq!(holders(&groups, "member", &Samba::group_dn("level5")), ["level4"]);
    assert_eq!(holders(&groups, "member", &Samba::group_dn("ring-a")), ["ring-b"]);
    assert_eq!(holders(&groups, "member", &Samba::group_dn("ring-b")), ["ring-a"]);
    assert_eq!(find("distribution").text("groupType"), "2");
    let staff = samba.list(&Samba::group_dn("staff"), "(cn=staff)", &["primaryGroupToken"]).remove(0);
    let of_staff = samba.list(DOMAIN, &format!("(primaryGroupID={})", staff.text("primaryGroupToken")), &["cn"]);
    assert_eq!(of_staff.len(), 17);
    assert!(of_staff.iter().any(|user| user.dn() == Samba::user_dn(1600)));
}

#[test]
fn samba_is_written_to_speaks_tls_and_two_are_strangers() {
    let (Some(samba), Some(other)) = (Samba::start(), Samba::start()) else { return };
    assert_ne!(samba.url(), other.url());
    assert_eq!(binds_over_tls(&samba.reader(), &samba.tls_url(), false).unwrap().rc, 0);
    assert_eq!(binds_over_tls(&samba.reader(), &samba.url(), true).unwrap().rc, 0);
    binds_over_tls(&other.reader(), &samba.tls_url(), false).unwrap_err();
    let admin = samba.admin();
    admin.set(&Samba::user_dn(3), "mail", "new@example.org");
    admin.rename(&Samba::user_dn(4), "CN=Renamed", Some(&format!("OU=Services,{DOMAIN}")));
    let mail = |samba: &Samba| samba.list(&Samba::user_dn(3), "(cn=*)", &["mail"])[0].text("mail");
    assert_eq!((mail(&samba), mail(&other)), ("new@example.org".into(), "u0003@example.org".into()));
    let moved = samba.list(DOMAIN, "(sAMAccountName=u0004)", &["memberOf"]).remove(0);
    assert_eq!(moved.dn(), format!("CN=Renamed,OU=Services,{DOMAIN}"));
    assert_eq!(moved.values("memberOf").len(), 2, "everyone and level4 follow");
    let address = format!("{}:389", samba.url().strip_prefix("ldap://").unwrap());
    drop(samba);
    assert!(std::net::TcpStream::connect(&address).is_err(), "it is gone with the test");
}
