//! Bringing a matrix to known totals: RAS, GRAS, and the general case of conflicting controls.

use crate::linalg::Dense;

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Largest gap of a total that counts as met, as a share of the largest total.
    pub tolerance: f64,
    /// Rounds after which it gives up.
    pub rounds: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { tolerance: 1e-12, rounds: 10_000 }
    }
}

/// A matrix brought to its totals.
#[derive(Debug, Clone)]
pub struct Balanced {
    /// The matrix.
    pub matrix: Dense,
    /// Rounds it took.
    pub rounds: usize,
    /// Largest gap of a total that is left, as a share of the largest total.
    pub gap: f64,
}
