use std::path::PathBuf;

use serde_json::Value;

use super::certificate::Certificate;
use super::peers::{peers, script};
use super::scim_process::ScimProcess;

/// What it prints once it listens; its address follows.
const READY: &str = "Serving SMTP on ";

/// A real mail server, the Python package `aiosmtpd` with what `tests/peers/mail.py` makes of it, on a port of its own.
pub(crate) struct MailServer {
    process: ScimProcess,
    /// `127.0.0.1:2525`.
    pub(crate) address: String,
}

impl MailServer {
    /// One in the clear; none where the machine is told to go without. `options` are words of its command line.
    #[track_caller]
    pub(crate) fn plain(options: &str) -> Option<Self> {
        Self::start(None, options)
    }

    /// One with a certificate of an authority of its own ([`MailServer::authority`]): it wants STARTTLS.
    #[track_caller]
    pub(crate) fn with_start_tls(options: &str) -> Option<Self> {
        Self::start(Some(Certificate::Good), options)
    }

    /// The same with TLS from the beginning.
    #[track_caller]
    pub(crate) fn with_tls(options: &str) -> Option<Self> {
        Self::start(Some(Certificate::Good), &format!("--tls {options}"))
    }

    #[track_caller]
    fn start(certificate: Option<Certificate>, options: &str) -> Option<Self> {
        let python = peers()?.join("python/bin/python");
        let mut process = ScimProcess::new();
        let mut command = process.command(python);
        // Isolated (-I) from the tester's own packages, and without bytecode files in the sources (-B).
        command.args(["-I", "-B"]).arg(script("mail.py")).arg(process.dump()).args(options.split_whitespace());
        if let Some(certificate) = certificate {
            certificate.write(&process.path(""), "127.0.0.1");
            command.arg("--certificate").arg(process.path("server.pem")).arg("--key").arg(process.path("server.key"));
        }
        let address = process.begin_saying(command, READY);
        let address = address.unwrap_or_else(|| panic!("the mail server ended: {}", process.log()));
        Some(Self { process, address })
    }

    /// The certificate of the authority that signed its own.
    pub(crate) fn authority(&self) -> PathBuf {
        self.process.path("ca.pem")
    }

    /// Ends it; the mails that it has taken.
    #[track_caller]
    pub(crate) fn end(mut self) -> Vec<Value> {
        self.process.end()
    }
}
