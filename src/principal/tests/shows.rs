use crate::principal::{neutral, shown};

#[test]
fn text_that_would_act_on_a_terminal_is_written_out() {
    for (text, safe) in [
        ("\u{1b}[31mred", "\\u{1b}[31mred"),
        ("a\u{202e}b", "a\\u{202e}b"),
        ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
        ("nul\u{0}", "nul\\u{0}"),
        ("c1\u{9b}31m", "c1\\u{9b}31m"),
        ("a\nb\tc\r", "a\\u{a}b\\u{9}c\\u{d}"),
        ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
        ("soft\u{ad}hyphen", "soft\\u{ad}hyphen"),
        ("no\u{a0}break", "no\\u{a0}break"),
        ("del\u{7f}", "del\\u{7f}"),
        ("tag\u{e0041}", "tag\\u{e0041}"),
        ("line\u{2028}", "line\\u{2028}"),
    ] {
        assert_eq!(neutral(text), safe);
    }
}

#[test]
fn a_space_at_either_end_can_be_seen() {
    assert_eq!(neutral(" ada"), "\\u{20}ada");
    assert_eq!(neutral("ada "), "ada\\u{20}");
    assert_eq!(neutral("a d a"), "a d a");
    assert_eq!(neutral("é "), "é\\u{20}");
    assert_eq!(neutral(" "), "\\u{20}");
}

#[test]
fn honest_text_is_left_alone() {
    for text in ["", "Ada Lovelace", "Σίσυφος", "O'Brien; <b>", "李小龍", "ünïcödé 👩"] {
        assert_eq!(neutral(text), text);
    }
}

#[test]
fn a_cell_is_cut_by_characters() {
    assert_eq!(shown("ada", 3), "ada");
    assert_eq!(shown("adas", 3), "ad…");
    assert_eq!(shown("ééé", 2), "é…");
    assert_eq!(shown("", 0), "");
    assert_eq!(shown("\u{1b}", 3), "\\u…", "what is cut is the safe text");
}
