use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::directory::SUFFIX;
use super::ldap_tools::Account;
use super::process::{free_port, is_free, signal, without};
use super::{Certificate, Entry, entry};

/// What a slapd begins with.
#[derive(Debug, Default)]
pub(crate) struct SlapdSetup {
    /// Entries below the suffix, as LDIF; `slapadd` takes operational attributes too.
    pub(crate) ldif: String,
    pub(crate) certificate: Certificate,
    /// How many entries a search of `cn=plain` may find. Default: 100.
    pub(crate) size_limit: Option<usize>,
    /// Further lines of the database's part of slapd.conf.
    pub(crate) options: String,
}

/// A real OpenLDAP with a folder and ports of its own: memberOf, refint, syncprov, TLS.
///
/// Each account is named like its password: `cn=reader` may read everything in pages of at most 5,000; `cn=small` gets
/// 10 entries, or 50 in pages; `cn=nopage` may not page; `cn=plain` meets the size limit; `cn=admin` writes.
/// It ends with the thread that started it.
pub(crate) struct Slapd {
    folder: TempDir,
    port: u16,
    tls_port: u16,
    child: Option<Child>,
}

impl Slapd {
    /// One with what `setup` asks for; none where the machine is told to go without slapd.
    #[track_caller]
    pub(crate) fn start(setup: impl FnOnce(&mut SlapdSetup)) -> Option<Self> {
        if without("ROLLCALL_WITHOUT_SLAPD") {
            return None;
        }
        let mut wanted = SlapdSetup::default();
        setup(&mut wanted);
        let folder = tempfile::tempdir().unwrap();
        Certificate::write(wanted.certificate, folder.path(), "127.0.0.1");
        std::fs::create_dir(folder.path().join("db")).unwrap();
        std::fs::write(folder.path().join("slapd.conf"), configuration(folder.path(), &wanted)).unwrap();
        let mut slapd = Self { folder, port: 0, tls_port: 0, child: None };
        slapd.load(&entry::ldif(&base()));
        if !wanted.ldif.is_empty() {
            slapd.load(&wanted.ldif);
        }
        (slapd.port, slapd.tls_port) = (free_port(), free_port());
        while !slapd.begins() {
            (slapd.port, slapd.tls_port) = (free_port(), free_port());
        }
        Some(slapd)
    }

