//! What a source keeps of its readings.

use rollcall::connector::Memory;
use rollcall::store::Settlement;

use super::{Home, day, settlement};

fn memory(run: u32, parts: &[(u32, &str)], since: Option<u8>) -> Memory {
    let parts = parts.iter().map(|(part, text)| (*part, text.as_bytes().to_vec())).collect();
    Memory {
        key: format!("key {run}"),
        cookie: vec![0, 255, u8::try_from(run).unwrap()],
        full_read: day(run),
        parts,
        since: since.map(|run| vec![0, 255, run]),
    }
}

#[tokio::test]
async fn parts_are_written_one_by_one_or_all_anew() {
    for home in Home::each() {
        let store = home.open().await;
        assert_eq!(store.memory("s", "corp").await.unwrap(), None);
        let first = memory(1, &[(1, "one"), (2, "two"), (4_095, "last")], None);
        store.settle(&Settlement { memories: vec![("corp".into(), first)], ..settlement(1) }).await.unwrap();
        let second = memory(2, &[(2, "zwei"), (3, "drei")], Some(1));
        store.settle(&Settlement { memories: vec![("corp".into(), second)], ..settlement(2) }).await.unwrap();
        let kept = store.memory("s", "corp").await.unwrap().unwrap();
        assert_eq!(kept, memory(2, &[(1, "one"), (2, "zwei"), (3, "drei"), (4_095, "last")], None));
        let anew = memory(3, &[(9, "all")], None);
        store.settle(&Settlement { memories: vec![("corp".into(), anew)], ..settlement(3) }).await.unwrap();
        assert_eq!(store.memory("s", "corp").await.unwrap().unwrap().parts, [(9, b"all".to_vec())]);
        assert_eq!(store.memory("s", "other").await.unwrap(), None, "another source");
        assert_eq!(store.memory("t", "corp").await.unwrap(), None, "another sync");
    }
}

#[tokio::test]
async fn what_is_forgotten_is_gone_and_a_narrowed_run_keeps_nothing() {
    for home in Home::each() {
        let store = home.open().await;
        let kept = || vec![("corp".to_owned(), memory(1, &[(1, "one")], None))];
        store.settle(&Settlement { memories: kept(), narrowed: true, ..settlement(1) }).await.unwrap();
        assert_eq!(store.memory("s", "corp").await.unwrap(), None);
        store.settle(&Settlement { memories: kept(), ..settlement(1) }).await.unwrap();
        store.forget("other").await.unwrap();
        assert!(store.memory("s", "corp").await.unwrap().is_some());
        store.forget("s").await.unwrap();
        assert_eq!(store.memory("s", "corp").await.unwrap(), None);
    }
}

#[tokio::test]
async fn changes_to_what_was_dropped_meanwhile_are_no_memory() {
    for home in Home::each() {
        let store = home.open().await;
        let settle = async |memory| {
            let memories = vec![("corp".to_owned(), memory)];
            store.settle(&Settlement { memories, ..settlement(1) }).await.unwrap();
        };
        settle(memory(1, &[(1, "one"), (2, "two")], None)).await;
        store.forget("s").await.unwrap();
        settle(memory(2, &[(2, "zwei")], Some(1))).await;
        assert_eq!(store.memory("s", "corp").await.unwrap(), None, "a part alone is nothing");
        settle(memory(3, &[(1, "one"), (2, "two")], None)).await;
        settle(memory(4, &[(2, "zwei")], Some(1))).await;
        assert_eq!(store.memory("s", "corp").await.unwrap(), None, "it goes on from another");
    }
}
