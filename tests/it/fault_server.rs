//! The fault server is itself on trial: a client that is not ours sees every fault happen.

use std::collections::BTreeMap;
use std::time::Duration;

use lber::structure::StructureTag;
use ldap3::controls::{
    Control, ControlType, MakeCritical, PagedResults, RawControl, SyncDone, SyncInfo, SyncRequest, SyncState,
    parse_syncinfo,
};
use ldap3::{Ldap, LdapConnAsync, ResultEntry, Scope};

use crate::support::fault_ldap::{At, Fault, FaultServer, Paging, Ranges, Request, Sync, What};
use crate::support::{Directory, Entry, GROUPS, PEOPLE, SUFFIX};

const EVERYBODY: &str = "(uid=*)";

/// DN and attributes.
type SeenEntry = (Vec<u8>, BTreeMap<String, Vec<Vec<u8>>>);

/// How a search ended: with a code, or without one and why.
type End = Result<u32, String>;

/// What one search brought to the client.
#[derive(Debug)]
struct Seen {
    /// In the order they came.
    entries: Vec<SeenEntry>,
    references: usize,
    /// The identifiers of the entries, and those in sets: gone or still there.
    identifiers: Vec<Vec<u8>>,
    gone: Vec<Vec<u8>>,
    present: Vec<Vec<u8>>,
    /// The code at the end, or why none came.
    end: End,
    referral: Vec<String>,
    /// The cookie of a page or a synchronisation; none where the end says nothing of any.
    cookie: Option<Vec<u8>>,
    refresh_deletes: bool,
}

/// A client with one connection.
struct Client {
    runtime: tokio::runtime::Runtime,
    ldap: Ldap,
    /// How long it waits for each answer.
    patience: Duration,
}

impl Client {
    fn bound(server: &FaultServer) -> Self {
        let mut client = Self::new(server);
        assert_eq!(client.bind("cn=reader,dc=example,dc=org", "reader"), 0);
        client
    }

    fn new(server: &FaultServer) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ldap = runtime.block_on(async {
            let (connection, ldap) = LdapConnAsync::new(&server.url()).await.unwrap();
            ldap3::drive!(connection);
            ldap
        });
        Self { runtime, ldap, patience: Duration::from_secs(20) }
    }

    fn bind(&mut self, name: &str, password: &str) -> u32 {
        self.runtime.block_on(self.ldap.simple_bind(name, password)).unwrap().rc
    }

    fn search(&mut self, base: &str, scope: Scope, filter: &str, wanted: &[&str], control: Option<RawControl>) -> Seen {
        let mut seen = Seen::begun();
        self.runtime.block_on(async {
            let ldap = self.ldap.with_timeout(self.patience).with_controls(Vec::from_iter(control));
            let mut stream = ldap.streaming_search(base, scope, filter, wanted.to_vec()).await.unwrap();
            loop {
                match stream.next().await {
                    Ok(Some(entry)) => seen.take(entry),
                    Ok(None) => break,
                    Err(error) => {
                        seen.end = Err(error.to_string());
                        return;
                    }
                }
            }
            let result = stream.finish().await;
            seen.end = Ok(result.rc);
            seen.referral = result.refs;
            for Control(kind, raw) in result.ctrls {
                match kind {
                    Some(ControlType::PagedResults) => seen.cookie = Some(raw.parse::<PagedResults>().cookie),
                    Some(ControlType::SyncDone) => {
                        let SyncDone { cookie, refresh_deletes } = raw.parse();
                        (seen.cookie, seen.refresh_deletes) = (cookie, refresh_deletes);
                    }
                    _ => {}
                }
            }
        });
        seen
    }

    /// All below a base, without pages.
    fn all(&mut self, base: &str) -> Seen {
        self.search(base, Scope::Subtree, EVERYBODY, &[], None)
    }

    /// One page of [`PEOPLE`].
    fn page(&mut self, size: i32, cookie: &[u8]) -> Seen {
        let control = PagedResults { size, cookie: cookie.to_vec() }.critical();
        self.search(PEOPLE, Scope::Subtree, EVERYBODY, &["uid"], Some(control.into()))
    }

    fn synchronise(&mut self, cookie: Option<Vec<u8>>) -> Seen {
        let control = SyncRequest { cookie, ..SyncRequest::default() }.critical();
        self.search(PEOPLE, Scope::Subtree, EVERYBODY, &["uid"], Some(control.into()))
    }

    fn group(&mut self, wanted: &str) -> Seen {
        self.search("cn=large,ou=groups,dc=example,dc=org", Scope::Base, "(objectClass=*)", &["cn", wanted], None)
    }
}

