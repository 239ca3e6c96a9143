//! Leontief quantity model: the output that a final demand calls for.
//!
//! ```text
//! x = A x + f,  so  (I − A) x = f
//! ```
//!
//! `I − A` is factored once per table; each question after that is one solve.
//! Source: Miller & Blair (2009), *Input-Output Analysis*, ch. 2.

#![allow(non_snake_case)]

use crate::labels::Industries;
use crate::linalg::factor::{Factor, Singular};
use crate::linalg::{Dense, Matrix};
use crate::table::Table;

/// Inputs per unit of output: `A = Z x̂⁻¹`; the column of an industry without output is zero.
#[derive(Debug, Clone)]
pub struct TechnicalCoefficients(pub Matrix);

impl TechnicalCoefficients {
    /// Coefficients of a table.
    pub fn of(table: &Table) -> Self {
        let reciprocal: Vec<f64> =
            table.output().iter().map(|x| if *x == 0.0 { 0.0 } else { 1.0 / x }).collect();
        TechnicalCoefficients(table.flows().scale_columns(&reciprocal))
    }
}

/// Why a table has no Leontief solution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LeontiefError {
    /// `I − A` has no inverse.
    #[error(
        "I − A of {table} is singular: the inputs of {industry} and of those it buys from use up their whole output"
    )]
    Singular {
        /// The table.
        table: String,
        /// The industry at which elimination failed.
        industry: String,
    },
}

/// A table's quantity model, factored.
pub struct Leontief {
    A: TechnicalCoefficients,
    factor: Factor,
}

impl Leontief {
    /// Factors `I − A` of a table.
    ///
    /// # Errors
    /// If it is singular.
    pub fn of(table: &Table) -> Result<Self, LeontiefError> {
        let A = TechnicalCoefficients::of(table);
        let factor = Factor::of_identity_minus(&A.0)
            .map_err(|error| singular(error, &table.meta().name, table.industries()))?;
        Ok(Leontief { A, factor })
    }

    /// The coefficients.
    pub fn coefficients(&self) -> &TechnicalCoefficients {
        &self.A
    }

    /// Output that each industry must produce to deliver a final demand.
    ///
    /// ```text
    /// x = (I − A)⁻¹ f
    /// ```
    ///
    /// # Panics
    /// If there is not one entry per industry.
    #[track_caller]
    pub fn output_for(&self, demand: &[f64]) -> Vec<f64> {
        self.factor.solve(demand)
    }

    /// The same for several demands, one after the other in one slice, in place.
    #[track_caller]
    pub fn outputs_for(&self, demands: &mut [f64]) {
        self.factor.solve_columns(demands);
    }

    /// Number of industries.
    pub fn size(&self) -> usize {
        self.factor.size()
    }

    /// What one unit of final demand for each industry's product embodies.
    ///
    /// ```text
    /// m' = c' (I − A)⁻¹
    /// ```
    ///
    /// `intensities` (c) are per unit of output; the result is per unit of final demand.
    #[track_caller]
    pub fn multipliers(&self, intensities: &[f64]) -> Vec<f64> {
        self.factor.solve_transposed(intensities)
    }

    /// Whether a unit of final demand for every product calls for output of no negative sum, as in
    /// an economy that makes more than it uses up.
    pub fn is_productive(&self) -> bool {
        let ones = vec![1.0; self.factor.size()];
        self.factor.solve_transposed(&ones).into_iter().all(|sum| sum >= 0.0)
    }

    /// The Leontief inverse `L = (I − A)⁻¹`, for those who need it whole; solves are cheaper.
    pub fn inverse(&self) -> Dense {
        self.factor.inverse()
    }
}

/// Names the industry at which the elimination of `I − A` failed.
pub(crate) fn singular(error: Singular, table: &str, industries: &Industries) -> LeontiefError {
    LeontiefError::Singular { table: table.to_owned(), industry: industries.name(error.0) }
}
