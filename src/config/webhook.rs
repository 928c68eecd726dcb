//! How somebody else may ask for a run of a sync.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::connector::{Secret, SecretFile};

/// A webhook as it is written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WebhookFile {
    /// What calls are signed with; several while one takes the place of another.
    pub secret: Option<SecretList>,
    /// How calls are signed. Default: `standard`.
    pub scheme: Option<Scheme>,
}

/// How calls are signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Standard Webhooks 1.0: identity, time and body.
    #[default]
    Standard,
    /// As GitHub does: the body alone.
    Github,
}

/// A webhook, ready to be called.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub scheme: Scheme,
    /// At least one.
    pub secrets: Vec<Secret>,
}

/// One secret, or a list of secrets.
#[derive(Debug, Clone, Default)]
pub struct SecretList(pub Vec<SecretFile>);

impl<'de> Deserialize<'de> for SecretList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretsVisitor)
    }
}

struct SecretsVisitor;

impl SecretsVisitor {
    /// What a secret alone says of it: never the value, which may be the secret.
    fn one<'de, D: Deserializer<'de>>(value: D) -> Result<SecretList, D::Error> {
        SecretFile::deserialize(value).map(|secret| SecretList(vec![secret]))
    }
}

impl<'de> Visitor<'de> for SecretsVisitor {
    type Value = SecretList;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a secret or a list of secrets")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<SecretList, E> {
        Self::one(text.into_deserializer())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<SecretList, E> {
        Self::one(value.into_deserializer())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<SecretList, E> {
        Self::one(value.into_deserializer())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<SecretList, E> {
        Self::one(value.into_deserializer())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<SecretList, E> {
        Self::one(value.into_deserializer())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SecretList, A::Error> {
        Self::one(MapAccessDeserializer::new(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, secrets: A) -> Result<SecretList, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(secrets)).map(SecretList)
    }
}

impl JsonSchema for SecretList {
    fn schema_name() -> Cow<'static, str> {
        "Secrets".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let secret = generator.subschema_for::<SecretFile>();
        json_schema!({ "anyOf": [secret, { "type": "array", "items": secret, "minItems": 1 }] })
    }
}
