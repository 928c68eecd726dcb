//! Where the state is kept: a file, or a database whose address is a secret.

use insta::assert_snapshot;
use secrecy::ExposeSecret;

use super::bench::{Bench, GOOD, problems_with};
use crate::config::{Colour, Severity, StatePlace, text};

fn with(state: &str) -> Bench {
    Bench::new(&format!("state: {state}\n{GOOD}"))
}

/// The address of the database, however it was written.
fn address(bench: &Bench) -> String {
    match bench.settings().state {
        StatePlace::Postgres(url) => url.read().unwrap().expose_secret().to_owned(),
        StatePlace::Sqlite(path) => panic!("{}", path.display()),
    }
}

fn file(bench: &Bench) -> std::path::PathBuf {
    match bench.settings().state {
        StatePlace::Sqlite(path) => path,
        StatePlace::Postgres(url) => panic!("{url:?}"),
    }
}

fn warnings(bench: &Bench) -> String {
    bench.without_folder(&text(&bench.settings().warnings, Severity::Warning, Colour::Plain))
}

#[test]
fn a_file_is_beside_the_configuration_or_where_systemd_says() {
    let bench = Bench::new(GOOD);
    assert_eq!(file(&bench), bench.path("rollcall.db"));
    let bench = with("sqlite:kept/${NAME:-other}.db");
    assert_eq!(file(&bench), bench.path("kept/other.db"));
    let bench = Bench::new(GOOD).with_variable("STATE_DIRECTORY", "/var/lib/rollcall:/other");
    assert_eq!(file(&bench), std::path::PathBuf::from("/var/lib/rollcall/rollcall.db"));
}

#[test]
fn a_database_is_named_by_its_address_or_by_where_that_is_kept() {
    for url in ["postgres://db/rollcall", "postgresql://me@[::1]:6432/r?sslmode=verify-full&sslrootcert=/ca.pem"] {
        let bench = with(url);
        assert_eq!((address(&bench), warnings(&bench)), (url.to_owned(), String::new()));
    }
    let whole = "postgres://me:hunter2@db/rollcall";
    let bench = with("{ env: STATE }").with_variable("STATE", whole);
    assert!(matches!(bench.settings().state, StatePlace::Postgres(_)), "read when it is needed");
    let bench = with("{ file: state-url }").with_file("state-url", format!("{whole}\n"));
    assert_eq!(address(&bench), whole);
    assert_eq!(address(&with("{ command: [echo, 'postgres://db/rollcall'] }")), "postgres://db/rollcall");
    let bench = with("'postgres://me:${PASSWORD}@db/rollcall'").with_variable("PASSWORD", "hunter2");
    assert_eq!((address(&bench), warnings(&bench)), (whole.to_owned(), String::new()), "it does not stand in the file");
}

#[test]
fn what_is_wrong_with_it() {
    let wrong = |state: &str| problems_with("sources:", &format!("state: {state}\nsources:"));
    assert_snapshot!(wrong("rollcall.db"), @"rollcall.yaml:1:8: state: expected `sqlite:PATH`, `postgres://USER@HOST/DATABASE`, `{ env: NAME }`, `{ file: PATH }` or `{ command: [PROGRAM, …] }` (such as `sqlite:rollcall.db`)");
    assert_snapshot!(wrong("'sqlite:'"), @"rollcall.yaml:1:8: state: expected `sqlite:PATH`, `postgres://USER@HOST/DATABASE`, `{ env: NAME }`, `{ file: PATH }` or `{ command: [PROGRAM, …] }` (such as `sqlite:rollcall.db`)");
    assert_snapshot!(wrong("5"), @"rollcall.yaml:1:8: state: expected `sqlite:PATH`, `postgres://USER@HOST/DATABASE`, `{ env: NAME }`, `{ file: PATH }` or `{ command: [PROGRAM, …] }`");
    assert_snapshot!(wrong("{ env: NO_SUCH_STATE }"), @"rollcall.yaml:1:8: state: environment variable NO_SUCH_STATE is not set (set it before rollcall starts)");
    assert_snapshot!(wrong("mysql://me:hunter2@db/x"), @"rollcall.yaml:1:8: state: expected `sqlite:PATH`, `postgres://USER@HOST/DATABASE`, `{ env: NAME }`, `{ file: PATH }` or `{ command: [PROGRAM, …] }` (such as `sqlite:rollcall.db`)");
    assert_snapshot!(wrong("postgres://me:hunter2@db:port/x"), @"rollcall.yaml:1:8: state: the address cannot be read: invalid port number (such as `postgres://rollcall@db.example.org/rollcall?sslmode=verify-full`)");
    assert_snapshot!(wrong("postgres://me@db/x?sslmode=maybe"), @r#"rollcall.yaml:1:8: state: the address cannot be read: unknown value "maybe" for `ssl_mode` (such as `postgres://rollcall@db.example.org/rollcall?sslmode=verify-full`)"#);
    assert_snapshot!(wrong("postgres://me@db/x?passwort=hunter2"), @"rollcall.yaml:1:8: state: the address takes no such parameter; it takes application_name, dbname, host, hostaddr, options, password, port, sslcert, sslkey, sslmode, sslrootcert, user (such as `postgres://rollcall@db.example.org/rollcall?sslmode=verify-full`)");
}

#[test]
fn its_password_is_never_shown() {
    let warned = with("postgres://me:hunter2@db/rollcall");
    assert_snapshot!(warnings(&warned), @"
    warning: state: the password stands in the configuration: whoever reads the file has it
    --> rollcall.yaml:1:8
     = note: the line is not shown: it may hold a secret
     = hint: write `{ env: NAME }` or `{ file: PATH }`, which holds the whole address
    ");
    for state in [
        "postgres://me:hunter2@db/rollcall",
        "postgres://me:hunter2@db:port/x",
        "postgres://me:hun/ter2@hunter2/x?passwort=hunter2",
        "postgres://me@db/x?password=hunter2&port=hunter2",
        "mysql://me:hunter2@db/x",
        "{ env: [hunter2] }",
        "{ hunter2: x }",
        "[hunter2]",
        ">-\n  postgres://me:\n  hunter2@db/x",
    ] {
        let bench = with(state);
        let told = match bench.load() {
            Ok(settings) => format!("{settings:?}{}", warnings(&bench)),
            Err(problems) => format!("{problems:?}{}", text(&problems.0, Severity::Error, Colour::Plain)),
        };
        assert!(!told.contains("hunter2"), "{state}: {told}");
    }
}

#[test]
fn another_password_is_the_same_configuration_and_another_database_is_not() {
    let digest = |state: &str| with(state).settings().digest;
    assert_eq!(digest("postgres://me:one@db/rollcall"), digest("postgres://me:two@db/rollcall"));
    assert_eq!(digest("postgres://db/rollcall?password=one"), digest("postgres://db/rollcall"));
    assert_ne!(digest("postgres://me:one@db/rollcall"), digest("postgres://me:one@other/rollcall"));
}
