//! Capacity: how much room limits leave, told even where nobody optimises.
//!
//! ```text
//! growth     Δx_j ≤ μ x_j          resource   Σ_{j∈q} w_j ≤ quota          intensity   F_q / va_q ≤ target
//! ```
//!
//! **Assumption**: a limit is compared, not enforced: no output is held back and nothing moves
//! elsewhere because a limit is reached. METHODS B7.

use super::{RealismError, count, not_negative};
use crate::labels::Industries;

/// What a resource is counted by.
#[derive(Debug, Clone, PartialEq)]
pub enum Resource {
    /// An extension of the table, such as water or energy.
    Stressor(usize),
    /// Use per unit of output, one entry per industry.
    Coefficients(Vec<f64>),
}

/// A limit.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// Output of an industry grows by at most this share of what it was.
    Growth {
        /// Region.
        region: usize,
        /// Sector.
        sector: usize,
        /// Largest Δx / x, from 0.
        most: f64,
    },
    /// A region uses at most this much of a resource.
    Quota {
        /// Region.
        region: usize,
        /// What is used.
        resource: Resource,
        /// The quota, in the resource's unit.
        most: f64,
    },
    /// A region emits at most this much per unit of its value added.
    Intensity {
        /// Region.
        region: usize,
        /// Position of the stressor.
        stressor: usize,
        /// The target, in the stressor's unit per unit of money.
        most: f64,
    },
}

/// An economy as limits see it, one entry per industry, relocated plants in the receiving one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State<'a> {
    /// Output.
    pub output: &'a [f64],
    /// Value added.
    pub value_added: &'a [f64],
    /// Stressors, in the order of the table's extensions.
    pub stressors: &'a [Vec<f64>],
}

/// How much of a limit is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Headroom {
    /// The limit: additional output, use of the resource, or stressor per value added.
    pub limit: f64,
    /// What is used of it without the moves; none where it is a ratio to nothing.
    pub before: Option<f64>,
    /// What is used of it with them.
    pub used: Option<f64>,
    /// What is left: the limit less what is used; negative where it is exceeded.
    pub left: Option<f64>,
    /// Whether more is used than the limit allows, beyond rounding.
    pub exceeded: bool,
}

impl Headroom {
    /// What a limit leaves; `forced` is whether it is exceeded where the ratio has no value.
    fn of(limit: f64, before: Option<f64>, used: Option<f64>, forced: bool) -> Self {
        let left = used.map(|used| limit - used);
        // A limit that is met to the bit after a solve is met.
        let size = used.map_or(0.0, f64::abs).max(limit.abs());
        let exceeded = left.map_or(forced, |left| left < -1e-12 * size);
        Headroom { limit, before, used, left, exceeded }
    }

    /// Whether the limit is exceeded without the moves as well.
    pub fn was_exceeded(&self) -> bool {
        let beyond = |before: f64| before - self.limit > 1e-12 * before.abs().max(self.limit.abs());
        self.before.is_some_and(beyond)
    }

    /// Share of the limit that is used; none where the limit is 0 or the use has no value.
    pub fn share_used(&self) -> Option<f64> {
        self.used.filter(|_| self.limit != 0.0).map(|used| used / self.limit)
    }
}

impl Limit {
    /// Whether the limit makes sense.
    ///
    /// # Errors
    /// If it is negative, or coefficients are not one per industry.
    pub fn check(&self, industries: &Industries) -> Result<(), RealismError> {
        let (what, most) = match self {
            Limit::Growth { most, .. } => ("the growth allowed", most),
            Limit::Quota { most, .. } => ("the quota", most),
            Limit::Intensity { most, .. } => ("the target", most),
        };
        not_negative(what, *most)?;
        if let Limit::Quota { resource: Resource::Coefficients(coefficients), .. } = self {
            count("the coefficients of the resource", coefficients.len(), industries.len())?;
            coefficients.iter().try_for_each(|c| not_negative("a coefficient", *c))?;
        }
        Ok(())
    }

    /// How much of the limit an economy uses.
    ///
    /// Growth is counted in money, `μ x_j` against `Δx_j`, so that it holds for an industry that has
    /// none to begin with. **Assumption**: coefficients of a resource are the same for old and
    /// relocated plants.
    ///
    /// # Panics
    /// If a state is of other industries.
    #[track_caller]
    pub fn headroom(&self, industries: &Industries, before: &State, after: &State) -> Headroom {
        for state in [before, after] {
            assert_eq!(state.output.len(), industries.len(), "one output per industry expected");
        }
        match self {
            Limit::Growth { region, sector, most } => {
                let j = industries.index(*region, *sector);
                let (x, new) = (before.output[j], after.output[j]);
                Headroom::of(most * x, Some(0.0), Some(new - x), false)
            }
            Limit::Quota { region, resource, most } => {
                let used = |state: &State| Some(resource.used(industries, *region, state));
                Headroom::of(*most, used(before), used(after), false)
            }
            Limit::Intensity { region, stressor, most } => {
                let [before, after] = [before, after].map(|state| {
                    let of = |values: &[f64]| industries.by_region(values)[*region];
                    (of(&state.stressors[*stressor]), of(state.value_added))
                });
                let ratio = |(emitted, va): (f64, f64)| (va > 0.0).then(|| emitted / va);
                // Emissions without value added are above every target.
                Headroom::of(*most, ratio(before), ratio(after), after.0 > 0.0)
            }
        }
    }
}

