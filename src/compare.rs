//! Results beside each other: scenarios against their baseline and one another, who gives against who receives,
//! and periods of a transfer.
//!
//! ```text
//! A against B:  Δ_A − Δ_B            Δ = scenario less baseline, in one year, of one place
//! better:       share of common draws in which A has more value added than B, or less of a stressor
//! ```
//!
//! Nothing is computed anew: numbers are those of the results' files, their differences and their ratios. Two
//! scenarios are compared draw by draw only where draw `i` is the same in both: same seed, same number of draws, same
//! uncertainties. A ratio whose denominator may be zero has no number.

mod draws;
mod given;
mod lookup;
pub mod periods;
mod products;
mod quadrant;
mod ratios;
pub mod scenarios;

use std::path::PathBuf;

use crate::labels::Label;
use crate::recorded::{NamedCode, Recorded};

pub use products::Product;
pub use quadrant::{Quadrant, Standing};
pub use ratios::Ratio;

/// What results call the baseline beside the scenarios.
pub const BASELINE: &str = "baseline";

/// A number, with what it ranges over where something does: 5, 50 and 95 % of draws, or the smallest and largest
/// over orders of factors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number<const N: usize> {
    /// The number of the headline.
    pub value: f64,
    /// Its range, rising.
    pub range: Option<[f64; N]>,
}

/// A number with 5, 50 and 95 % of its draws.
pub type Drawn = Number<3>;

/// A number with its smallest and largest over orders of factors.
pub type Ordered = Number<2>;

/// The sign of a number, as far as its range lets it be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Above zero in the whole range.
    Positive,
    /// Below zero in the whole range.
    Negative,
    /// Zero, and nothing else.
    Zero,
    /// The range holds zero.
    Unclear,
}

impl<const N: usize> Number<N> {
    /// A number without a range.
    pub fn certain(value: f64) -> Self {
        Number { value, range: None }
    }

    /// Its sign; unclear where the range holds zero.
    pub fn sign(&self) -> Sign {
        let [low, high] = match &self.range {
            Some(range) => [range[0], range[N - 1]],
            None => [self.value; 2],
        };
        if low > 0.0 {
            Sign::Positive
        } else if high < 0.0 {
            Sign::Negative
        } else if low == 0.0 && high == 0.0 && self.value == 0.0 {
            Sign::Zero
        } else {
            Sign::Unclear
        }
    }
}

/// Whether more or less of a quantity is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Value added, output, jobs.
    More,
    /// Stressors.
    Less,
}

impl Better {
    /// The word of results.
    pub fn word(self) -> &'static str {
        match self {
            Better::More => "more",
            Better::Less => "less",
        }
    }

    /// Whether a difference is for the better.
    pub fn is(self, difference: f64) -> bool {
        match self {
            Better::More => difference > 0.0,
            Better::Less => difference < 0.0,
        }
    }
}

/// One of the results that are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What files call it: the scenario's name, the years of a period, or, where two have the same, its folder.
    pub code: String,
    /// The folder.
    pub folder: PathBuf,
    /// Its names in English and Chinese, where its file gives them.
    pub label: Label,
    /// Its title.
    pub title: String,
    /// What it is in a sentence or two.
    pub description: String,
}

/// A quantity that all of the results have, in one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Its code, names and unit.
    pub named: NamedCode,
    /// Whether more or less of it is better.
    pub better: Better,
}

impl Measured {
    /// Its code.
    pub fn code(&self) -> &str {
        &self.named.code
    }

    /// Its unit.
    pub fn unit(&self) -> &str {
        self.named.unit.as_deref().unwrap_or_default()
    }

    /// Whether it is neither output nor value added.
    pub fn is_stressor(&self) -> bool {
        ![OUTPUT, VALUE_ADDED].contains(&self.code())
    }
}

/// Names that a note tells.
const NAMED: usize = 6;

/// Code of output.
const OUTPUT: &str = "output";

/// Code of value added.
const VALUE_ADDED: &str = "value_added";

