//! A progress bar on standard error, for what takes longer than a second, and the wish to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::progress::Progress;

/// Shows a bar once a stage has gone on for a second.
pub struct Watch {
    quiet: bool,
    stop: Arc<AtomicBool>,
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
            stop: Arc::default(),
            state: Mutex::new(State { began, stage: String::new(), total: 0, done: 0, bar: None }),
        }
    }

    /// A watcher that stops the computation at its next step when the user asks for it (Ctrl-C); asked
    /// twice, the program ends at once.
    pub fn stoppable(quiet: bool) -> Self {
        use signal_hook::consts::{SIGINT, SIGTERM};
        use signal_hook::flag;
        let watch = Watch::new(quiet);
        for signal in [SIGINT, SIGTERM] {
            // Where signals cannot be listened to, they end the program as ever.
            let _ = flag::register_conditional_shutdown(signal, 130, watch.stop.clone())
                .and_then(|_| flag::register(signal, watch.stop.clone()));
        }
        watch
    }
}

impl Progress for Watch {
    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

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
