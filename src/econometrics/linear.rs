//! Linear estimators: a transformation of the columns, and least squares on what it gives.
//!
//! ```text
//! pooled               y_it = a + x_it'b + e_it
//! between              ȳ_i  = a + x̄_i'b + e_i
//! first differences    Δy_it = a + Δx_it'b + e_it       (a as an option)
//! within               M_D y = M_D X b + e               (fixed effects D of any number)
//! ```
//!
//! Source: Baltagi (2021), *Econometric Analysis of Panel Data*, ch. 2–3.

use std::sync::Arc;

use rayon::prelude::*;

use super::EstimationError;
use super::absorb::{Effects, parameters};
use super::design::{CONSTANT, Design, Grouping};
use crate::linalg::Dense;
use crate::linalg::least_squares::{Basis, add, dot, shortened};

/// Part of a column's length below which it counts as made up by others.
pub const COLLINEAR: f64 = 1e-9;

/// Rows from which a basis as long as the columns is not made.
const LONG: usize = 1 << 16;

/// Columns that least squares are to be fitted to.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Response.
    pub y: Vec<f64>,
    /// Regressors.
    pub x: Vec<Vec<f64>>,
    /// Names of the regressors.
    pub names: Vec<String>,
    /// Length of each regressor before anything was taken out of it.
    pub scales: Vec<f64>,
    /// Length of the response before anything was taken out of it.
    pub scale: f64,
    /// Units of the observations.
    pub units: Grouping,
    /// Periods of the observations.
    pub periods: Grouping,
    /// What each period counts as.
    pub times: Vec<i64>,
    /// Effects that were taken out.
    pub absorbed: Vec<Grouping>,
    /// Parameters that were taken out.
    pub absorbed_parameters: usize,
    /// Roots of the weights that the columns were multiplied by.
    pub roots: Option<Vec<f64>>,
    /// Whether weights are counts of observations.
    pub frequencies: bool,
    /// Number of observations; with counts, their sum.
    pub count: f64,
    /// Whether a constant is among regressors or absorbed effects.
    pub has_constant: bool,
}

fn length(values: &[f64]) -> f64 {
    dot(values, values).sqrt()
}

fn lengths(x: &[Vec<f64>]) -> Vec<f64> {
    x.iter().map(|column| length(column)).collect()
}

impl Columns {
    fn plain(design: &Design, y: Vec<f64>, x: Vec<Vec<f64>>, names: Vec<String>) -> Self {
        let count = match &design.weights {
            Some(counts) if design.frequencies => counts.iter().sum(),
            _ => y.len() as f64,
        };
        Columns {
            frequencies: design.frequencies,
            count,
            scales: lengths(&x),
            scale: length(&y),
            y,
            x,
            names,
            units: design.units.clone(),
            periods: design.periods.clone(),
            times: design.times.clone(),
            absorbed: Vec::new(),
            absorbed_parameters: 0,
            roots: design.weights.as_ref().map(|own| own.iter().map(|w| w.sqrt()).collect()),
            has_constant: false,
        }
    }

    fn of(design: &Design) -> Self {
        let x = design.regressors.par_iter().map(|own| own.values.to_vec()).collect();
        Columns::plain(design, design.response.values.to_vec(), x, design.names())
    }

    /// Puts a constant before the regressors.
    fn with_constant(mut self) -> Self {
        self.x.insert(0, vec![1.0; self.y.len()]);
        self.names.insert(0, CONSTANT.to_owned());
        self.scales.insert(0, (self.y.len() as f64).sqrt());
        self.has_constant = true;
        self
    }

    /// Multiplies everything by the roots of the weights.
    fn weighted(mut self) -> Self {
        if let Some(roots) = &self.roots {
            for column in self.x.iter_mut().chain(std::iter::once(&mut self.y)) {
                column.iter_mut().zip(roots).for_each(|(value, root)| *value *= root);
            }
        }
        self
    }

    /// As observed, with a constant.
    pub fn pooled(design: &Design, constant: bool) -> Self {
        let columns = Columns::of(design);
        let columns = if constant { columns.with_constant() } else { columns };
        columns.weighted()
    }

