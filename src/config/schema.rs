use super::file::ConfigFile;

/// The JSON Schema (draft 2020-12) of a configuration file.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(ConfigFile).to_value();
    if let Some(members) = schema.as_object_mut() {
        members.insert("title".into(), "rollcall configuration".into());
    }
    schema
}
