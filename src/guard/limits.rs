use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A limit, or `off` (or `false`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit<T> {
    Off,
    On(T),
}

impl<T> Limit<T> {
    #[must_use]
    pub fn on(&self) -> Option<&T> {
        match self {
            Self::Off => None,
            Self::On(limit) => Some(limit),
        }
    }
}

impl<T: Default> Default for Limit<T> {
    fn default() -> Self {
        Self::On(T::default())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Limit<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Limit<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("`off`, or the members of the limit")
            }

            fn visit_bool<E: de::Error>(self, on: bool) -> Result<Self::Value, E> {
                if on { Err(E::invalid_value(de::Unexpected::Bool(on), &self)) } else { Ok(Limit::Off) }
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                if text == "off" { Ok(Limit::Off) } else { Err(E::invalid_value(de::Unexpected::Str(text), &self)) }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Limit::On)
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Limit<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}OrOff", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let inner = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [inner, { "enum": ["off", false] }] })
    }
}

/// `hold`, or `off` (or `false`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Switch {
    #[default]
    Hold,
    Off,
}

impl<'de> Deserialize<'de> for Switch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl Visitor<'_> for Word {
            type Value = Switch;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("`hold` or `off`")
            }

            fn visit_bool<E: de::Error>(self, on: bool) -> Result<Switch, E> {
                Ok(if on { Switch::Hold } else { Switch::Off })
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Switch, E> {
                match text {
                    "hold" => Ok(Switch::Hold),
                    "off" => Ok(Switch::Off),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }
        deserializer.deserialize_any(Word)
    }
}

impl JsonSchema for Switch {
    fn schema_name() -> Cow<'static, str> {
        "HoldOrOff".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": ["hold", "off", false] })
    }
}