impl Seen {
    fn begun() -> Self {
        let end = Err("it has not ended".to_owned());
        let (entries, identifiers, gone, present) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (referral, cookie, refresh_deletes) = (Vec::new(), None, false);
        Self { entries, references: 0, identifiers, gone, present, end, referral, cookie, refresh_deletes }
    }

    fn take(&mut self, entry: ResultEntry) {
        if entry.is_intermediate() {
            let SyncInfo::SyncIdSet { refresh_deletes, sync_uuids, .. } = parse_syncinfo(entry) else { panic!() };
            let set = if refresh_deletes { &mut self.gone } else { &mut self.present };
            set.extend(sync_uuids);
        } else if entry.is_ref() {
            self.references += 1;
        } else {
            for Control(kind, raw) in &entry.1 {
                if let Some(ControlType::SyncState) = kind {
                    self.identifiers.push(raw.parse::<SyncState>().entry_uuid);
                }
            }
            self.entries.push(decoded(entry.0));
        }
    }

    fn uids(&self) -> Vec<String> {
        self.entries.iter().map(|(_, entry)| String::from_utf8(entry["uid"][0].clone()).unwrap()).collect()
    }

    fn failed(&self) -> bool {
        self.end.is_err()
    }
}

/// The client library would panic at a DN that is not UTF-8.
fn decoded(tag: StructureTag) -> SeenEntry {
    let mut parts = tag.expect_constructed().unwrap().into_iter();
    let dn = parts.next().unwrap().expect_primitive().unwrap();
    let attributes = parts.next().unwrap().expect_constructed().unwrap().into_iter().map(|attribute| {
        let mut parts = attribute.expect_constructed().unwrap().into_iter();
        let name = String::from_utf8(parts.next().unwrap().expect_primitive().unwrap()).unwrap();
        let values = parts.next().unwrap().expect_constructed().unwrap().into_iter();
        (name, values.map(|value| value.expect_primitive().unwrap()).collect())
    });
    (dn, attributes.collect())
}

fn server(users: usize) -> FaultServer {
    FaultServer::start(Directory::of(users).entries())
}

/// A server that fails so while everybody is read.
fn failing(at: At, what: What) -> (FaultServer, Seen) {
    let server = server(30);
    let silent = matches!(what, What::Stall | What::Announced(_));
    server.fault(Fault::new(at, what));
    let mut client = Client::bound(&server);
    if silent {
        client.patience = Duration::from_secs(1);
    }
    let seen = client.all(PEOPLE);
    (server, seen)
}

#[test]
fn told_nothing_it_is_a_plain_server() {
    let server = server(30);
    let mut client = Client::bound(&server);
    let seen = client.all(PEOPLE);
    assert_eq!((seen.entries.len(), seen.end.clone(), seen.cookie), (30, Ok(0), None));
    let (_, ada) = &seen.entries[0];
    assert_eq!(ada["mail"], [b"u0000000@example.org"]);
    assert!(!ada.contains_key("entryUUID") && !ada.contains_key("memberOf"), "these must be asked for");
    let by_name = client.search(PEOPLE, Scope::OneLevel, "(uid=u0000003)", &["ENTRYUUID", "cn"], None);
    assert_eq!(by_name.entries[0].1.keys().collect::<Vec<_>>(), ["cn", "entryUUID"], "in the server's spelling");
    assert_eq!(client.search(SUFFIX, Scope::OneLevel, EVERYBODY, &[], None).entries.len(), 0);
    assert_eq!(client.search(PEOPLE, Scope::Base, "(ou=people)", &[], None).entries.len(), 1);
    assert_eq!(client.search("ou=nowhere,dc=example,dc=org", Scope::Subtree, EVERYBODY, &[], None).end, Ok(32));
    let asked = server.searches();
    assert_eq!((asked[0].entries, asked[0].code, asked[0].base.as_str()), (30, Some(0), PEOPLE));
    assert!(asked[0].bytes > 30 * 200, "{:?}", asked[0]);
    assert_eq!(server.entries_sent(), 30 + 1 + 1);
    assert_eq!(server.bytes_sent(), asked.iter().map(|search| search.bytes).sum::<usize>());
    server.clear_journal();
    assert_eq!(server.requests(), []);
}

