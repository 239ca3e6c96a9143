//! Progress and cancellation, handed to long computations by whoever starts them.

/// Told how far a computation is, and asked whether to go on.
pub trait Progress: Sync {
    /// A stage of `total` steps begins.
    fn begin(&self, stage: &str, total: u64);
    /// A step of the stage is done.
    fn step(&self);
    /// Whether the computation should stop at the next step.
    fn cancelled(&self) -> bool {
        false
    }
}

/// Nobody is watching.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64) {}
    fn step(&self) {}
}
