//! A Curator portal that fails in every way a portal could: no vendor page shows a failure.

use rollcall::sandbox::curator::{FailureReply, Throttle, Twice, Unknown};
use rollcall::sandbox::{Fault, FaultKind, Product};
use serde_json::{Value, json};

use crate::support::{KEY, Portal, Run, small};

const LOOKS: [FailureReply; 5] =
    [FailureReply::Ok, FailureReply::BadRequest, FailureReply::Denied, FailureReply::Page, FailureReply::Redirect];

fn people() -> [Value; 5] {
    let user =
        |name: &str, groups: &[&str]| json!({"name": name, "principalTypeEnum": "LOCAL_USER", "groupNames": groups});
    let group = |name: &str| json!({"name": name, "principalTypeEnum": "LOCAL_GROUP"});
    [group("Finance"), group("Sales"), group("Asia"), user("ada", &["Asia"]), user("bob", &["Sales"])]
}

fn portal(look: FailureReply) -> Portal {
    let portal = Portal::new(&people(), small());
    portal.configure("", "ownership: all, removeDeleted: true, guard: { groupRemovals: off }");
    portal.switch(|switches| {
        switches.failure_reply = look;
        switches.echo_address = true;
    });
    portal
}

/// The key is in none of its forms in what was said or kept.
#[track_caller]
fn is_silent(portal: &Portal, runs: &[Run]) {
    let forms = [KEY, "Canary%2Fkey%2B1", "Canary%252Fkey%252B1", "Canary"];
    for run in runs {
        for form in forms {
            assert!(!run.out.contains(form) && !run.err.contains(form), "{form} in {run}");
        }
    }
    for entry in std::fs::read_dir(portal.app.folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name != "key") {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            assert!(forms.iter().all(|form| !text.contains(form)), "the key in {}", path.display());
        }
    }
    let journal = serde_json::to_string(&portal.journal()).unwrap();
    assert!(forms.iter().all(|form| !journal.contains(form)), "the key in the journal");
}

/// What was there stays as it was: nobody created, nobody in or out.
#[track_caller]
fn is_untouched(portal: &Portal) {
    portal.nothing_written();
    assert_eq!(portal.groups(), ["Finance: ada", "Sales: "]);
}

#[test]
fn a_read_that_fails_in_any_look_decides_nothing_and_says_why() {
    for look in LOOKS {
        for (open, why) in [("User/listGroups", "User/listUsers"), ("User/listUsers", "User/listGroups")] {
            let portal = portal(look);
            portal.switch(|switches| switches.restricted_to = Some(vec![open.to_owned()]));
            // A 500 is asked for again, which takes its time.
            let lines: &[&str] = match look {
                FailureReply::Page => &["apply --yes -vvv"],
                _ => &["plan -vvv", "apply --yes -vvv", "check -vvv"],
            };
            let runs: Vec<Run> = lines.iter().map(|line| portal.run(line)).collect();
            for run in &runs {
                assert_eq!(run.code, Some(1), "{look:?}: {run}");
            }
            assert!(runs[0].err.contains(why), "{look:?}: {}", runs[0]);
            is_untouched(&portal);
            is_silent(&portal, &runs);
        }
    }
}

#[test]
fn a_write_that_fails_in_any_look_fails_alone_and_says_why() {
    for look in LOOKS {
        let portal = portal(look);
        portal.switch(|switches| {
            let lists = ["User/listUsers", "User/listGroups"];
            switches.restricted_to = Some(lists.map(str::to_owned).to_vec());
        });
        let run = portal.run("apply --yes -vvv").exits(4);
        let why = match look {
            FailureReply::Ok => "the portal says: This API key does not have access",
            FailureReply::BadRequest => "the answer is 400: This API key does not have access",
            FailureReply::Denied => "the answer is 403: This API key does not have access",
            FailureReply::Page => "the answer is 500: an HTML page",
            FailureReply::Redirect => "a redirect to the sign-in page",
        };
        assert!(run.out.contains(why), "{look:?}: {run}");
        // The address was repeated, or this would prove nothing.
        let repeats = matches!(look, FailureReply::Ok | FailureReply::BadRequest | FailureReply::Denied);
        assert_eq!(run.out.contains("apikey=***"), repeats, "{run}");
        is_untouched(&portal);
        is_silent(&portal, &[run]);
    }
}

