//! Bodies for chats: nothing but JSON comes out, whatever the events hold.

use insta::assert_snapshot;
use serde_json::Value;

use super::bench::{event, failed, refused};
use crate::connector::FailureClass;
use crate::notify::template::Template;
use crate::notify::{Event, Notice, Trouble, chat, probe};

fn rendered(template: &str, event: &Event) -> Value {
    let body = compiled(template).render(&chat::variables(event, &Notice::of(event))).unwrap();
    serde_json::from_str(&body).unwrap()
}

#[track_caller]
fn compiled(template: &str) -> Template {
    Template::compile(template).unwrap_or_else(|(why, _)| panic!("{why}"))
}

fn refusal(template: &str) -> String {
    let (why, hint) = Template::compile(template).err().unwrap();
    format!("{why} ({})", hint.unwrap_or_default())
}

#[test]
fn a_text_stands_as_it_is() {
    let event = event(refused());
    let text = rendered("{\"text\": {{ text | tojson }}}", &event);
    assert_eq!(text["text"].as_str().unwrap(), chat::text(&Notice::of(&event)));
    // In quotes it is written as the inside of a text.
    assert_eq!(rendered("{\"text\": \"{{ text }}\"}", &event), text);
}

#[test]
fn what_the_guide_shows_for_teams_works() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/notifications.md");
    let guide = std::fs::read_to_string(path).unwrap();
    let block = guide.split("```yaml\n").find(|block| block.contains("AdaptiveCard")).unwrap();
    let entries: Value = serde_yaml::from_str(block.split("```").next().unwrap()).unwrap();
    let template = entries["notify"][0]["chat"]["body"].as_str().unwrap();
    let card = rendered(template, &event(refused()));
    let shown = &card["attachments"][0]["content"]["body"];
    assert_eq!(
        shown[0]["text"],
        "[prod] corp-to-bi: refused, 52 of 100 users would be removed (limit 20 %), and 1 more limit"
    );
    assert!(shown[1]["text"].as_str().unwrap().contains("rollcall plan corp-to-bi"));
}

#[test]
fn an_event_is_there_with_all_its_members() {
    let template = "{\"a\": {{ event.limits | length }}, \"b\": {{ event.limits[0].value }}, \"c\": {{ event.sync | tojson }}, \
                    \"d\": {{ event.summary | tojson }}, \"e\": \"{{ event.kind | upper }}\"}";
    assert!(Template::compile(template).is_err(), "a recovery has no limits");
    let template =
        template.replace("{{ event.limits[0].value }}", "{{ event.limits | map(attribute='value') | list | tojson }}");
    assert_snapshot!(rendered(&template, &event(refused())), @r#"{"a":2,"b":[52,52],"c":"corp-to-bi","d":{"groups":{"create":0,"delete":0,"disable":0,"enable":0,"held":1,"memberships":{"add":0,"remove":0},"rejected":0,"rename":0,"retain":0,"strip":0,"unchanged":0,"update":0},"users":{"create":1,"delete":52,"disable":0,"enable":0,"held":0,"memberships":{"add":0,"remove":0},"rejected":0,"rename":0,"retain":0,"strip":0,"unchanged":45,"update":3}},"e":"REFUSED"}"#);
}

#[test]
fn conditions_loops_and_macros() {
    let template = "{% macro line(text) %}{\"type\": \"line\", \"text\": {{ text | tojson }}}{% endmacro %}\
                    {\"colour\": \"{% if event.kind == 'recovered' %}green{% else %}red{% endif %}\", \
                    \"lines\": [{% for step in event.next %}{{ line(step.text) }}{% if not loop.last %}, {% endif %}{% endfor %}]}";
    let body = rendered(template, &event(Trouble::FirstRun));
    assert_snapshot!(body, @r#"{"colour":"red","lines":[{"text":"Look at the plan:","type":"line"},{"text":"If it is right, apply it by hand, once:","type":"line"}]}"#);
}

#[test]
fn what_gives_no_json_is_refused_before_it_is_used() {
    assert_snapshot!(refusal("{\"text\": {{ text }}}"), @"`body` gives nothing for `refused`: it is no JSON: expected value at line 1 column 11 (write texts as `{{ text | tojson }}`, without quotes around)");
    assert_snapshot!(refusal("hello"), @"`body` gives nothing for `refused`: it is no JSON: expected value at line 1 column 1 (write texts as `{{ text | tojson }}`, without quotes around)");
    assert_snapshot!(refusal("{\"text\": \"{{ txt }}\"}"), @"`body` asks for `txt`, which is not known (a template knows `text`, `title`, `event`)");
    assert_snapshot!(refusal("{\"text\": \"{{ event.colour }}\"}"), @"`body` gives nothing for `refused`: undefined value (line 1 of it) ()");
    assert_snapshot!(refusal("{\"text\": {{ text | tojson }"), @"`body` is no template: syntax error: unexpected `}`, expected end of variable block (line 1 of it) ()");
    assert_snapshot!(refusal("{\"text\": {{ text | safe | tojson }}}"), @"`body` gives nothing for `refused`: unknown filter: filter safe is unknown (line 1 of it) ()");
    assert_snapshot!(refusal("{% for i in range(9999999) %}{% endfor %}1"), @"`body` asks for `range`, which is not known (a template knows `text`, `title`, `event`)");
    assert_snapshot!(refusal("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}"), @"`body` gives nothing for `refused`: invalid operation: recursion limit exceeded (line 1 of it) ()");
    assert_snapshot!(refusal("{{ 'x' * 900000000 }}"), @"`body` gives nothing for `refused`: it takes too many steps ()");
}

/// A text that ends the one it stands in, and adds a member: to a template without `tojson` too.
#[test]
fn a_hostile_text_stays_a_text() {
    let hostile = "x\", \"channel\": \"#all\", \"y\": \"\\\n{{ 7 * 7 }}";
    let mut event = event(failed(FailureClass::Unexpected));
    event.run.environment = Some(hostile.into());
    if let crate::notify::About::Trouble(Trouble::Failed(failure)) = &mut event.about {
        failure.why = hostile.into();
    }
    for template in
        ["{\"text\": {{ event.error.text | tojson }}}", "{\"text\": \"{{ event.error.text if event.error else '' }}\"}"]
    {
        if let Ok(template) = Template::compile(template) {
            let body = template.render(&chat::variables(&event, &Notice::of(&event))).unwrap();
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
            assert!(body["text"].as_str().unwrap().contains("\"channel\""), "{body}");
        }
    }
    let quoted = rendered("{\"title\": \"{{ title }}\", \"text\": \"{{ text }}\"}", &event);
    assert_eq!(quoted.as_object().unwrap().len(), 2);
    assert!(quoted["title"].as_str().unwrap().starts_with("[x\", \"channel"), "{quoted}");
}

/// The events that a template is tried with hold what breaks JSON wherever a text of others can stand.
#[test]
fn the_events_that_templates_are_tried_with_are_of_every_kind() {
    let kinds: std::collections::BTreeSet<_> = probe::events().iter().map(Event::kind).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), crate::notify::EventKind::ALL);
    let texts = probe::events().iter().filter(|event| chat::text(&Notice::of(event)).contains("a\"b\\c}")).count();
    assert_eq!(texts, probe::events().len());
}
