//! Immutable ids in the text form that people know them by.

use compact_str::{CompactString, format_compact};

/// The text of an id: a GUID for `objectGUID`, a SID for `objectSid`, else the value itself where it is text without
/// control characters, else its bytes as hexadecimal digits. A UUID (`entryUUID`, `nsUniqueId`) is in lower case:
/// servers that write it otherwise mean the same. None where the value is empty.
///
/// Whether the bytes happen to be UTF-8 says nothing: of random GUIDs one in ten thousand is.
pub(super) fn id_text(attribute: &str, value: &[u8]) -> Option<CompactString> {
    if value.is_empty() {
        return None;
    }
    let text = || std::str::from_utf8(value).ok().filter(|text| !text.contains(char::is_control));
    let plain = |text: &str| if is_uuid(text) { text.to_ascii_lowercase().into() } else { CompactString::from(text) };
    Some(known(attribute, value).unwrap_or_else(|| text().map_or_else(|| hexadecimal(value), plain)))
}

/// The text of any other value: the same for attributes that are known to be binary, else the text as it is, line ends
/// (`postalAddress`) and all; digits only where it is no UTF-8.
pub(super) fn value_text(attribute: &str, value: &[u8]) -> CompactString {
    let text = || std::str::from_utf8(value).map_or_else(|_| hexadecimal(value), CompactString::from);
    known(attribute, value).unwrap_or_else(text)
}

/// The text form of an attribute that is known to be binary.
fn known(attribute: &str, value: &[u8]) -> Option<CompactString> {
    let name = attribute.to_ascii_lowercase();
    match name.strip_suffix(";binary").unwrap_or(&name) {
        "objectguid" | "ms-ds-consistencyguid" => guid(value),
        "objectsid" | "sidhistory" => sid(value),
        _ => None,
    }
}

/// 32 hexadecimal digits, with any dashes.
fn is_uuid(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    digits == 32 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// The first three fields are little-endian. MS-DTYP, section 2.3.4.2.
fn guid(value: &[u8]) -> Option<CompactString> {
    let bytes = <[u8; 16]>::try_from(value).ok()?;
    let turned = |from: usize, to: usize| hexadecimal(&bytes[from..to].iter().rev().copied().collect::<Vec<_>>());
    let (first, second, third) = (turned(0, 4), turned(4, 6), turned(6, 8));
    Some(format_compact!("{first}-{second}-{third}-{}-{}", hexadecimal(&bytes[8..10]), hexadecimal(&bytes[10..])))
}

/// `S-1-5-21-…`. MS-DTYP, section 2.4.2.
fn sid(value: &[u8]) -> Option<CompactString> {
    let (head, parts) = value.split_first_chunk::<8>()?;
    let [revision, count, authority @ ..] = head;
    if parts.len() != usize::from(*count) * 4 {
        return None;
    }
    let authority = authority.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let mut text = format_compact!("S-{revision}-{authority}");
    for part in parts.chunks_exact(4) {
        text.push_str(&format_compact!("-{}", u32::from_le_bytes(part.try_into().ok()?)));
    }
    Some(text)
}

/// The SID of the group with this relative id in the domain of `sid`: a `primaryGroupID` with the SID of its user.
pub(super) fn sibling(sid: &[u8], relative: u32) -> Option<Vec<u8>> {
    let domain = sid.len().checked_sub(4).filter(|length| *length >= 8)?;
    let mut group = sid[..domain].to_vec();
    group.extend(relative.to_le_bytes());
    Some(group)
}

/// The 16 bytes of an id: a GUID as such, a UUID or `nsUniqueId` as digits with any dashes.
pub(super) fn entry_id(value: &[u8]) -> Option<[u8; 16]> {
    if let Ok(id) = value.try_into() {
        return Some(id);
    }
    let digits: Vec<u8> = value.iter().copied().filter(|byte| *byte != b'-').collect();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    bytes?.try_into().ok()
}

pub(super) fn hexadecimal(bytes: &[u8]) -> CompactString {
    crate::principal::hex("", bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_read_with_its_first_fields_turned() {
        let bytes = [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
        assert_eq!(id_text("objectGUID", &bytes).unwrap(), "00112233-4455-6677-8899-aabbccddeeff");
    }

    #[test]
    fn a_guid_that_happens_to_be_text_is_still_a_guid() {
        assert_eq!(id_text("ObjectGuid", b"abcdefghijklmnop").unwrap(), "64636261-6665-6867-696a-6b6c6d6e6f70");
    }

    #[test]
    fn text_stays_and_bytes_become_digits() {
        assert_eq!(id_text("employeeNumber", b"E-4711").unwrap(), "E-4711");
        assert_eq!(id_text("ibm-entryuuid", &[0xff, 0x00]).unwrap(), "ff00");
        assert_eq!(id_text("employeeNumber", b""), None);
    }

    #[test]
    fn a_uuid_is_the_same_in_either_case() {
        let lower = "4d72cc05-e5e0-11f1-b497-a67c63bc14f6";
        assert_eq!(id_text("entryUUID", lower.as_bytes()).unwrap(), lower);
        assert_eq!(id_text("entryUUID", lower.to_uppercase().as_bytes()).unwrap(), lower);
        let ds = id_text("nsUniqueId", b"4D72CC05-E5E011F1-B497A67C-63BC14F6").unwrap();
        assert_eq!(ds, "4d72cc05-e5e011f1-b497a67c-63bc14f6");
        assert_eq!(id_text("badge", b"ABCDEF").unwrap(), "ABCDEF", "no UUID: case may tell two apart");
    }

    #[test]
    fn a_value_of_several_lines_stays_text() {
        let address = "1 High Street\r\nLondon\tZo\u{eb}";
        assert_eq!(value_text("postalAddress", address.as_bytes()), address);
        assert_eq!(value_text("jpegPhoto", &[0xff, 0xd8]), "ffd8");
        assert_eq!(value_text("objectGUID", b"abcdefghijklmnop"), "64636261-6665-6867-696a-6b6c6d6e6f70");
        assert_eq!(value_text("l", b"BERLIN"), "BERLIN");
    }

    #[test]
    fn an_id_is_sixteen_bytes_however_it_is_written() {
        let id = entry_id(b"4d72cc05-e5e0-11f1-b497-a67c63bc14f6").unwrap();
        assert_eq!(entry_id(b"4d72cc05-e5e011f1-b497a67c-63bc14f6"), Some(id), "nsUniqueId");
        assert_eq!(entry_id(&id), Some(id), "objectGUID");
        assert_eq!(entry_id(b"4d72cc05"), None);
        assert_eq!(entry_id(b"4d72cc05-e5e0-11f1-b497-a67c63bc14fg"), None);
    }

    #[test]
    fn a_sid_is_told_as_windows_tells_it() {
        let mut bytes = vec![1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];
        assert_eq!(id_text("objectSid", &bytes).unwrap(), "S-1-5-32-544");
        assert_eq!(id_text("objectSid", &sibling(&bytes, 513).unwrap()).unwrap(), "S-1-5-32-513");
        bytes.pop();
        assert_eq!(id_text("objectSid", &bytes).unwrap(), "010200000000000520000000200200");
        assert_eq!(sibling(&[1, 0], 1), None);
    }
}
