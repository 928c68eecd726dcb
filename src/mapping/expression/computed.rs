use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use minijinja::{Environment, Expression, Value};
use serde_json::Value as Json;

use super::condition::{expression, syntax};
use super::engine::{ENGINE, sentence};
use super::fault::{Fault, Variable};
use super::subject::Subject;
use super::words::{self, blocks};

/// A value of a rule, compiled: a constant, an expression that keeps its type, or a text with expressions in it.
pub struct Computed {
    /// As it is written; a constant stands in the program.
    text: Box<str>,
    program: Program,
    variables: Vec<Variable>,
}

enum Program {
    Constant(Json),
    Expression(Box<Expression<'static, 'static>>),
    /// The one template of an engine of its own.
    Template(Box<Environment<'static>>),
}

/// The name of the template in its engine.
const NAME: &str = "set";

impl Computed {
    /// Text without `{{` and `{%` is a constant, and so is what is no text. Text that is one `{{ … }}` keeps the type
    /// of its value.
    ///
    /// # Errors
    /// Every word that the language does not have, or where its grammar is broken.
    pub fn compile(value: &Json) -> Result<Self, Vec<Fault>> {
        let Some(text) = value.as_str().filter(|text| text.contains("{{") || text.contains("{%")) else {
            return Ok(Self { text: Box::default(), program: Program::Constant(value.clone()), variables: Vec::new() });
        };
        // Marks at both ends may belong to two expressions: then what is between them is none.
        match single(text).filter(|(_, inside)| ENGINE.compile_expression_owned((*inside).to_owned()).is_ok()) {
            Some((before, inside)) => match expression(inside) {
                Ok((program, mut variables)) => {
                    for variable in &mut variables {
                        variable.at += before;
                    }
                    Ok(Self { text: text.into(), program: Program::Expression(Box::new(program)), variables })
                }
                Err(faults) => Err(faults.into_iter().map(|fault| fault.behind(before)).collect()),
            },
            None => template(text),
        }
    }

    /// What is written, where it is written as such.
    #[must_use]
    pub fn constant(&self) -> Option<&Json> {
        match &self.program {
            Program::Constant(value) => Some(value),
            Program::Expression(_) | Program::Template(_) => None,
        }
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self.constant() {
            None => Cow::Borrowed(&self.text),
            Some(Json::String(text)) => Cow::Borrowed(text),
            Some(value) => Cow::Owned(value.to_string()),
        }
    }

    /// The variables it asks for, in the order of their names.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// # Errors
    /// A sentence: why there is no value.
    pub(in crate::mapping) fn value(&self, subject: &Arc<Subject>) -> Result<Json, String> {
        let context = || Value::from_dyn_object(Arc::clone(subject));
        match &self.program {
            Program::Constant(value) => Ok(value.clone()),
            Program::Expression(program) => {
                let value = program.eval(context()).map_err(|error| sentence(&error))?;
                if value.is_undefined() {
                    return Err("undefined value".into());
                }
                match value.as_str() {
                    Some(text) => Ok(text.into()),
                    None => serde_json::to_value(&value).map_err(|error| error.to_string()),
                }
            }
            Program::Template(engine) => {
                let rendered = engine.get_template(NAME).and_then(|template| template.render(context()));
                rendered.map(Json::String).map_err(|error| sentence(&error))
            }
        }
    }
}

impl fmt::Debug for Computed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.program {
            Program::Constant(value) => write!(out, "Computed({value})"),
            Program::Expression(_) => out.write_str("Computed({{ … }})"),
            Program::Template(_) => out.write_str("Computed(… {{ … }} …)"),
        }
    }
}

/// What is inside of `{{ … }}`, with the bytes before it, where nothing is outside.
fn single(text: &str) -> Option<(usize, &str)> {
    let start = text.len() - text.trim_start().len();
    let inside = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let plain = inside.strip_prefix('-').unwrap_or(inside);
    Some((start + 2 + inside.len() - plain.len(), plain.strip_suffix('-').unwrap_or(plain)))
}

fn template(text: &str) -> Result<Computed, Vec<Fault>> {
    let mut engine = ENGINE.clone();
    engine.add_template_owned(NAME, text.to_owned()).map_err(|error| vec![syntax(&error)])?;
    let undeclared = match engine.get_template(NAME) {
        Ok(template) => template.undeclared_variables(false),
        Err(error) => return Err(vec![syntax(&error)]),
    };
    let blocks = blocks(text);
    let mut faults = Vec::new();
    for (before, block) in &blocks {
        words::strangers(block, *before, &mut faults);
    }
    let variables = words::variables(undeclared, &blocks, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Computed { text: text.into(), program: Program::Template(Box::new(engine)), variables })
}
