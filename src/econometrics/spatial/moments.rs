//! Spatial error models by moments of residuals: no likelihood, no determinant.
//!
//! ```text
//! e = u − λ Wu,  ē = We           u residuals of least squares
//! E e'Qe / m = σ²    E ē'Qē / m = σ² tr(W'W)/n    E ē'Qe / m = 0
//! ```
//!
//! Without effects `Q = I`, `m = nT`. With effects of units `Q` takes deviations from their means, `m = n(T − 1)`, and
//! random effects have the same moments of means, `Q̄ = I − Q`, `m = n`, with `σ₁² = σ² + Tσ_μ²` in place of σ²: there
//! effects spill over like errors. λ makes the squares of the moments least (with random effects those of `Q`, and by
//! [`Moments::Weighted`] all six by the inverse of their covariance under normal errors); both variances enter linearly, so
//! that a polynomial of fourth order in λ is all that is to be minimized, and its lowest point is found for certain. b
//! is then generalized least squares with λ and the variances as they are, its covariance
//! `σ² (X*'X*)⁻¹`; λ has no standard error. Source: Kelejian & Prucha (1999); Kapoor, Kelejian & Prucha (2007), §3; Mutl
//! & Pfaffermayr (2011) for fixed effects.

use super::determinant::Determinant;
use super::likelihood::{Process, Regressors, SpatialFit};
use super::{FixedEffects, Stacked, lagged};
use crate::econometrics::EstimationError;
use crate::linalg::Dense;
use crate::linalg::least_squares::{Basis, add, dot};
use crate::linalg::small::inverse;
use crate::weights::Weights;

/// Which moments count, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Moments {
    /// Those of deviations, all alike ("initial" of splm's spgm).
    #[default]
    Alike,
    /// All six of random effects, by the inverse of their covariance ("fullweights" of spgm).
    Weighted,
}

/// What units differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effects {
    /// Nothing but a constant.
    None,
    /// Fixed effects of units.
    Individual,
    /// Random effects of units, which spill over like errors.
    Random,
}

impl Effects {
    /// The word of files.
    pub fn word(self) -> &'static str {
        match self {
            Effects::None => "none",
            Effects::Individual => "individual",
            Effects::Random => "random",
        }
    }

    /// What a panel is cleared of.
    pub fn fixed(self) -> FixedEffects {
        match self {
            Effects::Individual => FixedEffects::Individual,
            Effects::None | Effects::Random => FixedEffects::None,
        }
    }
}

/// Moments of deviations, of means, or of everything: `G (λ, λ², σ²)' = g`.
struct System {
    /// For λ, λ².
    left: [[f64; 2]; 3],
    /// For the variance.
    variance: [f64; 3],
    right: [f64; 3],
}

impl System {
    /// From `u`, `Wu` and `WWu`, what of them counts, and how many of it are independent.
    fn of(u: [&[f64]; 3], count: f64, trace: f64) -> Self {
        let q = |a: usize, b: usize| dot(u[a], u[b]) / count;
        System {
            left: [
                [2.0 * q(0, 1), -q(1, 1)],
                [2.0 * q(1, 2), -q(2, 2)],
                [q(0, 2) + q(1, 1), -q(1, 2)],
            ],
            variance: [1.0, trace, 0.0],
            right: [q(0, 0), q(1, 1), q(0, 1)],
        }
    }

    /// What the moments miss at λ, but for the variance, as a polynomial: `−g`, of λ, of λ².
    fn polynomial(&self) -> [[f64; 3]; 3] {
        std::array::from_fn(|power| match power {
            0 => self.right.map(|right| -right),
            _ => self.left.map(|row| row[power - 1]),
        })
    }

    /// The variance that makes the weighted squares least at λ.
    fn variance_at(&self, lambda: f64, weight: &Dense) -> f64 {
        let [a, b, c] = self.polynomial();
        let miss: [f64; 3] = std::array::from_fn(|at| a[at] + lambda * (b[at] + lambda * c[at]));
        -form(&self.variance, weight, &miss) / form(&self.variance, weight, &self.variance)
    }

