//! What the language can say, and that it always ends in a value or a sentence.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Computed, Condition, Fault, Subject};
use crate::mapping::Hierarchy;
use crate::plan::tests::build::{Draft, group, user};
use crate::principal::{CaseRules, GroupNames, Kind, PrincipalSet};

/// Ada, who is in `team`, which is in `bi`, which is in `all`.
fn ada() -> Draft {
    user("ada")
        .display(" Ada Lovelace ")
        .mail("Ada@Example.org")
        .groups(["team", "Readers"])
        .attribute("departmentNumber", "BI".into())
        .attribute("phones", json!(["1", "2"]))
        .attribute("cost-centre", 7.into())
        .attribute("values", "not a function".into())
}

fn subject(draft: Draft) -> Arc<Subject> {
    let mut names = GroupNames::new();
    let groups = [group("team").groups(["bi"]), group("bi").groups(["all"])];
    let mut records: Vec<_> = groups.into_iter().map(|draft| draft.record(&mut names)).collect();
    records.push(draft.record(&mut names));
    let (set, _) = PrincipalSet::build(records, names, CaseRules::EXACT);
    let hierarchy = Arc::new(Hierarchy::new(&set, CaseRules::EXACT, 64));
    let (records, _) = set.into_parts();
    let mut principal = records.into_iter().find(|record| record.kind() == Kind::User).unwrap().principal;
    Subject::take(&mut principal, &hierarchy, None)
}

fn when(text: &str) -> Result<bool, String> {
    Condition::compile(text, "place").unwrap().holds(&subject(ada()))
}

fn set(value: impl Into<Value>) -> Result<Value, String> {
    Computed::compile(&value.into()).unwrap().value(&subject(ada()))
}

fn faults(text: &str) -> Vec<(usize, String)> {
    let faults = Condition::compile(text, "place").expect_err("it is wrong");
    faults.into_iter().map(|Fault { at, message, .. }| (at, message)).collect()
}

#[test]
fn conditions() {
    for text in [
        "true",
        "departmentNumber == 'BI'",
        "departmentNumber == 'BI' and not departmentNumber in ['HR', 'IT']",
        "'team' in groupNames and 'bi' not in groupNames",
        "'all' in allGroups and 'team' in allGroups",
        "groupNames | length == 2 and allGroups | length == 4",
        "groupNames | join(',') == 'Readers,team'",
        "groupNames[0] == 'Readers'",
        "allGroups | list == ['Readers', 'all', 'bi', 'team']",
        "groupNames | select('startingwith', 'te') | list == ['team']",
        "mail | lower | endswith('@example.org')",
        "endswith(mail, '@Example.org') and startswith(name, 'a')",
        "mail is endingwith('.org') and name is not startingwith 'b'",
        "nickName == ''",
        "'1' in phones and phones | length == 2",
        "'BI' in values(departmentNumber) and values(nickName) | length == 0",
        "attributes['cost-centre'] == 7 and attributes['no-such'] == ''",
        "attributes.departmentNumber == 'BI'",
        "active and kind == 'user' and id == '' and visibility == ''",
        "mail | replace('@Example.org', '') == 'Ada' and (mail | split('@'))[0] == 'Ada'",
        "(nickName or name) == 'ada'",
        "nickName | default('none', true) == 'none'",
        "displayName | trim | upper == 'ADA LOVELACE'",
        "'A' <= departmentNumber and departmentNumber < 'C'",
    ] {
        assert_eq!(when(text), Ok(true), "{text}");
    }
    assert_eq!(when("'hr' in allGroups"), Ok(false));
}

#[test]
fn only_true_and_false_are_answers() {
    assert_eq!(when("groupNames").unwrap_err(), "place: gave a list, not true or false");
    assert_eq!(when("name").unwrap_err(), "place: gave the text \"ada\", not true or false");
    assert_eq!(when("nickName").unwrap_err(), "place: gave the text \"\", not true or false");
    assert_eq!(when("1").unwrap_err(), "place: gave the number 1, not true or false");
    assert_eq!(when("none").unwrap_err(), "place: gave nothing, not true or false");
}

#[test]
fn what_cannot_be_worked_out_is_a_sentence() {
    for text in ["name + 1 > 2", "groupNames.first.second == 1", "groupNames[9] == 'x'", "1 / 0 > 1", "name | int > 1"]
    {
        let told = when(text).unwrap_err();
        assert!(told.starts_with("place: ") && told.len() > 12, "{text}: {told}");
    }
    assert_eq!(set("{{ groupNames[9] }}").unwrap_err(), "undefined value");
    assert!(
        set("{% for a in [1]*100 %}{% for b in [1]*100 %}{% for c in [1]*100 %}x{% endfor %}{% endfor %}{% endfor %}")
            .unwrap_err()
            .contains("too many steps")
    );
    assert!(set("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}").is_err(), "no depth exhausts the stack");
    assert!(set("{% include 'set' %}{{ name }}").is_err());
    assert!(set("{{ 'x' * 1000000000 }}").is_err());
}

