//! Covariances of random-effects models: all parameters together, or b given the others.
//!
//! For `y` with mean `A⁻¹Xb` and covariance `Ω`, with `θ = 1/(1+Tφ)`, `G = W A⁻¹`, `H = W B⁻¹`, `S = H + H'`,
//! `Q = K⁻¹ B B'`; columns are joined (deviations and rooted means):
//!
//! ```text
//!           lag                                   error (kkp)            error (bsk)
//! bb        X'X/σ²                                 the same, filtered     the same, filtered
//! bρ        X'(GXb)/σ²                             0                      0
//! ρρ        T tr(GG + G'G) + |GXb|²/σ²             T tr(HH + H'H)         (T−1) tr(HH + H'H) + ½ tr(K⁻¹S K⁻¹S)
//! ρφ        Tθ tr G                                Tθ tr H                ½T tr(K⁻¹S Q)
//! φφ        ½ n T² θ²                              the same               ½T² tr(Q Q)
//! ρσ²       T tr G/σ²                              T tr H/σ²              [(T−1) tr H + ½ tr(K⁻¹S)]/σ²
//! φσ²       ½ n T θ/σ²                             the same               ½T tr Q/σ²
//! σ²σ²      nT/2σ⁴
//! ```
//!
//! from `½ tr(Ω⁻¹ ∂Ω Ω⁻¹ ∂Ω)`; a test holds it against dense matrices. Source: Magnus & Neudecker (1988), ch. 15;
//! Baltagi, Song & Koh (2003), appendix.

use rayon::prelude::*;

use super::{Middle, Parted, Point, Problem};
use crate::econometrics::EstimationError;
use crate::econometrics::spatial::climb::Summit;
use crate::econometrics::spatial::determinant::Multiplier;
use crate::econometrics::spatial::likelihood::Process;
use crate::econometrics::spatial::sparse::Factors;
use crate::linalg::Dense;
use crate::linalg::least_squares::{add, dot};
use crate::linalg::small::{inverse, products_over, set_both};

/// Cells of the spatial coefficient, φ and σ² among themselves: ρρ, ρφ, φφ, ρσ², φσ².
type Cells = [f64; 5];

