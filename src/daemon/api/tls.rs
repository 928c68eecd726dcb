use std::fs::{File, metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::listen::ListenError;
use crate::config::ServerTls;

/// What a file of certificates may be long, in bytes.
const MOST: u64 = 1024 * 1024;

/// The certificate that is shown to whoever connects.
#[derive(Debug, Clone)]
pub struct Certificates(Arc<RwLock<Arc<Shown>>>);

#[derive(Debug)]
struct Shown {
    path: PathBuf,
    server: Arc<ServerConfig>,
    /// From when until when the first of them is valid.
    valid: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Certificates {
    /// Reads them from files.
    ///
    /// # Errors
    /// When one cannot be read, or they do not belong together.
    pub fn read(files: &ServerTls) -> Result<Self, ListenError> {
        Ok(Self(Arc::new(RwLock::new(Arc::new(Shown::read(files)?)))))
    }

    /// Connections from now on are shown those of `other`.
    pub fn renew(&self, other: &Self) {
        let other = other.shown();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = other;
    }

    /// Why callers will not accept them at `now`, if they will not.
    #[must_use]
    pub fn doubt(&self, now: DateTime<Utc>) -> Option<String> {
        let shown = self.shown();
        let path = shown.path.display();
        match shown.valid? {
            (_, end) if end < now => Some(format!("the certificate in {path} has expired: it was valid until {end}")),
            (begin, _) if now < begin => Some(format!("the certificate in {path} is not valid before {begin}")),
            _ => None,
        }
    }

    pub(super) fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.shown().server)
    }

    fn shown(&self) -> Arc<Shown> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shown {
    fn read(files: &ServerTls) -> Result<Self, ListenError> {
        let ServerTls { cert, key } = files;
        let fail = |path: &Path, why: String| ListenError::Tls { path: path.to_owned(), why };
        let text = regular(cert).map_err(|why| fail(cert, why))?;
        let chain = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| fail(cert, error.to_string()))?;
        if chain.is_empty() {
            return Err(fail(cert, "it holds no certificate".into()));
        }
        let valid = valid(&chain);
        let text = regular(key).map_err(|why| fail(key, why))?;
        let secret = PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
            rustls::pki_types::pem::Error::NoItemsFound => fail(key, "it holds no private key".into()),
            error => fail(key, error.to_string()),
        })?;
        let builder =
            ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
        let builder = builder.map_err(|error| fail(cert, error.to_string()))?.with_no_client_auth();
        let mut server = builder.with_single_cert(chain, secret).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => fail(key, format!("it is not the key of {}", cert.display())),
            error => fail(cert, error.to_string()),
        })?;
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { path: cert.clone(), server: Arc::new(server), valid })
    }
}

/// The bytes of a file. Asked before it is opened what it is: a pipe that nobody writes to would be waited for for ever.
fn regular(path: &Path) -> Result<Vec<u8>, String> {
    let fail = |error: std::io::Error| error.to_string();
    if !metadata(path).map_err(fail)?.is_file() {
        return Err("it is no regular file".into());
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes));
    if read.map_err(fail)? as u64 > MOST {
        return Err(format!("it is larger than {MOST} bytes"));
    }
    Ok(bytes)
}

/// Of the first one, which is the server's own: clients find a way around one between it and its authority.
fn valid(chain: &[CertificateDer<'_>]) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let (_, certificate) = X509Certificate::from_der(chain.first()?).ok()?;
    let valid = certificate.validity();
    Some((time(valid.not_before.timestamp()), time(valid.not_after.timestamp())))
}

/// A time that is beyond all calendars is as good as the last one.
fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
