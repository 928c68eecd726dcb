//! What the rules say of one record, evaluation by evaluation: the compiled rules of the sync themselves are asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use compact_str::CompactString;
use serde::Serialize;
use serde_json::Value as Json;

use super::naming::Namer;
use super::protect::name_of;
use super::{Nested, Rules, values};
use crate::mapping::expression::{Condition, Subject, Variable};
use crate::mapping::hierarchy::Hierarchy;
use crate::mapping::scope::Reach;
use crate::principal::{CaseRules, Kind, Pattern, PatternSet, PrincipalSet, Record};

/// The rules of a sync and the set that they are about to be carried out on.
pub struct Inquiry<'a> {
    rules: &'a Rules,
    set: &'a PrincipalSet,
    case: CaseRules,
    hierarchy: Arc<Hierarchy>,
    namer: Namer<'a>,
    reach: Reach,
}

/// What the rules say of one record, in the order in which they are asked. What comes after a rule that leaves the
/// record out is not asked.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Evaluation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<PatternAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<NameAnswer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<GrantAnswer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<SetAnswer>,
    /// Under `nested: flatten`, the groups of the source that it is in by way of others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nested: Vec<String>,
}

/// An expression and what it gave.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluation {
    pub expression: String,
    /// `syncs.corp.users.when (rollcall.yaml:31:15)`.
    pub place: String,
    pub value: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The variables it asks for, as it saw them.
    pub variables: BTreeMap<String, Json>,
}

/// What `include` and `exclude` say of its name in the source.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PatternAnswer {
    pub inside: bool,
    /// `include` or `exclude`.
    pub list: &'static str,
    /// The pattern that matches; none where none of `include` does.
    pub pattern: Option<String>,
}

/// How its name in the target comes about.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NameAnswer {
    /// `set.name`, `map` or `rename`.
    pub by: &'static str,
    pub from: String,
    /// None where the rule fails.
    pub to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<Evaluation>,
}

/// Groups that may be granted, and whether they are.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantAnswer {
    pub groups: Vec<String>,
    pub held: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Evaluation>,
}

/// A value that `set` gives.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetAnswer {
    pub field: String,
    pub evaluation: Evaluation,
}

impl Answer {
    /// Whether no rule is about the record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { when, pattern, name, grants, set, nested } = self;
        when.is_none()
            && pattern.is_none()
            && name.is_none()
            && grants.is_empty()
            && set.is_empty()
            && nested.is_empty()
    }
}

impl<'a> Inquiry<'a> {
    /// `set` is all that was read and not set aside.
    #[must_use]
    pub fn new(rules: &'a Rules, set: &'a PrincipalSet, case: CaseRules) -> Self {
        let hierarchy = if rules.is_plain() { Hierarchy::default() } else { Hierarchy::new(set, case, rules.depth) };
        Self {
            rules,
            set,
            case,
            hierarchy: Arc::new(hierarchy),
            namer: Namer::new(&rules.naming, case),
            reach: Reach::new(&rules.scope, case),
        }
    }

    /// What a record of the set is called in the target; none where the rule that says it fails.
    #[must_use]
    pub fn name(&self, record: &Record) -> Option<CompactString> {
        name_of(self.rules, &self.namer, record.key(), &self.subject(record)).ok()
    }

    /// The positions of the records whose name in the target is `key`, folded.
    #[must_use]
    pub fn named(&self, kind: Kind, key: &str) -> Vec<usize> {
        let stays = match kind {
            Kind::User => self.rules.user_name.is_none(),
            Kind::Group => self.rules.naming.is_identity(),
        };
        if stays {
            return self.set.position(kind, key).into_iter().collect();
        }
        let of_kind = self.set.records().iter().enumerate().filter(|(_, record)| record.kind() == kind);
        let is_meant = |record: &Record| self.name(record).is_some_and(|name| self.case.key(kind, &name) == key);
        of_kind.filter(|(_, record)| is_meant(record)).map(|(at, _)| at).collect()
    }