#[test]
fn filters_are_understood_and_written_down() {
    let entries = vec![
        Entry::new("cn=a,dc=example,dc=org").with("cn", "a (1)").with("userAccountControl", "514").with("age", "7"),
        Entry::new("cn=b,dc=example,dc=org").with("cn", "Begin middle END").with("userAccountControl", "512"),
    ];
    let server = FaultServer::start(entries);
    let mut client = Client::bound(&server);
    let filters = [
        ("(cn=A \\281\\29)", 1),
        ("(cn=beg*dd*end)", 1),
        ("(cn=*dd*)", 1),
        ("(cn=*x*)", 0),
        ("(&(cn=*)(!(age>=8)))", 2),
        ("(|(age<=6)(age=7))", 1),
        ("(userAccountControl:1.2.840.113556.1.4.803:=2)", 1),
        ("(!(userAccountControl:1.2.840.113556.1.4.803:=2))", 1),
        ("(cm=*)", 0),
    ];
    for (filter, found) in filters {
        let seen = client.search(SUFFIX, Scope::Subtree, filter, &[], None);
        assert_eq!((seen.entries.len(), seen.end.clone()), (found, Ok(0)), "{filter}");
    }
    let told: Vec<_> = server.searches().into_iter().map(|search| search.filter).collect();
    assert_eq!(told, filters.map(|(filter, _)| filter.to_owned()));
}

#[test]
fn binds_end_as_they_should_and_all_is_written_down() {
    let server = server(3);
    let mut client = Client::new(&server);
    assert_eq!(client.bind("cn=reader", "wrong"), 49);
    assert_eq!(client.bind("cn=reader", ""), 53);
    assert_eq!(client.bind("", ""), 0);
    server.script(|script| script.bind = Some(51));
    assert_eq!(client.bind("cn=reader", "reader"), 51);
    let who = client.runtime.block_on(client.ldap.extended(ldap3::exop::WhoAmI)).unwrap();
    assert_eq!(who.1.rc, 2);
    let start = ldap3::LdapConnSettings::new().set_starttls(true);
    let refused = client.runtime.block_on(LdapConnAsync::with_settings(start, &server.url()));
    assert!(refused.err().unwrap().to_string().contains("rc=2"));
    client.runtime.block_on(client.ldap.abandon(1)).unwrap();
    let search = client.all(PEOPLE);
    assert_eq!(search.end, Ok(0));
    client.runtime.block_on(client.ldap.unbind()).unwrap();
    let told: Vec<Request> = server.requests();
    let told: Vec<_> =
        told.iter().map(|it| (it.connection, it.operation.as_str(), it.base.as_str(), it.code)).collect();
    let expected = [
        (0, "bind", "cn=reader", Some(49)),
        (0, "bind", "cn=reader", Some(53)),
        (0, "bind", "", Some(0)),
        (0, "bind", "cn=reader", Some(51)),
        (0, "extended", "1.3.6.1.4.1.4203.1.11.3", Some(2)),
        (1, "extended", "1.3.6.1.4.1.1466.20037", Some(2)),
        (0, "abandon", "", None),
        (0, "search", PEOPLE, Some(0)),
    ];
    assert_eq!(told[..expected.len()], expected);
}

