//! The body of a post to a chat, as the configuration writes it: a small part of `minijinja` that can give nothing but
//! JSON.

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};

use super::chat::variables;
use super::{Notice, probe};

/// What a rendering may cost; an instruction costs 1.
const FUEL: u64 = 100_000;

/// How deep macros and loops may call each other.
const DEPTH: usize = 32;

/// What a template knows.
const VARIABLES: [&str; 3] = ["text", "title", "event"];

/// The name of the template in its engine.
const NAME: &str = "body";

const NO_JSON: &str = "it is no JSON";

/// What a message about a template that gives no JSON advises.
const HINT: &str = "write texts as `{{ text | tojson }}`, without quotes around";

/// A compiled template. It was tried with every kind of event, and gave JSON each time.
pub(super) struct Template(Environment<'static>);

impl Template {
    /// # Errors
    /// Why it cannot be used, and what to do about it.
    pub(super) fn compile(text: &str) -> Result<Self, (String, Option<String>)> {
        let mut engine = engine();
        let wrong = |error: &Error| (format!("`body` is no template: {}", sentence(error)), None);
        engine.add_template_owned(NAME, text.to_owned()).map_err(|error| wrong(&error))?;
        let asked = engine.get_template(NAME).map_err(|error| wrong(&error))?.undeclared_variables(false);
        let mut unknown: Vec<_> = asked.iter().filter(|name| !VARIABLES.contains(&name.as_str())).collect();
        unknown.sort();
        if let Some(name) = unknown.first() {
            let hint = format!("a template knows {}", VARIABLES.map(|name| format!("`{name}`")).join(", "));
            return Err((format!("`body` asks for `{name}`, which is not known"), Some(hint)));
        }
        let template = Self(engine);
        for event in probe::events() {
            let kind = event.kind().word();
            let rendered = template.render(&variables(&event, &Notice::of(&event)));
            rendered.map_err(|why| {
                let hint = why.starts_with(NO_JSON).then(|| HINT.to_owned());
                (format!("`body` gives nothing for `{kind}`: {why}"), hint)
            })?;
        }
        Ok(template)
    }

    /// The body, which is JSON.
    ///
    /// # Errors
    /// A sentence: why there is none.
    pub(super) fn render(&self, variables: &serde_json::Value) -> Result<String, String> {
        let template = self.0.get_template(NAME).map_err(|error| sentence(&error))?;
        let values = Value::from(minijinja::value::Serde(variables));
        let body = template.render(values).map_err(|error| sentence(&error))?;
        match serde_json::from_str::<serde::de::IgnoredAny>(&body) {
            Ok(_) => Ok(body),
            Err(error) => Err(format!("{NO_JSON}: {error}")),
        }
    }
}

fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(FUEL));
    engine.set_recursion_limit(DEPTH);
    // A message may hold no text of an event.
    engine.set_debug(false);
    // What macros and blocks give is written already.
    engine.set_auto_escape_callback(|_| AutoEscape::Custom("json".into()));
    engine.set_formatter(format);
    engine.add_filter("tojson", |value: &Value| written(value).map(Value::from_safe_string));
    // Texts of others are always escaped.
    for filter in ["safe", "escape", "e"] {
        engine.remove_filter(filter);
    }
    engine
}

/// A text stands as the inside of a JSON string, so that it cannot end one; anything else as JSON.
fn format(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = match (value.kind(), value.as_str()) {
        (ValueKind::Undefined, _) => return Err(Error::from(ErrorKind::UndefinedError)),
        (_, Some(text)) if value.is_safe() => text.to_owned(),
        (_, Some(_)) => {
            let quoted = written(value)?;
            quoted[1..quoted.len() - 1].to_owned()
        }
        _ => written(value)?,
    };
    out.write_str(&text).map_err(Error::from)
}

fn written(value: &Value) -> Result<String, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    serde_json::to_string(value).map_err(|_| Error::new(ErrorKind::BadSerialization, "it has no JSON form"))
}

fn sentence(error: &Error) -> String {
    let place = error.line().map(|line| format!(" (line {line} of it)")).unwrap_or_default();
    match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => "it takes too many steps".into(),
        (kind, Some(detail)) => format!("{kind}: {detail}{place}"),
        (kind, None) => format!("{kind}{place}"),
    }
}
