//! Followers: workers who move with their plants take their spending and their homes along.
//!
//! ```text
//! i_k = σ_k g_k w_a     ΔC_q = Σ_k i_k (ρ_sq Σ_p ρ_rp c_p − ρ_rq c_q)     Δf = Σ_q b_q ΔC_q
//! ```
//!
//! with `r` and `s` the regions of move `k`, `a` its giving industry, `g` the output that moves and
//! `σ` the share of its workers who follow; the other letters are those of [`super`].
//! **Assumption**: who follows keeps the wage and what is spent of it, buys as the new neighbours do
//! and lives where those who work there do. METHODS B7.

#![allow(non_snake_case)]

use super::Households;
use crate::realism::{RealismError, Shift, at_intensities, count, share};
use crate::table::{Quantity, Table};

/// What the direct emissions of a household are counted by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Direct {
    /// Labour income that residents receive.
    PerIncome,
    /// Workers who live there; the number is the position of the extension that counts them.
    PerWorker(usize),
}

/// Workers who follow their plants.
#[derive(Debug, Clone, PartialEq)]
pub struct Follow {
    /// Share of the workers of the relocated output who follow, one per move, from 0 (off) to 1.
    pub shares: Vec<f64>,
    /// What their direct emissions are counted by.
    pub direct: Direct,
}

/// What the workers who follow take with them; every entry sums losses and gains.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// Labour income by region of work, in the table's unit; adds up to 0.
    pub income: Vec<f64>,
    /// Spending by region of residence, imports included; adds up to 0.
    pub spending: Vec<f64>,
    /// Final demand by industry that the spending is.
    pub demand: Vec<f64>,
    /// Direct emissions of households, by stressor of the table and region, in the stressor's unit.
    pub direct: Vec<Vec<f64>>,
}

/// What leaves and arrives with the workers who follow their plants.
///
/// Spending is as the module's text has it. Direct emissions leave at the rate of the homes left and arrive at that of the new ones, per unit
/// of labour income or per worker in the table.
///
/// **Assumption**: homes left stay empty, and the direct emissions of others do not change. Where
/// nobody earned anything yet, followers keep the rate they had.
///
/// Without [`ClosedModel`](super::ClosedModel), `L Δf` is the change of output. With it, hand the result to
/// [`ClosedModel::change`](super::ClosedModel::change); adding both by hand would count the followers' spending twice.
///
/// # Errors
/// If a parameter is out of range, or a region that gains or loses spending has no consumption to
/// copy.
pub fn follow(
    table: &Table,
    households: &Households,
    follow: &Follow,
    shift: &Shift,
) -> Result<Followed, RealismError> {
    let industries = table.industries();
    households.check(industries)?;
    count("the shares of workers who follow", follow.shares.len(), shift.plants().count())?;
    let R = industries.regions.len();
    let w = households.labour_income(table);
    let base = DirectRates::of(table, households, follow.direct, &w);
    let mut followed = Followed {
        income: vec![0.0; R],
        spending: vec![0.0; R],
        demand: vec![0.0; industries.len()],
        direct: vec![vec![0.0; R]; table.extensions().len()],
    };
    for (index, ((mv, g), sigma)) in shift.plants().zip(&follow.shares).enumerate() {
        share(format!("move {}: the share of workers who follow", index + 1), *sigma)?;
        let a = industries.index(mv.from, mv.sector);
        let income = sigma * g * w[a];
        followed.income[mv.from] -= income;
        followed.income[mv.to] += income;
        let (old, new) = (households.homes(mv.from), households.homes(mv.to));
        let spent: f64 =
            old.iter().zip(&households.propensity).map(|(rho, c)| income * rho * c).sum();
        for (q, c) in households.propensity.iter().enumerate() {
            followed.spending[q] += new[q] * spent - old[q] * c * income;
        }
        base.shift(sigma * g * base.per_output[a], &old, &new, &mut followed.direct);
    }
    for (q, spending) in followed.spending.iter().enumerate().filter(|(_, s)| **s != 0.0) {
        let b = households.structure(table, q)?;
        followed.demand.iter_mut().zip(b).for_each(|(f, b)| *f += b * spending);
    }
    Ok(followed)
}

/// Direct emissions of households per unit of what they are counted by.
struct DirectRates {
    /// Income or workers per unit of output, by industry.
    per_output: Vec<f64>,
    /// By stressor and region; none where nobody lives.
    rates: Vec<Vec<Option<f64>>>,
}

impl DirectRates {
    fn of(table: &Table, households: &Households, direct: Direct, w: &[f64]) -> Self {
        let per_output = match direct {
            Direct::PerIncome => w.to_vec(),
            Direct::PerWorker(at) => table.intensities(Quantity::Stressor(at)),
        };
        let of_output = at_intensities(table.output(), &per_output);
        let residents = households.received(&table.industries().by_region(&of_output));
        let rate = |(emitted, all): (&f64, &f64)| (*all > 0.0).then(|| emitted / all);
        let rates = table
            .extensions()
            .iter()
            .map(|extension| extension.households.iter().zip(&residents).map(rate).collect())
            .collect();
        DirectRates { per_output, rates }
    }

