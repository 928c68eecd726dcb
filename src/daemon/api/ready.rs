use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::problem::{Code, Problem};
use crate::store::StoreError;

/// How long an answer holds.
const HOLDS: Duration = Duration::from_secs(1);

/// What the state answered last. Anybody may ask, so one question is under way at a time, and its answer holds a moment:
/// whoever asks a lot takes nothing from those who work.
#[derive(Default)]
pub(super) struct Ready(Mutex<Option<(Instant, Answer)>>);

/// Or what is wrong, as the log was told.
type Answer = Result<(), String>;

impl Ready {
    /// The answer that holds, or the one that `ask` brings.
    pub(super) async fn asked(&self, ask: impl Future<Output = Result<(), StoreError>>) -> Result<(), Problem> {
        let mut last = self.0.lock().await;
        if let Some((when, answer)) = &*last
            && when.elapsed() < HOLDS
        {
            return told(answer);
        }
        let answer = ask.await.map_err(|error| (error.to_string(), error.hint()));
        let known = last.as_ref().and_then(|(_, answer)| answer.as_ref().err());
        if let Err((why, next)) = &answer
            && known != Some(why)
        {
            tracing::error!(why, next, "The state takes nothing that is written");
        }
        let answer = answer.map_err(|(why, _)| why);
        let told = told(&answer);
        *last = Some((Instant::now(), answer));
        told
    }
}

/// Anybody may ask: what the database said of itself is in the log.
fn told(answer: &Answer) -> Result<(), Problem> {
    let unfit = "the state takes nothing that is written; the log tells why";
    answer.clone().map_err(|_| Problem::new(Code::Unavailable, unfit).after(10))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn however_many_ask_the_state_is_asked_once_in_a_second() {
        let (ready, asked) = (Ready::default(), AtomicUsize::new(0));
        let ask = || async {
            asked.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(20)).await;
            Err(StoreError::Content("it does not answer".into()))
        };
        for round in 1..=2 {
            let answers = join_all((0..100).map(|_| ready.asked(ask()))).await;
            assert!(answers.iter().all(Result::is_err));
            assert_eq!(asked.load(Ordering::Relaxed), round);
            tokio::time::sleep(HOLDS).await;
        }
    }

    #[tokio::test]
    async fn who_goes_away_while_the_state_is_asked_leaves_the_question_to_the_next() {
        let ready = Ready::default();
        let never = ready.asked(std::future::pending());
        assert!(tokio::time::timeout(Duration::from_millis(10), never).await.is_err());
        assert!(ready.asked(async { Ok(()) }).await.is_ok());
    }
}
