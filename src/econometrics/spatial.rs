//! Spatial panels: what a unit's neighbours do is part of what it does.
//!
//! ```text
//! lag (SLM)     y_t = ρ W y_t + X_t b + effects + e_t
//! Durbin (SDM)  y_t = ρ W y_t + X_t b + W X_t g + effects + e_t
//! error (SEM)   y_t = X_t b + effects + u_t,  u_t = λ W u_t + e_t
//! SARAR         both ρ and λ
//! SLX           y_t = X_t b + W X_t g + effects + e_t
//! ```
//!
//! [`likelihood`] maximizes the likelihood with fixed effects, [`sarar`] that of both coefficients, [`random`] that of
//! random effects, [`climb`] any of two parameters; [`moments`] does without it; [`determinant`] and [`sparse`] are what they need of W. [`effects`] are direct, indirect and total ones, [`diagnostics`] the
//! Lagrange multipliers that choose between lag and error. METHODS C2; source: Elhorst (2014), Lee & Yu (2010),
//! LeSage & Pace (2009).

pub mod climb;
pub mod determinant;
pub mod diagnostics;
pub mod effects;
pub mod likelihood;
pub mod moments;
pub mod multipliers;
pub mod random;
pub mod sarar;
pub mod sparse;

use super::EstimationError;
use super::design::{CONSTANT, Design};
use crate::weights::Weights;

/// Which effects a spatial panel has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixedEffects {
    /// A constant for all.
    None,
    /// One per unit.
    Individual,
    /// One per period.
    Time,
    /// Both.
    TwoWay,
}

impl FixedEffects {
    /// The word of files.
    pub fn word(self) -> &'static str {
        match self {
            FixedEffects::None => "none",
            FixedEffects::Individual => "individual",
            FixedEffects::Time => "time",
            FixedEffects::TwoWay => "two_way",
        }
    }

    /// Whether units have effects.
    pub fn of_units(self) -> bool {
        matches!(self, FixedEffects::Individual | FixedEffects::TwoWay)
    }

    /// Whether periods have effects.
    pub fn of_periods(self) -> bool {
        matches!(self, FixedEffects::Time | FixedEffects::TwoWay)
    }
}

/// A balanced panel whose observations lie period by period, units in the order of W.
#[derive(Debug, Clone)]
pub struct Stacked {
    /// Units.
    pub n: usize,
    /// Periods.
    pub t: usize,
    /// Response, `t` stretches of `n`.
    pub y: Vec<f64>,
    /// Regressors, a constant before them if there are no fixed effects.
    pub x: Vec<Vec<f64>>,
    /// Names of the regressors.
    pub names: Vec<String>,
    /// Effects that were taken out.
    pub effects: FixedEffects,
}

/// `W z` in every period.
pub fn lagged(weights: &Weights, z: &[f64]) -> Vec<f64> {
    z.chunks(weights.len()).flat_map(|period| weights.lag(period)).collect()
}

/// Takes means of units, periods or both out of columns that lie period by period.
pub fn demeaned(z: &[f64], n: usize, effects: FixedEffects) -> Vec<f64> {
    let t = z.len() / n;
    let mut out = z.to_vec();
    // Twice: the first means are rounded in relation to levels.
    for _ in 0..2 {
        if effects.of_units() {
            for unit in 0..n {
                let mean = (0..t).map(|period| out[period * n + unit]).sum::<f64>() / t as f64;
                (0..t).for_each(|period| out[period * n + unit] -= mean);
            }
        }
        if effects.of_periods() {
            for period in out.chunks_mut(n) {
                let mean = period.iter().sum::<f64>() / n as f64;
                period.iter_mut().for_each(|value| *value -= mean);
            }
        }
    }
    out
}

impl Stacked {
    /// Orders the observations, adds spatial lags of the regressors if asked for, and takes the effects out.
    ///
    /// # Errors
    /// A panel that is not balanced.
    ///
    /// # Panics
    /// If the weights are not those of the design's units in their order.
    #[track_caller]
    pub fn of(
        design: &Design,
        weights: &Weights,
        effects: FixedEffects,
        lagged_regressors: &[String],
    ) -> Result<Self, EstimationError> {
        let (n, t) = design.balanced("a spatial model")?;
        assert_eq!(weights.units(), design.units.labels, "weights of the design's units expected");
        // Observations lie unit by unit.
        let turn = |values: &[f64]| -> Vec<f64> {
            (0..n * t).map(|at| values[(at % n) * t + at / n]).collect()
        };
        let mut x: Vec<Vec<f64>> = design.regressors.iter().map(|own| turn(&own.values)).collect();
        let mut names = design.names();
        for name in lagged_regressors {
            if let Some(at) = design.regressors.iter().position(|own| own.name == *name) {
                x.push(lagged(weights, &x[at]));
                names.push(format!("W:{name}"));
            }
        }
        let y = demeaned(&turn(&design.response.values), n, effects);
        for column in &mut x {
            *column = demeaned(column, n, effects);
        }
        if effects == FixedEffects::None {
            x.insert(0, vec![1.0; n * t]);
            names.insert(0, CONSTANT.to_owned());
        }
        Ok(Stacked { n, t, y, x, names, effects })
    }

    /// Degrees of freedom that slopes and effects leave.
    pub fn degrees(&self, slopes: usize) -> f64 {
        let absorbed = match self.effects {
            FixedEffects::None => 0,
            FixedEffects::Individual => self.n,
            FixedEffects::Time => self.t,
            FixedEffects::TwoWay => self.n + self.t - 1,
        };
        (self.n * self.t) as f64 - (slopes + absorbed) as f64
    }

    /// Puts a column that lies period by period back into the order of a design, unit by unit.
    pub fn unstack(&self, z: &[f64]) -> Vec<f64> {
        let (n, t) = (self.n, self.t);
        (0..n * t).map(|at| z[(at % t) * n + at / t]).collect()
    }
}
