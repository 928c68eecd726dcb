//! `trigger`: asks a running daemon for a run, and follows it to its end.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::args::TriggerArguments;
use super::{output, progress, session};
use crate::config::Server;
use crate::connector::{ConnectorError, FailureClass, Network, Secret, SecretPlace, Tls, environment_text};
use crate::http::{Answer, Client, Repeat};
use crate::principal::{PrincipalId, neutral};
use crate::run::Exit;

/// How long the daemon may let one call wait for news, in seconds.
const WAIT: u64 = 25;

/// How long one call may take: longer than it may wait.
const LONGEST: Duration = Duration::from_mins(1);

/// How long a person who asks waits for a daemon that does not answer, or wants to be asked later.
const PATIENCE: Duration = Duration::from_secs(3);

/// The variable that holds the token.
const TOKEN: &str = "ROLLCALL_TOKEN";

struct Daemon {
    client: Client,
    url: String,
    token: Option<SecretString>,
}

#[derive(Debug, Deserialize)]
struct Asked {
    run: String,
}

/// How a run stands.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Standing {
    stage: String,
    run: Option<String>,
    step: Option<String>,
    done: Option<u64>,
    total: Option<u64>,
    exit_code: Option<u8>,
    error: Option<String>,
    /// Only of a run that is written down.
    status: Option<String>,
    version: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    title: String,
    detail: String,
}

pub(super) async fn run(config: Option<&Path>, arguments: &TriggerArguments) -> Result<Exit, anyhow::Error> {
    for text in &arguments.only {
        if let Err(why) = PrincipalId::parse(text) {
            output::error(&format!("--only: {why}"), None);
            return Ok(Exit::Usage);
        }
    }
    let daemon = match Daemon::find(config, arguments) {
        Ok(daemon) => daemon,
        Err(exit) => return Ok(exit),
    };
    let asked = match daemon.ask(&arguments.sync, &arguments.only).await {
        Ok(asked) => asked,
        Err(error) => return Ok(failed(&error)),
    };
    output::data(&format!("{}/api/v1/runs/{}\n", daemon.url, asked.run))?;
    if !arguments.wait {
        return Ok(Exit::Done);
    }
    match daemon.follow(&asked.run).await {
        Ok(standing) => Ok(told(&standing)),
        Err(error) => Ok(failed(&error)),
    }
}

fn failed(error: &ConnectorError) -> Exit {
    output::error(&error.to_string(), error.hint.as_deref());
    Exit::Error
}

/// Says how a run ended.
fn told(standing: &Standing) -> Exit {
    let run = standing.run.as_deref().unwrap_or("-");
    let exit = standing.exit_code.and_then(Exit::of_code);
    let Some(exit) = exit.filter(|_| standing.stage == "ended") else {
        let hint = "the daemon stops, and does it when it is started again; or it no longer has the sync";
        output::error("the run was not carried out", Some(hint));
        return Exit::Error;
    };
    output::note(&format!("Run {run} has ended: {}.", exit.word()));
    if let Some(error) = &standing.error {
        output::error(error, None);
    }
    if exit != Exit::Done && matches!(standing.status.as_deref(), Some("partial" | "refused")) {
        output::note(&format!("`rollcall report {run}` tells more."));
    }
    exit
}

impl Daemon {
    /// The daemon of the configuration, or the one that was named. The exit code where there is none: it was said why.
    fn find(config: Option<&Path>, arguments: &TriggerArguments) -> Result<Self, Exit> {
        let usual = Network { patience: Some(PATIENCE), ..Network::default() };
        let (url, network) = if let Some(url) = &arguments.url {
            (url.trim_end_matches('/').to_owned(), usual)
        } else {
            let server = session::settings(config)?.server;
            // The certificate may be one that only this daemon has.
            let ca = server.tls.as_ref().map(|tls| tls.cert.clone());
            (address(&server), Network { tls: Tls { ca, ..Tls::default() }, ..usual })
        };
        let token = match &arguments.token_file {
            Some(file) => Some(Secret::new(SecretPlace::File(file.clone())).read().map_err(|error| {
                output::error(&format!("--token-file: {error}"), None);
                Exit::Usage
            })?),
            None => environment_text(TOKEN).filter(|text| !text.is_empty()).map(SecretString::from),
        };
        let client = Client::new(&network, Some(LONGEST)).map_err(|problem| {
            output::error(&problem.why, problem.hint.as_deref());
            Exit::Error
        })?;
        if let Some(token) = &token {
            client.hide(token);
        }
        Ok(Self { client, url, token })
    }

