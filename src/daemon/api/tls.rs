use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::listen::ListenError;
use crate::config::ServerTls;

/// The certificate that is shown to whoever connects.
#[derive(Clone)]
pub struct Certificates {
    files: ServerTls,
    current: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Certificates {
    /// Reads them from files.
    ///
    /// # Errors
    /// When one cannot be read, or they do not belong together.
    pub(super) fn read(files: &ServerTls) -> Result<Self, ListenError> {
        let current = Arc::new(RwLock::new(Arc::new(configuration(files)?)));
        Ok(Self { files: files.clone(), current })
    }

    /// Reads the same files again: connections from now on are shown what stands there.
    ///
    /// # Errors
    /// As at first. What was read before holds on then.
    pub fn renew(&self) -> Result<(), ListenError> {
        let fresh = Arc::new(configuration(&self.files)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    pub(super) fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Certificates({})", self.files.cert.display())
    }
}

fn configuration(files: &ServerTls) -> Result<ServerConfig, ListenError> {
    let ServerTls { cert, key } = files;
    let fail = |path: &std::path::Path, why: String| ListenError::Tls { path: path.to_owned(), why };
    let chain = CertificateDer::pem_file_iter(cert).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| fail(cert, error.to_string()))?;
    if chain.is_empty() {
        return Err(fail(cert, "it holds no certificate".into()));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| fail(key, error.to_string()))?;
    let builder =
        ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| fail(cert, error.to_string()))?.with_no_client_auth();
    let mut made = builder.with_single_cert(chain, secret).map_err(|error| fail(cert, error.to_string()))?;
    made.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(made)
}
