//! Notes, checkpoints and keys: published vectors, and the rules of C2SP signed-note one by one.

use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::trail::{LOG, key, other_key, seed};
use crate::audit::{
    Checkpoint, CheckpointError, KeyError, Note, NoteError, SigningKey, TreeHash, VerifyingKey, checkpoint_file,
    checkpoints_of,
};
use crate::principal::hex;

/// C2SP signed-note, "Example".
const FOO: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const FOO_NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
/// golang.org/x/mod, `sumdb/note/note_test.go`.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_PRIVATE: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const PETER_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const ENOCH_LINE: &str =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

fn parse(key: &str) -> VerifyingKey {
    VerifyingKey::parse(key).unwrap()
}

fn three() -> Checkpoint {
    let root = TreeHash::from_base64("YPJcyYtkKGmEXYJd13LJfXP1mMXWb6kOImWokVQrdJ0=").unwrap();
    Checkpoint { origin: LOG.into(), size: 3, root }
}

#[test]
fn a_checkpoint_is_the_203_bytes_that_were_worked_out_elsewhere() {
    let note = three().sign(&[&key()]);
    assert_eq!(note.len(), 203);
    let hash = hex("", &Sha256::digest(&note));
    assert_eq!(hash, "00f09d527573f79a5993f5213e877cc736e1a65be7ed49da4d1e75a875c25408");
    let vkey = "recon.example.com/audit/prod+0d8c88ec+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
    assert_eq!(key().public().to_string(), vkey);
    let parsed = Note::parse(&note).unwrap();
    assert_eq!(parsed.verify([&parse(vkey)]).unwrap(), [key().public()]);
    assert_eq!(Checkpoint::parse(parsed.text()).unwrap(), three());
}

#[test]
fn the_examples_of_others_verify() {
    for (vkey, note) in [(FOO, FOO_NOTE), (PETER, PETER_NOTE)] {
        let key = parse(vkey);
        assert_eq!(key.to_string(), vkey);
        assert_eq!(Note::parse(note).unwrap().verify([&key]).unwrap(), [&key]);
    }
    let both = format!("{PETER_NOTE}{ENOCH_LINE}");
    let both = Note::parse(&both).unwrap();
    assert_eq!(both.verify([&parse(PETER), &parse(ENOCH)]).unwrap().len(), 2);
    assert_eq!(both.verify([&parse(ENOCH), &parse(FOO)]).unwrap(), [&parse(ENOCH)]);
    assert_eq!(both.signers(), ["PeterNeumann+c74f20a3", "EnochRoot+af0cfe78"]);
}

#[test]
fn a_private_key_of_go_signs_the_same_bytes() {
    let peter = SigningKey::parse(PETER_PRIVATE).unwrap();
    assert_eq!(peter.public(), &parse(PETER));
    let text = PETER_NOTE.split("\n\n").next().unwrap();
    assert_eq!(crate::audit::note::signed(&format!("{text}\n"), &[&peter]), PETER_NOTE);
    let own = key().text(&seed());
    assert!(own.expose_secret().starts_with("PRIVATE+KEY+recon.example.com/audit/prod+0d8c88ec+"));
    assert_eq!(SigningKey::parse(own.expose_secret()).unwrap().public(), key().public());
    assert_eq!(format!("{:?}", key()), "SigningKey(recon.example.com/audit/prod+0d8c88ec)");
    for wrong in ["", "PRIVATE+KEY+", PETER, &PETER_PRIVATE[..60], &PETER_PRIVATE.replace("c74f", "c74e")] {
        let error = SigningKey::parse(wrong).unwrap_err();
        assert!(wrong.len() < 20 || !error.to_string().contains(&wrong[30..]), "{error}");
    }
}

