//! Maximum likelihood of a spatial lag with spatial errors (SARAR), with fixed effects.
//!
//! ```text
//! A y_t = X_t b + effects + u_t,  B u_t = e_t        A = I − ρW,  B = I − λW
//! ln L = −M/2 ln(2πσ²) + τ [ln|A| + ln|B| − c ln(1−ρ) − c ln(1−λ)] − e'e / 2σ²,  e = B (A y − X b)
//! ```
//!
//! `M`, `τ`, `c` as in [`super::likelihood`]. Given λ, e is linear in ρ, so a grid costs one least squares a λ; the best
//! of it is climbed in both. Source: Lee & Yu (2010), eq. 39; A and B share W, so they commute and `B G B⁻¹ = G`.

use super::climb::climb;
use super::determinant::{Determinant, Multiplier, Traces, crossed};
use super::likelihood::{Approach, Counts, Process, Regressors, SpatialFit, refuse};
use super::{Stacked, demeaned, lagged};
use crate::econometrics::EstimationError;
use crate::linalg::Dense;
use crate::linalg::least_squares::{Basis, add, dot};
use crate::linalg::small::{inverse, products_over, set_both};
use crate::weights::Weights;

/// Places of a grid in each of the two coefficients.
const GRID: usize = 12;

pub(super) struct Problem<'a> {
    stacked: &'a Stacked,
    weights: &'a Weights,
    determinant: &'a Determinant,
    counts: Counts,
    x: Vec<Vec<f64>>,
    wx: Vec<Vec<f64>>,
    wy: Vec<f64>,
    wwy: Vec<f64>,
}

/// What the regression at a λ leaves: filtered regressors, residuals of `B y` and `B W y`.
struct Filtered {
    basis: Basis,
    ends: [Vec<f64>; 2],
    b: [Vec<f64>; 2],
}

/// Estimates both coefficients.
///
/// # Errors
/// The bias correction, which is not known of this model; else those of a lag or error model.
pub fn estimate(
    stacked: &Stacked,
    weights: &Weights,
    determinant: &Determinant,
    approach: Approach,
) -> Result<SpatialFit, EstimationError> {
    if approach == Approach::Corrected {
        let text = "the bias correction is that of a lag or an error alone; with both take approach = \"transformation\"";
        return Err(EstimationError::Other(text.to_owned()));
    }
    let (problem, names, dropped) = Problem::of(stacked, weights, determinant, approach)?;
    let (at, score) = problem.solve()?;
    problem.fit(at, score, names, dropped)
}

/// What is known of the likelihood at given coefficients, the others at their best.
pub(super) struct Local {
    /// Slopes in ρ and λ.
    pub score: [f64; 2],
    /// Information of b, ρ, λ, σ².
    pub information: Dense,
}

impl<'a> Problem<'a> {
    /// The likelihood of a panel, with names of its regressors and of those that others make up.
    pub(super) fn of(
        stacked: &'a Stacked,
        weights: &'a Weights,
        determinant: &'a Determinant,
        approach: Approach,
    ) -> Result<(Self, Vec<String>, Vec<String>), EstimationError> {
        refuse(stacked, weights, approach)?;
        let (basis, Regressors { names, dropped, x }) = Regressors::of(stacked);
        let counts = Counts::of(stacked, approach, x.len() + 3)?;
        let rest = basis.residual(&stacked.y);
        if dot(&rest, &rest).sqrt() <= 1e-12 * dot(&stacked.y, &stacked.y).sqrt() {
            return Err(EstimationError::PerfectFit("the response".to_owned()));
        }
        let wy = lagged(weights, &stacked.y);
        let problem = Problem {
            stacked,
            weights,
            determinant,
            counts,
            wx: x.iter().map(|x| lagged(weights, x)).collect(),
            wwy: lagged(weights, &wy),
            wy,
            x,
        };
        Ok((problem, names, dropped))
    }
}

