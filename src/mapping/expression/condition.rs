use std::fmt;
use std::sync::Arc;

use minijinja::{Error, Expression, Value};

use super::engine::{ENGINE, sentence};
use super::fault::{Fault, Variable};
use super::subject::Subject;
use super::words;

/// An expression, compiled: what holds or does not hold of a record.
pub struct Condition {
    text: Box<str>,
    /// `syncs.corp.users.when (rollcall.yaml:31:15)`.
    place: Box<str>,
    program: Expression<'static, 'static>,
    variables: Vec<Variable>,
}

impl Condition {
    /// # Errors
    /// Every word that the language does not have, or where its grammar is broken.
    pub fn compile(text: &str, place: &str) -> Result<Self, Vec<Fault>> {
        let (program, variables) = expression(text)?;
        Ok(Self { text: text.into(), place: place.into(), program, variables })
    }

    /// The variables it asks for, in the order of their names.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it is written.
    pub(in crate::mapping) fn place(&self) -> &str {
        &self.place
    }

    /// Whether it holds of a record.
    ///
    /// # Errors
    /// A sentence with the place: anything but true and false is an error.
    pub(in crate::mapping) fn holds(&self, subject: &Arc<Subject>) -> Result<bool, String> {
        let value = self.program.eval(Value::from_dyn_object(Arc::clone(subject)));
        let value = value.map_err(|error| format!("{}: {}", self.place, sentence(&error)))?;
        bool::try_from(value.clone()).map_err(|_| format!("{}: gave {}, not true or false", self.place, found(&value)))
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Condition({:?} at {})", self.text, self.place)
    }
}

/// Compiles an expression.
pub(super) fn expression(text: &str) -> Result<(Expression<'static, 'static>, Vec<Variable>), Vec<Fault>> {
    let program = ENGINE.compile_expression_owned(text.to_owned()).map_err(|error| vec![syntax(&error)])?;
    let mut faults = Vec::new();
    words::strangers(text, 0, &mut faults);
    let variables = words::variables(program.undeclared_variables(false), &[(0, text)], &mut faults);
    if faults.is_empty() { Ok((program, variables)) } else { Err(faults) }
}

/// Where the grammar is broken.
pub(super) fn syntax(error: &Error) -> Fault {
    let at = error.range().map_or(0, |range| range.start);
    Fault::new(at, error.detail().map_or_else(|| error.kind().to_string(), str::to_owned))
}

/// What an expression gave, in words.
pub(super) fn found(value: &Value) -> String {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => "nothing".into(),
        ValueKind::Bool => format!("`{value}`"),
        ValueKind::Number => format!("the number {value}"),
        ValueKind::String => {
            format!("the text \"{}\"", crate::principal::shown(value.as_str().unwrap_or_default(), 40))
        }
        ValueKind::Seq | ValueKind::Iterable => "a list".into(),
        ValueKind::Map => "keys and values".into(),
        _ => "something else".into(),
    }
}