#[test]
fn it_pretends_to_be_active_directory() {
    let server = server(3);
    let mut client = Client::bound(&server);
    let mut root = || client.search("", Scope::Base, "(objectClass=*)", &["+", "*"], None).entries.remove(0).1;
    assert!(!root().contains_key("supportedCapabilities"));
    server.script(|script| script.active_directory = true);
    let root = root();
    assert_eq!(root["supportedCapabilities"], [b"1.2.840.113556.1.4.800"]);
    assert_eq!(root["supportedControl"], [b"1.2.840.113556.1.4.319"]);
    assert_eq!(root["defaultNamingContext"], [SUFFIX.as_bytes()]);
    let seen = client.all(SUFFIX);
    assert_eq!((seen.entries.len(), seen.references, seen.end), (3, 1, Ok(0)), "its root always refers elsewhere");
    assert_eq!(client.all(PEOPLE).references, 0);
    server.script(|script| script.references = vec!["ldap://a.example.org/".into(), "ldap://b.example.org/".into()]);
    assert_eq!(client.all(PEOPLE).references, 2);
    server.heal();
    assert_eq!(client.all(SUFFIX).references, 0);
}

#[test]
fn pages_are_kept() {
    let server = server(25);
    let mut client = Client::bound(&server);
    let (mut cookie, mut sizes, mut uids) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let page = client.page(10, &cookie);
        assert_eq!(page.end, Ok(0));
        sizes.push(page.entries.len());
        uids.extend(page.uids());
        cookie = page.cookie.unwrap();
        if cookie.is_empty() {
            break;
        }
    }
    assert_eq!((sizes, uids.len()), (vec![10, 10, 5], 25));
    let asked = server.searches();
    assert_eq!(asked.iter().map(|search| search.page).collect::<Vec<_>>(), [Some(10); 3]);
    assert_eq!(asked[0].controls, ["!1.2.840.113556.1.4.319"]);
    assert!(asked[0].cookie.is_none() && asked[2].cookie.is_some());
    assert_eq!(client.page(10, b"made up").end, Ok(53));
    let cookie = client.page(10, b"").cookie.unwrap();
    assert_eq!(client.page(0, &cookie).entries.len(), 0);
    assert_eq!(client.page(10, &cookie).end, Ok(53), "it was given up");
    let cookie = client.page(10, b"").cookie.unwrap();
    assert_eq!(Client::bound(&server).page(10, &cookie).end, Ok(53), "it belongs to its connection");
}

#[test]
fn the_page_size_of_active_directory() {
    let server = server(25);
    server.script(|script| script.most_entries = Some(10));
    let mut client = Client::bound(&server);
    let seen = client.all(PEOPLE);
    assert_eq!((seen.entries.len(), seen.end), (10, Ok(4)));
    let page = client.page(1000, b"");
    assert_eq!((page.entries.len(), page.end), (10, Ok(0)));
    assert_eq!(client.page(1000, &page.cookie.unwrap()).entries.len(), 10);
}

#[test]
fn pages_go_wrong_in_every_way() {
    let server = server(25);
    let mut client = Client::bound(&server);
    server.script(|script| script.paging = Paging::Ignored);
    let page = client.page(10, b"");
    assert_eq!((page.entries.len(), page.end, page.cookie), (25, Ok(0), None));
    server.script(|script| script.most_entries = Some(10));
    assert_eq!(client.page(10, b"").end, Ok(4));
    server.heal();
    server.script(|script| script.paging = Paging::Unknown);
    assert_eq!(client.page(10, b"").end, Ok(12));
    server.script(|script| script.paging = Paging::SamePage);
    let (first, cookie) = (client.page(10, b""), client.page(10, b"").cookie.unwrap());
    assert_eq!(client.page(10, &cookie).uids(), first.uids());
    server.script(|script| script.paging = Paging::NeverEnds);
    let mut cookie = Vec::new();
    let mut sizes = Vec::new();
    for _ in 0..5 {
        let page = client.page(10, &cookie);
        sizes.push(page.entries.len());
        cookie = page.cookie.unwrap();
        assert!(!cookie.is_empty());
    }
    assert_eq!(sizes, [10, 10, 5, 0, 0]);
    server.script(|script| script.paging = Paging::LastUntold);
    let cookie = client.page(20, b"").cookie.unwrap();
    let last = client.page(20, &cookie);
    assert_eq!((last.entries.len(), last.end, last.cookie), (5, Ok(0), None));
}

