//! The address of a product as a configuration gives it.

use crate::connector::BuildError;

/// The address without a slash at its end, normalised: the host in lower case, no default port.
///
/// # Errors
/// When it is missing or no address, or when `http://` would send secrets in the clear to another machine.
pub fn address(url: Option<&str>, example: &str) -> Result<String, BuildError> {
    let text = url.unwrap_or_default().trim();
    let hint = format!("write it like `{example}`");
    if text.is_empty() {
        return Err(BuildError::new("url", "`url` is missing").with_hint(hint));
    }
    let parsed = reqwest::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(parsed) = parsed.filter(|url| url.host_str().is_some()) else {
        return Err(BuildError::new("url", "`url` is no address").with_hint(hint));
    };
    if !parsed.username().is_empty() || parsed.password().is_some() {
        let why = "`url` holds a user name or a password";
        return Err(BuildError::new("url", why).with_hint("credentials have keys of their own"));
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(BuildError::new("url", "`url` holds a `?` or a `#`").with_hint(hint));
    }
    if parsed.scheme() == "http" && !is_loopback(&parsed) {
        let why = "http:// would send secrets in the clear";
        return Err(BuildError::new("url", why).with_hint("use https://; plain http is for loopback only"));
    }
    Ok(parsed.as_str().trim_end_matches('/').to_owned())
}

/// The address of a hook. It may hold a secret, so that no message repeats any of it; it may have a `?`, and never sends
/// in the clear to another machine.
///
/// # Errors
/// When it is no address, or one with a login, or `http://` to another machine.
pub fn hook_address(text: &str, example: &str) -> Result<reqwest::Url, BuildError> {
    let wrong = |why: &str, hint: String| Err(BuildError::new("url", why).with_hint(hint));
    let parsed = reqwest::Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(url) = parsed.filter(|url| url.host_str().is_some()) else {
        return wrong("`url` is no address", format!("write it like `{example}`"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("`url` holds a user name or a password", "take them out: a hook is known by its address".into());
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        let hint = "use https://; plain http is for loopback only".into();
        return wrong("http:// would send what is told in the clear", hint);
    }
    Ok(url)
}

fn is_loopback(url: &reqwest::Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
