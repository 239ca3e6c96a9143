//! Maximum likelihood of spatial panels with fixed effects, exact to the last digits.
//!
//! ```text
//! ln L = −M/2 ln(2πσ²) + τ [ln|I − ρW| − c ln(1 − ρ)] − e'e / 2σ²
//! ```
//!
//! `direct` has `M = nT, τ = T, c = 0` whatever the effects; `transformed` has what Lee & Yu's transformation leaves:
//! units' effects take a period (`T − 1`), periods' effects a unit (`n − 1`, `c = 1`, for rows that sum to one);
//! `corrected` is the direct estimate of two-way effects less its bias. The one parameter that is not linear solves the
//! concentrated score; covariances are the inverse of the information matrix.

use super::determinant::{Determinant, Traces};
use super::{FixedEffects, Stacked, demeaned, lagged};
use crate::econometrics::EstimationError;
use crate::econometrics::linear::COLLINEAR;
use crate::linalg::Dense;
use crate::linalg::least_squares::{Basis, add, dot};
use crate::linalg::small::{inverse, products_over, set_both, times};
use crate::weights::Weights;

/// Where neighbours enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    /// The response of neighbours.
    Lag,
    /// What is not explained in neighbours.
    Error,
}

/// How incidental effects are dealt with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Approach {
    /// Means taken out, likelihood as if there were none.
    #[default]
    Direct,
    /// Lee & Yu's transformation.
    Transformed,
    /// The direct estimate less its bias.
    Corrected,
}

impl Approach {
    /// The word of files.
    pub fn word(self) -> &'static str {
        match self {
            Approach::Direct => "direct",
            Approach::Transformed => "transformation",
            Approach::Corrected => "bias_corrected",
        }
    }
}

/// A spatial model, estimated.
#[derive(Debug, Clone)]
pub struct SpatialFit {
    /// Names of the regressors.
    pub names: Vec<String>,
    /// Names of the regressors that others make up.
    pub dropped: Vec<String>,
    /// Where neighbours enter.
    pub process: Process,
    /// b
    pub coefficients: Vec<f64>,
    /// ρ or λ
    pub spatial: f64,
    /// What else is estimated beside σ²: λ of a model with both, φ of random effects.
    pub more: Vec<(&'static str, f64)>,
    /// σ²
    pub variance: f64,
    /// Covariance of b, ρ, what else is estimated, σ² in this order; where nothing is known of a number, NaN.
    pub covariance: Option<Dense>,
    /// Logarithm of the likelihood; none of a corrected estimate.
    pub log_likelihood: Option<f64>,
    /// `ln |I − ρW|` of one period.
    pub log_determinant: f64,
    /// Score of ρ at the estimate.
    pub score: f64,
    /// Residuals e, period by period.
    pub residuals: Vec<f64>,
    /// Between which values ρ may lie.
    pub bounds: (f64, f64),
    /// Observations that count.
    pub observations: usize,
    /// Degrees of freedom of the variance by the least-squares rule.
    pub df: f64,
}

struct Problem<'a> {
    stacked: &'a Stacked,
    weights: &'a Weights,
    determinant: &'a Determinant,
    x: Vec<Vec<f64>>,
    wx: Vec<Vec<f64>>,
    wy: Vec<f64>,
    process: Process,
    counts: Counts,
    /// Residuals of y and Wy on X.
    ends: (Vec<f64>, Vec<f64>),
}

/// Estimates a lag, Durbin or error model with fixed effects.
///
/// # Errors
/// Weights whose rows do not sum to one where the transformation needs that, a correction without two-way effects,
/// regressors that explain everything, or an estimate at the boundary.
pub fn estimate(
    stacked: &Stacked,
    weights: &Weights,
    determinant: &Determinant,
    process: Process,
    approach: Approach,
) -> Result<SpatialFit, EstimationError> {
    refuse(stacked, weights, approach)?;
    let (basis, own) = Regressors::of(stacked);
    let Regressors { names, dropped, x } = own;
    let counts = Counts::of(stacked, approach, x.len() + 2)?;
    let wy = lagged(weights, &stacked.y);
    let problem = Problem {
        stacked,
        weights,
        determinant,
        wx: x.iter().map(|x| lagged(weights, x)).collect(),
        ends: (basis.residual(&stacked.y), basis.residual(&wy)),
        wy,
        x,
        process,
        counts,
    };
    if dot(&problem.ends.0, &problem.ends.0).sqrt() <= 1e-12 * dot(&stacked.y, &stacked.y).sqrt() {
        return Err(EstimationError::PerfectFit("the response".to_owned()));
    }
    let rho = problem.solve()?;
    let mut fit = problem.fit(rho, names, dropped)?;
    if approach == Approach::Corrected {
        problem.correct(&mut fit)?;
    }
    Ok(fit)
}

