//! Spatial models of a model file.

use std::collections::BTreeMap;

use super::{Estimation, Estimator, Model, ModelError, Sample, SpatialModel, failed, gather};
use crate::econometrics::design::Design;
use crate::econometrics::spatial::determinant::Spectrum;
use crate::econometrics::spatial::effects::{effects, simulated};
use crate::econometrics::spatial::likelihood::{self, Process};
use crate::econometrics::spatial::{FixedEffects, Stacked, diagnostics};
use crate::econometrics::{EstimationError, Test};
use crate::linalg::Dense;
use crate::weights::Weights;

/// The fixed effects that columns of a within estimator stand for, if they are those of units and periods.
pub fn of_names(names: &[String], design: &Design) -> Option<FixedEffects> {
    let unit = |name: &String| name == "individual" || *name == design.units.name;
    let time = |name: &String| name == "time" || *name == design.periods.name;
    match names {
        [] => Some(FixedEffects::None),
        [one] if unit(one) => Some(FixedEffects::Individual),
        [one] if time(one) => Some(FixedEffects::Time),
        [a, b] if (unit(a) && time(b)) || (time(a) && unit(b)) => Some(FixedEffects::TwoWay),
        _ => None,
    }
}

/// Weights by name, in the order of the design's units.
fn weights_of(
    weights: &BTreeMap<String, Weights>,
    key: &'static str,
    name: Option<&String>,
    design: &Design,
) -> Result<Weights, Vec<ModelError>> {
    let known = || weights.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let Some(name) = name else {
        return Err(vec![ModelError::whole(
            key,
            "spatial tests need weights: weights_matrix = \"NAME\"",
        )]);
    };
    let Some(own) = weights.get(name) else {
        return Err(vec![ModelError::whole(
            key,
            format!("no weights {name:?}; the file has: {}", known()),
        )]);
    };
    let part = own.in_order(&design.units.labels).map_err(|missing| {
        let text = format!("the weights {name:?} do not have {}", missing.join(", "));
        vec![ModelError::whole(key, text)]
    })?;
    // Rows of a part of the units sum to less; an island of the sample is one that the file did not have.
    let known = own.islands();
    let islands: Vec<&str> =
        part.islands().into_iter().filter(|own| !known.contains(own)).collect();
    if !islands.is_empty() {
        let text = format!(
            "in this sample {} has no neighbour in the weights {name:?}",
            islands.join(", ")
        );
        return Err(vec![ModelError::whole(key, text)]);
    }
    Ok(if own.is_row_standardized() { part.row_standardized() } else { part })
}

/// Lagrange multipliers of spatial lag and error on the residuals of a least-squares model.
pub fn lagrange(
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    design: &Design,
    effects: Option<FixedEffects>,
    corrected: bool,
) -> Result<Vec<Test>, Vec<ModelError>> {
    let own = weights_of(weights, "tests", model.test_weights.as_ref(), design)?;
    let Some(effects) = effects else {
        return Err(vec![ModelError::whole(
            "tests",
            "spatial tests know effects of units and periods only",
        )]);
    };
    let stacked = Stacked::of(design, &own, effects, &[]).map_err(failed("tests"))?;
    Ok(diagnostics::lagrange(&stacked, &own, corrected))
}

/// Estimates a spatial model.
pub fn estimate(
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    sample: &Sample,
) -> Result<Estimation, Vec<ModelError>> {
    let Estimator::Spatial { model: which, weights: name, effects: fixed, approach, draws, seed } =
        &model.estimator
    else {
        return Err(Vec::new());
    };
    let design = &sample.design;
    let own = weights_of(weights, "weights_matrix", Some(name), design)?;
    let has_lags = matches!(
        which,
        SpatialModel::Durbin | SpatialModel::DurbinError | SpatialModel::LaggedRegressors
    );
    let lagged = if has_lags { design.names() } else { Vec::new() };
    let stacked = Stacked::of(design, &own, *fixed, &lagged).map_err(failed("dependent"))?;
    let process = match which {
        SpatialModel::Lag | SpatialModel::Durbin => Process::Lag,
        SpatialModel::Error | SpatialModel::DurbinError => Process::Error,
        SpatialModel::LaggedRegressors => {
            let text = "slx is least squares on the regressors and their lags: estimator = \"within\" with lagged regressors";
            return Err(vec![ModelError::whole("spatial", text)]);
        }
    };
    let spectrum = Spectrum::of(&own).ok_or_else(|| {
        failed("weights_matrix")(EstimationError::Other(
            "the eigenvalues of the weights cannot be found".to_owned(),
        ))
    })?;
    let fit = likelihood::estimate(&stacked, &own, &spectrum, process, *approach)
        .map_err(failed("spatial"))?;
    let mut remarks = sample.remarks.clone();
    if !fit.dropped.is_empty() {
        if model.refuse_collinear {
            return Err(failed("regressors")(EstimationError::Collinear(fit.dropped)));
        }
        remarks.push(format!(
            "dropped, because the others or the effects make them up: {}",
            fit.dropped.join(", ")
        ));
    }
    let mut names = fit.names.clone();
    names.push(if process == Process::Lag { "rho" } else { "lambda" }.to_owned());
    names.push("sigma2".to_owned());
    let mut values = fit.coefficients.clone();
    values.extend([fit.spatial, fit.variance]);
    let k = values.len();
    let covariance =
        fit.covariance.clone().unwrap_or_else(|| Dense::new(k, k, vec![f64::NAN; k * k]));
    let (n, t) = (stacked.n as f64, stacked.t as f64);
    let mut statistics = vec![
        ("observations", n * t),
        ("units", n),
        ("periods", t),
        ("observations_of_likelihood", fit.observations as f64),
        ("log_determinant", fit.log_determinant),
        ("score", fit.score),
    ];
    if let Some(likelihood) = fit.log_likelihood {
        statistics.push(("log_likelihood", likelihood));
        statistics.push(("aic", -2.0 * likelihood + 2.0 * k as f64));
        statistics.push(("bic", -2.0 * likelihood + (fit.observations as f64).ln() * k as f64));
    }
    let effects = match draws {
        0 => effects(&fit, &own),
        draws => simulated(&fit, &own, *draws, *seed),
    };
    let infinite = f64::INFINITY;
    let residuals = stacked.unstack(&fit.residuals);
    let fitted = design.rows.iter().zip(&design.response.values).zip(&residuals);
    Ok(Estimation {
        model: model.clone(),
        coefficients: gather::coefficients(&names, &values, &covariance, infinite),
        turning: gather::turning(model, design, &names, &values, &covariance, infinite),
        covariance,
        df: infinite,
        statistics,
        tests: Vec::new(),
        effects,
        first_stages: Vec::new(),
        components: None,
        fixed_effects: Vec::new(),
        fitted: fitted.map(|((row, y), e)| (*row, y - e, *e)).collect(),
        remarks,
    })
}
