//! How well a table foretells a later one: value added and emissions by region.
//!
//! ```text
//! no change        v = v0
//! controls         x = (I − A0)⁻¹ f(T0; demand and exports as large as in the later year),  v = c0 ∘ x
//! controls, shares x = (I − A(T1))⁻¹ f(T1; the same),                                       v = c0 ∘ x
//! ```
//!
//! Controls are totals that are known of a later year before its table is: final demand of each region
//! by category, and the country's exports. The product mix, input coefficients, inventories and
//! intensities stay those of the base; only the origin shares `T` (who supplies whom, METHODS B1) are
//! then taken from the later table, and the difference is what knowing them is worth.
//!
//! Each prediction is also brought to the country's total of the later year, which leaves the error of
//! its distribution over regions: prices and efficiency that change everywhere alike drop out.

#![allow(non_snake_case)]

use crate::decomposition::shares::{FactorPair, PairError};
use crate::labels::Industries;
use crate::leontief::{LeontiefError, singular};
use crate::linalg::factor::Factor as LU;
use crate::table::Table;
use crate::units::Unit;

/// What a prediction knows of the later year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// Nothing.
    NoChange,
    /// Final demand by region and category, and exports.
    Controls,
    /// Those, and where every product came from.
    ControlsAndShares,
}

impl Knowledge {
    /// From the least to the most.
    pub const ALL: [Knowledge; 3] =
        [Knowledge::NoChange, Knowledge::Controls, Knowledge::ControlsAndShares];

    /// The word of results.
    pub fn word(self) -> &'static str {
        match self {
            Knowledge::NoChange => "no_change",
            Knowledge::Controls => "controls",
            Knowledge::ControlsAndShares => "controls_and_shares",
        }
    }
}

/// A quantity of the later year, foretold by region.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// What it knows.
    pub knowledge: Knowledge,
    /// Values by region.
    pub by_region: Vec<f64>,
    /// The same, brought to the country's true total.
    pub to_total: Vec<f64>,
    /// `Σ|foretold − true| / Σ true` over regions.
    pub error: f64,
    /// The same of the values brought to the total.
    pub error_to_total: f64,
}

/// All predictions of one quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Backcast {
    /// The word results use for it.
    pub code: String,
    /// Its unit.
    pub unit: Unit,
    /// True values of the later year by region.
    pub truth: Vec<f64>,
    /// In the order of [`Knowledge::ALL`].
    pub predictions: Vec<Prediction>,
}

/// Why there is no backcast.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BackcastError {
    /// The tables do not compare.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// A mixture of the years has no solution.
    #[error(transparent)]
    Leontief(#[from] LeontiefError),
}

/// Foretells every quantity of `later`, but output, from `base`.
///
/// # Errors
/// If the tables do not compare, or a mixture of them has no solution.
pub fn backcast(base: &Table, later: &Table) -> Result<Vec<Backcast>, BackcastError> {
    let pair = FactorPair::of(base, later)?;
    let outputs = [output(&pair, 0)?, output(&pair, 1)?];
    let industries = &pair.industries;
    let measured = pair.quantities.iter().enumerate().filter(|(_, q)| q.code != "output");
    let found = measured.map(|(at, quantity)| {
        let truth = industries.by_region(&quantity.observed[1]);
        let intensity = &pair.years[0].intensities[at];
        let values = |knowledge| match knowledge {
            Knowledge::NoChange => quantity.observed[0].clone(),
            Knowledge::Controls => times(intensity, &outputs[0]),
            Knowledge::ControlsAndShares => times(intensity, &outputs[1]),
        };
        let predictions = Knowledge::ALL
            .map(|knowledge| prediction(industries, knowledge, &values(knowledge), &truth));
        Backcast {
            code: quantity.code.clone(),
            unit: quantity.unit.clone(),
            truth,
            predictions: predictions.to_vec(),
        }
    });
    Ok(found.collect())
}

fn times(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a * b).collect()
}

fn prediction(
    industries: &Industries,
    knowledge: Knowledge,
    values: &[f64],
    truth: &[f64],
) -> Prediction {
    let by_region = industries.by_region(values);
    let (foretold, total): (f64, f64) = (by_region.iter().sum(), truth.iter().sum());
    let scale = if foretold == 0.0 { 0.0 } else { total / foretold };
    let to_total: Vec<f64> = by_region.iter().map(|value| value * scale).collect();
    let error = |found: &[f64]| {
        let gap: f64 = found.iter().zip(truth).map(|(a, b)| (a - b).abs()).sum();
        gap / truth.iter().map(|value| value.abs()).sum::<f64>()
    };
    let (error, error_to_total) = (error(&by_region), error(&to_total));
    Prediction { knowledge, by_region, to_total, error, error_to_total }
}

/// Output with the origin shares of one year, demand as large as in the later year, and all else of the
/// base.
fn output(pair: &FactorPair, shares: usize) -> Result<Vec<f64>, LeontiefError> {
    let (base, later) = (&pair.years[0], &pair.years[1]);
    let (T, origin) = (&pair.years[shares].sourcing, &pair.years[shares].export_origin);
    let (n, S) = (pair.industries.len(), pair.industries.sectors.len());
    let users = n + pair.demand_columns;
    let growth: Vec<f64> = (n..users)
        .map(|user| {
            let total = |year: usize| -> f64 {
                let kept = (0..S).map(|i| pair.years[year].inputs[(i, user)]).sum::<f64>();
                let excluded = pair.excluded.iter().zip(&pair.years[year].excluded);
                kept + excluded
                    .filter(|((_, other), _)| *other == user)
                    .map(|(_, values)| values.iter().sum::<f64>())
                    .sum::<f64>()
            };
            let before = total(0);
            if before == 0.0 { 1.0 } else { total(1) / before }
        })
        .collect();
    let (before, after): (f64, f64) = (base.exports.iter().sum(), later.exports.iter().sum());
    let exports = if before == 0.0 { 1.0 } else { after / before };
    let mut M = vec![0.0; n * n];
    let mut f = vec![0.0; n];
    for k in 0..n {
        let i = k % S;
        let row = &mut M[k * n..][..n];
        for (j, cell) in row.iter_mut().enumerate() {
            *cell = -T[(k, j)] * base.domestic[(i, j)] * base.inputs[(i, j)];
        }
        row[k] += 1.0;
        for (column, growth) in growth.iter().enumerate() {
            let user = n + column;
            f[k] += growth * T[(k, user)] * base.domestic[(i, user)] * base.inputs[(i, user)];
        }
        f[k] += origin[k] * exports * base.exports[i] + base.inventories[k] + base.error[k];
    }
    for (&(i, user), values) in pair.excluded.iter().zip(&base.excluded) {
        for (r, value) in values.iter().enumerate() {
            match user {
                j if j < n => M[(r * S + i) * n + j] -= value,
                _ => f[r * S + i] += growth[user - n] * value,
            }
        }
    }
    let lu = LU::of_rows(M, n)
        .map_err(|error| singular(error, "a mixture of the two years", &pair.industries))?;
    Ok(lu.solve(&f))
}
