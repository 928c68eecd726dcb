use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;

use super::trouble::Trouble;
use crate::connector::{ConnectorError, FailureClass, Progress};

/// What the thread is called that reads a directory.
pub const DIRECTORY_THREAD: &str = "ldap";

/// How often a person sees how far it is.
const GLANCE: Duration = Duration::from_millis(200);

/// How far the thread is; read from outside.
#[derive(Debug, Default)]
pub(super) struct Meter {
    step: AtomicUsize,
    pub(super) done: AtomicU64,
}

const STEPS: [&str; 3] = ["connecting to", "reading users of", "reading groups of"];

impl Meter {
    pub(super) fn users(&self) {
        self.begin(1);
    }

    pub(super) fn groups(&self) {
        self.begin(2);
    }

    fn begin(&self, step: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.step.store(step, Ordering::Relaxed);
    }
}

/// Does `work` on a thread of its own, and waits for it. A client of one connection is faster there than among other
/// work; and where the library panics, only the thread ends. If the caller stops waiting, the work is given up at its
/// next answer. `what` is the source in words.
///
/// # Errors
/// Those of `work`, and when it panics.
pub(super) async fn apart<T, F, W>(
    doing: &str,
    what: &str,
    meter: &Arc<Meter>,
    progress: &dyn Progress,
    work: F,
) -> Result<T, ConnectorError>
where
    T: Send + 'static,
    F: FnOnce() -> W + Send + 'static,
    W: Future<Output = Result<T, Trouble>>,
{
    let unexpected = |why: String| ConnectorError::new(FailureClass::Unexpected, doing, why);
    let (tell, mut told) = oneshot::channel();
    // Dropped with this future: the thread then leaves.
    let (_stay, leave) = oneshot::channel::<()>();
    let thread = std::thread::Builder::new().name(DIRECTORY_THREAD.into());
    // What is logged there is of the run that asks.
    let span = tracing::Span::current();
    let started = thread.spawn(move || {
        let ended = span.in_scope(|| catch_unwind(AssertUnwindSafe(|| run(leave, work))));
        // Nobody listens any more where the run was given up.
        let _ = tell.send(ended);
    });
    started.map_err(|error| unexpected(format!("no thread can be started: {error}")))?;
    let mut shown = Shown { step: usize::MAX, what, progress };
    let mut clock = tokio::time::interval(GLANCE);
    let ended = loop {
        tokio::select! {
            ended = &mut told => break ended,
            _ = clock.tick() => shown.look(meter),
        }
    };
    shown.end(meter);
    match ended {
        Ok(Ok(Ok(Some(result)))) => result.map_err(|trouble| trouble.into_error(doing)),
        Ok(Ok(Err(error))) => Err(unexpected(format!("no runtime can be started: {error}"))),
        Ok(Err(panic)) => Err(unexpected(format!("the reader stopped: {}", words(panic.as_ref())))),
        Ok(Ok(Ok(None))) | Err(_) => Err(unexpected("the reader stopped".into())),
    }
}

/// None where the caller left.
fn run<T, F, W>(leave: oneshot::Receiver<()>, work: F) -> std::io::Result<Option<Result<T, Trouble>>>
where
    F: FnOnce() -> W,
    W: Future<Output = Result<T, Trouble>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let ended = runtime.block_on(async {
        tokio::select! {
            result = work() => Some(result),
            _ = leave => None,
        }
    });
    // A name that is still being looked up is not waited for.
    runtime.shutdown_background();
    Ok(ended)
}

fn words(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic")
}

/// What a person was shown last.
struct Shown<'a> {
    step: usize,
    what: &'a str,
    progress: &'a dyn Progress,
}

impl Shown<'_> {
    fn look(&mut self, meter: &Meter) {
        let step = meter.step.load(Ordering::Relaxed);
        if step != self.step {
            self.step = step;
            let deed = STEPS.get(step).copied().unwrap_or("reading");
            self.progress.step(&format!("{deed} {}", self.what), None);
        }
        self.progress.at(meter.done.load(Ordering::Relaxed));
    }

    fn end(&mut self, meter: &Meter) {
        self.look(meter);
        self.progress.done();
    }
}