impl Problem<'_> {
    /// Inverse of the information matrix of b, ρ or λ, φ, σ².
    pub(super) fn expected(
        &self,
        [spatial, u]: [f64; 2],
        point: &Point<'_>,
        variance: f64,
    ) -> Result<Dense, EstimationError> {
        let singular = || EstimationError::Other("I − ρW is singular at the estimate".to_owned());
        let g = self.determinant.multiplier(self.weights, spatial).ok_or_else(singular)?;
        let mut cells = match &point.middle {
            Middle::Scaled(_) => self.scaled(&g, u, variance),
            Middle::Factored(factors) => self.factored(&g, factors, spatial, variance),
        };
        let x = self.regressors(spatial);
        let columns: Vec<Vec<f64>> = x.iter().map(|x| point.middle.joined(x)).collect();
        let k = columns.len();
        let mut information = products_over(&columns, variance, 3);
        let mut set = |i, j, value| set_both(&mut information, (i, j), value);
        if self.process == Process::Lag {
            let gx = point.middle.joined(&self.turned_fit(&g, point));
            for (i, column) in columns.iter().enumerate() {
                set(i, k, dot(column, &gx) / variance);
            }
            cells[0] += dot(&gx, &gx) / variance;
        }
        let m = (self.stacked.n * self.stacked.t) as f64;
        set(k, k, cells[0]);
        set(k, k + 1, cells[1]);
        set(k + 1, k + 1, cells[2]);
        set(k, k + 2, cells[3]);
        set(k + 1, k + 2, cells[4]);
        set(k + 2, k + 2, 0.5 * m / (variance * variance));
        inverse(&information)
            .map_err(|_| EstimationError::Other("the information matrix is singular".to_owned()))
    }

    /// `G X b`
    fn turned_fit(&self, g: &Multiplier<'_>, point: &Point<'_>) -> Parted {
        let n = self.stacked.n;
        let mut fitted = Parted { within: vec![0.0; self.y.within.len()], mean: vec![0.0; n] };
        for (at, b) in point.basis.kept().iter().zip(&point.b) {
            fitted.add(*b, &self.x[*at]);
        }
        let times = |z: &[f64]| -> Vec<f64> {
            z.chunks(n).flat_map(|period| g.times(self.weights, period)).collect()
        };
        Parted { within: times(&fitted.within), mean: times(&fitted.mean) }
    }

    fn scaled(&self, g: &Multiplier<'_>, u: f64, variance: f64) -> Cells {
        let (n, t) = (self.stacked.n as f64, self.stacked.t as f64);
        let traces = g.traces(self.weights, false);
        let share = t * (-u).exp();
        [
            t * (traces.two + traces.cross),
            share * traces.one,
            0.5 * n * share * share,
            t * traces.one / variance,
            0.5 * n * share / variance,
        ]
    }

    /// By one column of `K⁻¹ S` and `Q` after the other, so that no matrix of them is kept.
    fn factored(
        &self,
        h: &Multiplier<'_>,
        factors: &Factors<'_>,
        spatial: f64,
        variance: f64,
    ) -> Cells {
        let (n, t) = (self.stacked.n, self.stacked.t as f64);
        let traces = h.traces(self.weights, false);
        let both = |z: &[f64]| {
            let mut out = h.times(self.weights, z);
            add(&mut out, 1.0, &h.times_transposed(&self.turned, z));
            out
        };
        let filter = |weights: &crate::weights::Weights, z: &[f64]| {
            let mut out = z.to_vec();
            add(&mut out, -spatial, &weights.lag(z));
            out
        };
        let column = |unit: usize| {
            let mut z = vec![0.0; n];
            z[unit] = 1.0;
            let left = both(&factors.solve(&z)); // S K⁻¹ e
            let right = factors.solve(&both(&z)); // K⁻¹ S e
            let q = factors.solve(&filter(self.weights, &filter(&self.turned, &z)));
            [dot(&left, &right), dot(&left, &q), dot(&q, &q), right[unit], q[unit]]
        };
        let columns: Vec<[f64; 5]> = (0..n).into_par_iter().map(column).collect();
        let sum = |at: usize| columns.iter().map(|own| own[at]).sum::<f64>();
        [
            (t - 1.0) * (traces.two + traces.cross) + 0.5 * sum(0),
            0.5 * t * sum(1),
            0.5 * t * t * sum(2),
            ((t - 1.0) * traces.one + 0.5 * sum(3)) / variance,
            0.5 * t * sum(4) / variance,
        ]
    }

    /// `σ² (X'X)⁻¹` of joined columns for b, less the inverse Hessian for ρ and φ, `2σ⁴/nT` for σ².
    pub(super) fn conditional(&self, summit: &Summit, point: &Point<'_>, variance: f64) -> Dense {
        let bread = point.basis.bread();
        let k = point.b.len();
        let mut out = Dense::zeros(k + 3, k + 3);
        for i in 0..k {
            for j in 0..k {
                out.row_mut(i)[j] = variance * bread[(i, j)];
            }
        }
        let t = self.stacked.t as f64;
        let h = summit.hessian;
        // dφ/du at the summit, where the gradient is zero.
        let step = summit.at[1].exp() / t;
        if summit.at_end[1] {
            // Effects without a variance have no error of it.
            out.row_mut(k)[k] = -1.0 / h[0][0];
            out.row_mut(k + 1)[k + 1] = f64::NAN;
        } else {
            let determinant = h[0][0] * h[1][1] - h[0][1] * h[0][1];
            out.row_mut(k)[k] = -h[1][1] / determinant;
            out.row_mut(k + 1)[k + 1] = -h[0][0] / determinant * step * step;
            out.row_mut(k)[k + 1] = h[0][1] / determinant * step;
            out.row_mut(k + 1)[k] = h[0][1] / determinant * step;
        }
        let m = self.stacked.n as f64 * t;
        out.row_mut(k + 2)[k + 2] = 2.0 * variance * variance / m;
        out
    }
}
