//! Freight: goods travel other distances once their makers have moved.
//!
//! ```text
//! ΔE(r→s) = Σ_i Δz_i(r→s) · w_i · d_rs · e
//! ```
//!
//! `z_i` are purchases of product `i` between regions in money, `w_i` tonnes per money, `d_rs` the
//! distance and `e` the factor per tonne-kilometre. **Assumption**: one distance and one factor per
//! pair for all goods, no empty return, and goods sold abroad, put on stock or without a region of
//! use do not travel. What the transport sectors of the table emit is not taken out: report freight
//! beside the table's emissions, never add the two. METHODS B7.

use super::{RealismError, count, not_negative};
use crate::labels::Industries;
use crate::leontief::Leontief;
use crate::linalg::Dense;
use crate::relocation::{Move, Moved, Plant};
use crate::table::Table;

/// A product that is hauled.
#[derive(Debug, Clone, PartialEq)]
pub struct Good {
    /// Its sector.
    pub sector: usize,
    /// Tonnes per unit of the table's money.
    pub tonnes_per_money: f64,
}

/// What hauling emits.
#[derive(Debug, Clone, PartialEq)]
pub struct Freight {
    /// The products that are hauled; none is off.
    pub goods: Vec<Good>,
    /// Kilometres from each region (row) to each (column), within a region on the diagonal.
    pub distances: Vec<Vec<f64>>,
    /// Stressor per tonne-kilometre.
    pub factor: f64,
}

/// Purchases of some products by region of origin and of use, in the table's money.
#[derive(Debug, Clone, PartialEq)]
pub struct PairFlows {
    sectors: Vec<usize>,
    regions: usize,
    /// Products × regions of origin × regions of use.
    values: Vec<f64>,
}

/// Change of hauling between two states.
#[derive(Debug, Clone)]
pub struct FreightChange {
    /// Tonne-kilometres, region of origin × region of use.
    pub tonne_kilometres: Dense,
    /// Stressor, region of origin × region of use.
    pub emissions: Dense,
    /// Stressor, all pairs.
    pub total: f64,
}

/// Domestic final demand that has a region, by region of use and industry, in the table's unit.
///
/// **Assumption**: only consumption and investment travel to their region; the columns of a
/// projected year are these times their growth.
pub fn regional_demand(table: &Table) -> Vec<Vec<f64>> {
    let demand = table.final_demand();
    let domestic = demand.columns_where(|role| role.is_domestic());
    let of_region = |region: usize| -> Vec<f64> {
        let own: Vec<usize> = domestic
            .iter()
            .copied()
            .filter(|&column| demand.columns[column].region == Some(region))
            .collect();
        demand.sum_of(&own)
    };
    (0..table.industries().regions.len()).map(of_region).collect()
}

impl PairFlows {
    /// Flows of an economy without moves.
    ///
    /// ```text
    /// z_i(r→s) = Σ_{j∈s} A_{(r,i) j} x_j + y_{(r,i) s}
    /// ```
    ///
    /// `demand` is final demand by region of use and industry, as [`regional_demand`] has it for
    /// the table. **Assumption**: what a buyer in a region buys is hauled to that region.
    ///
    /// # Panics
    /// If outputs or demands are not one per industry.
    #[track_caller]
    pub fn of(
        industries: &Industries,
        leontief: &Leontief,
        sectors: &[usize],
        output: &[f64],
        demand: &[Vec<f64>],
    ) -> Self {
        assert_eq!(output.len(), industries.len(), "one output per industry expected");
        assert_eq!(demand.len(), industries.regions.len(), "one demand per region expected");
        let regions = industries.regions.len();
        let mut values = Vec::with_capacity(sectors.len() * regions * regions);
        for sector in sectors {
            for from in 0..regions {
                let row = industries.index(from, *sector);
                let mut to: Vec<f64> = demand.iter().map(|y| y[row]).collect();
                leontief
                    .coefficients()
                    .0
                    .each_in_row(row, |j, a| to[industries.split(j).0] += a * output[j]);
                values.extend(to);
            }
        }
        PairFlows { sectors: sectors.to_vec(), regions, values }
    }

