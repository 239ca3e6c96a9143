//! Electricity: whose power stations serve an industry is told by the grid, not by who bills whom.
//!
//! ```text
//! use        u_q  = m_q Σ_{j∈q} e_j x_j            e_j = Σ_r A_{(r,p) j}
//! Scope 2    grid: u_q f_q     flow: u_q Σ_r P_rq f_r
//! Scope 1    Σ_{j∈q} c_j x_j   without the power sector p
//! ```
//!
//! `m_q` is MWh per unit of money that users of `q` pay for power, `f_r` the stressor per MWh
//! generated in `r` (with `grid`: per MWh used in it) and `P_rq` the share of `q`'s use that `r`
//! generates. **Assumption**: all users of a region pay one price and share one mix, which the moves
//! do not change; the power sector's own purchases are losses that the factors include; imported
//! power is left out.
//!
//! Scope 2 takes the place of what the table says of the power sector's emissions. Both measure the
//! same emissions, so they are never added, nor is Scope 2 to what the power row carries upstream.
//! Source: WRI & WBCSD (2015), *GHG Protocol Scope 2 Guidance*; Qu et al. (2017), Applied Energy 200
//! (factors by flows between grids); METHODS B7.

#![allow(non_snake_case)]

use super::{PerUnit, RealismError, Shift, count, not_negative, whole};
use crate::labels::Industries;
use crate::leontief::Leontief;
use crate::relocation::Move;

/// Where a region's power comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum PowerSupply {
    /// Each region has a factor for what is used in it, and emissions count there.
    Grid,
    /// P: share of each region's use (column) that each region generates (row); columns add up to 1.
    Flow(Vec<Vec<f64>>),
}

/// The physical account of electricity.
#[derive(Debug, Clone, PartialEq)]
pub struct Electricity {
    /// The power sector.
    pub sector: usize,
    /// m: MWh per unit of the table's money, by region of use.
    pub energy_per_money: Vec<f64>,
    /// f: stressor per MWh, by region; zeros are off.
    pub factors: Vec<f64>,
    /// Where it comes from.
    pub supply: PowerSupply,
}

/// Change that a shift makes, scopes apart, each by region.
#[derive(Debug, Clone, PartialEq)]
pub struct ScopeChange {
    /// Direct emissions of all industries but the power sector, in the stressor's unit.
    pub scope_1: Vec<f64>,
    /// Electricity used, in MWh.
    pub electricity: Vec<f64>,
    /// Emissions of that electricity, where it is used.
    pub scope_2: Vec<f64>,
    /// The same emissions, where it is generated.
    pub generation: Vec<f64>,
    /// What the table's own sourcing says of the same: emissions of the power sector, where it is.
    pub monetary: Vec<f64>,
}

impl ScopeChange {
    /// Physical less monetary result, by region of generation.
    pub fn difference(&self) -> Vec<f64> {
        self.generation.iter().zip(&self.monetary).map(|(mwh, money)| mwh - money).collect()
    }
}

impl Electricity {
    /// Whether the parameters fit the regions and the moves.
    ///
    /// # Errors
    /// If a list has another length than the regions, a number is negative, a column of the flow
    /// does not add up to 1, or the power sector itself moves.
    pub fn check(&self, industries: &Industries, moves: &[Move]) -> Result<(), RealismError> {
        let (regions, expected) = (&industries.regions, industries.regions.len());
        count("MWh per money", self.energy_per_money.len(), expected)?;
        count("the factors of power", self.factors.len(), expected)?;
        for r in 0..expected {
            let code = regions.code(r);
            not_negative(format!("MWh per money in {code}"), self.energy_per_money[r])?;
            not_negative(format!("the factor of power of {code}"), self.factors[r])?;
        }
        if let Some(index) = moves.iter().position(|mv| mv.sector == self.sector) {
            return Err(RealismError::PowerMoves { index });
        }
        let PowerSupply::Flow(P) = &self.supply else { return Ok(()) };
        count("the rows of the flow of power", P.len(), expected)?;
        for (r, row) in P.iter().enumerate() {
            let what = format!("the power that {} generates", regions.code(r));
            count(what.clone(), row.len(), expected)?;
            row.iter().try_for_each(|value| not_negative(what.clone(), *value))?;
        }
        for q in 0..expected {
            let what = format!("the origins of the power used in {}", regions.code(q));
            whole(what, P.iter().map(|row| row[q]).sum())?;
        }
        Ok(())
    }

