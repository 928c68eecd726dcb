use std::io;
use std::time::Duration;

use ldap3::controls::RawControl;
use ldap3::{
    DerefAliases, Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, ResultEntry, SearchOptions,
    SearchStream, StdStream,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::address::{Address, Security};
use super::decode::{Item, decode};
use super::entry::Entry;
use super::settings::Settings;
use super::tls::{Agreed, explain};
use super::trouble::{Trouble, told};
use super::wanted::Search;
use crate::connector::FailureClass;

/// Connections that take longer are given up: a packet filter that drops silently must not hang a run.
const CONNECT: Duration = Duration::from_secs(10);

/// How long the end of a connection may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// A connection, bound.
pub(super) struct Session {
    ldap: Ldap,
    /// Moves the bytes. Its result says why the connection ended; the library itself does not.
    driver: Option<JoinHandle<ldap3::result::Result<()>>>,
    /// Of one answer.
    timeout: Duration,
    pub(super) address: Address,
    pub(super) tls: Agreed,
}

/// A search under way.
pub(super) type Answers<'a> = SearchStream<'a, String, &'a [String]>;

impl Session {
    /// Connects to the address and binds.
    ///
    /// # Errors
    /// When it does not answer, TLS does not come about, or the bind is refused.
    pub(super) async fn open(settings: &Settings, address: &Address) -> Result<Self, Trouble> {
        let mut session = Self::connect(settings, address).await.map_err(|trouble| trouble.of(address))?;
        if let Some(bind) = &settings.bind {
            let password = bind.password.read().map_err(|error| {
                Trouble::new(FailureClass::Denied, format!("the bind password cannot be read: {error}"))
            })?;
            session.bind(&bind.dn, &password).await.map_err(|trouble| trouble.of(address))?;
        }
        Ok(session)
    }

    async fn connect(settings: &Settings, address: &Address) -> Result<Self, Trouble> {
        let slow = |_| {
            Trouble::new(FailureClass::Unreachable, format!("no answer within {} s", CONNECT.as_secs()))
                .with_hint("check the name, the port, and whether a firewall stands in between")
        };
        let stream = timeout(CONNECT, TcpStream::connect((address.host.as_str(), address.port))).await.map_err(slow)?;
        let stream = stream.and_then(|stream| stream.set_nodelay(true).and_then(|()| stream.into_std()));
        let stream = stream.map_err(|error| {
            let hint = "check the name and the port in `url`, and whether the server runs";
            Trouble::new(FailureClass::Unreachable, error.to_string()).with_hint(hint)
        })?;
        let tls = Agreed::default();
        let mut library = LdapConnSettings::new()
            .set_std_stream(StdStream::Tcp(stream))
            .set_starttls(address.security == Security::StartTls);
        if address.security != Security::Clear {
            library = library.set_config(settings.certificates.client_config(&address.host, &tls)?);
        }
        let connected = timeout(CONNECT, LdapConnAsync::with_settings(library, &address.for_library())).await;
        let (connection, ldap) = connected.map_err(slow)?.map_err(|error| unconnected(error, address))?;
        let driver = Some(tokio::spawn(connection.drive()));
        Ok(Self { ldap, driver, timeout: settings.timeout, address: address.clone(), tls })
    }

    async fn bind(&mut self, dn: &str, password: &SecretString) -> Result<(), Trouble> {
        let password = password.expose_secret();
        if password.is_empty() {
            // RFC 4513, section 5.1.2: servers take this for an anonymous bind, and answer with success.
            return Err(Trouble::new(FailureClass::Denied, "the bind password is empty"));
        }
        let answer = self.ldap.with_timeout(self.timeout).simple_bind(dn, password).await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Err(self.trouble(error, "binding").await),
        };
        let trouble = |class| {
            let why = told_without(password, &answer);
            Trouble::new(class, format!("the bind as `{dn}` is refused: {why}"))
        };
        match answer.rc {
            0 => Ok(()),
            49 => Err(trouble(FailureClass::Denied).with_hint("check `bind.dn` and `bind.password`")),
            8 | 13 => {
                Err(trouble(FailureClass::Denied)
                    .with_hint("the server wants TLS: use ldaps://, or `startTls: required`"))
            }
            1 | 51 | 52 | 80 => Err(trouble(FailureClass::Unreachable)),
            _ => Err(trouble(FailureClass::Denied).with_hint("check `bind.dn` and the rights of the account")),
        }
    }

    /// Starts a search, without a limit of our own: asking for one may get more than asking for none.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(super) async fn search<'a>(
        &mut self,
        search: &'a Search,
        mut controls: Vec<RawControl>,
    ) -> Result<Answers<'a>, Trouble> {
        controls.extend(search.controls.iter().cloned());
        let options = SearchOptions::new().deref(DerefAliases::Never).typesonly(false);
        let ldap = self.ldap.with_timeout(self.timeout).with_search_options(options);
        let ldap = if controls.is_empty() { ldap } else { ldap.with_controls(controls) };
        let started = ldap.streaming_search(&search.base, search.scope, &search.filter, &search.attributes[..]).await;
        match started {
            Ok(answers) => Ok(answers),
            Err(error) => Err(self.trouble(error, "asking").await),
        }
    }

    /// A search with a small answer, whole.
    ///
    /// # Errors
    /// When the connection is lost. A result code is no error here.
    pub(super) async fn collect(&mut self, search: &Search) -> Result<(Vec<ResultEntry>, LdapResult), Trouble> {
        let mut answers = self.search(search, Vec::new()).await?;
        let mut entries = Vec::new();
        loop {
            match answers.next().await {
                Ok(Some(entry)) => entries.push(entry),
                Ok(None) => return Ok((entries, answers.finish().await)),
                Err(error) => return Err(self.trouble(error, "waiting for an answer").await),
            }
        }
    }

    /// The one entry that a search finds; an empty one where there is none.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(super) async fn entry(&mut self, search: &Search) -> Result<Entry, Trouble> {
        let (entries, _) = self.collect(search).await?;
        let mut items = entries.into_iter().flat_map(decode);
        let found = items.find_map(|item| if let Item::Entry(found) = item { Some(found.entry) } else { None });
        Ok(found.unwrap_or_default())
    }

    /// Who we are for the server (RFC 4532); none where it does not say.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(super) async fn who_am_i(&mut self) -> Result<Option<String>, Trouble> {
        let asked = self.ldap.with_timeout(self.timeout).extended(ldap3::exop::WhoAmI).await;
        match asked {
            Ok(ldap3::result::ExopResult(answer, result)) if result.rc == 0 => {
                Ok(Some(String::from_utf8_lossy(&answer.val.unwrap_or_default()).into_owned()))
            }
            Ok(_) => Ok(None),
            Err(error) => Err(self.trouble(error, "asking who we are").await),
        }
    }

    /// What is behind an error of the library: the reason for which the connection ended.
    pub(super) async fn trouble(&mut self, error: LdapError, doing: &str) -> Trouble {
        match error {
            LdapError::Timeout { .. } => {
                let hint = "the server is stuck or far too busy; `timeout` says how long one answer may take";
                return Trouble::lost(format!("{doing}: no answer within {} s", self.timeout.as_secs()))
                    .with_hint(hint);
            }
            LdapError::FilterParsing => {
                return Trouble::new(FailureClass::Rejected, "the filter is no LDAP filter (RFC 4515)");
            }
            _ => {}
        }
        let ended = match self.driver.take() {
            Some(driver) => timeout(GOODBYE, driver).await,
            None => return Trouble::lost(format!("{doing}: {error}")),
        };
        match ended {
            Ok(Ok(Ok(()))) => Trouble::lost(format!("{doing}: the server closed the connection")),
            Ok(Ok(Err(LdapError::Io { source }))) => Trouble::lost(format!("{doing}: {}", cut(&source))),
            Ok(Ok(Err(other))) => Trouble::lost(format!("{doing}: connection lost: {other}")),
            Ok(Err(stopped)) if stopped.is_panic() => Trouble::new(
                FailureClass::Unexpected,
                format!("{doing}: the answer of the server cannot be understood"),
            ),
            Ok(Err(_)) | Err(_) => Trouble::lost(format!("{doing}: {error}")),
        }
    }

    /// Says goodbye. What becomes of it does not matter: nothing is asked any more.
    pub(super) async fn close(mut self) {
        let _ = timeout(GOODBYE, self.ldap.unbind()).await;
    }
}

