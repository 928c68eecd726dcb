use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Certificate {
    #[default]
    Good,
    /// It ended in 2021.
    Expired,
    /// It is of `elsewhere.example.org`.
    OfAnotherHost,
    /// Another authority has signed it, under the same name.
    OfAnotherAuthority,
}

impl Certificate {
    /// Writes `ca.pem`, `server.pem` and `server.key` into `folder`, for `localhost` and `address`.
    pub(crate) fn write(self, folder: &Path, address: &str) {
        let (authority, pem) = authority();
        let (other, _) = self::authority();
        let names = match self {
            Self::OfAnotherHost => vec!["elsewhere.example.org".to_owned()],
            _ => vec!["localhost".to_owned(), address.to_owned()],
        };
        let mut server = CertificateParams::new(names).unwrap();
        if self == Self::Expired {
            (server.not_before, server.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
        }
        let key = KeyPair::generate().unwrap();
        let issuer = if self == Self::OfAnotherAuthority { other } else { authority };
        let certificate = server.signed_by(&key, &issuer).unwrap();
        std::fs::write(folder.join("ca.pem"), pem).unwrap();
        std::fs::write(folder.join("server.pem"), certificate.pem()).unwrap();
        write_key(&folder.join("server.key"), &key.serialize_pem());
    }
}

fn authority() -> (Issuer<'static, KeyPair>, String) {
    let key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.distinguished_name.push(DnType::CommonName, "authority of the tests");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = authority.self_signed(&key).unwrap().pem();
    (Issuer::new(authority, key), pem)
}

/// Samba refuses a key that others may read.
fn write_key(path: &Path, pem: &str) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(path).unwrap();
    file.write_all(pem.as_bytes()).unwrap();
}
