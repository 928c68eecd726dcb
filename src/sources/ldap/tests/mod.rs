//! What can be told without a server: the configuration, the bytes, the ends of pages, the commands; and TLS, against a
//! handshake of our own.

mod addresses;
mod assemble;
mod configurations;
mod decoding;
mod pages;
mod searches;
mod threads;
mod tls;

use crate::connector::{BuildError, Source};
use crate::sources::tests::Folder;

const GOOD: &str = "ldap: { url: ldaps://ldap.example.org, users: { base: 'ou=people,dc=example,dc=org' } }";

/// Every problem as `key: why | hint`.
fn problems(yaml: &str) -> Vec<String> {
    let built = Folder::new().build(yaml);
    let Err(errors) = built else { panic!("no problem in {yaml}") };
    errors
        .into_iter()
        .map(|BuildError { key, why, hint }| format!("{key}: {why} | {}", hint.unwrap_or_default()))
        .collect()
}

fn build(yaml: &str) -> Box<dyn Source> {
    Folder::new().build(yaml).unwrap()
}
