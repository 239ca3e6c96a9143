//! Equations of a model file, estimated from a panel.
//!
//! A [`Model`] is one equation as it was asked for: formulas, estimator, covariance, tests. [`estimate`] makes variables
//! of the formulas, fits, and gathers everything that results tell: an [`Estimation`].

mod autocorrelation;
mod covariance_kind;
mod gather;
mod marginal;
mod model;
mod nonlinear;
mod size;
mod spatial;
mod unit_root;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::econometrics::covariance::{self, Kind, Rule};
use crate::econometrics::design::{Design, Grouping};
use crate::econometrics::diagnostics;
use crate::econometrics::distributions::student_quantile;
use crate::econometrics::heteroskedasticity;
use crate::econometrics::instruments::{self, FirstStage, two_stage};
use crate::econometrics::linear::{Columns, Fit};
use crate::econometrics::random::{self, Components, Instruments, Method};
use crate::econometrics::spatial::FixedEffects;
use crate::econometrics::spatial::effects::Effect;
use crate::econometrics::turning::TurningPoint;
use crate::econometrics::wild;
use crate::econometrics::{Distribution, EstimationError, Test};
use crate::linalg::Dense;
use crate::panel::Panel;
use crate::panel::evaluate::{self, Variable};
use crate::weights::Weights;

pub use autocorrelation::{Autocorrelation, MeasuredVariable, PeriodMeasures, autocorrelation};
pub use marginal::{Marginal, Place};
pub use model::{CovarianceKind, Estimator, Export, Model, ModelError, SpatialModel, TestKind};
pub use size::bytes_needed;
pub use unit_root::{TestedVariable, UnitRoot, unit_roots};

/// One estimated number.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// Regressor, `rho`, `lambda` or `sigma2`.
    pub name: String,
    /// The estimate.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// Estimate by error.
    pub statistic: f64,
    /// Probability of a larger one if the number is zero, both sides.
    pub p: f64,
    /// Ends of the 95 % interval.
    pub interval: (f64, f64),
    /// Change of the response, in % of its standard deviation, for one standard deviation of the regressor, both over the
    /// sample as observed: `100 b s_x / s_y`. None of what is no regressor.
    pub standardized: Option<f64>,
}

/// An equation, estimated.
#[derive(Debug, Clone)]
pub struct Estimation {
    /// What was asked for.
    pub model: Model,
    /// Estimates.
    pub coefficients: Vec<Coefficient>,
    /// Their covariance, in the same order.
    pub covariance: Dense,
    /// Degrees of freedom of t statistics; infinite for z.
    pub df: f64,
    /// Numbers of the whole: observations, R², likelihood ... by word of files.
    pub statistics: Vec<(&'static str, f64)>,
    /// Tests.
    pub tests: Vec<Test>,
    /// Direct, indirect and total effects of a spatial model.
    pub effects: Vec<Effect>,
    /// First stages of instruments.
    pub first_stages: Vec<FirstStage>,
    /// Turning point, and the test of a U.
    pub turning: Option<TurningPoint>,
    /// Marginal effects of variables.
    pub marginal: Vec<Marginal>,
    /// Components of the variance of random effects.
    pub components: Option<Components>,
    /// Fixed effects: column, level, effect.
    pub fixed_effects: Vec<(String, String, f64)>,
    /// Row of the panel, fitted value and residual of each observation.
    pub fitted: Vec<(u32, f64, f64)>,
    /// What should be known beside the numbers.
    pub remarks: Vec<String>,
}

/// Everything that a model file asks for, estimated, tested and measured.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Equations.
    pub estimates: Vec<Estimation>,
    /// Tests of unit roots.
    pub unit_roots: Vec<TestedVariable>,
    /// Measures of neighbours.
    pub autocorrelations: Vec<MeasuredVariable>,
}

impl Estimation {
    /// A coefficient by name.
    pub fn coefficient(&self, name: &str) -> Option<&Coefficient> {
        self.coefficients.iter().find(|own| own.name == name)
    }

    /// A number of the whole by word.
    pub fn statistic(&self, word: &str) -> Option<f64> {
        self.statistics.iter().find(|(own, _)| *own == word).map(|(_, value)| *value)
    }

    /// Ends of the interval that holds a number of this model at a level of confidence such as 0.9.
    ///
    /// ```text
    /// b ± t_{(1 + level) / 2, df} se
    /// ```
    pub fn interval(&self, level: f64, value: f64, error: f64) -> (f64, f64) {
        let half = student_quantile(0.5 * (1.0 + level), self.df) * error;
        (value - half, value + half)
    }

