//! Filters (RFC 7644, 3.4.2.2): their grammar, and whether a resource meets one. Pure.

mod evaluate;
mod read;
mod token;

pub(in crate::sandbox::scim) use evaluate::Comparison;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sandbox::scim) enum Filter {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    /// `attribute[condition]`.
    Within(String, Box<Self>),
    /// `attribute pr`.
    Present(String),
    /// `attribute operator value`.
    Compare(String, Operator, serde_json::Value),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox::scim) enum Operator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Filter {
    /// The comparisons in it, from left to right.
    pub(in crate::sandbox::scim) fn comparisons(&self) -> Vec<(&str, Option<Operator>, Option<&serde_json::Value>)> {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                let mut all = left.comparisons();
                all.extend(right.comparisons());
                all
            }
            Self::Not(inner) | Self::Within(_, inner) => inner.comparisons(),
            Self::Present(path) => vec![(path, None, None)],
            Self::Compare(path, operator, value) => vec![(path, Some(*operator), Some(value))],
        }
    }

    /// Whether it is equalities joined by `and`, and nothing else.
    pub(in crate::sandbox::scim) fn is_equality(&self) -> bool {
        match self {
            Self::And(left, right) => left.is_equality() && right.is_equality(),
            Self::Compare(_, operator, _) => *operator == Operator::Equal,
            Self::Or(..) | Self::Not(_) | Self::Within(..) | Self::Present(_) => false,
        }
    }

    /// The texts that attributes must be equal to for it to hold.
    pub(in crate::sandbox::scim) fn equalities(&self) -> Vec<(&str, &str)> {
        match self {
            Self::And(left, right) => {
                let mut all = left.equalities();
                all.extend(right.equalities());
                all
            }
            Self::Compare(path, Operator::Equal, serde_json::Value::String(text)) => vec![(path, text)],
            _ => Vec::new(),
        }
    }
}