    pub(crate) fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.port)
    }

    pub(crate) fn tls_url(&self) -> String {
        format!("ldaps://127.0.0.1:{}", self.tls_port)
    }

    /// The certificate of the authority that signs the server's.
    pub(crate) fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// One of the accounts, over the plain port.
    pub(crate) fn account(&self, name: &str) -> Account {
        Account { url: self.url(), dn: format!("cn={name},{SUFFIX}"), password: name.to_owned(), ca: self.ca() }
    }

    /// What an independent reader finds.
    #[track_caller]
    pub(crate) fn list(&self, base: &str, filter: &str, attributes: &[&str]) -> Vec<Entry> {
        self.account("reader").list(base, filter, attributes)
    }

    /// Who may write everything.
    pub(crate) fn admin(&self) -> Account {
        self.account("admin")
    }

    /// Ends it as an administrator does, and starts it again on the same data and ports.
    pub(crate) fn restart(&mut self) {
        self.stop();
        self.start_again();
    }

    /// Starts it on the same data and ports after an end.
    pub(crate) fn start_again(&mut self) {
        assert!(self.begins(), "slapd does not start again: {}", self.log());
    }

    /// Ends it as an administrator does.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It closes its database well on this signal; it may have ended by itself.
            if !signal("INT", child.id()) {
                child.kill().unwrap();
            }
            child.wait().unwrap();
        }
    }

    /// Ends it as a power failure does.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Suspends it: the connections stay, and nothing is answered.
    pub(crate) fn freeze(&self) {
        assert!(signal("STOP", self.child.as_ref().unwrap().id()));
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Loads entries while it is down; `-w` moves the contextCSN, without which syncprov would hide them.
    fn load(&self, ldif: &str) {
        let file = self.folder.path().join("load.ldif");
        std::fs::write(&file, ldif).unwrap();
        let mut slapadd = Command::new("/usr/sbin/slapadd");
        slapadd.args(["-q", "-w", "-f"]).arg(self.folder.path().join("slapd.conf")).arg("-l").arg(&file);
        let output = slapadd.output().unwrap_or_else(|error| panic!("slapadd: {error}; tests/run installs it"));
        assert!(output.status.success(), "slapadd: {}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_file(&file).unwrap();
    }

    /// Starts the program and waits until it answers; false where another has taken a port meanwhile.
    #[track_caller]
    fn begins(&mut self) -> bool {
        let folder = self.folder.path();
        let socket = folder.join("socket");
        let local = format!("ldapi://{}", socket.display().to_string().replace('/', "%2F"));
        let urls = format!("{}/ {}/ {local}", self.url(), self.tls_url());
        let log = File::create(folder.join("log")).unwrap();
        // It dies with the test, whatever ends the test.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "/usr/sbin/slapd", "-d", "0", "-h", &urls, "-f"]);
        command.arg(folder.join("slapd.conf")).stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut child = command.spawn().unwrap();
        let begin = Instant::now();
        // Whoever answers at the socket in this folder is this slapd, and it opens its ports before.
        while !answers(&local) {
            if child.try_wait().unwrap().is_some() {
                assert!(!is_free(self.port) || !is_free(self.tls_port), "slapd ended: {}", self.log());
                return false;
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "slapd does not answer: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child = Some(child);
        true
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        if let Some(child) = &self.child {
            // It cannot hear while it is suspended.
            signal("CONT", child.id());
        }
        self.stop();
    }
}

fn answers(url: &str) -> bool {
    let mut command = Command::new("ldapwhoami");
    command.env("LDAPNOINIT", "1").args(["-x", "-H", url]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap().success()
}

/// The suffix and the accounts.
fn base() -> Vec<Entry> {
    let suffix = Entry::new(SUFFIX).with("objectClass", "organization").with("objectClass", "dcObject");
    let account = |name: &str| {
        let entry = Entry::new(format!("cn={name},{SUFFIX}")).with("objectClass", "organizationalRole");
        entry.with("objectClass", "simpleSecurityObject").with("cn", name).with("userPassword", name)
    };
    let accounts = ["reader", "small", "nopage", "plain"].map(account);
    std::iter::once(suffix.with("o", "Example").with("dc", "example")).chain(accounts).collect()
}

fn configuration(folder: &Path, setup: &SlapdSetup) -> String {
    let (folder, limit) = (folder.display(), setup.size_limit.unwrap_or(100));
    let account = |name: &str| format!("limits dn.exact=\"cn={name},{SUFFIX}\"");
    let (reader, small, nopage) = (account("reader"), account("small"), account("nopage"));
    let options = &setup.options;
    format!(
        r#"include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload refint
moduleload syncprov
pidfile {folder}/pid
argsfile {folder}/args
threads 4
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
TLSVerifyClient never
access to dn.base="" by * read
access to dn.base="cn=Subschema" by * read

database mdb
suffix "{SUFFIX}"
rootdn "cn=admin,{SUFFIX}"
rootpw admin
directory {folder}/db
maxsize 1073741824
dbnosync
index objectClass eq
index uid,cn,mail,member,memberUid,uniqueMember eq
index entryUUID,entryCSN eq
{reader} size.soft=unlimited size.hard=unlimited size.pr=5000 size.prtotal=unlimited time=unlimited
{small} size.soft=10 size.hard=50 size.prtotal=50
{nopage} size.soft=unlimited size.hard=unlimited size.prtotal=disabled
limits * size.soft={limit} size.hard={limit}
access to attrs=userPassword by self write by anonymous auth by * none
access to * by dn.children="{SUFFIX}" read by * none
{options}
overlay memberof
memberof-group-oc groupOfNames
memberof-member-ad member
memberof-memberof-ad memberOf
memberof-refint TRUE
overlay refint
refint_attributes member uniqueMember
overlay syncprov
syncprov-checkpoint 100 1
syncprov-sessionlog 10000
"#
    )
}
