use std::io::{self, Read};

use lber::common::TagClass;
use lber::parse::parse_tag;
use lber::structure::{PL, StructureTag};

/// Longer requests are not read: no client of ours sends such a one.
const LONGEST: usize = 16 << 20;

pub(super) const PAGES: &str = "1.2.840.113556.1.4.319";
pub(super) const SYNC_REQUEST: &str = "1.3.6.1.4.1.4203.1.9.1.1";
pub(super) const SYNC_STATE: &str = "1.3.6.1.4.1.4203.1.9.1.2";
pub(super) const SYNC_DONE: &str = "1.3.6.1.4.1.4203.1.9.1.3";
pub(super) const SYNC_INFO: &str = "1.3.6.1.4.1.4203.1.9.1.4";

/// A message of RFC 4511, section 4.1.1.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) id: u64,
    pub(super) tag: u64,
    pub(super) body: PL,
    pub(super) controls: Vec<Control>,
}

#[derive(Debug, Clone)]
pub(super) struct Control {
    pub(super) name: String,
    pub(super) critical: bool,
    pub(super) value: Vec<u8>,
}

/// The next message; none where the client is gone.
pub(super) fn read(stream: &mut impl Read) -> io::Result<Option<Message>> {
    let mut bytes = vec![0; 2];
    if stream.read_exact(&mut bytes).is_err() {
        return Ok(None);
    }
    let mut length = usize::from(bytes[1]);
    if length >= 128 {
        let mut digits = vec![0; length - 128];
        stream.read_exact(&mut digits)?;
        length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
        bytes.extend(digits);
    }
    if length > LONGEST {
        return Err(io::Error::other("a request of more than 16 MiB"));
    }
    let header = bytes.len();
    bytes.resize(header + length, 0);
    stream.read_exact(&mut bytes[header..])?;
    let (_, tag) = parse_tag(&bytes).map_err(|error| io::Error::other(error.to_string()))?;
    message(tag).map(Some).ok_or_else(|| io::Error::other("a request that is no message"))
}

fn message(tag: StructureTag) -> Option<Message> {
    let mut parts = tag.expect_constructed()?.into_iter();
    let id = number(&parts.next()?);
    let operation = parts.next()?;
    let controls = parts.next().map(children).unwrap_or_default();
    let controls = controls.into_iter().filter_map(|tag| control(children(tag))).collect();
    Some(Message { id, tag: operation.id, body: operation.payload, controls })
}

fn control(parts: Vec<StructureTag>) -> Option<Control> {
    let mut parts = parts.into_iter().peekable();
    let name = text(&parts.next()?);
    let critical = parts.next_if(|part| part.id == 1).is_some_and(|part| number(&part) != 0);
    let value = parts.next().map(|part| bytes(&part).to_vec()).unwrap_or_default();
    Some(Control { name, critical, value })
}

pub(super) fn parse(bytes: &[u8]) -> Option<StructureTag> {
    parse_tag(bytes).ok().map(|(_, tag)| tag)
}

pub(super) fn children(tag: StructureTag) -> Vec<StructureTag> {
    tag.expect_constructed().unwrap_or_default()
}

pub(super) fn bytes(tag: &StructureTag) -> &[u8] {
    match &tag.payload {
        PL::P(bytes) => bytes,
        PL::C(_) => &[],
    }
}

pub(super) fn text(tag: &StructureTag) -> String {
    String::from_utf8_lossy(bytes(tag)).into_owned()
}

