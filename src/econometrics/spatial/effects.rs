//! Direct, indirect and total effects of a regressor, with their precision.
//!
//! ```text
//! S = (I − ρW)⁻¹ (b I + g W)      direct = tr S / n      total = 1'S1 / n      indirect = total − direct
//! ```
//!
//! Errors by the delta method from the covariance of b, g and ρ, or by draws of them. Source: LeSage & Pace (2009), ch. 2.

use super::determinant::{Determinant, Multiplier, multiplier, weighted};
use super::likelihood::{Process, SpatialFit};
use crate::draws::{Stream, parameter};
use crate::linalg::Dense;
use crate::linalg::small::{form, product};
use crate::weights::Weights;

/// Effects of a regressor, or of several that move together.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// What moves.
    pub name: String,
    /// Direct, indirect, total.
    pub values: [f64; 3],
    /// Their standard errors.
    pub errors: [f64; 3],
}

/// Words of the three effects.
pub const WORDS: [&str; 3] = ["direct", "indirect", "total"];

/// Mean diagonal, mean row sum less it, mean row sum.
fn summary(matrix: &Dense) -> [f64; 3] {
    let n = matrix.shape().0 as f64;
    let direct = (0..matrix.shape().0).map(|at| matrix[(at, at)]).sum::<f64>() / n;
    let total = matrix.values().iter().sum::<f64>() / n;
    [direct, total - direct, total]
}

/// Summaries of `S`, `SW` and their derivatives in ρ, `SWS` and `SWSW`; nothing if `I − ρW` is singular.
fn parts(determinant: &Determinant, weights: &Weights, rho: f64) -> Option<[[f64; 3]; 4]> {
    let (factors, one, two) = match determinant.multiplier(weights, rho)? {
        Multiplier::Dense(_) => {
            let s = multiplier(weights, rho)?;
            let w = weights.to_dense();
            let ds = product(&s, &weighted(weights, &s));
            return Some([
                summary(&s),
                summary(&product(&s, &w)),
                summary(&ds),
                summary(&product(&ds, &w)),
            ]);
        }
        Multiplier::Sparse(factors, _, one, two) => (factors, one, two),
    };
    // S = I + ρG, SW = G by trace, and so on; row sums by solving.
    let n = weights.len() as f64;
    let direct = [n + rho * one, one, one + rho * two, two];
    let ones = vec![1.0; weights.len()];
    let s = factors.solve(&ones);
    let sw = factors.solve(&weights.lag(&ones));
    let sums = [&s, &sw, &factors.solve(&weights.lag(&s)), &factors.solve(&weights.lag(&sw))]
        .map(|own| own.iter().sum::<f64>());
    Some([0, 1, 2, 3].map(|at: usize| [direct[at] / n, (sums[at] - direct[at]) / n, sums[at] / n]))
}

/// Regressors that change together: those of one variable at several periods, or one alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What their effects are called.
    pub name: String,
    /// They.
    pub regressors: Vec<String>,
}

impl Moved {
    /// Each regressor of a fit that has effects by itself: all but the constant and spatial lags.
    pub fn each(fit: &SpatialFit) -> Vec<Moved> {
        let own = |name: &&String| *name != super::CONSTANT && !name.starts_with("W:");
        let alone = |name: &String| Moved { name: name.clone(), regressors: vec![name.clone()] };
        fit.names.iter().filter(own).map(alone).collect()
    }

    /// Places of the regressors, and of their spatial lags, among the coefficients.
    fn places(&self, fit: &SpatialFit) -> [Vec<usize>; 2] {
        let place = |name: &str| fit.names.iter().position(|own| own == name);
        let lag = |name: &str| place(&format!("W:{name}"));
        let all = |of: &dyn Fn(&str) -> Option<usize>| {
            self.regressors.iter().filter_map(|name| of(name)).collect()
        };
        [all(&place), all(&lag)]
    }
}

fn sum_at(values: &[f64], places: &[usize]) -> f64 {
    places.iter().map(|at| values[*at]).sum()
}

/// Effects of what moves with errors by the delta method; none of an error model, whose effects are its coefficients.
pub fn effects(
    fit: &SpatialFit,
    weights: &Weights,
    determinant: &Determinant,
    moved: &[Moved],
) -> Vec<Effect> {
    if fit.process == Process::Error {
        return Vec::new();
    }
    let Some(parts) = parts(determinant, weights, fit.spatial) else { return Vec::new() };
    let k = fit.names.len();
    let each = |moved: &Moved| {
        let [own, lags] = moved.places(fit);
        let (b, g) = (sum_at(&fit.coefficients, &own), sum_at(&fit.coefficients, &lags));
        let value = |which: usize| b * parts[0][which] + g * parts[1][which];
        let error = |which: usize| {
            let Some(covariance) = &fit.covariance else { return f64::NAN };
            let mut gradient = vec![0.0; covariance.shape().0];
            own.iter().for_each(|at| gradient[*at] = parts[0][which]);
            lags.iter().for_each(|at| gradient[*at] = parts[1][which]);
            gradient[k] = b * parts[2][which] + g * parts[3][which];
            form(covariance, &gradient).sqrt()
        };
        Effect {
            name: moved.name.clone(),
            values: [value(0), value(1), value(2)],
            errors: [error(0), error(1), error(2)],
        }
    };
    moved.iter().map(each).collect()
}

