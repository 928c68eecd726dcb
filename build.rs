//! Puts the commit into the binary: a report names the build that made it.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=ROLLCALL_COMMIT");
    println!("cargo::rerun-if-changed=.git/HEAD");
    println!("cargo::rerun-if-changed=.git/refs/heads");
    #[expect(clippy::disallowed_methods, reason = "a build script has no room to ask")]
    let given = std::env::var("ROLLCALL_COMMIT").ok();
    let commit = given.or_else(from_git).unwrap_or_else(|| "unknown".into());
    println!("cargo::rustc-env=ROLLCALL_COMMIT={commit}");
}

fn from_git() -> Option<String> {
    let output = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
