use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use chrono::DateTime;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::trouble::Trouble;
use crate::connector::{BuildError, FailureClass, Tls};
use crate::principal::shown;

/// Of what a certificate says that is not trusted, so many characters are told.
const SHOWN: usize = 200;

/// The certificates that the configuration names, read.
pub(super) struct Certificates {
    authorities: Vec<CertificateDer<'static>>,
    client: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
}

/// Which version of TLS was agreed on; filled by the handshake.
#[derive(Debug, Clone, Default)]
pub(super) struct Agreed(Arc<AtomicU8>);

impl Agreed {
    pub(super) fn words(&self) -> &'static str {
        match self.0.load(Ordering::Relaxed) {
            13 => "TLS 1.3",
            12 => "TLS 1.2",
            _ => "TLS",
        }
    }
}

impl Certificates {
    /// Reads the files. All of them are tried, so that all problems are told.
    ///
    /// # Errors
    /// Files that cannot be read or do not hold what they must.
    pub(super) fn read(tls: &Tls) -> Result<Self, Vec<BuildError>> {
        let Tls { ca, client_cert, client_key } = tls;
        let mut errors = Vec::new();
        let mut certificates = |key: &str, path: &Option<std::path::PathBuf>| {
            let read = path.as_deref().map_or_else(|| Ok(Vec::new()), |path| certificates(key, path));
            read.unwrap_or_else(|error| {
                errors.push(error);
                Vec::new()
            })
        };
        let authorities = certificates("tls.ca", ca);
        let chain = certificates("tls.clientCert", client_cert);
        let client = match (client_cert, client_key) {
            (Some(_), Some(path)) => match key(path) {
                Ok(key) => Some((chain, key)),
                Err(error) => {
                    errors.push(error);
                    None
                }
            },
            (None, None) => None,
            (Some(_), None) => {
                errors.push(BuildError::new("tls.clientKey", "`clientCert` needs its key"));
                None
            }
            (None, Some(_)) => {
                errors.push(BuildError::new("tls.clientCert", "`clientKey` needs its certificate"));
                None
            }
        };
        if errors.is_empty() { Ok(Self { authorities, client }) } else { Err(errors) }
    }

    /// How a connection to `host` is kept: the system's authorities and those of the configuration, that name and no
    /// other.
    ///
    /// # Errors
    /// When no authority is known, `host` cannot stand in a certificate, or the client's certificate is not usable.
    pub(super) fn client_config(&self, host: &str, agreed: &Agreed) -> Result<Arc<ClientConfig>, Trouble> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        // What cannot be read of the system's own is not fatal: a certificate that needs it is refused later.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots.add_parsable_certificates(self.authorities.iter().cloned());
        let wrong = |why: String| Trouble::new(FailureClass::Rejected, why);
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| wrong(format!("`{host}` is no name that a certificate can be for")))?;
        let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|_| {
                wrong("no certificate authority is known".into())
                    .with_hint("install the system's CA certificates (Debian: ca-certificates), or set `tls.ca`")
            })?;
        let verifier = NamedVerifier { inner, name, agreed: agreed.clone() };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match &self.client {
            None => config.with_no_client_auth(),
            Some((chain, key)) => config.with_client_auth_cert(chain.clone(), key.clone_key()).map_err(|error| {
                wrong(format!("the client certificate cannot be used: {error}"))
                    .with_hint("`tls.clientKey` must be the key of `tls.clientCert`")
            })?,
        };
        // Every handshake is a full one: it tells the version.
        config.resumption = rustls::client::Resumption::disabled();
        config.enable_sni = matches!(ServerName::try_from(host), Ok(ServerName::DnsName(_)));
        Ok(Arc::new(config))
    }
}

fn certificates(key: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, BuildError> {
    let wrong = |why: String| BuildError::new(key, format!("{}: {why}", path.display()));
    let bytes = read(key, path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(wrong("it holds no certificate".into())
            .with_hint("it must hold PEM blocks that begin with -----BEGIN CERTIFICATE-----")),
        Err(error) => Err(wrong(error.to_string())),
    }
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, BuildError> {
    let bytes = read("tls.clientKey", path)?;
    // The reason may quote the file, and the file is a secret.
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| {
        BuildError::new("tls.clientKey", format!("{} holds no private key", path.display()))
            .with_hint("it must hold a PEM block such as -----BEGIN PRIVATE KEY-----, without a passphrase")
    })
}

fn read(key: &str, path: &Path) -> Result<Vec<u8>, BuildError> {
    std::fs::read(path).map_err(|error| BuildError::new(key, format!("cannot read {}: {error}", path.display())))
}

/// Checks as rustls does, but always for the name that the configuration gives; and notes the version.
#[derive(Debug)]
struct NamedVerifier {
    inner: Arc<WebPkiServerVerifier>,
    name: ServerName<'static>,
    agreed: Agreed,
}

impl ServerCertVerifier for NamedVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.inner.verify_server_cert(certificate, others, &self.name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.agreed.0.store(12, Ordering::Relaxed);
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.agreed.0.store(13, Ordering::Relaxed);
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Why TLS did not come about, exactly, and what a person may do.
pub(super) fn explain(error: &Error, host: &str) -> Trouble {
    let trouble = |why: String| Trouble::new(FailureClass::Unreachable, why);
    let Error::InvalidCertificate(wrong) = error else {
        return match error {
            Error::AlertReceived(_) => trouble(format!("the server ended the TLS handshake: {error}"))
                .with_hint("it may want a certificate from us: set `tls.clientCert` and `tls.clientKey`"),
            Error::InvalidMessage(_) => trouble(format!("the server does not speak TLS there: {error}"))
                .with_hint("ldaps:// is usually port 636; port 389 wants ldap:// (with StartTLS)"),
            _ => trouble(format!("TLS: {error}")),
        };
    };
    let day = |time: &UnixTime| {
        let seconds = i64::try_from(time.as_secs()).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        seconds.map(|time| time.format(" (%Y-%m-%d %H:%M UTC)").to_string()).unwrap_or_default()
    };
    match wrong {
        CertificateError::ExpiredContext { not_after, .. } => {
            trouble(format!("the certificate of the server has expired{}", day(not_after)))
                .with_hint("renew it on the server, or check the clock of this machine")
        }
        CertificateError::Expired => trouble("the certificate of the server has expired".into())
            .with_hint("renew it on the server, or check the clock of this machine"),
        CertificateError::NotValidYetContext { not_before, .. } => {
            trouble(format!("the certificate of the server is not valid yet{}", day(not_before)))
                .with_hint("check the clock of this machine")
        }
        CertificateError::UnknownIssuer => {
            trouble("the certificate of the server is from an authority that is not known here".into())
                .with_hint("set `tls.ca` to the file of the authority that signed it")
        }
        CertificateError::BadSignature => {
            trouble("the certificate of the server is not signed by the authority that it names".into())
                .with_hint("`tls.ca` may hold an old certificate of that authority")
        }
        CertificateError::NotValidForName => trouble(format!("the certificate of the server is not for `{host}`"))
            .with_hint("use the name that the certificate is for in `url`"),
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names =
                if presented.is_empty() { "no name at all".into() } else { shown(&presented.join(", "), SHOWN) };
            trouble(format!("the certificate of the server is not for `{host}`; it is for {names}"))
                .with_hint("use a name that the certificate is for in `url`")
        }
        other => {
            trouble(format!("the certificate of the server cannot be trusted: {}", shown(&other.to_string(), SHOWN)))
        }
    }
}
