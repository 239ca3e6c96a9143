//! Maximum likelihood of spatial panels with random effects of units.
//!
//! ```text
//! lag            A y_t = X_t b + μ + e_t                          A = I − ρW,  B = I − λW
//! error (bsk)    y_t = X_t b + μ + B⁻¹ e_t                        the effects have no neighbours
//! error (kkp)    y_t = X_t b + B⁻¹ (μ + e_t)                      the effects spill over like the errors
//! φ = σ_μ² / σ²,  K = (1 + Tφ) I   (bsk: I + Tφ B B')
//! ln L = −nT/2 ln(2πσ²) + T ln|A or B| − ½ ln|K| − (Σ w_t'w_t + T f̄' K⁻¹ f̄) / 2σ²
//! ```
//!
//! `f = A y − X b` or `B (y − X b)`, `f̄` its mean over periods, `w_t` what is left of a period. Columns therefore are `nT`
//! deviations and `n` means times `√T` and a root of `K⁻¹`, and nothing larger is made. With `b` and σ² given by the
//! others, the likelihood is climbed in the spatial coefficient and `u = ln(1 + Tφ) ≥ 0`; the quasi-demeaning share of
//! spreg is `1/√(1+Tφ)`. Source: Baltagi, Song & Koh (2003); Kapoor, Kelejian & Prucha (2007); Elhorst (2014), ch. 3;
//! Millo & Piras (2012).

mod information;

use super::climb::{Summit, climb};
use super::determinant::Determinant;
use super::likelihood::{Process, Regressors, SpatialFit};
use super::sparse::{Elimination, Factors};
use super::{FixedEffects, Stacked, lagged};
use crate::econometrics::EstimationError;
use crate::linalg::least_squares::{Basis, add, dot};
use crate::weights::Weights;

/// Whether effects of units spill over where errors do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Disturbance {
    /// They do not (Baltagi, Song & Koh).
    #[default]
    Baltagi,
    /// They do (Kapoor, Kelejian & Prucha).
    Kapoor,
}

impl Disturbance {
    /// Words of files.
    pub const WORDS: [(&'static str, Disturbance); 2] =
        [("bsk", Disturbance::Baltagi), ("kkp", Disturbance::Kapoor)];
}

/// What covariances are made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Information {
    /// The information matrix of all parameters together.
    #[default]
    Expected,
    /// That of b with the others taken as known; those of ρ and φ from the Hessian of the likelihood in these two (splm).
    Conditional,
}

impl Information {
    /// Words of files.
    pub const WORDS: [(&'static str, Information); 2] =
        [("expected", Information::Expected), ("conditional", Information::Conditional)];
}

/// A column: deviations from means of units, period by period, and `√T` times the means.
#[derive(Debug, Clone)]
struct Parted {
    within: Vec<f64>,
    mean: Vec<f64>,
}

impl Parted {
    fn of(z: &[f64], n: usize) -> Self {
        let t = z.len() / n;
        let mut mean = vec![0.0; n];
        z.chunks(n).for_each(|period| add(&mut mean, 1.0 / t as f64, period));
        let mut within = z.to_vec();
        within.chunks_mut(n).for_each(|period| add(period, -1.0, &mean));
        mean.iter_mut().for_each(|own| *own *= (t as f64).sqrt());
        Parted { within, mean }
    }

    /// `z += factor · x`
    fn add(&mut self, factor: f64, x: &Parted) {
        add(&mut self.within, factor, &x.within);
        add(&mut self.mean, factor, &x.mean);
    }
}

/// A square root of `K⁻¹`, and what comes with it.
enum Middle<'a> {
    /// `K = (1 + c) I`.
    Scaled(f64),
    /// `K = I + c B B'`.
    Factored(Factors<'a>),
}

impl Middle<'_> {
    fn root(&self, z: &[f64]) -> Vec<f64> {
        match self {
            Middle::Scaled(k) => z.iter().map(|z| z / k.sqrt()).collect(),
            Middle::Factored(own) => own.root(z),
        }
    }

    /// Deviations, and means times the root.
    fn joined(&self, z: &Parted) -> Vec<f64> {
        let mut out = z.within.clone();
        out.extend(self.root(&z.mean));
        out
    }
}

struct Problem<'a> {
    stacked: &'a Stacked,
    weights: &'a Weights,
    turned: Weights,
    determinant: &'a Determinant,
    process: Process,
    /// Of effects without neighbours in an error model.
    elimination: Option<Elimination>,
    x: Vec<Parted>,
    wx: Vec<Parted>,
    y: Parted,
    wy: Parted,
}

/// The likelihood at a point, and what it is made of.
struct Point<'a> {
    value: f64,
    gradient: [f64; 2],
    middle: Middle<'a>,
    basis: Basis,
    b: Vec<f64>,
    /// `f`, or `A y − X b`.
    rest: Parted,
    ssr: f64,
}

