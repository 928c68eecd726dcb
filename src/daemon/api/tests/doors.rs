//! Who holds a connection for nothing is let go, and whoever waits for an answer is not.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::super::listen::{Limits, Listening};

const SILENCE: Duration = Duration::from_secs(1);

/// Longer than anything here may take.
const LATE: Duration = Duration::from_secs(20);

const LIMITS: Limits = Limits { connections: 4, handshake: SILENCE, silence: SILENCE, stall: SILENCE };

/// A socket with a few routes behind it.
struct House {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl House {
    async fn new() -> Self {
        Self::within(LIMITS).await
    }

    async fn within(limits: Limits) -> Self {
        let router = Router::new()
            .route("/", get(|| async { "here" }))
            .route(
                "/slow",
                get(async || {
                    sleep(SILENCE * 4).await;
                    "at last"
                }),
            )
            .route("/large", get(|| async { vec![b'x'; 64 * 1024 * 1024] }))
            .route(
                "/list",
                post(async |request: Request| {
                    to_bytes(request.into_body(), usize::MAX).await.map_or(0, |bytes| bytes.len()).to_string()
                }),
            );
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listening = Listening::within(limits, address, None).await.unwrap();
        let address = listening.address();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(listening.serve(router, async { drop(stopped.await) }));
        Self { address, stop, serving }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A caller who connects, and whose connection says `head`.
    async fn says(&self, head: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }
}

fn head(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
}

/// Reads until `text` has come.
async fn hears(stream: &mut TcpStream, text: &str) {
    let mut heard = Vec::new();
    let hearing = async {
        while !String::from_utf8_lossy(&heard).contains(text) {
            assert!(stream.read_buf(&mut heard).await.unwrap() > 0, "{}", String::from_utf8_lossy(&heard));
        }
    };
    timeout(LATE, hearing).await.unwrap();
}

/// Waits until the other end has let go.
async fn is_let_go(stream: &mut TcpStream) {
    let mut rest = [0; 64];
    let heard = timeout(LATE, stream.read(&mut rest)).await.unwrap();
    assert!(matches!(heard, Ok(0) | Err(_)), "{heard:?}");
}

#[tokio::test]
async fn those_who_say_nothing_or_half_a_request_make_room_for_others() {
    let house = House::new().await;
    let begin = Instant::now();
    let mut held = vec![house.connect().await, house.connect().await];
    held.push(house.says("GET / HTTP/1.1\r\nHo").await);
    held.push(house.says("\r\n").await);
    let mut caller = house.says(&head("/")).await;
    hears(&mut caller, "here").await;
    let waited = begin.elapsed();
    assert!(waited >= SILENCE && waited < SILENCE * 10, "{waited:?}");
    for stream in &mut held {
        is_let_go(stream).await;
    }
}

#[tokio::test]
async fn a_head_that_comes_in_drops_is_not_waited_for() {
    let house = House::new().await;
    let mut stream = house.connect().await;
    let begin = Instant::now();
    for byte in head("/").bytes().cycle().filter(|byte| *byte != b'\n') {
        if stream.write_all(&[byte]).await.is_err() {
            break;
        }
        assert!(begin.elapsed() < LATE, "it is still heard");
        sleep(SILENCE / 8).await;
    }
    is_let_go(&mut stream).await;
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request_but_not_for_ever() {
    let house = House::new().await;
    let mut stream = house.connect().await;
    for _ in 0..3 {
        sleep(SILENCE / 2).await;
        stream.write_all(head("/").as_bytes()).await.unwrap();
        hears(&mut stream, "here").await;
    }
    let begin = Instant::now();
    is_let_go(&mut stream).await;
    assert!(begin.elapsed() >= SILENCE / 2, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn who_waits_for_an_answer_or_brings_a_long_list_is_not_cut_off() {
    let house = House::new().await;
    let mut waiting = house.says(&head("/slow")).await;
    let mut bringing = house.says("POST /list HTTP/1.1\r\nHost: x\r\nContent-Length: 800\r\n\r\n").await;
    for _ in 0..8 {
        sleep(SILENCE / 2).await;
        bringing.write_all(&[b'x'; 100]).await.unwrap();
    }
    hears(&mut bringing, "800").await;
    hears(&mut waiting, "at last").await;
}

#[tokio::test]
async fn who_takes_no_answer_is_let_go_and_who_takes_it_slowly_is_not() {
    let house = House::new().await;
    let mut held = Vec::new();
    for _ in 0..LIMITS.connections {
        held.push(house.says(&head("/large")).await);
    }
    hears(&mut house.says(&head("/")).await, "here").await;
    let mut slow = house.says(&head("/large")).await;
    let (mut taken, mut part) = (0, vec![0; 8 * 1024 * 1024]);
    while taken < 64 * 1024 * 1024 {
        sleep(SILENCE / 4).await;
        taken += timeout(LATE, slow.read_exact(&mut part)).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn at_a_stop_whoever_is_being_answered_is_and_nobody_else_is_waited_for() {
    // What is let go is so for the stop alone.
    let House { address, stop, serving } = House::within(Limits { silence: LATE, ..LIMITS }).await;
    let connect = async || TcpStream::connect(address).await.unwrap();
    let (mut idle, mut silent, mut waiting) = (connect().await, connect().await, connect().await);
    idle.write_all(head("/").as_bytes()).await.unwrap();
    hears(&mut idle, "here").await;
    waiting.write_all(head("/slow").as_bytes()).await.unwrap();
    sleep(SILENCE / 4).await;
    let begin = Instant::now();
    stop.send(()).unwrap();
    is_let_go(&mut idle).await;
    is_let_go(&mut silent).await;
    assert!(begin.elapsed() < LATE / 2, "{:?}", begin.elapsed());
    hears(&mut waiting, "at last").await;
    timeout(LATE, serving).await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "the socket is closed");
}
