//! What a source keeps of its readings.

use super::super::Settlement;
use super::{Home, day, settlement};
use crate::connector::Memory;

fn memory(run: u32, parts: &[(u32, &str)], anew: bool) -> Memory {
    let parts = parts.iter().map(|(part, text)| (*part, text.as_bytes().to_vec())).collect();
    Memory { key: format!("key {run}"), cookie: vec![0, 255, 7], full_read: day(run), parts, anew }
}

#[tokio::test]
async fn parts_are_written_one_by_one_or_all_anew() {
    let home = Home::new();
    let store = home.open().await;
    assert_eq!(store.memory("s", "corp").await.unwrap(), None);
    let first = memory(1, &[(1, "one"), (2, "two"), (4_095, "last")], true);
    store.settle(&Settlement { memories: vec![("corp".into(), first)], ..settlement(1) }).await.unwrap();
    let second = memory(2, &[(2, "zwei"), (3, "drei")], false);
    store.settle(&Settlement { memories: vec![("corp".into(), second)], ..settlement(2) }).await.unwrap();
    let kept = store.memory("s", "corp").await.unwrap().unwrap();
    assert_eq!(kept, memory(2, &[(1, "one"), (2, "zwei"), (3, "drei"), (4_095, "last")], false));
    let anew = memory(3, &[(9, "all")], true);
    store.settle(&Settlement { memories: vec![("corp".into(), anew)], ..settlement(3) }).await.unwrap();
    assert_eq!(store.memory("s", "corp").await.unwrap().unwrap().parts, [(9, b"all".to_vec())]);
    assert_eq!(store.memory("s", "other").await.unwrap(), None, "another source");
    assert_eq!(store.memory("t", "corp").await.unwrap(), None, "another sync");
}

#[tokio::test]
async fn what_is_forgotten_is_gone_and_a_narrowed_run_keeps_nothing() {
    let home = Home::new();
    let store = home.open().await;
    let kept = || vec![("corp".to_owned(), memory(1, &[(1, "one")], true))];
    store.settle(&Settlement { memories: kept(), narrowed: true, ..settlement(1) }).await.unwrap();
    assert_eq!(store.memory("s", "corp").await.unwrap(), None);
    store.settle(&Settlement { memories: kept(), ..settlement(1) }).await.unwrap();
    store.forget("other").await.unwrap();
    assert!(store.memory("s", "corp").await.unwrap().is_some());
    store.forget("s").await.unwrap();
    assert_eq!(store.memory("s", "corp").await.unwrap(), None);
}