/// Regressors that no others make up.
pub(super) struct Regressors {
    /// Their names.
    pub names: Vec<String>,
    /// Names of the others.
    pub dropped: Vec<String>,
    /// Columns, period by period.
    pub x: Vec<Vec<f64>>,
}

impl Regressors {
    /// Those of a panel, with their orthogonal basis.
    pub(super) fn of(stacked: &Stacked) -> (Basis, Self) {
        let scales: Vec<f64> = stacked.x.iter().map(|x| dot(x, x).sqrt()).collect();
        let whole = scales.iter().copied().fold(0.0, f64::max);
        let floor: Vec<f64> = scales.iter().map(|scale| scale.max(1e-6 * whole)).collect();
        let basis = Basis::of(&stacked.x, &floor, COLLINEAR);
        let names = |own: &[usize]| own.iter().map(|at| stacked.names[*at].clone()).collect();
        let x = basis.kept().iter().map(|at| stacked.x[*at].clone()).collect();
        let own = Regressors { names: names(basis.kept()), dropped: names(basis.dropped()), x };
        (basis, own)
    }
}

/// What counts in a likelihood with incidental effects.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    /// Observations.
    pub m: f64,
    /// Periods.
    pub tau: f64,
    /// Whether a unit is taken by the effects of periods.
    pub centred: bool,
}

impl Counts {
    /// Those of an approach.
    ///
    /// # Errors
    /// Fewer than the parameters.
    pub(super) fn of(
        stacked: &Stacked,
        approach: Approach,
        parameters: usize,
    ) -> Result<Self, EstimationError> {
        let (n, t) = (stacked.n as f64, stacked.t as f64);
        let transformed = approach == Approach::Transformed;
        let tau = if transformed && stacked.effects.of_units() { t - 1.0 } else { t };
        let centred = transformed && stacked.effects.of_periods();
        let m = tau * if centred { n - 1.0 } else { n };
        if parameters as f64 >= m {
            return Err(EstimationError::TooFew { observations: m as usize, parameters });
        }
        Ok(Counts { m, tau, centred })
    }

    /// `τ [ln|I − ρW| − c ln(1 − ρ)]` and its derivative.
    pub(super) fn log_determinant(&self, determinant: &Determinant, rho: f64) -> (f64, f64) {
        let (mut value, mut slope) = determinant.at(rho);
        if self.centred {
            value -= (1.0 - rho).ln();
            slope += 1.0 / (1.0 - rho);
        }
        (self.tau * value, self.tau * slope)
    }
}

/// Refuses what an approach cannot do.
pub(super) fn refuse(
    stacked: &Stacked,
    weights: &Weights,
    approach: Approach,
) -> Result<(), EstimationError> {
    let by_period = matches!(stacked.effects, FixedEffects::Time | FixedEffects::TwoWay);
    if approach == Approach::Transformed && by_period && !weights.is_row_standardized() {
        let text = "the transformation of effects of periods needs weights whose rows sum to one: standardize = \"row\"";
        return Err(EstimationError::Other(text.to_owned()));
    }
    if approach == Approach::Transformed && by_period && !weights.islands().is_empty() {
        let text = format!(
            "the transformation of effects of periods needs rows that sum to one; {} has no neighbour",
            weights.islands().join(", ")
        );
        return Err(EstimationError::Other(text));
    }
    if approach == Approach::Corrected && stacked.effects != FixedEffects::TwoWay {
        let text = "the bias correction is that of two-way effects; with effects of one kind take the transformation";
        return Err(EstimationError::Other(text.to_owned()));
    }
    Ok(())
}

