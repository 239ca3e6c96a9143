//! What estimates are of: `estimate.json`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::econometrics::spatial::moments::Moments;
use crate::econometrics::unit_roots::UnitRoots;
use crate::estimation::{CovarianceKind, Estimation, Estimator, Form, TestedVariable};
use crate::panel::Panel;

/// Equations, their variables, tests of unit roots, and what all is about.
pub fn about(
    panel: &Panel,
    estimates: &[Estimation],
    tested: &[TestedVariable],
    units: &BTreeMap<String, String>,
    about: &Value,
) -> String {
    let models: Vec<Value> = estimates.iter().map(model).collect();
    let variables = variables(panel, estimates, units);
    let mut all = json!({
        "irio_estimate": 1,
        "about": about,
        "panel": of_panel(panel),
        "variables": variables,
        "models": models,
    });
    if !tested.is_empty() {
        all["unit_roots"] = tested.iter().flat_map(unit_roots).collect();
    }
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

/// What units and periods are called, and the first and last period.
fn of_panel(panel: &Panel) -> Value {
    let (units, periods) = (panel.units(), panel.periods());
    json!({
        "id": units.name,
        "time": periods.name,
        "first": periods.labels.first(),
        "last": periods.labels.last(),
    })
}

/// One equation and how it was estimated.
fn model(own: &Estimation) -> Value {
    let model = &own.model;
    json!({
        "name": model.name,
        "dependent": model.dependent,
        "regressors": model.regressors,
        "estimator": model.estimator.word(),
        "equation": equation(&model.estimator),
        "effects": effects(&model.estimator),
        "weights": weights(&model.estimator),
        "mediator": match &model.estimator {
            Estimator::Mediation { mediator, .. } => Some(mediator.trim()),
            _ => None,
        },
        "quadratic": model.quadratic,
        "endogenous": model.endogenous,
        "sample": model.sample,
        "covariance": model.covariance.word(),
        "clusters": match &model.covariance {
            CovarianceKind::Cluster(by) => by.clone(),
            CovarianceKind::Jackknife(by) => vec![by.clone()],
            _ => Vec::new(),
        },
        "observations": own.statistic("observations").map(|count| count as u64),
        "units": own.statistic("units"),
        "periods": own.statistic("periods"),
        "rho": own.coefficient("rho").map(|own| own.value),
        "lambda": own.coefficient("lambda").map(|own| own.value),
        "turning": own.turning.as_ref().map(|own| json!({ "at": own.at, "verdict": own.verdict(0.05) })),
    })
}

/// Which spatial equation, and by what.
fn equation(estimator: &Estimator) -> Vec<&'static str> {
    match estimator {
        Estimator::Spatial { model, approach, .. } => vec![model.name(), approach.word()],
        Estimator::SpatialRandom { model, .. } => vec![model.name(), "maximum likelihood"],
        Estimator::SpatialMoments { model, moments, .. } => match moments {
            Moments::Weighted => vec![model.name(), "moments", "weighted"],
            _ => vec![model.name(), "moments"],
        },
        _ => Vec::new(),
    }
}

/// Fixed effects: columns, or the words for those of units and periods.
fn effects(estimator: &Estimator) -> Vec<String> {
    match estimator {
        Estimator::Within { effects } | Estimator::Mediation { effects, .. } => effects.clone(),
        Estimator::Threshold { .. } => vec!["individual".to_owned()],
        Estimator::SpatialMoments { effects, .. } => vec![effects.word().to_owned()],
        Estimator::Spatial { effects, .. }
        | Estimator::SpatialTwoStage { effects, .. }
        | Estimator::SpatialRegressors { effects, .. } => vec![effects.word().to_owned()],
        _ => Vec::new(),
    }
}

fn weights(estimator: &Estimator) -> Option<&str> {
    match estimator {
        Estimator::Spatial { weights, .. }
        | Estimator::SpatialTwoStage { weights, .. }
        | Estimator::SpatialRegressors { weights, .. }
        | Estimator::SpatialMoments { weights, .. }
        | Estimator::SpatialRandom { weights, .. } => Some(weights),
        _ => None,
    }
}

/// What every dependent variable and regressor is: a logarithm or a level, of what, how many periods before, in which
/// unit.
fn variables(
    panel: &Panel,
    estimates: &[Estimation],
    units: &BTreeMap<String, String>,
) -> BTreeMap<String, Value> {
    let names = estimates.iter().flat_map(|own| {
        let mediator = match &own.model.estimator {
            Estimator::Mediation { mediator, .. } => Some(mediator),
            _ => None,
        };
        let own_names = own.coefficients.iter().map(|one| &one.name);
        own_names.chain([&own.model.dependent]).chain(mediator)
    });
    let one = |name: &String| {
        let form = Form::of(panel, name);
        let unit = [name, &form.of, &form.level].into_iter().find_map(|name| units.get(name));
        let value = json!({
            "of": form.of,
            "level": form.level,
            "logarithm": form.logged,
            "lag": form.lag,
            "unit": unit,
        });
        (name.clone(), value)
    };
    names.map(one).collect()
}

/// One entry per test of a variable.
fn unit_roots(own: &TestedVariable) -> Vec<Value> {
    let asked = &own.asked;
    let one = |found: &UnitRoots| {
        json!({
            "name": asked.name,
            "variable": asked.variable,
            "sample": asked.sample,
            "test": found.test.name,
            "null": found.test.about,
            "terms": asked.options.terms.word(),
            "lags": found.units.iter().filter(|own| own.rho.is_some()).map(|own| own.lags).max(),
            "units": found.units.len(),
            "periods": [own.periods.0, own.periods.1],
            "statistic": found.test.statistic,
            "p": found.test.p,
        })
    };
    own.tests.iter().map(one).collect()
}
