//! Differences of the last year draw by draw, for what is told of draws together: ratios, and scenarios
//! that share their draws.

use super::Sampler;
use crate::agglomeration::Reading;

/// Scenario less baseline of the last year, draw by draw, by the reading of the headline.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences {
    /// The reading.
    pub reading: Reading,
    /// Numbers of the draws that have an answer.
    numbers: Vec<u32>,
    /// By quantity of the table, then draw, then region.
    values: Vec<Vec<f64>>,
    regions: usize,
}

impl Differences {
    /// How many draws there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Numbers of the draws: what a draw is made of depends on seed and number alone.
    pub fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.numbers.iter().copied()
    }

    /// Differences by region of the quantity at a position, draw by draw.
    pub fn of_quantity(&self, quantity: usize) -> impl Iterator<Item = &[f64]> + '_ {
        self.values[quantity].chunks_exact(self.regions)
    }
}

impl Sampler<'_, '_> {
    /// Differences of the last year in the scenario's own way, of draws with these numbers.
    pub(super) fn differences(&self, numbers: Vec<u32>, drawn: &[Vec<f64>]) -> Differences {
        let of = |quantity: usize| {
            let range = self.layout.variant(0, quantity);
            drawn.iter().flat_map(|values| &values[range.clone()]).copied().collect()
        };
        Differences {
            reading: self.chosen(),
            numbers,
            values: (0..self.quantities.len()).map(of).collect(),
            regions: self.layout.regions,
        }
    }
}