impl Problem<'_> {
    /// Scores and information at ρ and λ.
    pub(super) fn local(&self, [rho, lambda]: [f64; 2]) -> Result<Local, EstimationError> {
        let filtered = self.filtered(lambda);
        let (b, e) = Self::at(&filtered, rho);
        let variance = dot(&e, &e) / self.counts.m;
        let score = self.likelihood([rho, lambda]).map(|(_, score)| score).ok_or_else(|| {
            EstimationError::Other("the likelihood is no number where it is asked for".to_owned())
        })?;
        let information = self.information([rho, lambda], &filtered, &b, variance)?;
        Ok(Local { score, information })
    }

    fn filtered(&self, lambda: f64) -> Filtered {
        let filter = |z: &[f64], wz: &[f64]| {
            let mut out = z.to_vec();
            add(&mut out, -lambda, wz);
            out
        };
        let x: Vec<Vec<f64>> = self.x.iter().zip(&self.wx).map(|(x, wx)| filter(x, wx)).collect();
        let scales: Vec<f64> = x.iter().map(|x| dot(x, x).sqrt()).collect();
        let basis = Basis::of(&x, &scales, 0.0);
        let (of_y, e_y) = basis.solve(&filter(&self.stacked.y, &self.wy));
        let (of_wy, e_wy) = basis.solve(&filter(&self.wy, &self.wwy));
        Filtered { basis, ends: [e_y, e_wy], b: [of_y, of_wy] }
    }

    /// `−M/2 [ln(2π e'e/M) + 1]`
    fn of_residuals(&self, ssr: f64) -> f64 {
        let two_pi = 2.0 * std::f64::consts::PI;
        -0.5 * self.counts.m * (two_pi.ln() + (ssr / self.counts.m).ln() + 1.0)
    }

    /// Coefficients and residuals at ρ and λ.
    fn at(filtered: &Filtered, rho: f64) -> (Vec<f64>, Vec<f64>) {
        let [e, turned] = &filtered.ends;
        let mut e = e.clone();
        add(&mut e, -rho, turned);
        let mut b = filtered.b[0].clone();
        add(&mut b, -rho, &filtered.b[1]);
        (b, e)
    }

    /// The concentrated likelihood, and its gradient in ρ and λ.
    fn likelihood(&self, [rho, lambda]: [f64; 2]) -> Option<(f64, [f64; 2])> {
        let of_rho = self.counts.log_determinant(self.determinant, rho);
        let of_lambda = self.counts.log_determinant(self.determinant, lambda);
        let filtered = self.filtered(lambda);
        let (b, e) = Self::at(&filtered, rho);
        let ssr = dot(&e, &e);
        // W (A y − X b): by the envelope theorem the coefficients' own movement does not count.
        let mut turned = self.wy.clone();
        add(&mut turned, -rho, &self.wwy);
        for (at, b) in filtered.basis.kept().iter().zip(&b) {
            add(&mut turned, -b, &self.wx[*at]);
        }
        let scale = self.counts.m / ssr;
        let value = of_rho.0 + of_lambda.0 + self.of_residuals(ssr);
        let gradient =
            [of_rho.1 + scale * dot(&e, &filtered.ends[1]), of_lambda.1 + scale * dot(&e, &turned)];
        value.is_finite().then_some((value, gradient))
    }

    /// Both coefficients, and the larger of their two scores.
    fn solve(&self) -> Result<([f64; 2], f64), EstimationError> {
        let (low, high) = self.determinant.bounds();
        let (low, high) = (low + 1e-6 * (high - low), high - 1e-6 * (high - low));
        let places: Vec<f64> =
            (1..GRID).map(|at| low + (high - low) * at as f64 / GRID as f64).collect();
        let determinants: Vec<f64> = places
            .iter()
            .map(|place| self.counts.log_determinant(self.determinant, *place).0)
            .collect();
        let mut best: Option<(f64, [f64; 2])> = None;
        for (lambda, of_lambda) in places.iter().zip(&determinants) {
            let filtered = self.filtered(*lambda);
            for (rho, of_rho) in places.iter().zip(&determinants) {
                let (_, e) = Self::at(&filtered, *rho);
                let value = of_lambda + of_rho + self.of_residuals(dot(&e, &e));
                if value.is_finite() && best.is_none_or(|best| value > best.0) {
                    best = Some((value, [*rho, *lambda]));
                }
            }
        }
        let summit =
            best.and_then(|(_, start)| climb(&|at| self.likelihood(at), start, [(low, high); 2]));
        match summit {
            Some(own) if own.at_end == [false; 2] => {
                Ok((own.at, own.gradient[0].abs().max(own.gradient[1].abs())))
            }
            _ => Err(EstimationError::Other(format!(
                "no highest likelihood within the range of the spatial coefficients, {low:.4} to {high:.4}: lag and error cannot be told apart; take one of them"
            ))),
        }
    }

    fn fit(
        &self,
        [rho, lambda]: [f64; 2],
        score: f64,
        names: Vec<String>,
        dropped: Vec<String>,
    ) -> Result<SpatialFit, EstimationError> {
        let filtered = self.filtered(lambda);
        let (b, residuals) = Self::at(&filtered, rho);
        let ssr = dot(&residuals, &residuals);
        let variance = ssr / self.counts.m;
        let information = self.information([rho, lambda], &filtered, &b, variance)?;
        let covariance = inverse(&information)
            .map_err(|_| EstimationError::Other("the information matrix is singular".to_owned()))?;
        Ok(SpatialFit {
            df: self.stacked.degrees(b.len()),
            names,
            dropped,
            process: Process::Lag,
            spatial: rho,
            more: vec![("lambda", lambda)],
            variance,
            covariance: Some(covariance),
            log_likelihood: self.likelihood([rho, lambda]).map(|own| own.0),
            log_determinant: self.determinant.at(rho).0,
            score,
            residuals,
            bounds: self.determinant.bounds(),
            observations: self.counts.m as usize,
            coefficients: b,
        })
    }

    /// Information matrix of b, ρ, λ, σ².
    ///
    /// ```text
    /// bb  X'B'BX/σ²      bρ  X'B'G B X b/σ²      ρρ  τ tr(G G + G'G) + |G B X b|²/σ²      ρλ  τ tr((H + H') G)
    /// λλ  τ tr(H H + H'H)      ρσ²  τ tr G/σ²      λσ²  τ tr H/σ²      σ²σ²  M/2σ⁴      H = W B⁻¹
    /// ```
    fn information(
        &self,
        [rho, lambda]: [f64; 2],
        filtered: &Filtered,
        b: &[f64],
        variance: f64,
    ) -> Result<Dense, EstimationError> {
        let of = |at: f64| -> Result<(Multiplier<'_>, Traces), EstimationError> {
            let own = self.determinant.multiplier(self.weights, at).ok_or_else(|| {
                EstimationError::Other("I − ρW is singular at the estimate".to_owned())
            })?;
            let traces = own.traces(self.weights, self.counts.centred);
            Ok((own, traces))
        };
        let ((g, of_rho), (h, of_lambda)) = (of(rho)?, of(lambda)?);
        let tau = self.counts.tau;
        let mut filtered_x: Vec<Vec<f64>> = self.x.clone();
        for (x, wx) in filtered_x.iter_mut().zip(&self.wx) {
            add(x, -lambda, wx);
        }
        let mut fitted = vec![0.0; self.stacked.y.len()];
        for (at, b) in filtered.basis.kept().iter().zip(b) {
            add(&mut fitted, *b, &filtered_x[*at]);
        }
        let n = self.stacked.n;
        let gx: Vec<f64> =
            fitted.chunks(n).flat_map(|period| g.times(self.weights, period)).collect();
        let gx = demeaned(&gx, n, self.stacked.effects);
        let k = self.x.len();
        let mut information = products_over(&filtered_x, variance, 3);
        let mut set = |i, j, value| set_both(&mut information, (i, j), value);
        for (i, x) in filtered_x.iter().enumerate() {
            set(i, k, dot(x, &gx) / variance);
        }
        set(k, k, tau * (of_rho.two + of_rho.cross) + dot(&gx, &gx) / variance);
        let both = crossed((&g, rho), (&h, lambda), self.weights, self.counts.centred);
        set(k, k + 1, tau * both);
        set(k + 1, k + 1, tau * (of_lambda.two + of_lambda.cross));
        set(k, k + 2, tau * of_rho.one / variance);
        set(k + 1, k + 2, tau * of_lambda.one / variance);
        set(k + 2, k + 2, self.counts.m / (2.0 * variance * variance));
        Ok(information)
    }
}