#[test]
fn a_search_ends_with_a_code_where_the_test_says() {
    for code in [1, 3, 4, 11, 32, 50, 51, 53, 80] {
        let (_server, seen) = failing(At::Entry(7), What::Result(code));
        assert_eq!((seen.entries.len(), seen.end), (7, Ok(code)));
    }
    let (_server, seen) = failing(At::Begin, What::Result(32));
    assert_eq!((seen.entries.len(), seen.end), (0, Ok(32)));
    let server = server(30);
    server.fault(Fault::new(At::Page(3), What::Result(4)).below(PEOPLE));
    let mut client = Client::bound(&server);
    assert_eq!(client.all(SUFFIX).end, Ok(0));
    let first = client.page(10, b"");
    let second = client.page(10, &first.cookie.unwrap());
    let third = client.page(10, &second.cookie.unwrap());
    assert_eq!((second.end, third.entries.len(), third.end, third.cookie), (Ok(0), 10, Ok(4), None));
}

#[test]
fn a_fault_can_happen_once() {
    let server = server(30);
    server.fault(Fault::new(At::Begin, What::Result(51)).once());
    let mut client = Client::bound(&server);
    assert_eq!(client.all(PEOPLE).end, Ok(51));
    assert_eq!(client.all(PEOPLE).end, Ok(0));
}

#[test]
fn the_connection_is_cut() {
    for at in [At::Begin, At::Entry(7), At::Byte(2000), At::Page(1)] {
        let (server, seen) = failing(at, What::Cut);
        assert!(seen.failed(), "{at:?}: {seen:?}");
        let sent = &server.searches()[0];
        assert_eq!(sent.code, None);
        match at {
            At::Entry(entries) => assert_eq!((sent.entries, seen.entries.len()), (entries, entries)),
            At::Byte(bytes) => assert_eq!(sent.bytes, bytes),
            At::Begin => assert_eq!(sent.bytes, 0),
            At::Page(_) => assert_eq!(sent.entries, 30),
        }
    }
}

#[test]
fn the_server_falls_silent() {
    for at in [At::Begin, At::Entry(7), At::Byte(2000)] {
        let (server, seen) = failing(at, What::Stall);
        let reason = seen.end.unwrap_err();
        assert!(reason.contains("timeout"), "{at:?}: {reason}");
        assert_eq!(server.searches()[0].code, None);
    }
    let (_server, seen) = failing(At::Entry(7), What::Announced(u32::MAX));
    assert_eq!(seen.entries.len(), 7);
    assert!(seen.end.unwrap_err().contains("timeout"), "the client waits for four gibibytes");
}

#[test]
fn the_server_takes_its_leave() {
    let (_server, seen) = failing(At::Entry(7), What::Notice(52));
    assert_eq!(seen.entries.len(), 7);
    assert!(seen.failed());
}

#[test]
fn what_comes_is_no_ldap() {
    // A message that is a text; one that holds more than it has room for; an entry without attributes.
    let bytes: [&[u8]; 3] =
        [&[0x30, 3, 4, 1, 65], &[0x30, 6, 2, 1, 2, 0x64, 127, 0], &[0x30, 7, 2, 1, 2, 0x64, 2, 4, 0]];
    for bytes in bytes {
        let server = server(30);
        server.fault(Fault::new(At::Entry(7), What::Bytes(bytes.to_vec())));
        let mut stream = std::net::TcpStream::connect(server.url().strip_prefix("ldap://").unwrap()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // A search for everything: the bytes of another client would tell of its own mistakes.
        let search = b"\x30\x2e\x02\x01\x02\x63\x29\x04\x11dc=example,dc=org\x0a\x01\x02\x0a\x01\x00\x02\x01\x00\x02\x01\x00\x01\x01\x00\x87\x03uid\x30\x00";
        std::io::Write::write_all(&mut stream, search).unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"\x65\x07\x0a\x01\x00\x04\x00\x04\x00") {
            let mut byte = [0];
            std::io::Read::read_exact(&mut stream, &mut byte).unwrap();
            seen.extend(byte);
        }
        assert!(seen.windows(bytes.len()).any(|window| window == bytes));
        assert_eq!(server.searches()[0].entries, 30, "and the search went on");
    }
}

