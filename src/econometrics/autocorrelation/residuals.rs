//! Moran's I of the residuals of a regression, whose moments know that residuals are not independent.
//!
//! ```text
//! I = (n / S₀) e'We / e'e
//! E = −(n / S₀) tr A / (n − k)
//! V = n² / (S₀² (n − k)(n − k + 2)) · (S₁ + 2 tr A² − tr B − 2 (tr A)² / (n − k))
//! A = (X'X)⁻¹ X'UX,   B = 4 (X'X)⁻¹ X'U²X,   U = (W + W')/2
//! ```
//!
//! Source: Cliff & Ord (1981), ch. 8, as `lm.morantest` of spdep.

use super::{AutocorrelationError, Moments, Sums, cross};
use crate::weights::Weights;

/// Moran's I of residuals.
#[derive(Debug, Clone, PartialEq)]
pub struct Residual {
    /// Moran's I.
    pub statistic: f64,
    /// Its moments if the errors are independent and normal.
    pub moments: Moments,
    /// Columns of X that are sums of those before them, by place: they do not count as regressors.
    pub dropped: Vec<usize>,
}

/// A column whose part outside those before it is smaller than this, relative to it, is a sum of them.
const COLLINEAR: f64 = 1e-9;

/// Moran's I of the residuals `e` of an ordinary least-squares regression on the columns of X, the constant among them.
///
/// One residual per unit, and columns with one value per unit, in the order of the weights.
///
/// # Errors
/// Residuals or regressors that are no numbers, residuals that are zero, no neighbours, no more units than regressors.
///
/// # Panics
/// If residuals or a column do not have one value per unit.
#[track_caller]
pub fn moran_of_residuals(
    weights: &Weights,
    residuals: &[f64],
    columns: &[Vec<f64>],
) -> Result<Residual, AutocorrelationError> {
    let n = weights.len();
    for values in std::iter::once(residuals).chain(columns.iter().map(Vec::as_slice)) {
        assert_eq!(values.len(), n, "one value per unit expected");
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let (unit, value) = (weights.units()[at].clone(), values[at]);
            return Err(AutocorrelationError::NoNumber { unit, value });
        }
    }
    if weights.pairs() == 0 {
        return Err(AutocorrelationError::NoNeighbours);
    }
    let squares = dot(residuals, residuals);
    if squares == 0.0 {
        return Err(AutocorrelationError::PerfectFit);
    }
    let (Q, dropped) = orthonormal(columns);
    if n <= Q.len() {
        return Err(AutocorrelationError::TooFew { found: n, needed: Q.len() + 1 });
    }
    let Sums { s0, s1, .. } = Sums::of(weights);
    let other = weights.transposed();
    // With orthonormal columns (X'X)⁻¹ is the identity, and traces do not depend on the basis.
    let U = |q: &Vec<f64>| -> Vec<f64> {
        weights.lag(q).iter().zip(other.lag(q)).map(|(a, b)| (a + b) / 2.0).collect()
    };
    let UQ: Vec<Vec<f64>> = Q.iter().map(U).collect();
    let A = |i: usize, j: usize| dot(&Q[i], &UQ[j]);
    let k = Q.len();
    let trace: f64 = (0..k).map(|i| A(i, i)).sum();
    let trace_of_square: f64 = (0..k).map(|i| (0..k).map(|j| A(i, j).powi(2)).sum::<f64>()).sum();
    let trace_B: f64 = 4.0 * UQ.iter().map(|q| dot(q, q)).sum::<f64>();
    let (n, free) = (n as f64, (n - k) as f64);
    let statistic = n / s0 * cross(weights, residuals) / squares;
    let expectation = -n / s0 * trace / free;
    let variance = n * n / (s0 * s0 * free * (free + 2.0))
        * (s1 + 2.0 * trace_of_square - trace_B - 2.0 * trace * trace / free);
    let moments = Moments::of(statistic, expectation, variance);
    Ok(Residual { statistic, moments, dropped })
}

/// Columns at right angles and of length 1 that span the same space (Gram–Schmidt, twice), and those that add nothing.
fn orthonormal(columns: &[Vec<f64>]) -> (Vec<Vec<f64>>, Vec<usize>) {
    let (mut Q, mut dropped): (Vec<Vec<f64>>, _) = (Vec::new(), Vec::new());
    for (place, column) in columns.iter().enumerate() {
        let before = dot(column, column).sqrt();
        let mut rest = column.clone();
        for _ in 0..2 {
            for q in &Q {
                let along = dot(q, &rest);
                rest.iter_mut().zip(q).for_each(|(rest, q)| *rest -= along * q);
            }
        }
        let size = dot(&rest, &rest).sqrt();
        if size <= COLLINEAR * before {
            dropped.push(place);
        } else {
            rest.iter_mut().for_each(|rest| *rest /= size);
            Q.push(rest);
        }
    }
    (Q, dropped)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::super::{moran, tests::ring};
    use super::*;

    const VALUES: [f64; 8] = [1.0, 2.5, -3.0, 0.4, 7.0, 2.0, 2.2, -1.0];

    /// With a constant alone the residuals are deviations, and the moments those under normality.
    #[test]
    fn residuals_of_a_constant_are_deviations() {
        let weights = ring(8, 2);
        let mean = VALUES.iter().sum::<f64>() / 8.0;
        let residuals: Vec<f64> = VALUES.iter().map(|v| v - mean).collect();
        let found = moran_of_residuals(&weights, &residuals, &[vec![1.0; 8]]).unwrap();
        let told = moran(&weights, &VALUES).unwrap();
        assert_relative_eq!(found.statistic, told.statistic, max_relative = 1e-12);
        assert_relative_eq!(
            found.moments.expectation,
            told.normality.expectation,
            max_relative = 1e-12
        );
        assert_relative_eq!(found.moments.variance, told.normality.variance, max_relative = 1e-12);
    }

    #[test]
    fn a_collinear_column_does_not_count() {
        let weights = ring(8, 1);
        let (one, trend) = (vec![1.0; 8], (0..8).map(f64::from).collect::<Vec<f64>>());
        let both: Vec<f64> = trend.iter().map(|t| 3.0 + 2.0 * t).collect();
        let few = moran_of_residuals(&weights, &VALUES, &[one.clone(), trend.clone()]).unwrap();
        let more = moran_of_residuals(&weights, &VALUES, &[one, trend, both]).unwrap();
        assert_eq!(more.dropped, [2]);
        assert_relative_eq!(few.moments.z, more.moments.z, max_relative = 1e-12);
        let perfect = moran_of_residuals(&weights, &[0.0; 8], &[]).unwrap_err();
        assert_eq!(perfect, AutocorrelationError::PerfectFit);
    }
}