macro_rules! limit {
    ($(#[$docs:meta])* $name:ident { $( $(#[$field_docs:meta])* $field:ident: $type:ty = $default:expr, )* }) => {
        $(#[$docs])*
        #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        pub struct $name { $( $(#[$field_docs])* pub $field: $type, )* }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }
    };
}

limit! {
    /// Deletes, disables and strips of a kind.
    Removals {
        /// Share of what this sync could remove, in percent.
        percent: f64 = 20.0,
        /// Number that trips whatever the share.
        count: usize = 500,
        /// Below so many, more than max(1, a fifth) trips.
        applies_from: usize = 10,
    }
}
limit! {
    /// Removals summed over a window of time.
    Budget {
        /// Length of the window, such as `24h`.
        window: Window = Window::default(),
        /// Share of the count at its start, in percent.
        percent: f64 = 20.0,
    }
}
limit! {
    /// Members that one group would lose.
    GroupRemovals {
        /// Share of its members, in percent.
        percent: f64 = 30.0,
        /// Only groups of at least so many members.
        applies_from: usize = 50,
    }
}
limit! {
    /// Principals of a kind created.
    Creations {
        /// Share of the target's principals of the kind, in percent.
        percent: f64 = 50.0,
        /// Number that trips whatever the share.
        count: usize = 500,
        /// Only where the target has at least so many of the kind.
        applies_from: usize = 20,
    }
}
limit! {
    /// Principals of a kind changed.
    Changes {
        /// Share of the target's principals of the kind, in percent.
        percent: f64 = 50.0,
        /// Only where the target has at least so many of the kind.
        applies_from: usize = 50,
    }
}
limit! {
    /// Principals of a kind that lose a value.
    Clears {
        /// Share of the target's principals of the kind, in percent.
        percent: f64 = 20.0,
        /// Only where the target has at least so many of the kind.
        applies_from: usize = 20,
    }
}
limit! {
    /// Administrators that must stay.
    Admins {
        keep: usize = 2,
    }
}
limit! {
    /// Who may become a member of a privileged group.
    Privileged {
        /// Groups that count as privileged besides the target's own administrator groups.
        groups: Vec<String> = Vec::new(),
        /// By group, the principals that may join it: `user:NAME`.
        allow: BTreeMap<String, Vec<String>> = BTreeMap::new(),
    }
}
limit! {
    /// The limits of one sync.
    Limits {
        removals: Limit<Removals> = Limit::default(),
        budget: Limit<Budget> = Limit::default(),
        group_removals: Limit<GroupRemovals> = Limit::default(),
        creations: Limit<Creations> = Limit::default(),
        updates: Limit<Changes> = Limit::default(),
        clears: Limit<Clears> = Limit::default(),
        admins: Limit<Admins> = Limit::default(),
        privileged: Limit<Privileged> = Limit::default(),
        first_run: Switch = Switch::Hold,
        config_change: Switch = Switch::Hold,
    }
}
limit! {
    /// What is expected of one kind in a reading.
    ExpectKind {
        /// At least so many.
        min: Option<usize> = None,
    }
}
limit! {
    /// What is expected of a source.
    Expect {
        /// `min` is 1 unless it is set.
        users: ExpectKind = ExpectKind::default(),
        /// `min` is 0 unless it is set.
        groups: ExpectKind = ExpectKind::default(),
        /// Percent by which a reading may be smaller than the last accepted one; `off` for any.
        shrink: Shrink = Shrink(Some(20.0)),
        /// Principals that are always there, such as `user:ada`.
        sentinels: Vec<String> = Vec::new(),
        /// How old the data may be; `off` for any age.
        max_age: MaxAge = MaxAge(None),
    }
}

impl Expect {
    #[must_use]
    pub fn min(&self, kind: crate::principal::Kind) -> usize {
        match kind {
            crate::principal::Kind::User => self.users.min.unwrap_or(1),
            crate::principal::Kind::Group => self.groups.min.unwrap_or(0),
        }
    }
}

/// A length of time: `24h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window(pub Duration);

impl Default for Window {
    fn default() -> Self {
        Self(Duration::from_hours(24))
    }
}

/// A share in percent, or nothing for `off`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shrink(pub Option<f64>);

/// An age, or nothing for `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxAge(pub Option<Duration>);

struct OffOr<T>(&'static str, fn(&str) -> Option<T>, fn(f64) -> Option<T>);

impl<T> Visitor<'_> for OffOr<T> {
    type Value = Option<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }

    fn visit_bool<E: de::Error>(self, on: bool) -> Result<Option<T>, E> {
        if on { Err(E::invalid_value(de::Unexpected::Bool(on), &self)) } else { Ok(None) }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<T>, E> {
        if text == "off" {
            return Ok(None);
        }
        (self.1)(text).map(Some).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Option<T>, E> {
        let small = u32::try_from(number).ok().and_then(|number| (self.2)(f64::from(number)));
        small.map(Some).ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Option<T>, E> {
        (self.2)(number).map(Some).ok_or_else(|| E::invalid_value(de::Unexpected::Float(number), &self))
    }
}

impl<'de> Deserialize<'de> for Shrink {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = |number| (0.0..=100.0).contains(&number).then_some(number);
        deserializer.deserialize_any(OffOr("a percentage from 0 to 100, or `off`", |_| None, percent)).map(Self)
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Window;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a duration such as `30s`, `15m` or `30d`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Window, E> {
                let parsed = humantime::parse_duration(text).map(Window);
                parsed.map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

impl JsonSchema for Window {
    fn schema_name() -> Cow<'static, str> {
        "Window".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["24h", "7d"] })
    }
}

impl<'de> Deserialize<'de> for MaxAge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parse = |text: &str| humantime::parse_duration(text).ok();
        deserializer
            .deserialize_any(OffOr("a duration such as `30s`, `15m` or `30d`, or `off`", parse, |_| None))
            .map(Self)
    }
}

impl JsonSchema for Shrink {
    fn schema_name() -> Cow<'static, str> {
        "PercentOrOff".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "number", "minimum": 0, "maximum": 100 }, { "enum": ["off", false] }] })
    }
}

impl JsonSchema for MaxAge {
    fn schema_name() -> Cow<'static, str> {
        "DurationOrOff".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "enum": ["off", false] }] })
    }
}
