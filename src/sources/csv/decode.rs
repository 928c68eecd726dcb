use encoding_rs::{DecoderResult, Encoding, UTF_8};

use crate::sources::file::Flaw;
use crate::sources::text;

/// The text of a file, strictly: nothing is replaced. Its own byte order mark is taken off.
///
/// # Errors
/// At the first byte that the encoding does not know, or where the file's mark tells of another encoding.
pub(super) fn decode(bytes: Vec<u8>, encoding: &'static Encoding) -> Result<String, Flaw> {
    if let Some((marked, _)) = Encoding::for_bom(&bytes).filter(|(marked, _)| *marked != encoding) {
        let why = format!("the file begins with the mark of {}, not {}", marked.name(), encoding.name());
        return Err(Flaw::new(1, why).with_hint(format!("set `encoding: {}`", marked.name().to_lowercase())));
    }
    if encoding == UTF_8 {
        let hint = "set `encoding` to what the file is in; that of many Windows programs is `encoding: windows-1252`";
        return text::utf8(bytes).map_err(|flaw| flaw.with_hint(hint));
    }
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut text = String::new();
    let mut rest = &bytes[..];
    loop {
        text.reserve(decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len()));
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                let (line, column) = text::position(&text);
                let why = format!("this is not {}", encoding.name());
                let hint = "the file is cut, or `encoding` is not what it is in";
                return Err(Flaw::new(line, why).at_column(column).with_hint(hint));
            }
        }
    }
}
