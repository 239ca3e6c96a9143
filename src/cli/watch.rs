//! A progress bar on standard error, for what takes longer than a second.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::progress::Progress;

/// Shows a bar once a stage has gone on for a second.
pub struct Watch {
    quiet: bool,
    state: Mutex<State>,
}

struct State {
    began: Instant,
    stage: String,
    total: u64,
    done: u64,
    bar: Option<ProgressBar>,
}

impl Watch {
    /// A watcher; a quiet one shows nothing.
    pub fn new(quiet: bool) -> Self {
        let began = Instant::now();
        Watch {
            quiet,
            state: Mutex::new(State { began, stage: String::new(), total: 0, done: 0, bar: None }),
        }
    }
}

impl Progress for Watch {
    fn begin(&self, stage: &str, total: u64) {
        if let Ok(mut state) = self.state.lock() {
            if let Some(bar) = state.bar.take() {
                bar.finish_and_clear();
            }
            *state =
                State { began: Instant::now(), stage: stage.to_owned(), total, done: 0, bar: None };
        }
    }

    fn step(&self) {
        let Ok(mut state) = self.state.lock() else { return };
        state.done += 1;
        if !self.quiet && state.bar.is_none() && state.began.elapsed() > Duration::from_secs(1) {
            let bar =
                ProgressBar::with_draw_target(Some(state.total), ProgressDrawTarget::stderr());
            if let Ok(style) =
                ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len} {eta} left")
            {
                bar.set_style(style);
            }
            bar.set_prefix(state.stage.clone());
            state.bar = Some(bar);
        }
        let done = state.done;
        if let Some(bar) = &state.bar {
            bar.set_position(done);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Ok(state) = self.state.lock()
            && let Some(bar) = &state.bar
        {
            bar.finish_and_clear();
        }
    }
}
