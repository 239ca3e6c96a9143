//! Closer realism: what a bare relocation leaves out. Each part is a switch, off unless asked for.
//!
//! Every method is a function of plain numbers: a [`Shift`] (output before and after the move, the
//! moves and the output of their plants) and quantities [`PerUnit`] of output. None of them changes
//! the shift it is given: each returns a change by industry or region to report beside it or to add
//! to it. The answers are first-order: demand that a switch adds is met by the table's own
//! coefficients, not by those that the moves leave behind.
//!
//! | switch | question | off |
//! |---|---|---|
//! | [`backfill`] | what follows at the place left | share 0 |
//! | [`households`] | who spends the wages, and where | nothing spent; nobody follows |
//! | [`tax`] | who has the taxes | share 0, or no years |
//! | [`construction`] | what does building the plants emit, when is it paid back | ratio 0 |
//! | [`freight`] | what does hauling emit | no product, or factor 0 |
//! | [`electricity`] | whose power stations serve the plants | factors 0 |
//! | [`capacity`] | how much room is left | no limit |
//! | [`plausibility`] | how many tonnes and plants is that | no product |
//! | [`vintage`] | how old is the equipment | nothing replaced |
//! | [`employment`] | how many jobs | drift 0 |
//!
//! METHODS B7.

pub mod backfill;
pub mod capacity;
pub mod construction;
pub mod electricity;
pub mod employment;
#[cfg(test)]
mod example;
pub mod freight;
pub mod households;
pub mod plausibility;
pub mod tax;
pub mod vintage;

use crate::labels::Industries;
use crate::relocation::Move;
use crate::table::{Imports, Table};
use crate::text::human;

/// Why a switch cannot be used as it is set.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RealismError {
    /// A number out of its range.
    #[error("{what} is {}, expected {expected}", human(*.value))]
    Number {
        /// Which number.
        what: String,
        /// The value.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// Shares that must make a whole do not.
    #[error("{what} add up to {}, expected 1", human(*.value))]
    Sum {
        /// Which shares.
        what: String,
        /// What they add up to.
        value: f64,
    },
    /// A list has another length than what it is about.
    #[error("{what}: {found} numbers, expected {expected}")]
    Count {
        /// Which list.
        what: String,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A region has no demand of the kind whose structure shall be copied.
    #[error(
        "{region} has no {kind} in the table, so there is no structure to copy; name other categories of households, or goods of building"
    )]
    NoStructure {
        /// The region.
        region: String,
        /// What was looked for.
        kind: &'static str,
    },
    /// Households spend so much of what their spending earns them that nothing finite comes of it.
    #[error(
        "each round of wages and spending is {} times the one before: no finite output meets it; lower the share of \
         wages that is spent",
        human(*.growth)
    )]
    NoSolution {
        /// Size of a round relative to the one before.
        growth: f64,
    },
    /// The output freed by a move would be replaced by the same sector.
    #[error("move {}: the sector that moves out cannot fill its own place; name another", index + 1)]
    OwnPlace {
        /// Which move, counted from 0.
        index: usize,
    },
    /// The power sector itself moves, but where power is generated is given from outside.
    #[error(
        "move {}: it moves the power sector itself, while the flow of power and its factors are given from outside; \
         change those instead",
        index + 1
    )]
    PowerMoves {
        /// Which move, counted from 0.
        index: usize,
    },
}

/// A quantity per unit of output: of every industry, and of the plants of every move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerUnit<'a> {
    /// One entry per industry.
    pub industries: &'a [f64],
    /// One entry per move.
    pub plants: &'a [f64],
}

/// What moves do to output, in plain numbers: all that the switches need to know of them.
#[derive(Debug, Clone, Copy)]
pub struct Shift<'a> {
    industries: &'a Industries,
    before: &'a [f64],
    established: &'a [f64],
    moves: &'a [Move],
    relocated: &'a [f64],
}

