use proptest::prelude::*;

use crate::notify::base64::{decode, encode};

/// RFC 4648, section 10.
#[test]
fn the_samples_of_the_rfc() {
    for (plain, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(encode(plain.as_bytes()), text);
        assert_eq!(decode(text).as_deref(), Some(plain.as_bytes()), "{text}");
    }
}

#[test]
fn what_is_not_written_exactly_so_is_none() {
    // Without padding, with too much, of another alphabet, with a line break, with bits that nothing stands for.
    for text in ["Zg", "Zg=", "Zm9v=", "Zm9-", "Zm9v\n", "Zh==", "Z", "=", "Zm 9v"] {
        assert_eq!(decode(text), None, "{text:?}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(bytes: Vec<u8>) {
        prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
    }
}