/// One who is refused does not stop the others.
#[test]
fn a_user_that_the_portal_does_not_take_fails_alone() {
    for look in LOOKS {
        let portal = portal(look);
        let status = match look {
            FailureReply::Ok => 200,
            FailureReply::BadRequest => 400,
            FailureReply::Denied => 403,
            FailureReply::Page => 500,
            FailureReply::Redirect => 302,
        };
        let body = json!({"result": "Error", "msg": "User not found"}).to_string();
        let fault = FaultKind::Status { code: status, retry_after: None, body: Some(body), content_type: None };
        portal.inject(Fault::once("User/addUserToGroup", fault));
        portal.run("apply --yes").exits(4);
        assert_eq!(portal.requests("User/addUserToGroup").len(), 2, "{look:?}: nothing was sent again");
        portal.run("apply --yes").exits(0);
        assert_eq!(portal.groups(), ["Finance: ", "Sales: bob", "Asia: ada"]);
        portal.is_settled();
    }
}

/// A portal may suspend an address after five wrong keys: one is shown once.
#[test]
fn a_wrong_key_is_shown_once_and_no_more() {
    for look in LOOKS {
        let portal = portal(look);
        portal.switch(|switches| {
            switches.throttle = Some(Throttle { failures: 5, within_millis: 60_000, suspend_millis: 60_000 });
        });
        portal.app.write("key", "Canary-wrong");
        let run = portal.run("plan -vvv").exits(1);
        let said_clearly = matches!(look, FailureReply::Ok | FailureReply::BadRequest | FailureReply::Denied);
        assert!(!said_clearly || portal.journal().len() == 1, "{look:?}: {:#?}", portal.journal());
        is_untouched(&portal);
        is_silent(&portal, &[run]);
    }
}

#[test]
fn a_list_that_is_empty_short_or_no_list_makes_nobody_and_removes_nobody() {
    let status = |code: u16| FaultKind::Status { code, retry_after: None, body: None, content_type: None };
    let faults =
        [FaultKind::EmptyList, FaultKind::Html, FaultKind::InvalidJson, FaultKind::Truncate { bytes: 20 }, status(404)];
    for operation in ["User/listUsers", "User/listGroups"] {
        for fault in &faults {
            let portal = portal(FailureReply::Ok);
            portal.inject(Fault::once(operation, fault.clone()).times(9));
            let run = portal.run("apply --yes").exits(1);
            assert!(run.err.contains("hint") || run.err.contains(operation), "{run}");
            is_untouched(&portal);
        }
    }
}

/// Groups that are not shown would be made again, and a portal may take a second one of the same name.
#[test]
fn an_empty_list_of_groups_is_asked_for_again() {
    let portal = portal(FailureReply::Ok);
    portal.switch(|switches| {
        switches.duplicate_group = Twice::Success;
        switches.memberships = rollcall::sandbox::curator::Memberships::Groups;
    });
    portal.fault("User/listGroups", FaultKind::EmptyList);
    let plan = portal.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["create group:Asia", "update user:ada", "update user:bob"]);
}

#[test]
fn a_success_that_did_nothing_is_found_out() {
    let portal = portal(FailureReply::Ok);
    portal.switch(|switches| switches.unknown_user = Unknown::Silent);
    let told = json!({"result": "Success", "msg": "Done"}).to_string();
    let fault = FaultKind::Status { code: 200, retry_after: None, body: Some(told), content_type: None };
    portal.inject(Fault::once("User/addUserToGroup", fault));
    portal.run("apply --yes").exits(4).says("does not show it");
    portal.run("apply --yes").exits(0);
    portal.is_settled();
}

#[test]
fn an_answer_that_says_neither_is_looked_up() {
    for told in [json!([]), json!({"result": "Queued"}), json!({"msg": "ok"})] {
        let portal = portal(FailureReply::Ok);
        let fault =
            FaultKind::Status { code: 200, retry_after: None, body: Some(told.to_string()), content_type: None };
        portal.inject(Fault::once("User/createFrontendGroup", fault));
        let run = portal.run("apply --yes").exits(4);
        assert!(run.out.contains("does not say that it was done"), "{run}");
        assert_eq!(portal.groups(), ["Finance: ", "Sales: bob"], "those of the group that was not made are not tried");
    }
}

#[test]
fn plain_http_to_another_machine_is_refused() {
    let portal = portal(FailureReply::Ok);
    let text = portal.app.read("rollcall.yaml").replace("http://127.0.0.1:", "http://portal.example.org:");
    portal.app.configure(&text);
    portal.run("plan").exits(78).complains("plain http is for loopback only");
}
