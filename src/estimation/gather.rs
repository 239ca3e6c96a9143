//! What results tell of a least-squares fit.

use rayon::prelude::*;

use super::{Coefficient, Estimation, Estimator, Model, lag_sums};
use crate::econometrics::absorb::recover;
use crate::econometrics::covariance::Covariance;
use crate::econometrics::design::{CONSTANT, Design, Grouping};
use crate::econometrics::linear::Fit;
use crate::econometrics::random::Components;
use crate::econometrics::turning::{Curve, TurningPoint, turning_point};
use crate::linalg::Dense;
use crate::linalg::least_squares::add;
use crate::linalg::small::part;
use crate::panel::statistics::standard_deviation;

/// Estimates with their errors and intervals.
pub fn coefficients(
    names: &[String],
    values: &[f64],
    covariance: &Dense,
    df: f64,
) -> Vec<Coefficient> {
    let one = |at: usize| Coefficient::of(&names[at], values[at], covariance[(at, at)].sqrt(), df);
    (0..names.len()).map(one).collect()
}

/// Coefficients with their standardized effects.
pub fn standardized(mut coefficients: Vec<Coefficient>, design: &Design) -> Vec<Coefficient> {
    let counts = design.weights.as_ref().filter(|_| design.frequencies);
    let standard_deviation = |values: &[f64]| match counts {
        None => standard_deviation(values),
        Some(counts) => {
            let all: f64 = counts.iter().sum();
            let mean = counts.iter().zip(values).map(|(n, x)| n * x).sum::<f64>() / all;
            let squares = counts.iter().zip(values).map(|(n, x)| n * (x - mean).powi(2));
            (squares.sum::<f64>() / (all - 1.0)).sqrt()
        }
    };
    let of_response = standard_deviation(&design.response.values);
    coefficients.par_iter_mut().for_each(|one| {
        let x = design.regressors.iter().find(|own| own.name == one.name);
        let of_x = x.map(|own| standard_deviation(&own.values));
        one.standardized = of_x.map(|of_x| 100.0 * one.value * of_x / of_response);
    });
    coefficients
}

/// Turning point of the regressor that the model names and the curve that turns there, if both terms are estimated.
pub fn turning(
    model: &Model,
    design: &Design,
    names: &[String],
    values: &[f64],
    covariance: &Dense,
    df: f64,
) -> Option<(TurningPoint, Curve)> {
    let (x, square) = model.quadratic.as_ref()?;
    let place = |name: &String| names.iter().position(|own| own == name);
    let (one, two) = (place(x)?, place(square)?);
    let of = |name: &String| design.regressors.iter().find(|own| own.name == *name);
    let (data, squares) = (&of(x)?.values, &of(square)?.values);
    let ends = data.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(*value), high.max(*value))
    });
    let own = part(covariance, &[one, two], &[one, two]);
    let b = (values[one], values[two]);
    let means = [data, squares, &design.response.values].map(|values| mean(design, values));
    Some((turning_point(b, &own, ends, df), Curve::of(b, &own, means, data, df)))
}

/// Mean of a variable over the observations, by their weights.
fn mean(design: &Design, values: &[f64]) -> f64 {
    let weight = |at: usize| design.weights.as_ref().map_or(1.0, |own| own[at]);
    let all: f64 = (0..values.len()).map(weight).sum();
    values.iter().enumerate().map(|(at, value)| weight(at) * value).sum::<f64>() / all
}

