//! PATCH (RFC 7644, 3.5.2): operations, and what they do to attributes. Pure.

use serde_json::{Map, Value};

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::attribute::{self, Attribute, ENTERPRISE_URN, Holds, Kind};
use crate::sandbox::scim::error::{
    INVALID_PATH, INVALID_SYNTAX, INVALID_VALUE, MUTABILITY, NO_TARGET, not_implemented, refused,
};
use crate::sandbox::scim::filter::{Comparison, Filter};
use crate::sandbox::scim::path::Path;
use crate::sandbox::scim::switches::Switches;
use crate::sandbox::scim::writing::{Support, ValuePath};

const PATCH_URN: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Add,
    Replace,
    Remove,
}

/// An operation at one place.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) verb: Verb,
    pub(super) path: Path,
    pub(super) value: Option<Value>,
}

/// Whether a form of a request does something.
pub(super) fn allows(support: Support, what: &str) -> Result<bool, Failure> {
    match support {
        Support::Accepted => Ok(true),
        Support::Ignored => Ok(false),
        Support::NotImplemented => Err(not_implemented(what)),
        Support::Refused => Err(refused(INVALID_SYNTAX, format!("{what} is not taken"))),
    }
}

/// The operations of a body. One without a path becomes one for each attribute of its value.
pub(super) fn operations(
    body: Option<Value>,
    switches: &Switches,
    warnings: &mut Vec<String>,
) -> Result<Vec<Operation>, Failure> {
    let wrong = |why: &str| refused(INVALID_SYNTAX, why);
    let Some(Value::Object(mut body)) = body else { return Err(wrong("the body is not a JSON object")) };
    let schemas = body.get("schemas").and_then(Value::as_array);
    if !schemas.is_some_and(|schemas| schemas.contains(&Value::from(PATCH_URN))) {
        return Err(wrong("schemas must hold the URN of PatchOp"));
    }
    let Some(Value::Array(sent)) = body.remove("Operations") else { return Err(wrong("there are no Operations")) };
    let mut read = Vec::new();
    for operation in sent {
        let Value::Object(mut operation) = operation else { return Err(wrong("an operation is not an object")) };
        let word = operation.get("op").and_then(Value::as_str).unwrap_or_default().to_owned();
        let verb = match word.to_ascii_lowercase().as_str() {
            "add" => Verb::Add,
            "replace" => Verb::Replace,
            "remove" => Verb::Remove,
            _ => return Err(wrong("op must be add, replace or remove")),
        };
        if word.starts_with(|letter: char| letter.is_ascii_uppercase()) {
            warnings.push(format!("the operation {word} is not in lower case"));
            if !allows(switches.capital_operations, "an operation in capitals")? {
                continue;
            }
        }
        let value = operation.remove("value");
        match operation.get("path").and_then(Value::as_str) {
            Some(path) => read.push(Operation { verb, path: Path::read(path)?, value }),
            None => pathless(verb, value, switches, warnings, &mut read)?,
        }
    }
    Ok(read)
}

fn pathless(
    verb: Verb,
    value: Option<Value>,
    switches: &Switches,
    warnings: &mut Vec<String>,
    read: &mut Vec<Operation>,
) -> Result<(), Failure> {
    warnings.push("an operation has no path".to_owned());
    if verb == Verb::Remove {
        return Err(refused(NO_TARGET, "remove needs a path"));
    }
    let Some(Value::Object(members)) = value else {
        return Err(refused(INVALID_VALUE, "without a path the value must be an object"));
    };
    if allows(switches.pathless, "an operation without a path")? {
        for (name, value) in members.into_iter().filter(|(name, _)| name != "schemas") {
            read.push(Operation { verb, path: Path::read(&name)?, value: Some(value) });
        }
    }
    Ok(())
}

/// Carries an operation out on the attributes of a resource.
pub(super) fn apply(
    attributes: &mut Map<String, Value>,
    kind: Kind,
    operation: Operation,
    switches: &Switches,
) -> Result<(), Failure> {
    let Operation { verb, path, value } = operation;
    if verb == Verb::Remove && !allows(switches.remove_attribute, "remove")? {
        return Ok(());
    }
    if path.extension && path.attribute.is_empty() {
        let whole = Path { extension: false, attribute: ENTERPRISE_URN.to_owned(), ..path };
        return apply_at(attributes, kind.attributes(), verb, &whole, value, switches);
    }
    if !path.extension {
        return apply_at(attributes, kind.attributes(), verb, &path, value, switches);
    }
    let Some(extension) = attribute::find(kind.attributes(), ENTERPRISE_URN) else {
        return Err(refused(INVALID_PATH, "groups have no such extension"));
    };
    let inside = attributes.entry(ENTERPRISE_URN).or_insert_with(|| Value::Object(Map::new()));
    let Some(inside) = inside.as_object_mut() else { return Ok(()) };
    apply_at(inside, extension.parts, verb, &path, value, switches)?;
    if inside.is_empty() {
        attributes.remove(ENTERPRISE_URN);
    }
    Ok(())
}

