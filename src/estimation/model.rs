//! Equations as they were asked for.

use crate::econometrics::covariance::{Kernel, Leverage, Rule};
use crate::econometrics::random::{Instruments, Method};
use crate::econometrics::spatial::FixedEffects;
use crate::econometrics::spatial::likelihood::Approach;
use crate::econometrics::spatial::moments::{self, Moments};
use crate::econometrics::spatial::random::{Disturbance, Information};
use crate::econometrics::threshold;
use crate::elasticities::{Control, Dependent, Measure};
use crate::panel::formula::FormulaError;

/// What the coefficients of a spatial model are told with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpatialModel {
    /// Spatial lag.
    Lag,
    /// Spatial lag, and lags of the regressors.
    Durbin,
    /// Spatial error.
    Error,
    /// Spatial error, and lags of the regressors.
    DurbinError,
    /// Spatial lag and spatial error (SARAR).
    Both,
}

impl SpatialModel {
    /// What it is called in tables.
    pub fn name(self) -> &'static str {
        match self {
            SpatialModel::Lag => "spatial lag",
            SpatialModel::Durbin => "spatial Durbin",
            SpatialModel::Error => "spatial error",
            SpatialModel::DurbinError => "spatial Durbin error",
            SpatialModel::Both => "SARAR",
        }
    }
}

/// How an equation is estimated.
#[derive(Debug, Clone, PartialEq)]
pub enum Estimator {
    /// Least squares on the observations as they are.
    Pooled {
        /// With a constant.
        constant: bool,
    },
    /// Least squares on means of units.
    Between,
    /// Least squares on differences from the period before.
    FirstDifferences {
        /// With a constant.
        constant: bool,
    },
    /// Fixed effects of the given columns.
    Within {
        /// Columns or formulas whose values have effects.
        effects: Vec<String>,
    },
    /// Random effects.
    Random {
        /// How the components are estimated.
        method: Method,
        /// Effects of periods as well.
        two_way: bool,
        /// Which instruments are taken.
        instruments: Instruments,
    },
    /// Slopes that change at thresholds of a variable, with effects of units.
    Threshold {
        /// Formula of the variable.
        variable: String,
        /// Formulas of the regressors whose slopes change.
        regime: Vec<String>,
        /// Candidates and draws.
        options: threshold::Options,
    },
    /// A within estimator, and what of its first regressor goes through a mediator.
    Mediation {
        /// Formula of the mediator.
        mediator: String,
        /// Columns or formulas whose values have effects.
        effects: Vec<String>,
        /// Draws for the interval of the indirect effect; none of it at 0.
        draws: u32,
        /// Seed of the draws.
        seed: u64,
    },
    /// Least squares on the regressors and their spatial lags (SLX).
    SpatialRegressors {
        /// Name of the weights.
        weights: String,
        /// Fixed effects.
        effects: FixedEffects,
    },
    /// Spatial lag by two-stage least squares: the lag is instrumented by spatial lags of the regressors.
    SpatialTwoStage {
        /// Name of the weights.
        weights: String,
        /// Fixed effects.
        effects: FixedEffects,
        /// Highest power of W among the instruments.
        powers: usize,
    },
    /// Spatial panel by maximum likelihood.
    Spatial {
        /// Which model.
        model: SpatialModel,
        /// Name of the weights.
        weights: String,
        /// Fixed effects.
        effects: FixedEffects,
        /// How they are dealt with.
        approach: Approach,
        /// Draws for the errors of effects; none by the delta method.
        draws: u32,
        /// Seed of the draws.
        seed: u64,
    },
    /// Spatial error by moments.
    SpatialMoments {
        /// Which model: error or Durbin error.
        model: SpatialModel,
        /// Name of the weights.
        weights: String,
        /// Effects of units.
        effects: moments::Effects,
        /// Which moments count.
        moments: Moments,
    },
    /// Spatial panel with random effects of units by maximum likelihood.
    SpatialRandom {
        /// Which model.
        model: SpatialModel,
        /// Name of the weights.
        weights: String,
        /// Whether effects spill over like errors.
        disturbance: Disturbance,
        /// What covariances are made of.
        information: Information,
        /// Draws for the errors of effects; none by the delta method.
        draws: u32,
        /// Seed of the draws.
        seed: u64,
    },
}