    /// The least weighted squares as a polynomial of fourth order in λ.
    fn squares(&self, weight: &Dense) -> [f64; 5] {
        let own = form(&self.variance, weight, &self.variance);
        let parts = self.polynomial();
        let mut out = [0.0; 5];
        for (i, a) in parts.iter().enumerate() {
            for (j, b) in parts.iter().enumerate() {
                let (va, vb) = (form(&self.variance, weight, a), form(&self.variance, weight, b));
                out[i + j] += form(a, weight, b) - va * vb / own;
            }
        }
        out
    }
}

/// `a' M b`
fn form(a: &[f64; 3], m: &Dense, b: &[f64; 3]) -> f64 {
    (0..3).flat_map(|i| (0..3).map(move |j| (i, j))).map(|(i, j)| a[i] * m[(i, j)] * b[j]).sum()
}

fn value(polynomial: &[f64], at: f64) -> f64 {
    polynomial.iter().rev().fold(0.0, |sum, own| sum * at + own)
}

/// Where a polynomial of fourth order is lowest between two ends; none at an end.
fn lowest(of: &[f64; 5], low: f64, high: f64) -> Option<f64> {
    let slope: [f64; 4] = std::array::from_fn(|at| (at + 1) as f64 * of[at + 1]);
    let bend = [slope[1], 2.0 * slope[2], 3.0 * slope[3]];
    // The slope is monotone between the roots of its own slope.
    let mut ends = vec![low, high];
    let root = (bend[1] * bend[1] - 4.0 * bend[0] * bend[2]).max(0.0).sqrt();
    let q = -0.5 * (bend[1] + root.copysign(bend[1]));
    ends.extend([q / bend[2], bend[0] / q].into_iter().filter(|at| *at > low && *at < high));
    ends.sort_by(f64::total_cmp);
    let turns = ends.windows(2).filter_map(|pair| crossing(&slope, pair[0], pair[1]));
    let best = turns.min_by(|a, b| value(of, *a).total_cmp(&value(of, *b)))?;
    (value(of, best) <= value(of, low).min(value(of, high))).then_some(best)
}

/// Where a polynomial goes from below zero to above it, by halving.
fn crossing(of: &[f64; 4], mut low: f64, mut high: f64) -> Option<f64> {
    if !(value(of, low) < 0.0 && value(of, high) > 0.0) {
        return None;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if value(of, middle) < 0.0 { low = middle } else { high = middle }
    }
    Some(0.5 * (low + high))
}

/// A column parted into deviations from means of units and these means, each as often as there are periods.
fn parted(z: &[f64], n: usize) -> [Vec<f64>; 2] {
    let deviations = super::demeaned(z, n, FixedEffects::Individual);
    let means = z.iter().zip(&deviations).map(|(z, own)| z - own).collect();
    [deviations, means]
}

/// The moments of residuals: of deviations or of everything, and with random effects of means.
fn systems(stacked: &Stacked, weights: &Weights, u: &[f64], effects: Effects) -> Vec<System> {
    let (n, t) = (stacked.n, stacked.t);
    let lags = [u.to_vec(), lagged(weights, u), lagged(weights, &lagged(weights, u))];
    let trace = (0..n).flat_map(|i| weights.row(i)).map(|(_, w)| w * w).sum::<f64>() / n as f64;
    let (n, t) = (n as f64, t as f64);
    if effects != Effects::Random {
        let count = n * if effects == Effects::Individual { t - 1.0 } else { t };
        return vec![System::of([&lags[0], &lags[1], &lags[2]], count, trace)];
    }
    let parts = lags.map(|own| parted(&own, stacked.n));
    [n * (t - 1.0), n]
        .into_iter()
        .enumerate()
        .map(|(at, count)| System::of([0, 1, 2].map(|lag| &parts[lag][at][..]), count, trace))
        .collect()
}