#[cfg(test)]
mod tests {
    use super::super::FixedEffects;
    use super::super::likelihood;
    use super::*;
    use crate::draws::{Stream, parameter};

    fn grid(n: usize) -> Weights {
        let near = |at: usize| [(at + 1) % n, (at + n - 1) % n, (at + 5) % n].map(|j| (j, 1.0));
        let units = (0..n).map(|at| at.to_string()).collect();
        Weights::new(units, (0..n).map(|at| near(at).to_vec()).collect())
            .unwrap()
            .row_standardized()
    }

    fn panel(n: usize, t: usize, weights: &Weights) -> Stacked {
        let stream = Stream::new(7, 0, parameter("a panel of SARAR"));
        let z: Vec<f64> = (0..2 * n * t).map(|at| stream.normal(at as u32)).collect();
        let (x, e) = z.split_at(n * t);
        let determinant = Determinant::of(weights).unwrap();
        let solve = |rho: f64, z: &[f64]| -> Vec<f64> {
            let g = determinant.multiplier(weights, rho).unwrap();
            // (I − ρW)⁻¹ z = z + ρ G z
            z.iter().zip(g.times(weights, z)).map(|(z, g)| z + rho * g).collect()
        };
        let mut y = Vec::new();
        for (x, e) in x.chunks(n).zip(e.chunks(n)) {
            let u = solve(0.3, e);
            let right: Vec<f64> = x.iter().zip(&u).map(|(x, u)| 1.5 * x + u).collect();
            y.extend(solve(0.5, &right));
        }
        let effects = FixedEffects::Individual;
        let y = demeaned(&y, n, effects);
        let x = vec![demeaned(x, n, effects)];
        Stacked { n, t, y, x, names: vec!["x".to_owned()], effects }
    }

