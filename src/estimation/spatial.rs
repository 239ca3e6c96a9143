//! Spatial models of a model file.

use std::collections::BTreeMap;

use super::{
    Estimation, Estimator, Model, ModelError, Sample, SpatialModel, TestKind, failed, gather,
    lag_sums,
};
use crate::econometrics::autocorrelation::residuals::moran_of_residuals;
use crate::econometrics::design::Design;
use crate::econometrics::diagnostics::{hausman, wald};
use crate::econometrics::linear::Fit;
use crate::econometrics::spatial::determinant::Determinant;
use crate::econometrics::spatial::effects::{effects, simulated};
use crate::econometrics::spatial::likelihood::{self, Approach, Process, SpatialFit};
use crate::econometrics::spatial::random::{self, Disturbance, Information};
use crate::econometrics::spatial::{
    FixedEffects, Stacked, diagnostics, moments, multipliers, sarar,
};
use crate::econometrics::{Distribution, EstimationError, Test};
use crate::linalg::Dense;
use crate::linalg::least_squares::dot;
use crate::linalg::small::times;
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
    weights_of_units(weights, key, name, &design.units.labels)
}

/// Weights by name, in the order of some units.
pub(super) fn weights_of_units(
    weights: &BTreeMap<String, Weights>,
    key: &'static str,
    name: Option<&String>,
    units: &[String],
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
    let part = own.in_order(units).map_err(|missing| {
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

/// The panel of a least-squares model with its weights, for tests of neighbours.
fn stacked_for_tests(
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    design: &Design,
    effects: Option<FixedEffects>,
) -> Result<(Stacked, Weights), Vec<ModelError>> {
    let own = weights_of(weights, "tests", model.test_weights.as_ref(), design)?;
    let Some(effects) = effects else {
        return Err(vec![ModelError::whole(
            "tests",
            "spatial tests know effects of units and periods only",
        )]);
    };
    let stacked = Stacked::of(design, &own, effects, &[]).map_err(failed("tests"))?;
    Ok((stacked, own))
}

/// Lagrange multipliers of spatial lag and error on the residuals of a least-squares model.
pub fn lagrange(
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    design: &Design,
    effects: Option<FixedEffects>,
    corrected: bool,
) -> Result<Vec<Test>, Vec<ModelError>> {
    let (stacked, own) = stacked_for_tests(weights, model, design, effects)?;
    Ok(diagnostics::lagrange(&stacked, &own, corrected))
}

/// What is to be known of an approach with effects of periods.
fn cautions(estimator: &Estimator, weights: &Weights, has_turning: bool) -> Vec<String> {
    let Estimator::Spatial { model, effects, approach, .. } = estimator else { return Vec::new() };
    let mut found = Vec::new();
    if *approach == Approach::Direct && effects.of_units() && effects.of_periods() {
        found.push(
            "with effects of units and periods the direct approach is biased, and its intervals are too narrow: approach = \
             \"transformation\" is not (Lee & Yu 2010)"
                .to_owned(),
        );
    }
    if *model == SpatialModel::Durbin && has_turning {
        found.push(
            "the turning point is that of the coefficients of x and its square; those of neighbours (W:) are not in it"
                .to_owned(),
        );
    }
    if effects.of_periods() && !weights.is_row_standardized() {
        found.push(
            "neighbours are of what effects of periods leave, and rows of the weights that do not sum to one bring a part of \
             these effects back: standardize = \"row\""
                .to_owned(),
        );
    }
    found
}

/// Multipliers by the likelihood of lag and error together.
pub fn multipliers(
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    design: &Design,
    effects: Option<FixedEffects>,
) -> Result<Vec<Test>, Vec<ModelError>> {
    let (stacked, own) = stacked_for_tests(weights, model, design, effects)?;
    let Some(determinant) = Determinant::of(&own) else {
        return Err(vec![ModelError::whole("tests", "eigenvalues of the weights cannot be found")]);
    };
    multipliers::multipliers(&stacked, &own, &determinant).map_err(failed("tests"))
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

/// Multipliers of random effects and of spatial errors on the residuals of least squares.
pub fn random_or_error(
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    design: &Design,
) -> Result<Vec<Test>, Vec<ModelError>> {
    let own = weights_of(weights, "tests", model.test_weights.as_ref(), design)?;
    let stacked = Stacked::of(design, &own, FixedEffects::None, &[]).map_err(failed("tests"))?;
    diagnostics::random_or_error(&stacked, &own).map_err(failed("tests"))
}

/// `W z` of a column that lies unit by unit.
fn lag_of_units(weights: &Weights, z: &[f64]) -> Vec<f64> {
    let n = weights.len();
    let t = z.len() / n;
    let mut out = vec![0.0; z.len()];
    for period in 0..t {
        let of_period: Vec<f64> = (0..n).map(|unit| z[unit * t + period]).collect();
        for (unit, value) in weights.lag(&of_period).into_iter().enumerate() {
            out[unit * t + period] = value;
        }
    }
    out
}

/// Spatial lags of the regressors that are not endogenous, as instruments up to a power of W.
fn instruments(design: &Design, weights: &Weights, powers: usize) -> Vec<Variable> {
    let mut found = Vec::new();
    let exogenous = design.regressors.iter().filter(|own| !design.endogenous.contains(&own.name));
    for regressor in exogenous {
        let mut values = regressor.values.clone();
        for power in 1..=powers {
            values = lag_of_units(weights, &values).into();
            found.push(Variable {
                name: format!("W{power}:{}", regressor.name),
                values: values.clone(),
            });
        }
    }
    found
}

/// Estimates by least squares with spatial lags among the columns: of the response, in two stages, or of the regressors.
pub fn least_squares(
    panel: &Panel,
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    mut sample: Sample,
) -> Result<Estimation, Vec<ModelError>> {
    let (name, fixed) = match &model.estimator {
        Estimator::SpatialTwoStage { weights, effects, .. }
        | Estimator::SpatialRegressors { weights, effects } => (weights, *effects),
        _ => return Err(Vec::new()),
    };
    let design = &mut sample.design;
    let own = weights_of(weights, "weights_matrix", Some(name), design)?;
    design.balanced("a spatial lag").map_err(failed("dependent"))?;
    if let Estimator::SpatialTwoStage { powers, .. } = model.estimator {
        design.instruments.extend(instruments(design, &own, powers));
        let values = lag_of_units(&own, &design.response.values);
        design.regressors.push(Variable { name: RHO.to_owned(), values: values.into() });
        design.endogenous.push(RHO.to_owned());
    } else {
        if !design.endogenous.is_empty() {
            let text = "spatial_slx takes regressors as they are; an endogenous one needs estimator = \"spatial_2sls\", or \"within\" without lags";
            return Err(vec![ModelError::whole("endogenous", text)]);
        }
        let lag = |x: &Variable| Variable {
            name: format!("W:{}", x.name),
            values: lag_of_units(&own, &x.values).into(),
        };
        let lags: Vec<Variable> = design.regressors.iter().map(lag).collect();
        design.regressors.extend(lags);
    }
    let within = |effects: &[&str]| Estimator::Within {
        effects: effects.iter().map(|own| (*own).to_owned()).collect(),
    };
    let estimator = match fixed {
        FixedEffects::None => Estimator::Pooled { constant: true },
        FixedEffects::Individual => within(&["individual"]),
        FixedEffects::Time => within(&["time"]),
        FixedEffects::TwoWay => within(&["individual", "time"]),
    };
    let plain = Model { estimator, ..model.clone() };
    let mut found = super::linear(panel, weights, &plain, &sample)?;
    found.model = model.clone();
    if let Some(determinant) = Determinant::of(&own) {
        let fit = as_fit(&found);
        lag_sums::tell(&mut found, &fit, |moved| effects(&fit, &own, &determinant, moved));
    }
    Ok(found)
}

/// Name of the coefficient of a spatial lag.
const RHO: &str = "rho";

/// Name of the coefficient of spatial errors.
const LAMBDA: &str = "lambda";

/// Coefficients of least squares in the order of a spatial fit: ρ behind the others, and none of it certain if there is none.
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
        more: Vec::new(),
        variance: found.statistic("sigma").map_or(f64::NAN, |sigma| sigma * sigma),
        covariance: Some(covariance),
        log_likelihood: None,
        log_determinant: f64::NAN,
        score: f64::NAN,
        residuals: Vec::new(),
        bounds: (f64::NEG_INFINITY, f64::INFINITY),
        observations: found.statistic("observations").map_or(0, |count| count as usize),
        df: found.df,
    }
}

/// A spatial model with everything that its likelihood needs.
struct Ready<'a> {
    design: &'a Design,
    which: SpatialModel,
    weights: Weights,
    determinant: Determinant,
}

impl Ready<'_> {
    fn process(&self) -> Process {
        match self.which {
            SpatialModel::Error | SpatialModel::DurbinError => Process::Error,
            _ => Process::Lag,
        }
    }

    fn stacked(&self, effects: FixedEffects) -> Result<Stacked, Vec<ModelError>> {
        let has_lags = matches!(self.which, SpatialModel::Durbin | SpatialModel::DurbinError);
        let lagged = if has_lags { self.design.names() } else { Vec::new() };
        Stacked::of(self.design, &self.weights, effects, &lagged).map_err(failed("dependent"))
    }

    fn fixed(
        &self,
        effects: FixedEffects,
        approach: Approach,
    ) -> Result<(Stacked, SpatialFit), Vec<ModelError>> {
        let stacked = self.stacked(effects)?;
        let (weights, determinant) = (&self.weights, &self.determinant);
        let fit = match self.which {
            SpatialModel::Both => sarar::estimate(&stacked, weights, determinant, approach),
            _ => likelihood::estimate(&stacked, weights, determinant, self.process(), approach),
        };
        Ok((stacked, fit.map_err(failed("estimator"))?))
    }

    fn random(
        &self,
        disturbance: Disturbance,
        information: Information,
    ) -> Result<(Stacked, SpatialFit), Vec<ModelError>> {
        let stacked = self.stacked(FixedEffects::None)?;
        let (weights, process) = (&self.weights, self.process());
        let fit = random::estimate(
            &stacked,
            weights,
            &self.determinant,
            process,
            disturbance,
            information,
        );
        Ok((stacked, fit.map_err(failed("effects"))?))
    }

    /// Effects of units as fixed and as random ones: what they have in common is the same if they are no more than that.
    ///
    /// Coefficients of the regressors and the spatial one; the former alone where their covariance is conditional.
    fn hausman(
        &self,
        disturbance: Disturbance,
        information: Information,
    ) -> Result<Test, Vec<ModelError>> {
        let fixed = self.fixed(FixedEffects::Individual, Approach::Direct)?.1;
        let random = self.random(disturbance, information)?.1;
        let spatial = if self.process() == Process::Lag { RHO } else { LAMBDA };
        let numbers = |fit: &SpatialFit| {
            let (mut names, mut values) = (fit.names.clone(), fit.coefficients.clone());
            if information == Information::Expected {
                names.push(spatial.to_owned());
                values.push(fit.spatial);
            }
            (names, values, fit.covariance.clone().unwrap_or_else(|| Dense::zeros(0, 0)))
        };
        let (a, b) = (numbers(&fixed), numbers(&random));
        let instead = "instead test the regressors' means by unit, mean(x, id), as further regressors of the random effects";
        let found = hausman((&a.0, &a.1, &a.2), (&b.0, &b.1, &b.2), instead);
        let found = found.map_err(failed("tests"))?;
        Ok(Test { name: "hausman_spatial".to_owned(), ..found })
    }

    /// A fit with the effects of an estimator.
    fn fit(&self, estimator: &Estimator) -> Result<(Stacked, SpatialFit), Vec<ModelError>> {
        match *estimator {
            Estimator::SpatialRandom { disturbance, information, .. } => {
                self.random(disturbance, information)
            }
            Estimator::Spatial { effects, approach, .. } => self.fixed(effects, approach),
            Estimator::SpatialMoments { effects, moments, .. } => {
                let stacked = self.stacked(effects.fixed())?;
                let (weights, determinant) = (&self.weights, &self.determinant);
                let fit = moments::estimate(&stacked, weights, determinant, effects, moments);
                Ok((stacked, fit.map_err(failed("estimator"))?))
            }
            _ => Err(Vec::new()),
        }
    }

    /// A Durbin model against a lag (`g = 0`) and an error (`g + ρb = 0`), by likelihoods and by Wald's test.
    ///
    /// Source: Burridge (1981); LeSage & Pace (2009), ch. 2; Elhorst (2014), ch. 1.
    fn reduction(&self, estimator: &Estimator) -> Result<Vec<Test>, Vec<ModelError>> {
        let whole = self.fit(estimator)?.1;
        if !whole.names.iter().any(|name| name.starts_with("W:")) {
            let text = "no spatial lag of a regressor is left to be tested";
            return Err(vec![ModelError::whole("tests", text)]);
        }
        let mut tests = Vec::new();
        for (which, names, about) in [
            (SpatialModel::Lag, ["lr_lag", "wald_lag"], "no spatial lags of the regressors"),
            (SpatialModel::Error, ["lr_error", "wald_error"], "a spatial error, nothing else"),
        ] {
            let (weights, determinant) = (self.weights.clone(), self.determinant.clone());
            let less = Ready { design: self.design, which, weights, determinant };
            let less = less.fit(estimator)?.1;
            let (Some(high), Some(low)) = (whole.log_likelihood, less.log_likelihood) else {
                let text = "a bias-corrected estimate has no likelihood: approach = \"direct\" or \"transformation\"";
                return Err(vec![ModelError::whole("tests", text)]);
            };
            let df = whole.names.len().saturating_sub(less.names.len()) as f64;
            let statistic = 2.0 * (high - low);
            tests.push(Test::new(names[0], about, statistic, Distribution::ChiSquared(df)));
            let (values, covariance) = restrictions(&whole, which == SpatialModel::Error);
            let all: Vec<usize> = (0..values.len()).collect();
            tests.push(wald(names[1], about, &values, &covariance, &all, None));
        }
        Ok(tests)
    }
}

