use std::sync::Mutex;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::output::shows_progress;
use crate::connector::{Progress, Silent};

/// Long steps on a terminal: a bar where the length is known, a turning sign where it is not. Steps that go on at the
/// same time have a line each.
pub(super) struct Bars {
    all: MultiProgress,
    bar: Mutex<Option<ProgressBar>>,
}

/// Progress for the place where stderr goes: nothing on a pipe.
pub(super) fn progress() -> Box<dyn Progress> {
    if shows_progress() { Box::new(Bars::of(MultiProgress::new())) } else { Box::new(Silent) }
}

impl Bars {
    fn of(all: MultiProgress) -> Self {
        Self { all, bar: Mutex::new(None) }
    }

    fn replace(&self, bar: Option<ProgressBar>) {
        let Ok(mut slot) = self.bar.lock() else { return };
        if let Some(old) = std::mem::replace(&mut *slot, bar) {
            old.finish_and_clear();
        }
    }
}

impl Progress for Bars {
    fn step(&self, what: &str, total: Option<u64>) {
        let template =
            if total.is_some() { "{spinner} {msg} {bar:30} {percent:>3} % {eta}" } else { "{spinner} {msg} {elapsed}" };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = self.all.add(ProgressBar::new(total.unwrap_or(0)).with_style(style));
        bar.set_message(crate::principal::shown(what, 60));
        bar.enable_steady_tick(Duration::from_millis(120));
        self.replace(Some(bar));
    }

    fn at(&self, done: u64) {
        if let Ok(slot) = self.bar.lock()
            && let Some(bar) = slot.as_ref()
        {
            bar.set_position(done);
        }
    }

    fn done(&self) {
        self.replace(None);
    }

    fn beside(&self) -> Box<dyn Progress + '_> {
        Box::new(Self::of(self.all.clone()))
    }
}