impl<'a> Shift<'a> {
    /// A shift of output.
    ///
    /// `before` and `established` have one entry per industry: output without the moves, and that of
    /// the plants that were there before with them; `relocated` is the output of the plants of each
    /// move. All are in the table's unit.
    ///
    /// # Panics
    /// If the numbers of entries do not fit.
    #[track_caller]
    pub fn new(
        industries: &'a Industries,
        before: &'a [f64],
        established: &'a [f64],
        moves: &'a [Move],
        relocated: &'a [f64],
    ) -> Self {
        assert_eq!(before.len(), industries.len(), "one output per industry expected");
        assert_eq!(established.len(), industries.len(), "one output per industry expected");
        assert_eq!(relocated.len(), moves.len(), "one output per move expected");
        Shift { industries, before, established, moves, relocated }
    }

    /// Regions and sectors.
    pub fn industries(&self) -> &'a Industries {
        self.industries
    }

    /// Output by industry without the moves.
    pub fn before(&self) -> &'a [f64] {
        self.before
    }

    /// Output by industry of the plants that were there before, with the moves.
    pub fn established(&self) -> &'a [f64] {
        self.established
    }

    /// Output by industry with the moves, relocated plants counted in the receiving one.
    pub fn after(&self) -> Vec<f64> {
        let mut after = self.established.to_vec();
        for (mv, g) in self.plants() {
            after[self.industries.index(mv.to, mv.sector)] += g;
        }
        after
    }

    /// The moves, each with the output of its plants.
    pub fn plants(&self) -> impl Iterator<Item = (&'a Move, f64)> + use<'a> {
        self.moves.iter().zip(self.relocated.iter().copied())
    }

    /// Change of a quantity by industry; relocated plants count in the receiving one.
    ///
    /// ```text
    /// ΔF = c ∘ (x' − x) + Σ_k g_k c*_k
    /// ```
    ///
    /// Exactly zero where nothing moves.
    ///
    /// # Panics
    /// If there is not one entry per industry and per move.
    #[track_caller]
    pub fn change(&self, per_unit: PerUnit) -> Vec<f64> {
        assert_eq!(per_unit.industries.len(), self.before.len(), "one entry per industry expected");
        assert_eq!(per_unit.plants.len(), self.moves.len(), "one entry per move expected");
        let outputs = self.established.iter().zip(self.before);
        let mut change: Vec<f64> =
            outputs.zip(per_unit.industries).map(|((new, old), c)| c * (new - old)).collect();
        for ((mv, g), c) in self.plants().zip(per_unit.plants) {
            change[self.industries.index(mv.to, mv.sector)] += g * c;
        }
        change
    }
}

/// A quantity of a change of output, by industry: `c ∘ Δx`.
///
/// # Panics
/// If the two differ in length.
#[track_caller]
pub fn at_intensities(change: &[f64], intensities: &[f64]) -> Vec<f64> {
    assert_eq!(change.len(), intensities.len(), "one intensity per industry expected");
    change.iter().zip(intensities).map(|(x, c)| c * x).collect()
}

/// Purchases from each industry per unit of money spent through some columns of final demand.
///
/// ```text
/// b = y / (1'y + m)
/// ```
///
/// with `m` the imports of the columns: what is spent on them reaches no industry of the table, so
/// that `b` adds up to the domestic share. `None` where nothing is spent.
fn spending_structure(table: &Table, columns: &[usize]) -> Option<Vec<f64>> {
    let bought = table.final_demand().sum_of(columns);
    let imported = |column: usize| match table.imports() {
        Imports::ByProduct { final_demand, .. } => {
            (0..final_demand.shape().0).map(|product| final_demand[(product, column)]).sum()
        }
        Imports::OneRow { final_demand, .. } => final_demand[column],
        Imports::None => 0.0,
    };
    let spent =
        bought.iter().sum::<f64>() + columns.iter().map(|&column| imported(column)).sum::<f64>();
    (spent > 0.0).then(|| bought.iter().map(|y| y / spent).collect())
}

