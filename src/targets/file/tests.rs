use std::fs;
use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::{FileConfig, FileTarget, principal_lines};
use crate::connector::{BuildContext, ConnectorError, Journal, Outcome, Silent, Target, Work};
use crate::plan::tests::build::{World, group, set_of, user};
use crate::plan::tests::tell;
use crate::plan::{Change, Current, diff};
use crate::principal::CaseRules;

/// A folder with a target file in it.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(content: &str) -> Self {
        let home = Self::new();
        fs::write(home.path(), content).unwrap();
        home
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("principals.json")
    }

    fn target(&self) -> FileTarget {
        FileTarget::new("bi", self.path())
    }

    fn read(&self) -> Result<Current, ConnectorError> {
        block_on(async { self.target().read(&Silent).await })
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    /// Carries the plan of `world` out on the file as it is; one line an outcome.
    fn apply(&self, world: &World) -> Vec<String> {
        let current = self.read().unwrap();
        let plan = diff(world.desired(), &current, &world.policy, &world.can, &world.ledger);
        let changes: Vec<&Change> = plan.changes.iter().collect();
        let passwords = FxHashMap::default();
        let (journal, places) = (Journal::unkept(), (0..changes.len()).collect::<Vec<_>>());
        let work = Work {
            changes: &changes,
            names: &plan.names,
            current: &current,
            passwords: &passwords,
            progress: &Silent,
            journal: journal.of(&places),
        };
        let outcomes = block_on(async { self.target().apply(work).await });
        assert_eq!(outcomes.len(), changes.len());
        let tell = |outcome: &Outcome| match outcome {
            Outcome::Done => "done".to_owned(),
            other => format!("{other:?}"),
        };
        outcomes.iter().map(tell).collect()
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

const TWO: &str =
    r#"[{"name":"bob","mail":"old","badge":7,"created":1.50},{"name":"x","principalTypeEnum":"LOCAL_GROUP"}]"#;

fn world() -> World {
    World::file().source([group("x"), user("ada").groups(["x"]), user("bob").mail("new")])
}

#[test]
fn a_plan_is_written_one_principal_a_line_and_the_next_is_empty() {
    let home = Home::with(TWO);
    assert_eq!(home.apply(&world()), ["done", "done"]);
    assert_eq!(
        home.text(),
        concat!(
            "[\n",
            r#"{"name":"x","principalTypeEnum":"LOCAL_GROUP"}"#,
            ",\n",
            r#"{"name":"ada","displayName":"ada","principalTypeEnum":"LOCAL_USER","groupNames":["x"]}"#,
            ",\n",
            r#"{"name":"bob","mail":"new","principalTypeEnum":"LOCAL_USER","badge":7,"created":1.50}"#,
            "\n]\n"
        ),
        "members that we do not know are kept"
    );
    let plan = diff(world().desired(), &home.read().unwrap(), &world().policy, &world().can, &world().ledger);
    assert!(plan.is_empty(), "{:?}", tell::lines(&plan));
}

#[test]
fn a_file_that_is_not_there_is_an_empty_target() {
    let home = Home::new();
    let current = home.read().unwrap();
    assert!(current.set.is_empty() && current.coverage.is_whole());
    assert_eq!(home.apply(&world()), ["done", "done", "done"]);
    assert_eq!(home.read().unwrap().set.len(), 3);
}

#[test]
fn an_empty_target_is_an_empty_array() {
    let mut out = Vec::new();
    principal_lines(&mut out, &set_of([], CaseRules::EXACT)).unwrap();
    assert_eq!(out, b"[]\n");
    assert!(Home::with("[]\n").read().unwrap().set.is_empty());
    assert!(Home::with("\u{feff}[]").read().unwrap().set.is_empty());
}

#[test]
fn a_file_with_a_hole_is_an_error() {
    for (text, why) in [
        ("", "not an array"),
        ("{}", "not an array"),
        (r#"[{"name":"ada"},"#, "not an array"),
        (r#"[{"name":"ada"}] x"#, "not an array"),
        (r#"[{"mail":"m"}]"#, "principal 1: `name`"),
        (r#"[{"name":"a"},{"name":"b","active":"no"}]"#, "principal 2: `active`"),
        (r#"[{"name":"a"},{"name":"a"}]"#, "`a` more than once"),
        (r#"[{"name":"é"},{"name":"é"}]"#, "more than once"),
        (r#"[{"name":"a","mail":"x","mail":"y"}]"#, "twice"),
        (r#"[{"name":"a","principalTypeEnum":"THING"}]"#, "THING"),
    ] {
        let error = Home::with(text).read().unwrap_err();
        assert!(error.why.contains(why), "{text}: {}", error.why);
        assert!(error.doing.contains("principals.json"), "{}", error.doing);
    }
    let home = Home::new();
    fs::create_dir(home.path()).unwrap();
    assert!(home.read().unwrap_err().why.contains("not a regular file"));
    let home = Home::new();
    fs::write(home.path(), [b'[', 0xff, b']']).unwrap();
    assert!(home.read().is_err(), "not UTF-8");
}

#[test]
fn a_write_that_fails_leaves_what_was_there() {
    let home = Home::new();
    fs::create_dir(home.path()).unwrap();
    fs::write(home.path().join("inside"), TWO).unwrap();
    assert!(super::write::write(&home.path(), &crate::principal::PrincipalSet::default()).is_err());
    assert_eq!(fs::read_to_string(home.path().join("inside")).unwrap(), TWO);
    assert_eq!(fs::read_dir(home.0.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn nothing_is_left_beside_the_file() {
    let home = Home::with(TWO);
    fs::write(home.0.path().join(".principals.json.0190-7c.new"), "of a run that was killed, and much longer").unwrap();
    home.apply(&world());
    let names: Vec<_> = fs::read_dir(home.0.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["principals.json"]);
    assert_eq!(home.read().unwrap().set.len(), 3);
}

#[cfg(unix)]
#[test]
fn the_mode_is_kept_and_a_new_file_is_nobody_elses() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |home: &Home| fs::metadata(home.path()).unwrap().permissions().mode() & 0o777;
    let home = Home::with(TWO);
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o640)).unwrap();
    home.apply(&world());
    assert_eq!(mode(&home), 0o640);
    let new = Home::new();
    new.apply(&world());
    assert_eq!(mode(&new), 0o600);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let home = Home::new();
    let real = home.0.path().join("real.json");
    fs::write(&real, TWO).unwrap();
    std::os::unix::fs::symlink("real.json", home.path()).unwrap();
    assert_eq!(home.apply(&world()), ["done", "done"]);
    assert!(fs::symlink_metadata(home.path()).unwrap().file_type().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains(r#""mail":"new""#));
}

#[test]
fn a_password_is_never_written() {
    let home = Home::with(r#"[{"name":"bob","password":"of the file"}]"#);
    let world = World::file().source([user("ada").password("of the source"), user("bob").mail("new")]);
    home.apply(&world);
    assert!(!home.text().contains("of the") && !home.text().contains("password"), "{}", home.text());
}

#[test]
fn check_says_what_is_there() {
    let check = |home: &Home| block_on(async { home.target().check().await });
    let told = format!("{:?}", check(&Home::with(TWO)).unwrap());
    assert!(told.contains("1 users and 1 groups"), "{told}");
    assert!(format!("{:?}", check(&Home::new()).unwrap()).contains("will be made by the first apply"));
    let nowhere = FileTarget::new("bi", "/nowhere/at/all/x.json".into());
    assert!(block_on(async { nowhere.check().await }).unwrap_err().why.contains("/nowhere/at/all"));
}

#[test]
fn a_path_is_needed_and_beside_the_configuration() {
    let context = BuildContext { name: "bi".into(), folder: "/etc/rollcall".into(), ..BuildContext::default() };
    let Err(problems) = FileConfig::default().build(&context) else { panic!("it needs a path") };
    assert_eq!(problems[0].key, "path");
    assert!(FileConfig { path: Some("x.json".into()) }.build(&context).is_ok());
}

#[test]
fn the_worlds_of_the_plan_know_what_it_can_do() {
    assert_eq!(format!("{:?}", World::file().can), format!("{:?}", FileTarget::able()));
}
