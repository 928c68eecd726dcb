//! Small choices of the configuration.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// Whether `ldap://` must turn to TLS before anything else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartTls {
    Required,
    Off,
}

/// How many entries a page has; none: everything in one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging(pub Option<u32>);

/// What a referral to another server means for a reading. None is ever followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Referrals {
    /// It is counted and listed.
    #[default]
    Report,
    /// The reading is not proven whole.
    Strict,
}

const PAGE: u32 = 1000;
const LARGEST_PAGE: u64 = 100_000;

impl Default for Paging {
    fn default() -> Self {
        Self(Some(PAGE))
    }
}

impl<'de> Deserialize<'de> for StartTls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl Visitor<'_> for Word {
            type Value = StartTls;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("`required` or `off`")
            }

            fn visit_bool<E: de::Error>(self, on: bool) -> Result<StartTls, E> {
                Ok(if on { StartTls::Required } else { StartTls::Off })
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<StartTls, E> {
                match text {
                    "required" => Ok(StartTls::Required),
                    "off" => Ok(StartTls::Off),
                    _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
                }
            }
        }
        deserializer.deserialize_any(Word)
    }
}

impl JsonSchema for StartTls {
    fn schema_name() -> Cow<'static, str> {
        "StartTls".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": ["required", "off", true, false] })
    }
}

impl<'de> Deserialize<'de> for Paging {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Paging;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "a number of entries from 1 to {LARGEST_PAGE}, or `off`")
            }

            fn visit_bool<E: de::Error>(self, on: bool) -> Result<Paging, E> {
                if on { Err(E::invalid_value(Unexpected::Bool(on), &self)) } else { Ok(Paging(None)) }
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Paging, E> {
                if text == "off" { Ok(Paging(None)) } else { Err(E::invalid_value(Unexpected::Str(text), &self)) }
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Paging, E> {
                match u32::try_from(number) {
                    Ok(size) if (1..=LARGEST_PAGE).contains(&number) => Ok(Paging(Some(size))),
                    _ => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
                }
            }
        }
        deserializer.deserialize_any(Number)
    }
}

impl JsonSchema for Paging {
    fn schema_name() -> Cow<'static, str> {
        "Paging".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let size = serde_json::json!({ "type": "integer", "minimum": 1, "maximum": LARGEST_PAGE });
        json_schema!({ "anyOf": [size, { "enum": ["off", false] }] })
    }
}
