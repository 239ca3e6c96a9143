//! Panel thresholds: slopes that change where a variable passes a value that is estimated.
//!
//! ```text
//! y_it = μ_i + z_it'b + x_it'd₁ 1(q_it ≤ γ) + x_it'd₂ 1(q_it > γ) + e_it
//! γ̂ = argmin SSR(γ)        F = (SSR₀ − SSR(γ̂)) / (SSR(γ̂) / n(T−1))
//! ```
//!
//! Interval of γ from the likelihood ratio, probability of F by drawing whole units' residuals with replacement; a
//! second threshold in sequence, and the first one found anew beside it. Source: Hansen (1999).

use rayon::prelude::*;

use super::design::{Design, Grouping};
use super::linear::COLLINEAR;
use super::{Distribution, EstimationError, Test};
use crate::draws::{Stream, parameter, quantile};
use crate::linalg::least_squares::{Basis, add, dot};
use crate::panel::evaluate::Variable;

/// What is asked of a threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Share of observations that lies beyond each end of the candidates.
    pub trim: f64,
    /// Number of quantiles that are candidates; none for every value.
    pub grid: Option<usize>,
    /// Look for a second threshold.
    pub double: bool,
    /// Draws for the probability of no threshold; none of it at 0.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
}

/// A threshold with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// γ̂
    pub at: f64,
    /// Sum of squared residuals at it.
    pub ssr: f64,
    /// Ends of the 95 % interval.
    pub interval: (f64, f64),
}

/// Thresholds, as they were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Sum of squared residuals without a threshold.
    pub linear_ssr: f64,
    /// The single threshold.
    pub single: Threshold,
    /// F of it.
    pub f: f64,
    /// The second one, F of it, and the first one found anew beside it.
    pub double: Option<(Threshold, f64, Threshold)>,
    /// Draws: probability and critical values at 10, 5, 1 %.
    pub drawn: Option<(Test, [f64; 3])>,
    /// Candidates.
    pub candidates: usize,
}

/// The regression without its thresholds.
struct Problem<'a> {
    design: &'a Design,
    regime: Vec<&'a [f64]>,
    q: &'a [f64],
    /// Regressors that do not change, with effects taken out.
    z: Basis,
    y: Vec<f64>,
    degrees: f64,
}

fn within(units: &Grouping, z: &[f64]) -> Vec<f64> {
    let mut out = z.to_vec();
    let sizes = units.sizes();
    for _ in 0..2 {
        let mut sums = vec![0.0; units.count()];
        units.codes.iter().zip(&out).for_each(|(code, z)| sums[*code as usize] += z);
        out.iter_mut()
            .zip(&*units.codes)
            .for_each(|(z, code)| *z -= sums[*code as usize] / sizes[*code as usize] as f64);
    }
    out
}

fn basis(columns: &[Vec<f64>]) -> Basis {
    let scales: Vec<f64> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
    Basis::of(columns, &scales, COLLINEAR)
}

/// Columns of the regime-dependent regressors, one for each regime: regressor by regressor within a regime.
pub fn regimes(x: &[&[f64]], q: &[f64], cuts: &[f64]) -> Vec<Vec<f64>> {
    let regime = |q: f64| cuts.iter().filter(|cut| q > **cut).count();
    let mut columns = Vec::new();
    for own in 0..=cuts.len() {
        for x in x {
            columns.push(
                x.iter().zip(q).map(|(x, q)| if regime(*q) == own { *x } else { 0.0 }).collect(),
            );
        }
    }
    columns
}

impl Problem<'_> {
    fn ssr(&self, y: &[f64], cuts: &[f64]) -> f64 {
        let columns: Vec<Vec<f64>> = regimes(&self.regime, self.q, cuts)
            .iter()
            .map(|column| self.z.residual(&within(&self.design.units, column)))
            .collect();
        let rest = basis(&columns).residual(y);
        dot(&rest, &rest)
    }

    /// The best of the candidates beside thresholds that are known.
    fn best(&self, y: &[f64], candidates: &[f64], known: &[f64]) -> Option<Threshold> {
        let all: Vec<f64> = candidates
            .par_iter()
            .map(|candidate| {
                let mut cuts = known.to_vec();
                cuts.push(*candidate);
                cuts.sort_by(f64::total_cmp);
                self.ssr(y, &cuts)
            })
            .collect();
        let best = (0..all.len()).min_by(|a, b| all[*a].total_cmp(&all[*b]))?;
        let variance = all[best] / self.degrees;
        let inside = |at: &usize| (all[*at] - all[best]) / variance <= critical();
        let low = (0..all.len()).find(inside)?;
        let high = (0..all.len()).rev().find(inside)?;
        Some(Threshold {
            at: candidates[best],
            ssr: all[best],
            interval: (candidates[low], candidates[high]),
        })
    }
}

/// The likelihood ratio that is passed with 5 % probability: `−2 ln(1 − √0.95)`.
pub fn critical() -> f64 {
    -2.0 * (1.0 - 0.95_f64.sqrt()).ln()
}

