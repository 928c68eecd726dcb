//! Values that several connectors' configurations share, as they are written.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::{ExposeSecret, SecretString};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Secret, SecretPlace, Tls};

/// What a secret may look like. No message about a secret says more: what was found may be the secret.
const SECRET: &str = "expected a secret: `{ env: NAME }`, `{ file: PATH }`, `{ command: [PROGRAM, …] }` or quoted text";

/// A secret as written: `{ env: NAME }`, `{ file: PATH }`, `{ command: [PROGRAM, …] }`, or plain text.
#[derive(Clone)]
pub enum SecretFile {
    Env(String),
    File(PathBuf),
    Command(Vec<String>),
    Plain(SecretString),
}

impl SecretFile {
    /// The secret itself, to be read when it is needed. A relative file is beside the configuration, in `folder`, or in
    /// `$CREDENTIALS_DIRECTORY`.
    #[must_use]
    pub fn secret(&self, folder: &Path) -> Secret {
        Secret::new(match self {
            Self::Env(name) => SecretPlace::Env(name.clone()),
            Self::File(path) => SecretPlace::File(Secret::locate(path, folder)),
            Self::Command(words) => SecretPlace::Command(words.clone()),
            Self::Plain(text) => SecretPlace::Inline(text.clone()),
        })
    }

    /// Whether it is written in the configuration as this word.
    #[must_use]
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Plain(text) if text.expose_secret() == word)
    }
}

impl fmt::Debug for SecretFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(out, "SecretFile(env {name})"),
            Self::File(path) => write!(out, "SecretFile(file {})", path.display()),
            Self::Command(_) => out.write_str("SecretFile(command)"),
            Self::Plain(_) => out.write_str("SecretFile(***)"),
        }
    }
}

impl<'de> Deserialize<'de> for SecretFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretVisitor)
    }
}

struct SecretVisitor;

/// The methods that serde would answer with the value in the message answer without it.
impl<'de> Visitor<'de> for SecretVisitor {
    type Value = SecretFile;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(SECRET.trim_start_matches("expected "))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<SecretFile, E> {
        Ok(SecretFile::Plain(text.to_owned().into()))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<SecretFile, E> {
        Err(E::custom(SECRET))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<SecretFile, E> {
        Err(E::custom(SECRET))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<SecretFile, E> {
        Err(E::custom(SECRET))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<SecretFile, E> {
        Err(E::custom(SECRET))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SecretFile, A::Error> {
        let secret = match map.next_key::<String>()?.as_deref() {
            Some("env") => map.next_value().map(SecretFile::Env),
            Some("file") => map.next_value().map(SecretFile::File),
            Some("command") => map.next_value().map(SecretFile::Command),
            _ => return Err(de::Error::custom(SECRET)),
        };
        let secret = secret.map_err(|_| de::Error::custom(SECRET))?;
        match map.next_key::<de::IgnoredAny>()? {
            None => Ok(secret),
            Some(_) => Err(de::Error::custom(SECRET)),
        }
    }
}

impl JsonSchema for SecretFile {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let place = |key: &str, schema: serde_json::Value| {
            serde_json::json!({
                "type": "object", "properties": { key: schema }, "required": [key], "additionalProperties": false
            })
        };
        json_schema!({
            "description": "Where a secret is kept: an environment variable, a file, a command, or (with a warning) plain text.",
            "anyOf": [
                place("env", serde_json::json!({ "type": "string" })),
                place("file", serde_json::json!({ "type": "string" })),
                place("command", serde_json::json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 })),
                { "type": "string" },
            ]
        })
    }
}

/// Certificates besides the system's own, PEM files. Relative paths are beside the configuration file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TlsFile {
    /// Certificate authorities to trust besides the system's own.
    pub ca: Option<PathBuf>,
    /// The certificate rollcall shows; needs `clientKey`.
    pub client_cert: Option<PathBuf>,
    /// The key of `clientCert`.
    pub client_key: Option<PathBuf>,
}

impl TlsFile {
    /// The same with every path beside the configuration, in `folder`.
    #[must_use]
    pub fn tls(&self, folder: &Path) -> Tls {
        let beside = |path: &Option<PathBuf>| path.as_ref().map(|path| folder.join(path));
        let Self { ca, client_cert, client_key } = self;
        Tls { ca: beside(ca), client_cert: beside(client_cert), client_key: beside(client_key) }
    }
}

/// A length of time as written: `30s`, `15m`, `30d`, `1h 30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DurationText(pub Duration);

impl<'de> Deserialize<'de> for DurationText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = DurationText;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a duration such as `30s`, `15m` or `30d`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<DurationText, E> {
                let parsed = humantime::parse_duration(text).map(DurationText);
                parsed.map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

impl JsonSchema for DurationText {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["30s", "15m", "30d"] })
    }
}

/// One text, or a list of texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextList(pub Vec<String>);

impl<'de> Deserialize<'de> for TextList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = TextList;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text or a list of texts")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<TextList, E> {
                Ok(TextList(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, texts: A) -> Result<TextList, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(texts)).map(TextList)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for TextList {
    fn schema_name() -> Cow<'static, str> {
        "TextList".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let list = serde_json::json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 });
        json_schema!({ "anyOf": [{ "type": "string" }, list] })
    }
}