/// Covariance of the three moments under normal errors of variance one, times what they are a mean of.
fn spread(weights: &Weights, turned: &Weights) -> Dense {
    let n = weights.len();
    let (mut squares, mut fourth, mut mixed, mut both) = (0.0, 0.0, 0.0, 0.0);
    for i in 0..n {
        // A row of W'W and of W'(W' + W), without more than a row at a time.
        let (mut inner, mut outer) = (vec![0.0; n], vec![0.0; n]);
        for (k, a) in turned.row(i) {
            weights.row(k).for_each(|(j, b)| inner[j] += a * b);
        }
        let own: Vec<(usize, f64)> = weights.row(i).collect();
        for (j, w) in &own {
            outer[*j] += w;
        }
        turned.row(i).for_each(|(j, w)| outer[j] += w);
        squares += inner[i];
        fourth += dot(&inner, &inner);
        mixed += dot(&inner, &outer);
        // tr(WW + W'W) = Σ_ij w_ij (w_ji + w_ij)
        both += own.iter().map(|(j, w)| w * outer[*j]).sum::<f64>();
    }
    let (n, a, b, c, d) = (n as f64, squares, fourth, mixed, both);
    Dense::new(
        3,
        3,
        vec![2.0, 2.0 * a / n, 0.0, 2.0 * a / n, 2.0 * b / n, c / n, 0.0, c / n, d / n],
    )
}

