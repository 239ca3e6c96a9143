//! Wild cluster bootstrap: p of a coefficient where clusters are few.
//!
//! ```text
//! y* = X b̃ + v_g ũ         b̃, ũ under b_k = 0; v_g = ±1, one for each cluster
//! p  = share of draws with |t*| ≥ |t|
//! ```
//!
//! t has the clustered standard error, and so has every t*, from residuals of which effects are taken out anew. With eleven
//! clusters or fewer v has Webb's six points, for ±1 would give few different draws; where there are fewer draws of ±1 than
//! asked for, each is taken once. Source: Cameron, Gelbach & Miller (2008); Webb (2014); Roodman et al. (2019).

use rayon::prelude::*;

use super::EstimationError;
use super::absorb::Effects;
use super::design::Grouping;
use super::linear::Fit;
use crate::draws::{Stream, parameter};
use crate::linalg::least_squares::{Basis, dot};

/// Clusters up to which v has six points.
const FEW: usize = 11;

/// A coefficient among its draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wild {
    /// t with the clustered standard error, without a small-sample factor.
    pub t: f64,
    /// Share of draws at least as far from zero.
    pub p: f64,
    /// Draws that were taken.
    pub draws: u32,
}

/// What the draws of a coefficient have in common.
struct Problem<'a> {
    fit: &'a Fit,
    by: &'a Grouping,
    /// All regressors, to take them out of a draw's residuals.
    basis: Basis,
    /// The coefficient's regressor without the others.
    own: Vec<f64>,
    /// Residuals under the hypothesis.
    restricted: Vec<f64>,
}

/// Draws a coefficient of a least-squares fit, counted among those that were kept.
///
/// # Errors
/// A weighted or instrumented fit, fewer than two clusters, effects that cannot be taken out.
///
/// # Panics
/// If there is no such coefficient, or the groups are not of the fit's observations.
#[track_caller]
pub fn wild(
    fit: &Fit,
    by: &Grouping,
    coefficient: usize,
    (draws, seed): (u32, u64),
) -> Result<Wild, EstimationError> {
    assert_eq!(by.codes.len(), fit.columns.len(), "a group of each observation expected");
    let other = |text: &str| Err(EstimationError::Other(text.to_owned()));
    if fit.columns.roots.is_some() || !fit.scores.is_empty() {
        return other("the wild bootstrap is of least squares without weights and instruments");
    }
    if by.count() < 2 {
        return other("the wild bootstrap needs two clusters");
    }
    let problem = Problem::of(fit, by, coefficient);
    let t = problem.t(&fit.columns.y, &fit.residuals);
    if !t.is_finite() {
        return other("the clusters leave the coefficient no error that could be drawn");
    }
    let few = by.count() <= FEW;
    let all = if few { None } else { 1u64.checked_shl(by.count() as u32) };
    // Clusters above eleven have more signs than anybody draws, but for a dozen or so.
    let each = all.filter(|all| *all <= u64::from(draws));
    let count = each.map_or(draws, |all| all as u32);
    let name = parameter(&format!("wild {}", fit.columns.names[coefficient]));
    let found: Result<Vec<f64>, EstimationError> = (0..count)
        .into_par_iter()
        .map(|draw| {
            let stream = Stream::new(seed, draw, name);
            let v: Vec<f64> = (0..by.count())
                .map(|cluster| match (each, few) {
                    (Some(_), _) => {
                        if draw >> cluster & 1 == 0 {
                            1.0
                        } else {
                            -1.0
                        }
                    }
                    (None, true) => webb(stream.uniform(cluster as u32)),
                    (None, false) => {
                        if stream.uniform(cluster as u32) < 0.5 {
                            1.0
                        } else {
                            -1.0
                        }
                    }
                })
                .collect();
            problem.draw(&v)
        })
        .collect();
    let found = found?;
    // What is the draw itself, all signs alike, may differ by rounding.
    let far = found.iter().filter(|own| own.abs() >= t.abs() * (1.0 - 1e-12)).count();
    Ok(Wild { t, p: far as f64 / f64::from(count), draws: count })
}

/// One of `±√½, ±1, ±√(3/2)`.
fn webb(uniform: f64) -> f64 {
    let size = [0.5f64.sqrt(), 1.0, 1.5f64.sqrt()];
    let at = ((uniform * 6.0) as usize).min(5);
    if at < 3 { size[at] } else { -size[at - 3] }
}

impl<'a> Problem<'a> {
    fn of(fit: &'a Fit, by: &'a Grouping, coefficient: usize) -> Self {
        let x = &fit.columns.x;
        let scales: Vec<f64> = x.iter().map(|x| dot(x, x).sqrt()).collect();
        let mut others = (x.clone(), scales.clone());
        others.0.remove(coefficient);
        others.1.remove(coefficient);
        let without = Basis::of(&others.0, &others.1, 0.0);
        let own = without.residual(&x[coefficient]);
        Problem {
            fit,
            by,
            basis: Basis::of(x, &scales, 0.0),
            restricted: without.residual(&fit.columns.y),
            own,
        }
    }

    /// t of a response and its residuals.
    fn t(&self, y: &[f64], residuals: &[f64]) -> f64 {
        let mut sums = vec![0.0; self.by.count()];
        for ((x, e), code) in self.own.iter().zip(residuals).zip(&*self.by.codes) {
            sums[*code as usize] += x * e;
        }
        dot(&self.own, y) / dot(&sums, &sums).sqrt()
    }

    /// t of the draw with these factors of the clusters.
    fn draw(&self, v: &[f64]) -> Result<f64, EstimationError> {
        let one = |(u, code): (&f64, &u32)| u * v[*code as usize];
        let mut y: Vec<Vec<f64>> =
            vec![self.restricted.iter().zip(&*self.by.codes).map(one).collect()];
        let absorbed = &self.fit.columns.absorbed;
        Effects::new(absorbed, None)
            .take_out(&mut y)
            .map_err(|error| EstimationError::Other(error.to_string()))?;
        Ok(self.t(&y[0], &self.basis.residual(&y[0])))
    }
}
