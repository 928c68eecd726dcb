use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use crate::connector::{ConnectorError, FailureClass, Silent};
use crate::sources::ldap::thread::{Meter, apart};
use crate::sources::ldap::trouble::Trouble;
use crate::sources::tests::block_on;

async fn done<W>(work: impl FnOnce() -> W + Send + 'static) -> Result<usize, ConnectorError>
where
    W: Future<Output = Result<usize, Trouble>>,
{
    apart("reading", "it", &Arc::new(Meter::default()), &Silent, work).await
}

#[test]
fn the_result_comes_back() {
    assert_eq!(block_on(done(|| async { Ok(7) })).unwrap(), 7);
    let error = block_on(done(|| async { Err(Trouble::lost("gone").with_hint("look")) })).unwrap_err();
    assert_eq!((error.class, error.to_string().as_str()), (FailureClass::Unreachable, "reading: gone"));
    assert_eq!(error.hint.as_deref(), Some("look"));
}

#[test]
fn a_panic_is_an_error() {
    let error = block_on(done(|| async { panic!("malformed at byte {}", 3) })).unwrap_err();
    assert_eq!(error.class, FailureClass::Unexpected);
    assert_eq!(error.to_string(), "reading: the reader stopped: malformed at byte 3");
}

/// Ctrl-C drops the reading; the thread must not go on alone.
#[test]
fn work_is_given_up_when_nobody_waits() {
    struct Left(mpsc::Sender<()>);
    impl Drop for Left {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
    let (tell, told) = mpsc::channel();
    let (begin, began) = mpsc::channel();
    block_on(async move {
        let work = move || async move {
            let _left = Left(tell);
            begin.send(()).unwrap();
            std::future::pending::<()>().await;
            Ok(0)
        };
        tokio::select! {
            _ = done(work) => panic!("it cannot end"),
            () = async { while began.try_recv().is_err() { tokio::time::sleep(Duration::from_millis(1)).await; } } => {}
        }
    });
    told.recv_timeout(Duration::from_mins(1)).expect("the work was dropped");
}