    /// A test by word.
    pub fn test(&self, word: &str) -> Option<&Test> {
        self.tests.iter().find(|own| own.name == word)
    }
}

/// Estimates an equation.
///
/// # Errors
/// Every formula that cannot be evaluated, weights that do not fit, or what keeps the equation from being estimated.
pub fn estimate(
    panel: &Panel,
    weights: &BTreeMap<String, Weights>,
    model: &Model,
) -> Result<Estimation, Vec<ModelError>> {
    match &model.estimator {
        Estimator::Threshold { .. } => return nonlinear::thresholds(panel, model),
        Estimator::Mediation { .. } => return nonlinear::mediation(panel, weights, model),
        _ => {}
    }
    let sample = Sample::of(panel, model)?;
    if let Estimator::Spatial { .. }
    | Estimator::SpatialRandom { .. }
    | Estimator::SpatialMoments { .. } = model.estimator
    {
        return spatial::estimate(weights, model, &sample);
    }
    if let Estimator::SpatialTwoStage { .. } | Estimator::SpatialRegressors { .. } = model.estimator
    {
        return spatial::least_squares(panel, weights, model, sample);
    }
    linear(panel, weights, model, &sample)
}

/// Variables of a model, and its observations.
struct Sample {
    design: Design,
    remarks: Vec<String>,
}

impl Sample {
    fn of(panel: &Panel, model: &Model) -> Result<Self, Vec<ModelError>> {
        let mut errors = Vec::new();
        let mut keep = vec![true; panel.rows()];
        if let Some(text) = &model.sample {
            match evaluate::test(panel, text) {
                Ok(own) => keep = own,
                Err(error) => errors.push(ModelError::of_formula(("sample", 0), error)),
            }
        }
        let mut one = |key: &'static str, text: &str| match evaluate::variable(panel, text) {
            Ok(variable) => Some(variable),
            Err(error) => {
                errors.push(ModelError::of_formula((key, 0), error));
                None
            }
        };
        let dependent = one("dependent", &model.dependent);
        let weights = model.weights.as_ref().and_then(|text| one("weights", text));
        let mut nothing: Vec<String> = Vec::new();
        let mut many = |key: &'static str, texts: &[String]| -> Vec<Variable> {
            let mut all = Vec::new();
            for (at, text) in texts.iter().enumerate() {
                match evaluate::variables(panel, text) {
                    Ok(found) if found.is_empty() => nothing.push(text.clone()),
                    Ok(found) => all.extend(found),
                    Err(error) => errors.push(ModelError::of_formula((key, at), error)),
                }
            }
            all
        };
        let regressors = many("regressors", &model.regressors);
        let instruments = many("instruments", &model.instruments);
        if let Some(name) =
            model.endogenous.iter().find(|name| !regressors.iter().any(|own| own.name == **name))
        {
            errors.push(ModelError::whole(
                "endogenous",
                format!("{name:?} is none of the regressors"),
            ));
        }
        let (Some(dependent), true) = (dependent, errors.is_empty()) else { return Err(errors) };
        let design =
            Design::of(panel, &dependent, &regressors, &instruments, weights.as_ref(), &keep);
        let mut design = design.map_err(|error| vec![ModelError::whole("dependent", error)])?;
        design.endogenous.clone_from(&model.endogenous);
        design.frequencies = model.frequencies;
        if let (Some(counts), true) = (&design.weights, model.frequencies)
            && let Some(at) = counts.iter().position(|count| count.fract() != 0.0)
        {
            let row = panel.row_name(design.rows[at] as usize);
            let text = format!("{} at {row} is no count of observations", counts[at]);
            return Err(vec![ModelError::whole("weights", text)]);
        }
        let mut remarks = Vec::new();
        if !nothing.is_empty() {
            let names = nothing.join(", ");
            remarks
                .push(format!("{names} has one level in the panel, which is its base: left out"));
        }
        let all = [&dependent].into_iter().chain(&regressors).chain(&instruments);
        let mut infinite: Vec<&str> = all
            .filter(|own| {
                own.values.iter().zip(&keep).any(|(value, keep)| *keep && value.is_infinite())
            })
            .map(|own| own.name.as_str())
            .collect();
        infinite.dedup();
        if !infinite.is_empty() {
            remarks.push(format!(
                "{} is infinite in some rows (a division by zero?), which count as lacking it",
                infinite.join(", ")
            ));
        }
        if design.incomplete > 0 {
            remarks.push(format!(
                "{} of {} rows of the sample lack a variable and are left out",
                design.incomplete,
                design.incomplete + design.len()
            ));
        }
        Ok(Sample { design, remarks })
    }
}

