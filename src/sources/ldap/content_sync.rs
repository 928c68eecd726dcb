//! The words of content synchronisation, RFC 4533, as bytes. The rules of a refresh are in `refresh`.

use lber::parse::parse_tag;
use lber::structure::{PL, StructureTag};
use ldap3::controls::{MakeCritical, RawControl, RefreshMode, SyncRequest};

use super::recall::EntryId;

const STATE: &str = "1.3.6.1.4.1.4203.1.9.1.2";
const DONE: &str = "1.3.6.1.4.1.4203.1.9.1.3";
const INFO: &str = "1.3.6.1.4.1.4203.1.9.1.4";

/// The result code `e-syncRefreshRequired`: the cookie is too old. RFC 4533, section 2.6.
pub(super) const REFRESH_REQUIRED: u32 = 4096;

/// What an entry of a refresh is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It is as it was: only its id counts.
    Present,
    /// It is new, or has changed.
    Content,
    Deleted,
}

/// A message between entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Info {
    /// These are gone, or these are all as they were.
    Ids { deleted: bool, ids: Vec<EntryId> },
    /// A cookie, or the end of a phase: of no use to a refresh that ends.
    Other,
}

/// The end of a refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) cookie: Option<Vec<u8>>,
    /// True: what is gone was named. False: what was not named is gone.
    pub(super) names_deleted: bool,
}

/// The control that asks for what changed since `cookie`. RFC 4533, section 2.2.
pub(super) fn request(cookie: Option<&[u8]>) -> RawControl {
    let mode = RefreshMode::RefreshOnly;
    SyncRequest { mode, cookie: cookie.map(<[u8]>::to_vec), reload_hint: false }.critical().into()
}

/// The state of an entry, and its id. None where the control is missing or malformed. RFC 4533, section 2.3.
pub(super) fn state<'a>(controls: impl IntoIterator<Item = &'a RawControl>) -> Option<(State, EntryId)> {
    let parts = value(controls, STATE)?;
    let [state, id, ..] = parts.as_slice() else { return None };
    let state = match primitive(state)? {
        [0] => State::Present,
        [1 | 2] => State::Content,
        [3] => State::Deleted,
        _ => return None,
    };
    Some((state, entry_id(id)?))
}

/// The end. None where the control is missing or malformed. RFC 4533, section 2.4.
pub(super) fn done<'a>(controls: impl IntoIterator<Item = &'a RawControl>) -> Option<Done> {
    let mut done = Done { cookie: None, names_deleted: false };
    for part in value(controls, DONE)? {
        match part.id {
            4 => done.cookie = Some(primitive(&part)?.to_vec()),
            1 => done.names_deleted = truth(&part)?,
            _ => return None,
        }
    }
    Some(done)
}

/// An intermediate message. None where it is malformed or of another kind. RFC 4533, section 2.5.
pub(super) fn info(message: StructureTag) -> Option<Info> {
    let PL::C(parts) = message.payload else { return None };
    let part = |id: u64| parts.iter().find(|part| part.id == id).and_then(primitive);
    if part(0)? != INFO.as_bytes() {
        return None;
    }
    let value = parse(part(1)?)?;
    let (3, PL::C(members)) = (value.id, value.payload) else { return Some(Info::Other) };
    let (mut deleted, mut ids) = (false, Vec::new());
    for member in members {
        match (member.id, &member.payload) {
            (4, _) => {}
            (1, _) => deleted = truth(&member)?,
            (17, PL::C(set)) => ids = set.iter().map(entry_id).collect::<Option<_>>()?,
            _ => return None,
        }
    }
    Some(Info::Ids { deleted, ids })
}

fn value<'a>(controls: impl IntoIterator<Item = &'a RawControl>, kind: &str) -> Option<Vec<StructureTag>> {
    let control = controls.into_iter().find(|control| control.ctype == kind)?;
    match parse(control.val.as_deref()?)?.payload {
        PL::C(parts) => Some(parts),
        PL::P(_) => None,
    }
}

fn parse(bytes: &[u8]) -> Option<StructureTag> {
    match parse_tag(bytes) {
        Ok(([], tag)) => Some(tag),
        _ => None,
    }
}

fn primitive(tag: &StructureTag) -> Option<&[u8]> {
    match &tag.payload {
        PL::P(bytes) => Some(bytes),
        PL::C(_) => None,
    }
}

fn truth(tag: &StructureTag) -> Option<bool> {
    primitive(tag)?.first().map(|byte| *byte != 0)
}

fn entry_id(tag: &StructureTag) -> Option<EntryId> {
    primitive(tag)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(kind: &str, bytes: &[u8]) -> [RawControl; 1] {
        [RawControl { ctype: kind.into(), crit: false, val: Some(bytes.to_vec()) }]
    }

    #[test]
    fn a_request_is_written_as_the_standard_has_it() {
        assert_eq!(request(None).val.unwrap(), [0x30, 3, 0x0a, 1, 1]);
        let control = request(Some(b"csn"));
        assert_eq!(control.val.unwrap(), [0x30, 8, 0x0a, 1, 1, 4, 3, b'c', b's', b'n']);
        assert_eq!(control.ctype, "1.3.6.1.4.1.4203.1.9.1.1");
        assert!(control.crit, "a server that does not know it must not answer with everything");
    }

    #[test]
    fn states_and_ends_are_read() {
        let id = [9; 16];
        let mut bytes = vec![0x30, 21, 0x0a, 1, 3, 4, 16];
        bytes.extend(id);
        assert_eq!(state(&control(STATE, &bytes)), Some((State::Deleted, id)));
        assert_eq!(state(&control(DONE, &bytes)), None, "another control");
        bytes[4] = 7;
        assert_eq!(state(&control(STATE, &bytes)), None, "an unknown state");
        let end = done(&control(DONE, &[0x30, 8, 4, 3, b'n', b'e', b'w', 1, 1, 0xff])).unwrap();
        assert_eq!(end, Done { cookie: Some(b"new".to_vec()), names_deleted: true });
        assert_eq!(done(&control(DONE, &[0x30, 0])), Some(Done { cookie: None, names_deleted: false }));
    }

    #[test]
    fn broken_bytes_are_no_word() {
        let whole = [0x30, 8, 4, 3, b'n', b'e', b'w', 1, 1, 0xff];
        for length in 0..whole.len() {
            assert_eq!(done(&control(DONE, &whole[..length])), None, "{length} bytes");
        }
        assert_eq!(state(&control(STATE, &[0x30, 5, 0x0a, 1, 1, 4, 0])), None, "an id of no bytes");
    }

    #[test]
    fn a_list_of_ids_is_read() {
        let octets = |class, id, bytes: &[u8]| StructureTag { class, id, payload: PL::P(bytes.to_vec()) };
        let context = lber::common::TagClass::Context;
        let mut value = vec![0xa3, 25, 1, 1, 0xff, 0x31, 20, 4, 18];
        value.extend([1; 18]);
        let message = |value: &[u8]| StructureTag {
            class: lber::common::TagClass::Application,
            id: 25,
            payload: PL::C(vec![octets(context, 0, INFO.as_bytes()), octets(context, 1, value)]),
        };
        assert_eq!(info(message(&value)), None, "an id of 18 bytes");
        let mut value = vec![0xa3, 23, 1, 1, 0xff, 0x31, 18, 4, 16];
        value.extend([1; 16]);
        assert_eq!(info(message(&value)), Some(Info::Ids { deleted: true, ids: vec![[1; 16]] }));
        assert_eq!(info(message(&[0x80, 1, 7])), Some(Info::Other), "a new cookie");
    }
}
