//! Sectors of an inventory that go to several sectors of a table: split by purchases of energy.
//!
//! ```text
//! w_j = e_j / Σ_k e_k,  e_j = Σ_i∈energy max(z_ij, 0)     over the candidates j
//! ```
//!
//! Where no candidate buys energy, output takes the place of `e`; where none has output, all weights are
//! equal. Purchases are in money, so a sector that pays less for a tonne is given too little: an
//! assumption.
//! Source: METHODS A6 of this project.

use super::regional::RegionalTables;
use super::{Imports, RawTable};
use crate::labels::Industries;
use crate::linalg::Dense;

/// What the weights of a split rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// There is one candidate.
    Only,
    /// Purchases of energy.
    Energy,
    /// Output, because no candidate buys energy.
    Output,
    /// Nothing: no candidate has output.
    Equal,
}

/// Weights of the candidates of a split, in their order; they sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// One for each candidate.
    pub weights: Vec<f64>,
    /// What they rest on.
    pub basis: Basis,
}

/// Weights of candidates that buy energy for `purchases` and have `output`, one entry each.
///
/// # Panics
/// If there is no candidate, or the lengths differ.
#[track_caller]
pub fn weights(purchases: &[f64], output: &[f64]) -> Split {
    assert!(!purchases.is_empty(), "a split needs a candidate");
    assert_eq!(purchases.len(), output.len(), "one output for each candidate");
    if purchases.len() == 1 {
        return Split { weights: vec![1.0], basis: Basis::Only };
    }
    for (sizes, basis) in [(purchases, Basis::Energy), (output, Basis::Output)] {
        let sum: f64 = sizes.iter().map(|size| size.max(0.0)).sum();
        if sum > 0.0 && sum.is_finite() {
            return Split {
                weights: sizes.iter().map(|size| size.max(0.0) / sum).collect(),
                basis,
            };
        }
    }
    let share = 1.0 / purchases.len() as f64;
    Split { weights: vec![share; purchases.len()], basis: Basis::Equal }
}

/// Purchases by product and industry, and output by industry.
#[derive(Debug, Clone)]
pub struct Purchases {
    industries: Industries,
    bought: Dense,
    output: Vec<f64>,
}

impl Purchases {
    /// Of an inter-regional table: its flows over all origins, with imports where known by product.
    pub fn of(table: &RawTable) -> Self {
        let industries = table.industries.clone();
        let (products, n) = (industries.sectors.len(), industries.len());
        let mut bought = Dense::zeros(products, n);
        for row in 0..n {
            let into = bought.row_mut(row % products);
            table.flows.each_in_row(row, |j, value| into[j] += value);
        }
        if let Imports::ByProduct { intermediate, .. } = &table.imports {
            let more = intermediate.values();
            bought.values_mut().iter_mut().zip(more).for_each(|(all, imported)| *all += imported);
        }
        Purchases { industries, bought, output: table.output.clone() }
    }

    /// Of single-region tables.
    ///
    /// # Panics
    /// If the industries are not those of the tables.
    #[track_caller]
    pub fn of_regions(tables: &RegionalTables, industries: &Industries) -> Self {
        let products = industries.sectors.len();
        assert_eq!(tables.regions.len(), industries.regions.len(), "one table for each region");
        assert_eq!(tables.sectors.len(), products, "the tables' sectors");
        let mut bought = Dense::zeros(products, industries.len());
        let mut output = Vec::with_capacity(industries.len());
        for (r, table) in tables.regions.iter().enumerate() {
            for i in 0..products {
                bought.row_mut(i)[r * products..][..products].copy_from_slice(table.flows.row(i));
            }
            output.extend_from_slice(&table.output);
        }
        Purchases { industries: industries.clone(), bought, output }
    }

    /// Output by industry.
    pub fn output(&self) -> &[f64] {
        &self.output
    }

    /// Shares of candidate sectors of a region, each with a prior weight, by what they buy of some
    /// products; by output where they buy nothing, alike where they make nothing. They sum to 1.
    ///
    /// # Panics
    /// If there is no candidate.
    pub fn shares(
        &self,
        region: usize,
        candidates: &[(usize, f64)],
        products: &[usize],
    ) -> Vec<f64> {
        let at = |sector: usize| self.industries.index(region, sector);
        let bought = |sector: usize| -> f64 {
            products.iter().map(|i| self.bought[(*i, at(sector))].max(0.0)).sum()
        };
        let purchases: Vec<f64> = candidates.iter().map(|(s, w)| w * bought(*s)).collect();
        let output: Vec<f64> = candidates.iter().map(|(s, w)| w * self.output[at(*s)]).collect();
        weights(&purchases, &output).weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::{Axis, Label};

    #[test]
    fn weights_sum_to_one_on_whatever_they_rest() {
        for (purchases, output, basis) in [
            (vec![3.0, 1.0], vec![1.0, 9.0], Basis::Energy),
            (vec![0.0, -2.0], vec![1.0, 3.0], Basis::Output),
            (vec![0.0, 0.0], vec![0.0, 0.0], Basis::Equal),
            (vec![0.0], vec![0.0], Basis::Only),
        ] {
            let split = weights(&purchases, &output);
            assert_eq!(split.basis, basis);
            assert!((split.weights.iter().sum::<f64>() - 1.0).abs() < 1e-15);
            assert!(split.weights.iter().all(|weight| *weight >= 0.0));
        }
        assert_eq!(weights(&[0.0, -2.0], &[1.0, 3.0]).weights, [0.25, 0.75]);
    }

    #[test]
    fn shares_go_by_purchases_then_by_output() {
        let axis = |kind, codes: [&str; 2]| Axis::new(kind, codes.map(Label::code)).unwrap();
        let industries =
            Industries { regions: axis("region", ["r", "s"]), sectors: axis("sector", ["a", "b"]) };
        let bought = Dense::from_rows(&[vec![3.0, 1.0, 0.0, 0.0], vec![5.0, 9.0, 7.0, 0.0]]);
        let purchases = Purchases { industries, bought, output: vec![1.0, 1.0, 1.0, 3.0] };
        let candidates = [(0, 0.5), (1, 0.5)];
        assert_eq!(purchases.shares(0, &candidates, &[0]), [0.75, 0.25]);
        assert_eq!(purchases.shares(1, &candidates, &[0]), [0.25, 0.75]);
        assert_eq!(purchases.shares(1, &candidates, &[0, 1]), [1.0, 0.0]);
    }
}
