use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use lber::structure::{PL, StructureTag};

use super::pages::Paged;
use super::script::{At, What};
use super::server::Shared;
use super::wire::{self, Message};
use super::{Request, Script};

/// One client: a request is read, answered, and written down.
pub(super) struct Connection {
    pub(super) shared: Arc<Shared>,
    stream: TcpStream,
    number: usize,
    /// The place of the request that is being answered in the journal.
    at: usize,
    /// How many bytes went out for searches.
    sent: usize,
    /// The paged search that may go on: one on a connection, as in slapd.
    pub(super) paged: Option<Paged>,
}

/// Why an answer goes no further.
pub(super) enum Ending {
    /// It was given to its end.
    Answered,
    /// The connection is over.
    Closed,
    /// Nothing will come any more.
    Stalled,
}

impl From<io::Error> for Ending {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

pub(super) type Step = Result<(), Ending>;

impl Connection {
    pub(super) fn new(shared: Arc<Shared>, stream: TcpStream, number: usize) -> Self {
        Self { shared, stream, number, at: 0, sent: 0, paged: None }
    }

    pub(super) fn serve(mut self) {
        while let Ok(Some(message)) = wire::read(&mut self.stream) {
            match self.answer(message) {
                Ok(()) | Err(Ending::Answered) => {}
                Err(Ending::Closed) => break,
                Err(Ending::Stalled) => {
                    // Until the client goes, or the server.
                    let _ = io::copy(&mut self.stream, &mut io::sink());
                    break;
                }
            }
        }
        // The client may have closed it before.
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    fn answer(&mut self, message: Message) -> Step {
        let Message { id, tag, body, controls } = message;
        let controls_seen = controls.iter().map(|it| format!("{}{}", if it.critical { "!" } else { "" }, it.name));
        let mut request = Request { connection: self.number, controls: controls_seen.collect(), ..Request::default() };
        let parts = match body {
            PL::C(parts) => parts,
            PL::P(_) => Vec::new(),
        };
        match tag {
            0 => {
                request.operation = "bind".into();
                request.base = parts.get(1).map(wire::text).unwrap_or_default();
                self.write_down(request);
                self.bind(id, &parts)
            }
            2 => {
                request.operation = "unbind".into();
                self.write_down(request);
                Err(Ending::Closed)
            }
            3 => self.search(id, parts, &controls, request),
            16 => {
                request.operation = "abandon".into();
                self.write_down(request);
                Ok(())
            }
            23 => {
                request.operation = "extended".into();
                request.base = parts.first().map(wire::text).unwrap_or_default();
                self.write_down(request);
                // StartTLS, whoami: nothing of that kind is known here.
                self.finish(id, 24, 2, "unsupported extended operation")
            }
            other => {
                request.operation = other.to_string();
                self.write_down(request);
                self.finish(id, other + 1, 53, "this server only reads")
            }
        }
    }

    /// Any name with any password but `wrong` and the empty one, and nobody with nothing.
    fn bind(&mut self, id: u64, parts: &[StructureTag]) -> Step {
        let (name, password) = (parts.get(1).map(wire::text), parts.get(2).map(wire::text));
        let (name, password) = (name.unwrap_or_default(), password.unwrap_or_default());
        let code = match self.script().bind {
            Some(code) => code,
            None if password == "wrong" => 49,
            None if password.is_empty() && !name.is_empty() => 53,
            None => 0,
        };
        self.finish(id, 1, code, "")
    }

    /// A copy: nobody waits for a lock while bytes go out.
    pub(super) fn script(&self) -> Script {
        self.shared.script.lock().unwrap().clone()
    }

    pub(super) fn write_down(&mut self, request: Request) {
        let mut journal = self.shared.journal.lock().unwrap();
        self.at = journal.len();
        journal.push(request);
    }

    /// Adds to what is written down of the request that is being answered.
    pub(super) fn note(&self, change: impl FnOnce(&mut Request)) {
        // The journal may have been emptied meanwhile.
        self.shared.journal.lock().unwrap().get_mut(self.at).map(change);
    }

    fn finish(&mut self, id: u64, operation: u64, code: u32, diagnostic: &str) -> Step {
        self.note(|request| request.code = Some(code));
        self.send(&wire::answer(id, wire::result(operation, code, diagnostic, None), Vec::new()))
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> Step {
        self.note(|request| request.bytes += bytes.len());
        Ok(self.stream.write_all(bytes)?)
    }

    /// Sends what belongs to a search of `base`: as far as no fault comes between.
    pub(super) fn send_found(&mut self, id: u64, base: &str, bytes: &[u8]) -> Step {
        let (mut cut, sent) = (0, self.sent);
        let what = self.shared.script.lock().unwrap().strike(base, |at| match at {
            At::Byte(byte) if (sent..sent + bytes.len()).contains(&byte) => {
                cut = byte - sent;
                true
            }
            _ => false,
        });
        self.sent += bytes.len();
        match what {
            None => self.send(bytes),
            Some(what) => {
                self.send(&bytes[..cut])?;
                self.happen(id, base, what)?;
                self.send(&bytes[cut..])
            }
        }
    }

    /// Something goes wrong at a place that `now` knows.
    pub(super) fn strike(&mut self, id: u64, base: &str, now: At) -> Step {
        let what = self.shared.script.lock().unwrap().strike(base, |at| at == now);
        what.map_or(Ok(()), |what| self.happen(id, base, what))
    }

    fn happen(&mut self, id: u64, base: &str, what: What) -> Step {
        match what {
            What::Result(code) => self.done(id, code, None, Vec::new()),
            What::Referral(url) => self.done(id, 10, Some(&url), Vec::new()),
            What::Cut => Err(Ending::Closed),
            What::Stall => Err(Ending::Stalled),
            What::Bytes(bytes) => self.send(&bytes),
            What::Reference(url) => self.refer(id, &url),
            What::BrokenDn => {
                let dn = [b"cn=\xff\xfe,", base.as_bytes()].concat();
                self.send(&wire::answer(id, wire::entry(&dn, Vec::new()), Vec::new()))
            }
            What::Notice(code) => {
                let result = wire::notice(code);
                self.send(&wire::answer(0, result, Vec::new()))?;
                Err(Ending::Closed)
            }
            What::Announced(length) => {
                let length = length.to_be_bytes();
                self.send(&[&[0x30, 0x84][..], &length, &[2, 1, 1, 0x64]].concat())?;
                Err(Ending::Stalled)
            }
        }
    }

    pub(super) fn refer(&mut self, id: u64, url: &str) -> Step {
        self.send(&wire::answer(id, wire::application(19, vec![wire::octets(url)]), Vec::new()))
    }

    /// Ends a search.
    pub(super) fn done(&mut self, id: u64, code: u32, referral: Option<&str>, controls: Vec<wire::Control>) -> Step {
        let diagnostic = if code == 0 { "" } else { "as the test wants it" };
        self.note(|request| request.code = Some(code));
        self.send(&wire::answer(id, wire::result(5, code, diagnostic, referral), controls))?;
        Err(Ending::Answered)
    }
}