/// Whether a number is a share, from 0 to 1.
fn share(what: impl Into<String>, value: f64) -> Result<(), RealismError> {
    let fits = (0.0..=1.0).contains(&value);
    fits.then_some(()).ok_or_else(|| RealismError::Number {
        what: what.into(),
        value,
        expected: "a share from 0 to 1",
    })
}

/// Whether a number is finite and not negative.
fn not_negative(what: impl Into<String>, value: f64) -> Result<(), RealismError> {
    let fits = value.is_finite() && value >= 0.0;
    fits.then_some(()).ok_or_else(|| RealismError::Number {
        what: what.into(),
        value,
        expected: "a number from 0",
    })
}

/// Whether a number is finite and above zero.
fn positive(what: impl Into<String>, value: f64) -> Result<(), RealismError> {
    let fits = value.is_finite() && value > 0.0;
    fits.then_some(()).ok_or_else(|| RealismError::Number {
        what: what.into(),
        value,
        expected: "a number above 0",
    })
}

/// Whether a list has as many numbers as it should.
fn count(what: impl Into<String>, found: usize, expected: usize) -> Result<(), RealismError> {
    (found == expected).then_some(()).ok_or_else(|| RealismError::Count {
        what: what.into(),
        found,
        expected,
    })
}

/// Whether shares make a whole, to the rounding of a file that prints nine digits.
fn whole(what: impl Into<String>, value: f64) -> Result<(), RealismError> {
    let fits = (value - 1.0).abs() <= 1e-9;
    fits.then_some(()).ok_or_else(|| RealismError::Sum { what: what.into(), value })
}

#[cfg(test)]
mod tests {
    use super::example::{A_TO_B, close, two_by_two};
    use super::*;

    /// Fall of 8 at the origin, 8 at the destination, of unlike intensity:
    /// −8·1/2 = −4 and 8·1/4 = 2.
    #[test]
    fn a_shift_counts_plants_at_the_destination() {
        let table = two_by_two();
        let established = [24.0, 16.0, 32.0, 16.0];
        let shift = Shift::new(table.industries(), table.output(), &established, &A_TO_B, &[8.0]);
        close(&shift.after(), &[24.0, 16.0, 40.0, 16.0]);
        let per_unit = PerUnit { industries: &[0.5, 2.0, 0.25, 0.5], plants: &[0.25] };
        close(&shift.change(per_unit), &[-4.0, 0.0, 2.0, 0.0]);
    }

    #[test]
    fn no_move_changes_nothing() {
        let table = two_by_two();
        let shift = Shift::new(table.industries(), table.output(), table.output(), &A_TO_B, &[0.0]);
        let per_unit = PerUnit { industries: &[0.5, 2.0, 0.25, 0.5], plants: &[0.25] };
        assert_eq!(shift.change(per_unit), [0.0; 4]);
        assert_eq!(shift.after(), table.output());
    }

    /// Households of a spend 4 + 2 + 2 of 8: (1/2, 1/4, 1/4, 0); without imports all of it is domestic.
    #[test]
    fn a_structure_is_purchases_per_unit_spent() {
        let table = two_by_two();
        close(&spending_structure(&table, &[0]).unwrap(), &[0.5, 0.25, 0.25, 0.0]);
        assert_eq!(spending_structure(&table, &[]), None);
    }

    #[test]
    fn a_faulty_number_is_told_with_what_it_may_be() {
        assert_eq!(
            share("the share of backfill", 1.5).unwrap_err().to_string(),
            "the share of backfill is 1.50, expected a share from 0 to 1"
        );
        assert!(share("x", f64::NAN).is_err());
        assert!(not_negative("x", f64::INFINITY).is_err());
        assert!(positive("x", 0.0).is_err());
        assert!(whole("x", 0.99).is_err());
        assert!(count("x", 1, 2).is_err());
    }
}
