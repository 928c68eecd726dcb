//! TLS against a server that does nothing else.

use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection};

use crate::sources::ldap::tls::explain;
use crate::sources::tests::{Folder, told};

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Answers one handshake with a certificate for `name`, and gives the port.
    fn serve(&self, name: &str, year: i32) -> u16 {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut connection = ServerConnection::new(Arc::new(config)).unwrap();
            // The client is to hang up.
            let _ = connection.complete_io(&mut stream);
        });
        port
    }

    fn read(&self, trusted: bool, port: u16) -> String {
        let folder = Folder::with("ca.pem", self.0.pem());
        let tls = if trusted { "tls: { ca: ca.pem }, " } else { "" };
        told(folder.read(&format!("ldap: {{ {tls}url: 'ldaps://127.0.0.1:{port}', users: {{ base: o=x }} }}")))
    }
}

#[test]
fn an_expired_certificate() {
    let authority = Authority::new("one");
    let why = authority.read(true, authority.serve("127.0.0.1", 2001));
    assert!(why.contains(": the certificate of the server has expired (2001-01-01 00:00 UTC) | renew it"), "{why}");
}

#[test]
fn an_unknown_authority() {
    let authority = Authority::new("one");
    // Some other authority is known, so that it is not for want of any.
    let why = Authority::new("another").read(true, authority.serve("127.0.0.1", 2999));
    assert!(why.contains("is from an authority that is not known here | set `tls.ca`"), "{why}");
}

/// The authority was set up anew, under its old name.
#[test]
fn an_old_authority() {
    let authority = Authority::new("one");
    let why = Authority::new("one").read(true, authority.serve("127.0.0.1", 2999));
    assert!(why.contains("not signed by the authority that it names | `tls.ca` may hold an old"), "{why}");
}

#[test]
fn a_wrong_name() {
    let authority = Authority::new("one");
    let why = authority.read(true, authority.serve("ldap.example.org", 2999));
    assert!(why.contains("is not for `127.0.0.1`; it is for "), "{why}");
    assert!(why.contains("ldap.example.org"), "{why}");
}

/// Whoever is not trusted has no say in what our log looks like.
#[test]
fn a_certificate_for_many_odd_names() {
    let presented = vec!["\u{1b}[2Jldap.example.org\n".to_owned(); 1000];
    let error = rustls::Error::InvalidCertificate(rustls::CertificateError::NotValidForNameContext {
        expected: rustls::pki_types::ServerName::try_from("here").unwrap(),
        presented,
    });
    let why = explain(&error, "here").why;
    assert!(why.contains("it is for ") && why.contains("ldap.example.org"), "{why}");
    assert!(why.chars().count() < 300 && !why.contains(['\u{1b}', '\n']), "{why}");
}

/// The handshake goes well; what comes after it does not.
#[test]
fn a_good_certificate() {
    let authority = Authority::new("one");
    let why = authority.read(true, authority.serve("127.0.0.1", 2999));
    assert!(!why.contains("certificate") && why.contains("closed the connection"), "{why}");
}

#[test]
fn a_port_without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        std::io::Write::write_all(&mut stream, b"0\x0c\x02\x01\x01 no TLS here").unwrap();
    });
    let why = Authority::new("one").read(true, port);
    assert!(why.contains("does not speak TLS there") && why.contains("port 636"), "{why}");
}

#[test]
fn nobody_listens() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let why = Authority::new("one").read(false, port);
    assert!(why.contains("Connection refused") || why.contains("no certificate authority is known"), "{why}");
}