/// Candidates: distinct values between the trimmed quantiles, or so many quantiles of them.
fn candidates(q: &[f64], trim: f64, grid: Option<usize>) -> Vec<f64> {
    let mut sorted = q.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut found = match grid {
        None => {
            let (low, high) = (quantile(&sorted, trim), quantile(&sorted, 1.0 - trim));
            sorted.iter().copied().filter(|value| (low..=high).contains(value)).collect()
        }
        Some(count) => {
            let share =
                |at: usize| trim + (1.0 - 2.0 * trim) * at as f64 / (count.max(2) - 1) as f64;
            // The smallest value with at least that share at or below it.
            let place = |share: f64| {
                ((share * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len()) - 1
            };
            (0..count).map(|at| sorted[place(share(at))]).collect::<Vec<f64>>()
        }
    };
    found.dedup();
    found
}

/// Finds thresholds of `q` in the slopes of `regime`, the regressors of the design being those that do not change.
///
/// # Errors
/// A panel that is not balanced, or too few values of `q`.
pub fn find(
    design: &Design,
    regime: &[Variable],
    q: &[f64],
    options: &Options,
) -> Result<Found, EstimationError> {
    let (n, t) = design.balanced("a panel threshold")?;
    let units = &design.units;
    let z: Vec<Vec<f64>> = design.regressors.iter().map(|own| within(units, &own.values)).collect();
    let z = basis(&z);
    let y = within(units, &design.response.values);
    let rest = z.residual(&y);
    let degrees = (n * (t - 1)) as f64;
    let problem = Problem {
        design,
        regime: regime.iter().map(|own| own.values.as_slice()).collect(),
        q,
        z,
        y: rest,
        degrees,
    };
    let grid = candidates(q, options.trim, options.grid);
    if grid.len() < 3 {
        let text = format!(
            "the threshold variable has {} values between its trimmed ends; at least three are needed",
            grid.len()
        );
        return Err(EstimationError::Other(text));
    }
    let linear_ssr = problem.ssr(&problem.y, &[]);
    let none = || EstimationError::Other("no threshold could be found".to_owned());
    let single = problem.best(&problem.y, &grid, &[]).ok_or_else(none)?;
    let f = (linear_ssr - single.ssr) / (single.ssr / degrees);
    let double = if options.double { second(&problem, &grid, &single, options.trim) } else { None };
    let drawn = (options.draws > 0).then(|| drawn(&problem, &single, f, options));
    Ok(Found { linear_ssr, single, f, double, drawn, candidates: grid.len() })
}

/// Candidates that leave at least the trimmed share of observations between them and a known threshold.
fn apart(q: &[f64], grid: &[f64], known: f64, trim: f64) -> Vec<f64> {
    let least = (trim * q.len() as f64).ceil() as usize;
    let between = |own: &&f64| {
        let (low, high) = (own.min(known), own.max(known));
        q.iter().filter(|q| **q > low && **q <= high).count() >= least.max(1)
    };
    grid.iter().filter(between).copied().collect()
}

fn second(
    problem: &Problem<'_>,
    grid: &[f64],
    first: &Threshold,
    trim: f64,
) -> Option<(Threshold, f64, Threshold)> {
    let second = problem.best(&problem.y, &apart(problem.q, grid, first.at, trim), &[first.at])?;
    let anew = problem.best(&problem.y, &apart(problem.q, grid, second.at, trim), &[second.at])?;
    Some((second, (first.ssr - second.ssr) / (second.ssr / problem.degrees), anew))
}

/// Largest number of candidates of a draw.
const DRAWN: usize = 100;

fn drawn(problem: &Problem<'_>, single: &Threshold, f: f64, options: &Options) -> (Test, [f64; 3]) {
    let units = &problem.design.units;
    let stretches = problem.design.stretches();
    let t = stretches[0].len();
    // Residuals of the model with the threshold, fitted values of the one without.
    let residuals = |cuts: &[f64]| {
        let columns: Vec<Vec<f64>> = regimes(&problem.regime, problem.q, cuts)
            .iter()
            .map(|column| problem.z.residual(&within(units, column)))
            .collect();
        basis(&columns).residual(&problem.y)
    };
    let e = residuals(&[single.at]);
    let mut fitted = problem.y.clone();
    add(&mut fitted, -1.0, &residuals(&[]));
    let grid = candidates(problem.q, options.trim, Some(DRAWN));
    let one = |draw: u32| {
        let stream = Stream::new(options.seed, draw, parameter("threshold"));
        let mut y = fitted.clone();
        for (unit, stretch) in stretches.iter().enumerate() {
            let other = (stream.uniform(unit as u32) * stretches.len() as f64) as usize;
            let from = &stretches[other.min(stretches.len() - 1)];
            for step in 0..t {
                y[stretch.start + step] += e[from.start + step];
            }
        }
        let y = problem.z.residual(&within(units, &y));
        let linear = problem.ssr(&y, &[]);
        let best = grid.iter().map(|cut| problem.ssr(&y, &[*cut])).fold(f64::INFINITY, f64::min);
        (linear - best) / (best / problem.degrees)
    };
    let mut all: Vec<f64> = (0..options.draws).into_par_iter().map(one).collect();
    let p = all.iter().filter(|own| **own >= f).count() as f64 / all.len() as f64;
    all.sort_by(f64::total_cmp);
    let test = Test {
        name: "threshold".to_owned(),
        about: "no threshold".to_owned(),
        statistic: f,
        distribution: Distribution::Drawn,
        p,
    };
    (test, [0.9, 0.95, 0.99].map(|share| quantile(&all, share)))
}
