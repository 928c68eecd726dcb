use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::super::Entry;
use super::connection::Connection;
use super::contents::Contents;
use super::{Fault, Request, Script};

/// What the connections share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) script: Mutex<Script>,
    pub(super) contents: Mutex<Contents>,
    pub(super) journal: Mutex<Vec<Request>>,
    streams: Mutex<Vec<TcpStream>>,
    stopping: AtomicBool,
}

/// The server, on a port of its own, for as long as it is not dropped.
pub(crate) struct FaultServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

impl FaultServer {
    /// One with these entries that does everything right.
    pub(crate) fn start(entries: Vec<Entry>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let contents = Mutex::new(Contents::new(entries));
        let shared = Arc::new(Shared { contents, ..Shared::default() });
        let listening = Arc::clone(&shared);
        let listener = Some(std::thread::spawn(move || listen(&listener, &listening)));
        Self { address, shared, listener }
    }

    pub(crate) fn url(&self) -> String {
        format!("ldap://{}", self.address)
    }

    /// Changes how it behaves from now on.
    pub(crate) fn script(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.shared.script.lock().unwrap());
    }

    /// One more thing goes wrong.
    pub(crate) fn fault(&self, fault: Fault) {
        self.script(|script| script.faults.push(fault));
    }

    /// It does everything right again, as in the beginning.
    pub(crate) fn heal(&self) {
        self.script(|script| *script = Script::default());
    }

    /// Adds an entry, or replaces the one with its `entryUUID` or DN.
    pub(crate) fn put(&self, entry: Entry) {
        self.shared.contents.lock().unwrap().put(entry);
    }

    #[track_caller]
    pub(crate) fn remove(&self, dn: &str) {
        self.shared.contents.lock().unwrap().remove(dn);
    }

    /// Everything that was asked so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.journal.lock().unwrap().clone()
    }

    /// Every search so far but those of the root DSE.
    pub(crate) fn searches(&self) -> Vec<Request> {
        let searches = self.requests().into_iter().filter(|request| request.operation == "search");
        searches.filter(|search| !search.base.is_empty()).collect()
    }

    /// How many entries went over the wire in those searches.
    pub(crate) fn entries_sent(&self) -> usize {
        self.searches().iter().map(|search| search.entries).sum()
    }

    /// How many bytes went over the wire in those searches.
    pub(crate) fn bytes_sent(&self) -> usize {
        self.searches().iter().map(|search| search.bytes).sum()
    }

    pub(crate) fn clear_journal(&self) {
        self.shared.journal.lock().unwrap().clear();
    }
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut serving = Vec::new();
    for stream in listener.incoming() {
        if shared.stopping.load(Ordering::SeqCst) {
            break;
        }
        let stream = stream.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut streams = shared.streams.lock().unwrap();
        let connection = Connection::new(Arc::clone(shared), stream.try_clone().unwrap(), streams.len());
        streams.push(stream);
        serving.push(std::thread::spawn(move || connection.serve()));
    }
    for stream in shared.streams.lock().unwrap().iter() {
        // It may be closed already.
        let _ = stream.shutdown(Shutdown::Both);
    }
    // A connection that panicked has made its test fail at the client's end.
    for connection in serving {
        drop(connection.join());
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // Wakes the listener.
        drop(TcpStream::connect(self.address));
        if let Some(listener) = self.listener.take() {
            drop(listener.join());
        }
    }
}
