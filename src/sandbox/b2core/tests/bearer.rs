use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Office, answer};
use crate::sandbox::b2core::Expiry;
use crate::sandbox::{Fault, FaultKind, Product as _, Secret};

#[tokio::test]
async fn nothing_is_answered_without_a_good_token() {
    let mut office = Office::small().await;
    let (status, refusal) = answer(office.stranger(Method::GET, "api/v2/users")).await;
    assert_eq!((status, &refusal["message"]), (401, &json!("Unauthenticated.")));
    let basic = office.stranger(Method::GET, "api/v2/users").basic_auth("admin@example.org", Some("admin"));
    assert_eq!(answer(basic).await.0, 401);
    office.token = "wrong".to_owned();
    assert_eq!(office.get("users").await.0, 401);
    office.emulator().trust(&Secret::new("wrong"));
    assert_eq!(office.get("users").await.0, 200, "it is a token now");
    office.emulator().distrust();
    assert_eq!(office.get("users").await.0, 401);
}

#[tokio::test]
async fn signing_in_gives_a_token_in_the_form_of_the_sibling_product() {
    let mut office = Office::small().await;
    let (status, pair) = office.signin("Admin@example.org", "admin").await;
    assert_eq!((status, &pair["2faRequired"]), (200, &json!(false)));
    assert_eq!(pair["accessToken"]["createdAt"], "2023-11-14T22:13:20+00:00");
    assert_eq!(pair["accessToken"]["expiresAt"], "2023-11-15T08:13:20+00:00", "ten hours later");
    office.token = pair["accessToken"]["token"].as_str().expect("a token").to_owned();
    assert_eq!(office.token.split('.').count(), 3, "a JWT");
    assert!(office.token.starts_with("eyJ"), "{}", office.token);
    assert_eq!(office.get("users").await.0, 200);
    assert_eq!(office.emulator().state()["signIns"], 1);
}

#[tokio::test]
async fn wrong_credentials_lock_an_account_and_a_success_forgives_them() {
    let office = Office::small().await;
    office.switch(|switches| switches.signin_attempts = 2);
    assert_eq!(office.signin("oto@example.org", "wrong").await.0, 401);
    assert_eq!(office.signin("oto@example.org", "otos-password").await.0, 200);
    assert_eq!(office.signin("oto@example.org", "wrong").await.0, 401);
    assert_eq!(office.signin("oto@example.org", "wrong").await.0, 401);
    assert_eq!(office.signin("oto@example.org", "otos-password").await.0, 403, "too late");
    assert_eq!(office.signin("admin@example.org", "admin").await.0, 200, "another account");
    assert_eq!(office.signin("nobody@example.org", "x").await.0, 401);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_no_token_given() {
    let office = Office::small().await;
    office.patch("users/3", &json!({"tfa": true})).await;
    assert_eq!(office.signin("oto@example.org", "otos-password").await, (200, json!({"2faRequired": true})));
}

#[tokio::test]
async fn only_active_administrators_may_act() {
    let mut office = Office::small().await;
    let (_, pair) = office.signin("oto@example.org", "otos-password").await;
    let token = pair["accessToken"]["token"].as_str().expect("a token").to_owned();
    let administrator = std::mem::replace(&mut office.token, token.clone());
    assert_eq!(office.get("users").await.0, 403);
    office.token.clone_from(&administrator);
    office.patch("users/3", &json!({"groups": [1]})).await;
    office.token.clone_from(&token);
    assert_eq!(office.get("users").await.0, 200);
    office.token = administrator;
    office.patch("users/3", &json!({"active": false})).await;
    assert_eq!(office.signin("oto@example.org", "otos-password").await.0, 401);
    office.token = token;
    assert_eq!(office.get("users").await.0, 401);
}

#[tokio::test]
async fn a_token_ends_by_itself_or_by_a_fault() {
    let mut office = Office::small().await;
    office.switch(|switches| switches.token_seconds = 1);
    let (_, pair) = office.signin("admin@example.org", "admin").await;
    let fixed =
        std::mem::replace(&mut office.token, pair["accessToken"]["token"].as_str().expect("a token").to_owned());
    assert_eq!(office.get("users").await.0, 200);
    tokio::time::sleep(Duration::from_millis(1050)).await;
    assert_eq!(office.get("users").await.0, 401);
    office.token = fixed;
    office.emulator().inject(Fault::once("users", FaultKind::ExpireSession).after(1));
    assert_eq!(office.get("users").await.0, 200);
    assert_eq!(office.get("users?offset=20").await.0, 401, "in the middle of a listing");
    assert_eq!(office.get("users").await.0, 401, "and from then on");
}

#[tokio::test]
async fn the_end_of_a_token_may_be_told_badly_or_not_at_all() {
    let office = Office::small().await;
    office.switch(|switches| switches.expiry = Expiry::Equal);
    let token = office.signin("admin@example.org", "admin").await.1["accessToken"].clone();
    assert_eq!(token["createdAt"], token["expiresAt"]);
    office.switch(|switches| switches.expiry = Expiry::Absent);
    let token = office.signin("admin@example.org", "admin").await.1["accessToken"].clone();
    assert_eq!(token.get("expiresAt").unwrap_or(&Value::Null), &Value::Null);
}
