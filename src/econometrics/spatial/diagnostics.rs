//! Lagrange multipliers for a spatial lag or a spatial error, plain and robust to the other.
//!
//! ```text
//! LM_lag = (e'Wy/σ²)² / J                 LM_err = (e'We/σ²)² / T T_W
//! robust: (e'Wy/σ² − e'We/σ²)² / (J − T T_W),  (e'We/σ² − T T_W/J e'Wy/σ²)² / T T_W (1 − T T_W/J)
//! ```
//!
//! on residuals of least squares with the effects taken out; METHODS C2. Source: Anselin, Le Gallo & Jayet (2008),
//! Elhorst (2010).

use super::determinant::weights_trace;
use super::{Stacked, lagged};
use crate::econometrics::linear::COLLINEAR;
use crate::econometrics::{Distribution, Test};
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