/// Most of `u`: effects a hundred million times the errors.
const MOST: f64 = 40.0;

/// Estimates a lag, Durbin or error model with random effects of units.
///
/// # Errors
/// A single period, regressors that explain everything, or an estimate at the boundary.
///
/// # Panics
/// If the panel has fixed effects.
#[track_caller]
pub fn estimate(
    stacked: &Stacked,
    weights: &Weights,
    determinant: &Determinant,
    process: Process,
    disturbance: Disturbance,
    information: Information,
) -> Result<SpatialFit, EstimationError> {
    assert!(stacked.effects == FixedEffects::None, "a panel with its means expected");
    if stacked.t < 2 {
        let text = "random effects need two periods: with one they cannot be told from errors";
        return Err(EstimationError::Other(text.to_owned()));
    }
    let (basis, Regressors { names, dropped, x }) = Regressors::of(stacked);
    let (observations, parameters) = (stacked.n * stacked.t, x.len() + 3);
    if parameters >= observations {
        return Err(EstimationError::TooFew { observations, parameters });
    }
    let rest = basis.residual(&stacked.y);
    if dot(&rest, &rest).sqrt() <= 1e-12 * dot(&stacked.y, &stacked.y).sqrt() {
        return Err(EstimationError::PerfectFit("the response".to_owned()));
    }
    let problem = Problem::of(stacked, weights, determinant, (process, disturbance), &x);
    let summit = problem.solve()?;
    problem.fit(&summit, names, dropped, information)
}

impl<'a> Problem<'a> {
    fn of(
        stacked: &'a Stacked,
        weights: &'a Weights,
        determinant: &'a Determinant,
        (process, disturbance): (Process, Disturbance),
        x: &[Vec<f64>],
    ) -> Self {
        let own = process == Process::Error && disturbance == Disturbance::Baltagi;
        let parted = |z: &[f64]| Parted::of(z, stacked.n);
        Problem {
            stacked,
            weights,
            turned: weights.transposed(),
            determinant,
            process,
            elimination: own.then(|| Elimination::of_middle(weights)),
            x: x.iter().map(|x| parted(x)).collect(),
            wx: x.iter().map(|x| parted(&lagged(weights, x))).collect(),
            y: parted(&stacked.y),
            wy: parted(&lagged(weights, &stacked.y)),
        }
    }
}