fn apply_at(
    root: &mut Map<String, Value>,
    known: &'static [Attribute],
    verb: Verb,
    path: &Path,
    value: Option<Value>,
    switches: &Switches,
) -> Result<(), Failure> {
    let Some(attribute) = attribute::find(known, &path.attribute) else {
        let fixed = ["id", "meta", "groups", "schemas"].contains(&path.attribute.as_str());
        let code = if fixed { MUTABILITY } else { INVALID_PATH };
        return Err(refused(code, format!("{} cannot be changed", path.attribute)));
    };
    let name = attribute.name;
    let value = match (verb, value) {
        (Verb::Remove, _) => None,
        (_, None) => return Err(refused(INVALID_VALUE, "the operation needs a value")),
        (_, Some(value)) => Some(value),
    };
    let primary = primaries(root.get(name));
    match (&path.filter, &path.part) {
        (None, None) => whole(root, attribute, verb, value, switches)?,
        (None, Some(part)) => {
            let part = part_of(attribute, part)?;
            if !attribute.many && verb != Verb::Remove {
                root.entry(name).or_insert_with(|| Value::Object(Map::new()));
            }
            let targets = root.get_mut(name).into_iter().flat_map(|found| match found {
                Value::Array(items) => items.iter_mut().collect::<Vec<_>>(),
                one => vec![one],
            });
            for target in targets.filter_map(Value::as_object_mut) {
                set_part(target, part, value.clone(), switches)?;
            }
        }
        (Some(filter), part) => {
            let part = part.as_deref().map(|part| part_of(attribute, part)).transpose()?;
            selected(root, attribute, verb, (filter, part), value.as_ref(), switches)?;
        }
    }
    single_primary(root.get_mut(name), &primary);
    let empty =
        |value: &Value| value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty);
    if root.get(name).is_some_and(empty) {
        root.remove(name);
    }
    Ok(())
}

fn part_of(attribute: &'static Attribute, part: &str) -> Result<&'static Attribute, Failure> {
    let found = attribute::find(attribute.parts, part);
    found.ok_or_else(|| refused(INVALID_PATH, format!("{} has no {part}", attribute.name)))
}

/// The attribute as a whole.
fn whole(
    root: &mut Map<String, Value>,
    attribute: &Attribute,
    verb: Verb,
    value: Option<Value>,
    switches: &Switches,
) -> Result<(), Failure> {
    let value = value.map(|value| attribute::read(attribute, value, switches.lenient_booleans)).transpose()?.flatten();
    let name = attribute.name;
    match (value, root.get_mut(name)) {
        (None, _) if verb == Verb::Add => {}
        (None, _) => {
            root.remove(name);
        }
        (Some(Value::Array(new)), Some(Value::Array(items))) if verb == Verb::Add => {
            for item in new {
                if !items.contains(&item) {
                    items.push(item);
                }
            }
        }
        (Some(Value::Object(new)), Some(Value::Object(parts))) if attribute.holds == Holds::Complex => {
            parts.extend(new);
        }
        (Some(value), _) => {
            root.insert(name.to_owned(), value);
        }
    }
    Ok(())
}

/// Those values that a filter selects.
fn selected(
    root: &mut Map<String, Value>,
    attribute: &'static Attribute,
    verb: Verb,
    (filter, part): (&Filter, Option<&'static Attribute>),
    value: Option<&Value>,
    switches: &Switches,
) -> Result<(), Failure> {
    match switches.value_path {
        ValuePath::NotImplemented => return Err(not_implemented("a path with a filter")),
        ValuePath::Refused => return Err(refused(INVALID_PATH, "a path takes no filter")),
        ValuePath::NoTarget | ValuePath::Creates => {}
    }
    let how = Comparison { attributes: attribute.parts, exact: false };
    let items = root.entry(attribute.name).or_insert_with(|| Value::Array(Vec::new()));
    let Some(items) = items.as_array_mut().filter(|_| attribute.many) else {
        return Err(refused(INVALID_PATH, format!("{} has one value only", attribute.name)));
    };
    let meets = |item: &Value| item.as_object().is_some_and(|item| filter.holds(item, how));
    if verb == Verb::Remove && part.is_none() {
        items.retain(|item| !meets(item));
        return Ok(());
    }
    if verb != Verb::Remove && !items.iter().any(meets) {
        if switches.value_path == ValuePath::NoTarget {
            return Err(refused(NO_TARGET, format!("no value of {} is meant", attribute.name)));
        }
        let given = filter.equalities().into_iter().map(|(name, text)| (name.to_owned(), Value::from(text)));
        items.push(Value::Object(given.collect()));
    }
    for item in items.iter_mut().filter(|item| meets(item)) {
        let Some(map) = item.as_object_mut() else { continue };
        if let Some(part) = part {
            set_part(map, part, value.cloned(), switches)?;
            continue;
        }
        let read = attribute::read(attribute, value.cloned().unwrap_or_default(), switches.lenient_booleans)?;
        let new = read.and_then(|mut read| read.as_array_mut().and_then(Vec::pop));
        if let Some(Value::Object(new)) = new {
            if verb == Verb::Replace {
                map.clear();
            }
            map.extend(new);
        }
    }
    Ok(())
}

fn set_part(
    target: &mut Map<String, Value>,
    part: &Attribute,
    value: Option<Value>,
    switches: &Switches,
) -> Result<(), Failure> {
    let value = value.map(|value| attribute::read(part, value, switches.lenient_booleans)).transpose()?.flatten();
    match value {
        Some(value) => target.insert(part.name.to_owned(), value),
        None => target.remove(part.name),
    };
    Ok(())
}

fn is_primary(item: &Value) -> bool {
    item.get("primary") == Some(&Value::Bool(true))
}

fn primaries(values: Option<&Value>) -> Vec<Value> {
    let items = values.and_then(Value::as_array).into_iter().flatten();
    items.filter(|item| is_primary(item)).filter_map(|item| item.get("value").cloned()).collect()
}

/// A new primary value takes the place of the old one (RFC 7644, 3.5.2).
fn single_primary(values: Option<&mut Value>, before: &[Value]) {
    let Some(items) = values.and_then(Value::as_array_mut) else { return };
    if items.iter().filter(|item| is_primary(item)).count() < 2 {
        return;
    }
    for item in items.iter_mut().filter(|item| item.get("value").is_some_and(|value| before.contains(value))) {
        item["primary"] = Value::Bool(false);
    }
}
