use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::{App, Run, Running};

/// How long something may take that is to happen within a few seconds.
const PATIENCE: Duration = Duration::from_secs(90);

/// The daemon while it runs; killed where a story ends before it does.
pub(crate) struct Daemon {
    running: Running,
    log: PathBuf,
}

impl Daemon {
    /// `rollcall serve` in the folder of `app`, ready; `name` is that of its log.
    #[track_caller]
    pub(crate) fn start(app: &App, name: &str) -> Self {
        Self::start_line(app, name, "serve --listen 127.0.0.1:0")
    }

    #[track_caller]
    pub(crate) fn start_line(app: &App, name: &str, line: &str) -> Self {
        let log = app.path(name);
        let mut command = app.command(line);
        command.stderr(File::create(&log).unwrap());
        let daemon = Self { running: Running::of(line, command.spawn().unwrap()).unheard(), log };
        daemon.await_log("Listening at ");
        daemon
    }

    /// What it has written to stderr.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    #[track_caller]
    pub(crate) fn await_log(&self, text: &str) {
        self.await_that(text, |daemon| daemon.log().contains(text));
    }

    /// Waits until `holds`.
    #[track_caller]
    pub(crate) fn await_that(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !holds(self) {
            assert!(begin.elapsed() < PATIENCE, "it never came to that: {what}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> String {
        let log = self.log();
        log.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap().to_owned()
    }

    /// The status and the body that it answers to `GET PATH`.
    pub(crate) fn get(&self, path: &str) -> String {
        let address = self.address();
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split_whitespace().nth(1).unwrap_or_default();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        format!("{status} {}", body.trim_end())
    }

    pub(crate) fn signal(&mut self, name: &str) {
        self.running.signal(name);
    }

    /// As a power failure does.
    pub(crate) fn kill(self) {
        self.running.kill();
    }

    /// Tells it to stop, and waits for its end.
    pub(crate) fn stop(mut self) -> Run {
        self.running.signal("TERM");
        self.end()
    }

    /// Waits for its end; what it wrote to stderr is in the run.
    pub(crate) fn end(self) -> Run {
        let Self { running, log } = self;
        let mut run = running.end();
        run.err = fs::read_to_string(log).unwrap();
        run
    }
}
