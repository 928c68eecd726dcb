use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use super::options::StartTls;

/// How what is sent to a server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// TLS from the first byte.
    Ldaps,
    /// TLS before anything else is said. RFC 4511, section 4.14.
    StartTls,
    /// None.
    Clear,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// A name or an address, without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
}

impl Address {
    /// Reads `ldap://HOST[:PORT]` or `ldaps://HOST[:PORT]`. Without a word on `StartTLS`, it is required but on this
    /// machine.
    ///
    /// # Errors
    /// Why it is no such address, and what to write instead.
    pub(super) fn parse(text: &str, start_tls: Option<StartTls>) -> Result<Self, (String, &'static str)> {
        let expected = "write `ldaps://ldap.example.org` or `ldap://ldap.example.org:389`";
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err((format!("`{text}` is no address of a directory"), expected));
        };
        let tls = match scheme.to_ascii_lowercase().as_str() {
            "ldap" => false,
            "ldaps" => true,
            other => return Err((format!("`{other}://` is not spoken here"), expected)),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?']) {
            return Err((format!("`{text}` has more than a host and a port"), "what to read is said by `users.base`"));
        }
        if rest.contains('@') {
            // Whatever stands before the sign may be a password.
            return Err(("the address names an account".into(), "the account belongs into `bind`"));
        }
        let (host, port) = split(rest).ok_or_else(|| (format!("`{rest}` is no host and port"), expected))?;
        let port = match port {
            None if tls => 636,
            None => 389,
            Some(port) => match port.parse() {
                Ok(port) if port > 0 => port,
                _ => return Err((format!("`{port}` is no port"), "ports are numbers from 1 to 65535")),
            },
        };
        let security = match (tls, start_tls) {
            (true, _) => Security::Ldaps,
            (false, Some(StartTls::Off)) => Security::Clear,
            (false, None) if is_this_machine(host) => Security::Clear,
            (false, Some(StartTls::Required) | None) => Security::StartTls,
        };
        Ok(Self { host: host.to_owned(), port, security })
    }

    /// The address, where the host is one and no name.
    pub(super) fn ip(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    fn scheme(&self) -> &'static str {
        if self.security == Security::Ldaps { "ldaps" } else { "ldap" }
    }

    /// The address as ldap3 takes it. It knows no names for IPv6 addresses in certificates, so it gets a stand-in:
    /// the connection is made and the certificate is checked by us.
    pub(super) fn for_library(&self) -> String {
        match self.ip() {
            Some(IpAddr::V6(_)) => format!("{}://ipv6.invalid:{}", self.scheme(), self.port),
            _ => format!("{}://{}:{}", self.scheme(), self.host, self.port),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = if self.security == Security::Ldaps { 636 } else { 389 };
        match self.ip() {
            Some(IpAddr::V6(ip)) => write!(out, "{}://[{ip}]", self.scheme())?,
            _ => write!(out, "{}://{}", self.scheme(), self.host)?,
        }
        if self.port == usual { Ok(()) } else { write!(out, ":{}", self.port) }
    }
}

/// Host and port of `HOST[:PORT]`; none where the host is neither a name nor an address.
fn split(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        host.parse::<Ipv6Addr>().ok()?;
        return match rest.strip_prefix(':') {
            None if rest.is_empty() => Some((host, None)),
            None => None,
            port => Some((host, port)),
        };
    }
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let letters = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    (letters && !host.is_empty()).then_some((host, port))
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
