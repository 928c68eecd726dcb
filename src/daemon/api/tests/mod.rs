//! A daemon without a socket: its routes, its desk, and a small loop that carries out what is asked.

mod access;
mod doors;
mod gateways;
mod hooks;
mod lists;
mod runs;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use super::listen::Peer;
use super::routes::router;
use crate::config::{Role, Settings, load};
use crate::connector::Stop;
use crate::daemon::worker::{End, Work};
use crate::daemon::{Desk, Queue, Stage, lanes};
use crate::principal::hex;
use crate::store::Store;

/// The time of the published calls of webhooks.
const NOW: i64 = 1_767_323_045;

/// The bytes 00 to 1f.
const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Two syncs: one reads a list that is pushed and has a gateway, the other a file.
struct Office {
    folder: TempDir,
    desk: Arc<Desk>,
    router: Router,
    looping: Mutex<Option<JoinHandle<()>>>,
}

/// What was answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The status and the code of a problem.
    fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        (self.status, self.json()["code"].as_str().unwrap().to_owned())
    }

    #[track_caller]
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

fn token(role: Role) -> String {
    format!("rcl_{}", role.word())
}

fn tokens() -> String {
    let entry = |role: Role| {
        let hash = hex("", &Sha256::digest(token(role)));
        format!("{{ name: the-{}, role: {}, sha256: {hash} }}", role.word(), role.word())
    };
    Role::ALL.map(entry).join(", ")
}

fn configured(folder: &TempDir, server: &str) -> Settings {
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("hook-secret", SECRET);
    write("other-secret", "It's a Secret to Everybody");
    write("people.json", r#"[{"name":"ada","displayName":"Ada"},{"name":"bob","displayName":"Bob"}]"#);
    let config = format!(
        "server: {{ {server} }}\n\
         sources: {{ hr: {{ push: {{}} }}, people: {{ json: {{ path: people.json }} }} }}\n\
         targets:\n  app: {{ file: {{ path: app.json }}, gateway: hr-to-app }}\n  other: {{ file: {{ path: other.json }} }}\n\
         syncs:\n  hr-to-app: {{ from: hr, to: app }}\n  \
         people-to-other: {{ from: people, to: other, applyChanges: true, schedule: {{ cron: '0 6 * * *' }}, webhook: {{ secret: {{ file: hook-secret }} }}, guard: {{ firstRun: off }} }}\n  \
         people-to-app: {{ from: people, to: other2, webhook: {{ secret: {{ file: other-secret }}, scheme: github }} }}\n"
    );
    let config = config.replace("targets:\n", "targets:\n  other2: { file: { path: other2.json } }\n");
    write("rollcall.yaml", &config);
    load(Some(&folder.path().join("rollcall.yaml"))).unwrap_or_else(|problems| panic!("{problems}"))
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap()
}

impl Office {
    async fn new() -> Self {
        Self::with(&format!("tokens: [{}]", tokens())).await
    }

    async fn with(server: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Arc::new(configured(&folder, server));
        let store = Arc::new(Store::open(&folder.path().join("rollcall.db")).await.unwrap());
        let queue = Queue::new(4, lanes(&settings));
        let desk = Arc::new(Desk::new(settings, store, Arc::new(now), queue));
        let router = router(Arc::clone(&desk), Arc::new(|| None));
        Self { folder, desk, router, looping: Mutex::default() }
    }

    /// From now on runs are carried out.
    fn works(&self) -> &Self {
        let desk = Arc::clone(&self.desk);
        let looping = tokio::spawn(async move {
            loop {
                while let Some(start) = desk.begin(Instant::now()) {
                    let work = Work {
                        desk: Arc::clone(&desk),
                        settings: desk.settings(),
                        start: start.clone(),
                        ticks: Vec::new(),
                        host: "here".into(),
                        stop: Stop::default(),
                    };
                    let runtime = Handle::current();
                    let end = tokio::task::spawn_blocking(move || work.carry_out(&runtime)).await.unwrap();
                    let End::Done(done) = end else { panic!("{end:?}") };
                    let stage = Stage::Ended { run: start.run.clone(), exit: done.exit.code(), error: done.error };
                    desk.ended(&start, &stage);
                }
                desk.changed().await;
            }
        });
        *self.looping.lock().unwrap() = Some(looping);
        self
    }

    async fn call(&self, request: Request<Body>) -> Answer {
        self.call_from("10.0.0.1", request).await
    }

    async fn call_from(&self, address: &str, mut request: Request<Body>) -> Answer {
        let peer = Peer(SocketAddr::new(address.parse().unwrap(), 50_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    async fn get(&self, role: Role, path: &str) -> Answer {
        self.call(asks("GET", path, Some(role)).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, role: Role, path: &str, body: &Value) -> Answer {
        let request = asks("POST", path, Some(role)).header("content-type", "application/json");
        self.call(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// What stands in the file of a target.
    fn target(&self, name: &str) -> Value {
        let text = std::fs::read_to_string(self.folder.path().join(format!("{name}.json")));
        text.map_or(json!([]), |text| serde_json::from_str(&text).unwrap())
    }

    /// The run as it stands at its end.
    async fn end(&self, place: &str) -> Value {
        let mut seen = String::new();
        loop {
            let answer = self.get(Role::Operator, &format!("{place}/events?wait=20&seen={seen}")).await.is(200).json();
            if answer["stage"] == "ended" || answer["stage"] == "dropped" {
                return answer;
            }
            seen = answer["version"].as_str().unwrap().to_owned();
        }
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some(looping) = self.looping.lock().unwrap().take() {
            looping.abort();
        }
    }
}

fn asks(method: &str, path: &str, role: Option<Role>) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path).header("host", "rollcall.example.org");
    match role {
        Some(role) => request.header("authorization", format!("Bearer {}", token(role))),
        None => request,
    }
}

#[tokio::test]
async fn it_lives_and_is_ready_while_its_database_answers() {
    let office = Office::new().await;
    let alive = office.call(asks("GET", "/livez", None).body(Body::empty()).unwrap()).await.is(200);
    assert_eq!(alive.header("x-content-type-options"), "nosniff");
    assert_eq!(alive.header("cache-control"), "no-store");
    office.call(asks("GET", "/readyz", None).body(Body::empty()).unwrap()).await.is(200);
    let late = router(Arc::clone(&office.desk), Arc::new(|| Some("the timer is 60 s late".into())));
    let request = asks("GET", "/readyz", None).body(Body::empty()).unwrap();
    let answer = late.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn every_request_has_an_id_and_keeps_that_of_a_proxy_where_it_is_one() {
    let office = Office::new().await;
    let ask = |id: Option<&str>| {
        let request = asks("GET", "/livez", None);
        let request = match id {
            Some(id) => request.header("x-request-id", id),
            None => request,
        };
        request.body(Body::empty()).unwrap()
    };
    assert_eq!(office.call(ask(None)).await.header("x-request-id").len(), 36);
    assert_eq!(office.call(ask(Some("proxy-7"))).await.header("x-request-id"), "proxy-7");
    assert_eq!(office.call(ask(Some("two words"))).await.header("x-request-id").len(), 36);
}