impl Problem<'_> {
    /// Sum of squared residuals, its derivative, coefficients and residuals at a spatial coefficient.
    fn at(&self, rho: f64) -> (f64, f64, Vec<f64>, Vec<f64>) {
        match self.process {
            Process::Lag => {
                let (e0, e1) = &self.ends;
                let mut e = e0.clone();
                add(&mut e, -rho, e1);
                (dot(&e, &e), -2.0 * dot(&e, e1), Vec::new(), e)
            }
            Process::Error => {
                let filtered: Vec<Vec<f64>> = self
                    .x
                    .iter()
                    .zip(&self.wx)
                    .map(|(x, wx)| x.iter().zip(wx).map(|(x, wx)| x - rho * wx).collect())
                    .collect();
                let mut y = self.stacked.y.clone();
                add(&mut y, -rho, &self.wy);
                let scales: Vec<f64> = filtered.iter().map(|x| dot(x, x).sqrt()).collect();
                let (b, e) = Basis::of(&filtered, &scales, 0.0).solve(&y);
                // By the envelope theorem the coefficients' own movement does not count.
                let mut turned = self.wy.clone();
                for (wx, b) in self.wx.iter().zip(&b) {
                    add(&mut turned, -b, wx);
                }
                (dot(&e, &e), -2.0 * dot(&e, &turned), b, e)
            }
        }
    }

    fn score(&self, rho: f64) -> f64 {
        let (ssr, slope, _, _) = self.at(rho);
        self.counts.log_determinant(self.determinant, rho).1 - 0.5 * self.counts.m * slope / ssr
    }

    fn log_likelihood(&self, rho: f64) -> f64 {
        let ssr = self.at(rho).0;
        let two_pi = 2.0 * std::f64::consts::PI;
        self.counts.log_determinant(self.determinant, rho).0
            - 0.5 * self.counts.m * (two_pi.ln() + (ssr / self.counts.m).ln() + 1.0)
    }

    /// The spatial coefficient: the best of a grid, then the root of the score beside it.
    fn solve(&self) -> Result<f64, EstimationError> {
        let (low, high) = self.determinant.bounds();
        let width = high - low;
        // Determinants of many units cost more than what they are held against; the likelihood is smooth all the same.
        let steps = match (self.process, self.determinant) {
            (_, Determinant::Sparse(..)) => 20,
            (Process::Lag, _) => 200,
            (Process::Error, _) => 60,
        };
        let place = |at: usize| low + width * (1e-6 + (1.0 - 2e-6) * at as f64 / steps as f64);
        let values: Vec<f64> = (0..=steps).map(|at| self.log_likelihood(place(at))).collect();
        let best = (0..=steps)
            .filter(|at| values[*at].is_finite())
            .max_by(|a, b| values[*a].total_cmp(&values[*b]));
        let Some(best) = best else {
            return Err(EstimationError::Other("the likelihood is no number anywhere".to_owned()));
        };
        let (left, right) = (place(best.saturating_sub(1)), place((best + 1).min(steps)));
        let root = root(|rho| self.score(rho), left, right);
        root.filter(|rho| *rho > place(0) && *rho < place(steps)).ok_or_else(|| {
            EstimationError::Other(format!(
                "the spatial coefficient goes to the boundary of its range, {low:.4} to {high:.4}: the weights and the effects leave nothing to tell it by"
            ))
        })
    }

    fn fit(
        &self,
        rho: f64,
        names: Vec<String>,
        dropped: Vec<String>,
    ) -> Result<SpatialFit, EstimationError> {
        let (ssr, _, mut b, residuals) = self.at(rho);
        if self.process == Process::Lag {
            let mut y = self.stacked.y.clone();
            add(&mut y, -rho, &self.wy);
            let scales: Vec<f64> = self.x.iter().map(|x| dot(x, x).sqrt()).collect();
            b = Basis::of(&self.x, &scales, 0.0).solve(&y).0;
        }
        let variance = ssr / self.counts.m;
        let information = self.information(rho, &b, variance)?;
        let covariance = inverse(&information)
            .map_err(|_| EstimationError::Other("the information matrix is singular".to_owned()))?;
        Ok(SpatialFit {
            df: self.stacked.degrees(b.len()),
            names,
            dropped,
            process: self.process,
            spatial: rho,
            more: Vec::new(),
            variance,
            covariance: Some(covariance),
            log_likelihood: Some(self.log_likelihood(rho)),
            log_determinant: self.determinant.at(rho).0,
            score: self.score(rho),
            residuals,
            bounds: self.determinant.bounds(),
            observations: self.counts.m as usize,
            coefficients: b,
        })
    }

    /// Information matrix of b, ρ, σ².
    fn information(&self, rho: f64, b: &[f64], variance: f64) -> Result<Dense, EstimationError> {
        let singular = || EstimationError::Other("I − ρW is singular at the estimate".to_owned());
        let g = self.determinant.multiplier(self.weights, rho).ok_or_else(singular)?;
        let Traces { one, two, cross } = g.traces(self.weights, self.counts.centred);
        let k = self.x.len();
        let filtered: Vec<Vec<f64>>;
        let x = match self.process {
            Process::Lag => &self.x,
            Process::Error => {
                let pairs = self.x.iter().zip(&self.wx);
                let one = |x: &[f64], wx: &[f64]| {
                    x.iter().zip(wx).map(|(x, wx)| x - rho * wx).collect::<Vec<f64>>()
                };
                filtered = pairs.map(|(x, wx)| one(x, wx)).collect();
                &filtered
            }
        };
        let mut information = products_over(x, variance, 2);
        let mut set = |i, j, value| set_both(&mut information, (i, j), value);
        let mut of_rho = self.counts.tau * (two + cross);
        if self.process == Process::Lag {
            let mut fitted = vec![0.0; self.stacked.y.len()];
            for (x, b) in x.iter().zip(b) {
                add(&mut fitted, *b, x);
            }
            let gx: Vec<f64> = fitted
                .chunks(self.stacked.n)
                .flat_map(|period| g.times(self.weights, period))
                .collect();
            let gx = demeaned(&gx, self.stacked.n, self.stacked.effects);
            for (i, x) in x.iter().enumerate() {
                set(i, k, dot(x, &gx) / variance);
            }
            of_rho += dot(&gx, &gx) / variance;
        }
        set(k, k, of_rho);
        set(k, k + 1, self.counts.tau * one / variance);
        set(k + 1, k + 1, self.counts.m / (2.0 * variance * variance));
        Ok(information)
    }

    /// Takes the bias of the direct estimate with two-way effects out (Lee & Yu 2010; Elhorst 2014, 3.19).
    fn correct(&self, fit: &mut SpatialFit) -> Result<(), EstimationError> {
        let (n, t) = (self.stacked.n as f64, self.stacked.t as f64);
        let k = fit.coefficients.len();
        let information = self.information(fit.spatial, &fit.coefficients, fit.variance)?;
        let mut bias = vec![0.0; k + 2];
        bias[k] = 1.0 / (1.0 - fit.spatial);
        bias[k + 1] = 1.0 / (2.0 * fit.variance);
        let covariance = inverse(&information)
            .map_err(|_| EstimationError::Other("the information matrix is singular".to_owned()))?;
        let step = times(&covariance, &bias);
        for (b, step) in fit.coefficients.iter_mut().zip(&step) {
            *b += step * n * t / n;
        }
        fit.spatial += step[k] * t;
        fit.variance = (fit.variance + step[k + 1] * t) * t / (t - 1.0);
        // The information at the corrected estimate, as Lee & Yu take it.
        let information = self.information(fit.spatial, &fit.coefficients, fit.variance)?;
        fit.covariance = inverse(&information).ok();
        fit.log_likelihood = None;
        Ok(())
    }
}

