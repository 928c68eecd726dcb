use schemars::JsonSchema;
use serde::Deserialize;

use super::source::PushSource;
use crate::connector::{BuildContext, BuildError, Source};

/// A source that is pushed, as the configuration writes it: `push: {}`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PushConfig {}

impl PushConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str = "push: {}\n";

    /// # Errors
    /// None.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Source>, Vec<BuildError>> {
        Ok(Box::new(PushSource::new(&context.name, context.pushed.clone())))
    }
}