/// Everything of a least-squares fit.
pub fn linear(
    model: &Model,
    design: &Design,
    fit: &Fit,
    covariance: &Covariance,
    effects: &[Grouping],
    components: Option<Components>,
) -> Estimation {
    let names = &fit.columns.names;
    let n = fit.columns.count;
    let k = fit.coefficients.len() as f64;
    let mut statistics = vec![
        ("observations", n),
        ("units", fit.columns.units.count() as f64),
        ("periods", fit.columns.periods.count() as f64),
    ];
    let r2 = fit.r_squared();
    let constant = f64::from(u8::from(fit.columns.has_constant && fit.columns.absorbed.is_empty()));
    match model.estimator {
        Estimator::Within { .. } => {
            statistics.push(("r2_within", r2));
            statistics.push(("r2", 1.0 - fit.ssr / total(design)));
            statistics.push(("adjusted_r2", 1.0 - fit.ssr / total(design) * (n - 1.0) / fit.df));
            statistics.push(("adjusted_r2_within", 1.0 - (1.0 - r2) * (n - 1.0) / fit.df));
        }
        _ => {
            statistics.push(("r2", r2));
            statistics.push(("adjusted_r2", 1.0 - (1.0 - r2) * (n - constant) / fit.df));
        }
    }
    let likelihood = -0.5 * n * ((2.0 * std::f64::consts::PI).ln() + (fit.ssr / n).ln() + 1.0);
    statistics.extend([
        ("ssr", fit.ssr),
        ("df_residual", fit.df),
        ("sigma", fit.variance().sqrt()),
        ("log_likelihood", likelihood),
    ]);
    if fit.columns.absorbed.is_empty() {
        statistics.push(("aic", -2.0 * likelihood + 2.0 * (k + 1.0)));
        statistics.push(("bic", -2.0 * likelihood + n.ln() * (k + 1.0)));
    }
    if let Some(own) = &components {
        statistics.push(("sigma2_idiosyncratic", own.idiosyncratic));
        statistics.push(("sigma2_unit", own.unit));
        if let Some(time) = own.time {
            statistics.push(("sigma2_time", time));
        }
        let (least, most) =
            own.theta.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(*value), high.max(*value))
            });
        if most - least < 1e-15 {
            statistics.push(("theta", most));
        } else {
            statistics.extend([("theta_least", least), ("theta_most", most)]);
        }
        if let Some((time, both)) = own.theta_time {
            statistics.extend([("theta_time", time), ("theta_both", both)]);
        }
    }
    for (at, (_, count)) in covariance.clusters.iter().enumerate() {
        statistics.push((["clusters", "clusters_2"][at.min(1)], *count as f64));
    }
    if design.weights.is_none() && matches!(model.estimator, Estimator::Within { .. }) {
        statistics.extend(levels(design, fit));
    }
    // The mean of one set of effects is a number of the fit as well.
    let predicted = match effects.len() {
        1 => Some(Predicted::of(design, fit, effects)),
        _ => model.predict.then(|| Predicted::of(design, fit, effects)),
    };
    if let (Some(own), [grouping]) = (&predicted, effects) {
        let counts = design.weights.as_ref().filter(|_| design.frequencies);
        let of = |(at, code): (usize, &u32)| {
            counts.map_or(1.0, |counts| counts[at]) * own.effects[*code as usize].2
        };
        let mean = grouping.codes.iter().enumerate().map(of).sum::<f64>() / n;
        statistics.push(("overall_intercept", mean));
    }
    let Predicted { effects: fixed_effects, values } =
        predicted.filter(|_| model.predict).unwrap_or_default();
    // Differences say nothing of levels.
    let rows = match model.estimator {
        Estimator::FirstDifferences { .. } => &[],
        _ => design.rows.as_slice(),
    };
    let fitted = rows.iter().zip(&values).zip(&*design.response.values);
    let found = coefficients(names, &fit.coefficients, &covariance.matrix, covariance.df);
    let (turning, curve) =
        turning(model, design, names, &fit.coefficients, &covariance.matrix, covariance.df).unzip();
    Estimation {
        model: model.clone(),
        coefficients: standardized(found, design),
        marginal: Vec::new(),
        covariance: covariance.matrix.clone(),
        df: covariance.df,
        statistics,
        tests: Vec::new(),
        effects: Vec::new(),
        first_stages: Vec::new(),
        sums: lag_sums::of(names, &fit.coefficients, &covariance.matrix, covariance.df),
        turning,
        curve,
        components,
        fixed_effects,
        fitted: fitted.map(|((row, p), y)| (*row, *p, y - p)).collect(),
        remarks: Vec::new(),
    }
}

/// What a fit makes of each observation, effects included, and the effects: column, level and value.
#[derive(Default)]
struct Predicted {
    values: Vec<f64>,
    effects: Vec<(String, String, f64)>,
}

impl Predicted {
    /// By regressors as they were observed, not as they were transformed.
    fn of(design: &Design, fit: &Fit, effects: &[Grouping]) -> Self {
        let mut values = vec![0.0; design.len()];
        for (name, b) in fit.columns.names.iter().zip(&fit.coefficients) {
            match design.regressors.iter().find(|own| own.name == *name) {
                Some(own) => values.iter_mut().zip(&*own.values).for_each(|(p, x)| *p += b * x),
                None if *name == CONSTANT => values.iter_mut().for_each(|p| *p += b),
                None => {}
            }
        }
        let mut found = Vec::new();
        if !effects.is_empty() {
            let rest: Vec<f64> =
                design.response.values.iter().zip(&values).map(|(y, p)| y - p).collect();
            for (grouping, levels) in
                effects.iter().zip(recover(effects, design.weights.as_deref(), &rest))
            {
                values
                    .iter_mut()
                    .zip(&*grouping.codes)
                    .for_each(|(p, code)| *p += levels[*code as usize]);
                let own = grouping.labels.iter().zip(levels);
                found.extend(
                    own.map(|(label, value)| (grouping.name.clone(), label.clone(), value)),
                );
            }
        }
        Predicted { values, effects: found }
    }
}

/// What the coefficients explain of the response itself, of its means by unit and of what is left within units; sums of
/// squares around nothing, as linearmodels takes them of an equation without a constant.
fn levels(design: &Design, fit: &Fit) -> [(&'static str, f64); 3] {
    let mut e = design.response.values.to_vec();
    for (name, b) in fit.columns.names.iter().zip(&fit.coefficients) {
        if let Some(x) = design.regressors.iter().find(|own| own.name == *name) {
            add(&mut e, -b, &x.values);
        }
    }
    let y = &design.response.values;
    // Of all, of means by unit (each unit once), within units.
    let squares = |z: &[f64]| {
        let mut sums = vec![0.0; design.units.count()];
        design.units.codes.iter().zip(z).for_each(|(code, z)| sums[*code as usize] += z);
        let means: Vec<f64> =
            sums.iter().zip(design.units.sizes()).map(|(sum, size)| sum / size as f64).collect();
        let within =
            z.iter().zip(&*design.units.codes).map(|(z, code)| (z - means[*code as usize]).powi(2));
        [
            z.iter().map(|z| z * z).sum::<f64>(),
            means.iter().map(|mean| mean * mean).sum(),
            within.sum(),
        ]
    };
    let (left, all) = rayon::join(|| squares(&e), || squares(y));
    let share = |at: usize| 1.0 - left[at] / all[at];
    [("r2_overall", share(0)), ("r2_between", share(1)), ("r2_within_units", share(2))]
}

/// Sum of squares of the response around its mean.
fn total(design: &Design) -> f64 {
    let y = &design.response.values;
    let weight = |at: usize| design.weights.as_ref().map_or(1.0, |own| own[at]);
    let mean = mean(design, y);
    (0..y.len()).map(|at| weight(at) * (y[at] - mean).powi(2)).sum()
}