    /// Flows of an economy after moves: what the plants buy is hauled to them, and of each row that
    /// moves the share taken comes from the new place.
    ///
    /// ```text
    /// z'_i(r→s) = (1 − Σ_k τ_k) z̃_i(r→s)   for a row that moves out,   z'_i(b→s) = z̃_i(b→s) + τ_k z̃_i(a→s)
    /// ```
    ///
    /// with `z̃` the purchases of the established and the relocated plants before they turn to new
    /// suppliers. **Assumption**: every buyer of the row in every region turns by the same share.
    ///
    /// # Panics
    /// If plants, outputs or shares are not one per move.
    #[track_caller]
    pub fn after(
        industries: &Industries,
        leontief: &Leontief,
        sectors: &[usize],
        moves: &[Move],
        plants: &[Plant],
        moved: &Moved,
        demand: &[Vec<f64>],
    ) -> Self {
        let (relocated, shares) = (&moved.relocated, &moved.shares);
        assert_eq!(plants.len(), moves.len(), "one plant per move expected");
        assert_eq!(relocated.len(), moves.len(), "one output per move expected");
        assert_eq!(shares.len(), moves.len(), "one share per move expected");
        let mut flows = PairFlows::of(industries, leontief, sectors, &moved.established, demand);
        for ((mv, plant), g) in moves.iter().zip(plants).zip(relocated) {
            for (product, sector) in sectors.iter().enumerate() {
                for from in 0..flows.regions {
                    let bought = g * plant.inputs[industries.index(from, *sector)];
                    flows.add(product, from, mv.to, bought);
                }
            }
        }
        let turning = flows.clone();
        for (mv, share) in moves.iter().zip(shares) {
            let products = sectors.iter().enumerate().filter(|(_, sector)| **sector == mv.sector);
            for (product, _) in products {
                for to in 0..flows.regions {
                    let taken = share * turning.value(product, mv.from, to);
                    flows.add(product, mv.from, to, -taken);
                    flows.add(product, mv.to, to, taken);
                }
            }
        }
        flows
    }

    /// The flow of a product (its position in the list asked for) between two regions.
    pub fn value(&self, product: usize, from: usize, to: usize) -> f64 {
        self.values[self.at(product, from, to)]
    }

    fn at(&self, product: usize, from: usize, to: usize) -> usize {
        (product * self.regions + from) * self.regions + to
    }

    fn add(&mut self, product: usize, from: usize, to: usize, value: f64) {
        let at = self.at(product, from, to);
        self.values[at] += value;
    }
}

impl Freight {
    /// Whether the parameters fit a number of regions.
    ///
    /// # Errors
    /// If a number is negative or the distances are not regions × regions.
    pub fn check(&self, industries: &Industries) -> Result<(), RealismError> {
        let regions = industries.regions.len();
        not_negative("the factor of freight", self.factor)?;
        for good in &self.goods {
            let code = industries.sectors.code(good.sector);
            not_negative(format!("tonnes per money of {code}"), good.tonnes_per_money)?;
        }
        count("the rows of distances", self.distances.len(), regions)?;
        for (from, row) in self.distances.iter().enumerate() {
            let what = format!("the distances from {}", industries.regions.code(from));
            count(what.clone(), row.len(), regions)?;
            row.iter().try_for_each(|distance| not_negative(what.clone(), *distance))?;
        }
        Ok(())
    }

    /// Sectors of the goods, as [`PairFlows`] takes them.
    pub fn sectors(&self) -> Vec<usize> {
        self.goods.iter().map(|good| good.sector).collect()
    }

