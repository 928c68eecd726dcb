//! Who may ask for what, and how everybody else is refused.

use axum::body::Body;

use super::super::problem::Code;
use super::{Office, asks, token};
use crate::config::Role;

/// Every route that needs a caller, and how each role of [`Role::ALL`] is answered where there is no such run.
const ROUTES: [(&str, &str, [u16; 4]); 14] = [
    ("GET", "/api/v1/syncs", [200, 200, 200, 200]),
    ("GET", "/api/v1/syncs/hr-to-app", [200, 200, 200, 200]),
    ("GET", "/api/v1/runs", [200, 200, 200, 200]),
    ("GET", "/api/v1/runs/none", [404, 404, 404, 404]),
    ("GET", "/api/v1/runs/none/events", [404, 404, 404, 404]),
    ("GET", "/api/v1/runs/none/plan", [403, 404, 404, 404]),
    ("GET", "/api/v1/runs/none/report", [403, 404, 404, 404]),
    ("POST", "/api/v1/runs/none/approve", [501, 501, 501, 501]),
    ("POST", "/api/v1/runs/none/reject", [501, 501, 501, 501]),
    ("POST", "/api/v1/syncs/hr-to-app/runs", [403, 403, 202, 202]),
    ("POST", "/api/v1/sources/hr/principals", [403, 403, 415, 403]),
    ("GET", "/targets/app/callosum/v1/tspublic/v1/session/info", [200, 200, 200, 200]),
    ("GET", "/targets/app/callosum/v1/tspublic/v1/user/list", [403, 200, 200, 200]),
    ("POST", "/targets/app/callosum/v1/tspublic/v1/user/sync", [403, 403, 415, 403]),
];

#[tokio::test]
async fn each_route_is_for_those_who_may() {
    let office = Office::new().await;
    for (method, path, expected) in ROUTES {
        let nobody = office.call(asks(method, path, None).body(Body::empty()).unwrap()).await;
        assert_eq!(nobody.status, 401, "{method} {path}");
        for (role, status) in Role::ALL.into_iter().zip(expected) {
            let answer = office.call(asks(method, path, Some(role)).body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, status, "{method} {path} as {}: {}", role.word(), answer.text());
        }
    }
}

#[tokio::test]
async fn a_token_that_is_not_known_is_refused_and_after_many_of_them_so_is_the_address_for_a_while() {
    let office = Office::new().await;
    let guess = |text: &str| {
        let request = asks("GET", "/api/v1/syncs", None).header("authorization", text);
        request.body(Body::empty()).unwrap()
    };
    for wrong in [
        "Bearer rcl_guess",
        "Basic b3BzOnJjbF9vcGVyYXRvcg==",
        "rcl_operator",
        "Bearer ",
        &format!("Bearer {}", "x".repeat(9_000)),
    ] {
        let answer = office.call(guess(wrong)).await;
        assert_eq!(answer.problem(), (401, "unauthenticated".into()), "{wrong}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    let mut last = office.call(guess("Bearer rcl_guess")).await;
    for _ in 0..20 {
        last = office.call(guess("Bearer rcl_guess")).await;
    }
    assert_eq!(last.problem(), (429, "too-many-failures".into()));
    let seconds: u64 = last.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    office.call(guess(&format!("Bearer {}", token(Role::Viewer)))).await.is(200);
    office.call_from("10.0.0.2", guess("Bearer rcl_guess")).await.is(401);
}

#[tokio::test]
async fn on_loopback_without_tokens_whoever_is_there_is_an_operator_but_no_page_of_another_site() {
    let office = Office::with("listen: '127.0.0.1:7878'").await;
    let ask = |host: &str| axum::http::Request::builder().uri("/api/v1/syncs").header("host", host.to_owned());
    for host in ["localhost:7878", "127.0.0.1:7878", "[::1]:7878", "localhost"] {
        office.call_from("127.0.0.1", ask(host).body(Body::empty()).unwrap()).await.is(200);
    }
    let answer = office.call_from("127.0.0.1", ask("rebound.example.org:7878").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.problem(), (403, "foreign-origin".into()));
    for (origin, status) in [("http://localhost:7878", 202), ("http://evil.example.org", 403), ("null", 403)] {
        let request = ask("localhost:7878").method("POST").uri("/api/v1/syncs/hr-to-app/runs").header("origin", origin);
        office.call_from("127.0.0.1", request.body(Body::empty()).unwrap()).await.is(status);
    }
    let remote = office.call(ask("localhost").body(Body::empty()).unwrap()).await;
    assert_eq!(remote.problem(), (403, "forbidden".into()), "whatever name somebody elsewhere says");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_with_a_code_too() {
    let office = Office::new().await;
    assert_eq!(office.get(Role::Viewer, "/nowhere").await.problem(), (404, "not-found".into()));
    assert_eq!(office.get(Role::Viewer, "/hooks/people-to-other").await.problem(), (405, "method-not-allowed".into()));
    assert_eq!(office.get(Role::Viewer, "/api/v1/syncs/none").await.problem(), (404, "not-found".into()));
    assert_eq!(office.get(Role::Viewer, "/api/v1/runs?status=well").await.problem(), (400, "bad-request".into()));
    assert_eq!(office.get(Role::Viewer, "/api/v1/runs?most=1").await.problem(), (400, "bad-request".into()));
    for path in ["/api/v1/syncs/%ff", "/api/v1/runs/%ff", "/api/v1/runs/%ff/report"] {
        let answer = office.get(Role::Auditor, path).await;
        assert_eq!(answer.problem(), (400, "bad-request".into()), "{path}");
        assert!(!answer.header("x-request-id").is_empty());
    }
    for path in ["/hooks/%ff", "/api/v1/syncs/%ff/runs", "/api/v1/sources/%ff/principals"] {
        let answer = office.post(Role::Operator, path, &serde_json::json!({})).await;
        assert_eq!(answer.problem(), (400, "bad-request".into()), "{path}");
    }
    office.post(Role::Operator, "/targets/%ff/callosum/v1/tspublic/v1/session/login", &().into()).await.is(404);
}

#[test]
fn every_code_is_in_the_docs_and_is_written_as_it_is_said() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/http.md")).unwrap();
    for code in Code::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.word());
        let row = format!("| `{}` | {} |", code.word(), code.status().as_u16());
        assert!(docs.contains(&row), "docs/http.md lacks {row}");
    }
}