impl Estimator {
    /// The word of files.
    pub fn word(&self) -> &'static str {
        match self {
            Estimator::Pooled { .. } => "pooled",
            Estimator::Between => "between",
            Estimator::FirstDifferences { .. } => "first_differences",
            Estimator::Within { .. } => "within",
            Estimator::Random { .. } => "random",
            Estimator::Threshold { .. } => "threshold",
            Estimator::Mediation { .. } => "mediation",
            Estimator::SpatialTwoStage { .. } => "spatial_2sls",
            Estimator::SpatialRegressors { .. } => "spatial_slx",
            Estimator::Spatial { .. } => "spatial",
            Estimator::SpatialRandom { .. } => "spatial_random",
            Estimator::SpatialMoments { .. } => "spatial_gm",
        }
    }
}

/// Kind of covariance that is asked for, groups by name.
#[derive(Debug, Clone, PartialEq)]
pub enum CovarianceKind {
    /// One variance for all.
    Classical,
    /// Variances of their own.
    White(Leverage),
    /// Clusters of one or two columns.
    Cluster(Vec<String>),
    /// Clusters by leaving each one out.
    Jackknife(String),
    /// Serial dependence.
    NeweyWest(Option<usize>),
    /// Spatial and serial dependence.
    DriscollKraay(Option<usize>),
    /// Covariance of units, or of periods.
    BeckKatz {
        /// Of periods.
        of_periods: bool,
    },
    /// Dependence by distance.
    Conley {
        /// Longitude and latitude.
        places: [String; 2],
        /// Kilometres.
        cutoff: f64,
        /// Weights of pairs.
        kernel: Kernel,
    },
}

impl CovarianceKind {
    /// The word of files.
    pub fn word(&self) -> &'static str {
        match self {
            CovarianceKind::Classical => "classical",
            CovarianceKind::White(Leverage::Hc0) => "HC0",
            CovarianceKind::White(Leverage::Hc1) => "HC1",
            CovarianceKind::White(Leverage::Hc2) => "HC2",
            CovarianceKind::White(Leverage::Hc3) => "HC3",
            CovarianceKind::Cluster(_) => "cluster",
            CovarianceKind::Jackknife(_) => "CR3",
            CovarianceKind::NeweyWest(_) => "newey_west",
            CovarianceKind::DriscollKraay(_) => "driscoll_kraay",
            CovarianceKind::BeckKatz { .. } => "beck_katz",
            CovarianceKind::Conley { .. } => "conley",
        }
    }
}

/// A test that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestKind {
    /// F of the fixed effects.
    Poolability,
    /// Breusch & Pagan's multiplier of random effects of units.
    BreuschPagan,
    /// The same, one-sided (Honda).
    Honda,
    /// Fixed against random effects.
    Hausman,
    /// The same as a regression.
    HausmanAuxiliary,
    /// The same as a regression with clustered errors.
    HausmanRobust,
    /// Dependence of units.
    PesaranCd,
    /// Serial correlation of the residuals.
    BreuschGodfrey,
    /// Serial correlation in first differences.
    Wooldridge,
    /// Lagrange multipliers of spatial lag and error.
    SpatialLagrange,
    /// The same with the degrees of freedom of spreg.
    SpatialLagrangeCorrected,
    /// Multipliers of lag and error by the likelihood of both, conditional ones among them (Debarsy & Ertur).
    DebarsyErtur,
    /// Random effects and spatial errors of least squares (Baltagi, Song & Koh).
    BaltagiSongKoh,
    /// Fixed against random effects of a spatial model.
    HausmanSpatial,
    /// Whether a Durbin model is no more than a lag, or than an error.
    SpatialReduction,
    /// Dependence of the residuals of a cross-section on neighbours.
    MoranResiduals,
    /// Normal errors.
    JarqueBera,
    /// One variance, by squares of the regressors.
    BreuschPaganHeteroskedasticity,
    /// The same for errors that need not be normal.
    KoenkerBassett,
    /// One variance, by regressors, squares and products.
    White,
    /// Each coefficient is zero, by the wild cluster bootstrap.
    Wild,
}