impl Resource {
    fn used(&self, industries: &Industries, region: usize, state: &State) -> f64 {
        let of_region = |values: &[f64]| industries.by_region(values)[region];
        match self {
            Resource::Stressor(at) => of_region(&state.stressors[*at]),
            Resource::Coefficients(c) => of_region(&super::at_intensities(state.output, c)),
        }
    }
}

/// Headroom of every limit, in the order of the limits.
///
/// # Panics
/// If a state is of other industries.
#[track_caller]
pub fn headroom(
    industries: &Industries,
    limits: &[Limit],
    before: &State,
    after: &State,
) -> Vec<Headroom> {
    limits.iter().map(|limit| limit.headroom(industries, before, after)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::example::two_by_two;
    use super::*;

    /// am gives 8 to bm; carbon at (1/2, 2, 1/4, 1/2), value added 14, 7, 23, 7 before.
    fn found(limits: &[Limit]) -> Vec<Headroom> {
        let table = two_by_two();
        let before = State {
            output: table.output(),
            value_added: &[14.0, 7.0, 23.0, 7.0],
            stressors: &[vec![16.0, 32.0, 8.0, 8.0]],
        };
        let after = State {
            output: &[24.0, 16.0, 40.0, 16.0],
            value_added: &[10.5, 7.0, 25.0, 7.0],
            stressors: &[vec![12.0, 32.0, 10.0, 8.0]],
        };
        headroom(table.industries(), limits, &before, &after)
    }

    /// Growth: 1/8 of 32 is 4, but 8 come. Quota: 12 of the resource were used, 40/4 + 16/4 = 14 are,
    /// of 16. Intensity: 18/32 = 9/16 after 16/30, target 1/2.
    #[test]
    fn three_limits() {
        let coefficients = vec![0.25; 4];
        let found = found(&[
            Limit::Growth { region: 1, sector: 0, most: 0.125 },
            Limit::Quota { region: 1, resource: Resource::Coefficients(coefficients), most: 16.0 },
            Limit::Intensity { region: 1, stressor: 0, most: 0.5 },
        ]);
        let growth = Headroom {
            limit: 4.0,
            before: Some(0.0),
            used: Some(8.0),
            left: Some(-4.0),
            exceeded: true,
        };
        assert_eq!(found[0], growth);
        assert_eq!(found[0].share_used(), Some(2.0));
        let quota = Headroom {
            limit: 16.0,
            before: Some(12.0),
            used: Some(14.0),
            left: Some(2.0),
            exceeded: false,
        };
        assert_eq!(found[1], quota);
        let intensity = Headroom {
            limit: 0.5,
            before: Some(16.0 / 30.0),
            used: Some(9.0 / 16.0),
            left: Some(-1.0 / 16.0),
            exceeded: true,
        };
        assert_eq!(found[2], intensity);
    }

    #[test]
    fn an_extension_is_a_resource() {
        let quota = Limit::Quota { region: 1, resource: Resource::Stressor(0), most: 18.0 };
        let found = &found(&[quota])[0];
        assert_eq!((found.used, found.left, found.exceeded), (Some(18.0), Some(0.0), false));
    }

    #[test]
    fn without_limits_nothing_is_told() {
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn what_does_not_move_uses_no_growth() {
        let table = two_by_two();
        let state =
            State { output: table.output(), value_added: &[0.0; 4], stressors: &[vec![1.0; 4]] };
        let limits = [
            Limit::Growth { region: 1, sector: 0, most: 0.0 },
            Limit::Intensity { region: 0, stressor: 0, most: 1.0 },
        ];
        let found = headroom(table.industries(), &limits, &state, &state);
        assert_eq!((found[0].used, found[0].left), (Some(0.0), Some(0.0)));
        assert!(!found[0].exceeded);
        // Two units emitted on no value added.
        assert_eq!((found[1].used, found[1].exceeded), (None, true));
        assert_eq!(found[1].share_used(), None);
    }

    #[test]
    fn faulty_limits_are_refused() {
        let table = two_by_two();
        let faulty = [
            Limit::Growth { region: 0, sector: 0, most: -0.1 },
            Limit::Intensity { region: 0, stressor: 0, most: f64::NAN },
            Limit::Quota { region: 0, resource: Resource::Coefficients(vec![1.0]), most: 1.0 },
        ];
        assert!(faulty.iter().all(|limit| limit.check(table.industries()).is_err()));
    }
}