    /// Change of hauling from one state to another, by pair of regions.
    ///
    /// ```text
    /// ΔE(r→s) = Σ_i (z'_i(r→s) − z_i(r→s)) · w_i · d_rs · e
    /// ```
    ///
    /// Exactly zero where no flow changes. **Assumption**: weights, distances and the factor stay.
    ///
    /// # Panics
    /// If the flows are of other products than the goods, or the distances of other regions.
    #[track_caller]
    pub fn change(&self, before: &PairFlows, after: &PairFlows) -> FreightChange {
        assert_eq!(before.sectors, self.sectors(), "flows of the goods expected");
        assert_eq!(after.sectors, before.sectors, "flows of the same products expected");
        let regions = before.regions;
        assert_eq!(self.distances.len(), regions, "distances of the regions expected");
        let (mut tonne_kilometres, mut emissions) =
            (Dense::zeros(regions, regions), Dense::zeros(regions, regions));
        let mut total = 0.0;
        for (from, distances) in self.distances.iter().enumerate() {
            for (to, distance) in distances.iter().enumerate() {
                let change =
                    |product| after.value(product, from, to) - before.value(product, from, to);
                let goods = self.goods.iter().enumerate();
                let tonnes: f64 =
                    goods.map(|(product, good)| change(product) * good.tonnes_per_money).sum();
                tonne_kilometres[(from, to)] = tonnes * distance;
                emissions[(from, to)] = tonnes * distance * self.factor;
                total += emissions[(from, to)];
            }
        }
        FreightChange { tonne_kilometres, emissions, total }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{A_TO_B, close, two_by_two};
    use super::*;
    use crate::relocation::{Economy, Relocation, Size, Suppliers, Technology};

    fn hauling() -> Freight {
        Freight {
            goods: vec![Good { sector: 0, tonnes_per_money: 2.0 }],
            distances: vec![vec![1.0, 2.0], vec![2.0, 4.0]],
            factor: 0.5,
        }
    }

    /// Half of what is not sold abroad of row am (30) moves with its technology and its suppliers:
    /// g = 15, and am keeps 17.
    fn moved(size: f64) -> (Table, Leontief, [Move; 1], Vec<Plant>, Moved) {
        let table = two_by_two();
        let leontief = Leontief::of(&table).unwrap();
        let as_it_was =
            [Move { technology: Technology::Origin, suppliers: Suppliers::Origin, ..A_TO_B[0] }];
        let relocation = Relocation::of(&table, &leontief, &as_it_was).unwrap();
        let moved = relocation.solve(&Economy::of(&table), &[Size::Share(size)]).unwrap();
        let plants = relocation.plants().to_vec();
        (table, leontief, as_it_was, plants, moved)
    }

    fn before(table: &Table, leontief: &Leontief, sectors: &[usize]) -> PairFlows {
        let demand = regional_demand(table);
        PairFlows::of(table.industries(), leontief, sectors, table.output(), &demand)
    }

    /// Row am: 12 for industries and 6 for final demand of a, 8 and 4 of b; row bm: 10 and 18.
    #[test]
    fn flows_of_the_table_by_pair() {
        let (table, leontief, ..) = moved(0.0);
        let flows = before(&table, &leontief, &[0]);
        close(&flows.values, &[18.0, 12.0, 10.0, 18.0]);
    }

    /// z̃ of am: 17/4 + 4 + 6 = 57/4 in a, 15/4 + 8 + 4 = 63/4 in b, of which each pair keeps half;
    /// of bm: 17/8 + 6 = 65/8 and 15/8 + 4 + 14 = 159/8, to which the other half comes.
    /// Changes: −87/8, −33/8, 42/8, 78/8; times 2 · d · 1/2: −87/8, −66/8, 84/8, 312/8.
    #[test]
    fn half_of_a_row_is_hauled_from_elsewhere() {
        let (table, leontief, moves, plants, moved) = moved(0.5);
        assert!((moved.relocated[0] - 15.0).abs() < 1e-12);
        let before = before(&table, &leontief, &[0]);
        let after = PairFlows::after(
            table.industries(),
            &leontief,
            &[0],
            &moves,
            &plants,
            &moved,
            &regional_demand(&table),
        );
        close(&after.values, &[57.0 / 8.0, 63.0 / 8.0, 122.0 / 8.0, 222.0 / 8.0]);
        let change = hauling().change(&before, &after);
        close(change.emissions.values(), &[-87.0 / 8.0, -66.0 / 8.0, 84.0 / 8.0, 312.0 / 8.0]);
        close(change.tonne_kilometres.values(), &[-87.0 / 4.0, -66.0 / 4.0, 21.0, 78.0]);
        assert!((change.total - 243.0 / 8.0).abs() < 1e-12);
    }

    #[test]
    fn off_is_exactly_nothing() {
        let (table, leontief, moves, plants, moved) = moved(0.5);
        let flows = |sectors: &[usize]| {
            let demand = regional_demand(&table);
            let before = before(&table, &leontief, sectors);
            let industries = table.industries();
            let after =
                PairFlows::after(industries, &leontief, sectors, &moves, &plants, &moved, &demand);
            (before, after)
        };
        let no_factor = Freight { factor: 0.0, ..hauling() };
        let no_goods = Freight { goods: vec![], ..hauling() };
        for off in [no_factor, no_goods] {
            let (before, after) = flows(&off.sectors());
            let change = off.change(&before, &after);
            assert_eq!(change.total, 0.0);
            assert!(change.emissions.values().iter().all(|value| *value == 0.0));
        }
    }

    #[test]
    fn nothing_moves_and_nothing_more_is_hauled() {
        let (table, leontief, moves, plants, moved) = moved(0.0);
        let demand = regional_demand(&table);
        let industries = table.industries();
        let before = before(&table, &leontief, &[0]);
        let after = PairFlows::after(industries, &leontief, &[0], &moves, &plants, &moved, &demand);
        assert_eq!(hauling().change(&before, &after).total, 0.0);
    }

    #[test]
    fn faulty_freight_is_refused() {
        let table = two_by_two();
        let industries = table.industries();
        assert!(hauling().check(industries).is_ok());
        assert!(Freight { factor: -1.0, ..hauling() }.check(industries).is_err());
        let short = vec![vec![1.0, 2.0], vec![2.0]];
        assert!(Freight { distances: short, ..hauling() }.check(industries).is_err());
        let heavy = vec![Good { sector: 0, tonnes_per_money: f64::NAN }];
        assert!(Freight { goods: heavy, ..hauling() }.check(industries).is_err());
    }
}