/// Groups of the observations by a column of the panel.
fn grouping(
    panel: &Panel,
    design: &Design,
    key: &'static str,
    text: &str,
) -> Result<Grouping, Vec<ModelError>> {
    match text {
        "individual" => return Ok(design.units.clone()),
        "time" => return Ok(design.periods.clone()),
        // Their codes are there already.
        name if name == design.units.name => return Ok(design.units.clone()),
        name if name == design.periods.name => return Ok(design.periods.clone()),
        _ => {}
    }
    let (codes, labels) = evaluate::groups(panel, text)
        .map_err(|error| vec![ModelError::of_formula((key, 0), error)])?;
    if let Some(row) = design.rows.iter().find(|row| codes[**row as usize] == crate::panel::ABSENT)
    {
        let text = format!("{text} has no value at {}", panel.row_name(*row as usize));
        return Err(vec![ModelError::whole(key, text)]);
    }
    Ok(Grouping::of_rows(text, &codes, &labels, &design.rows))
}

fn failed(key: &'static str) -> impl Fn(EstimationError) -> Vec<ModelError> {
    move |error| vec![ModelError::whole(key, error)]
}

/// Observations that are alone in a group of some set of effects, until there are none.
fn without_singletons(
    mut design: Design,
    mut effects: Vec<Grouping>,
) -> (Design, Vec<Grouping>, usize) {
    let before = design.len();
    loop {
        let mut keep = vec![true; design.len()];
        for grouping in &effects {
            let sizes = grouping.sizes();
            keep.iter_mut()
                .zip(&*grouping.codes)
                .for_each(|(keep, code)| *keep &= sizes[*code as usize] > 1);
        }
        if keep.iter().all(|keep| *keep) {
            let dropped = before - design.len();
            return (design, effects, dropped);
        }
        let rows: Vec<u32> = (0..keep.len() as u32).filter(|at| keep[*at as usize]).collect();
        for own in &mut effects {
            *own = Grouping::of_rows(&own.name, &own.codes, &own.labels, &rows);
        }
        design = design.filtered(&keep);
    }
}

fn linear(
    panel: &Panel,
    weights: &BTreeMap<String, Weights>,
    model: &Model,
    sample: &Sample,
) -> Result<Estimation, Vec<ModelError>> {
    let mut design = Cow::Borrowed(&sample.design);
    let mut remarks = sample.remarks.clone();
    let mut effects = Vec::new();
    if let Estimator::Within { effects: names } = &model.estimator {
        for name in names {
            effects.push(grouping(panel, &design, "effects", name)?);
        }
        if model.drop_singletons {
            let (own, dropped);
            (own, effects, dropped) = without_singletons(design.into_owned(), effects);
            design = Cow::Owned(own);
            if dropped > 0 {
                remarks.push(format!(
                    "{dropped} observations are alone in a group of the effects and are left out"
                ));
            }
            if design.is_empty() {
                return Err(vec![ModelError::whole(
                    "effects",
                    "every observation is alone in its group",
                )]);
            }
        }
    }
    let mut components = None;
    if let Estimator::Random { method, two_way, .. } = model.estimator {
        let own = random::components(&design, method, two_way).map_err(failed("estimator"))?;
        if own.floored {
            remarks.push(
                "a component of the variance came out negative and is set to zero".to_owned(),
            );
        }
        components = Some(own);
    }
    let fit = fit(&design, model, &effects, components.as_ref()).map_err(failed("regressors"))?;
    if !fit.dropped.is_empty() {
        if model.refuse_collinear {
            return Err(failed("regressors")(EstimationError::Collinear(fit.dropped.clone())));
        }
        remarks.push(format!(
            "dropped, because the others or the effects make them up: {}",
            fit.dropped.join(", ")
        ));
    }
    let kind = covariance_kind::of(panel, &design, &fit, model)?;
    let refit = |keep: &[bool]| {
        let own = design.filtered(keep);
        let rows: Vec<u32> = (0..keep.len() as u32).filter(|at| keep[*at as usize]).collect();
        let effects: Vec<Grouping> = effects
            .iter()
            .map(|own| Grouping::of_rows(&own.name, &own.codes, &own.labels, &rows))
            .collect();
        Some(self::fit(&own, model, &effects, components.as_ref()).ok()?.coefficients)
    };
    let covariance =
        covariance::covariance(&fit, &kind, model.rule, &refit).map_err(failed("covariance"))?;
    if covariance.mended {
        remarks.push(
            "the two-way clustered covariance is not positive: a variance is left out".to_owned(),
        );
    }
    let mut gathered = gather::linear(model, &design, &fit, &covariance, &effects, components);
    gathered.remarks.splice(0..0, remarks);
    if !design.endogenous.is_empty()
        && let Ok(z) =
            columns(&design.instrumented(), model, &effects, gathered.components.as_ref())
    {
        let (first, tests) = instruments::diagnostics(&design, &fit, &z);
        gathered.first_stages = first;
        gathered.tests.extend(tests);
    }
    gathered.marginal = marginal::marginal(panel, model, &design, &gathered)?;
    let context = Context { weights, model, design: &design, fit: &fit, kind: &kind };
    for kind in &model.tests {
        gathered.tests.extend(context.test(*kind, &gathered)?);
    }
    Ok(gathered)
}

