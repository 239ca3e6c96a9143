//! What a variable and its lags come to together, because a change may be taken back a year later.
//!
//! ```text
//! s = Σ b_k        se(s) = √(Σ_k Σ_l v_kl)
//! ```

use super::form::unlagged;
use super::{Coefficient, Estimation};
use crate::econometrics::spatial::effects::{Effect, Moved};
use crate::econometrics::spatial::likelihood::SpatialFit;
use crate::linalg::Dense;
use crate::panel::formula::parse;

/// A variable with lags, its coefficients added up.
#[derive(Debug, Clone, PartialEq)]
pub struct LagSum {
    /// The variable.
    pub variable: String,
    /// The regressors that are added up, as they follow each other in the equation.
    pub terms: Vec<String>,
    /// Their sum.
    pub sum: Coefficient,
    /// Direct, indirect and total effect of a lasting change, in a spatial model.
    pub effect: Option<Effect>,
}

/// Regressors that are one variable at several periods, by the variable.
fn sets(names: &[String]) -> Vec<(String, Vec<usize>)> {
    let mut found: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let Ok(formula) = parse(name) else { continue };
        let (inner, lag) = unlagged(&formula, 0);
        if lag < 0 {
            continue;
        }
        let variable = if lag == 0 { name.clone() } else { inner.to_string() };
        match found.iter_mut().find(|(own, _)| *own == variable) {
            Some((_, places)) => places.push(at),
            None => found.push((variable, vec![at])),
        }
    }
    found.retain(|(_, places)| places.len() > 1);
    found
}

/// Every variable of an equation that is in it at several periods.
pub fn of(names: &[String], values: &[f64], covariance: &Dense, df: f64) -> Vec<LagSum> {
    let sum = |(variable, places): (String, Vec<usize>)| {
        let value = places.iter().map(|at| values[*at]).sum();
        let pairs = places.iter().flat_map(|a| places.iter().map(|b| covariance[(*a, *b)]));
        let error = pairs.sum::<f64>().sqrt();
        let sum = Coefficient::of(&variable, value, error, df);
        let terms = places.iter().map(|at| names[*at].clone()).collect();
        LagSum { variable, terms, sum, effect: None }
    };
    sets(names).into_iter().map(sum).collect()
}

/// Adds the effects of each regressor, and those of variables with all their lags.
pub fn tell(found: &mut Estimation, fit: &SpatialFit, effects: impl Fn(&[Moved]) -> Vec<Effect>) {
    let mut moved = Moved::each(fit);
    let alone = moved.len();
    moved.extend(
        found
            .sums
            .iter()
            .map(|own| Moved { name: own.variable.clone(), regressors: own.terms.clone() }),
    );
    let mut told = effects(&moved);
    let together = if told.len() == moved.len() { told.split_off(alone) } else { Vec::new() };
    found.effects = told;
    for (sum, effect) in found.sums.iter_mut().zip(together) {
        sum.effect = Some(effect);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lags_of_one_variable_are_added_up_with_their_covariance() {
        let names = ["x", "lag(x, 1)", "z", "lead(z, 1)", "W:x", "rho", "lag(x, 2)"];
        let names: Vec<String> = names.map(str::to_owned).to_vec();
        let values = [1.0, -0.5, 2.0, 3.0, 4.0, 0.2, 0.25];
        let mut covariance = Dense::zeros(7, 7);
        for at in 0..7 {
            covariance.row_mut(at)[at] = 0.04;
        }
        covariance.row_mut(0)[1] = -0.02;
        covariance.row_mut(1)[0] = -0.02;
        let found = of(&names, &values, &covariance, f64::INFINITY);
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((one.variable.as_str(), one.terms.len()), ("x", 3));
        assert!((one.sum.value - 0.75).abs() < 1e-15);
        assert!((one.sum.error - 0.08_f64.sqrt()).abs() < 1e-15);
    }
}
