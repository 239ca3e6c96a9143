//! Vintage: relocated plants bring old equipment along and renew it.
//!
//! ```text
//! c(t) = c_new + (c_old − c_new) (1 − s) (1 − r)^(t − t0)
//! ```
//!
//! `s` is the share of the equipment replaced at the move, `r` the share of what is still old that is
//! replaced each year after, `c_old` the intensity the plants would have without the rule and
//! `c_new` that of a new plant. **Assumption**: intensity is in proportion to the share of old
//! equipment; a new plant's standard does not improve; inputs and value added stay those of the
//! plant's technology. METHODS B7.

use super::{RealismError, Shift, not_negative, share};

/// What a new plant emits per unit of output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NewBuild {
    /// So much.
    Intensity(f64),
    /// So many times the lowest intensity of the sector in any region that produces.
    BestTimes(f64),
}

/// How the equipment of relocated plants ages, for one stressor.
#[derive(Debug, Clone, PartialEq)]
pub struct Vintage {
    /// What a new plant emits.
    pub new_build: NewBuild,
    /// Share s of the equipment that is replaced at the move, from 0 (off) to 1.
    pub replaced_at_move: f64,
    /// Share r of the old equipment that is replaced each year after, from 0 (off) to 1.
    pub replaced_yearly: f64,
}

impl Vintage {
    /// Whether the shares are shares and the standard a number.
    ///
    /// # Errors
    /// If not.
    pub fn check(&self) -> Result<(), RealismError> {
        share("the share of equipment replaced at the move", self.replaced_at_move)?;
        share("the share of equipment replaced each year", self.replaced_yearly)?;
        let (NewBuild::Intensity(standard) | NewBuild::BestTimes(standard)) = self.new_build;
        not_negative("the standard of a new plant", standard)
    }

    /// Share of the equipment that is still old so many years after the move; all of it before.
    ///
    /// ```text
    /// (1 − s) (1 − r)^(t − t0)
    /// ```
    ///
    /// **Assumption**: what is worn out is drawn at random, so that no year empties the rest.
    pub fn old_share(&self, since: i32) -> f64 {
        (1.0 - self.replaced_at_move) * (1.0 - self.replaced_yearly).powi(since.max(0))
    }

    /// Intensity of the plants of each move so many years after it.
    ///
    /// `of_plants` is c_old, by default that of the industry left (plants moved with their
    /// equipment); `of_industries` is that of every industry in the year, for the best of them.
    /// The same bits as `of_plants` where nothing is replaced, or where no region produces
    /// what the best is looked for in. **Assumption**: all plants of a move are as old as the move.
    ///
    /// # Panics
    /// If entries are not one per industry and per move.
    #[track_caller]
    pub fn intensities(
        &self,
        shift: &Shift,
        of_industries: &[f64],
        of_plants: &[f64],
        since: &[i32],
    ) -> Vec<f64> {
        let moves = shift.plants().count();
        assert_eq!(of_plants.len(), moves, "one intensity per move expected");
        assert_eq!(since.len(), moves, "one year per move expected");
        let ages = of_plants.iter().zip(since);
        shift
            .plants()
            .zip(ages)
            .map(|((mv, _), (old, since))| {
                let new = match self.new_build {
                    NewBuild::Intensity(standard) => standard,
                    NewBuild::BestTimes(factor) => {
                        best(shift, of_industries, mv.sector).map_or(*old, |best| factor * best)
                    }
                };
                match self.old_share(*since) {
                    // Neither end is met to the bit by a sum of both.
                    1.0 => *old,
                    0.0 => new,
                    share => new + (old - new) * share,
                }
            })
            .collect()
    }
}

/// Lowest intensity of a sector in the regions that produce it without the moves.
fn best(shift: &Shift, of_industries: &[f64], sector: usize) -> Option<f64> {
    let industries = shift.industries();
    (0..industries.regions.len())
        .map(|region| industries.index(region, sector))
        .filter(|&j| shift.before()[j] > 0.0)
        .map(|j| of_industries[j])
        .reduce(f64::min)
}

#[cfg(test)]
mod tests {
    use super::super::example::{A_TO_B, close, two_by_two};
    use super::*;

    const C: [f64; 4] = [0.5, 2.0, 0.25, 0.5];

    fn intensity(vintage: &Vintage, since: i32) -> f64 {
        let table = two_by_two();
        let output = table.output();
        let shift = Shift::new(table.industries(), output, output, &A_TO_B, &[8.0]);
        vintage.intensities(&shift, &C, &[0.5], &[since])[0]
    }

    fn renewing(new_build: NewBuild) -> Vintage {
        Vintage { new_build, replaced_at_move: 0.5, replaced_yearly: 0.25 }
    }

    /// Old 1/2, new 1/2 of the best, 1/8: still old (1/2)(3/4)² = 9/32 two years later, so
    /// 1/8 + 3/8 · 9/32 = 59/256; at the move 1/8 + 3/16 = 5/16.
    #[test]
    fn equipment_is_renewed_year_by_year() {
        let half_of_best = renewing(NewBuild::BestTimes(0.5));
        close(&[intensity(&half_of_best, 2)], &[59.0 / 256.0]);
        close(&[intensity(&half_of_best, 0)], &[5.0 / 16.0]);
        close(&[intensity(&renewing(NewBuild::Intensity(0.125)), 2)], &[59.0 / 256.0]);
        // Years before the move are as the move.
        close(&[intensity(&half_of_best, -3)], &[5.0 / 16.0]);
    }

    #[test]
    fn nothing_replaced_is_exactly_the_old_plant() {
        let old = Vintage {
            new_build: NewBuild::Intensity(0.1),
            replaced_at_move: 0.0,
            replaced_yearly: 0.0,
        };
        for since in [0, 7] {
            assert_eq!(intensity(&old, since) - 0.5, 0.0);
        }
    }

    #[test]
    fn all_replaced_is_exactly_the_new_plant() {
        let new = Vintage { replaced_at_move: 1.0, ..renewing(NewBuild::Intensity(0.1)) };
        assert_eq!(intensity(&new, 0), 0.1);
    }

    #[test]
    fn faulty_vintages_are_refused() {
        assert!(renewing(NewBuild::BestTimes(0.5)).check().is_ok());
        assert!(renewing(NewBuild::Intensity(-0.5)).check().is_err());
        assert!(
            Vintage { replaced_yearly: 1.5, ..renewing(NewBuild::Intensity(0.1)) }.check().is_err()
        );
    }
}