/// Columns of an estimator.
fn columns(
    design: &Design,
    model: &Model,
    effects: &[Grouping],
    components: Option<&Components>,
) -> Result<Columns, EstimationError> {
    match &model.estimator {
        Estimator::Pooled { constant } => Ok(Columns::pooled(design, *constant)),
        Estimator::Between => Ok(Columns::between(design)),
        Estimator::FirstDifferences { constant } => {
            Ok(Columns::first_differences(design, *constant))
        }
        Estimator::Within { .. } => Columns::within(design, effects.to_vec()),
        Estimator::Random { .. } => {
            let own = components.ok_or(EstimationError::NoObservations)?;
            Ok(random::columns(design, own))
        }
        Estimator::Spatial { .. }
        | Estimator::SpatialRandom { .. }
        | Estimator::SpatialMoments { .. }
        | Estimator::SpatialTwoStage { .. }
        | Estimator::SpatialRegressors { .. }
        | Estimator::Threshold { .. }
        | Estimator::Mediation { .. } => {
            Err(EstimationError::Other("the estimator has no such columns".to_owned()))
        }
    }
}

fn fit(
    design: &Design,
    model: &Model,
    effects: &[Grouping],
    components: Option<&Components>,
) -> Result<Fit, EstimationError> {
    if let (Estimator::Random { instruments, .. }, Some(components)) =
        (&model.estimator, components)
    {
        return random::random(design, components, *instruments);
    }
    let own = columns(design, model, effects, components)?;
    if design.endogenous.is_empty() {
        return Fit::of(own);
    }
    two_stage(own, columns(&design.instrumented(), model, effects, components)?.x)
}

/// What tests are made of.
struct Context<'a> {
    weights: &'a BTreeMap<String, Weights>,
    model: &'a Model,
    design: &'a Design,
    fit: &'a Fit,
    kind: &'a Kind,
}