/// A root between two places of different sign, to the last bit (Brent 1973); nothing if the signs are the same.
pub fn root(of: impl Fn(f64) -> f64, mut a: f64, mut b: f64) -> Option<f64> {
    let (mut fa, mut fb) = (of(a), of(b));
    if fa == 0.0 {
        return Some(a);
    }
    if fb == 0.0 {
        return Some(b);
    }
    if fa.is_nan() || fb.is_nan() || fa.signum() == fb.signum() {
        return None;
    }
    let (mut c, mut fc) = (a, fa);
    let (mut d, mut e) = (b - a, b - a);
    for _ in 0..200 {
        if fb.signum() == fc.signum() {
            (c, fc, d) = (a, fa, b - a);
            e = d;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let tolerance = 2.0 * f64::EPSILON * b.abs() + 1e-18;
        let half = 0.5 * (c - b);
        if half.abs() <= tolerance || fb == 0.0 {
            return Some(b);
        }
        if e.abs() >= tolerance && fa.abs() > fb.abs() {
            let s = fb / fa;
            let (mut p, mut q) = if a == c {
                (2.0 * half * s, 1.0 - s)
            } else {
                let (q, r) = (fa / fc, fb / fc);
                (
                    s * (2.0 * half * q * (q - r) - (b - a) * (r - 1.0)),
                    (q - 1.0) * (r - 1.0) * (s - 1.0),
                )
            };
            if p > 0.0 {
                q = -q;
            }
            p = p.abs();
            if 2.0 * p < (3.0 * half * q - (tolerance * q).abs()).min((e * q).abs()) {
                (e, d) = (d, p / q);
            } else {
                (d, e) = (half, half);
            }
        } else {
            (d, e) = (half, half);
        }
        (a, fa) = (b, fb);
        b += if d.abs() > tolerance { d } else { tolerance.copysign(half) };
        fb = of(b);
    }
    Some(b)
}
