use serde::{Deserialize, Serialize};

/// The name of a limit, as configuration, reports and `--override` spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum GuardName {
    /// There is no override for it.
    #[serde(rename = "source.empty")]
    SourceEmpty,
    #[serde(rename = "expect.min")]
    ExpectMin,
    #[serde(rename = "expect.shrink")]
    ExpectShrink,
    #[serde(rename = "expect.sentinels")]
    ExpectSentinels,
    #[serde(rename = "expect.maxAge")]
    ExpectMaxAge,
    #[serde(rename = "removals")]
    Removals,
    #[serde(rename = "budget")]
    Budget,
    #[serde(rename = "groupRemovals")]
    GroupRemovals,
    #[serde(rename = "creations")]
    Creations,
    #[serde(rename = "updates")]
    Updates,
    #[serde(rename = "clears")]
    Clears,
    #[serde(rename = "admins")]
    Admins,
    #[serde(rename = "privileged")]
    Privileged,
    #[serde(rename = "firstRun")]
    FirstRun,
    #[serde(rename = "configChange")]
    ConfigChange,
}

impl GuardName {
    pub const ALL: [Self; 15] = [
        Self::SourceEmpty,
        Self::ExpectMin,
        Self::ExpectShrink,
        Self::ExpectSentinels,
        Self::ExpectMaxAge,
        Self::Removals,
        Self::Budget,
        Self::GroupRemovals,
        Self::Creations,
        Self::Updates,
        Self::Clears,
        Self::Admins,
        Self::Privileged,
        Self::FirstRun,
        Self::ConfigChange,
    ];

    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::SourceEmpty => "source.empty",
            Self::ExpectMin => "expect.min",
            Self::ExpectShrink => "expect.shrink",
            Self::ExpectSentinels => "expect.sentinels",
            Self::ExpectMaxAge => "expect.maxAge",
            Self::Removals => "removals",
            Self::Budget => "budget",
            Self::GroupRemovals => "groupRemovals",
            Self::Creations => "creations",
            Self::Updates => "updates",
            Self::Clears => "clears",
            Self::Admins => "admins",
            Self::Privileged => "privileged",
            Self::FirstRun => "firstRun",
            Self::ConfigChange => "configChange",
        }
    }

    /// Whether it is measured on the source, not on the plan.
    #[must_use]
    pub fn is_of_source(self) -> bool {
        matches!(
            self,
            Self::SourceEmpty | Self::ExpectMin | Self::ExpectShrink | Self::ExpectSentinels | Self::ExpectMaxAge
        )
    }

    /// Reads a name given to `--override`.
    ///
    /// # Errors
    /// A sentence that lists the names, or says that there is no override.
    pub fn parse_override(text: &str) -> Result<Self, String> {
        let name = Self::ALL.into_iter().find(|name| name.text() == text);
        match name {
            Some(Self::SourceEmpty) => Err("there is no override for an empty source".into()),
            Some(name) => Ok(name),
            None => {
                let names: Vec<_> =
                    Self::ALL.into_iter().filter(|name| *name != Self::SourceEmpty).map(Self::text).collect();
                Err(format!("no guard is named `{text}`: expected one of {}", names.join(", ")))
            }
        }
    }
}

/// A person's word that one limit is lifted for one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Override {
    #[schemars(with = "String")]
    pub guard: GuardName,
    pub reason: String,
}

/// How a limit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    /// Some items are held; the rest goes on.
    Held,
    /// Nothing is written.
    Tripped,
    Off,
}

/// One limit, measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LimitState {
    #[schemars(with = "String")]
    pub name: GuardName,
    /// What it was measured of: `users`, `source people`, `group Sales`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub of: Option<String>,
    /// The rule as it applies here, in words.
    pub rule: String,
    pub limit: Option<u64>,
    pub value: Option<u64>,
    /// What is left before it trips; negative by how much it is exceeded.
    pub headroom: Option<i64>,
    pub state: State,
    /// What a person should know when it does not stand at ok.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
    /// The reason given for lifting it.
    #[serde(skip_serializing_if = "Option::is_none", default, rename = "override")]
    pub lifted: Option<String>,
}

impl LimitState {
    /// Not measured, because it is off.
    #[must_use]
    pub(super) fn off(name: GuardName, rule: impl Into<String>) -> Self {
        Self {
            name,
            of: None,
            rule: rule.into(),
            limit: None,
            value: None,
            headroom: None,
            state: State::Off,
            message: None,
            hint: None,
            lifted: None,
        }
    }

    /// A value that may be at most `limit`.
    #[must_use]
    pub(super) fn at_most(name: GuardName, rule: impl Into<String>, limit: usize, value: usize) -> Self {
        Self::measured(name, rule, limit, value, signed(limit) - signed(value))
    }

    /// A value that must be at least `limit`.
    #[must_use]
    pub(super) fn at_least(name: GuardName, rule: impl Into<String>, limit: usize, value: usize) -> Self {
        Self::measured(name, rule, limit, value, signed(value) - signed(limit))
    }

    fn measured(name: GuardName, rule: impl Into<String>, limit: usize, value: usize, headroom: i64) -> Self {
        let number = |n: usize| u64::try_from(n).ok();
        Self {
            limit: number(limit),
            value: number(value),
            headroom: Some(headroom),
            state: State::Ok,
            ..Self::off(name, rule)
        }
    }

    #[must_use]
    pub(super) fn of(mut self, what: impl Into<String>) -> Self {
        self.of = Some(what.into());
        self
    }

    /// It is exceeded: the plan stops here, unless the limit was lifted.
    #[must_use]
    pub(super) fn tripped(self, message: String, hint: String) -> Self {
        self.stands(State::Tripped, message, hint)
    }

    /// Some items are held for it.
    #[must_use]
    pub(super) fn held(self, message: String, hint: String) -> Self {
        self.stands(State::Held, message, hint)
    }

    fn stands(mut self, state: State, message: String, hint: String) -> Self {
        self.state = state;
        self.message = Some(message);
        self.hint = Some(hint);
        self
    }

    /// Whether it stops the plan.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.state == State::Tripped && self.lifted.is_none()
    }
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