    /// Effects taken out; with none, and no constant, that is the response on the regressors alone.
    ///
    /// # Errors
    /// If the effects cannot be taken out.
    pub fn within(design: &Design, absorbed: Vec<Grouping>) -> Result<Self, EstimationError> {
        let mut columns = Columns::of(design);
        let effects = Effects::new(&absorbed, design.weights.as_deref());
        let mut all = std::mem::take(&mut columns.x);
        all.push(std::mem::take(&mut columns.y));
        effects.take_out(&mut all).map_err(|error| EstimationError::Other(error.to_string()))?;
        columns.y = all.pop().unwrap_or_default();
        columns.x = all;
        columns.absorbed_parameters = parameters(&absorbed);
        columns.has_constant = !absorbed.is_empty();
        columns.absorbed = absorbed;
        Ok(columns.weighted())
    }

    /// Means of each unit, with a constant.
    pub fn between(design: &Design) -> Self {
        let stretches = design.stretches();
        let means = |values: &[f64]| -> Vec<f64> {
            let mean = |own: &std::ops::Range<usize>| {
                values[own.clone()].iter().sum::<f64>() / own.len() as f64
            };
            stretches.iter().map(mean).collect()
        };
        let x = design.regressors.iter().map(|own| means(&own.values)).collect();
        let mut columns = Columns::plain(design, means(&design.response.values), x, design.names());
        columns.units.codes = Arc::new((0..design.units.count() as u32).collect());
        columns.periods = Grouping {
            name: design.periods.name.clone(),
            codes: vec![0; stretches.len()].into(),
            labels: vec!["mean".to_owned()],
        };
        columns.times = vec![0];
        columns.roots = None;
        columns.with_constant()
    }

    /// Differences between a unit's observations and the ones before.
    pub fn first_differences(design: &Design, constant: bool) -> Self {
        let later: Vec<usize> = (1..design.len())
            .filter(|at| design.units.codes[*at] == design.units.codes[at - 1])
            .collect();
        let differences = |values: &[f64]| {
            later.iter().map(|at| values[*at] - values[at - 1]).collect::<Vec<f64>>()
        };
        let x = design.regressors.iter().map(|own| differences(&own.values)).collect();
        let mut columns =
            Columns::plain(design, differences(&design.response.values), x, design.names());
        let pick = |own: &Grouping| {
            let rows: Vec<u32> = later.iter().map(|at| *at as u32).collect();
            Grouping::of_rows(&own.name, &own.codes, &own.labels, &rows)
        };
        columns.units = pick(&design.units);
        columns.periods = pick(&design.periods);
        columns.times = columns
            .periods
            .labels
            .iter()
            .filter_map(|label| {
                let at = design.periods.labels.iter().position(|own| own == label)?;
                Some(design.times[at])
            })
            .collect();
        columns.roots = None;
        if constant { columns.with_constant() } else { columns }
    }

    /// A share of each unit's (and period's) mean taken out: `z_it − θ_i z̄_i`, the constant being a regressor.
    pub fn partly_demeaned(design: &Design, demean: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        let mut columns = Columns::of(design).with_constant();
        columns.y = demean(&columns.y);
        for column in &mut columns.x {
            *column = demean(column);
        }
        columns.roots = None;
        columns
    }

    /// Number of observations.
    pub fn len(&self) -> usize {
        self.y.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.y.is_empty()
    }
}

/// Basis of the regressors, coefficients of those that are kept, and residuals. Of many rows the basis is that of short
/// columns with the same lengths and angles.
fn solved(columns: &Columns) -> (Basis, Vec<f64>, Vec<f64>) {
    if columns.len() < LONG {
        let basis = Basis::of(&columns.x, &columns.scales, COLLINEAR);
        let (coefficients, residuals) = basis.solve(&columns.y);
        return (basis, coefficients, residuals);
    }
    let all: Vec<&[f64]> =
        columns.x.iter().chain([&columns.y]).map(|column| column.as_slice()).collect();
    let mut short = shortened(&all);
    let y = short.pop().unwrap_or_default();
    let basis = Basis::of(&short, &columns.scales, COLLINEAR);
    let (coefficients, _) = basis.solve(&y);
    let mut residuals = columns.y.clone();
    for (at, b) in basis.kept().iter().zip(&coefficients) {
        add(&mut residuals, -b, &columns.x[*at]);
    }
    (basis, coefficients, residuals)
}

