use super::RunError;
use crate::config::TargetSettings;
use crate::connector::{Silent, read_whole};
use crate::principal::PrincipalSet;

/// Reads who is in a target now.
///
/// # Errors
/// When it cannot be built, cannot be read, or does not prove that it showed everybody.
pub async fn list(target: &TargetSettings) -> Result<PrincipalSet, RunError> {
    let built = target.build().map_err(|problems| RunError::Build { name: target.name.clone(), problems })?;
    Ok(read_whole(built.as_ref(), &Silent).await?.set)
}
