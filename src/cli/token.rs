//! `token`: a token for somebody who may ask the daemon.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::args::TokenArguments;
use super::output;
use crate::principal::hex;
use crate::run::Exit;

/// What a token begins with, so that who searches for secrets that lie about finds it.
const BEGINNING: &str = "rcl_";

/// Letters at its end that a letter mistyped does not fit.
const CHECK: usize = 6;

/// Prints a new token on stdout, and the entry of the configuration on stderr.
pub(super) fn run(arguments: &TokenArguments) -> Result<Exit, anyhow::Error> {
    let TokenArguments { name, role } = arguments;
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if name.is_empty() || name.len() > 64 || !name.chars().all(letters) {
        let hint = "it is 1 to 64 of the letters A-Z, a-z, 0-9, `.`, `_`, `-` and `@`";
        output::error("that cannot be the name of a token", Some(hint));
        return Ok(Exit::Usage);
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))?;
    let token = written(&bytes);
    let hash = hex("", &Sha256::digest(&token));
    output::note("The token, which is not shown again:");
    output::raw(|out| writeln!(out, "{token}"))?;
    output::note("Its entry below `server: { tokens: [ … ] }` of the configuration:");
    output::note(&format!("  - {{ name: {name}, role: {}, sha256: {hash} }}", role.0.word()));
    Ok(Exit::Done)
}

fn written(bytes: &[u8]) -> String {
    let body = URL_SAFE_NO_PAD.encode(bytes);
    let check = hex("", &Sha256::digest(&body));
    format!("{BEGINNING}{body}{}", &check[..CHECK])
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn a_token_can_be_found_and_checked() {
        let token = written(&[0; 32]);
        assert_eq!(token, "rcl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned() + &token[47..]);
        assert_eq!(token.len(), 4 + 43 + 6);
        assert_ne!(written(&[1; 32])[47..], token[47..]);
    }
}