    /// Power bought per unit of output, one entry per industry; 0 for the power sector itself.
    ///
    /// ```text
    /// e_j = Σ_r A_{(r,p) j}
    /// ```
    ///
    /// **Assumption**: who the power is billed by does not matter, only how much is bought.
    pub fn purchases(&self, industries: &Industries, leontief: &Leontief) -> Vec<f64> {
        let mut purchases = vec![0.0; industries.len()];
        for r in 0..industries.regions.len() {
            leontief.coefficients().0.each_in_row(industries.index(r, self.sector), |j, a| {
                if industries.split(j).1 != self.sector {
                    purchases[j] += a;
                }
            });
        }
        purchases
    }

    /// Power bought per unit of output of plants with these inputs (one entry per industry).
    pub fn purchases_of(&self, industries: &Industries, inputs: &[f64]) -> f64 {
        (0..industries.regions.len()).map(|r| inputs[industries.index(r, self.sector)]).sum()
    }

    /// Stressor per MWh used, by region of use: `f_q`, or `Σ_r P_rq f_r`.
    pub fn factors_of_use(&self) -> Vec<f64> {
        match &self.supply {
            PowerSupply::Grid => self.factors.clone(),
            PowerSupply::Flow(P) => (0..self.factors.len())
                .map(|q| P.iter().zip(&self.factors).map(|(row, f)| row[q] * f).sum())
                .collect(),
        }
    }

    /// Emissions of generation by region, of electricity used by region.
    fn generation(&self, electricity: &[f64]) -> Vec<f64> {
        let one = |(r, f): (usize, &f64)| match &self.supply {
            PowerSupply::Grid => electricity[r] * f,
            PowerSupply::Flow(P) => {
                f * P[r].iter().zip(electricity).map(|(share, mwh)| share * mwh).sum::<f64>()
            }
        };
        self.factors.iter().enumerate().map(one).collect()
    }

