//! Turning points of quadratic equations, and whether there is a U at all.
//!
//! ```text
//! x* = −b₁ / 2b₂        slope(x) = b₁ + 2 b₂ x
//! t(x) = slope(x) / √(v₁₁ + 4x v₁₂ + 4x² v₂₂)
//! ```
//!
//! A U (or its inverse) is claimed only if the slope has one sign at the low end of the data and the other at the high
//! end: Lind & Mehlum (2010) after Sasabuchi (1980); the same as Fieller's interval of x* lying within the data. METHODS C2.
//! The curve itself passes through the means of the sample, where a fit with a constant passes.

use super::distributions::{student_above, student_quantile};
use crate::draws::quantile;
use crate::linalg::Dense;
use crate::linalg::small::form;

/// A turning point and the test of a U.
#[derive(Debug, Clone, PartialEq)]
pub struct TurningPoint {
    /// −b₁ / 2b₂
    pub at: f64,
    /// Its standard error by the delta method.
    pub error: f64,
    /// Whether the slope rises: U, else inverse U.
    pub is_u: bool,
    /// Ends of the data.
    pub ends: (f64, f64),
    /// Slopes at the ends.
    pub slopes: (f64, f64),
    /// Their t statistics.
    pub t: (f64, f64),
    /// One-sided probabilities of them.
    pub p: (f64, f64),
    /// Fieller's interval at 90 %, if it is bounded.
    pub fieller90: Option<(f64, f64)>,
    /// Fieller's interval at 95 %, if it is bounded.
    pub fieller95: Option<(f64, f64)>,
}

impl TurningPoint {
    /// Probability of the data if there were no U: the larger of the two.
    pub fn p_value(&self) -> f64 {
        self.p.0.max(self.p.1)
    }

    /// The smaller of the two t statistics.
    pub fn statistic(&self) -> f64 {
        self.t.0.abs().min(self.t.1.abs())
    }

    /// Whether the turning point lies within the data.
    pub fn is_inside(&self) -> bool {
        self.ends.0 < self.at && self.at < self.ends.1
    }

    /// What may be said: "U", "inverse U", or that the equation is monotone in the sample.
    pub fn verdict(&self, level: f64) -> &'static str {
        match (self.p_value() < level, self.is_u) {
            (true, true) => "U",
            (true, false) => "inverse U",
            (false, _) => "monotone in sample",
        }
    }
}

/// The turning point of `b₁ x + b₂ x²` with covariance 2 × 2, over data from `ends.0` to `ends.1`.
pub fn turning_point(b: (f64, f64), covariance: &Dense, ends: (f64, f64), df: f64) -> TurningPoint {
    let (b1, b2) = b;
    let (v11, v12, v22) = (covariance[(0, 0)], covariance[(0, 1)], covariance[(1, 1)]);
    let is_u = b2 > 0.0;
    let slope = |x: f64| b1 + 2.0 * b2 * x;
    let t = |x: f64| slope(x) / (v11 + 4.0 * x * v12 + 4.0 * x * x * v22).sqrt();
    let t_of = (t(ends.0), t(ends.1));
    // Falling at the low end of a U, rising at its high end.
    let sign = if is_u { 1.0 } else { -1.0 };
    let p = (student_above(-sign * t_of.0, df), student_above(sign * t_of.1, df));
    let gradient = [-1.0 / (2.0 * b2), b1 / (2.0 * b2 * b2)];
    let fieller = |level: f64| {
        let t = student_quantile(level, df);
        let a = 4.0 * (b2 * b2 - t * t * v22);
        let half = 4.0 * (b1 * b2 - t * t * v12);
        let c = b1 * b1 - t * t * v11;
        let root = half * half - 4.0 * a * c;
        (a > 0.0 && root >= 0.0)
            .then(|| ((-half - root.sqrt()) / (2.0 * a), (-half + root.sqrt()) / (2.0 * a)))
    };
    TurningPoint {
        at: -b1 / (2.0 * b2),
        error: form(covariance, &gradient).sqrt(),
        is_u,
        ends,
        slopes: (slope(ends.0), slope(ends.1)),
        t: t_of,
        p,
        fieller90: fieller(0.95),
        fieller95: fieller(0.975),
    }
}

