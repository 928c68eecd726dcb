//! No secret is ever shown, however wrong the configuration around it is.

use insta::assert_snapshot;

use super::bench::{Bench, GOOD, problems_with};
use crate::config::{Colour, Problems, Severity, json, text};

const CANARY: &str = "hunter2";

fn everything(bench: &Bench) -> String {
    let problems = match bench.load() {
        Ok(settings) => format!("{settings:?}{}", all(&settings.warnings)),
        Err(problems) => format!("{problems}{problems:?}{}", all(&problems.0)),
    };
    assert!(!problems.is_empty());
    problems
}

fn all(problems: &[crate::config::Problem]) -> String {
    let texts = [Colour::Plain, Colour::Ansi].map(|colour| text(problems, Severity::Error, colour));
    format!("{}{}", texts.concat(), json(problems))
}

#[test]
fn the_canary_never_sings() {
    let writings = [
        "password: hunter2",
        "password: hunter2, x",
        "password: [hunter2]",
        "password: { hunter2: x }",
        "password: { env: [hunter2] }",
        "password: { env: A, hunter2: 1 }",
        "password: { file: nothing, env: hunter2 }",
        "password: !hunter2 x",
        "password: 'hunter2",
        "password: |\n        hunter2\n       bad",
        "password: hunter2\n      password: hunter2",
        "password: hunter2\n      bad: 1",
        "pasword: hunter2",
        "passwrod: { a: hunter2 }",
        "apiToken: hunter2",
        "pwd: hunter2",
        "PASSWORD: 'hunter2'",
        "password: |\n        hunter2\n        more\n      bad: 1",
        "password: >-\n        one\n        hunter2\n      url: 5",
        "password: \"one\n        hunter2\"",
        "nested: { password: hunter2, url: 5 }",
        "nested: &a { password: hunter2 }\n      other: *a",
        "other: { password: \"a\n  hunter2\", url: 5 }",
    ];
    for writing in writings {
        let bench = Bench::new(&GOOD.replacen("password: { file: ts-password }", writing, 1));
        assert!(!everything(&bench).contains(CANARY), "{writing}");
    }
}

#[test]
fn nor_beside_a_url_with_a_login() {
    let config = GOOD.replace("    thoughtspot:", "    proxy: { x: 'http://me:hunter2@proxy' }\n    thoughtspot:");
    assert!(!everything(&Bench::new(&config)).contains(CANARY));
}

#[test]
fn nor_in_a_sync_or_in_an_anchor() {
    for piece in ["password: hunter2", "password: 'hunter2${X}'", "passwords: hunter2", "password: { user: hunter2 }"] {
        let bench = Bench::new(&format!("{GOOD}    {piece}\n    bad: 1\n"));
        assert!(!everything(&bench).contains(CANARY), "{piece}");
    }
    let bench = Bench::new(&format!("x: &x\n  y: &y hunter2\n{GOOD}    password: *y\n"));
    assert!(!everything(&bench).contains(CANARY));
}

#[test]
fn a_line_with_a_secret_is_withheld() {
    let one_line = "      url: 5, username: rollcall, password: hunter2 }\n";
    let config = GOOD.replace("    thoughtspot:\n", "    thoughtspot: {\n");
    let config = config.replace(
        "      url: https://ts.example.org\n      username: rollcall\n      password: { file: ts-password }\n",
        one_line,
    );
    assert_snapshot!(Bench::new(&config).rendered(), @"
    error: targets.bi.thoughtspot.url: expected text, found the number 5
    --> rollcall.yaml:7:12
     = note: the line is not shown: it may hold a secret
     = hint: put it in quotes
    ");
}

#[test]
fn secrets_that_are_not_there() {
    assert_snapshot!(problems_with("{ file: ts-password }", "{ env: NO_SUCH_SECRET }"), @"rollcall.yaml:9:17: targets.bi.thoughtspot.password: environment variable NO_SUCH_SECRET is not set (set it before rollcall starts)");
    assert_snapshot!(problems_with("{ file: ts-password }", "''"), @"rollcall.yaml:9:17: targets.bi.thoughtspot.password: the secret is empty (write `{ env: NAME }` or `{ file: PATH }`)");
    assert_snapshot!(problems_with("{ file: ts-password }", "{ command: [] }"), @"rollcall.yaml:9:17: targets.bi.thoughtspot.password: the command is empty (write `{ command: [PROGRAM, ARGUMENT, …] }`)");
    assert_snapshot!(problems_with("{ file: ts-password }", "12345"), @"rollcall.yaml:9:17: targets.bi.thoughtspot.password: expected `{ env: NAME }`, `{ file: PATH }`, `{ command: [PROGRAM, …] }` or quoted text");
    let empty = Bench::new(&GOOD.replace("ts-password", "empty")).with_file("empty", "\n");
    assert_snapshot!(empty.problems().replace(&format!("{}", empty.folder.path().display()), "FOLDER"), @"rollcall.yaml:9:17: targets.bi.thoughtspot.password: file empty is empty (a relative path is looked up beside the configuration file, then in $CREDENTIALS_DIRECTORY)");
}

#[test]
fn a_secret_in_the_file_is_taken_with_a_warning() {
    let bench = Bench::new(&GOOD.replace("{ file: ts-password }", "hunter2"));
    let settings = bench.settings();
    assert_snapshot!(bench.without_folder(&text(&settings.warnings, Severity::Warning, Colour::Plain)), @"
    warning: targets.bi.thoughtspot.password: the secret stands in the configuration: whoever reads the file has it
    --> rollcall.yaml:9:17
     = note: the line is not shown: it may hold a secret
     = hint: write `{ env: NAME }` or `{ file: PATH }`
    ");
    assert!(!format!("{settings:?}").contains(CANARY));
}

#[test]
fn the_same_secret_in_defaults_is_said_once() {
    let config =
        format!("defaults: {{ target: {{ thoughtspot: {{ password: {{ env: NO_SUCH_SECRET }} }} }} }}\n{GOOD}")
            .replace("      password: { file: ts-password }\n", "")
            .replace("targets:\n", "targets:\n  second: { thoughtspot: { url: 'https://x', username: x } }\n");
    assert_snapshot!(Bench::new(&config).problems(), @"rollcall.yaml:1:48: defaults.target.thoughtspot.password: environment variable NO_SUCH_SECRET is not set (set it before rollcall starts)");
}

#[test]
fn a_column_called_password_is_no_secret() {
    let config = GOOD.replace("users: people.csv", "users: people.csv, map: { password: '${COLUMN:-pw}' }");
    let settings = Bench::new(&config).settings();
    assert!(settings.warnings.is_empty());
    assert_eq!(settings.sources["corp"].file.csv.as_ref().unwrap().map.as_ref().unwrap()["password"], "pw");
}

#[test]
fn the_password_of_new_users() {
    let config = format!("{GOOD}    password: {{ file: ts-password }}\n");
    let settings = Bench::new(&config).settings();
    assert!(matches!(settings.syncs["corp-to-bi"].password, crate::apply::PasswordRule::Secret(_)));
    assert!(Problems(settings.warnings).0.is_empty());
}
