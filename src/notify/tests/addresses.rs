//! Where mail servers and hooks are, as the configuration writes it.

use crate::http::hook_address;
use crate::notify::mail::StartTls;
use crate::notify::place::Place;

fn place(url: &str, start_tls: Option<StartTls>) -> String {
    match Place::parse(Some(url), start_tls) {
        Ok(place) => format!("{place:?}").replace("Place ", ""),
        Err(problem) => format!("{}: {}", problem.key, problem.why),
    }
}

#[test]
fn a_mail_server() {
    let plain = |url| place(url, None);
    assert_eq!(plain("smtp://Mail.Example.org"), "{ host: \"mail.example.org\", port: 587, cover: StartTls }");
    assert_eq!(plain("smtp://mail.example.org:2525/"), "{ host: \"mail.example.org\", port: 2525, cover: StartTls }");
    assert_eq!(plain("smtps://mail.example.org"), "{ host: \"mail.example.org\", port: 465, cover: Tls }");
    assert_eq!(plain("smtp://localhost"), "{ host: \"localhost\", port: 25, cover: Nothing }");
    assert_eq!(plain("smtp://[::1]:2525"), "{ host: \"::1\", port: 2525, cover: Nothing }");
    let required = Some(StartTls::Required);
    assert_eq!(place("smtp://127.0.0.1:2525", required), "{ host: \"127.0.0.1\", port: 2525, cover: StartTls }");
    for (url, why) in [
        ("", "url: `url` is missing"),
        ("mail.example.org", "url: `url` is no address of a mail server"),
        ("https://mail.example.org", "url: `url` is no address of a mail server"),
        ("smtp://", "url: `url` is no address of a mail server"),
        ("smtp://me:pw@mail.example.org", "url: `url` holds a user name or a password"),
        ("smtp://mail.example.org/x", "url: `url` holds more than a host and a port"),
        ("smtp://mail.example.org?a=b", "url: `url` holds more than a host and a port"),
    ] {
        assert_eq!(plain(url), why, "{url}");
    }
}

#[test]
fn mail_is_never_in_the_clear_to_another_machine() {
    let off = Some(StartTls::Off);
    assert_eq!(place("smtp://localhost", off), "{ host: \"localhost\", port: 25, cover: Nothing }");
    for host in ["mail.example.org", "localhost.example.org", "10.0.0.1", "127.0.0.1.example.org"] {
        let told = place(&format!("smtp://{host}"), off);
        assert_eq!(told, "startTls: `off` would send mail and password in the clear", "{host}");
    }
    assert!(place("smtps://localhost", off).contains("is TLS from the beginning"));
}

#[test]
fn a_hook_is_never_repeated_and_never_in_the_clear() {
    let example = "https://chat.example.org/hook";
    for good in ["https://chat.example.org/hook?key=abc", "http://127.0.0.1:9/x", "http://[::1]/x"] {
        assert!(hook_address(good, example).is_ok(), "{good}");
    }
    for (bad, why) in [
        ("s3cr3t", "`url` is no address"),
        ("", "`url` is no address"),
        ("ftp://s3cr3t.example.org", "`url` is no address"),
        ("https://s3cr3t:x@chat.example.org", "`url` holds a user name or a password"),
        ("http://chat.example.org/s3cr3t", "http:// would send what is told in the clear"),
    ] {
        let problem = hook_address(bad, example).unwrap_err();
        assert_eq!(problem.why, why);
        assert!(!format!("{problem:?}").contains("s3cr3t"));
    }
}
