//! Spatial models of a model file.

use std::collections::BTreeMap;

use super::{Estimation, Estimator, Model, ModelError, Sample, SpatialModel, failed, gather};
use crate::econometrics::autocorrelation::residuals::moran_of_residuals;
use crate::econometrics::design::Design;
use crate::econometrics::linear::Fit;
use crate::econometrics::spatial::determinant::Determinant;
use crate::econometrics::spatial::effects::{effects, simulated};
use crate::econometrics::spatial::likelihood::{self, Process, SpatialFit};
use crate::econometrics::spatial::{FixedEffects, Stacked, diagnostics};
use crate::econometrics::{Distribution, EstimationError, Test};
use crate::linalg::Dense;
use crate::panel::Panel;
use crate::panel::evaluate::Variable;
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

/// Moran's I of the residuals of a cross-section, as a standard normal number.
pub fn moran(
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    design: &Design,
    fit: &Fit,
) -> Result<Test, Vec<ModelError>> {
    let own = weights_of(weights, "tests", model.test_weights.as_ref(), design)?;
    if design.periods.count() > 1 || own.len() != fit.residuals.len() {
        let text = "Moran's I of residuals is of one period, with every unit of the weights";
        return Err(vec![ModelError::whole("tests", text)]);
    }
    let found = moran_of_residuals(&own, &fit.residuals, &fit.columns.x)
        .map_err(|error| vec![ModelError::whole("tests", error)])?;
    let about = format!("residuals do not depend on neighbours (I = {:.4})", found.statistic);
    Ok(Test::new("moran_residuals", &about, found.moments.z, Distribution::Normal))
}

/// Estimates a spatial lag by two-stage least squares.
pub fn two_stage(
    panel: &Panel,
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    mut sample: Sample,
) -> Result<Estimation, Vec<ModelError>> {
    let Estimator::SpatialTwoStage { weights: name, effects: fixed, powers } = &model.estimator
    else {
        return Err(Vec::new());
    };
    let design = &mut sample.design;
    let own = weights_of(weights, "weights_matrix", Some(name), design)?;
    let (n, t) = design.balanced("spatial two-stage least squares").map_err(failed("dependent"))?;
    // Observations lie unit by unit.
    let lag = |z: &[f64]| -> Vec<f64> {
        let mut out = vec![0.0; z.len()];
        for period in 0..t {
            let of_period: Vec<f64> = (0..n).map(|unit| z[unit * t + period]).collect();
            for (unit, value) in own.lag(&of_period).into_iter().enumerate() {
                out[unit * t + period] = value;
            }
        }
        out
    };
    let exogenous = design.regressors.iter().filter(|own| !design.endogenous.contains(&own.name));
    let mut instruments = Vec::new();
    for regressor in exogenous {
        let mut values = regressor.values.clone();
        for power in 1..=*powers {
            values = lag(&values);
            instruments.push(Variable {
                name: format!("W{power}:{}", regressor.name),
                values: values.clone(),
            });
        }
    }
    design.instruments.extend(instruments);
    let values = lag(&design.response.values);
    design.regressors.push(Variable { name: RHO.to_owned(), values });
    design.endogenous.push(RHO.to_owned());
    let estimator = match fixed {
        FixedEffects::None => Estimator::Pooled { constant: true },
        FixedEffects::Individual => Estimator::Within { effects: vec!["individual".to_owned()] },
        FixedEffects::Time => Estimator::Within { effects: vec!["time".to_owned()] },
        FixedEffects::TwoWay => {
            Estimator::Within { effects: vec!["individual".to_owned(), "time".to_owned()] }
        }
    };
    let plain = Model { estimator, ..model.clone() };
    let mut found = super::linear(panel, weights, &plain, &sample)?;
    found.model = model.clone();
    if let Some(determinant) = Determinant::of(&own) {
        found.effects = effects(&as_fit(&found), &own, &determinant);
    }
    Ok(found)
}

/// Name of the spatial coefficient.
const RHO: &str = "rho";

/// Coefficients of a two-stage estimate in the order of a spatial fit: ρ behind the others.
fn as_fit(found: &Estimation) -> SpatialFit {
    let all = &found.coefficients;
    let mut order: Vec<usize> = (0..all.len()).filter(|at| all[*at].name != RHO).collect();
    let others = order.len();
    order.extend(all.iter().position(|own| own.name == RHO));
    let mut covariance = Dense::zeros(others + 2, others + 2);
    for (i, a) in order.iter().enumerate() {
        for (j, b) in order.iter().enumerate() {
            covariance.row_mut(i)[j] = found.covariance[(*a, *b)];
        }
    }
    SpatialFit {
        names: order[..others].iter().map(|at| all[*at].name.clone()).collect(),
        dropped: Vec::new(),
        process: Process::Lag,
        coefficients: order[..others].iter().map(|at| all[*at].value).collect(),
        spatial: found.coefficient(RHO).map_or(0.0, |own| own.value),
        variance: found.statistic("sigma").map_or(f64::NAN, |sigma| sigma * sigma),
        covariance: Some(covariance),
        log_likelihood: None,
        log_determinant: f64::NAN,
        score: f64::NAN,
        residuals: Vec::new(),
        bounds: (f64::NEG_INFINITY, f64::INFINITY),
        observations: found.fitted.len(),
        df: found.df,
    }
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
    let determinant = Determinant::of(&own).ok_or_else(|| {
        failed("weights_matrix")(EstimationError::Other(
            "the eigenvalues of the weights cannot be found".to_owned(),
        ))
    })?;
    let fit = likelihood::estimate(&stacked, &own, &determinant, process, *approach)
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
        0 => effects(&fit, &own, &determinant),
        draws => simulated(&fit, &own, &determinant, *draws, *seed),
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