#[test]
fn it_refers_to_others() {
    let url = || "ldap://elsewhere.example.org/dc=example,dc=org".to_owned();
    let (_server, seen) = failing(At::Entry(7), What::Reference(url()));
    assert_eq!((seen.entries.len(), seen.references, seen.end), (30, 1, Ok(0)));
    let (_server, seen) = failing(At::Entry(7), What::Referral(url()));
    assert_eq!((seen.entries.len(), seen.end, seen.referral), (7, Ok(10), vec![url()]));
}

#[test]
fn names_and_identifiers_that_are_not_what_they_seem() {
    let (_server, seen) = failing(At::Entry(7), What::BrokenDn);
    assert_eq!((seen.entries.len(), seen.end), (31, Ok(0)));
    assert!(std::str::from_utf8(&seen.entries[7].0).is_err());
    let entries = vec![
        Entry::new("uid=text,ou=people,dc=example,dc=org").with("uid", "text").with("objectGUID", b"sixteen letters!"),
        Entry::new("uid=bytes,ou=people,dc=example,dc=org").with("uid", "bytes").with("objectGUID", [0xff; 16]),
        Entry::new(b"uid=\xe9,ou=people,dc=example,dc=org").with("uid", b"\xe9"),
    ];
    let seen = Client::bound(&FaultServer::start(entries)).all(PEOPLE);
    assert_eq!(seen.entries[0].1["objectGUID"], [b"sixteen letters!"]);
    assert_eq!(seen.entries[1].1["objectGUID"], [[0xff; 16]]);
    assert_eq!(seen.entries[2].0, b"uid=\xe9,ou=people,dc=example,dc=org");
}

/// A group of 37 members in a server that gives 10 at a time.
fn ranged(ranges: Ranges) -> FaultServer {
    let members = (0..37).map(Directory::user_dn);
    let group = Entry::new(format!("cn=large,{GROUPS}")).with("cn", "large").with_all("member", members);
    let server = FaultServer::start(vec![group]);
    server.script(|script| (script.most_values, script.ranges) = (Some(10), ranges));
    server
}

#[test]
fn large_groups_come_in_ranges() {
    let server = ranged(Ranges::Kept);
    let mut client = Client::bound(&server);
    let first = client.group("member").entries.remove(0).1;
    assert!(first["member"].is_empty());
    assert_eq!(first["member;range=0-9"].len(), 10);
    let mut members = first["member;range=0-9"].clone();
    for (asked, given) in [("10-*", "10-19"), ("20-*", "20-29"), ("30-*", "30-*")] {
        let more = client.group(&format!("member;range={asked}")).entries.remove(0).1;
        members.extend(more[&format!("member;range={given}")].clone());
    }
    assert_eq!(members, (0..37).map(|user| Directory::user_dn(user).into_bytes()).collect::<Vec<_>>());
    let past = client.group("member;range=37-*").entries.remove(0).1;
    assert_eq!(past.keys().collect::<Vec<_>>(), ["cn"]);
}

