use std::borrow::Cow;
use std::path::Path;

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use super::StoreError;

/// Every step from an empty database to today's, oldest first. A step is never changed once it was released.
const STEPS: [(i64, &str, &str); 4] = [
    (1, "begin", include_str!("migrations/0001_begin.sql")),
    (2, "memory", include_str!("migrations/0002_memory.sql")),
    (3, "target memory", include_str!("migrations/0003_target_memory.sql")),
    (5, "applied", include_str!("migrations/0005_applied.sql")),
];

/// Brings the database to today's shape.
pub(super) async fn migrate<C: Migrate>(connection: &mut C, path: &Path) -> Result<(), StoreError> {
    let steps = STEPS.iter().map(|(version, name, sql)| {
        let sql = sqlx::SqlStr::from_static(sql);
        Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
    });
    let migrator = Migrator::with_migrations(steps.collect());
    migrator.run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
            StoreError::Newer { path: path.to_owned() }
        }
        other => StoreError::Open { path: path.to_owned(), why: other.to_string() },
    })
}