/// What the server says, should it repeat the password. Masked first: a password that is cut is still most of one.
fn told_without(password: &str, answer: &LdapResult) -> String {
    told(&LdapResult { text: answer.text.replace(password, "***"), ..answer.clone() })
}

/// Why there is no connection to speak over.
fn unconnected(error: LdapError, address: &Address) -> Trouble {
    let plain = |why: String| Trouble::new(FailureClass::Unreachable, why);
    match error {
        LdapError::Io { source } => match tls_error(&source) {
            Some(error) => explain(error, &address.host),
            None if address.security == Security::Clear => plain(source.to_string()),
            None => plain(format!("TLS: {source}"))
                .with_hint("ldaps:// is usually port 636; port 389 wants ldap:// (with StartTLS)"),
        },
        LdapError::LdapResult { result } => plain(format!("StartTLS is refused: {}", told(&result)))
            .with_hint("use ldaps://, or, on a network that you trust, `startTls: off`"),
        LdapError::EndOfStream | LdapError::ResultRecv { .. } => plain("the server closed the connection".into()),
        other => plain(other.to_string()),
    }
}

/// Why nothing more came, in plain words where the library has none.
fn cut(error: &io::Error) -> String {
    // The framing of tokio-util says so when the stream ends inside a message.
    let inside = error.kind() == io::ErrorKind::Other && error.to_string() == "bytes remaining on stream";
    match error.kind() {
        _ if inside => "the connection was cut in the middle of an answer".into(),
        io::ErrorKind::UnexpectedEof => "the server closed the connection".into(),
        _ => format!("connection lost: {error}"),
    }
}

fn tls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_the_server_repeats_is_masked_even_where_its_answer_is_cut() {
        for before in 0..210 {
            let text = format!("{} canary-4711 is wrong", "x".repeat(before));
            let answer = LdapResult { rc: 49, matched: String::new(), text, refs: Vec::new(), ctrls: Vec::new() };
            let told = told_without("canary-4711", &answer);
            assert!(told.starts_with("invalid credentials") && !told.contains("can"), "{told}");
        }
    }
}
