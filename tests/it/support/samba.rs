use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::ldap_tools::Account;
use super::process::{roomy_folder, signal, without};
use super::{Certificate, Entry};

/// The domain of every Samba of the tests.
pub(crate) const DOMAIN: &str = "DC=lab,DC=example,DC=org";

/// A real Active Directory of Samba on an address of its own, filled by `tests/samba-template`.
///
/// 1,700 users `u0000`, …, `CN=User 0000` in `OU=People`, of whom every fiftieth, from `u0049`, is disabled. In
/// `OU=Groups`: `everyone` with the first 1,600 users; `level0`, which holds `level1`, and so on to `level5`, each with
/// the user of its number; `ring-a` and `ring-b`, which hold each other, and the users 11 and 12; `staff` with every
/// hundredth user, whose primary group it is, so that its `member` is empty; the mailing list `distribution` with the
/// users 0, 7 and 14; `empty`. `reader`, in `OU=Services`, is an account like any other.
pub(crate) struct Samba {
    folder: TempDir,
    address: Ipv4Addr,
    child: Option<Child>,
}

impl Samba {
    /// One as it came from the template; none where the machine is told to go without Samba.
    #[track_caller]
    pub(crate) fn start() -> Option<Self> {
        if without("ROLLCALL_WITHOUT_SAMBA") {
            return None;
        }
        let template = template();
        let folder = TempDir::new_in(roomy_folder()).unwrap();
        let mut unpack = Command::new("tar");
        unpack.args(["--no-same-owner", "-xf"]).arg(template).arg("-C").arg(folder.path());
        assert!(unpack.status().unwrap().success());
        let mut samba = Self { folder, address: free_address(), child: None };
        while !samba.begins() {
            samba.address = free_address();
        }
        Some(samba)
    }

    pub(crate) fn url(&self) -> String {
        format!("ldap://{}", self.address)
    }

    pub(crate) fn tls_url(&self) -> String {
        format!("ldaps://{}", self.address)
    }

    /// The certificate of the authority that signs the server's.
    pub(crate) fn ca(&self) -> PathBuf {
        self.folder.path().join("tls/ca.pem")
    }

    /// Who may write everything.
    pub(crate) fn admin(&self) -> Account {
        self.account("Administrator", "Passw0rd.lab")
    }

    /// Who may read everything, as every account of Active Directory may.
    pub(crate) fn reader(&self) -> Account {
        self.account("reader", "Passw0rd.reader")
    }

    fn account(&self, name: &str, password: &str) -> Account {
        let dn = format!("{name}@LAB.EXAMPLE.ORG");
        Account { url: self.url(), dn, password: password.to_owned(), ca: self.ca() }
    }

    /// What an independent reader finds.
    #[track_caller]
    pub(crate) fn list(&self, base: &str, filter: &str, attributes: &[&str]) -> Vec<Entry> {
        self.reader().list(base, filter, attributes)
    }

    pub(crate) fn user_dn(number: usize) -> String {
        format!("CN=User {number:04},OU=People,{DOMAIN}")
    }

    pub(crate) fn group_dn(name: &str) -> String {
        format!("CN={name},OU=Groups,{DOMAIN}")
    }

    /// Starts the program and waits until it knows us; false where another has taken the address meanwhile.
    #[track_caller]
    fn begins(&mut self) -> bool {
        let folder = self.folder.path();
        configure(folder, self.address);
        let log = File::create(folder.join("log")).unwrap();
        // It dies with the test, whatever ends the test; a group of its own, since it forks.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "/usr/sbin/samba", "-F", "--no-process-group", "-M", "single", "-s"]);
        command.arg(folder.join("etc/smb.conf")).process_group(0);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.child = Some(command.spawn().unwrap());
        let begin = Instant::now();
        // Over TLS, with an authority that signed this one's certificate and no other.
        let known = Account { url: self.tls_url(), ..self.admin() };
        while let Err(reason) = known.search(DOMAIN, "(cn=Users)", &["dn"]) {
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            if let Some(code) = ended {
                let log = fs::read_to_string(folder.join("log")).unwrap();
                assert!(!is_free(self.address), "samba ended with {code}: {log}");
                return false;
            }
            let log = || fs::read_to_string(folder.join("log")).unwrap();
            assert!(begin.elapsed() < Duration::from_secs(20), "samba does not answer: {reason}{}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
        true
    }
}

impl Drop for Samba {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Its files go with it: there is nothing to close well. It may have ended by itself.
            signal("KILL", format!("-{}", child.id()));
            child.wait().unwrap();
        }
    }
}

/// The archive that `tests/samba-template` makes, once per machine.
#[track_caller]
fn template() -> PathBuf {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samba-template");
    let output = Command::new(script).arg(env!("CARGO_TARGET_TMPDIR")).output().unwrap();
    let reason = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{reason}hint: ROLLCALL_WITHOUT_SAMBA=REASON goes without; tests/run sets it");
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
}

/// Samba has no option for its ports, and so each has an address. This one is made of the process, which is alone on
/// the machine, and of a count.
fn free_address() -> Ipv4Addr {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = std::process::id().wrapping_mul(16) + COUNT.fetch_add(1, Ordering::SeqCst);
        let [_, high, middle, low] = number.to_be_bytes();
        let address = Ipv4Addr::new(127, high.max(1), middle, low.clamp(1, 254));
        if is_free(address) {
            return address;
        }
    }
}

fn is_free(address: Ipv4Addr) -> bool {
    TcpListener::bind((address, 389)).is_ok()
}

fn configure(folder: &Path, address: Ipv4Addr) {
    for name in ["run/ncalrpc", "etc", "lock", "cache", "state/sysvol"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let tls = folder.join("tls");
    // Its own certificate would name no address.
    let _ = fs::remove_dir_all(&tls);
    fs::create_dir(&tls).unwrap();
    Certificate::Good.write(&tls, &address.to_string());
    let folder = folder.display();
    let text = format!(
        "[global]
netbios name = DC1
realm = LAB.EXAMPLE.ORG
workgroup = LAB
server role = active directory domain controller
server services = ldap
dcerpc endpoint servers = epmapper
interfaces = {address}/8
bind interfaces only = yes
ldap server require strong auth = no
idmap_ldb:use rfc2307 = yes
tls enabled = yes
tls keyfile = {folder}/tls/server.key
tls certfile = {folder}/tls/server.pem
tls cafile = {folder}/tls/ca.pem
log level = 0
log file = {folder}/log.samba
pid directory = {folder}/run
ncalrpc dir = {folder}/run/ncalrpc
private dir = {folder}/private
lock directory = {folder}/lock
state directory = {folder}/state
cache directory = {folder}/cache
binddns dir = {folder}/bind-dns
[sysvol]
path = {folder}/state/sysvol
[netlogon]
path = {folder}/state/sysvol
"
    );
    fs::write(format!("{folder}/etc/smb.conf"), text).unwrap();
}
