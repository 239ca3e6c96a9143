//! Progress and cancellation, and keeping what is finished: handed to long computations by whoever starts them.

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

/// Draws of one part of a run that were finished together, from its first that was not finished yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Finished {
    /// Numbers of each draw; none where a draw has no answer.
    pub draws: Vec<Option<Vec<f64>>>,
    /// Systems of the size of the table factored for them.
    pub factorised: u64,
}

/// Keeps the finished draws of a long run, so that another run goes on from them. The parts of a run
/// are numbered: 0 draws everything, the others one thing alone.
pub trait Keep {
    /// What was finished earlier of a part: its first draws, each of so many numbers.
    fn earlier(&self, part: u32, numbers: usize) -> Finished;
    /// How many draws to finish before they are kept.
    fn portion(&self) -> u32;
    /// Takes draws that are finished; they follow those that it has of the part.
    fn keep(&self, part: u32, finished: &Finished);
}

/// Bytes of finished draws that are held at most before they are kept; a portion has no more.
pub const HELD: usize = 16 << 20;

/// Nothing is kept: a run that is stopped begins again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Forget;

impl Keep for Forget {
    fn earlier(&self, _: u32, _: usize) -> Finished {
        Finished::default()
    }
    fn portion(&self) -> u32 {
        u32::MAX
    }
    fn keep(&self, _: u32, _: &Finished) {}
}