impl Context<'_> {
    /// Each coefficient by the wild bootstrap.
    fn wild(&self, estimation: &Estimation) -> Result<Vec<Test>, Vec<ModelError>> {
        let by = match self.kind {
            Kind::Cluster(groups) if groups.len() == 1 => &groups[0],
            Kind::Jackknife(group) => group,
            _ => {
                let text = "the wild bootstrap is of clusters by one column: covariance = \"cluster\", cluster = \"id\"";
                return Err(vec![ModelError::whole("tests", text)]);
            }
        };
        let names = self.fit.columns.names.iter().enumerate();
        let one = |(at, name): (usize, &String)| {
            let own =
                wild::wild(self.fit, by, at, self.model.bootstrap).map_err(failed("tests"))?;
            let (clusters, draws) = (by.count(), own.draws);
            let about = format!("{name} is zero, {clusters} clusters, {draws} draws");
            // As the table has it; a factor for small samples is in every draw alike.
            let t = estimation.coefficient(name).map_or(own.t, |found| found.statistic);
            let distribution = Distribution::Student(clusters as f64 - 1.0);
            let name = format!("wild_bootstrap {name}");
            Ok(Test { p: own.p, ..Test::new(&name, &about, t, distribution) })
        };
        names.map(one).collect()
    }

    fn test(&self, kind: TestKind, own: &Estimation) -> Result<Vec<Test>, Vec<ModelError>> {
        let design = self.design;
        let pooled = || Fit::of(Columns::pooled(design, true)).map_err(failed("tests"));
        let random_one_way = || -> Result<Components, Vec<ModelError>> {
            match &own.components {
                Some(components) => Ok(components.clone()),
                None => {
                    random::components(design, Method::SwamyArora, false).map_err(failed("tests"))
                }
            }
        };
        Ok(vec![match kind {
            TestKind::Poolability => diagnostics::poolability(&pooled()?, self.fit),
            TestKind::BreuschPagan => diagnostics::breusch_pagan(&design.units, &pooled()?),
            TestKind::Honda => diagnostics::honda(&design.units, &pooled()?),
            TestKind::Hausman => self.hausman(&random_one_way()?)?,
            TestKind::HausmanAuxiliary => {
                diagnostics::hausman_auxiliary(design, &random_one_way()?, false)
                    .map_err(failed("tests"))?
            }
            TestKind::HausmanRobust => {
                diagnostics::hausman_auxiliary(design, &random_one_way()?, true)
                    .map_err(failed("tests"))?
            }
            TestKind::PesaranCd => diagnostics::pesaran(&self.fit.columns, &self.fit.residuals)
                .map_err(failed("tests"))?,
            TestKind::BreuschGodfrey => diagnostics::breusch_godfrey(self.fit, 1),
            TestKind::JarqueBera => heteroskedasticity::jarque_bera(self.fit),
            TestKind::BreuschPaganHeteroskedasticity => {
                self.of_variances(heteroskedasticity::breusch_pagan)?
            }
            TestKind::KoenkerBassett => self.of_variances(heteroskedasticity::koenker_bassett)?,
            TestKind::White => self.of_variances(heteroskedasticity::white)?,
            TestKind::Wild => return self.wild(own),
            TestKind::MoranResiduals => {
                let fit = self.plain("Moran's I of residuals")?;
                spatial::moran(self.weights, self.model, design, fit)?
            }
            TestKind::Wooldridge => {
                diagnostics::wooldridge(design, true).map_err(failed("tests"))?
            }
            TestKind::BaltagiSongKoh => {
                return spatial::random_or_error(self.weights, self.model, design);
            }
            TestKind::HausmanSpatial | TestKind::SpatialReduction => {
                let text = "hausman_spatial and spatial_reduction are tests of spatial models by maximum likelihood: estimator = \"spatial_lag\", \"spatial_durbin\" ...; of least squares it is hausman";
                return Err(vec![ModelError::whole("tests", text)]);
            }
            TestKind::SpatialLagrange
            | TestKind::SpatialLagrangeCorrected
            | TestKind::DebarsyErtur => {
                let effects = match &self.model.estimator {
                    Estimator::Within { effects } => spatial::of_names(effects, design),
                    _ => Some(FixedEffects::None),
                };
                if kind == TestKind::DebarsyErtur {
                    return spatial::multipliers(self.weights, self.model, design, effects);
                }
                let corrected = kind == TestKind::SpatialLagrangeCorrected;
                return spatial::lagrange(self.weights, self.model, design, effects, corrected);
            }
        }])
    }

    /// The fit, if it is least squares on the observations as they are.
    fn plain(&self, what: &str) -> Result<&Fit, Vec<ModelError>> {
        let pooled = matches!(self.model.estimator, Estimator::Pooled { .. });
        if pooled && self.design.endogenous.is_empty() && self.design.weights.is_none() {
            return Ok(self.fit);
        }
        let text = format!("{what} is of pooled least squares, without instruments and weights");
        Err(vec![ModelError::whole("tests", text)])
    }

    fn of_variances(
        &self,
        test: fn(&Fit) -> Result<Test, EstimationError>,
    ) -> Result<Test, Vec<ModelError>> {
        test(self.plain("a test of one variance")?).map_err(failed("tests"))
    }

    /// Fixed against random effects, both with classical covariances.
    fn hausman(&self, components: &Components) -> Result<Test, Vec<ModelError>> {
        let key = failed("tests");
        let fixed = fit(
            self.design,
            &Model { estimator: Estimator::Within { effects: Vec::new() }, ..self.model.clone() },
            std::slice::from_ref(&self.design.units),
            None,
        )
        .map_err(&key)?;
        let random =
            random::random(self.design, components, Instruments::default()).map_err(&key)?;
        let classical = |fit: &Fit| {
            covariance::covariance(fit, &Kind::Classical, Rule::Plm, &|_| None)
                .map(|own| own.matrix)
        };
        let (v_fixed, v_random) =
            (classical(&fixed).map_err(&key)?, classical(&random).map_err(&key)?);
        diagnostics::hausman(
            (&fixed.columns.names, &fixed.coefficients, &v_fixed),
            (&random.columns.names, &random.coefficients, &v_random),
            "take the regression form, hausman_auxiliary",
        )
        .map_err(key)
    }
}
