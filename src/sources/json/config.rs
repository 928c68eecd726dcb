use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::source::JsonSource;
use crate::connector::{BuildContext, BuildError, Source};
use crate::sources::file::InputFile;

/// A JSON file of principals, as the configuration writes it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JsonConfig {
    /// The file: an array of principals, in UTF-8. Relative paths are beside the configuration file.
    pub path: PathBuf,
}

impl JsonConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str = "json: { path: principals.json }\n";

    /// # Errors
    /// When there is no path.
    pub fn build(&self, context: &BuildContext) -> Result<Box<dyn Source>, Vec<BuildError>> {
        if self.path.as_os_str().is_empty() {
            return Err(vec![BuildError::new("path", "the path is empty")]);
        }
        Ok(Box::new(JsonSource::new(InputFile::new("JSON", context, &self.path))))
    }
}
