//! The files of the certificate: what stands in them is shown, or nothing of it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use super::utc;
use crate::config::{Problems, ServerTls, Settings, load};
use crate::daemon::api::Certificates;
use crate::daemon::reload;

/// A certificate in `NAME.pem` and its key in `NAME.key`, valid in the years 2026 and 2027.
fn issue(folder: &Path, name: &str) -> ServerTls {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["rollcall.example.org".into()]).unwrap();
    (params.not_before, params.not_after) = (date_time_ymd(2026, 1, 1), date_time_ymd(2028, 1, 1));
    let files = files(folder, name);
    fs::write(&files.cert, params.self_signed(&key).unwrap().pem()).unwrap();
    fs::write(&files.key, key.serialize_pem()).unwrap();
    files
}

fn files(folder: &Path, name: &str) -> ServerTls {
    ServerTls { cert: folder.join(format!("{name}.pem")), key: folder.join(format!("{name}.key")) }
}

fn refused(files: &ServerTls) -> String {
    Certificates::read(files).unwrap_err().to_string()
}

#[test]
fn what_is_no_file_of_certificates_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let good = issue(folder.path(), "good");
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink(&pipe, folder.path().join("link")).unwrap();
    for path in [pipe, folder.path().join("link"), folder.path().to_owned(), PathBuf::from("/dev/zero")] {
        let why = format!("cannot use {}: it is no regular file", path.display());
        assert_eq!(refused(&ServerTls { cert: path.clone(), ..good.clone() }), why);
        assert_eq!(refused(&ServerTls { key: path, ..good.clone() }), why);
    }
    let swapped = ServerTls { cert: good.key.clone(), key: good.cert.clone() };
    assert!(refused(&swapped).ends_with("it holds no certificate"), "{}", refused(&swapped));
    let lone = ServerTls { key: good.cert.clone(), ..good.clone() };
    assert!(refused(&lone).ends_with("it holds no private key"), "{}", refused(&lone));
    let mixed = ServerTls { key: issue(folder.path(), "other").key, ..good.clone() };
    assert!(refused(&mixed).ends_with("good.pem"), "the key of another: {}", refused(&mixed));
    fs::write(&good.cert, vec![b'\n'; 2 * 1024 * 1024]).unwrap();
    assert!(refused(&good).ends_with("it is larger than 1048576 bytes"), "{}", refused(&good));
    let missing = files(folder.path(), "missing");
    assert!(refused(&missing).contains("No such file"), "{}", refused(&missing));
}

#[test]
fn one_that_nobody_will_accept_now_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = Certificates::read(&issue(folder.path(), "good")).unwrap();
    assert_eq!(certificates.doubt(utc("2026-06-15T12:00:00Z")), None);
    let late = certificates.doubt(utc("2028-01-02T00:00:00Z")).unwrap();
    assert!(late.ends_with("good.pem has expired: it was valid until 2028-01-01 00:00:00 UTC"), "{late}");
    let early = certificates.doubt(utc("2025-12-31T00:00:00Z")).unwrap();
    assert!(early.ends_with("good.pem is not valid before 2026-01-01 00:00:00 UTC"), "{early}");
}

/// What a daemon with the certificate `was` makes of a configuration that names `name`.
async fn reloaded(folder: &Path, was: &str, name: &str) -> Result<(Settings, Option<Certificates>), Problems> {
    let path = folder.join("rollcall.yaml");
    let write = |name: &str| {
        let text = format!(
            "server: {{ tls: {{ cert: {name}.pem, key: {name}.key }} }}\nsources: {{ hr: {{ push: {{}} }} }}\n\
             targets: {{ app: {{ file: {{ path: app.json }} }} }}\nsyncs: {{ hr-to-app: {{ from: hr, to: app }} }}\n"
        );
        fs::write(&path, text).unwrap();
    };
    write(was);
    let old = load(Some(&path)).unwrap_or_else(|problems| panic!("{problems}"));
    write(name);
    let path = path.clone();
    reload::read(&(Arc::new(move || load(Some(&path))) as reload::Loader), &old).await
}

#[tokio::test]
async fn a_configuration_whose_certificate_cannot_be_used_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["old", "new", "broken"] {
        issue(folder.path(), name);
    }
    fs::write(folder.path().join("broken.pem"), "nothing of the kind").unwrap();
    let Err(problems) = reloaded(folder.path(), "old", "broken").await else { panic!("it is taken") };
    assert!(problems.to_string().contains("broken.pem: it holds no certificate"), "{problems}");
    let (settings, certificates) = reloaded(folder.path(), "old", "new").await.unwrap();
    assert!(settings.server.tls.unwrap().cert.ends_with("new.pem"));
    let shown = Certificates::read(&files(folder.path(), "old")).unwrap();
    shown.renew(&certificates.unwrap());
    let doubt = shown.doubt(utc("2030-01-01T00:00:00Z")).unwrap();
    assert!(doubt.contains("new.pem"), "another file is shown: {doubt}");
}