#[test]
fn values_keep_their_type_where_nothing_is_around_them() {
    assert_eq!(set(7), Ok(json!(7)));
    assert_eq!(set(Value::Null), Ok(Value::Null));
    assert_eq!(set(json!(["a", 1])), Ok(json!(["a", 1])));
    assert_eq!(set("plain { text }"), Ok(json!("plain { text }")));
    assert_eq!(set("{{ phones }}"), Ok(json!(["1", "2"])));
    assert_eq!(set("  {{- attributes['cost-centre'] + 1 -}}\n"), Ok(json!(8)));
    assert_eq!(set("{{ 'BI' in phones }}"), Ok(json!(false)));
    assert_eq!(set("{{ allGroups }}"), Ok(json!(["Readers", "all", "bi", "team"])));
    assert_eq!(set("{{ none }}"), Ok(Value::Null));
    assert_eq!(set("{{ {'a': {'b': name}} }}"), Ok(json!({ "a": { "b": "ada" } })));
    assert_eq!(set("{{ displayName | trim }}"), Ok(json!("Ada Lovelace")));
    assert_eq!(set("{{ name }}@{{ nickName }}x"), Ok(json!("ada@x")));
    assert_eq!(set("{{ name }}{{ name }}"), Ok(json!("adaada")));
    assert_eq!(set("{% if active %}on{% else %}off{% endif %}"), Ok(json!("on")));
    assert_eq!(set("{{ '<' }}&{{ '\"' }}"), Ok(json!("<&\"")), "nothing is escaped");
}

#[test]
fn what_the_language_lacks_is_found_before_any_record() {
    assert_eq!(faults("name | lowr == 'a'"), [(7, "there is no filter `lowr`".to_owned())]);
    assert_eq!(faults("name is not startswith 'a'"), [(12, "there is no test `startswith`".to_owned())]);
    assert_eq!(faults("contains(name, 'a')"), [(0, "there is no function `contains`".to_owned())]);
    assert_eq!(faults("range(5) and debug()").len(), 2);
    assert_eq!(faults("name.lower() == 'a'"), [(5, "there are no methods such as `.lower(…)`".to_owned())]);
    assert_eq!(faults("'a | b' == name | lowr")[0].0, 18, "what stands in quotes is no filter");
    assert_eq!(faults("name ==")[0].0, 5);
    let both = Computed::compile(&"{{ name }} and {{ mail | lowr }}".into()).expect_err("no such filter");
    assert_eq!(both[0].at, 25);
    let single = Computed::compile(&"{{ name | lowr }}".into()).expect_err("no such filter");
    assert_eq!(single[0].at, 10);
    assert!(Computed::compile(&"{{ name".into()).is_err());
    assert!(Computed::compile(&"{{ name | }}".into()).is_err());
}

#[test]
fn variables_are_known_by_name_and_place() {
    let names = |text: &str| -> Vec<(usize, String)> {
        let condition = Condition::compile(text, "place").unwrap();
        condition.variables().iter().map(|one| (one.at, one.name.clone())).collect()
    };
    assert_eq!(names("a == 'b' and values(c)[0] == a"), [(0, "a".to_owned()), (20, "c".to_owned())]);
    assert_eq!(names("attributes.x == 1"), [(0, "attributes".to_owned())]);
    let computed = Computed::compile(&"Dear {{ title }} {% for g in groupNames %}{{ g }}{% endfor %}".into()).unwrap();
    let found: Vec<_> = computed.variables().iter().map(|one| (one.at, one.name.as_str())).collect();
    assert_eq!(found, [(8, "title"), (29, "groupNames")]);
}

#[test]
fn a_user_in_ten_thousand_groups_can_be_asked_for_some_of_them() {
    let many: Vec<String> = (0..10_000).map(|number| format!("group-{number:05}")).collect();
    let subject = subject(ada().in_groups(many.iter().map(String::as_str)));
    let holds = |text: &str| Condition::compile(text, "place").unwrap().holds(&subject);
    assert_eq!(holds("'team' in groupNames"), Ok(true));
    assert_eq!(holds("'no-such' in allGroups"), Ok(false));
    let some: Vec<String> = (0..19).map(|number| format!("'no-{number}' in allGroups")).collect();
    assert_eq!(holds(&some.join(" or ")), Ok(false));
    assert_eq!(holds("allGroups | length == 10004"), Ok(true));
}

#[test]
fn a_record_comes_back_as_it_was() {
    let mut names = GroupNames::new();
    let mut record = ada().record(&mut names);
    let before = format!("{:?}", record.principal);
    let taken = Subject::take(&mut record.principal, &Arc::default(), None);
    let condition = Condition::compile("attributes['cost-centre'] == 7", "place").unwrap();
    assert_eq!(condition.holds(&taken), Ok(true));
    record.principal = taken.release();
    assert_eq!(format!("{:?}", record.principal), before);
}
