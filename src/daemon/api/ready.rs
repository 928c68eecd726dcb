use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::problem::Problem;

/// How long an answer holds.
const HOLDS: Duration = Duration::from_secs(1);

/// What the state answered last. Anybody may ask, so one question is under way at a time, and its answer holds a moment:
/// whoever asks a lot takes nothing from those who work.
#[derive(Default)]
pub(super) struct Ready(Mutex<Option<(Instant, Result<(), Problem>)>>);

impl Ready {
    /// The answer that holds, or the one that `ask` brings.
    pub(super) async fn asked(&self, ask: impl Future<Output = Result<(), Problem>>) -> Result<(), Problem> {
        let mut last = self.0.lock().await;
        if let Some((when, answer)) = &*last
            && when.elapsed() < HOLDS
        {
            return answer.clone();
        }
        let answer = ask.await;
        *last = Some((Instant::now(), answer.clone()));
        answer
    }
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
            Err(Problem::bad("it does not answer"))
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
