//! A cluster that answers late, wrongly, in part or not at all.

use std::time::{Duration, Instant};

use rollcall::sandbox::{Fault, FaultKind};

use crate::support::{World, people};

/// Twelve people, of whom one is changed and one gone.
fn changed() -> World {
    let world = World::settled(&people(12), "ownership: managed, removeDeleted: true");
    let mut source = people(11);
    source[1]["displayName"] = "Changed".into();
    world.source(&source);
    world
}

fn status(code: u16) -> FaultKind {
    FaultKind::Status { code, retry_after: None, body: None, content_type: None }
}

fn applied(world: &World) -> bool {
    world.cluster.find("u012").is_none() && world.cluster.find("u001").unwrap().display_name == "Changed"
}

#[test]
fn a_lost_reply_is_found_out_by_reading() {
    let world = changed();
    world.cluster.inject(Fault::once("user/sync", FaultKind::CutAfter).when_applying(true));
    let report = world.run("apply --yes --format json").exits(0).document();
    assert_eq!(report.outcomes(), ["done user:u001", "done user:u012"]);
    assert_eq!(report["verification"]["remaining"], 0);
    // Asked once, applied once, never sent again.
    assert_eq!((world.cluster.count("user/sync"), world.cluster.writes().len()), (2, 1));
    assert!(applied(&world));
    world.is_settled();
}

#[test]
fn a_reply_that_breaks_off_is_found_out_too() {
    let world = changed();
    world.cluster.inject(Fault::once("user/sync", FaultKind::Truncate { bytes: 10 }).when_applying(true));
    world.run("apply --yes").exits(0);
    assert_eq!((world.cluster.count("user/sync"), world.cluster.writes().len()), (2, 1));
}

#[test]
fn a_call_that_was_lost_on_its_way_is_a_failure_and_the_next_run_finishes() {
    let world = changed();
    world.cluster.inject(Fault::once("user/sync", FaultKind::CutBefore).when_applying(true));
    let report = world.run("apply --yes --format json").exits(1).document();
    assert_eq!(report.outcomes(), ["failed user:u001", "failed user:u012"]);
    world.nothing_written();
    world.run("apply --yes").exits(0);
    assert!(applied(&world));
}

#[test]
fn a_call_that_was_refused_is_a_failure_in_the_servers_own_words() {
    let world = changed();
    world.cluster.inject(Fault::once("user/sync", status(500)).when_applying(true));
    world.run("apply --yes").exits(1).says("error:").says("the answer is 500");
    world.nothing_written();
    world.run("apply --yes").exits(0);
}

#[test]
fn patience_and_hiccups_are_met_by_asking_again() {
    let busy = FaultKind::Status { code: 429, retry_after: Some("1".into()), body: None, content_type: None };
    for (kind, least) in [(busy, 1000), (status(500), 0), (status(503), 0), (FaultKind::CutBefore, 0)] {
        let world = changed();
        world.cluster.fault("user/list", kind.clone());
        let begin = Instant::now();
        let plan = world.run("plan --format json").exits(0).document();
        assert!(begin.elapsed() >= Duration::from_millis(least), "{kind:?}");
        assert_eq!(plan.changes(), ["update user:u001", "delete user:u012"], "{kind:?}");
        assert_eq!(world.cluster.count("user/list"), 2);
        world.nothing_written();
    }
}

#[test]
fn a_write_that_was_surely_not_taken_is_sent_again() {
    let world = changed();
    let busy = FaultKind::Status { code: 429, retry_after: Some("0".into()), body: None, content_type: None };
    world.cluster.inject(Fault::once("user/sync", busy).when_applying(true));
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.writes().len(), 1);
    assert!(applied(&world));
}

#[test]
fn whatever_is_no_list_of_people_is_one_clear_error() {
    let faults = [
        (status(401), "401"),
        (status(403), "403"),
        (status(415), "415"),
        (FaultKind::Html, "an HTML page"),
        (FaultKind::Truncate { bytes: 100 }, "cut short"),
        (FaultKind::InvalidJson, "not an array of principals"),
        (FaultKind::EmptyList, "none of the product's own principals"),
    ];
    for (kind, words) in faults {
        let world = changed();
        for command in ["plan", "plan --format json", "apply --yes", "apply --yes --format json"] {
            world.cluster.fault("user/list", kind.clone());
            let run = world.run(command).exits(1).fails_once();
            run.complains(words).complains("sync `people-to-bi`");
            assert!(world.cluster.pending_faults().is_empty());
        }
        world.nothing_written();
        assert!(world.cluster.find("u012").is_some(), "{kind:?}");
        world.run("apply --yes").exits(0);
    }
}

