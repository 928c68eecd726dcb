//! A test of the rules that stands in the configuration: a record, and what must become of it.

use compact_str::CompactString;
use serde_json::{Map, Value as Json};

use super::rules::{self, Rules};
use crate::plan::Desired;
use crate::principal::{
    CaseRules, GroupNames, GroupRef, Members, Principal, PrincipalDocument, PrincipalSet, PrincipalView, Record,
};

/// A test, checked.
#[derive(Debug)]
pub struct Trial {
    pub name: Option<String>,
    /// `syncs.corp.tests[0] (rollcall.yaml:40:9)`.
    pub place: String,
    record: Json,
    principal: Principal,
    names: GroupNames,
    all_groups: Option<Vec<GroupRef>>,
    expected: Expected,
}

#[derive(Debug)]
enum Expected {
    OutOfScope,
    SetAside,
    /// Only these are compared.
    Members(Map<String, Json>),
}

/// What became of the record of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub record: Json,
    pub expected: Json,
    pub actual: Json,
    /// Members that are not as expected: what was expected, and what there is. Empty where the whole is meant.
    pub differences: Vec<(String, Json, Json)>,
    pub passed: bool,
}

/// Why a test cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialFault {
    /// The way below the test.
    pub way: Vec<String>,
    pub message: String,
    /// The word that is not known.
    pub unknown: Option<String>,
}

const OUT_OF_SCOPE: &str = "outOfScope";
const SET_ASIDE: &str = "setAside";

/// Members that can be expected.
pub const EXPECTABLE: [&str; 10] = [
    "name",
    "displayName",
    "description",
    "mail",
    "id",
    "principalTypeEnum",
    "groupNames",
    "visibility",
    "active",
    "attributes",
];

impl Trial {
    /// # Errors
    /// Where the record is no principal, or what is expected cannot be.
    pub fn new(name: Option<String>, place: String, record: &Json, expect: &Json) -> Result<Self, TrialFault> {
        let fault = |way: &str, message: String| TrialFault { way: vec![way.into()], message, unknown: None };
        let expected = expected(expect)?;
        let Json::Object(members) = record else {
            return Err(fault("record", "expected a principal: `{ name: …, groupNames: […] }`".into()));
        };
        let mut members = members.clone();
        let mut names = GroupNames::new();
        let all_groups = members.remove("allGroups").map(|all| {
            let all = serde_json::from_value::<Vec<CompactString>>(all).ok()?;
            Some(all.iter().map(|group| names.intern(group)).collect::<Vec<_>>())
        });
        if all_groups == Some(None) {
            let way = vec!["record".into(), "allGroups".into()];
            return Err(TrialFault { way, message: "expected a list of group names".into(), unknown: None });
        }
        let document = serde_json::from_str::<PrincipalDocument>(&Json::Object(members).to_string());
        let document = document.map_err(|error| fault("record", plain(&error.to_string())))?;
        let principal = document.into_principal(&mut names, Members::Strict);
        let principal = principal.map_err(|error| fault("record", error.reason))?;
        Ok(Self { name, place, record: record.clone(), principal, names, all_groups: all_groups.flatten(), expected })
    }

    /// Does to the record what `rules` say, under the names of a target that compares them by `case`.
    #[must_use]
    pub fn run(&self, rules: &Rules, case: CaseRules) -> Verdict {
        let record = Record::new(self.principal.clone(), None);
        let (set, _) = PrincipalSet::build(vec![record], self.names.clone(), case);
        let (mut desired, mut rejected) = (Desired::default(), Vec::new());
        let all = self.all_groups.as_deref();
        let set = rules::apply_with(rules, set, case, all, &mut desired, &mut rejected);
        let is = set.records().first().map(|record| PrincipalView::new(&record.principal, set.names()));
        let is = is.map(|view| serde_json::to_value(view).unwrap_or_default());
        let actual = match (&is, rejected.first()) {
            (Some(principal), _) => principal.clone(),
            (None, Some(rejected)) => format!("{SET_ASIDE}: {}", rejected.reason).into(),
            (None, None) => OUT_OF_SCOPE.into(),
        };
        let verdict = |expected: Json, passed: bool, differences: Vec<_>| Verdict {
            record: self.record.clone(),
            expected,
            actual,
            differences,
            passed,
        };
        match (&self.expected, &is) {
            (Expected::OutOfScope, _) => verdict(OUT_OF_SCOPE.into(), is.is_none() && rejected.is_empty(), Vec::new()),
            (Expected::SetAside, _) => verdict(SET_ASIDE.into(), !rejected.is_empty(), Vec::new()),
            (Expected::Members(members), None) => verdict(members.clone().into(), false, Vec::new()),
            (Expected::Members(members), Some(principal)) => {
                let differences = differences(members, principal);
                verdict(members.clone().into(), differences.is_empty(), differences)
            }
        }
    }
}

fn expected(expect: &Json) -> Result<Expected, TrialFault> {
    let members = match expect {
        Json::String(word) if word == OUT_OF_SCOPE => return Ok(Expected::OutOfScope),
        Json::String(word) if word == SET_ASIDE => return Ok(Expected::SetAside),
        Json::Object(members) => members,
        _ => {
            let message = format!("expected `{OUT_OF_SCOPE}`, `{SET_ASIDE}` or members of a principal");
            return Err(TrialFault { way: vec!["expect".into()], message, unknown: None });
        }
    };
    match members.keys().find(|key| !EXPECTABLE.contains(&&***key)) {
        Some(key) => Err(TrialFault {
            way: vec!["expect".into(), key.clone()],
            message: format!("a principal has no `{key}`"),
            unknown: Some(key.clone()),
        }),
        None => Ok(Expected::Members(members.clone())),
    }
}

fn differences(expected: &Map<String, Json>, actual: &Json) -> Vec<(String, Json, Json)> {
    let mut found = Vec::new();
    for (member, wanted) in expected {
        let is = &actual[member];
        match (member.as_str(), wanted) {
            ("attributes", Json::Object(attributes)) => {
                found.extend(
                    differences(attributes, is)
                        .into_iter()
                        .map(|(name, wanted, is)| (format!("attributes.{name}"), wanted, is)),
                );
            }
            ("groupNames", _) if sorted(wanted) == sorted(is) => {}
            _ if same(wanted, is) => {}
            _ => found.push((member.clone(), wanted.clone(), is.clone())),
        }
    }
    found
}

/// Missing, `null`, `""` and `[]` are the same.
fn same(a: &Json, b: &Json) -> bool {
    let nothing = |value: &Json| match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    };
    a == b || (nothing(a) && nothing(b))
}

fn sorted(value: &Json) -> Vec<String> {
    let mut texts: Vec<String> = value.as_array().into_iter().flatten().map(ToString::to_string).collect();
    texts.sort();
    texts
}

/// The message without the place in a text that nobody sees.
fn plain(message: &str) -> String {
    message.split_once(" at line ").map_or(message, |(message, _)| message).to_owned()
}
