use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::{Filter, Operator};
use crate::sandbox::scim::attribute::{self, Attribute};
use crate::sandbox::scim::path::{Path, member};

/// How texts are compared where a filter meets a resource.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox::scim) struct Comparison {
    /// What is known of the attributes.
    pub(in crate::sandbox::scim) attributes: &'static [Attribute],
    /// Whether every text is compared exactly.
    pub(in crate::sandbox::scim) exact: bool,
}

impl Filter {
    /// Whether a resource, or one value of an attribute, meets it.
    pub(in crate::sandbox::scim) fn holds(&self, map: &Map<String, Value>, how: Comparison) -> bool {
        match self {
            Self::And(left, right) => left.holds(map, how) && right.holds(map, how),
            Self::Or(left, right) => left.holds(map, how) || right.holds(map, how),
            Self::Not(inner) => !inner.holds(map, how),
            Self::Within(name, inner) => {
                let parts = attribute::find(how.attributes, name).map_or(how.attributes, |attribute| attribute.parts);
                let how = Comparison { attributes: parts, ..how };
                let values = member(map, name).and_then(Value::as_array);
                let mut values = values.into_iter().flatten().filter_map(Value::as_object);
                values.any(|value| inner.holds(value, how))
            }
            Self::Present(path) => found(map, path).iter().any(|value| !value.is_null()),
            Self::Compare(path, operator, wanted) => {
                let exact = how.exact || is_exact(path, how.attributes);
                let values = found(map, path);
                match operator {
                    Operator::NotEqual => !values.iter().any(|value| compare(value, Operator::Equal, wanted, exact)),
                    Operator::Equal if wanted.is_null() => values.is_empty(),
                    _ => values.iter().any(|value| compare(value, *operator, wanted, exact)),
                }
            }
        }
    }
}

/// The values at a path; `emails` alone means their `value` (RFC 7644, 3.4.2.2).
fn found<'map>(map: &'map Map<String, Value>, path: &str) -> Vec<&'map Value> {
    let values = Path::read(path).map_or_else(|_| Vec::new(), |path| path.values(map));
    let whole = |value: &'map Value| match value {
        Value::Object(parts) => member(parts, "value").unwrap_or(value),
        other => other,
    };
    values.into_iter().map(whole).collect()
}

fn is_exact(path: &str, attributes: &'static [Attribute]) -> bool {
    if path.eq_ignore_ascii_case("id") {
        return true;
    }
    let Ok(path) = Path::read(path) else { return false };
    let Some(known) = attribute::find(attributes, &path.attribute) else { return false };
    let part = path.part.as_deref().or_else(|| known.many.then_some("value"));
    part.map_or(known.exact, |part| attribute::find(known.parts, part).is_some_and(|part| part.exact))
}

fn compare(value: &Value, operator: Operator, wanted: &Value, exact: bool) -> bool {
    let (Some(left), Some(right)) = (value.as_str(), wanted.as_str()) else {
        let same = value == wanted;
        let order = value.as_f64().zip(wanted.as_f64()).and_then(|(left, right)| left.partial_cmp(&right));
        return match operator {
            Operator::Equal => same,
            _ => order.is_some_and(|order| ordered(order, operator)),
        };
    };
    let fold = |text: &str| if exact { text.to_owned() } else { text.to_lowercase() };
    let (left, right) = (fold(left), fold(right));
    match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Contains => left.contains(&right),
        Operator::StartsWith => left.starts_with(&right),
        Operator::EndsWith => left.ends_with(&right),
        _ => ordered(left.cmp(&right), operator),
    }
}

const fn ordered(order: Ordering, operator: Operator) -> bool {
    match operator {
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        _ => false,
    }
}
