//! Lagrange multipliers for a spatial lag or a spatial error, plain and robust to the other.
//!
//! ```text
//! LM_lag = (e'Wy/σ²)² / J                 LM_err = (e'We/σ²)² / T T_W
//! robust: (e'Wy/σ² − e'We/σ²)² / (J − T T_W),  (e'We/σ² − T T_W/J e'Wy/σ²)² / T T_W (1 − T T_W/J)
//! ```
//!
//! on residuals of least squares with the effects taken out; METHODS C2. Source: Anselin, Le Gallo & Jayet (2008),
//! Elhorst (2010). [`random_or_error`] asks for random effects and spatial errors: Baltagi, Song & Koh (2003).

use super::determinant::weights_trace;
use super::{Stacked, lagged};
use crate::econometrics::linear::COLLINEAR;
use crate::econometrics::{Distribution, EstimationError, Test};
use crate::linalg::least_squares::{Basis, add, dot};
use crate::weights::Weights;

/// The four tests: lag, error, robust lag, robust error; and of both together (SARMA).
///
/// `df_corrected` takes `σ² = e'e / (nT − k)` (spreg) in place of `e'e / nT` (splm).
pub fn lagrange(stacked: &Stacked, weights: &Weights, df_corrected: bool) -> Vec<Test> {
    let scales: Vec<f64> = stacked.x.iter().map(|x| dot(x, x).sqrt()).collect();
    let basis = Basis::of(&stacked.x, &scales, COLLINEAR);
    let (b, e) = basis.solve(&stacked.y);
    let count = (stacked.n * stacked.t) as f64 - if df_corrected { b.len() as f64 } else { 0.0 };
    let variance = dot(&e, &e) / count;
    let mut fitted = vec![0.0; e.len()];
    for (at, b) in basis.kept().iter().zip(&b) {
        add(&mut fitted, *b, &stacked.x[*at]);
    }
    let rest = basis.residual(&lagged(weights, &fitted));
    let trace = stacked.t as f64 * weights_trace(weights);
    let j = dot(&rest, &rest) / variance + trace;
    let of_error = dot(&e, &lagged(weights, &e)) / variance;
    let of_lag = dot(&e, &lagged(weights, &stacked.y)) / variance;
    let robust_lag = (of_lag - of_error).powi(2) / (j - trace);
    let robust_error = (of_error - trace / j * of_lag).powi(2) / (trace * (1.0 - trace / j));
    let error = of_error.powi(2) / trace;
    let one = Distribution::ChiSquared(1.0);
    vec![
        Test::new("lm_lag", "no spatial lag", of_lag.powi(2) / j, one),
        Test::new("lm_error", "no spatial error", error, one),
        Test::new("robust_lm_lag", "no spatial lag, whatever the error", robust_lag, one),
        Test::new("robust_lm_error", "no spatial error, whatever the lag", robust_error, one),
        Test::new(
            "lm_sarma",
            "neither lag nor error",
            robust_lag + error,
            Distribution::ChiSquared(2.0),
        ),
    ]
}

/// Multipliers of random effects of units, of spatial errors, and of both, all one-sided, on residuals of least squares
/// with a constant.
///
/// ```text
/// LM1 = √(nT / 2(T−1)) (Σ_i (Σ_t e_it)² / e'e − 1)        LM2 = √(n²T / T_W) e'We / e'e
/// LMH = max(LM1, 0)² + max(LM2, 0)², of ¼ χ²(0) + ½ χ²(1) + ¼ χ²(2)
/// ```
///
/// # Errors
/// A single period, or regressors that explain everything.
///
/// Source: Baltagi, Song & Koh (2003), eq. 2.12, 2.16, 2.19.
pub fn random_or_error(stacked: &Stacked, weights: &Weights) -> Result<Vec<Test>, EstimationError> {
    let (n, t) = (stacked.n as f64, stacked.t as f64);
    if stacked.t < 2 {
        let text = "random effects need two periods: with one they cannot be told from errors";
        return Err(EstimationError::Other(text.to_owned()));
    }
    let scales: Vec<f64> = stacked.x.iter().map(|x| dot(x, x).sqrt()).collect();
    let e = Basis::of(&stacked.x, &scales, COLLINEAR).residual(&stacked.y);
    let squares = dot(&e, &e);
    if squares.sqrt() <= 1e-12 * dot(&stacked.y, &stacked.y).sqrt() {
        return Err(EstimationError::PerfectFit("the response".to_owned()));
    }
    let mut sums = vec![0.0; stacked.n];
    e.chunks(stacked.n).for_each(|period| add(&mut sums, 1.0, period));
    let of_units = (n * t / (2.0 * (t - 1.0))).sqrt() * (dot(&sums, &sums) / squares - 1.0);
    let neighbours = dot(&e, &lagged(weights, &e)) / squares;
    let of_space = (n * n * t / weights_trace(weights)).sqrt() * neighbours;
    let both = of_units.max(0.0).powi(2) + of_space.max(0.0).powi(2);
    Ok(vec![
        Test::new("bsk_joint", "no random effects, no spatial error", both, Distribution::Mixed),
        Test::new("bsk_effects", "no random effects", of_units, Distribution::UpperNormal),
        Test::new("bsk_spatial", "no spatial error", of_space, Distribution::UpperNormal),
    ])
}
