//! Where the state is kept, as it is written: a file, or a database whose address is a secret.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use sqlx::postgres::PgConnectOptions;

use crate::connector::SecretFile;

/// What may follow on the `?` of an address.
const PARAMETERS: [&str; 12] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "user",
];

/// What may be written.
pub(super) const EXPECTED: &str = "expected `sqlite:PATH`, `postgres://USER@HOST/DATABASE`, `{ env: NAME }`, \
                                   `{ file: PATH }` or `{ command: [PROGRAM, …] }`";

/// Where the state is kept: `sqlite:PATH`, `postgres://…`, or where the address of a PostgreSQL database is kept.
#[derive(Clone)]
pub struct StateFile(pub SecretFile);

impl fmt::Debug for StateFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl<'de> Deserialize<'de> for StateFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Whatever was found may hold a password.
        SecretFile::deserialize(deserializer).map(Self).map_err(|_| D::Error::custom(EXPECTED))
    }
}

impl JsonSchema for StateFile {
    fn schema_name() -> Cow<'static, str> {
        "State".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let secret = generator.subschema_for::<SecretFile>();
        json_schema!({
            "anyOf": [
                { "type": "string", "pattern": "^sqlite:.+", "examples": ["sqlite:rollcall.db"] },
                {
                    "type": "string", "pattern": "^postgres(ql)?://",
                    "examples": ["postgres://rollcall@db.example.org/rollcall?sslmode=verify-full"]
                },
                secret,
            ]
        })
    }
}

/// Whether this is the address of a PostgreSQL database, right or wrong.
pub(super) fn is_postgres(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// What is wrong with the address of a PostgreSQL database. Never tells the password.
#[must_use]
pub fn postgres_problem(url: &str) -> Option<String> {
    if !is_postgres(url) {
        return Some("it does not begin with `postgres://`".into());
    }
    let query = url.split_once('?').map_or("", |(_, query)| query);
    for key in query.split('&').filter_map(|pair| pair.split('=').next()).filter(|key| !key.is_empty()) {
        // What stands there unknown may be a password, and a library would say it aloud.
        if !PARAMETERS.contains(&key) && !key.starts_with("options[") {
            return Some(format!("the address takes no such parameter; it takes {}", PARAMETERS.join(", ")));
        }
    }
    let why = PgConnectOptions::from_str(url).err()?.to_string();
    let why = why.trim_start_matches("error with configuration: ");
    Some(format!("the address cannot be read: {why}"))
}

/// The address without user and password, and without what follows on `?`.
pub(super) fn without_login(url: &str) -> &str {
    let address = url.split(['?', '#']).next().unwrap_or_default();
    address.rsplit_once('@').map_or(address, |(_, place)| place)
}

/// The user and password of an address, where it has a password.
pub(super) fn login(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    if let Some((_, query)) = rest.split_once('?')
        && let Some(pair) = query.split('&').find(|pair| pair.starts_with("password="))
    {
        return Some(pair);
    }
    let (login, _) = rest.rsplit_once('@')?;
    login.contains(':').then_some(login)
}
