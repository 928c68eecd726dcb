use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::Entry;
use super::entry::{ldif, parse_ldif};

/// An account at a server, for the programs of OpenLDAP: a reader and a writer that share no line with the product.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) url: String,
    pub(crate) dn: String,
    pub(crate) password: String,
    pub(crate) ca: PathBuf,
}

impl Account {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        // Without the machine's own ldap.conf.
        command.env("LDAPCONF", "/dev/null").env("LDAPTLS_CACERT", &self.ca).env("LDAPNETWORK_TIMEOUT", "20");
        command.args(["-x", "-H", &self.url, "-D", &self.dn, "-w", &self.password]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Everything that `ldapsearch` finds below `base`, or why it found nothing.
    pub(crate) fn search(&self, base: &str, filter: &str, attributes: &[&str]) -> Result<Vec<Entry>, String> {
        let mut command = self.command("ldapsearch");
        command.args(["-LLL", "-o", "ldif-wrap=no", "-E", "pr=1000/noprompt", "-b", base, filter]).args(attributes);
        let output = command.output().unwrap();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(parse_ldif(&String::from_utf8(output.stdout).unwrap()))
    }

    /// The same where it must succeed.
    #[track_caller]
    pub(crate) fn list(&self, base: &str, filter: &str, attributes: &[&str]) -> Vec<Entry> {
        self.search(base, filter, attributes).unwrap_or_else(|error| panic!("ldapsearch below {base}: {error}"))
    }

    /// Carries out changes written as LDIF; an entry without `changetype` is added.
    #[track_caller]
    pub(crate) fn modify(&self, ldif: &str) {
        let mut command = self.command("ldapmodify");
        let mut child = command.arg("-a").stdin(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // It echoes each change: read and write at once.
        let output = std::thread::scope(|scope| {
            scope.spawn(move || input.write_all(ldif.as_bytes()));
            child.wait_with_output().unwrap()
        });
        assert!(output.status.success(), "ldapmodify: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Renames an entry, and moves it below `parent` where there is one.
    pub(crate) fn rename(&self, dn: &str, to: &str, parent: Option<&str>) {
        let parent = parent.map(|parent| format!("newsuperior: {parent}\n")).unwrap_or_default();
        self.modify(&format!("dn: {dn}\nchangetype: modrdn\nnewrdn: {to}\ndeleteoldrdn: 1\n{parent}"));
    }

    /// Sets an attribute to one value.
    pub(crate) fn set(&self, dn: &str, attribute: &str, value: &str) {
        self.modify(&format!("dn: {dn}\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n"));
    }

    /// Adds entries; the server alone says what their identifiers are.
    pub(crate) fn add(&self, entries: &[Entry]) {
        let entries: Vec<_> = entries.iter().map(|entry| entry.clone().without("entryUUID")).collect();
        self.modify(&ldif(&entries));
    }

    pub(crate) fn delete(&self, dn: &str) {
        self.modify(&format!("dn: {dn}\nchangetype: delete\n"));
    }
}
