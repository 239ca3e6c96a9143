//! Estimation from panels: least squares with fixed and random effects, instruments, spatial models, their tests.
//!
//! A [`design::Design`] is a response, regressors and who was observed when, without absent values. A transformation
//! makes columns of it (`pooled`, `within`, `between`, `first differences`, `random`), [`linear`] fits them, and
//! [`covariance`] says how sure the coefficients are. Every step is a function of its arguments.

pub mod absorb;
pub mod autocorrelation;

pub mod covariance;
pub mod design;
pub mod diagnostics;
pub mod distributions;
pub mod heteroskedasticity;
pub mod instruments;
pub mod linear;
pub mod mediation;
pub mod random;
pub mod spatial;
pub mod synthetic;
pub mod threshold;
pub mod turning;
pub mod unit_roots;
pub mod wild;

/// What keeps an equation from being estimated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EstimationError {
    /// No rows without absent values.
    #[error("no observation has all of its variables")]
    NoObservations,
    /// As many coefficients as observations.
    #[error("{observations} observations are not enough for {parameters} parameters")]
    TooFew {
        /// Observations that are left.
        observations: usize,
        /// Coefficients and effects to be estimated.
        parameters: usize,
    },
    /// No regressor is left.
    #[error("no regressor is left: {}", .0.join(", "))]
    NothingLeft(Vec<String>),
    /// The regressors explain the response without a residual.
    #[error(
        "the regressors explain {0} without a residual, so nothing can be said of its precision"
    )]
    PerfectFit(String),
    /// Regressors that others make up, where that is refused.
    #[error("regressors that the others (or the effects) make up: {}", .0.join(", "))]
    Collinear(Vec<String>),
    /// The estimator needs every unit in every period.
    #[error(
        "{what} needs every unit in every period; {missing} of {all} observations are missing, {first} first"
    )]
    Unbalanced {
        /// Estimator or test.
        what: String,
        /// Observations that are missing.
        missing: usize,
        /// Observations of a balanced panel.
        all: usize,
        /// The first that is missing.
        first: String,
    },
    /// Anything else, said in words.
    #[error("{0}")]
    Other(String),
}

/// A test of a hypothesis.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Word of files.
    pub name: String,
    /// What is tested, in words.
    pub about: String,
    /// The statistic.
    pub statistic: f64,
    /// What it is compared with.
    pub distribution: Distribution,
    /// Probability of a statistic as extreme under the hypothesis.
    pub p: f64,
}

/// Distribution of a statistic under the hypothesis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distribution {
    /// Standard normal; both tails.
    Normal,
    /// Standard normal, upper tail.
    UpperNormal,
    /// Standard normal, lower tail.
    LowerNormal,
    /// Student's t with degrees of freedom, both tails.
    Student(f64),
    /// Student's t with degrees of freedom, lower tail.
    LowerStudent(f64),
    /// χ² with degrees of freedom.
    ChiSquared(f64),
    /// A half of χ² with one, a quarter with two, a quarter with no degree of freedom.
    Mixed,
    /// F with two degrees of freedom.
    Fisher(f64, f64),
    /// Found by draws.
    Drawn,
}

impl Test {
    /// A test whose probability comes from its distribution.
    pub fn new(name: &str, about: &str, statistic: f64, distribution: Distribution) -> Self {
        let p = distributions::tail(distribution, statistic);
        Test { name: name.to_owned(), about: about.to_owned(), statistic, distribution, p }
    }
}
