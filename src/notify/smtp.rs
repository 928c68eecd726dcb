use std::time::Duration;

use backon::Retryable;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, Identity, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret;
use tokio::time::timeout;

use super::mail::StartTls;
use crate::connector::{BuildError, ConnectorError, FailureClass, Finding, Network, Secret, Tls};
use crate::http::pauses;
use crate::principal::shown;

/// Of one step where the configuration says nothing: a server may look at a mail before it takes it.
const STEP: Duration = Duration::from_secs(30);

/// Of what a server says, so many characters are told.
const SHOWN: usize = 200;

/// Ports of RFC 8314: with TLS from the beginning, and with STARTTLS; of a relay on this machine.
const SUBMISSIONS: u16 = 465;
const SUBMISSION: u16 = 587;
const RELAY: u16 = 25;

/// How a connection is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cover {
    Tls,
    StartTls,
    /// In the clear: this machine only.
    Nothing,
}

/// Where a mail server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    host: String,
    port: u16,
    cover: Cover,
}

/// A mail server, and who signs in there.
pub(super) struct Server {
    place: Place,
    told: String,
    login: Option<(String, Secret)>,
    tls: TlsParameters,
    timeout: Duration,
}

/// A failure, and whether another try may go well.
struct Trouble {
    error: ConnectorError,
    again: bool,
    /// The server said a code of refusal.
    refused: bool,
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

impl Server {
    /// # Errors
    /// When a certificate cannot be used.
    pub(super) fn new(place: Place, login: Option<(String, Secret)>, network: &Network) -> Result<Self, BuildError> {
        let tls = certificates(&place.host, &network.tls)?;
        let told = format!("{}:{}", place.host, place.port);
        Ok(Self { place, told, login, tls, timeout: network.timeout.unwrap_or(STEP) })
    }

    pub(super) fn place(&self) -> &str {
        &self.told
    }

    /// Sends a letter; again after what passes, such as a lost connection or a code 4xx.
    ///
    /// # Errors
    /// [`FailureClass::Rejected`] where the server does not want it or one of those it is for.
    pub(super) async fn send(
        &self,
        doing: &str,
        from: &Address,
        to: &[Address],
        letter: &[u8],
    ) -> Result<(), ConnectorError> {
        let envelope = Envelope::new(Some(from.clone()), to.to_vec())
            .map_err(|error| ConnectorError::new(FailureClass::Rejected, doing, error.to_string()))?;
        let once = || async {
            let mut connection = self.connect(doing).await?;
            self.within(doing, "sending the mail", connection.send(&envelope, letter)).await?;
            self.leave(connection).await;
            Ok::<_, Trouble>(())
        };
        let sent = once.retry(pauses()).when(|trouble: &Trouble| trouble.again).await;
        sent.map_err(|trouble| trouble.error)
    }

    /// Connects and signs in, and sends nothing.
    pub(super) async fn check(&self, doing: &str) -> Result<Vec<Finding>, ConnectorError> {
        let connection = self.connect(doing).await.map_err(|trouble| trouble.error)?;
        let cover = if connection.is_encrypted() { "with TLS" } else { "in the clear, on this machine" };
        self.leave(connection).await;
        let who = self.login.as_ref().map_or("nobody signs in".to_owned(), |(name, _)| format!("signed in as {name}"));
        Ok(vec![Finding::Good(format!("{} answers, {cover}; {who}", self.told))])
    }

    async fn connect(&self, doing: &str) -> Result<AsyncSmtpConnection, Trouble> {
        let Place { host, port, cover } = &self.place;
        let name = ClientId::default();
        let tls = (*cover == Cover::Tls).then(|| self.tls.clone());
        let connecting =
            AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), Some(self.timeout), &name, tls, None);
        let mut connection = self.within(doing, "connecting", connecting).await?;
        if *cover == Cover::StartTls {
            self.within(doing, "turning to TLS (STARTTLS)", connection.starttls(self.tls.clone(), &name)).await?;
        }
        if let Some((user, secret)) = &self.login {
            let password = secret.read().map_err(|error| {
                let error = ConnectorError::new(FailureClass::Denied, doing, error.to_string());
                Trouble { error, again: false, refused: false }
            })?;
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let signing = connection.auth(DEFAULT_MECHANISMS, &credentials);
            let signed = self.within(doing, "signing in", signing).await;
            signed.map_err(|trouble| denied(trouble, user, password.expose_secret()))?;
        }
        Ok(connection)
    }

    /// Says goodbye, and does not mind whether it is heard.
    async fn leave(&self, mut connection: AsyncSmtpConnection) {
        let _ = timeout(self.timeout, connection.quit()).await;
    }

    async fn within<T>(
        &self,
        doing: &str,
        step: &str,
        deed: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Trouble> {
        match timeout(self.timeout, deed).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(trouble(doing, step, &error)),
            Err(_) => {
                let why = format!("{step}: no answer in time");
                let error = ConnectorError::new(FailureClass::Unreachable, doing, why);
                let error = error.with_hint("set a longer `timeout` if the server is that slow");
                Err(Trouble { error, again: true, refused: false })
            }
        }
    }
}