/// Least squares.
#[derive(Debug, Clone)]
pub struct Fit {
    /// Columns that were fitted, without regressors that were dropped.
    pub columns: Columns,
    /// Names of the regressors that others make up.
    pub dropped: Vec<String>,
    /// Coefficients.
    pub coefficients: Vec<f64>,
    /// `(X'X)⁻¹`.
    pub bread: Dense,
    /// What regressors multiply residuals by in covariances: X, or its projection on instruments.
    pub scores: Vec<Vec<f64>>,
    /// Residuals of the transformed columns.
    pub residuals: Vec<f64>,
    /// Sum of squared residuals.
    pub ssr: f64,
    /// Observations less coefficients and effects.
    pub df: f64,
}

impl Fit {
    /// Fits the columns; regressors that others make up are dropped and named.
    ///
    /// # Errors
    /// No regressor left, too few observations, or nothing left to explain.
    pub fn of(columns: Columns) -> Result<Self, EstimationError> {
        let (basis, coefficients, residuals) = solved(&columns);
        let bread = basis.bread();
        let fit = Fit::assemble(columns, &basis, coefficients, residuals, bread)?;
        if fit.ssr.sqrt() <= 1e-12 * fit.columns.scale {
            return Err(EstimationError::PerfectFit("the response".to_owned()));
        }
        Ok(fit)
    }

    fn assemble(
        mut columns: Columns,
        basis: &Basis,
        coefficients: Vec<f64>,
        residuals: Vec<f64>,
        bread: Dense,
    ) -> Result<Self, EstimationError> {
        let dropped: Vec<String> =
            basis.dropped().iter().map(|at| columns.names[*at].clone()).collect();
        if basis.kept().is_empty() {
            return Err(EstimationError::NothingLeft(dropped));
        }
        if !dropped.is_empty() {
            let keep = |own: &mut Vec<Vec<f64>>| {
                let mut at = 0;
                own.retain(|_| {
                    at += 1;
                    basis.kept().contains(&(at - 1))
                });
            };
            keep(&mut columns.x);
            columns.names = basis.kept().iter().map(|at| columns.names[*at].clone()).collect();
            columns.scales = basis.kept().iter().map(|at| columns.scales[*at]).collect();
        }
        let parameters = coefficients.len() + columns.absorbed_parameters;
        if columns.count <= parameters as f64 {
            let observations = columns.count as usize;
            return Err(EstimationError::TooFew { observations, parameters });
        }
        Ok(Fit {
            df: columns.count - parameters as f64,
            ssr: dot(&residuals, &residuals),
            columns,
            dropped,
            coefficients,
            bread,
            scores: Vec::new(),
            residuals,
        })
    }

    /// Columns that multiply residuals in covariances.
    pub fn scores(&self) -> &[Vec<f64>] {
        if self.scores.is_empty() { &self.columns.x } else { &self.scores }
    }

    /// `s² = e'e / df`.
    pub fn variance(&self) -> f64 {
        self.ssr / self.df
    }

    /// Sum of squares of the transformed response around its mean where there is a constant (as regressor).
    pub fn total(&self) -> f64 {
        let y = &self.columns.y;
        if self.columns.has_constant && self.columns.absorbed.is_empty() {
            match &self.columns.roots {
                None => {
                    let mean = y.iter().sum::<f64>() / y.len() as f64;
                    y.iter().map(|value| (value - mean).powi(2)).sum()
                }
                Some(roots) => {
                    let mean = dot(y, roots) / dot(roots, roots);
                    y.iter().zip(roots).map(|(value, root)| (value - mean * root).powi(2)).sum()
                }
            }
        } else {
            dot(y, y)
        }
    }

    /// `1 − e'e / y'y`.
    pub fn r_squared(&self) -> f64 {
        1.0 - self.ssr / self.total()
    }
}
