//! The table of a region that has none, from the country's own and the region's output.
//!
//! ```text
//! SLQ_i   = (x_i^r / x^r) / (X_i / X)
//! CILQ_ij = SLQ_i / SLQ_j                       (SLQ_i where i = j)
//! FLQ_ij  = λ · CILQ_ij,  λ = log2(1 + x^r/X)^δ
//! AFLQ_ij = FLQ_ij · log2(1 + SLQ_j)            where SLQ_j > 1, else FLQ_ij
//! z*_ij = a_ij x_j^r,   of which min(1, LQ_ij) is made in the region
//! ```
//!
//! Technology is the country's; what the quotient does not let the region make itself is bought from
//! outside. Final demand is the country's in proportion to value added, its own part `min(1, SLQ_i)`.
//! What the region makes beyond its own use it sells outside.
//! Source: Miller & Blair (2009), ch. 8.2; Flegg, Webber & Elliott (1995), Flegg & Webber (2000).

#![allow(non_snake_case)]

use crate::labels::Label;
use crate::linalg::Dense;
use crate::table::Role;
use crate::table::regional::{OpenTrade, RegionalTable, RegionalTables};

/// Which quotient tells a region's own supply.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quotient {
    /// Simple: one for each product.
    Simple,
    /// Cross-industry: seller against buyer.
    CrossIndustry,
    /// Flegg's, with the region's size; δ mostly about 0.3.
    Flegg {
        /// Exponent of the size term.
        delta: f64,
    },
    /// Flegg's, augmented for sectors that the region is specialised in.
    AugmentedFlegg {
        /// Exponent of the size term.
        delta: f64,
    },
}

impl Quotient {
    /// The word files use for it.
    pub fn word(self) -> &'static str {
        match self {
            Quotient::Simple => "slq",
            Quotient::CrossIndustry => "cilq",
            Quotient::Flegg { .. } => "flq",
            Quotient::AugmentedFlegg { .. } => "aflq",
        }
    }

    /// Quotients of sellers (rows) against buyers, not capped; 0 where the region makes nothing.
    pub fn of(self, region: &[f64], country: &[f64]) -> Dense {
        let simple = simple_quotients(region, country);
        let (x, X): (f64, f64) = (region.iter().sum(), country.iter().sum());
        let size = |delta: f64| if X > 0.0 { (1.0 + x / X).log2().powf(delta) } else { 0.0 };
        let count = region.len();
        let mut found = Dense::zeros(count, count);
        for i in 0..count {
            for j in 0..count {
                let cross = if i == j {
                    simple[i]
                } else if simple[j] > 0.0 {
                    simple[i] / simple[j]
                } else {
                    0.0
                };
                found[(i, j)] = match self {
                    Quotient::Simple => simple[i],
                    Quotient::CrossIndustry => cross,
                    Quotient::Flegg { delta } => size(delta) * cross,
                    Quotient::AugmentedFlegg { delta } => {
                        let special = if simple[j] > 1.0 { (1.0 + simple[j]).log2() } else { 1.0 };
                        size(delta) * cross * special
                    }
                };
            }
        }
        found
    }
}

/// Share of a product in the region's output over its share in the country's; 0 where the country makes
/// none.
pub fn simple_quotients(region: &[f64], country: &[f64]) -> Vec<f64> {
    let (x, X): (f64, f64) = (region.iter().sum(), country.iter().sum());
    region
        .iter()
        .zip(country)
        .map(|(xi, Xi)| if x > 0.0 && *Xi > 0.0 { (xi / x) / (Xi / X) } else { 0.0 })
        .collect()
}

/// Table of a region from its output and the country's table; none if there is no national table.
///
/// # Panics
/// If there is not one output for each product.
#[track_caller]
pub fn table(
    tables: &RegionalTables,
    region: Label,
    output: &[f64],
    quotient: Quotient,
) -> Option<RegionalTable> {
    let national = tables.national.as_ref()?;
    let count = tables.sectors.len();
    assert_eq!(output.len(), count, "one output for each product");
    let coefficient = |value: f64, j: usize| {
        if national.output[j] > 0.0 { value / national.output[j] } else { 0.0 }
    };
    let scaled = |of: &Dense| {
        let rows: Vec<Vec<f64>> = (0..of.shape().0)
            .map(|i| (0..count).map(|j| coefficient(of[(i, j)], j) * output[j]).collect())
            .collect();
        Dense::from_rows(&rows)
    };
    let (flows, value_added) = (scaled(&national.flows), scaled(&national.value_added));
    let sum = |values: &Dense| values.values().iter().sum::<f64>();
    let share = sum(&value_added) / sum(&national.value_added);
    let mut final_demand = national.final_demand.clone();
    final_demand.values_mut().iter_mut().for_each(|value| *value *= share);
    let quotients = quotient.of(output, &national.output);
    let simple = simple_quotients(output, &national.output);
    let mut inflow = vec![0.0; count];
    for (i, bought) in inflow.iter_mut().enumerate() {
        for j in 0..count {
            *bought += (1.0 - quotients[(i, j)].min(1.0)) * flows[(i, j)].max(0.0);
        }
        for (k, category) in tables.categories.iter().enumerate() {
            if category.role != Role::Inventory {
                *bought += (1.0 - simple[i].min(1.0)) * final_demand[(i, k)].max(0.0);
            }
        }
    }
    // The quotient may leave the region with less own supply than it uses beyond its inflow.
    let used: Vec<f64> =
        flows.row_sums().iter().zip(final_demand.row_sums()).map(|(z, y)| z + y).collect();
    let mut outflow = vec![0.0; count];
    for i in 0..count {
        let own = output[i] - (used[i] - inflow[i]);
        if own < 0.0 {
            inflow[i] -= own;
        }
        outflow[i] = own.max(0.0);
    }
    Some(RegionalTable {
        region,
        sheet: format!("by {}", quotient.word()),
        flows,
        final_demand,
        trade: OpenTrade { outflow, inflow, outflow_split: None, inflow_split: None },
        error: vec![0.0; count],
        value_added,
        output: output.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: country (100, 300, 600), region (20, 30, 50); x/X = 0.1.
    #[test]
    fn quotients_of_three_sectors() {
        let (country, region) = ([100.0, 300.0, 600.0], [20.0, 30.0, 50.0]);
        let simple = simple_quotients(&region, &country);
        let expected = [2.0, 1.0, 0.5 / 0.6];
        for (found, wanted) in simple.iter().zip(expected) {
            assert!((found - wanted).abs() < 1e-12);
        }
        let cross = Quotient::CrossIndustry.of(&region, &country);
        assert!((cross[(1, 0)] - 0.5).abs() < 1e-12 && (cross[(0, 0)] - 2.0).abs() < 1e-12);
        let size = 1.1f64.log2().powf(0.3);
        let flegg = Quotient::Flegg { delta: 0.3 }.of(&region, &country);
        assert!((flegg[(1, 0)] - size * 0.5).abs() < 1e-12);
        let augmented = Quotient::AugmentedFlegg { delta: 0.3 }.of(&region, &country);
        // Buyer 0 is a speciality (SLQ 2), buyer 1 is not.
        assert!((augmented[(1, 0)] - size * 0.5 * 3f64.log2()).abs() < 1e-12);
        assert!((augmented[(0, 1)] - size * 2.0).abs() < 1e-12);
    }
}