/// What a failure of the conversation means.
fn trouble(doing: &str, step: &str, error: &Error) -> Trouble {
    let (said, refused) = (shown(&chain(error), SHOWN), error.is_permanent());
    let fail = |class, hint: Option<&str>, again| {
        let error = ConnectorError::new(class, doing, format!("{step}: {said}"));
        let error = ConnectorError { hint: hint.map(str::to_owned), ..error };
        Trouble { error, again, refused }
    };
    if error.is_transient() {
        return fail(FailureClass::Unreachable, None, true);
    }
    if error.is_permanent() {
        return fail(FailureClass::Rejected, Some("check `from` and `to`, and whom the server takes mail for"), false);
    }
    if error.is_client() {
        return fail(FailureClass::Rejected, Some("check `url` and `startTls`: the server does not offer that"), false);
    }
    if said.contains("certificate") || error.is_tls() {
        let hint = "the host of `url` must be one that the certificate is for; set `tls.ca` to the file of the authority that signed it";
        return fail(FailureClass::Unreachable, Some(hint), false);
    }
    fail(FailureClass::Unreachable, Some("check `url`, the port and the network; is the mail server up?"), true)
}

/// A refused sign-in is not tried again. Nothing that was sent for it is repeated in what the server says.
fn denied(trouble: Trouble, user: &str, password: &str) -> Trouble {
    let Trouble { error, again, refused } = trouble;
    let sent = [STANDARD.encode(format!("\0{user}\0{password}")), STANDARD.encode(password)];
    let error = error.without([sent[0].as_str(), sent[1].as_str(), password]);
    if !refused {
        return Trouble { error, again, refused };
    }
    let error = ConnectorError { class: FailureClass::Denied, ..error };
    let error = error.with_hint("check `username` and `password`, and that the account may send");
    Trouble { error, again: false, refused }
}

/// The error with all that is behind it, each once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(inner) = next {
        let words = inner.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        next = inner.source();
    }
    text
}

fn certificates(host: &str, tls: &Tls) -> Result<TlsParameters, BuildError> {
    let Tls { ca, client_cert, client_key } = tls;
    let read = |key: &str, path: &std::path::Path| {
        std::fs::read(path).map_err(|error| BuildError::new(key, format!("cannot read {}: {error}", path.display())))
    };
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = ca {
        let pem = read("tls.ca", path)?;
        let holds = pem.windows(27).any(|window| window == b"-----BEGIN CERTIFICATE-----");
        let certificate = Certificate::from_pem(&pem).ok().filter(|_| holds).ok_or_else(|| {
            BuildError::new("tls.ca", format!("{} holds no certificate", path.display()))
                .with_hint("it must hold PEM blocks that begin with -----BEGIN CERTIFICATE-----")
        })?;
        builder = builder.add_root_certificate(certificate);
    }
    if let (Some(certificate), Some(key)) = (client_cert, client_key) {
        let (pem, key) = (read("tls.clientCert", certificate)?, read("tls.clientKey", key)?);
        // The reason may quote the file, and the file is a secret.
        let identity = Identity::from_pem(&pem, &key).map_err(|_| {
            BuildError::new("tls.clientCert", "`clientCert` and `clientKey` cannot be used together")
                .with_hint("both are PEM files, and the key has no passphrase")
        })?;
        builder = builder.identify_with(identity);
    }
    builder.build().map_err(|error| BuildError::new("tls", format!("TLS cannot be used: {}", chain(&error))))
}