impl Problem<'_> {
    fn middle(&self, spatial: f64, c: f64) -> Option<(Middle<'_>, [f64; 3])> {
        let n = self.stacked.n as f64;
        Some(match &self.elimination {
            None => (Middle::Scaled(1.0 + c), [n * c.ln_1p(), 0.0, n / (1.0 + c)]),
            Some(own) => (
                Middle::Factored(own.middle_factors(spatial, c)?),
                own.middle_determinant(spatial, c)?,
            ),
        })
    }

    /// The regressors at a spatial coefficient: as they are, or filtered like the errors.
    fn regressors(&self, spatial: f64) -> Vec<Parted> {
        let mut x = self.x.clone();
        if self.process == Process::Error {
            x.iter_mut().zip(&self.wx).for_each(|(x, wx)| x.add(-spatial, wx));
        }
        x
    }

    /// The concentrated likelihood at the spatial coefficient and `u`.
    fn at(&self, [spatial, u]: [f64; 2]) -> Option<Point<'_>> {
        let c = u.exp_m1();
        let (of_w, slope) = self.determinant.at(spatial);
        let (middle, [of_middle, by_spatial, by_c]) = self.middle(spatial, c)?;
        let x = self.regressors(spatial);
        let columns: Vec<Vec<f64>> = x.iter().map(|x| middle.joined(x)).collect();
        let scales: Vec<f64> = columns.iter().map(|x| dot(x, x).sqrt()).collect();
        let basis = Basis::of(&columns, &scales, 0.0);
        let mut y = self.y.clone();
        y.add(-spatial, &self.wy);
        let (b, e) = basis.solve(&middle.joined(&y));
        let ssr = dot(&e, &e);
        // What moves with the spatial coefficient; by the envelope theorem b's own movement does not count.
        let mut turned = self.wy.clone();
        let mut rest = y;
        for (at, b) in basis.kept().iter().zip(&b) {
            rest.add(-b, &x[*at]);
            if self.process == Process::Error {
                turned.add(-b, &self.wx[*at]);
            }
        }
        let (by_spatial_ssr, by_c_ssr) = self.slopes(&middle, &rest, &turned, spatial, c);
        let t = self.stacked.t as f64;
        let m = self.stacked.n as f64 * t;
        let two_pi = 2.0 * std::f64::consts::PI;
        let value = t * of_w - 0.5 * of_middle - 0.5 * m * (two_pi.ln() + (ssr / m).ln() + 1.0);
        let gradient = [
            t * slope - 0.5 * by_spatial - 0.5 * m * by_spatial_ssr / ssr,
            (1.0 + c) * (-0.5 * by_c - 0.5 * m * by_c_ssr / ssr),
        ];
        value.is_finite().then_some(Point { value, gradient, middle, basis, b, rest, ssr })
    }

    /// Derivatives of the sum of squares in the spatial coefficient and `c = Tφ`.
    ///
    /// ```text
    /// −2 Σ w_t' v_t − 2T g' v̄ (+ 2c T (W'g)'(B'g)),   −T |g|² (bsk: −T |B'g|²),   g = K⁻¹ f̄,  v = W y or W (y − X b)
    /// ```
    fn slopes(
        &self,
        middle: &Middle<'_>,
        rest: &Parted,
        turned: &Parted,
        spatial: f64,
        c: f64,
    ) -> (f64, f64) {
        let within = -2.0 * dot(&rest.within, &turned.within);
        match middle {
            Middle::Scaled(k) => (
                within - 2.0 * dot(&rest.mean, &turned.mean) / k,
                -dot(&rest.mean, &rest.mean) / (k * k),
            ),
            Middle::Factored(factors) => {
                let g = factors.solve(&rest.mean);
                let wg = self.turned.lag(&g);
                let mut bg = g.clone();
                add(&mut bg, -spatial, &wg);
                let mean = -2.0 * dot(&g, &turned.mean) + 2.0 * c * dot(&wg, &bg);
                (within + mean, -dot(&bg, &bg))
            }
        }
    }

    /// The highest likelihood: climbed from the best places of a grid.
    fn solve(&self) -> Result<Summit, EstimationError> {
        let (low, high) = self.determinant.bounds();
        let (low, high) = (low + 1e-6 * (high - low), high - 1e-6 * (high - low));
        let steps = if matches!(self.determinant, Determinant::Sparse(..)) { 6 } else { 12 };
        let mut best: Option<(f64, [f64; 2])> = None;
        for at in 1..steps {
            let spatial = low + (high - low) * f64::from(at) / f64::from(steps);
            for u in [0.1, 1.5, 3.0, 5.0, 8.0] {
                let value = self.at([spatial, u]).map(|own| own.value);
                if let Some(value) = value.filter(|own| best.is_none_or(|best| *own > best.0)) {
                    best = Some((value, [spatial, u]));
                }
            }
        }
        let likelihood = |at: [f64; 2]| self.at(at).map(|own| (own.value, own.gradient));
        let summit =
            best.and_then(|(_, start)| climb(&likelihood, start, [(low, high), (0.0, MOST)]));
        match summit {
            Some(own) if !own.at_end[0] && own.at[1] < MOST => Ok(own),
            _ => Err(EstimationError::Other(format!(
                "no highest likelihood within the range of the spatial coefficient, {low:.4} to {high:.4}: the weights leave nothing to tell it by, or the regressors explain every period"
            ))),
        }
    }

    fn fit(
        &self,
        summit: &Summit,
        names: Vec<String>,
        dropped: Vec<String>,
        information: Information,
    ) -> Result<SpatialFit, EstimationError> {
        let lost = || EstimationError::Other("the likelihood is lost at its summit".to_owned());
        let point = self.at(summit.at).ok_or_else(lost)?;
        let (n, t) = (self.stacked.n, self.stacked.t as f64);
        let variance = point.ssr / (n as f64 * t);
        let covariance = match information {
            Information::Expected => self.expected(summit.at, &point, variance)?,
            Information::Conditional => self.conditional(summit, &point, variance),
        };
        let mean = |unit: usize| point.rest.mean[unit] / t.sqrt();
        let residuals =
            point.rest.within.iter().enumerate().map(|(at, own)| own + mean(at % n)).collect();
        let held = |at: usize| if summit.at_end[at] { 0.0 } else { summit.gradient[at].abs() };
        Ok(SpatialFit {
            df: self.stacked.degrees(point.b.len()),
            names,
            dropped,
            process: self.process,
            spatial: summit.at[0],
            more: vec![("phi", summit.at[1].exp_m1() / t)],
            variance,
            covariance: Some(covariance),
            log_likelihood: Some(point.value),
            log_determinant: self.determinant.at(summit.at[0]).0,
            score: held(0).max(held(1)),
            residuals,
            bounds: self.determinant.bounds(),
            observations: n * self.stacked.t,
            coefficients: point.b,
        })
    }
}

#[cfg(test)]
#[path = "random/tests.rs"]
mod tests;
