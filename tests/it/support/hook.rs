use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::runtime::Runtime;

/// A post, or whatever else somebody asked of a [`Hook`].
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Post {
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

#[derive(Default)]
struct Seen {
    posts: Vec<Post>,
    answers: VecDeque<(u16, String)>,
}

type Shared = Arc<Mutex<Seen>>;

/// Somebody who takes posts, on a port of its own: keeps them, and answers 204, or what it is told to.
pub(crate) struct Hook {
    _runtime: Runtime,
    seen: Shared,
    address: String,
}

impl Hook {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let seen = Shared::default();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = Router::new().fallback(keep).with_state(Arc::clone(&seen));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { _runtime: runtime, seen, address }
    }

    /// The next request gets this answer; each call adds one.
    pub(crate) fn answers(&self, status: u16, body: &str) {
        self.seen.lock().unwrap().answers.push_back((status, body.to_owned()));
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn posts(&self) -> Vec<Post> {
        self.seen.lock().unwrap().posts.clone()
    }
}

async fn keep(State(seen): State<Shared>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut seen = seen.lock().unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    seen.posts.push(Post { method: method.to_string(), path: uri.to_string(), headers, body });
    match seen.answers.pop_front() {
        None => StatusCode::NO_CONTENT.into_response(),
        Some((status, place)) if (300..400).contains(&status) => {
            (StatusCode::from_u16(status).unwrap(), [("location", place)]).into_response()
        }
        Some((status, body)) => (StatusCode::from_u16(status).unwrap(), body).into_response(),
    }
}
