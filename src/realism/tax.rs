//! Tax sharing: the destination pays part of the taxes of the relocated plants back to the origin.
//!
//! ```text
//! ΔT_q = Σ_{j∈q} t_j Δx_j + Σ_{k→q} g_k t*_k      shared: ± s Σ_k g_k t*_k  for years 0 … T − 1
//! ```
//!
//! **Assumption**: taxes are in proportion to output at the rates of the table; what is shared is
//! the whole tax of the relocated plants, and changes hands between treasuries without changing what
//! either of them buys. METHODS B7.

use super::{PerUnit, RealismError, Shift, share};
use crate::table::Table;

/// How the taxes of relocated plants are shared.
#[derive(Debug, Clone, PartialEq)]
pub struct TaxSharing {
    /// Rows of value added that are taxes, such as the value-added tax.
    pub rows: Vec<usize>,
    /// Share s of the plants' taxes that the destination pays back, from 0 (off) to 1.
    pub share: f64,
    /// For how many years T since the move begins; 0 is off.
    pub years: u32,
}

/// Change of tax revenue in one year, in the table's unit.
#[derive(Debug, Clone, PartialEq)]
pub struct TaxChange {
    /// By region, nothing shared.
    pub unshared: Vec<f64>,
    /// By region, with what is paid back.
    pub shared: Vec<f64>,
    /// What the destination of each move pays back.
    pub paid_back: Vec<f64>,
    /// By region: the share at which it loses nothing, from 0 (it loses nothing as it is); above 1
    /// not even all taxes of the plants make up for the loss. None where a loss is not made up
    /// for by any share: no more of the plants in their sharing years left the region than came.
    pub break_even: Vec<Option<f64>>,
}

impl TaxSharing {
    /// Whether the share is one.
    ///
    /// # Errors
    /// If it is not from 0 to 1.
    pub fn check(&self) -> Result<(), RealismError> {
        share("the share of taxes paid back", self.share)
    }

    /// Taxes per unit of output, one entry per industry; 0 where there is no output.
    ///
    /// **Assumption**: the rows hold taxes that follow output; a subsidy (a negative entry) counts
    /// against them.
    pub fn rates(&self, table: &Table) -> Vec<f64> {
        let values = &table.value_added_rows().values;
        let paid = |j: usize| self.rows.iter().map(|&row| values[(row, j)]).sum::<f64>();
        let per_unit = |(j, x): (usize, &f64)| if *x == 0.0 { 0.0 } else { paid(j) / x };
        table.output().iter().enumerate().map(per_unit).collect()
    }

    /// Change of tax revenue by region in one year.
    ///
    /// `rates` are taxes per unit of output, [`TaxSharing::rates`] for industries; `since` counts
    /// the years since each move began, 0 in the first. **Assumption**: all moves share at one
    /// rate; the break-even share is that rate too, common to all.
    ///
    /// # Panics
    /// If there is not one year and one rate per move.
    #[track_caller]
    pub fn change(&self, shift: &Shift, rates: PerUnit, since: &[i32]) -> TaxChange {
        let moves = shift.plants().count();
        assert_eq!(since.len(), moves, "one year per move expected");
        let unshared = shift.industries().by_region(&shift.change(rates));
        // Taxes that regions would win, or lose if negative, were all of them paid back.
        let mut at_stake = vec![0.0; unshared.len()];
        let mut paid_back = Vec::with_capacity(moves);
        for (((mv, g), rate), since) in shift.plants().zip(rates.plants).zip(since) {
            let shares = *since >= 0 && i64::from(*since) < i64::from(self.years);
            let tax = if shares { g * rate } else { 0.0 };
            at_stake[mv.from] += tax;
            at_stake[mv.to] -= tax;
            paid_back.push(self.share * tax);
        }
        let shared =
            unshared.iter().zip(&at_stake).map(|(own, all)| own + self.share * all).collect();
        let break_even =
            unshared.iter().zip(&at_stake).map(|(own, all)| even(*own, *all)).collect();
        TaxChange { unshared, shared, paid_back, break_even }
    }
}

/// Share of what is at stake that makes up for a loss.
fn even(own: f64, at_stake: f64) -> Option<f64> {
    match own {
        own if own >= 0.0 => Some(0.0),
        own if at_stake > 0.0 => Some(-own / at_stake),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{A_TO_B, close, two_by_two};
    use super::*;

    const ESTABLISHED: [f64; 4] = [24.0, 15.0, 34.0, 16.0];

    fn sharing(share: f64, years: u32) -> TaxSharing {
        TaxSharing { rows: vec![1], share, years }
    }

    fn change(sharing: &TaxSharing, since: i32) -> TaxChange {
        let table = two_by_two();
        let rates = sharing.rates(&table);
        let shift = Shift::new(table.industries(), table.output(), &ESTABLISHED, &A_TO_B, &[8.0]);
        sharing.change(&shift, PerUnit { industries: &rates, plants: &[0.0625] }, &[since])
    }

    /// t = (1/8, 1/16, 1/16, 1/16): a loses 8·1/8 + 1·1/16 = 17/16, b wins 2/16 + 8/16; half of the
    /// plants' 8/16 goes back. a would need 17/16 of 8/16.
    #[test]
    fn half_of_the_taxes_go_back() {
        let found = change(&sharing(0.5, 3), 2);
        close(&found.unshared, &[-17.0 / 16.0, 10.0 / 16.0]);
        close(&found.shared, &[-13.0 / 16.0, 6.0 / 16.0]);
        close(&found.paid_back, &[0.25]);
        assert_eq!(found.break_even, [Some(17.0 / 8.0), Some(0.0)]);
    }

    #[test]
    fn off_is_exactly_nothing() {
        for (sharing, since) in [(sharing(0.0, 3), 0), (sharing(0.5, 0), 0)] {
            let found = change(&sharing, since);
            assert_eq!(found.shared, found.unshared);
            assert_eq!(found.paid_back, [0.0]);
        }
    }

    #[test]
    fn sharing_ends_and_has_a_beginning() {
        for since in [-1, 3] {
            let found = change(&sharing(0.5, 3), since);
            assert_eq!(found.shared, found.unshared);
            assert_eq!(found.break_even, [None, Some(0.0)]);
        }
    }

    #[test]
    fn nothing_moves_and_nothing_is_owed() {
        let table = two_by_two();
        let shift = Shift::new(table.industries(), table.output(), table.output(), &A_TO_B, &[0.0]);
        let sharing = sharing(0.5, 3);
        let rates = sharing.rates(&table);
        let found = sharing.change(&shift, PerUnit { industries: &rates, plants: &[0.0625] }, &[0]);
        assert_eq!(found.unshared, [0.0; 2]);
        assert_eq!(found.shared, [0.0; 2]);
        assert_eq!(found.break_even, [Some(0.0); 2]);
    }

    #[test]
    fn a_share_is_a_share() {
        assert!(sharing(1.1, 3).check().is_err());
        assert!(sharing(1.0, 3).check().is_ok());
    }
}
