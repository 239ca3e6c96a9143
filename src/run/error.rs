//! Why a scenario has no outcome.

use crate::agglomeration::SpilloverError;
use crate::leontief::LeontiefError;
use crate::realism::RealismError;
use crate::relocation::MoveError;

/// Why a scenario has no outcome.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The table has no Leontief solution.
    #[error(transparent)]
    Leontief(#[from] LeontiefError),
    /// Moves have no answer.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Moves(Vec<MoveError>),
    /// Neighbours feed on each other without limit.
    #[error(transparent)]
    Spillover(#[from] SpilloverError),
    /// A reading of the elasticities is beyond what the chosen sectors can carry.
    #[error(
        "reading {reading:?} would have the chosen sectors of {region} emit less than nothing in {year}; take more \
         sectors into [density], or another reading"
    )]
    NegativeEmissions {
        /// The reading.
        reading: &'static str,
        /// The region.
        region: String,
        /// The year.
        year: i32,
    },
    /// The draws would not fit into memory.
    #[error(
        "the numbers of all draws take {gigabytes:.1} GB; at most {most} draws fit, or take a shorter horizon"
    )]
    TooManyDraws {
        /// What they would take.
        gigabytes: f64,
        /// How many would fit.
        most: u64,
    },
    /// A switch of closer realism has no answer on the table.
    #[error(transparent)]
    Realism(#[from] RealismError),
    /// Whoever watched asked to stop.
    #[error("stopped before the end; nothing was written")]
    Cancelled,
}