    #[test]
    fn both_coefficients_are_found_and_beat_either_alone() {
        let weights = grid(40);
        let stacked = panel(40, 12, &weights);
        let determinant = Determinant::of(&weights).unwrap();
        let own = estimate(&stacked, &weights, &determinant, Approach::Transformed).unwrap();
        let covariance = own.covariance.as_ref().unwrap();
        for (at, value, truth) in
            [(0, own.coefficients[0], 1.5), (1, own.spatial, 0.5), (2, own.more[0].1, 0.3)]
        {
            let error = covariance[(at, at)].sqrt();
            assert!((value - truth).abs() < 3.5 * error, "{value} ± {error}, truth {truth}");
        }
        assert!(own.score < 1e-8, "{}", own.score);
        for process in [Process::Lag, Process::Error] {
            let one = likelihood::estimate(
                &stacked,
                &weights,
                &determinant,
                process,
                Approach::Transformed,
            );
            assert!(one.unwrap().log_likelihood < own.log_likelihood, "{process:?}");
        }
    }

    #[test]
    fn the_gradient_is_that_of_the_likelihood() {
        let weights = grid(20);
        let stacked = panel(20, 6, &weights);
        let determinant = Determinant::of(&weights).unwrap();
        let wy = lagged(&weights, &stacked.y);
        let problem = Problem {
            stacked: &stacked,
            weights: &weights,
            determinant: &determinant,
            counts: Counts::of(&stacked, Approach::Direct, 4).unwrap(),
            wx: stacked.x.iter().map(|x| lagged(&weights, x)).collect(),
            wwy: lagged(&weights, &wy),
            wy,
            x: stacked.x.clone(),
        };
        let value = |rho: f64, lambda: f64| problem.likelihood([rho, lambda]).unwrap().0;
        let (_, [of_rho, of_lambda]) = problem.likelihood([0.2, -0.4]).unwrap();
        let step = 1e-5;
        let by_rho = (value(0.2 + step, -0.4) - value(0.2 - step, -0.4)) / (2.0 * step);
        let by_lambda = (value(0.2, -0.4 + step) - value(0.2, -0.4 - step)) / (2.0 * step);
        assert!((of_rho - by_rho).abs() < 1e-6 * of_rho.abs(), "{of_rho} {by_rho}");
        assert!((of_lambda - by_lambda).abs() < 1e-6 * of_lambda.abs(), "{of_lambda} {by_lambda}");
    }
}
