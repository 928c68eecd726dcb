use std::path::PathBuf;
use std::process::Command;

use super::process::without;

/// Where `tests/peers/install` has put the foreign servers and clients; none where the machine is told to go without
/// them. It installs them where that has not been done.
#[track_caller]
pub(crate) fn peers() -> Option<PathBuf> {
    if without("ROLLCALL_WITHOUT_SCIM") {
        return None;
    }
    let output = Command::new(script("install")).arg(env!("CARGO_TARGET_TMPDIR")).output().unwrap();
    let reason = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{reason}hint: ROLLCALL_WITHOUT_SCIM=REASON goes without; tests/run sets it");
    Some(PathBuf::from(String::from_utf8(output.stdout).unwrap().trim()))
}

/// A file of `tests/peers`.
pub(crate) fn script(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "peers", name].iter().collect()
}