/// `g`, or `g + ρb`, with the covariance of it.
fn restrictions(fit: &SpatialFit, of_error: bool) -> (Vec<f64>, Dense) {
    let k = fit.names.len();
    let none = Dense::zeros(k + 2, k + 2);
    let covariance = fit.covariance.as_ref().unwrap_or(&none);
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    for (lag, name) in fit.names.iter().enumerate() {
        let Some(own) = name.strip_prefix("W:") else { continue };
        let mut gradient = vec![0.0; covariance.shape().0];
        gradient[lag] = 1.0;
        let mut value = fit.coefficients[lag];
        let at = fit.names.iter().position(|name| name == own);
        if let Some(at) = at.filter(|_| of_error) {
            value += fit.spatial * fit.coefficients[at];
            gradient[at] = fit.spatial;
            gradient[k] = fit.coefficients[at];
        }
        values.push(value);
        rows.push(gradient);
    }
    let mut out = Dense::zeros(rows.len(), rows.len());
    for (i, a) in rows.iter().enumerate() {
        let turned = times(covariance, a);
        for (j, b) in rows.iter().enumerate() {
            out.row_mut(i)[j] = dot(&turned, b);
        }
    }
    (values, out)
}

/// Estimates a spatial model.
pub fn estimate(
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    sample: &Sample,
) -> Result<Estimation, Vec<ModelError>> {
    let (which, name, draws, seed) = match &model.estimator {
        Estimator::Spatial { model, weights, draws, seed, .. }
        | Estimator::SpatialRandom { model, weights, draws, seed, .. } => {
            (*model, weights, *draws, *seed)
        }
        Estimator::SpatialMoments { model, weights, .. } => (*model, weights, 0, 0),
        _ => return Err(Vec::new()),
    };
    let design = &sample.design;
    let own = weights_of(weights, "weights_matrix", Some(name), design)?;
    let determinant = Determinant::of(&own).ok_or_else(|| {
        failed("weights_matrix")(EstimationError::Other(
            "the eigenvalues of the weights cannot be found".to_owned(),
        ))
    })?;
    let ready = Ready { design, which, weights: own, determinant };
    let (stacked, fit) = ready.fit(&model.estimator)?;
    let mut remarks = sample.remarks.clone();
    remarks.extend(cautions(&model.estimator, &ready.weights, model.quadratic.is_some()));
    if !fit.dropped.is_empty() {
        if model.refuse_collinear {
            return Err(failed("regressors")(EstimationError::Collinear(fit.dropped)));
        }
        remarks.push(format!(
            "dropped, because the others or the effects make them up: {}",
            fit.dropped.join(", ")
        ));
    }
    if fit.more == [("phi", 0.0)] {
        remarks.push(
            "the variance of the effects is zero: the estimate is that without effects".to_owned(),
        );
    }
    let mut found = gathered(model, design, &stacked, &fit, remarks);
    lag_sums::tell(&mut found, &fit, |moved| match draws {
        0 => effects(&fit, &ready.weights, &ready.determinant, moved),
        draws => simulated(&fit, &ready.weights, &ready.determinant, moved, (draws, seed)),
    });
    for kind in &model.tests {
        found.tests.extend(test(model, &ready, *kind)?);
    }
    Ok(found)
}

