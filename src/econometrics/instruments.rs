//! Two-stage least squares, and whether the instruments are any good.
//!
//! ```text
//! X̂ = P_Z X        b = (X̂'X)⁻¹ X̂'y        e = y − X b
//! ```
//!
//! Source: Baltagi (2021), ch. 7; Wooldridge (2010), ch. 5.

use super::design::Design;
use super::linear::{COLLINEAR, Columns, Fit};
use super::{Distribution, EstimationError, Test};
use crate::linalg::least_squares::{Basis, add, dot};

fn lengths(columns: &[Vec<f64>]) -> Vec<f64> {
    columns.iter().map(|column| dot(column, column).sqrt()).collect()
}

fn basis(columns: &[Vec<f64>]) -> Basis {
    Basis::of(columns, &lengths(columns), COLLINEAR)
}

/// Fits columns with instruments, transformed alike; exogenous regressors are among the instruments.
///
/// # Errors
/// Fewer instruments than regressors need, or those of a fit.
pub fn two_stage(columns: Columns, z: Vec<Vec<f64>>) -> Result<Fit, EstimationError> {
    // What regressors make up among themselves is dropped before.
    let own = Basis::of(&columns.x, &columns.scales, COLLINEAR);
    let kept = own.kept().to_vec();
    let z = basis(&z);
    let projected: Vec<Vec<f64>> = kept
        .iter()
        .map(|at| {
            let x = &columns.x[*at];
            let rest = z.residual(x);
            x.iter().zip(rest).map(|(x, rest)| x - rest).collect()
        })
        .collect();
    let scales: Vec<f64> = kept.iter().map(|at| columns.scales[*at]).collect();
    let hats = Basis::of(&projected, &scales, COLLINEAR);
    if !hats.dropped().is_empty() {
        let names: Vec<&str> =
            hats.dropped().iter().map(|at| columns.names[kept[*at]].as_str()).collect();
        let text = format!(
            "the instruments do not tell {} apart from the other regressors: there are too few of them, or they move with the exogenous ones",
            names.join(", ")
        );
        return Err(EstimationError::Other(text));
    }
    let (coefficients, _) = hats.solve(&columns.y);
    let bread = hats.bread();
    let mut fit = Fit::of(columns)?;
    let mut residuals = fit.columns.y.clone();
    for (x, b) in fit.columns.x.iter().zip(&coefficients) {
        add(&mut residuals, -b, x);
    }
    fit.ssr = dot(&residuals, &residuals);
    (fit.coefficients, fit.residuals, fit.bread, fit.scores) =
        (coefficients, residuals, bread, projected);
    Ok(fit)
}

/// The first stage of one endogenous regressor.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstStage {
    /// The regressor.
    pub name: String,
    /// Part of what the exogenous regressors leave that the instruments explain.
    pub partial_r_squared: f64,
    /// F of the instruments.
    pub test: Test,
}

/// First stages, Wu–Hausman, and Sargan where there are more instruments than endogenous regressors.
///
/// `x` and `z` are the transformed columns of the design and of its instruments ([`Design::instrumented`]).
pub fn diagnostics(design: &Design, fit: &Fit, z: &Columns) -> (Vec<FirstStage>, Vec<Test>) {
    let columns = &fit.columns;
    let n = columns.len() as f64;
    let absorbed = columns.absorbed_parameters as f64;
    let is_endogenous = |name: &String| design.endogenous.contains(name);
    let exogenous: Vec<Vec<f64>> = columns
        .names
        .iter()
        .zip(&columns.x)
        .filter(|(name, _)| !is_endogenous(name))
        .map(|(_, x)| x.clone())
        .collect();
    let (outside, all) = (basis(&exogenous), basis(&z.x));
    let excluded = (all.kept().len() - outside.kept().len()) as f64;
    let df = n - all.kept().len() as f64 - absorbed;
    let mut first = Vec::new();
    let mut left = columns.x.clone();
    for (name, x) in columns.names.iter().zip(&columns.x).filter(|(name, _)| is_endogenous(name)) {
        let (before, after) = (outside.residual(x), all.residual(x));
        let (without, with) = (dot(&before, &before), dot(&after, &after));
        let f = (without - with) / excluded / (with / df);
        first.push(FirstStage {
            name: name.clone(),
            partial_r_squared: 1.0 - with / without,
            test: Test::new(
                "first_stage",
                &format!("instruments do not move {name}"),
                f,
                Distribution::Fisher(excluded, df),
            ),
        });
        left.push(after);
    }
    let count = first.len() as f64;
    let mut tests = Vec::new();
    let plain = basis(&columns.x).residual(&columns.y);
    let more = basis(&left).residual(&columns.y);
    let (restricted, free) = (dot(&plain, &plain), dot(&more, &more));
    let df = fit.df - count;
    tests.push(Test::new(
        "wu_hausman",
        "the regressors are exogenous",
        (restricted - free) / count / (free / df),
        Distribution::Fisher(count, df),
    ));
    if excluded > count {
        let rest = all.residual(&fit.residuals);
        let share = 1.0 - dot(&rest, &rest) / fit.ssr;
        tests.push(Test::new(
            "sargan",
            "the instruments are exogenous",
            n * share,
            Distribution::ChiSquared(excluded - count),
        ));
    }
    (first, tests)
}
