//! Marginal effects: what a variable does to the response through every regressor that it is in.
//!
//! ```text
//! ∂y/∂x = Σ_k b_k ∂f_k/∂x        averaged over the observations, x as observed or at a quantile for all of them
//! ```
//!
//! Errors by the delta method, `m'Vm` with `m_k` the mean of `∂f_k/∂x`; slopes of the formulas by differences of fourth
//! order. Source: Stata's `margins, dydx(x)`; Cameron & Trivedi (2005), §5.9.

use super::{Estimation, Model, ModelError};
use crate::draws::quantile;
use crate::econometrics::design::Design;
use crate::econometrics::distributions::{student_above, student_quantile};
use crate::linalg::small::times;
use crate::panel::evaluate::{self, Variable};
use crate::panel::statistics::standard_deviation;
use crate::panel::{Column, Panel};

/// Where a marginal effect is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// At every observation as it is.
    Observed,
    /// At a share of the observations below, which is this value.
    Quantile(f64, f64),
}

/// A marginal effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Marginal {
    /// The variable.
    pub variable: String,
    /// Where it is taken.
    pub place: Place,
    /// The effect.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// Probability of a larger one if it is zero, both sides.
    pub p: f64,
    /// Ends of the 95 % interval.
    pub interval: (f64, f64),
}

/// Quantiles at which effects are told.
const SHARES: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 0.9];

/// Step of the differences, in standard deviations of the variable.
const STEP: f64 = 1e-3;

/// Marginal effects of the variables that a model names: on average, and at quantiles of the variable.
///
/// # Errors
/// Variables that are no columns of numbers, that do not vary, or that no regressor has.
pub(super) fn marginal(
    panel: &Panel,
    model: &Model,
    design: &Design,
    found: &Estimation,
) -> Result<Vec<Marginal>, Vec<ModelError>> {
    let (mut all, mut errors) = (Vec::new(), Vec::new());
    for (at, name) in model.marginal.iter().enumerate() {
        match of_variable(panel, model, design, (name, found)) {
            Ok(own) => all.extend(own),
            Err(message) => errors.push(ModelError { key: ("marginal", at), message, at: None }),
        }
    }
    if errors.is_empty() { Ok(all) } else { Err(errors) }
}

fn of_variable(
    panel: &Panel,
    model: &Model,
    design: &Design,
    (name, found): (&str, &Estimation),
) -> Result<Vec<Marginal>, String> {
    let own = Through::of(panel, model, design, name)?;
    let mut places = vec![Place::Observed];
    places.extend(SHARES.map(|share| Place::Quantile(share, quantile(&own.sorted, share))));
    let mut all = Vec::new();
    for place in places {
        let slopes = own.slopes(place)?;
        let of = |name: &str| slopes.iter().find(|(own, _)| own == name).map_or(0.0, |own| own.1);
        let m: Vec<f64> = found.coefficients.iter().map(|one| of(&one.name)).collect();
        if m.iter().all(|slope| *slope == 0.0) {
            return Err(format!("{name} is in none of the regressors"));
        }
        all.push(effect(name, place, &m, found));
    }
    Ok(all)
}

fn effect(name: &str, place: Place, m: &[f64], found: &Estimation) -> Marginal {
    let value = m.iter().zip(&found.coefficients).map(|(m, one)| m * one.value).sum::<f64>();
    let turned = times(&found.covariance, m);
    let error = m.iter().zip(&turned).map(|(m, v)| m * v).sum::<f64>().sqrt();
    let half = student_quantile(0.975, found.df) * error;
    Marginal {
        variable: name.to_owned(),
        place,
        value,
        error,
        p: 2.0 * student_above((value / error).abs(), found.df),
        interval: (value - half, value + half),
    }
}

/// The regressors as functions of a variable.
struct Through<'a> {
    panel: &'a Panel,
    model: &'a Model,
    design: &'a Design,
    name: &'a str,
    values: Vec<f64>,
    sorted: Vec<f64>,
    step: f64,
}

impl<'a> Through<'a> {
    fn of(
        panel: &'a Panel,
        model: &'a Model,
        design: &'a Design,
        name: &'a str,
    ) -> Result<Self, String> {
        let Some(Column::Numbers(values)) = panel.column(name).map(std::borrow::Cow::into_owned)
        else {
            return Err(format!("{name:?} is no column of numbers, nor one of [variables]"));
        };
        let mut sorted: Vec<f64> = design.rows.iter().map(|row| values[*row as usize]).collect();
        sorted.retain(|value| value.is_finite());
        sorted.sort_by(f64::total_cmp);
        let spread = standard_deviation(&sorted);
        if spread.is_nan() || spread == 0.0 {
            return Err(format!("{name} does not vary in the sample"));
        }
        // Logarithms are not stepped out of.
        let positive = sorted.first().copied().filter(|least| *least > 0.0);
        let step = (STEP * spread).min(positive.map_or(f64::INFINITY, |least| least / 4.0));
        Ok(Through { panel, model, design, name, values: values.to_vec(), sorted, step })
    }

    /// Mean slope of each regressor, by its name.
    fn slopes(&self, place: Place) -> Result<Vec<(String, f64)>, String> {
        // f' = [8 (f(h) − f(−h)) − (f(2h) − f(−2h))] / 12h
        let weights = [(-2.0, 1.0), (-1.0, -8.0), (1.0, 8.0), (2.0, -1.0)];
        let mut all: Vec<(String, f64)> = Vec::new();
        for (steps, weight) in weights {
            for (at, own) in self.regressors(place, steps * self.step)?.into_iter().enumerate() {
                let sum: f64 = self.design.rows.iter().map(|row| own.values[*row as usize]).sum();
                let part = weight * sum / (12.0 * self.step * self.design.rows.len() as f64);
                match all.get_mut(at) {
                    Some((name, slope)) if *name == own.name => *slope += part,
                    None => all.push((own.name, part)),
                    Some(_) => {
                        return Err(format!("{} makes groups, which have no slope", self.name));
                    }
                }
            }
        }
        // What does not depend on the variable differs by rounding alone.
        let noise = |slope: &mut f64| {
            if slope.abs() * self.step < 1e-13 {
                *slope = 0.0;
            }
        };
        all.iter_mut().for_each(|(_, slope)| noise(slope));
        Ok(all)
    }

    /// The regressors with the variable moved.
    fn regressors(&self, place: Place, by: f64) -> Result<Vec<Variable>, String> {
        let moved: Vec<f64> = match place {
            Place::Observed => self.values.iter().map(|value| value + by).collect(),
            Place::Quantile(_, at) => vec![at + by; self.values.len()],
        };
        let panel = evaluate::replaced(self.panel, self.name, moved).map_err(|e| e.to_string())?;
        let mut all = Vec::new();
        for text in &self.model.regressors {
            all.extend(evaluate::variables(&panel, text).map_err(|error| error.to_string())?);
        }
        Ok(all)
    }
}
