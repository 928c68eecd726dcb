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

use super::place::{Cover, Place};
use crate::connector::{BuildError, ConnectorError, FailureClass, Finding, Network, Secret, Tls};
use crate::http::pauses;
use crate::principal::shown;

/// Of one step where the configuration says nothing: a server may look at a mail before it takes it.
const STEP: Duration = Duration::from_secs(30);

/// Of what a server says, so many characters are told.
const SHOWN: usize = 200;

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

impl Server {
    /// # Errors
    /// When a certificate cannot be used.
    pub(super) fn new(place: Place, login: Option<(String, Secret)>, network: &Network) -> Result<Self, BuildError> {
        let tls = certificates(&place.host, &network.tls)?;
        let host = if place.host.contains(':') { format!("[{}]", place.host) } else { place.host.clone() };
        let told = format!("{host}:{}", place.port);
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
            let mut talk = Talk { server: self, doing, hide: Vec::new() };
            let mut connection = talk.begin().await?;
            talk.within("sending the mail", connection.send(&envelope, letter)).await?;
            talk.end(connection).await;
            Ok::<_, Trouble>(())
        };
        let sent = once.retry(pauses()).when(|trouble: &Trouble| trouble.again).await;
        sent.map_err(|trouble| trouble.error)
    }

    /// Connects and signs in, and sends nothing.
    pub(super) async fn check(&self, doing: &str) -> Result<Vec<Finding>, ConnectorError> {
        let mut talk = Talk { server: self, doing, hide: Vec::new() };
        let connection = talk.begin().await.map_err(|trouble| trouble.error)?;
        let cover = if connection.is_encrypted() { "with TLS" } else { "in the clear, on this machine" };
        talk.end(connection).await;
        let who = self.login.as_ref().map_or("nobody signs in".to_owned(), |(name, _)| format!("signed in as {name}"));
        Ok(vec![Finding::Good(format!("{} answers, {cover}; {who}", self.told))])
    }
}

/// One conversation with the server.
struct Talk<'a> {
    server: &'a Server,
    doing: &'a str,
    /// What was sent to sign in, in every form: some servers repeat what they were sent.
    hide: Vec<String>,
}

impl Talk<'_> {
    /// Connects, turns to TLS, signs in.
    async fn begin(&mut self) -> Result<AsyncSmtpConnection, Trouble> {
        let Place { host, port, cover } = &self.server.place;
        let (name, tls) = (ClientId::default(), &self.server.tls);
        let at_once = (*cover == Cover::Tls).then(|| tls.clone());
        let patience = Some(self.server.timeout);
        let connecting = AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), patience, &name, at_once, None);
        let mut connection = self.within("connecting", connecting).await?;
        if *cover == Cover::StartTls {
            self.within("turning to TLS (STARTTLS)", connection.starttls(tls.clone(), &name)).await?;
        }
        if let Some((user, secret)) = &self.server.login {
            let password = secret.read().map_err(|error| self.trouble(FailureClass::Denied, error.to_string()))?;
            let password = password.expose_secret();
            let sent = format!("\0{user}\0{password}");
            // The longest first: a shorter one may be its beginning.
            self.hide =
                vec![STANDARD.encode(sent.as_bytes()), STANDARD.encode(password.as_bytes()), password.to_owned()];
            let credentials = Credentials::new(user.clone(), password.to_owned());
            let signed = self.within("signing in", connection.auth(DEFAULT_MECHANISMS, &credentials)).await;
            signed.map_err(denied)?;
        }
        Ok(connection)
    }

    /// Says goodbye, and does not mind whether it is heard.
    async fn end(&self, mut connection: AsyncSmtpConnection) {
        let _ = timeout(self.server.timeout, connection.quit()).await;
    }

    async fn within<T>(&self, step: &str, deed: impl Future<Output = Result<T, Error>>) -> Result<T, Trouble> {
        match timeout(self.server.timeout, deed).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(self.failed(step, &error)),
            Err(_) => {
                let trouble = self.trouble(FailureClass::Unreachable, format!("{step}: no answer in time"));
                Err(trouble.again().hinting("set a longer `timeout` if the server is that slow"))
            }
        }
    }

    /// What a failure of the conversation means.
    fn failed(&self, step: &str, error: &Error) -> Trouble {
        let said = self.hide.iter().fold(chain(error), |said, secret| said.replace(secret, "***"));
        let trouble = |class| self.trouble(class, format!("{step}: {}", shown(&said, SHOWN)));
        if error.is_transient() {
            trouble(FailureClass::Unreachable).again()
        } else if error.is_permanent() {
            let refused = Trouble { refused: true, ..trouble(FailureClass::Rejected) };
            refused.hinting("check `from` and `to`, and whom the server takes mail for")
        } else if error.is_client() {
            trouble(FailureClass::Rejected).hinting("check `url` and `startTls`: the server does not offer that")
        } else if error.is_tls() || said.contains("certificate") {
            trouble(FailureClass::Unreachable).hinting(
                "the host of `url` must be one that the certificate is for; set `tls.ca` to the file of the authority that signed it",
            )
        } else {
            let trouble = trouble(FailureClass::Unreachable).again();
            trouble.hinting("check `url`, the port and the network; is the mail server up?")
        }
    }

    fn trouble(&self, class: FailureClass, why: String) -> Trouble {
        Trouble { error: ConnectorError::new(class, self.doing, why), again: false, refused: false }
    }
}

impl Trouble {
    fn again(self) -> Self {
        Self { again: true, ..self }
    }

    fn hinting(self, hint: &str) -> Self {
        Self { error: self.error.with_hint(hint), ..self }
    }
}

/// A refused sign-in: another class, and not tried again.
fn denied(trouble: Trouble) -> Trouble {
    if !trouble.refused {
        return trouble;
    }
    let error = ConnectorError { class: FailureClass::Denied, ..trouble.error };
    Trouble { error, ..trouble }.hinting("check `username` and `password`, and that the account may send")
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