/// A test of a spatial model.
fn test(model: &Model, ready: &Ready<'_>, kind: TestKind) -> Result<Vec<Test>, Vec<ModelError>> {
    let (disturbance, information) = match model.estimator {
        Estimator::SpatialRandom { disturbance, information, .. } => (disturbance, information),
        _ => Default::default(),
    };
    match kind {
        TestKind::HausmanSpatial if ready.which != SpatialModel::Both => {
            Ok(vec![ready.hausman(disturbance, information)?])
        }
        TestKind::SpatialReduction if ready.which == SpatialModel::Durbin => {
            ready.reduction(&model.estimator)
        }
        _ => {
            let text = "tests of spatial models are hausman_spatial (not of spatial_sarar) and spatial_reduction (of spatial_durbin); the others are of least squares: give those a model of their own, or tests = [] here";
            Err(vec![ModelError::whole("tests", text)])
        }
    }
}

/// Everything that results tell of a spatial fit.
fn gathered(
    model: &Model,
    design: &Design,
    stacked: &Stacked,
    fit: &SpatialFit,
    remarks: Vec<String>,
) -> Estimation {
    let mut names = fit.names.clone();
    names.push(if fit.process == Process::Lag { RHO } else { LAMBDA }.to_owned());
    names.extend(fit.more.iter().map(|(name, _)| (*name).to_owned()));
    names.push("sigma2".to_owned());
    let mut values = fit.coefficients.clone();
    values.push(fit.spatial);
    values.extend(fit.more.iter().map(|(_, value)| *value));
    values.push(fit.variance);
    let k = values.len();
    let covariance =
        fit.covariance.clone().unwrap_or_else(|| Dense::new(k, k, vec![f64::NAN; k * k]));
    let (n, t) = (stacked.n as f64, stacked.t as f64);
    let mut statistics = vec![
        ("observations", n * t),
        ("units", n),
        ("periods", t),
        ("observations_of_likelihood", fit.observations as f64),
    ];
    let own = [("log_determinant", fit.log_determinant), ("score", fit.score)];
    statistics.extend(own.into_iter().filter(|(_, value)| value.is_finite()));
    if let Some(likelihood) = fit.log_likelihood {
        statistics.push(("log_likelihood", likelihood));
        statistics.push(("aic", -2.0 * likelihood + 2.0 * k as f64));
        statistics.push(("bic", -2.0 * likelihood + (fit.observations as f64).ln() * k as f64));
    }
    if let [("phi", phi)] = fit.more[..] {
        statistics.push(("sigma2_idiosyncratic", fit.variance));
        statistics.push(("sigma2_unit", phi * fit.variance));
        statistics.push(("theta", 1.0 - 1.0 / (1.0 + t * phi).sqrt()));
    }
    let infinite = f64::INFINITY;
    let residuals = stacked.unstack(&fit.residuals);
    let rows = if model.predict { design.rows.as_slice() } else { &[] };
    let fitted = rows.iter().zip(&*design.response.values).zip(&residuals);
    let (turning, curve) =
        gather::turning(model, design, &names, &values, &covariance, infinite).unzip();
    Estimation {
        model: model.clone(),
        coefficients: gather::standardized(
            gather::coefficients(&names, &values, &covariance, infinite),
            design,
        ),
        marginal: Vec::new(),
        sums: lag_sums::of(&names, &values, &covariance, infinite),
        turning,
        curve,
        covariance,
        df: infinite,
        statistics,
        tests: Vec::new(),
        effects: Vec::new(),
        first_stages: Vec::new(),
        components: None,
        fixed_effects: Vec::new(),
        fitted: fitted.map(|((row, y), e)| (*row, y - e, *e)).collect(),
        remarks,
    }
}