pub(super) fn number(tag: &StructureTag) -> u64 {
    bytes(tag).iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn tag(class: TagClass, id: u64, payload: PL) -> StructureTag {
    StructureTag { class, id, payload }
}

pub(super) fn octets(value: impl AsRef<[u8]>) -> StructureTag {
    tag(TagClass::Universal, 4, PL::P(value.as_ref().to_vec()))
}

pub(super) fn integer(value: u64) -> StructureTag {
    whole(2, value)
}

pub(super) fn enumerated(value: u64) -> StructureTag {
    whole(10, value)
}

pub(super) fn boolean(value: bool) -> StructureTag {
    tag(TagClass::Universal, 1, PL::P(vec![if value { 255 } else { 0 }]))
}

fn whole(id: u64, value: u64) -> StructureTag {
    // One zero bit before the first one: the number is not negative.
    let digits = value.to_be_bytes();
    let first = usize::try_from(value.leading_zeros().saturating_sub(1) / 8).unwrap_or_default();
    tag(TagClass::Universal, id, PL::P(digits[first..].to_vec()))
}

pub(super) fn sequence(parts: Vec<StructureTag>) -> StructureTag {
    tag(TagClass::Universal, 16, PL::C(parts))
}

pub(super) fn set(parts: Vec<StructureTag>) -> StructureTag {
    tag(TagClass::Universal, 17, PL::C(parts))
}

pub(super) fn context(id: u64, parts: Vec<StructureTag>) -> StructureTag {
    tag(TagClass::Context, id, PL::C(parts))
}

pub(super) fn context_octets(id: u64, value: impl AsRef<[u8]>) -> StructureTag {
    tag(TagClass::Context, id, PL::P(value.as_ref().to_vec()))
}

pub(super) fn application(id: u64, parts: Vec<StructureTag>) -> StructureTag {
    tag(TagClass::Application, id, PL::C(parts))
}

/// The bytes of a tag; `lber` has a writer of its own, but for a buffer type that it does not bring along.
pub(super) fn encode(tag: StructureTag) -> Vec<u8> {
    let (form, content) = match tag.payload {
        PL::P(bytes) => (0, bytes),
        PL::C(parts) => (0x20, parts.into_iter().flat_map(encode).collect()),
    };
    let mut bytes = vec![(tag.class as u8) << 6 | form | u8::try_from(tag.id).unwrap()];
    match u8::try_from(content.len()) {
        Ok(short) if short < 128 => bytes.push(short),
        _ => {
            let digits = content.len().to_be_bytes();
            let first = digits.iter().position(|digit| *digit != 0).unwrap();
            bytes.push(0x80 | u8::try_from(digits.len() - first).unwrap());
            bytes.extend(&digits[first..]);
        }
    }
    bytes.extend(content);
    bytes
}

/// A message of ours, ready to be sent.
pub(super) fn answer(id: u64, body: StructureTag, controls: Vec<Control>) -> Vec<u8> {
    let mut parts = vec![integer(id), body];
    if !controls.is_empty() {
        let control =
            |control: Control| sequence(vec![octets(control.name), boolean(control.critical), octets(control.value)]);
        parts.push(context(0, controls.into_iter().map(control).collect()));
    }
    encode(sequence(parts))
}

/// A result, RFC 4511, section 4.1.9, as the body of an operation.
pub(super) fn result(operation: u64, code: u32, diagnostic: &str, referral: Option<&str>) -> StructureTag {
    let mut parts = vec![enumerated(code.into()), octets(""), octets(diagnostic)];
    parts.extend(referral.map(|url| context(3, vec![octets(url)])));
    application(operation, parts)
}

/// A search result entry.
pub(super) fn entry(dn: &[u8], attributes: Vec<(String, Vec<Vec<u8>>)>) -> StructureTag {
    let attribute = |(name, values): (String, Vec<Vec<u8>>)| {
        sequence(vec![octets(name), set(values.into_iter().map(octets).collect())])
    };
    application(4, vec![octets(dn), sequence(attributes.into_iter().map(attribute).collect())])
}

/// The notice of disconnection, RFC 4511, section 4.4.1.
pub(super) fn notice(code: u32) -> StructureTag {
    let mut notice = result(24, code, "as the test wants it", None);
    if let PL::C(parts) = &mut notice.payload {
        parts.push(context_octets(10, "1.3.6.1.4.1.1466.20036"));
    }
    notice
}