#[test]
fn ranges_go_wrong_in_every_way() {
    let follow_up = |ranges, wanted: &str| Client::bound(&ranged(ranges)).group(&format!("member;range={wanted}-*"));
    let keys = |seen: &Seen| seen.entries[0].1.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&follow_up(Ranges::NeverEnd, "30")), ["cn", "member;range=30-36"]);
    assert_eq!(keys(&follow_up(Ranges::NeverEnd, "4000")), ["cn", "member;range=4000-4000"]);
    assert_eq!(keys(&follow_up(Ranges::FirstAgain, "10")), ["cn", "member;range=0-9"]);
    assert_eq!(keys(&follow_up(Ranges::Hole, "10")), ["cn", "member;range=11-20"]);
    assert_eq!(keys(&follow_up(Ranges::Absent, "10")), ["cn"]);
    assert_eq!(follow_up(Ranges::Refused, "10").end, Ok(53));
    let gone = follow_up(Ranges::EntryGone, "10");
    assert_eq!((gone.entries.len(), gone.end), (0, Ok(0)));
}

/// A server that can synchronise, a client that has done so once, and the cookie it was left with. Since then one user
/// is new, one changed, one gone.
fn synchronised(sync: Sync) -> (FaultServer, Client, Vec<u8>) {
    let server = server(30);
    server.script(|script| script.sync = Sync::Kept);
    let mut client = Client::bound(&server);
    let first = client.synchronise(None);
    assert_eq!((first.entries.len(), first.identifiers.len(), first.refresh_deletes), (30, 30, true));
    server.put(Directory::user(30));
    server.put(Directory::user(5).without("mail").with("mail", "new@example.org"));
    server.remove(&Directory::user_dn(6));
    server.script(|script| script.sync = sync);
    (server, client, first.cookie.unwrap())
}

fn identifier(user: usize) -> Vec<u8> {
    let text = Directory::user(user).text("entryUUID").replace('-', "");
    (0..16).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

#[test]
fn content_synchronisation_is_kept() {
    let (server, mut client, cookie) = synchronised(Sync::Kept);
    server.clear_journal();
    let seen = client.synchronise(Some(cookie.clone()));
    assert_eq!(seen.uids(), ["u0000005", "u0000030"]);
    assert_eq!(seen.identifiers, [identifier(5), identifier(30)]);
    assert_eq!((seen.gone, seen.present, seen.end), (vec![identifier(6)], vec![], Ok(0)));
    assert_eq!((server.entries_sent(), server.searches()[0].cookie.clone()), (2, Some(cookie)));
    let nothing = client.synchronise(seen.cookie);
    assert_eq!((nothing.entries.len(), nothing.gone.len(), nothing.end), (0, 0, Ok(0)));
    assert_eq!(client.synchronise(Some(b"no cookie of ours".to_vec())).entries.len(), 30);
    server.fault(Fault::new(At::Entry(7), What::Cut));
    assert!(client.synchronise(None).failed());
}

#[test]
fn content_synchronisation_goes_wrong_in_every_way() {
    let (_server, mut client, cookie) = synchronised(Sync::Present);
    let seen = client.synchronise(Some(cookie));
    assert_eq!((seen.entries.len(), seen.present.len(), seen.refresh_deletes), (2, 28, false));
    assert!(!seen.present.contains(&identifier(6)), "whoever is in neither is gone");
    for (sync, code) in [(Sync::Unknown, 12), (Sync::RefreshRequired, 4096), (Sync::Newer, 53)] {
        let (_server, mut client, cookie) = synchronised(sync);
        let seen = client.synchronise(Some(cookie));
        assert_eq!((seen.entries.len(), seen.end, seen.cookie), (0, Ok(code), None));
        assert_eq!(client.synchronise(None).entries.len(), if code == 12 { 0 } else { 30 });
    }
    let (_server, mut client, cookie) = synchronised(Sync::Ignored);
    let seen = client.synchronise(Some(cookie));
    assert_eq!((seen.entries.len(), seen.gone.len(), seen.refresh_deletes), (30, 0, true));
    let (_server, mut client, cookie) = synchronised(Sync::Silent);
    let seen = client.synchronise(Some(cookie.clone()));
    assert_eq!((seen.entries.len(), seen.gone.len(), seen.end), (0, 0, Ok(0)));
    assert_ne!(seen.cookie, Some(cookie), "it moved on without a word of who changed");
}
