use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::ZlibDecoder;
use serde_json::Value;
use sqlx::SqlitePool;

use super::App;

/// What the state database knows, looked at without the product.
impl App {
    /// Each change that the journals of these runs tell of, `user:ada`, and how it stands.
    pub(crate) fn journal(&self, runs: &[&str]) -> Vec<(String, String)> {
        let mut told = Vec::new();
        for run in runs {
            let plan: Option<(Vec<u8>,)> =
                self.ask("SELECT content FROM run_document WHERE run = $1 AND what = 'plan'", run).pop();
            let Some((plan,)) = plan else { continue };
            let plan: Value = serde_json::from_str(&inflated(&plan)).unwrap();
            let rows: Vec<(i64, String)> =
                self.ask("SELECT n, state FROM journal WHERE run = $1 AND part = '' ORDER BY n", run);
            told.extend(rows.into_iter().map(|(n, state)| {
                let change = &plan["changes"][usize::try_from(n).unwrap()];
                let (kind, name) = (change["kind"].as_str().unwrap(), change["name"].as_str().unwrap());
                (format!("{kind}:{name}"), state)
            }));
        }
        told
    }

    /// Everybody in the care of any sync, `user:ada`.
    pub(crate) fn owned(&self) -> BTreeSet<String> {
        let rows: Vec<(String, String)> = self.ask("SELECT kind, name_key FROM ownership WHERE $1 = $1", "");
        rows.into_iter().map(|(kind, name)| format!("{kind}:{name}")).collect()
    }

    /// No file of the state holds `text`, nor does what is deflated in it.
    #[track_caller]
    pub(crate) fn holds_nowhere(&self, text: &str) {
        for entry in std::fs::read_dir(self.folder()).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if name.starts_with("rollcall.db") {
                let bytes = std::fs::read(entry.path()).unwrap();
                assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{name} holds {text}");
            }
        }
        let documents: Vec<(Vec<u8>,)> = self.ask("SELECT content FROM run_document WHERE $1 = $1", "");
        assert!(!documents.is_empty());
        for (document,) in documents {
            assert!(!inflated(&document).contains(text), "a document of a run holds {text}");
        }
    }

    fn ask<T>(&self, query: &'static str, value: &str) -> Vec<T>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
    {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let pool = SqlitePool::connect(&format!("sqlite:{}", self.path("rollcall.db").display())).await.unwrap();
            let rows = sqlx::query_as(query).bind(value).fetch_all(&pool).await.unwrap();
            pool.close().await;
            rows
        })
    }
}

fn inflated(content: &[u8]) -> String {
    let mut text = String::new();
    ZlibDecoder::new(content).read_to_string(&mut text).unwrap();
    text
}
