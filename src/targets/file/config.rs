use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::FileTarget;
use crate::connector::{BuildContext, BuildError, Target};

/// A JSON file of principals.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FileConfig {
    /// Beside the configuration file, unless it is absolute.
    pub path: Option<PathBuf>,
}

impl FileConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str = "file:\n  path: principals.json\n";

    /// Makes the target.
    ///
    /// # Errors
    /// When `path` is missing.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Target>, Vec<BuildError>> {
        match &self.path {
            Some(path) => Ok(Box::new(FileTarget::new(&context.name, context.path(path)))),
            None => Err(vec![BuildError::new("path", "`path` is missing").with_hint("such as `principals.json`")]),
        }
    }
}
