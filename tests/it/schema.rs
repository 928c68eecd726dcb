//! Plans and reports as JSON: one document a line, all members there, the digest what it is said to be.

use std::collections::BTreeMap;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::support::{App, World, group, people, user, with};

/// Everything a plan can hold: every kind of item.
fn eventful() -> World {
    let mut source = people(20);
    source.push(group("sales", &[]));
    let world = World::settled(&source, "ownership: managed, removeDeleted: true");
    source.truncate(20);
    source[1]["displayName"] = "Changed".into();
    source[2]["groupNames"] = serde_json::json!([]);
    source[3]["visibility"] = "WRONG".into();
    source.push(with(user("new", &["Administrator", "staff"]), "password", "Canary-4711"));
    world.source(&source);
    world
}

/// Checks the members that the schema requires, and those it knows, without a validator.
#[track_caller]
fn fits(value: &Value, schema: &Value, root: &Value, way: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    if let Some(any) = schema["anyOf"].as_array() {
        assert!(any.iter().any(|one| one["type"] == "null" && value.is_null() || !value.is_null()), "{way}");
        return;
    }
    if let Some(constant) = schema.get("const") {
        assert_eq!(value, constant, "{way}");
    }
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{way}: {value}");
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let is = |word: &str| match word {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => value.is_null(),
    };
    assert!(types.is_empty() || types.into_iter().any(is), "{way}: {value} is no {}", schema["type"]);
    for member in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(value.get(member).is_some(), "{way} lacks {member}");
    }
    for (member, inner) in value.as_object().into_iter().flatten() {
        if let Some(known) = schema["properties"].as_object() {
            let known = known.get(member).unwrap_or_else(|| panic!("{way}.{member} is not in the schema"));
            fits(inner, known, root, &format!("{way}.{member}"));
        }
    }
    for (at, inner) in value.as_array().into_iter().flatten().enumerate() {
        if let Some(items) = schema.get("items") {
            fits(inner, items, root, &format!("{way}[{at}]"));
        }
    }
}

#[test]
fn a_plan_fits_its_schema() {
    let world = eventful();
    let schema = App::new().run("schema plan").exits(0).whole();
    let plan = world.run("plan --format json --out p.json").exits(0).document();
    assert_eq!(plan["schema"], "rollcall.plan/v1");
    fits(&plan, &schema, &schema, "plan");
    fits(&world.app.read_json("p.json"), &schema, &schema, "saved");
    for list in ["changes", "held", "rejected"] {
        assert!(!plan[list].as_array().unwrap().is_empty(), "{list}");
    }
    for list in ["changes", "held", "retained", "rejected"] {
        let names = plan.names(list);
        let mut sorted = names.clone();
        sorted.sort();
        assert_eq!(names, sorted, "{list}");
    }
}

#[test]
fn a_report_fits_its_schema_and_is_the_plan_with_its_outcomes() {
    let world = eventful();
    let plan = world.run("plan --format json").exits(0).document();
    let schema = App::new().run("schema report").exits(0).whole();
    let report = world.run("apply --yes --format json").exits(4).document();
    assert_eq!(report["schema"], "rollcall.report/v1");
    fits(&report, &schema, &schema, "report");
    assert_eq!(report["digest"], plan["digest"]);
    assert!(report["changes"].as_array().unwrap().iter().all(|change| change["outcome"] == "done"));
}

#[test]
fn several_syncs_are_several_lines() {
    let world = eventful();
    let config = world.app.read("rollcall.yaml");
    world.app.configure(&format!("{config}  second: {{ from: people, to: bi, ownership: managed }}\n"));
    let run = world.run("plan --format json").exits(0);
    assert_eq!((run.out.lines().count(), run.documents().len()), (2, 2));
    assert!(run.out.ends_with('\n'));
}

#[test]
fn the_schema_of_the_configuration_is_json() {
    let schema = App::new().run("schema config").exits(0).whole();
    assert_eq!(schema["title"], "rollcall configuration");
    assert!(schema["properties"]["syncs"].is_object());
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let world = eventful();
    let told = || world.run("plan --format json").exits(0).out;
    let (one, two) = (told(), told());
    let (one, two) = (Members::parse(&one), Members::parse(&two));
    assert_eq!(one.text("digest"), two.text("digest"));
    assert_ne!(one.text("id"), two.text("id"));
    assert_eq!(one.covered(), two.covered());
    let texts = || world.run("plan").exits(0).out.lines().filter(|line| !line.starts_with("plan ")).count();
    assert_eq!(texts(), texts());
    let diff = || world.run("plan --format diff").exits(0).out;
    assert_eq!(diff(), diff());
}

/// SHA-256 of the plan as it is written, without `id`, `digest`, `created`, `requestedBy` and, of each source,
/// `readStarted`, `readFinished`, `dataAge`.
#[test]
fn anybody_can_work_out_the_digest() {
    let world = eventful();
    let plan = Members::parse(&world.run("plan --format json").exits(0).out);
    let hash: Vec<_> = Sha256::digest(plan.covered()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(plan.text("digest"), format!("\"sha256:{}\"", hash.concat()));
}

#[test]
fn the_order_of_the_source_makes_no_difference_but_to_the_places() {
    let world = eventful();
    let one = world.run("plan --format json").exits(0).document();
    let mut source: Vec<Value> = serde_json::from_str(&world.app.read("people.json")).unwrap();
    source.reverse();
    world.source(&source);
    let two = world.run("plan --format json").exits(0).document();
    assert_eq!(
        (one.changes(), one.held(), &one["sources"][0]["digest"]),
        (two.changes(), two.held(), &two["sources"][0]["digest"])
    );
}

/// A JSON object with its members in the order of the text.
struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap()
    }

    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(member, _)| member == name).unwrap().1.get()
    }

    fn without(&self, left_out: &[&str], replaced: &BTreeMap<&str, String>) -> String {
        let members = self.0.iter().filter(|(name, _)| !left_out.contains(&name.as_str()));
        let told: Vec<_> = members
            .map(|(name, value)| {
                let value = replaced.get(name.as_str()).map_or(value.get(), String::as_str);
                format!("{}:{value}", Value::from(name.as_str()))
            })
            .collect();
        format!("{{{}}}", told.join(","))
    }

    /// What the digest covers.
    fn covered(&self) -> String {
        let sources: Vec<Self> = serde_json::from_str(self.text("sources")).unwrap();
        let times = ["readStarted", "readFinished", "dataAge"];
        let sources: Vec<_> = sources.iter().map(|source| source.without(&times, &BTreeMap::new())).collect();
        let replaced = BTreeMap::from([("sources", format!("[{}]", sources.join(",")))]);
        self.without(&["id", "digest", "created", "requestedBy"], &replaced)
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