    async fn ask(&self, sync: &str, only: &[String]) -> Result<Asked, ConnectorError> {
        let url = format!("{}/api/v1/syncs/{sync}/runs", self.url);
        let body = if only.is_empty() { json!({}) } else { json!({ "only": only }) }.to_string();
        let doing = format!("asking the daemon at {} for a run of `{sync}`", self.url);
        // To ask twice is to ask once: both wait together.
        self.call(&doing, |client| client.post(&url).header("content-type", "application/json").body(body.clone()))
            .await?
            .json(&doing)
    }

    /// Waits for the end of a run, and shows how far it is.
    async fn follow(&self, run: &str) -> Result<Standing, ConnectorError> {
        let (doing, shown) = (format!("following run {run}"), progress::progress());
        let mut standing = Standing::default();
        let mut step = None;
        loop {
            let url = format!("{}/api/v1/runs/{run}/events?wait={WAIT}&seen={}", self.url, standing.version);
            standing = self.call(&doing, |client| client.get(&url)).await?.json(&doing)?;
            if matches!(standing.stage.as_str(), "ended" | "dropped") {
                shown.done();
                return Ok(standing);
            }
            let now = standing.step.clone().unwrap_or_else(|| standing.stage.clone());
            if step.as_ref() != Some(&now) {
                shown.step(&now, standing.total);
                // Also where nothing moves on a screen: this may take hours.
                if standing.stage == "waiting" && standing.step.is_some() {
                    output::note(&format!("Waiting: {}", neutral(&now)));
                }
                step = Some(now);
            }
            shown.at(standing.done.unwrap_or_default());
        }
    }

    async fn call(
        &self,
        doing: &str,
        make: impl Fn(&reqwest::Client) -> reqwest::RequestBuilder,
    ) -> Result<Answer, ConnectorError> {
        let make = |client: &reqwest::Client| match &self.token {
            Some(token) => make(client).bearer_auth(token.expose_secret()),
            None => make(client),
        };
        let answer = self.client.send(doing, Repeat::Safe, make).await;
        let answer = answer.map_err(|error| {
            let error = error.into_error();
            // What others ask of whoever goes on is of no use here.
            let hint = "is `rollcall serve` running there? `--url` names another place";
            let away = error.class == FailureClass::Unreachable;
            let hint = if away { Some(hint.into()) } else { error.hint.clone() };
            ConnectorError { hint, ..error }
        })?;
        if answer.is_success() {
            return Ok(answer);
        }
        let mut refusal = answer.refusal(doing);
        if let Ok(Problem { title, detail }) = serde_json::from_slice(&answer.body)
            && !title.is_empty()
        {
            refusal.why = format!("{title}: {detail}");
            refusal.hint = (answer.status == 401).then(|| format!("set {TOKEN}, or give `--token-file`"));
        }
        Err(refusal)
    }
}

/// Where a daemon that listens so is reached from this machine.
fn address(server: &Server) -> String {
    let scheme = if server.tls.is_some() { "https" } else { "http" };
    let ip = match server.listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(ip) if ip.is_unspecified() => std::net::Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("{scheme}://{}", SocketAddr::new(ip, server.listen.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_that_listens_everywhere_is_reached_on_loopback() {
        let at = |listen: &str| address(&Server { listen: listen.parse().unwrap(), ..Server::default() });
        assert_eq!(at("0.0.0.0:80"), "http://127.0.0.1:80");
        assert_eq!(at("[::]:80"), "http://[::1]:80");
        assert_eq!(at("10.1.2.3:7878"), "http://10.1.2.3:7878");
    }

    #[test]
    fn trigger_ends_as_the_run_does() {
        let standing = |stage: &str, code| Standing { stage: stage.into(), exit_code: code, ..Standing::default() };
        assert_eq!(told(&standing("ended", Some(3))), Exit::Refused);
        assert_eq!(told(&standing("ended", Some(0))), Exit::Done);
        assert_eq!(told(&standing("dropped", None)), Exit::Error);
    }
}
