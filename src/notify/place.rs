use super::mail::StartTls;
use crate::connector::BuildError;

/// Ports of RFC 8314: with TLS from the beginning, and with STARTTLS; of a relay on this machine.
const SUBMISSIONS: u16 = 465;
const SUBMISSION: u16 = 587;
const RELAY: u16 = 25;

/// How a connection is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    Tls,
    StartTls,
    /// In the clear: this machine only.
    Nothing,
}

/// Where a mail server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) cover: Cover,
}

impl Place {
    /// # Errors
    /// When it is missing or no address of a mail server, or would send in the clear to another machine.
    pub(super) fn parse(url: Option<&str>, start_tls: Option<StartTls>) -> Result<Self, BuildError> {
        let wrong = |why: &str, hint: &str| Err(BuildError::new("url", why).with_hint(hint));
        let example = "write it like `smtp://mail.example.org` or `smtps://mail.example.org`";
        let Some(text) = url.map(str::trim).filter(|text| !text.is_empty()) else {
            return wrong("`url` is missing", example);
        };
        let parsed = reqwest::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "smtp" | "smtps"));
        let Some(url) = parsed.filter(|url| url.host_str().is_some_and(|host| !host.is_empty())) else {
            return wrong("`url` is no address of a mail server", example);
        };
        if !url.username().is_empty() || url.password().is_some() {
            return wrong("`url` holds a user name or a password", "write them under `username` and `password`");
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return wrong("`url` holds more than a host and a port", example);
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
        let local = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|host| host.is_loopback());
        let cover = match (url.scheme(), start_tls) {
            ("smtps", None) => Cover::Tls,
            ("smtps", Some(_)) => {
                let problem = BuildError::new("startTls", "`smtps://` is TLS from the beginning");
                return Err(problem.with_hint("leave `startTls` out, or write `smtp://`"));
            }
            (_, Some(StartTls::Required)) => Cover::StartTls,
            (_, None) if !local => Cover::StartTls,
            (_, Some(StartTls::Off)) if !local => {
                let problem = BuildError::new("startTls", "`off` would send mail and password in the clear");
                return Err(problem.with_hint("leave it out; `off` is for a relay on this machine only"));
            }
            (_, None | Some(StartTls::Off)) => Cover::Nothing,
        };
        let usual = match cover {
            Cover::Tls => SUBMISSIONS,
            Cover::StartTls => SUBMISSION,
            Cover::Nothing => RELAY,
        };
        Ok(Self { host, port: url.port().unwrap_or(usual), cover })
    }
}