#[test]
fn the_same_between_plan_and_write() {
    for kind in [status(415), FaultKind::Html, FaultKind::EmptyList, FaultKind::InvalidJson] {
        let world = changed();
        world.cluster.inject(Fault::once("user/list", kind).after(1));
        world.run("apply --yes").exits(1).fails_once();
        world.nothing_written();
    }
}

#[test]
fn an_answer_to_a_dry_run_that_is_no_answer_stops_it() {
    for kind in [status(415), FaultKind::Html, FaultKind::InvalidJson, FaultKind::Truncate { bytes: 5 }] {
        let world = changed();
        world.cluster.inject(Fault::once("user/sync", kind).when_applying(false));
        world.run("apply --yes").exits(1);
        world.nothing_written();
    }
}

#[test]
fn what_could_not_be_verified_is_no_full_success() {
    let world = changed();
    world.cluster.inject(Fault::once("user/list", status(415)).after(2));
    world.run("apply --yes").exits(4).says("Not verified").says("415");
    assert!(applied(&world));
    world.run("apply --yes").exits(0);
}

#[test]
fn a_session_that_ends_in_mid_run_is_renewed() {
    for (on, skip) in [("user/list", 1), ("user/sync", 0), ("user/sync", 1), ("user/list", 2)] {
        let world = changed();
        world.cluster.inject(Fault::once(on, FaultKind::ExpireSession).after(skip));
        world.run("apply --yes").exits(0);
        assert_eq!((world.cluster.count("session/login"), world.cluster.writes().len()), (2, 1), "{on} {skip}");
        assert!(applied(&world));
    }
}

#[test]
fn a_wrong_password_is_said_once_and_not_tried_again() {
    let world = changed();
    world.app.write("password", "wrong\n");
    let run = world.run("apply --yes").exits(1).fails_once();
    run.complains("signing in").complains("401").complains("hint:");
    assert_eq!(world.cluster.count("session/login"), 1);
}

/// Each leaver's ownership is handed over by a call of its own: not each of them signs in.
#[test]
fn a_password_that_is_refused_in_mid_run_is_not_shown_again() {
    let transfer = "ownership: managed, removeDeleted: true, guard: { removals: off }, \
                    leavers: { users: { first: delete, transferTo: u001 } }";
    let world = World::settled(&people(12), transfer);
    world.source(&people(10));
    world.cluster.inject(Fault::once("user/transfer/ownership", FaultKind::ExpireSession));
    world.cluster.inject(Fault::once("session/login", status(401)).after(1).times(9));
    let report = world.run("apply --yes --format json").exits(1).document();
    assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("failed user:")), "{report}");
    assert_eq!(world.cluster.count("session/login"), 2);
    world.nothing_written();
}

#[test]
fn nobody_listens() {
    let world = changed();
    let config = world.app.read("rollcall.yaml").replace(&world.cluster.url(), "http://127.0.0.1:1/thoughtspot");
    world.app.configure(&config);
    world.run("plan").exits(1).fails_once().complains("cannot connect").complains("hint:");
}

/// No server is needed to see that trust is not given lightly.
#[test]
fn transport_security_is_not_waived() {
    let world = changed();
    let config = world.app.read("rollcall.yaml").replace("http://", "https://");
    world.app.configure(&config);
    world.run("plan").exits(1).fails_once().complains("cannot connect");
    world.configure_target("json: { path: people.json }", "tls: { ca: nowhere.pem }", "ownership: managed");
    world.run("plan").exits(78).complains("nowhere.pem");
    world.app.write("empty.pem", "");
    world.configure_target("json: { path: people.json }", "tls: { ca: empty.pem }", "ownership: managed");
    world.run("plan").exits(78).complains("no certificate");
    let key = rcgen::KeyPair::generate().unwrap();
    let mut ca = rcgen::CertificateParams::new(vec!["ca.example.org".into()]).unwrap();
    ca.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    world.app.write("ca.pem", ca.self_signed(&key).unwrap().pem());
    world.configure_target("json: { path: people.json }", "tls: { ca: ca.pem }", "ownership: managed");
    world.run("plan").exits(0);
}