    /// Change of the scopes that a shift makes.
    ///
    /// `purchases` is power bought per unit of output ([`Electricity::purchases`] and
    /// [`Electricity::purchases_of`] each plant), `direct` the stressor per unit of output.
    /// Exactly zero where nothing moves. **Assumption**: outputs are those of the monetary model;
    /// households' power does not change.
    ///
    /// # Panics
    /// If entries are not one per industry and per move.
    #[track_caller]
    pub fn change(&self, shift: &Shift, purchases: PerUnit, direct: PerUnit) -> ScopeChange {
        let industries = shift.industries();
        let is_power = |j: usize| industries.split(j).1 == self.sector;
        let emitted = shift.change(direct);
        let only = |power: bool| -> Vec<f64> {
            let kept = |(j, value): (usize, &f64)| if is_power(j) == power { *value } else { 0.0 };
            industries.by_region(&emitted.iter().enumerate().map(kept).collect::<Vec<f64>>())
        };
        let bought = industries.by_region(&shift.change(purchases));
        let electricity: Vec<f64> =
            bought.iter().zip(&self.energy_per_money).map(|(money, m)| money * m).collect();
        let used = electricity.iter().zip(self.factors_of_use());
        ScopeChange {
            scope_1: only(false),
            scope_2: used.map(|(mwh, factor)| mwh * factor).collect(),
            generation: self.generation(&electricity),
            monetary: only(true),
            electricity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{A_TO_B, close, two_by_two};
    use super::*;

    const ESTABLISHED: [f64; 4] = [24.0, 15.0, 34.0, 16.0];

    const DIRECT: PerUnit = PerUnit { industries: &[0.5, 2.0, 0.25, 0.5], plants: &[0.25] };

    fn power(supply: PowerSupply) -> Electricity {
        Electricity { sector: 1, energy_per_money: vec![2.0, 4.0], factors: vec![1.0, 0.5], supply }
    }

    fn flow() -> PowerSupply {
        PowerSupply::Flow(vec![vec![0.75, 0.25], vec![0.25, 0.75]])
    }

    fn change(electricity: &Electricity, established: &[f64], relocated: f64) -> ScopeChange {
        let table = two_by_two();
        let leontief = Leontief::of(&table).unwrap();
        let e = electricity.purchases(table.industries(), &leontief);
        let relocated = [relocated];
        let shift =
            Shift::new(table.industries(), table.output(), established, &A_TO_B, &relocated);
        electricity.change(&shift, PerUnit { industries: &e, plants: &[3.0 / 32.0] }, DIRECT)
    }

    /// Both power rows together: 3/16 of output in am, 3/32 in bm.
    #[test]
    fn purchases_of_all_power_sectors_together() {
        let table = two_by_two();
        let leontief = Leontief::of(&table).unwrap();
        let e = power(flow()).purchases(table.industries(), &leontief);
        close(&e, &[3.0 / 16.0, 0.0, 3.0 / 32.0, 0.0]);
        let of_plant =
            power(flow()).purchases_of(table.industries(), &[0.25, 0.125, 0.125, 0.0625]);
        assert!((of_plant - 3.0 / 16.0).abs() < 1e-12);
    }

    /// Δx = (−8, −1, 2, 0) and 8 new: power −8·3/16 = −3/2 in a, (2 + 8)·3/32 = 15/16 in b, so −3
    /// and 15/4 MWh. Factors of use 3/4 + 1/8 = 7/8 and 1/4 + 3/8 = 5/8. Generated in a:
    /// −9/4 + 15/16 = −21/16, in b (−3/4 + 45/16)/2 = 33/32. Direct −4 and 1/2 + 2; the table has
    /// the power sector of a emit 2 less.
    #[test]
    fn power_by_its_flow() {
        let found = change(&power(flow()), &ESTABLISHED, 8.0);
        close(&found.scope_1, &[-4.0, 2.5]);
        close(&found.electricity, &[-3.0, 3.75]);
        close(&found.scope_2, &[-21.0 / 8.0, 75.0 / 32.0]);
        close(&found.generation, &[-21.0 / 16.0, 33.0 / 32.0]);
        close(&found.monetary, &[-2.0, 0.0]);
        close(&found.difference(), &[11.0 / 16.0, 33.0 / 32.0]);
        let sums = [&found.scope_2, &found.generation].map(|by| by.iter().sum::<f64>());
        assert!((sums[0] - sums[1]).abs() < 1e-12);
    }

    /// −3 MWh at 1 and 15/4 MWh at 1/2.
    #[test]
    fn power_by_the_factor_of_the_grid() {
        let found = change(&power(PowerSupply::Grid), &ESTABLISHED, 8.0);
        close(&found.scope_2, &[-3.0, 15.0 / 8.0]);
        assert_eq!(found.generation, found.scope_2);
    }

    #[test]
    fn off_is_exactly_nothing() {
        let off = Electricity { factors: vec![0.0; 2], ..power(flow()) };
        let found = change(&off, &ESTABLISHED, 8.0);
        assert_eq!(found.scope_2, [0.0; 2]);
        assert_eq!(found.generation, [0.0; 2]);
        let still = change(&power(flow()), two_by_two().output(), 0.0);
        let parts =
            [still.scope_1, still.electricity, still.scope_2, still.generation, still.monetary];
        assert!(parts.iter().flatten().all(|value| *value == 0.0));
    }

    #[test]
    fn faulty_power_is_refused() {
        let table = two_by_two();
        let industries = table.industries();
        assert!(power(flow()).check(industries, &A_TO_B).is_ok());
        let own = [Move { sector: 1, ..A_TO_B[0] }];
        assert_eq!(
            power(flow()).check(industries, &own),
            Err(RealismError::PowerMoves { index: 0 })
        );
        let rows = PowerSupply::Flow(vec![vec![0.75, 0.25], vec![0.5, 0.5]]);
        assert_eq!(
            power(rows).check(industries, &A_TO_B).unwrap_err().to_string(),
            "the origins of the power used in a add up to 1.25, expected 1"
        );
        assert!(
            Electricity { factors: vec![1.0], ..power(flow()) }.check(industries, &[]).is_err()
        );
    }
}