    /// Moves so many units from their old homes to the new ones.
    fn shift(&self, units: f64, old: &[f64], new: &[f64], direct: &mut [Vec<f64>]) {
        for (rates, changes) in self.rates.iter().zip(direct) {
            let mean: f64 =
                old.iter().zip(rates).map(|(rho, rate)| rho * rate.unwrap_or(0.0)).sum();
            for (q, change) in changes.iter_mut().enumerate() {
                *change += units * new[q] * rates[q].unwrap_or(mean);
                *change -= units * old[q] * rates[q].unwrap_or(0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leontief::Leontief;
    use crate::realism::example::{A_TO_B, close, two_by_two};
    use crate::realism::households::ClosedModel;

    fn spend(residence: Option<Vec<Vec<f64>>>) -> Households {
        Households { compensation: 0, residence, propensity: vec![0.5, 0.25], categories: vec![0] }
    }

    fn commuting() -> Option<Vec<Vec<f64>>> {
        Some(vec![vec![0.5, 0.5], vec![0.0, 1.0]])
    }

    /// Half of the workers of 8 moved output, w = 1/4: income 1. Of it 1/2 is spent in a, by
    /// (1/2, 1/4, 1/4, 0), and then in b, by (1/8, 1/16, 1/2, 5/16). Direct emissions: residents of
    /// a emit 4 on an income of 12, those of b 2 on 20.
    #[test]
    fn followers_take_their_spending_along() {
        let table = two_by_two();
        let shift = Shift::new(table.industries(), table.output(), table.output(), &A_TO_B, &[8.0]);
        let half = Follow { shares: vec![0.5], direct: Direct::PerIncome };
        let found = follow(&table, &spend(None), &half, &shift).unwrap();
        close(&found.income, &[-1.0, 1.0]);
        close(&found.spending, &[-0.5, 0.5]);
        close(&found.demand, &[-3.0 / 16.0, -3.0 / 32.0, 0.125, 5.0 / 32.0]);
        close(&found.direct[0], &[-1.0 / 3.0, 0.1]);
        close(&found.direct[1], &[0.0, 0.0]);
    }

    /// Two workers per unit of output: 8 follow; 80 work in a and 64 in b, so that each took 4/80
    /// and now brings 2/64.
    #[test]
    fn direct_emissions_by_worker() {
        let table = two_by_two();
        let shift = Shift::new(table.industries(), table.output(), table.output(), &A_TO_B, &[8.0]);
        let half = Follow { shares: vec![0.5], direct: Direct::PerWorker(1) };
        let found = follow(&table, &spend(None), &half, &shift).unwrap();
        close(&found.direct[0], &[-0.4, 0.25]);
    }

    /// Half of the followers lived in b already and stay there: income 1, of which
    /// 1/2·1/2 + 1/2·1/4 = 3/8 is spent; a loses 1/4, and b gains 3/8 − 1/8 = 1/4.
    #[test]
    fn commuters_among_the_followers_had_their_home_elsewhere() {
        let table = two_by_two();
        let shift = Shift::new(table.industries(), table.output(), table.output(), &A_TO_B, &[8.0]);
        let half = Follow { shares: vec![0.5], direct: Direct::PerIncome };
        let found = follow(&table, &spend(commuting()), &half, &shift).unwrap();
        close(&found.spending, &[-0.25, 0.25]);
        // Residents of a receive 6, those of b 26: −1/2·4/6, and (1 − 1/2)·2/26.
        close(&found.direct[0], &[-1.0 / 3.0, 1.0 / 26.0]);
    }

    /// Where all follow and the wage stays, followers' income is all that changes: what the closed
    /// model adds is the closed answer to the demand that they move, no more.
    #[test]
    fn what_followers_spend_is_counted_once() {
        let table = two_by_two();
        let households = spend(None);
        let leontief = Leontief::of(&table).unwrap();
        let closed = ClosedModel::of(&table, &leontief, &households).unwrap();
        let established = [24.0, 16.0, 32.0, 16.0];
        let shift = Shift::new(table.industries(), table.output(), &established, &A_TO_B, &[8.0]);
        let all = Follow { shares: vec![1.0], direct: Direct::PerIncome };
        let found = follow(&table, &households, &all, &shift).unwrap();
        let change = closed.change(&leontief, &shift, &[0.25], Some(&found));
        close(&change, &closed.output_for(&leontief, &found.demand));
    }

    #[test]
    fn nobody_follows_and_nothing_changes() {
        let table = two_by_two();
        let shift = Shift::new(table.industries(), table.output(), table.output(), &A_TO_B, &[8.0]);
        let none = Follow { shares: vec![0.0], direct: Direct::PerIncome };
        let found = follow(&table, &spend(commuting()), &none, &shift).unwrap();
        assert_eq!(found.income, [0.0; 2]);
        assert_eq!(found.spending, [0.0; 2]);
        assert_eq!(found.demand, [0.0; 4]);
        assert!(found.direct.iter().flatten().all(|value| *value == 0.0));
    }
}