impl TestKind {
    /// Whether it needs weights between units.
    pub fn is_spatial(self) -> bool {
        matches!(
            self,
            TestKind::SpatialLagrange
                | TestKind::SpatialLagrangeCorrected
                | TestKind::DebarsyErtur
                | TestKind::BaltagiSongKoh
                | TestKind::HausmanSpatial
                | TestKind::SpatialReduction
                | TestKind::MoranResiduals
        )
    }

    /// Words of files, with the tests.
    pub const WORDS: [(&'static str, TestKind); 21] = [
        ("poolability", TestKind::Poolability),
        ("breusch_pagan", TestKind::BreuschPagan),
        ("honda", TestKind::Honda),
        ("hausman", TestKind::Hausman),
        ("hausman_auxiliary", TestKind::HausmanAuxiliary),
        ("hausman_robust", TestKind::HausmanRobust),
        ("pesaran_cd", TestKind::PesaranCd),
        ("breusch_godfrey", TestKind::BreuschGodfrey),
        ("wooldridge", TestKind::Wooldridge),
        ("spatial_lm", TestKind::SpatialLagrange),
        ("spatial_lm_df", TestKind::SpatialLagrangeCorrected),
        ("debarsy_ertur", TestKind::DebarsyErtur),
        ("bsk", TestKind::BaltagiSongKoh),
        ("hausman_spatial", TestKind::HausmanSpatial),
        ("spatial_reduction", TestKind::SpatialReduction),
        ("moran_residuals", TestKind::MoranResiduals),
        ("jarque_bera", TestKind::JarqueBera),
        ("breusch_pagan_heteroskedasticity", TestKind::BreuschPaganHeteroskedasticity),
        ("koenker_bassett", TestKind::KoenkerBassett),
        ("white", TestKind::White),
        ("wild_bootstrap", TestKind::Wild),
    ];
}

/// Which coefficients of an equation are those of a density, for scenarios.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// The density.
    pub measure: Measure,
    /// Group of regions that the equation is of.
    pub group: String,
    /// Regressors that are the density and its lags, 0 first.
    pub lags: Vec<String>,
    /// Regressors that are controls.
    pub controls: Vec<(Control, String)>,
    /// Whether the response is emissions per unit of output.
    pub dependent: Dependent,
}

/// One equation, as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Short name, unique in its file.
    pub name: String,
    /// Formula of the response.
    pub dependent: String,
    /// Formulas of the regressors.
    pub regressors: Vec<String>,
    /// Regressors that are endogenous.
    pub endogenous: Vec<String>,
    /// Formulas of the instruments.
    pub instruments: Vec<String>,
    /// Which rows, as a test.
    pub sample: Option<String>,
    /// Formula of the weights of observations.
    pub weights: Option<String>,
    /// Whether the weights are counts: how often each observation was made.
    pub frequencies: bool,
    /// How it is estimated.
    pub estimator: Estimator,
    /// Its covariance.
    pub covariance: CovarianceKind,
    /// Small-sample rule of the covariance.
    pub rule: Rule,
    /// Tests.
    pub tests: Vec<TestKind>,
    /// Draws of the wild bootstrap, and their seed.
    pub bootstrap: (u32, u64),
    /// Weights for tests of models that are not spatial.
    pub test_weights: Option<String>,
    /// A regressor and its square, whose turning point is told.
    pub quadratic: Option<(String, String)>,
    /// Variables whose marginal effects are told.
    pub marginal: Vec<String>,
    /// Refuses collinear regressors, instead of dropping them with a note.
    pub refuse_collinear: bool,
    /// Drops observations that are alone in their group of fixed effects.
    pub drop_singletons: bool,
    /// Tells fitted values, residuals and fixed effects.
    pub predict: bool,
    /// What scenarios take up.
    pub export: Option<Export>,
}

/// What part of a model is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ModelError {
    /// Key of the model file, with the place in a list.
    pub key: (&'static str, usize),
    /// What is wrong.
    pub message: String,
    /// Bytes of the formula that are meant.
    pub at: Option<std::ops::Range<usize>>,
}

impl ModelError {
    pub(super) fn of_formula(key: (&'static str, usize), error: FormulaError) -> Self {
        ModelError { key, message: error.message, at: Some(error.at) }
    }

    pub(super) fn whole(key: &'static str, message: impl ToString) -> Self {
        ModelError { key: (key, 0), message: message.to_string(), at: None }
    }
}
