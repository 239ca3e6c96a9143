//! Whether the errors of least squares are normal, and whether their variance is the same everywhere.
//!
//! ```text
//! Jarque & Bera         n (S²/6 + (K − 3)²/24)              S, K: skewness and kurtosis of e
//! Breusch & Pagan       ½ g'P g                             g = e²/s² − 1,  s² = e'e/n
//! Koenker & Bassett     h'P h / (h'h/n)                     h = e² − s²
//! White                 n R² of e² on regressors, their squares and products
//! ```
//!
//! `P` projects on a constant and the squares of the regressors, as spreg has it (Anselin 1988, ch. 8).
//!
//! Source: Jarque & Bera (1980); Breusch & Pagan (1979); Koenker & Bassett (1982); White (1980).

use super::linear::{COLLINEAR, Fit};
use super::{Distribution, EstimationError, Test};
use crate::linalg::least_squares::{Basis, dot};

/// Jarque & Bera's test that errors are normal.
pub fn jarque_bera(fit: &Fit) -> Test {
    let e = &fit.residuals;
    let n = e.len() as f64;
    let moment = |power: i32| e.iter().map(|e| e.powi(power)).sum::<f64>() / n;
    let skewness = moment(3) / moment(2).powf(1.5);
    let kurtosis = moment(4) / moment(2).powi(2);
    let statistic = n * (skewness.powi(2) / 6.0 + (kurtosis - 3.0).powi(2) / 24.0);
    Test::new("jarque_bera", "errors are normal", statistic, Distribution::ChiSquared(2.0))
}

/// What of squared residuals some columns explain: `h'P h`, its share of `h'h`, and the number of columns beside the constant.
fn explained(
    name: &str,
    fit: &Fit,
    columns: &[Vec<f64>],
) -> Result<(f64, f64, f64), EstimationError> {
    let n = fit.residuals.len();
    let mean = fit.ssr / n as f64;
    let h: Vec<f64> = fit.residuals.iter().map(|e| e * e - mean).collect();
    let scales: Vec<f64> = columns.iter().map(|x| dot(x, x).sqrt()).collect();
    let basis = Basis::of(columns, &scales, COLLINEAR);
    let kept = basis.kept().len();
    if kept < 2 || n <= kept {
        return Err(EstimationError::Other(format!(
            "{name}: {n} observations are too few for the {kept} columns that explain variances"
        )));
    }
    let (rest, all) = (basis.residual(&h), dot(&h, &h));
    let part = all - dot(&rest, &rest);
    // Squares that are all alike leave rounding, of which nothing is to be explained.
    let share = if all.sqrt() <= 1e-12 * fit.ssr { 0.0 } else { part / all };
    Ok((part, share, (kept - 1) as f64))
}

/// A constant and the squares of the regressors.
fn squares(fit: &Fit) -> Vec<Vec<f64>> {
    let square = |x: &Vec<f64>| x.iter().map(|x| x * x).collect();
    let mut all = vec![vec![1.0; fit.residuals.len()]];
    all.extend(fit.columns.x.iter().map(square));
    all
}

const SQUARES: &str = "the variance does not depend on squares of the regressors";

/// Breusch & Pagan's test of one variance, which supposes normal errors.
///
/// # Errors
/// Too few observations, or regressors that are all constant.
pub fn breusch_pagan(fit: &Fit) -> Result<Test, EstimationError> {
    let name = "breusch_pagan_heteroskedasticity";
    let (part, _, df) = explained(name, fit, &squares(fit))?;
    let variance = fit.ssr / fit.residuals.len() as f64;
    let statistic = part / (2.0 * variance * variance);
    Ok(Test::new(name, SQUARES, statistic, Distribution::ChiSquared(df)))
}

/// Koenker & Bassett's test of one variance, for errors that need not be normal.
///
/// # Errors
/// Those of [`breusch_pagan`].
pub fn koenker_bassett(fit: &Fit) -> Result<Test, EstimationError> {
    let name = "koenker_bassett";
    let (_, share, df) = explained(name, fit, &squares(fit))?;
    let statistic = fit.residuals.len() as f64 * share;
    Ok(Test::new(name, SQUARES, statistic, Distribution::ChiSquared(df)))
}

/// White's test of one variance.
///
/// # Errors
/// Those of [`breusch_pagan`].
pub fn white(fit: &Fit) -> Result<Test, EstimationError> {
    let x = &fit.columns.x;
    let mut columns = vec![vec![1.0; fit.residuals.len()]];
    columns.extend(x.iter().cloned());
    for (at, a) in x.iter().enumerate() {
        for b in &x[at..] {
            columns.push(a.iter().zip(b).map(|(a, b)| a * b).collect());
        }
    }
    let (_, share, df) = explained("white", fit, &columns)?;
    let about = "the variance does not depend on the regressors, their squares and products";
    let statistic = fit.residuals.len() as f64 * share;
    Ok(Test::new("white", about, statistic, Distribution::ChiSquared(df)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::econometrics::design::Design;
    use crate::econometrics::linear::Columns;
    use crate::panel::evaluate::variable;
    use crate::panel::{Column, Panel};

    fn fit(x: Vec<f64>, y: Vec<f64>) -> Fit {
        let panel = Panel::cross_section(vec![
            ("x".to_owned(), Column::Numbers(x.into())),
            ("y".to_owned(), Column::Numbers(y.into())),
        ]);
        let (x, y) = (variable(&panel, "x").unwrap(), variable(&panel, "y").unwrap());
        let keep = vec![true; panel.rows()];
        let design = Design::of(&panel, &y, &[x], &[], None, &keep).unwrap();
        Fit::of(Columns::pooled(&design, true)).unwrap()
    }

    /// y = ±x in turn: e² is all but x², so nearly all of it is explained; with ±1 nothing is.
    #[test]
    fn variances_that_grow_with_x_are_found() {
        let x: Vec<f64> = (0..80).map(|at| f64::from(at / 2)).collect();
        let sign = |at: usize| if at.is_multiple_of(2) { 1.0 } else { -1.0 };
        let growing = fit(x.clone(), x.iter().enumerate().map(|(at, x)| sign(at) * x).collect());
        let even = fit(x, (0..80).map(sign).collect());
        for test in [breusch_pagan, koenker_bassett, white] {
            let (found, none) = (test(&growing).unwrap(), test(&even).unwrap());
            assert!(found.p < 1e-7, "{found:?}");
            assert!(none.p > 0.1, "{none:?}");
        }
        assert!(koenker_bassett(&growing).unwrap().statistic > 75.0);
        // Signs alone: skewness 0 and kurtosis 1, so 80 · 4/24.
        assert!((jarque_bera(&even).statistic - 80.0 / 6.0).abs() < 0.2);
    }

    #[test]
    fn fewer_observations_than_columns_are_refused() {
        let few = fit(vec![1.0, 2.0, 4.0], vec![1.0, 3.0, 2.0]);
        assert!(white(&few).unwrap_err().to_string().contains("3 observations are too few"));
    }
}