#[test]
fn every_other_key_text_is_refused() {
    for from in 0..PETER.len() {
        for to in from + 1..=PETER.len() {
            assert!((from, to) == (0, PETER.len()) || VerifyingKey::parse(&PETER[from..to]).is_err());
        }
    }
    for at in 0..PETER.len() {
        let mut wrong = PETER.as_bytes().to_vec();
        wrong[at] += 1;
        assert!(VerifyingKey::parse(std::str::from_utf8(&wrong).unwrap()).is_err(), "byte {at}");
    }
    // Ids that fit, and yet no keys: too long, and of a kind that is not ours.
    assert_eq!(
        VerifyingKey::parse("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="),
        Err(KeyError::Form)
    );
    assert_eq!(
        VerifyingKey::parse("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
        Err(KeyError::Type)
    );
    for name in ["", "two words", "a+b", "tab\t", "no\u{a0}break", "line\n", "\u{3000}", "bell\u{7}"] {
        assert_eq!(SigningKey::new(name, &seed()).unwrap_err(), KeyError::Name(name.into()));
    }
}

#[test]
fn a_file_of_keys_has_remarks_and_says_which_line_is_wrong() {
    let keys = VerifyingKey::parse_all(&format!("# ours\r\n\n  {FOO}\r\n{PETER}\n")).unwrap();
    assert_eq!(keys, [parse(FOO), parse(PETER)]);
    assert_eq!(VerifyingKey::parse_all("# none\n"), Err(KeyError::None));
    let error = VerifyingKey::parse_all(&format!("{FOO}\nnonsense\n")).unwrap_err();
    insta::assert_snapshot!(error, @"line 2: it is not of the form NAME+ID+KEY, such as `example.com/audit+0d8c88ec+AQOhB7…`");
}

#[test]
fn unknown_signatures_are_passed_over_and_a_forged_one_is_not() {
    let note = three().sign(&[&other_key(), &key()]);
    let note = Note::parse(&note).unwrap();
    assert_eq!(note.verify([key().public()]).unwrap(), [key().public()]);
    let stranger = SigningKey::new("elsewhere.example", &seed()).unwrap();
    assert_eq!(note.verify([stranger.public()]), Err(NoteError::Unknown(note.signers())));
    assert_eq!(note.verify([]), Err(NoteError::Unknown(note.signers())));
    // One good signature does not make up for a bad one.
    let forged = three().sign(&[&key(), &other_key()]).replace("\n3\n", "\n4\n");
    let good = Checkpoint { size: 4, ..three() }.sign(&[&other_key()]);
    let forged = forged.rsplit_once("— ").unwrap().0.to_owned() + good.rsplit_once("\n\n").unwrap().1;
    let forged = Note::parse(&forged).unwrap();
    assert_eq!(forged.verify([other_key().public()]).unwrap(), [other_key().public()]);
    assert_eq!(forged.verify([key().public(), other_key().public()]), Err(NoteError::Forged(key().public().short())));
}

#[test]
fn sixteen_signatures_are_taken_and_a_thousand_are_not() {
    let signers: Vec<_> = (0..99).map(|at| SigningKey::new(&format!("w{at}"), &[at; 32]).unwrap()).collect();
    for count in [15, 99] {
        let mut keys: Vec<&SigningKey> = signers[..count].iter().collect();
        let own = key();
        keys.push(&own);
        let note = three().sign(&keys);
        assert_eq!(Note::parse(&note).unwrap().verify([own.public()]).unwrap(), [own.public()]);
    }
    let line = PETER_NOTE.lines().last().unwrap();
    assert_eq!(Note::parse(&format!("{PETER_NOTE}{}", format!("{line}\n").repeat(1000))), Err(NoteError::TooLong));
    assert_eq!(Note::parse(&"x".repeat(2 << 20)), Err(NoteError::TooLong));
}

#[test]
fn what_has_not_the_form_of_a_note() {
    let cases = [
        ("", NoteError::Unsigned),
        ("text\n", NoteError::Unsigned),
        ("text\n\n", NoteError::Unsigned),
        ("text\n\n— a AAAAAAA=", NoteError::Unsigned),
        ("text\r\n\r\n— a AAAAAAA=\r\n", NoteError::Control),
        ("text\n\n\n", NoteError::Unsigned),
        ("text\n\n- a AAAAAAA=\n", NoteError::Line(1)),
        ("text\n\n—a AAAAAAA=\n", NoteError::Line(1)),
        ("text\n\n— a  AAAAAAA=\n", NoteError::Line(1)),
        ("text\n\n— a+b AAAAAAA=\n", NoteError::Line(1)),
        ("text\n\n—  AAAAAAA=\n", NoteError::Line(1)),
        ("text\n\n— a AAAAAA==\n", NoteError::Line(1)),
        ("text\n\n— a AAAAAAA\n", NoteError::Line(1)),
        ("text\n\n— a AAAAAAB=\n", NoteError::Line(1)),
        ("text\n\n— a AAAAAAA=\nmore\n", NoteError::Line(2)),
    ];
    for (text, error) in cases {
        assert_eq!(Note::parse(text), Err(error), "{text:?}");
    }
    // An empty line may be part of the text.
    assert_eq!(Note::parse("one\n\ntwo\n\n— a AAAAAAA=\n").unwrap().text(), "one\n\ntwo\n");
}

#[test]
fn what_is_signed_and_no_checkpoint() {
    let root = three().root;
    assert!(Checkpoint::parse(&format!("log\n0\n{root}\nan extension\n")).is_ok());
    for text in
        ["", "log\n", "log\n3\n", &format!("log\n3\n{root}"), &format!("\n3\n{root}\n"), &format!("log\n3\n{root}\n\n")]
    {
        assert_eq!(Checkpoint::parse(text), Err(CheckpointError::Lines), "{text:?}");
    }
    for size in ["", "03", "+3", "-3", "3 ", "0x3", "18446744073709551616"] {
        assert_eq!(Checkpoint::parse(&format!("log\n{size}\n{root}\n")), Err(CheckpointError::Size), "{size:?}");
    }
    for root in ["", "AAAA", &root.to_string()[1..], &format!("{root} ")] {
        assert_eq!(Checkpoint::parse(&format!("log\n3\n{root}\n")), Err(CheckpointError::Root), "{root:?}");
    }
}

#[test]
fn a_file_holds_several_checkpoints() {
    let notes: Vec<_> = [1, 2, 3].map(|size| Checkpoint { size, ..three() }.sign(&[&key(), &other_key()])).into();
    let file = checkpoint_file(notes.iter().map(String::as_str));
    assert_eq!(checkpoints_of(&file), notes);
    assert_eq!(checkpoints_of(&format!("{file}\n")), notes);
    assert_eq!(checkpoints_of(&notes[0]), [notes[0].as_str()]);
    assert_eq!(checkpoints_of(""), Vec::<&str>::new());
    assert_eq!(checkpoints_of("nonsense"), ["nonsense"]);
}
