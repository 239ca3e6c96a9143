//! An estimated number with how sure it is.

use crate::econometrics::distributions::{student_above, student_quantile};

/// One estimated number.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// Regressor, `rho`, `lambda` or `sigma2`.
    pub name: String,
    /// The estimate.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// Estimate by error.
    pub statistic: f64,
    /// Probability of a larger one if the number is zero, both sides.
    pub p: f64,
    /// Ends of the 95 % interval.
    pub interval: (f64, f64),
    /// Ends of the 90 % interval.
    pub interval90: (f64, f64),
    /// Change of the response, in % of its standard deviation, for one standard deviation of the regressor, both over the
    /// sample as observed: `100 b s_x / s_y`. None of what is no regressor.
    pub standardized: Option<f64>,
}

impl Coefficient {
    /// A number with its standard error, by t of so many degrees of freedom; of infinitely many by z.
    ///
    /// ```text
    /// t = b / se        p = 2 P(T > |t|)        b ± q(0.975) se,  b ± q(0.95) se
    /// ```
    pub fn of(name: &str, value: f64, error: f64, df: f64) -> Self {
        let statistic = value / error;
        let interval = |share: f64| {
            let half = student_quantile(share, df) * error;
            (value - half, value + half)
        };
        Coefficient {
            name: name.to_owned(),
            value,
            error,
            statistic,
            p: 2.0 * student_above(statistic.abs(), df),
            interval: interval(0.975),
            interval90: interval(0.95),
            standardized: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R: `2 * pt(-2.5, 20)`, `0.5 + c(-1, 1) * qt(c(.975, .95), 20) * 0.2`.
    #[test]
    fn intervals_are_those_of_another_program() {
        let one = Coefficient::of("x", 0.5, 0.2, 20.0);
        assert!((one.p - 0.021_233_5).abs() < 1e-6, "{}", one.p);
        assert!((one.interval.0 - 0.082_807_3).abs() < 1e-6, "{:?}", one.interval);
        assert!((one.interval90.1 - 0.844_943_6).abs() < 1e-6, "{:?}", one.interval90);
    }
}