/// λ, σ² and (with random effects) σ₁² from residuals.
fn solve(
    stacked: &Stacked,
    weights: &Weights,
    (low, high): (f64, f64),
    systems: &[System],
    moments: Moments,
) -> Result<(f64, Vec<f64>), EstimationError> {
    let lost = || {
        EstimationError::Other(format!(
            "the moments are met best at the boundary of the range of lambda, {low:.4} to {high:.4}: the weights leave nothing to tell it by"
        ))
    };
    let one = Dense::new(3, 3, vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    let first = lowest(&systems[0].squares(&one), low, high).ok_or_else(lost)?;
    let variances = |lambda: f64, weight: &[Dense]| -> Vec<f64> {
        systems.iter().zip(weight).map(|(own, weight)| own.variance_at(lambda, weight)).collect()
    };
    // The variance of means is what their first moment says, as in the first step of the authors.
    let mut alone = Dense::zeros(3, 3);
    alone.row_mut(0)[0] = 1.0;
    let found = variances(first, &[one, alone]);
    if moments == Moments::Alike || systems.len() < 2 {
        return Ok((first, found));
    }
    let spread = spread(weights, &weights.transposed());
    let inverted = inverse(&spread).map_err(|_| {
        EstimationError::Other(
            "the covariance of the moments is singular: take approach = \"gm\"".to_owned(),
        )
    })?;
    let t = stacked.t as f64;
    let scaled = |factor: f64| {
        let values: Vec<f64> = inverted.values().iter().map(|own| own * factor).collect();
        Dense::new(3, 3, values)
    };
    let by = [scaled((t - 1.0) / found[0].powi(2)), scaled(1.0 / found[1].powi(2))];
    let squares = systems.iter().zip(&by).map(|(own, by)| own.squares(by));
    let sum = squares.fold([0.0; 5], |sum, own| std::array::from_fn(|at| sum[at] + own[at]));
    let second = lowest(&sum, low, high).ok_or_else(lost)?;
    Ok((second, variances(second, &by)))
}

/// Estimates an error model by moments.
///
/// # Errors
/// Regressors that explain everything, a single period with effects of units, or moments met best at the boundary.
///
/// # Panics
/// If the panel was not cleared of what the effects say.
#[track_caller]
pub fn estimate(
    stacked: &Stacked,
    weights: &Weights,
    determinant: &Determinant,
    effects: Effects,
    moments: Moments,
) -> Result<SpatialFit, EstimationError> {
    assert_eq!(stacked.effects, effects.fixed(), "a panel cleared of its fixed effects expected");
    if effects != Effects::None && stacked.t < 2 {
        let text = "effects of units need two periods: with one they cannot be told from errors";
        return Err(EstimationError::Other(text.to_owned()));
    }
    let (basis, Regressors { names, dropped, x }) = Regressors::of(stacked);
    let (observations, parameters) = (stacked.n * stacked.t, x.len() + 3);
    if parameters >= observations {
        return Err(EstimationError::TooFew { observations, parameters });
    }
    let u = basis.residual(&stacked.y);
    if dot(&u, &u).sqrt() <= 1e-12 * dot(&stacked.y, &stacked.y).sqrt() {
        return Err(EstimationError::PerfectFit("the response".to_owned()));
    }
    let systems = systems(stacked, weights, &u, effects);
    let (lambda, variances) = solve(stacked, weights, determinant.bounds(), &systems, moments)?;
    let variance = variances[0];
    if !(variance > 0.0 && variance.is_finite()) {
        let text = format!(
            "the moments give a variance of {variance:.3e}: the errors have no spatial process that they could tell"
        );
        return Err(EstimationError::Other(text));
    }
    let t = stacked.t as f64;
    // Means that vary less than errors would make them leave no effects.
    let phi = variances.get(1).map(|own| ((own / variance - 1.0) / t).max(0.0));
    let share = 1.0 / (1.0 + t * phi.unwrap_or(0.0)).sqrt();
    let filtered = |z: &[f64]| {
        let mut own = z.to_vec();
        add(&mut own, -lambda, &lagged(weights, z));
        own
    };
    let columns: Vec<Vec<f64>> = x.iter().map(|x| filtered(x)).collect();
    let y = filtered(&stacked.y);
    let half = |z: &[f64]| {
        let [mut deviations, means] = parted(z, stacked.n);
        add(&mut deviations, share, &means);
        deviations
    };
    let turned: Vec<Vec<f64>> = columns.iter().map(|x| half(x)).collect();
    let scales: Vec<f64> = turned.iter().map(|x| dot(x, x).sqrt()).collect();
    let basis = Basis::of(&turned, &scales, 0.0);
    let b = basis.solve(&half(&y)).0;
    let mut residuals = y;
    columns.iter().zip(&b).for_each(|(x, b)| add(&mut residuals, -b, x));
    Ok(SpatialFit {
        covariance: Some(covariance(&basis.bread(), variance, 2 + usize::from(phi.is_some()))),
        df: stacked.degrees(b.len()),
        names,
        dropped,
        process: Process::Error,
        coefficients: b,
        spatial: lambda,
        more: phi.map(|phi| ("phi", phi)).into_iter().collect(),
        variance,
        log_likelihood: None,
        log_determinant: f64::NAN,
        score: f64::NAN,
        residuals,
        bounds: determinant.bounds(),
        observations,
    })
}

/// `σ² (X*'X*)⁻¹`, with nothing said about so many parameters behind it.
fn covariance(bread: &Dense, variance: f64, more: usize) -> Dense {
    let k = bread.shape().0;
    let mut out = Dense::new(k + more, k + more, vec![f64::NAN; (k + more) * (k + more)]);
    for i in 0..k {
        for j in 0..k {
            out.row_mut(i)[j] = variance * bread[(i, j)];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Stream, parameter};

    fn ring(n: usize) -> Weights {
        let near =
            |at: usize| vec![((at + 1) % n, 1.0), ((at + n - 1) % n, 1.0), ((at + 5) % n, 1.0)];
        let units = (0..n).map(|at| at.to_string()).collect();
        Weights::new(units, (0..n).map(near).collect()).unwrap().row_standardized()
    }

    /// `y = 1 + 2x + B⁻¹(μ + e)` with λ = 0.4, or its means by unit taken out.
    fn panel(n: usize, t: usize, spread: f64, effects: Effects) -> Stacked {
        let stream = Stream::new(5, 0, parameter("a panel for moments"));
        let z: Vec<f64> = (0..(2 * t + 1) * n).map(|at| stream.normal(at as u32)).collect();
        let weights = ring(n);
        let determinant = Determinant::of(&weights).unwrap();
        let multiplier = determinant.multiplier(&weights, 0.4).unwrap();
        let (mu, rest) = z.split_at(n);
        let (x, e) = rest.split_at(n * t);
        let mut y: Vec<f64> = x.iter().map(|x| 1.0 + 2.0 * x).collect();
        for (y, e) in y.chunks_mut(n).zip(e.chunks(n)) {
            let u: Vec<f64> = (0..n).map(|at| spread * mu[at] + e[at]).collect();
            let g = multiplier.times(&weights, &u);
            (0..n).for_each(|at| y[at] += u[at] + 0.4 * g[at]);
        }
        let fixed = effects.fixed();
        let x = super::super::demeaned(x, n, fixed);
        let constant = fixed == FixedEffects::None;
        Stacked {
            n,
            t,
            y: super::super::demeaned(&y, n, fixed),
            x: constant.then(|| vec![1.0; n * t]).into_iter().chain([x]).collect(),
            names: constant.then(|| "c".to_owned()).into_iter().chain(["x".to_owned()]).collect(),
            effects: fixed,
        }
    }

    #[test]
    fn what_made_the_panel_is_found() {
        for (effects, spread) in
            [(Effects::None, 0.0), (Effects::Individual, 2.0), (Effects::Random, 2.0)]
        {
            let stacked = panel(400, 8, spread, effects);
            let weights = ring(400);
            let determinant = Determinant::of(&weights).unwrap();
            for moments in [Moments::Alike, Moments::Weighted] {
                let own = estimate(&stacked, &weights, &determinant, effects, moments).unwrap();
                assert!((own.spatial - 0.4).abs() < 0.06, "{effects:?} {}", own.spatial);
                assert!((own.variance - 1.0).abs() < 0.08, "{effects:?} {}", own.variance);
                let last = own.coefficients.len() - 1;
                let error = own.covariance.as_ref().unwrap()[(last, last)].sqrt();
                assert!((own.coefficients[last] - 2.0).abs() < 4.0 * error && error < 0.05);
                if effects == Effects::Random {
                    assert!((own.more[0].1 - 4.0).abs() < 0.7, "{:?}", own.more);
                }
            }
        }
    }

    /// The least point of the polynomial is that of the squares themselves, by brute force.
    #[test]
    fn lambda_makes_the_squares_least() {
        let stacked = panel(60, 4, 1.0, Effects::Random);
        let weights = ring(60);
        let u = Regressors::of(&stacked).0.residual(&stacked.y);
        let systems = systems(&stacked, &weights, &u, Effects::Random);
        let (lambda, found) =
            solve(&stacked, &weights, (-1.0, 1.0), &systems, Moments::Alike).unwrap();
        let squares = |lambda: f64, variance: f64| -> f64 {
            let own = &systems[0];
            let miss = |at: usize| {
                own.left[at][0] * lambda
                    + own.left[at][1] * lambda * lambda
                    + own.variance[at] * variance
                    - own.right[at]
            };
            (0..3).map(|at| miss(at).powi(2)).sum()
        };
        let least = squares(lambda, found[0]);
        for step in 0..2000 {
            let other = -0.999 + f64::from(step) * 0.001;
            for share in [0.5, 0.9, 0.99, 1.0, 1.01, 1.1, 2.0] {
                assert!(squares(other, share * found[0]) >= least - 1e-12);
            }
        }
        // The covariance of the moments by dense matrices.
        let spread = spread(&weights, &weights.transposed());
        let w = weights.to_dense();
        let (turned, n) = (crate::linalg::small::transposed(&w), 60.0);
        let ww = crate::linalg::small::product(&turned, &w);
        let trace = |a: &Dense, b: &Dense| {
            let product = crate::linalg::small::product(a, b);
            (0..60).map(|at| product[(at, at)]).sum::<f64>()
        };
        let sum = Dense::new(
            60,
            60,
            w.values().iter().zip(turned.values()).map(|(a, b)| a + b).collect::<Vec<f64>>(),
        );
        for (at, known) in [
            ((0, 1), 2.0 * trace(&turned, &w) / n),
            ((1, 1), 2.0 * trace(&ww, &ww) / n),
            ((1, 2), trace(&ww, &sum) / n),
            ((2, 2), trace(&w, &sum) / n),
        ] {
            assert!((spread[at] - known).abs() < 1e-12, "{at:?}");
        }
    }
}
