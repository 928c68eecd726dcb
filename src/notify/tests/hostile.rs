//! Text that wants to do harm: it stays text.

use lettre::message::Mailbox;

use super::bench::{event, failed, refused, removals};
use crate::connector::FailureClass;
use crate::notify::{About, Event, Notice, Trouble, chat, letter};

const HOSTILE: [&str; 12] = [
    "x\r\nBcc: eve@example.org\r\n\r\n<html>",
    "x\nSubject: another",
    "\u{1b}]0;title\u{7}\u{1b}[31m",
    "\u{202e}nimda\u{2066}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "<!channel> <@U123> @all @channel @here",
    "<https://evil.example.org|your bank> [your bank](https://evil.example.org) ![](https://evil.example.org/i.png)",
    "`rm -rf /` ```\ncode\n```",
    "=HYPERLINK(\"http://evil\")",
    "nul\0byte \u{2028}line \u{85}next",
    ".\r\nMAIL FROM:<eve@example.org>",
    "=?utf-8?B?RnJvbTogZXZl?=",
];

/// Wherever a text of others can stand.
fn events(text: &str) -> Vec<Event> {
    let mut failure = event(failed(FailureClass::Unexpected));
    let mut limit = removals();
    limit.of = Some(text.into());
    let mut events = vec![event(Trouble::Refused(vec![limit])), event(Trouble::Unproven(vec![text.into()]))];
    if let About::Trouble(Trouble::Failed(failure)) = &mut failure.about {
        (failure.of, failure.why, failure.hint) = (text.into(), text.into(), Some(text.into()));
    }
    events.push(failure);
    for event in &mut events {
        event.run.environment = Some(text.into());
        event.run.id = text.into();
        event.run.report = Some(text.into());
    }
    events
}

#[test]
fn every_line_of_a_notice_is_one_line_without_anything_that_acts() {
    for text in HOSTILE {
        for event in events(text) {
            let Notice { title, first, why, plan, next, place, report } = Notice::of(&event);
            let steps = next.into_iter().flat_map(|step| [Some(step.text), step.command]).flatten();
            let lines = [title, first, place].into_iter().chain(why).chain(plan).chain(report).chain(steps);
            for line in lines {
                assert!(!line.chars().any(crate::principal::is_deceiving), "{line:?}");
            }
        }
    }
}

#[test]
fn a_chat_is_not_called_and_sees_no_link_under_other_words() {
    for text in HOSTILE {
        for event in events(text) {
            let told = chat::text(&Notice::of(&event));
            assert!(!told.contains(['<', '>', '@']), "{told}");
            assert!(!told.contains("]("), "{told}");
            // Only our own commands stand as code: each of them begins and ends on its line.
            for line in told.lines() {
                let marks = line.matches('`').count();
                assert!(marks == 0 || (marks == 2 && line.starts_with('→') && line.ends_with('`')), "{line}");
            }
        }
    }
}

fn letters(event: &Event) -> (String, String) {
    let mailbox = |text: &str| text.parse::<Mailbox>().unwrap();
    let to = [mailbox("ops@example.org"), mailbox("Zoë <zoe@example.org>")];
    let letter = letter::letter(event, &Notice::of(event), &mailbox("Rollcall <rollcall@example.org>"), &to).unwrap();
    let letter = String::from_utf8(letter).unwrap();
    let (head, body) = letter.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

/// Names of the headers, in order.
fn headers(head: &str) -> Vec<&str> {
    head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])).filter_map(|line| line.split(':').next()).collect()
}

#[test]
fn no_text_adds_a_header_to_a_letter_or_ends_its_head() {
    let (head, _) = letters(&event(refused()));
    let expected = headers(&head);
    assert!(expected.contains(&"Subject") && expected.contains(&"Auto-Submitted") && expected.contains(&"Message-ID"));
    for text in HOSTILE {
        for event in events(text) {
            let (head, body) = letters(&event);
            let found = headers(&head);
            let plain = |name: &&&str| !matches!(**name, "MIME-Version" | "Content-Transfer-Encoding");
            assert_eq!(
                found.iter().filter(plain).collect::<Vec<_>>(),
                expected.iter().filter(plain).collect::<Vec<_>>(),
                "{head}"
            );
            assert!(head.is_ascii(), "{head}");
            assert!(!head.split("\r\n").any(|line| line.contains(['\r', '\n'])), "{head}");
            assert!(body.split("\r\n").all(|line| !line.contains('\r')), "{body}");
        }
    }
}

#[test]
fn a_letter_that_is_sent_twice_is_one_letter() {
    let (first, second) = (letters(&event(refused())).0, letters(&event(refused())).0);
    assert_eq!(first, second);
    assert!(first.contains("Message-ID: <01940b6e-7c00-7000-8000-000000000001-refused@example.org>"), "{first}");
    assert!(first.contains("Date: Fri, 02 Jan 2026 03:04:05 +0000"), "{first}");
}

#[test]
fn a_very_long_text_is_cut() {
    for event in events(&"x".repeat(100_000)) {
        let notice = Notice::of(&event);
        assert!(notice.title.chars().count() <= 160 && notice.text().len() < 5_000, "{}", notice.text().len());
    }
}
