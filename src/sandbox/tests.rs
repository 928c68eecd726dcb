//! The server by itself.

use std::time::Duration;

use super::{Options, Sandbox, StartError, thoughtspot};

async fn start() -> Sandbox {
    Sandbox::start(Options::default()).await.expect("a free port")
}

async fn status(url: String) -> u16 {
    #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    client.get(url).send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn each_product_has_a_prefix() {
    let sandbox = start().await;
    assert_eq!(sandbox.url("thoughtspot"), format!("http://{}/thoughtspot", sandbox.address()));
    assert_eq!(status(sandbox.url("")).await, 200);
    assert_eq!(status(sandbox.url("thoughtspot/_sandbox/")).await, 200);
    assert_eq!(status(sandbox.url("thoughtspot/_sandbox/nothing")).await, 404);
    assert_eq!(status(sandbox.url("nothing")).await, 404);
}

#[tokio::test]
async fn a_taken_port_is_named_and_another_suggested() {
    let first = start().await;
    let options = Options { listen: first.address(), ..Options::default() };
    let error = Sandbox::start(options).await.expect_err("the port is taken");
    let text = error.to_string();
    assert!(text.starts_with(&format!("cannot listen on {}: ", first.address())), "{text}");
    assert!(text.ends_with("port 0 always takes a free one"), "{text}");
    assert!(matches!(error, StartError::Listen { suggestion: Some(_), .. }));
}

#[tokio::test]
async fn a_seed_that_contradicts_itself_does_not_start() {
    let seed =
        serde_json::from_str(r#"[{"name": "ada", "principalTypeEnum": "LOCAL_USER", "groupNames": ["nowhere"]}]"#);
    let thoughtspot = thoughtspot::Options { seed: seed.expect("JSON"), ..thoughtspot::Options::default() };
    let error = Sandbox::start(Options { thoughtspot, ..Options::default() }).await.expect_err("unknown group");
    assert!(error.to_string().contains("ada names the unknown group nowhere"), "{error}");
}

#[tokio::test]
async fn a_stopped_or_dropped_sandbox_frees_its_port() {
    let sandbox = start().await;
    let address = sandbox.address();
    assert_eq!(status(sandbox.url("")).await, 200);
    sandbox.stop().await;
    let again = Sandbox::start(Options { listen: address, ..Options::default() }).await.expect("free again");
    drop(again);
    // The aborted task lets go of the socket the next time the runtime looks at it.
    tokio::time::sleep(Duration::from_millis(50)).await;
    Sandbox::start(Options { listen: address, ..Options::default() }).await.expect("free again");
}
