//! Lagrange multipliers of a spatial lag and a spatial error by the likelihood of both, marginal, joint and conditional.
//!
//! ```text
//! LM = s' I⁻¹ s        s, I: scores and information of (b, ρ, λ, σ²) at the estimates under the hypothesis
//! lm_rho           ρ = 0 where λ = 0        lm_rho_given_lambda   ρ = 0, λ estimated
//! lm_lambda        λ = 0 where ρ = 0        lm_lambda_given_rho   λ = 0, ρ estimated
//! lm_rho_lambda    ρ = λ = 0
//! ```
//!
//! With effects of units the likelihood is that of the transformed panel, of T − 1 periods, which is where these differ
//! from [`super::diagnostics::lagrange`]. Source: Debarsy & Ertur (2010), *Testing for spatial autocorrelation in a fixed
//! effects panel data model*; of one period Anselin (1988), ch. 6, 8.

use super::Stacked;
use super::determinant::Determinant;
use super::likelihood::{self, Approach, Process};
use super::sarar::{Local, Problem};
use crate::econometrics::{Distribution, EstimationError, Test};
use crate::linalg::small::{inverse, part};
use crate::weights::Weights;

/// The five tests.
///
/// # Errors
/// Those of a lag and an error model by the transformation, both of which are estimated.
pub fn multipliers(
    stacked: &Stacked,
    weights: &Weights,
    determinant: &Determinant,
) -> Result<Vec<Test>, EstimationError> {
    let effects = stacked.effects;
    let transformed = effects.of_units() || effects.of_periods();
    let approach = if transformed { Approach::Transformed } else { Approach::Direct };
    let (problem, ..) = Problem::of(stacked, weights, determinant, approach)?;
    let estimated = |process| {
        let fit = likelihood::estimate(stacked, weights, determinant, process, approach)?;
        Ok::<f64, EstimationError>(fit.spatial)
    };
    let neither = problem.local([0.0, 0.0])?;
    let of_error = problem.local([0.0, estimated(Process::Error)?])?;
    let of_lag = problem.local([estimated(Process::Lag)?, 0.0])?;
    let one = Distribution::ChiSquared(1.0);
    let two = Distribution::ChiSquared(2.0);
    Ok(vec![
        Test::new("lm_rho", "no spatial lag", neither.of(&[RHO], &[LAMBDA])?, one),
        Test::new("lm_lambda", "no spatial error", neither.of(&[LAMBDA], &[RHO])?, one),
        Test::new("lm_rho_lambda", "neither lag nor error", neither.of(&[RHO, LAMBDA], &[])?, two),
        Test::new(
            "lm_rho_given_lambda",
            "no spatial lag beside the error that is estimated",
            of_error.of(&[RHO], &[])?,
            one,
        ),
        Test::new(
            "lm_lambda_given_rho",
            "no spatial error beside the lag that is estimated",
            of_lag.of(&[LAMBDA], &[])?,
            one,
        ),
    ])
}

/// Places among the two scores.
const RHO: usize = 0;
const LAMBDA: usize = 1;

impl Local {
    /// `s' [I⁻¹] s` of the scores that are tested, coefficients that are zero anyway left out of the information.
    fn of(&self, tested: &[usize], absent: &[usize]) -> Result<f64, EstimationError> {
        let size = self.information.shape().0;
        let first = size - 3;
        let there: Vec<usize> =
            (0..size).filter(|at| !absent.iter().any(|own| first + own == *at)).collect();
        let known = inverse(&part(&self.information, &there, &there))
            .map_err(|_| EstimationError::Other("the information matrix is singular".to_owned()))?;
        let place = |own: usize| there.iter().position(|at| *at == first + own).unwrap_or(0);
        let both = |own: usize, other: usize| {
            self.score[own] * known[(place(own), place(other))] * self.score[other]
        };
        Ok(tested
            .iter()
            .map(|own| tested.iter().map(|other| both(*own, *other)).sum::<f64>())
            .sum())
    }
}

#[cfg(test)]
mod tests {
    use super::super::determinant::weights_trace;
    use super::super::{FixedEffects, demeaned, lagged};
    use super::*;
    use crate::linalg::least_squares::dot;

    /// Twelve units in a ring with three neighbours each, six periods.
    fn panel() -> (Stacked, Weights) {
        let (n, t) = (12, 6);
        let units = (0..n).map(|at| at.to_string()).collect();
        let near = |at: usize| vec![((at + 1) % n, 1.0), ((at + 11) % n, 1.0), ((at + 5) % n, 1.0)];
        let weights = Weights::new(units, (0..n).map(near).collect()).unwrap().row_standardized();
        let u = |s: usize, i: usize| ((i * 5 + s * s * 3 + i * s * 2) % 17) as f64 / 4.0;
        let x = |s: usize, i: usize| ((i * 7 + s * 11 + i * s) % 13) as f64 / 4.0;
        let of = |value: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
            let all: Vec<f64> = (0..t * n).map(|at| value(at / n, at % n)).collect();
            demeaned(&all, n, FixedEffects::Individual)
        };
        let y = of(&|s, i| 0.75 * x(s, i) + u(s, i) + 0.5 * u(s, (i + 1) % n));
        let (x, names) = (vec![of(&x)], vec!["x".to_owned()]);
        (Stacked { n, t, y, x, names, effects: FixedEffects::Individual }, weights)
    }

    /// Against numpy: orthonormal differences instead of means, matrices instead of traces, slopes by differences.
    #[test]
    fn the_five_are_those_of_transformed_data() {
        let (stacked, weights) = panel();
        let determinant = Determinant::of(&weights).unwrap();
        let found = multipliers(&stacked, &weights, &determinant).unwrap();
        let expected = [
            ("lm_rho", 1.558640117525157),
            ("lm_lambda", 1.285899859810768),
            ("lm_rho_lambda", 1.5587431549916193),
            ("lm_rho_given_lambda", 1.1148638148699197),
            ("lm_lambda_given_rho", 0.540339564640192),
        ];
        for (own, (name, value)) in found.iter().zip(expected) {
            assert_eq!(own.name, name);
            assert!((own.statistic / value - 1.0).abs() < 1e-6, "{name}: {}", own.statistic);
        }
    }

    /// The marginal one of errors is the plain one with T − 1 periods.
    #[test]
    fn a_period_is_taken_by_the_effects() {
        let (stacked, weights) = panel();
        let determinant = Determinant::of(&weights).unwrap();
        let found = multipliers(&stacked, &weights, &determinant).unwrap();
        let b = dot(&stacked.x[0], &stacked.y) / dot(&stacked.x[0], &stacked.x[0]);
        let e: Vec<f64> = stacked.y.iter().zip(&stacked.x[0]).map(|(y, x)| y - b * x).collect();
        let periods = (stacked.t - 1) as f64;
        let variance = dot(&e, &e) / (stacked.n as f64 * periods);
        let score = dot(&e, &lagged(&weights, &e)) / variance;
        let expected = score * score / (periods * weights_trace(&weights));
        assert!((found[1].statistic / expected - 1.0).abs() < 1e-12);
    }
}
