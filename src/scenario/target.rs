//! `[[target]]`: what emissions should come to in a year, with its source.

use super::Trajectory;
use crate::labels::Label;

/// What a target is about; emissions include those of households.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// At most so much.
    Level(f64),
    /// At most so much per value added.
    Intensity(f64),
    /// So much below a level: a share, and the level; that of the table's year if none is given.
    Cut(f64, Option<f64>),
    /// So much below an intensity.
    IntensityCut(f64, Option<f64>),
}

impl Goal {
    /// The word of files and results.
    pub fn word(self) -> &'static str {
        match self {
            Goal::Level(_) => "level",
            Goal::Intensity(_) => "intensity",
            Goal::Cut(..) => "cut",
            Goal::IntensityCut(..) => "intensity_cut",
        }
    }

    /// Whether it is about emissions per value added.
    pub fn is_intensity(self) -> bool {
        matches!(self, Goal::Intensity(_) | Goal::IntensityCut(..))
    }

    /// The number that should not be exceeded, given that of the table's year.
    pub fn limit(self, of_table: f64) -> f64 {
        match self {
            Goal::Level(limit) | Goal::Intensity(limit) => limit,
            Goal::Cut(share, of) | Goal::IntensityCut(share, of) => {
                (1.0 - share) * of.unwrap_or(of_table)
            }
        }
    }
}

/// A target as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Short name, as the file has it, with what readers call it.
    pub name: Label,
    /// Who set it, and where, in the same way.
    pub source: Label,
    /// The stressor, by position.
    pub stressor: usize,
    /// The regions together; all if none is named.
    pub regions: Option<Vec<usize>>,
    /// The year.
    pub year: i32,
    /// What should be reached.
    pub goal: Goal,
    /// What sinks take up by year, in the stressor's unit: the engine models sources.
    pub sinks: Option<Trajectory>,
}
