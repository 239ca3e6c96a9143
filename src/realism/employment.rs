//! Employment: a unit of output takes fewer workers each year.
//!
//! ```text
//! jobs_j(t) = l_j x_j(t) exp(−π_j t)
//! ```
//!
//! `l` are jobs per unit of output in the table's year, `π` the yearly drift of productivity and `t`
//! the years since. **Assumption**: the drift is the same with and without the moves, and relocated
//! plants have that of the industry they join. Without it, jobs of later years are those of the
//! table's productivity and far too many. METHODS B7 and D4.

use super::{PerUnit, RealismError, Shift, count};
use crate::labels::Industries;

/// How productivity drifts.
#[derive(Debug, Clone, PartialEq)]
pub struct Productivity {
    /// Yearly drift π of each industry; zeros are off.
    pub drift: Vec<f64>,
}

/// Jobs in one year, or their change, by region.
#[derive(Debug, Clone, PartialEq)]
pub struct Jobs {
    /// At the productivity of the year.
    pub drifted: Vec<f64>,
    /// At the productivity of the table.
    pub constant: Vec<f64>,
}

impl Productivity {
    /// The same drift everywhere.
    pub fn uniform(industries: &Industries, drift: f64) -> Self {
        Productivity { drift: vec![drift; industries.len()] }
    }

    /// Whether there is a drift for every industry; it may be negative.
    ///
    /// # Errors
    /// If there is not, or one is not from −1 to 1.
    pub fn check(&self, industries: &Industries) -> Result<(), RealismError> {
        count("the drift of productivity", self.drift.len(), industries.len())?;
        for (j, drift) in self.drift.iter().enumerate() {
            if !(-1.0..=1.0).contains(drift) {
                return Err(RealismError::Number {
                    what: format!("the drift of productivity of {}", industries.name(j)),
                    value: *drift,
                    expected: "a yearly rate from -1 to 1",
                });
            }
        }
        Ok(())
    }

    /// Jobs per unit of output so many years after the table: `exp(−π t)` times its own.
    fn factors(&self, years: i32) -> Vec<f64> {
        self.drift.iter().map(|drift| (-drift * f64::from(years)).exp()).collect()
    }

    /// Jobs of an economy so many years after the table.
    ///
    /// `coefficients` are jobs per unit of output in the table's year. **Assumption**: as in the
    /// module's text.
    ///
    /// # Panics
    /// If entries are not one per industry.
    #[track_caller]
    pub fn jobs(
        &self,
        industries: &Industries,
        output: &[f64],
        coefficients: &[f64],
        years: i32,
    ) -> Jobs {
        assert_eq!(self.drift.len(), output.len(), "one drift per industry expected");
        let constant = super::at_intensities(output, coefficients);
        self.by_region(industries, &constant, years)
    }

    /// Change of jobs that a shift makes so many years after the table; exactly zero where nothing
    /// moves.
    ///
    /// ```text
    /// Δjobs_j = exp(−π_j t) (l_j Δx_j + Σ_{k→j} g_k l*_k)
    /// ```
    ///
    /// `coefficients` are jobs per unit of output in the table's year. **Assumption**: as in the
    /// module's text.
    ///
    /// # Panics
    /// If entries are not one per industry and per move.
    #[track_caller]
    pub fn change(&self, shift: &Shift, coefficients: PerUnit, years: i32) -> Jobs {
        assert_eq!(self.drift.len(), shift.before().len(), "one drift per industry expected");
        self.by_region(shift.industries(), &shift.change(coefficients), years)
    }

    fn by_region(&self, industries: &Industries, constant: &[f64], years: i32) -> Jobs {
        let drifted = super::at_intensities(constant, &self.factors(years));
        Jobs { drifted: industries.by_region(&drifted), constant: industries.by_region(constant) }
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::super::example::{A_TO_B, close, two_by_two};
    use super::*;

    const ESTABLISHED: [f64; 4] = [24.0, 15.0, 34.0, 16.0];
    const JOBS: PerUnit = PerUnit { industries: &[2.0, 1.0, 1.0, 2.0], plants: &[1.0] };

    fn change(productivity: &Productivity, established: &[f64], g: f64, years: i32) -> Jobs {
        let table = two_by_two();
        let relocated = [g];
        let shift =
            Shift::new(table.industries(), table.output(), established, &A_TO_B, &relocated);
        productivity.change(&shift, JOBS, years)
    }

    /// Productivity of am and bm doubles in ten years: −8·2/2 − 1 and (2 + 8)/2, where constant
    /// productivity has −17 and 10. In all: 64/2 + 16 and 32/2 + 32 jobs.
    #[test]
    fn productivity_that_doubles_halves_the_jobs() {
        let table = two_by_two();
        let doubling = Productivity { drift: vec![LN_2 / 10.0, 0.0, LN_2 / 10.0, 0.0] };
        let found = change(&doubling, &ESTABLISHED, 8.0, 10);
        close(&found.drifted, &[-9.0, 5.0]);
        close(&found.constant, &[-17.0, 10.0]);
        let all = doubling.jobs(table.industries(), table.output(), JOBS.industries, 10);
        close(&all.drifted, &[48.0, 48.0]);
        close(&all.constant, &[80.0, 64.0]);
    }

    #[test]
    fn without_drift_nothing_is_different() {
        let table = two_by_two();
        let off = Productivity::uniform(table.industries(), 0.0);
        let found = change(&off, &ESTABLISHED, 8.0, 30);
        assert_eq!(found.drifted, found.constant);
        let drifting = Productivity::uniform(table.industries(), 0.05);
        let now = change(&drifting, &ESTABLISHED, 8.0, 0);
        assert_eq!(now.drifted, now.constant);
        let still = change(&drifting, table.output(), 0.0, 30);
        assert_eq!(still, Jobs { drifted: vec![0.0; 2], constant: vec![0.0; 2] });
    }

    #[test]
    fn faulty_drifts_are_refused() {
        let table = two_by_two();
        assert!(Productivity { drift: vec![0.0] }.check(table.industries()).is_err());
        for drift in [2.0, f64::NAN] {
            assert!(
                Productivity::uniform(table.industries(), drift).check(table.industries()).is_err()
            );
        }
        assert!(Productivity::uniform(table.industries(), -0.01).check(table.industries()).is_ok());
    }
}