/// Why results cannot be compared; `index` counts them from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// Results of a command that has nothing to compare.
    #[error("holds results of `irio {command}`, which are not compared")]
    Command {
        /// Which.
        index: usize,
        /// The command.
        command: String,
    },
    /// Results of another command than the first.
    #[error("holds results of `irio {command}`, the first folder those of `irio {first}`")]
    Mixed {
        /// Which.
        index: usize,
        /// Its command.
        command: String,
        /// That of the first.
        first: String,
    },
    /// One period alone.
    #[error("is one period, and there is no other to hold it against")]
    OnePeriod,
    /// A file that a comparison needs is not there.
    #[error("has no {file}, so there is nothing to compare")]
    Missing {
        /// Which.
        index: usize,
        /// The file.
        file: &'static str,
    },
    /// Other regions than the first.
    #[error("is about the regions {found}, the first folder about {first}")]
    Regions {
        /// Which.
        index: usize,
        /// Its regions.
        found: String,
        /// Those of the first.
        first: String,
    },
    /// Another unit than the first.
    #[error("has {quantity} in {found}, the first folder in {first}")]
    Unit {
        /// Which.
        index: usize,
        /// The quantity.
        quantity: String,
        /// Its unit.
        found: String,
        /// That of the first.
        first: String,
    },
    /// Scenarios on another table than the first.
    #[error(
        "was run on {found}, the first folder on {first}: scenarios compare on one table, with the same treatment of its columns"
    )]
    Table {
        /// Which.
        index: usize,
        /// Its table.
        found: String,
        /// That of the first.
        first: String,
    },
    /// No year that all have.
    #[error("has no year in common with the folders before it: {found} against {first}")]
    Years {
        /// Which.
        index: usize,
        /// Its years.
        found: String,
        /// Those before it.
        first: String,
    },
}

impl CompareError {
    /// Which of the results it is about.
    pub fn index(&self) -> usize {
        match self {
            CompareError::OnePeriod => 0,
            CompareError::Command { index, .. }
            | CompareError::Mixed { index, .. }
            | CompareError::Missing { index, .. }
            | CompareError::Regions { index, .. }
            | CompareError::Unit { index, .. }
            | CompareError::Table { index, .. }
            | CompareError::Years { index, .. } => *index,
        }
    }

    /// What would help.
    pub fn help(&self) -> &'static str {
        match self {
            CompareError::Command { .. } => "name folders of `irio run`, or of `irio transfer`",
            CompareError::Mixed { .. } => "compare scenarios with scenarios, periods with periods",
            CompareError::OnePeriod => {
                "name the folder of another period; one scenario alone compares its giving with its receiving side"
            }
            CompareError::Missing { .. } => "run the command again",
            CompareError::Regions { .. } => {
                "aggregate the tables to the same regions (irio aggregate) and run again"
            }
            CompareError::Unit { .. } => {
                "bring the tables to one unit (irio aggregate --unit) and run again"
            }
            CompareError::Table { .. } => "run the scenarios on one table",
            CompareError::Years { .. } => "give the scenarios horizons that share a year",
        }
    }
}

/// Results beside each other.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    /// Scenarios on one table.
    Scenarios(scenarios::Scenarios),
    /// Periods of a transfer.
    Periods(periods::Periods),
}

/// Compares results folders of `irio run`, or of `irio transfer`.
///
/// # Errors
/// If they cannot be compared, each reason once.
///
/// # Panics
/// If there are none.
#[track_caller]
pub fn compare(results: &[Recorded]) -> Result<Comparison, Vec<CompareError>> {
    let command = results[0].summary.command.as_str();
    let mut errors = Vec::new();
    for (index, one) in results.iter().enumerate() {
        let found = one.summary.command.clone();
        if !["run", "transfer"].contains(&found.as_str()) {
            errors.push(CompareError::Command { index, command: found });
        } else if found != command {
            let first = command.to_owned();
            errors.push(CompareError::Mixed { index, command: found, first });
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    if command == "run" {
        return scenarios::scenarios(results).map(Comparison::Scenarios);
    }
    if results.len() == 1 {
        return Err(vec![CompareError::OnePeriod]);
    }
    periods::periods(results).map(Comparison::Periods)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_that_holds_zero_has_no_sign() {
        let sign = |value, range| Number { value, range }.sign();
        assert_eq!(sign(1.0, Some([0.5, 1.0, 2.0])), Sign::Positive);
        assert_eq!(sign(1.0, Some([-0.5, 1.0, 2.0])), Sign::Unclear);
        assert_eq!(sign(1.0, Some([0.0, 1.0, 2.0])), Sign::Unclear);
        assert_eq!(sign(-1.0, Some([-2.0, -1.0, -0.5])), Sign::Negative);
        assert_eq!(sign(0.0, Some([0.0, 0.0, 0.0])), Sign::Zero);
        assert_eq!(Drawn::certain(-3.0).sign(), Sign::Negative);
        assert_eq!(Ordered::certain(0.0).sign(), Sign::Zero);
    }
}