/// A fitted quadratic, everything else at its mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Points, evenly spaced in x, from a little before the data to a little behind.
    pub points: Vec<CurvePoint>,
    /// Percentiles of the data, from the least (0) to the largest (100).
    pub observed: Vec<f64>,
}

/// A point of a fitted quadratic with its interval of 95 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Where.
    pub x: f64,
    /// The fitted value.
    pub fitted: f64,
    /// Ends of its interval.
    pub interval: (f64, f64),
}

/// Means of a sample: of x, of its square, of the response.
pub type Means = [f64; 3];

impl Curve {
    /// Points of a curve.
    const POINTS: usize = 81;
    /// What the curve shows beyond the data on either side, as a share of their range.
    const BEYOND: f64 = 0.08;

    /// The curve of `b₁ x + b₂ x²` with covariance 2 × 2 through the means of a sample of `data`.
    ///
    /// ```text
    /// y(x) = ȳ + b₁ (x − mean x) + b₂ (x² − mean x²) ± q(0.975) √(d' V d),   d = (x − mean x, x² − mean x²)
    /// ```
    ///
    /// The band is that of the two slopes: the level ȳ, which effects take up, counts as known.
    pub fn of(
        b: (f64, f64),
        covariance: &Dense,
        [mean, mean_square, response]: Means,
        data: &[f64],
        df: f64,
    ) -> Self {
        let mut sorted = data.to_vec();
        sorted.sort_by(f64::total_cmp);
        if sorted.is_empty() {
            return Curve { points: Vec::new(), observed: Vec::new() };
        }
        let (least, largest) = (sorted[0], sorted[sorted.len() - 1]);
        let room = Self::BEYOND * (largest - least);
        let (start, width) = (least - room, largest - least + 2.0 * room);
        let q = student_quantile(0.975, df);
        let point = |at: usize| {
            let x = start + width * at as f64 / (Self::POINTS - 1) as f64;
            let d = [x - mean, x * x - mean_square];
            let fitted = response + b.0 * d[0] + b.1 * d[1];
            let half = q * form(covariance, &d).max(0.0).sqrt();
            CurvePoint { x, fitted, interval: (fitted - half, fitted + half) }
        };
        Curve {
            points: (0..Self::POINTS).map(point).collect(),
            observed: (0..=100)
                .map(|percent| quantile(&sorted, f64::from(percent) / 100.0))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_passes_through_the_means_and_is_surest_near_them() {
        let data: Vec<f64> = (0..=10).map(f64::from).collect();
        let covariance = Dense::from_rows(&[vec![0.01, -0.0008], vec![-0.0008, 0.0001]]);
        let found = Curve::of((2.0, -0.2), &covariance, [5.0, 35.0, 3.0], &data, 100.0);
        let top = found.points.iter().max_by(|a, b| a.fitted.total_cmp(&b.fitted)).unwrap();
        assert!((top.x - 5.0).abs() < 0.1, "{top:?}");
        // The mean of the curve over the data is that of the response.
        let at = |x: f64| 3.0 + 2.0 * (x - 5.0) - 0.2 * (x * x - 35.0);
        let mean = data.iter().map(|x| at(*x)).sum::<f64>() / 11.0;
        assert!((mean - 3.0).abs() < 1e-12);
        let first = found.points[0];
        assert!((first.fitted - at(first.x)).abs() < 1e-12 && first.x < 0.0);
        let width = |one: &CurvePoint| one.interval.1 - one.interval.0;
        assert!(width(&first) > width(&found.points[40]));
        assert_eq!((found.observed[0], found.observed[50], found.observed[100]), (0.0, 5.0, 10.0));
    }

    #[test]
    fn a_clear_inverse_u_is_found_and_its_interval_lies_within() {
        let covariance = Dense::from_rows(&[vec![0.01, -0.0008], vec![-0.0008, 0.0001]]);
        let found = turning_point((2.0, -0.2), &covariance, (0.0, 10.0), 100.0);
        assert!((found.at - 5.0).abs() < 1e-12 && found.is_inside());
        assert_eq!(found.verdict(0.05), "inverse U");
        let (low, high) = found.fieller90.unwrap();
        assert!(0.0 < low && low < 5.0 && 5.0 < high && high < 10.0);
        let narrow = turning_point((2.0, -0.2), &covariance, (0.0, 4.0), 100.0);
        assert_eq!(narrow.verdict(0.05), "monotone in sample");
    }
}
