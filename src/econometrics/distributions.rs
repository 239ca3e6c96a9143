//! Tails and quantiles of the distributions that tests are compared with.

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor, Normal, StudentsT};

use super::Distribution;

/// Probability of a statistic as extreme as this one; `NaN` where the statistic or its degrees of freedom are none.
pub fn tail(distribution: Distribution, statistic: f64) -> f64 {
    if statistic.is_nan() {
        return f64::NAN;
    }
    match distribution {
        Distribution::Mixed if statistic <= 0.0 => 1.0,
        Distribution::Mixed => {
            let of = |df| tail(Distribution::ChiSquared(df), statistic);
            0.5 * of(1.0) + 0.25 * of(2.0)
        }
        Distribution::Normal => 2.0 * normal_above(statistic.abs()),
        Distribution::UpperNormal => normal_above(statistic),
        Distribution::LowerNormal => normal_above(-statistic),
        Distribution::Student(df) => 2.0 * student_above(statistic.abs(), df),
        Distribution::LowerStudent(df) => student_above(-statistic, df),
        Distribution::ChiSquared(df) => {
            ChiSquared::new(df).map_or(f64::NAN, |own| own.sf(statistic.max(0.0)))
        }
        Distribution::Fisher(a, b) => {
            FisherSnedecor::new(a, b).map_or(f64::NAN, |own| own.sf(statistic.max(0.0)))
        }
        Distribution::Drawn => f64::NAN,
    }
}

/// `P(Z > z)` of a standard normal.
pub fn normal_above(z: f64) -> f64 {
    Normal::standard().sf(z)
}

/// `P(t > x)` with degrees of freedom; those of a normal if they are infinite.
pub fn student_above(x: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return normal_above(x);
    }
    StudentsT::new(0.0, 1.0, df).map_or(f64::NAN, |own| own.sf(x))
}

/// The value that Student's t stays below with a probability.
pub fn student_quantile(p: f64, df: f64) -> f64 {
    if df.is_infinite() {
        return crate::draws::normal_quantile(p);
    }
    StudentsT::new(0.0, 1.0, df).map_or(f64::NAN, |own| own.inverse_cdf(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of SciPy: `2*norm.sf(1.96)`, `2*t.sf(2.1, 17)`, `chi2.sf(9.5, 4)`, `f.sf(3.2, 4, 30)`, `t.ppf(.975, 17)`.
    #[test]
    fn tails_are_those_of_another_program() {
        for (distribution, statistic, expected) in [
            (Distribution::Normal, -1.96, 0.04999579029644087),
            (Distribution::Student(17.0), 2.1, 0.05095984722913399),
            (Distribution::ChiSquared(4.0), 9.5, 0.04974724741794365),
            // 0.5*chi2.sf(4, 1) + 0.25*chi2.sf(4, 2)
            (Distribution::Mixed, 4.0, 0.05658395275733246),
            (Distribution::Mixed, 0.0, 1.0),
            (Distribution::Fisher(4.0, 30.0), 3.2, 0.02657153288592041),
        ] {
            let found = tail(distribution, statistic);
            assert!((found / expected - 1.0).abs() < 1e-10, "{distribution:?} {found}");
        }
        assert!((student_quantile(0.975, 17.0) - 2.1098155778333156).abs() < 1e-8);
    }
}