    /// What the rules say of a record of the set.
    #[must_use]
    pub fn ask(&self, record: &Record) -> Answer {
        let subject = self.subject(record);
        let mut answer = Answer::default();
        let rules = match record.kind() {
            Kind::User => &self.rules.users,
            Kind::Group => &self.rules.groups,
        };
        answer.when = rules.when.as_ref().map(|when| asked(when, &subject));
        if answer.when.as_ref().is_some_and(|when| when.value != Json::Bool(true)) {
            return answer;
        }
        answer.pattern = self.pattern(record);
        if !self.reach.holds(record.kind(), record.key()) {
            return answer;
        }
        answer.name = self.naming(record, &subject);
        let grants = if record.kind() == Kind::User { &*self.rules.grants } else { &[] };
        answer.grants.extend(grants.iter().map(|grant| {
            let when = grant.when.as_ref().map(|when| asked(when, &subject));
            let held = when.as_ref().is_none_or(|when| when.value == Json::Bool(true));
            GrantAnswer { groups: grant.groups.iter().map(ToString::to_string).collect(), held, when }
        }));
        answer.set.extend(rules.set.iter().map(|setting| {
            let result = setting.value.value(&subject);
            // What the field cannot take is an error, as it is when the rule is carried out.
            let result = result.and_then(|value| values::read(&setting.field, value.clone()).map(|_| value));
            let text = setting.value.text();
            let evaluation = evaluation(&text, &setting.place, result, setting.value.variables(), &subject);
            SetAnswer { field: setting.field.text(), evaluation }
        }));
        if self.rules.nested == Nested::Flatten && record.kind() == Kind::User {
            let direct = record.principal.group_refs();
            let all = subject.all_groups();
            let more = all.iter().filter(|group| !direct.contains(group));
            answer.nested = more.map(|group| self.set.names().name(*group).to_owned()).collect();
            answer.nested.sort_unstable();
        }
        answer
    }

    fn subject(&self, record: &Record) -> Arc<Subject> {
        Subject::take(&mut record.principal.clone(), &self.hierarchy, None)
    }

    fn pattern(&self, record: &Record) -> Option<PatternAnswer> {
        let scope = match record.kind() {
            Kind::User => &self.rules.scope.users,
            Kind::Group => &self.rules.scope.groups,
        };
        let matching = |patterns: &[Pattern]| {
            let is_hit = |one: &&Pattern| PatternSet::new([*one], self.case).matches(record.kind(), record.key());
            patterns.iter().find(is_hit).map(Pattern::text)
        };
        if let Some(pattern) = matching(&scope.exclude) {
            return Some(PatternAnswer { inside: false, list: "exclude", pattern: Some(pattern) });
        }
        if scope.include.is_empty() {
            return None;
        }
        let pattern = matching(&scope.include);
        Some(PatternAnswer { inside: pattern.is_some(), list: "include", pattern })
    }

    fn naming(&self, record: &Record, subject: &Arc<Subject>) -> Option<NameAnswer> {
        let result = name_of(self.rules, &self.namer, record.key(), subject);
        let from = record.principal.name.to_string();
        let (by, evaluation) = match (record.kind(), &self.rules.user_name) {
            (Kind::User, None) => return None,
            (Kind::User, Some(rule)) => {
                let (text, given) = (rule.value.text(), rule.value.value(subject));
                ("set.name", Some(evaluation(&text, &rule.place, given, rule.value.variables(), subject)))
            }
            (Kind::Group, _) if self.rules.naming.is_identity() => return None,
            (Kind::Group, _) if self.namer.maps(record.key()) => ("map", None),
            (Kind::Group, _) => ("rename", None),
        };
        let (to, error) = match result {
            Ok(name) => (Some(name.to_string()), None),
            Err(why) => (None, Some(why)),
        };
        Some(NameAnswer { by, from, to, error, evaluation })
    }
}

fn asked(when: &Condition, subject: &Arc<Subject>) -> Evaluation {
    let result = when.holds(subject).map(Json::Bool);
    evaluation(when.text(), when.place(), result, when.variables(), subject)
}

fn evaluation(
    expression: &str,
    place: &str,
    result: Result<Json, String>,
    variables: &[Variable],
    subject: &Subject,
) -> Evaluation {
    let (value, error) = match result {
        Ok(value) => (value, None),
        // Some errors begin with the place already.
        Err(why) => {
            let plain = why.strip_prefix(place).and_then(|rest| rest.strip_prefix(": "));
            (Json::Null, Some(plain.unwrap_or(&why).to_owned()))
        }
    };
    let variables = variables.iter().map(|one| (one.name.clone(), subject.value(&one.name))).collect();
    Evaluation { expression: expression.to_owned(), place: place.to_owned(), value, error, variables }
}