/// Effects of what moves, drawn: means, and standard deviations of the draws of N(b, V); draws outside the range of ρ are left out.
pub fn simulated(
    fit: &SpatialFit,
    weights: &Weights,
    determinant: &Determinant,
    moved: &[Moved],
    (draws, seed): (u32, u64),
) -> Vec<Effect> {
    let Some(covariance) = fit.covariance.as_ref().filter(|_| fit.process == Process::Lag) else {
        return Vec::new();
    };
    let k = fit.names.len();
    let Some(root) = cholesky(covariance, k + 1) else { return Vec::new() };
    let places: Vec<[Vec<usize>; 2]> = moved.iter().map(|own| own.places(fit)).collect();
    use rayon::prelude::*;
    let drawn: Vec<Option<Vec<[f64; 3]>>> = (0..draws)
        .into_par_iter()
        .map(|draw| {
            let stream = Stream::new(seed, draw, parameter("spatial effects"));
            let z: Vec<f64> = (0..=k as u32).map(|at| stream.normal(at)).collect();
            let own = |row: usize| (0..=row).map(|at| root[(row, at)] * z[at]).sum::<f64>();
            let rho = fit.spatial + own(k);
            if rho <= fit.bounds.0 || rho >= fit.bounds.1 {
                return None;
            }
            let parts = parts(determinant, weights, rho)?;
            let drawn: Vec<f64> = (0..k).map(|at| fit.coefficients[at] + own(at)).collect();
            let of = |[own, lags]: &[Vec<usize>; 2]| {
                let (b, g) = (sum_at(&drawn, own), sum_at(&drawn, lags));
                [0, 1, 2].map(|which: usize| b * parts[0][which] + g * parts[1][which])
            };
            Some(places.iter().map(of).collect())
        })
        .collect();
    let drawn: Vec<Vec<[f64; 3]>> = drawn.into_iter().flatten().collect();
    let count = drawn.len() as f64;
    let each = |(place, moved): (usize, &Moved)| {
        let mean = [0, 1, 2]
            .map(|which: usize| drawn.iter().map(|draw| draw[place][which]).sum::<f64>() / count);
        let spread = |which: usize| {
            let squares = drawn.iter().map(|draw| (draw[place][which] - mean[which]).powi(2));
            (squares.sum::<f64>() / (count - 1.0)).sqrt()
        };
        let errors = [spread(0), spread(1), spread(2)];
        Effect { name: moved.name.clone(), values: mean, errors }
    };
    moved.iter().enumerate().map(each).collect()
}

/// Lower triangle `C` with `C C'` the first rows of a covariance; nothing if it is not positive.
pub fn cholesky(matrix: &Dense, size: usize) -> Option<Dense> {
    let mut lower = Dense::zeros(size, size);
    for i in 0..size {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|at| lower[(i, at)] * lower[(j, at)]).sum();
            let rest = matrix[(i, j)] - sum;
            lower.row_mut(i)[j] = if i == j {
                if rest <= 0.0 {
                    return None;
                }
                rest.sqrt()
            } else {
                rest / lower[(j, j)]
            };
        }
    }
    Some(lower)
}

#[cfg(test)]
mod tests {
    use super::super::determinant::Spectrum;
    use super::super::sparse::Elimination;
    use super::*;

    #[test]
    fn effects_by_elimination_are_those_of_the_inverse() {
        let n = 60;
        let rows = (0..n)
            .map(|at| vec![((at + 1) % n, 1.0), ((at + 4) % n, 2.0), ((at + n - 2) % n, 1.0)]);
        let units = (0..n).map(|at| at.to_string()).collect();
        let weights = Weights::new(units, rows.collect()).unwrap().row_standardized();
        let dense = Determinant::Spectrum(Spectrum::of(&weights).unwrap());
        let sparse = Determinant::Sparse(Elimination::of(&weights), (-1.0, 1.0));
        for rho in [-0.5, 0.0, 0.3, 0.8] {
            let (a, b) =
                (parts(&dense, &weights, rho).unwrap(), parts(&sparse, &weights, rho).unwrap());
            for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
                assert!((a - b).abs() < 1e-10 * a.abs().max(1.0), "{rho}: {a} {b}");
            }
            for centred in [false, true] {
                let a = dense.multiplier(&weights, rho).unwrap().traces(&weights, centred);
                let b = sparse.multiplier(&weights, rho).unwrap().traces(&weights, centred);
                for (a, b) in [(a.one, b.one), (a.two, b.two), (a.cross, b.cross)] {
                    assert!((a - b).abs() < 1e-9 * a.abs().max(1.0), "{rho} {centred}: {a} {b}");
                }
            }
        }
    }
}
