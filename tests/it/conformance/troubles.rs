//! What goes wrong with a product, told of every one that is a server.

use rollcall::plan::Ability;
use rollcall::principal::Kind;
use rollcall::sandbox::{Fault, FaultKind};

use super::house::{House, company};
use super::stage::Stage;

const RULES: &str = "removeDeleted: true, ownership: managed";

/// A settled company, and two newcomers whom the product can make.
fn newcomers(house: &'static House) -> Option<Stage> {
    if house.product.is_empty() {
        return None;
    }
    let stage = Stage::settled(house, &company(3), RULES);
    stage.source(&company(5));
    stage.can(Kind::User, Ability::Create).then_some(stage)
}

fn status(code: u16, retry_after: Option<&str>) -> FaultKind {
    FaultKind::Status { code, retry_after: retry_after.map(str::to_owned), body: None, content_type: None }
}

fn is_there(stage: &Stage, name: &str) -> usize {
    stage.people().iter().filter(|person| person.name == name).count()
}

pub(crate) fn too_many_requests(house: &'static House) {
    let Some(stage) = newcomers(house) else { return };
    stage.fault(house.list, status(429, Some("1")));
    stage.fault(house.create, status(429, None));
    stage.apply();
    assert_eq!((is_there(&stage, "u004@example.org"), is_there(&stage, "u005@example.org")), (1, 1));
    stage.is_settled();
}

/// A wrong secret locks accounts: it is sent once in a run.
pub(crate) fn denied(house: &'static House) {
    if house.product.is_empty() {
        return;
    }
    let stage = Stage::new(house, &company(3), &[], RULES);
    stage.app.write("secret", "wrong-secret");
    for line in ["plan", "apply --yes", "check"] {
        stage.clear();
        let run = stage.run(line).exits(1);
        assert!(!run.err.contains("wrong-secret") && !run.out.contains("wrong-secret"), "{run}");
        let refused = stage.product().unwrap().journal().iter().filter(|entry| entry.status == Some(401)).count();
        assert!(refused <= 1, "{refused} were refused: {:#?}", stage.product().unwrap().journal());
    }
    assert_eq!(stage.writes(), 0);
}

pub(crate) fn listing_fails(house: &'static House) {
    let Some(stage) = newcomers(house) else { return };
    let faults: [FaultKind; 4] =
        [status(500, None), FaultKind::Html, FaultKind::InvalidJson, FaultKind::Truncate { bytes: 7 }];
    for fault in faults {
        stage.clear();
        stage.product().unwrap().inject(Fault::once(house.list, fault.clone()).times(9));
        let run = stage.run("apply --yes").exits(1);
        assert!(run.err.contains("error:"), "{run}");
        assert_eq!(stage.writes(), 0, "{fault:?}");
        stage.product().unwrap().clear_faults();
    }
    stage.apply();
    stage.is_settled();
}

pub(crate) fn lists_nobody(house: &'static House) {
    let Some(stage) = newcomers(house) else { return };
    stage.product().unwrap().inject(Fault::once(house.list, FaultKind::EmptyList).times(9));
    stage.run("apply --yes").exits(1).complains("error:");
    assert_eq!(stage.writes(), 0);
}

pub(crate) fn lost_reply(house: &'static House) {
    let Some(stage) = newcomers(house) else { return };
    stage.product().unwrap().inject(applying(house, FaultKind::CutAfter));
    let report = stage.apply();
    assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("done ")), "{report}");
    let sent = created(&stage);
    assert!(sent <= 2, "something was sent twice: {sent} creates of 2");
    assert_eq!((is_there(&stage, "u004@example.org"), is_there(&stage, "u005@example.org")), (1, 1));
    stage.is_settled();
}

pub(crate) fn cut_before(house: &'static House) {
    let Some(stage) = newcomers(house) else { return };
    stage.product().unwrap().inject(applying(house, FaultKind::CutBefore));
    let run = stage.run("apply --yes --format json");
    assert!([Some(1), Some(4)].contains(&run.code), "{run}");
    // The next run finishes.
    stage.apply();
    assert_eq!((is_there(&stage, "u004@example.org"), is_there(&stage, "u005@example.org")), (1, 1));
    stage.is_settled();
}

pub(crate) fn server_error(house: &'static House) {
    let Some(stage) = newcomers(house) else { return };
    stage.product().unwrap().inject(applying(house, status(400, None)));
    let run = stage.run("apply --yes --format json");
    assert!([Some(1), Some(4)].contains(&run.code), "{run}");
    stage.apply();
    stage.is_settled();
}

pub(crate) fn token_ends(house: &'static House) {
    let Some(stage) = newcomers(house).filter(|_| house.tokens) else { return };
    stage.fault(house.create, FaultKind::ExpireSession);
    stage.apply();
    assert_eq!(is_there(&stage, "u005@example.org"), 1);
    stage.is_settled();
}

pub(crate) fn secrets(house: &'static House) {
    if house.product.is_empty() {
        return;
    }
    let stage = Stage::new(house, &company(3), &[], RULES);
    let mut told = Vec::new();
    for line in ["check", "plan", "plan --format json", "apply --yes --format json", "dump there"] {
        let run = stage.run(&format!("{line} -vvv"));
        told.extend([run.out, run.err]);
    }
    stage.product().unwrap().inject(Fault::once("*", status(500, None)).times(9));
    let run = stage.run("plan -vvv").exits(1);
    told.extend([run.out, run.err]);
    let product = stage.product().unwrap();
    told.push(serde_json::to_string(&product.journal()).unwrap());
    told.push(product.state().to_string());
    for text in &told {
        assert!(!text.contains(house.secret.trim()), "the secret is in {text}");
    }
    for entry in std::fs::read_dir(stage.app.folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name == "secret") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let secret = house.secret.trim().as_bytes();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "the secret is in {}", path.display());
    }
}

/// The request that makes somebody; where one call does all, the one that applies.
fn applying(house: &House, fault: FaultKind) -> Fault {
    let fault = Fault::once(house.create, fault);
    if house.create == "user/sync" { fault.when_applying(true) } else { fault }
}

/// How many requests made users since the journal was emptied.
fn created(stage: &Stage) -> usize {
    let product = stage.product().unwrap();
    let makes = |entry: &&rollcall::sandbox::JournalEntry| !entry.changes.users_added.is_empty();
    product.journal().iter().filter(makes).count()
}
