//! Backfill: another sector of the region left takes part of the place that a move frees.
//!
//! ```text
//! Δf = Σ_k β_k g_k e_k     Δx = L Δf
//! ```
//!
//! `g` is the output that moves, `β` the share of it replaced, `e_k` the industry that fills the
//! place. **Assumption**: what the new sector makes is sold to final use, at the money value of the
//! output it replaces; nobody else makes less of it. Its inputs are those of the table, bought
//! where the table buys them, so that none come from the plants that moved. METHODS B7.

use super::{RealismError, Shift, share};
use crate::leontief::Leontief;
use crate::relocation::Move;

/// What fills the place that one move leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Backfill {
    /// Sector of the giving region that grows.
    pub sector: usize,
    /// Share β of the output moved that it replaces, from 0 (off) to 1.
    pub share: f64,
}

impl Backfill {
    /// Whether it can follow a move; `index` counts the moves from 0.
    ///
    /// # Errors
    /// If the share is none, or the sector is the one that moves: that would undo the move.
    pub fn check(&self, index: usize, mv: &Move) -> Result<(), RealismError> {
        share(format!("move {}: the share of backfill", index + 1), self.share)?;
        if self.sector == mv.sector {
            return Err(RealismError::OwnPlace { index });
        }
        Ok(())
    }
}

/// Final demand that the backfills of the moves meet, by industry, in the table's unit.
///
/// **Assumption**: the freed place is as large as the output of the relocated plants, whatever the
/// fall of the giving industry as a whole.
///
/// # Panics
/// If there is not one entry, filled or not, per move.
#[track_caller]
pub fn demand(shift: &Shift, backfills: &[Option<Backfill>]) -> Vec<f64> {
    assert_eq!(backfills.len(), shift.plants().count(), "one entry per move expected");
    let mut demand = vec![0.0; shift.industries().len()];
    for ((mv, g), backfill) in shift.plants().zip(backfills) {
        if let Some(Backfill { sector, share }) = backfill {
            demand[shift.industries().index(mv.from, *sector)] += share * g;
        }
    }
    demand
}

/// Change of output by industry that the backfills make, with all their suppliers.
///
/// ```text
/// Δx = L Σ_k β_k g_k e_k
/// ```
///
/// Value added and stressors follow by [`super::at_intensities`]. **Assumption**: as in the module's
/// text; the plants that fill the place have the technology of their sector in the region.
///
/// # Panics
/// If there is not one entry per move.
#[track_caller]
pub fn change(leontief: &Leontief, shift: &Shift, backfills: &[Option<Backfill>]) -> Vec<f64> {
    leontief.output_for(&demand(shift, backfills))
}

#[cfg(test)]
mod tests {
    use super::super::example::{A_TO_B, close, two_by_two};
    use super::*;

    /// 8 move, half of it is replaced by p in a: Δf = 4 e_ap and
    /// Δx = 4 L_{·ap} = 4 (1/2, 5/4, 1/4, 1/8) = (2, 5, 1, 1/2).
    #[test]
    fn another_sector_fills_half_the_place() {
        let table = two_by_two();
        let leontief = Leontief::of(&table).unwrap();
        let established = [24.0, 16.0, 32.0, 16.0];
        let shift = Shift::new(table.industries(), table.output(), &established, &A_TO_B, &[8.0]);
        let half = [Some(Backfill { sector: 1, share: 0.5 })];
        close(&demand(&shift, &half), &[0.0, 4.0, 0.0, 0.0]);
        close(&change(&leontief, &shift, &half), &[2.0, 5.0, 1.0, 0.5]);
    }

    #[test]
    fn off_is_exactly_nothing() {
        let table = two_by_two();
        let leontief = Leontief::of(&table).unwrap();
        let established = [24.0, 16.0, 32.0, 16.0];
        let shift = Shift::new(table.industries(), table.output(), &established, &A_TO_B, &[8.0]);
        for off in [None, Some(Backfill { sector: 1, share: 0.0 })] {
            assert_eq!(change(&leontief, &shift, &[off]), [0.0; 4]);
        }
    }

    #[test]
    fn a_sector_does_not_fill_its_own_place() {
        let own = Backfill { sector: 0, share: 0.5 };
        assert_eq!(own.check(0, &A_TO_B[0]), Err(RealismError::OwnPlace { index: 0 }));
        assert!(Backfill { sector: 1, share: 1.5 }.check(0, &A_TO_B[0]).is_err());
        assert!(Backfill { sector: 1, share: 1.0 }.check(0, &A_TO_B[0]).is_ok());
    }
}
