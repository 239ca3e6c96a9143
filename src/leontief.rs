//! Leontief quantity model: the output that a final demand calls for.
//!
//! ```text
//! x = A x + f,  so  (I − A) x = f
//! ```
//!
//! `I − A` is made ready once per table; each question after that is one solve.
//! Source: Miller & Blair (2009), *Input-Output Analysis*, ch. 2.

#![allow(non_snake_case)]

use crate::labels::{Industries, listed};
use crate::linalg::Dense;
use crate::linalg::factor::Singular;
use crate::linalg::scaled::Scaled;
use crate::linalg::system::{Method, System, SystemError};
use crate::memory::NoRoom;
use crate::table::Table;

/// Inputs per unit of output: `A = Z x̂⁻¹`; the column of an industry without output is zero.
///
/// The flows are not copied: a cell is computed where it is looked at.
#[derive(Debug, Clone)]
pub struct TechnicalCoefficients(pub Scaled);

impl TechnicalCoefficients {
    /// Coefficients of a table.
    pub fn of(table: &Table) -> Self {
        let reciprocal: Vec<f64> =
            table.output().iter().map(|x| if *x == 0.0 { 0.0 } else { 1.0 / x }).collect();
        let sums = table.flow_sums().clone();
        TechnicalCoefficients(Scaled::with_sums(table.flows().clone(), reciprocal, sums))
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
    /// The system would have to be factored or inverted, for which there is not enough memory.
    #[error(
        "{table}: {room} for {size} × {size} numbers; aggregate the table, or give it a larger machine"
    )]
    NoRoom {
        /// The table.
        table: String,
        /// Industries.
        size: usize,
        /// What is needed and what there is.
        room: NoRoom,
    },
}

/// A table's quantity model, ready to be solved.
pub struct Leontief {
    A: TechnicalCoefficients,
    system: System,
    /// The table and its industries, to name one that has no solution.
    name: String,
    industries: Industries,
}

impl Leontief {
    /// Makes `I − A` of a table ready: dense factors, or an iteration for a large table.
    ///
    /// # Errors
    /// If it is singular, or its factors do not fit into memory.
    pub fn of(table: &Table) -> Result<Self, LeontiefError> {
        Leontief::with(table, Method::Fitting)
    }

    /// The same by a method of choice; answers agree to 10⁻¹⁰ of the largest entry.
    ///
    /// # Errors
    /// If `I − A` is singular.
    pub fn with(table: &Table, method: Method) -> Result<Self, LeontiefError> {
        let A = TechnicalCoefficients::of(table);
        let (name, industries) = (table.meta().name.clone(), table.industries().clone());
        let system = System::with(&A.0, industries.sectors.len(), method)
            .map_err(|error| unsolved(error, &name, &industries))?;
        Ok(Leontief { A, system, name, industries })
    }

    /// Bytes that the model and its [`inverse`](Leontief::inverse) take at most beside the table.
    pub fn inverse_bytes(table: &Table) -> u64 {
        let A = TechnicalCoefficients::of(table);
        System::inverse_bytes(&A.0, table.industries().sectors.len())
    }

    /// The system behind the model.
    pub fn system(&self) -> &System {
        &self.system
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
        self.system.solve(demand)
    }

    /// The same for several demands, one after the other in one slice, in place.
    #[track_caller]
    pub fn outputs_for(&self, demands: &mut [f64]) {
        self.system.solve_columns(demands);
    }

    /// Number of industries.
    pub fn size(&self) -> usize {
        self.system.size()
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
        self.system.solve_transposed(intensities)
    }

    /// The same for several sets of intensities, one after the other in one slice, in place.
    #[track_caller]
    pub fn multipliers_of(&self, intensities: &mut [f64]) {
        self.system.solve_transposed_columns(intensities);
    }

    /// Whether a unit of final demand for every product calls for output of no negative sum, as in
    /// an economy that makes more than it uses up.
    pub fn is_productive(&self) -> bool {
        self.negative_multipliers().is_empty()
    }

    /// Industries for whose products a unit of final demand calls for output of a negative sum, in order.
    fn negative_multipliers(&self) -> Vec<usize> {
        if self.system.is_surely_productive() {
            return Vec::new();
        }
        let ones = vec![1.0; self.system.size()];
        let sums = self.system.solve_transposed(&ones);
        (0..sums.len()).filter(|at| sums[*at] < 0.0 || sums[*at].is_nan()).collect()
    }

    /// What to say of a table whose industries use up more than they make, with the names of some of them.
    pub fn unproductive(&self) -> Option<String> {
        const SHOWN: usize = 5;
        let found = self.negative_multipliers();
        let names: Vec<String> = found.iter().map(|&at| self.industries.name(at)).collect();
        (!names.is_empty()).then(|| {
            format!(
                "the multipliers of {} are negative: the industries use up more than they make, see `irio check`",
                listed(&names, SHOWN)
            )
        })
    }

    /// The Leontief inverse `L = (I − A)⁻¹`, for those who need it whole; solves are cheaper.
    ///
    /// # Errors
    /// If it is singular, or the inverse does not fit into memory.
    pub fn inverse(&self) -> Result<Dense, LeontiefError> {
        self.system.inverse().map_err(|error| unsolved(error, &self.name, &self.industries))
    }
}

/// Names the industry at which the elimination of `I − A` failed.
pub(crate) fn singular(error: Singular, table: &str, industries: &Industries) -> LeontiefError {
    LeontiefError::Singular { table: table.to_owned(), industry: industries.name(error.0) }
}

fn unsolved(error: SystemError, table: &str, industries: &Industries) -> LeontiefError {
    match error {
        SystemError::Singular(at) => singular(at, table, industries),
        SystemError::NoRoom(room) => {
            LeontiefError::NoRoom { table: table.to_owned(), size: industries.len(), room }
        }
    }
}
