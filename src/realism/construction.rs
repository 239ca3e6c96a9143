//! Construction: relocated plants are built before they produce, and building emits.
//!
//! ```text
//! I_k = κ g_k     Δf(t) = Σ_k b I_k / T   for t = t_k − T … t_k − 1     Δx(t) = L Δf(t)
//! ```
//!
//! `κ` is capital per unit of yearly output, `g_k` the capacity that starts in year `t_k`, `T` the
//! years of building and `b` what is bought per unit invested. **Assumption**: equal parts in each
//! year; the plants left are neither scrapped nor sold; capital goods are made with the
//! coefficients of the table. METHODS B7.

#![allow(non_snake_case)]

use std::collections::BTreeMap;

use super::{RealismError, count, not_negative, spending_structure};
use crate::leontief::Leontief;
use crate::relocation::Move;
use crate::table::{Role, Table};

/// What building buys.
#[derive(Debug, Clone, PartialEq)]
pub enum Goods {
    /// What the investment columns of the destination region buy, imports taken out.
    InvestmentOfDestination,
    /// Purchases from each industry per unit invested; what is missing to 1 is imported.
    Given(Vec<f64>),
}

/// How plants are built.
#[derive(Debug, Clone, PartialEq)]
pub struct Construction {
    /// Capital–output ratio κ: money invested per unit of yearly output; 0 is off.
    pub capital_per_output: f64,
    /// Years of building T, 1 or more; 2 or 3 are usual.
    pub years: u32,
    /// What is bought.
    pub goods: Goods,
}

/// Capacity of a move that starts to produce in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Addition {
    /// Which move, counted from 0.
    pub index: usize,
    /// The year.
    pub year: i32,
    /// Yearly output it adds, in the table's unit.
    pub output: f64,
}

/// Building in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct ConstructionYear {
    /// The year.
    pub year: i32,
    /// Money invested, by receiving region, imports included.
    pub invested: Vec<f64>,
    /// Output it calls for, by industry; stressors follow by [`super::at_intensities`].
    pub output: Vec<f64>,
}

/// Capacity that each year adds to the most there was: `g_k(t) − max_{s<t} g_k(s)` where positive.
///
/// `levels` are the outputs of the relocated plants of each move by year, in order of years; before
/// the first nothing has moved. **Assumption**: plants are built for their output of the year, and
/// what falls idle stays ready for later.
pub fn additions(levels: &[(i32, Vec<f64>)]) -> Vec<Addition> {
    let mut found = Vec::new();
    for (at, (year, level)) in levels.iter().enumerate() {
        for (index, g) in level.iter().enumerate() {
            let highest = levels[..at]
                .iter()
                .filter_map(|(_, before)| before.get(index))
                .fold(0.0f64, |highest, before| highest.max(*before));
            if *g > highest {
                found.push(Addition { index, year: *year, output: g - highest });
            }
        }
    }
    found
}

impl Construction {
    /// Whether the parameters make sense on a number of industries.
    ///
    /// # Errors
    /// If the ratio is negative, no year is left to build in, or given goods are no structure.
    pub fn check(&self, industries: usize) -> Result<(), RealismError> {
        not_negative("capital per output", self.capital_per_output)?;
        if !(1..=100).contains(&self.years) {
            return Err(RealismError::Number {
                what: "the years of building".into(),
                value: f64::from(self.years),
                expected: "a number from 1 to 100",
            });
        }
        let Goods::Given(goods) = &self.goods else { return Ok(()) };
        count("the goods of building", goods.len(), industries)?;
        goods.iter().try_for_each(|b| not_negative("a good of building", *b))?;
        let total: f64 = goods.iter().sum();
        if total > 1.0 + 1e-9 {
            return Err(RealismError::Number {
                what: "the goods of a unit invested".into(),
                value: total,
                expected: "at most 1 in all",
            });
        }
        Ok(())
    }

    /// Purchases per unit invested in a region.
    fn structure(&self, table: &Table, region: usize) -> Result<Vec<f64>, RealismError> {
        if let Goods::Given(goods) = &self.goods {
            return Ok(goods.clone());
        }
        let demand = table.final_demand();
        let columns: Vec<usize> = demand
            .columns_where(|role| role == Role::Investment)
            .into_iter()
            .filter(|&column| demand.columns[column].region == Some(region))
            .collect();
        spending_structure(table, &columns).ok_or_else(|| RealismError::NoStructure {
            region: table.industries().regions.code(region).to_owned(),
            kind: "investment",
        })
    }

    /// Building year by year, in order of years; one solve for each.
    ///
    /// ```text
    /// Δx(t) = L Σ_k b κ g_k / T
    /// ```
    ///
    /// **Assumption**: as in the module's text; investment of the table's own columns stays, so that
    /// building comes on top. A year before the table's is treated as the table's.
    ///
    /// # Errors
    /// If the parameters do not fit or the destination has no investment to copy.
    ///
    /// # Panics
    /// If an addition is to a move that is not there.
    #[track_caller]
    pub fn phase(
        &self,
        table: &Table,
        leontief: &Leontief,
        moves: &[Move],
        additions: &[Addition],
    ) -> Result<Vec<ConstructionYear>, RealismError> {
        let (n, R) = (table.industries().len(), table.industries().regions.len());
        self.check(n)?;
        let mut invested: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
        for addition in additions {
            let part = self.capital_per_output * addition.output / f64::from(self.years);
            if part <= 0.0 {
                continue;
            }
            let first = addition.year.saturating_sub_unsigned(self.years);
            for year in first..addition.year {
                let regions = invested.entry(year).or_insert_with(|| vec![0.0; R]);
                regions[moves[addition.index].to] += part;
            }
        }
        let mut demands = Vec::with_capacity(n * invested.len());
        for regions in invested.values() {
            let mut f = vec![0.0; n];
            for (region, money) in regions.iter().enumerate().filter(|(_, money)| **money > 0.0) {
                let b = self.structure(table, region)?;
                f.iter_mut().zip(b).for_each(|(f, b)| *f += b * money);
            }
            demands.extend(f);
        }
        leontief.outputs_for(&mut demands);
        let outputs = demands.chunks(n).map(<[f64]>::to_vec);
        Ok(invested
            .into_iter()
            .zip(outputs)
            .map(|((year, invested), output)| ConstructionYear { year, invested, output })
            .collect())
    }
}

/// When the savings of a move have made up for what building it emitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payback {
    /// Building emitted nothing, so there is nothing to pay back.
    NothingOwed,
    /// In this year.
    In(i32),
    /// Never: the move saves nothing, or what it saves ends before.
    Never,
}

impl Payback {
    /// The year, if there is one.
    pub fn year(self) -> Option<i32> {
        match self {
            Payback::In(year) => Some(year),
            Payback::NothingOwed | Payback::Never => None,
        }
    }
}

/// First year in which the savings since the start cover all that building emitted.
///
/// ```text
/// min { t : Σ_{s ≤ t} saving(s) ≥ Σ_s building(s) }
/// ```
///
/// `building` is the total of all years; `savings` are by year in order, both in the stressor's
/// unit; a saving is emission of the baseline less that of the scenario, negative where the move
/// emits more. **Assumption**: after the last year given the saving of that year goes on for
/// ever, so that a single year answers for a comparison of two states.
///
/// # Panics
/// If a year is missing between the first and the last.
#[track_caller]
pub fn carbon_payback(building: f64, savings: &[(i32, f64)]) -> Payback {
    if building <= 0.0 {
        return Payback::NothingOwed;
    }
    let mut sum = 0.0;
    for (at, (year, saving)) in savings.iter().enumerate() {
        assert!(at == 0 || savings[at - 1].0 + 1 == *year, "every year in order expected");
        sum += saving;
        if sum >= building {
            return Payback::In(*year);
        }
    }
    let Some((last, saving)) = savings.last().filter(|(_, saving)| *saving > 0.0) else {
        return Payback::Never;
    };
    let year = f64::from(*last) + ((building - sum) / saving).ceil();
    // A year beyond all calendars is never.
    if year <= f64::from(i32::MAX) { Payback::In(year as i32) } else { Payback::Never }
}

#[cfg(test)]
mod tests {
    use super::super::at_intensities;
    use super::super::example::{A_TO_B, close, two_by_one, two_by_two};
    use super::*;

    fn building(capital_per_output: f64) -> Construction {
        Construction { capital_per_output, years: 2, goods: Goods::InvestmentOfDestination }
    }

    const EIGHT: [Addition; 1] = [Addition { index: 0, year: 2020, output: 8.0 }];

    /// 16 invested in b, 8 a year, by (1/4, 0, 3/4, 0): f = (2, 0, 6, 0), v'f = 5 and
    /// Δx = f + 10 u = (9/2, 5/4, 29/4, 5/8); at (1/2, 2, 1/4, 1/2) that emits
    /// 36/16 + 40/16 + 29/16 + 5/16 = 55/8 a year.
    #[test]
    fn two_years_of_building() {
        let table = two_by_two();
        let leontief = Leontief::of(&table).unwrap();
        let phase = building(2.0).phase(&table, &leontief, &A_TO_B, &EIGHT).unwrap();
        assert_eq!(phase.iter().map(|year| year.year).collect::<Vec<_>>(), [2018, 2019]);
        for year in &phase {
            close(&year.invested, &[0.0, 8.0]);
            close(&year.output, &[4.5, 1.25, 7.25, 0.625]);
            let emitted = at_intensities(&year.output, &[0.5, 2.0, 0.25, 0.5]);
            assert!((emitted.iter().sum::<f64>() - 55.0 / 8.0).abs() < 1e-12);
        }
    }

    /// Investment in a is half imported: (1/4, 1/4), so 4 a year call for L (1, 1) = (2, 2).
    #[test]
    fn imported_capital_goods_call_for_no_output() {
        let table = two_by_one();
        let leontief = Leontief::of(&table).unwrap();
        let home = [Move { from: 1, to: 0, ..A_TO_B[0] }];
        let phase = building(1.0).phase(&table, &leontief, &home, &EIGHT).unwrap();
        close(&phase[0].output, &[2.0, 2.0]);
    }

    #[test]
    fn given_goods_are_bought_as_given() {
        let table = two_by_two();
        let leontief = Leontief::of(&table).unwrap();
        let goods = Goods::Given(vec![0.0, 0.5, 0.0, 0.0]);
        let given = Construction { goods, ..building(2.0) };
        let phase = given.phase(&table, &leontief, &A_TO_B, &EIGHT).unwrap();
        close(&phase[1].output, &[2.0, 5.0, 1.0, 0.5]);
    }

    #[test]
    fn off_builds_nothing() {
        let table = two_by_two();
        let leontief = Leontief::of(&table).unwrap();
        assert_eq!(building(0.0).phase(&table, &leontief, &A_TO_B, &EIGHT), Ok(vec![]));
        assert_eq!(building(2.0).phase(&table, &leontief, &A_TO_B, &[]), Ok(vec![]));
    }

    /// 8 in 2020, 12 in 2021: another 4. The fall to 6 builds nothing, nor does the return to 12.
    #[test]
    fn only_what_is_added_is_built() {
        let levels =
            [(2020, 8.0), (2021, 12.0), (2022, 6.0), (2023, 12.0)].map(|(y, g)| (y, vec![g]));
        let expected = [(2020, 8.0), (2021, 4.0)];
        let found: Vec<(i32, f64)> =
            additions(&levels).iter().map(|addition| (addition.year, addition.output)).collect();
        assert_eq!(found, expected);
    }

    /// 55/4 are owed; 3 a year: 3, 6, 9, 12, 15 in the fifth year, told or to be continued.
    #[test]
    fn payback_is_the_year_in_which_savings_cover_building() {
        let owed = 55.0 / 4.0;
        let told: Vec<(i32, f64)> = (2020..2026).map(|year| (year, 3.0)).collect();
        assert_eq!(carbon_payback(owed, &told), Payback::In(2024));
        assert_eq!(carbon_payback(owed, &told[..1]), Payback::In(2024));
        assert_eq!(carbon_payback(6.0, &told[..1]), Payback::In(2021));
    }

    #[test]
    fn what_saves_nothing_never_pays_back() {
        assert_eq!(carbon_payback(1.0, &[(2020, 0.0)]), Payback::Never);
        assert_eq!(carbon_payback(1.0, &[(2020, 0.5), (2021, -0.1)]), Payback::Never);
        assert_eq!(carbon_payback(1.0, &[]), Payback::Never);
        assert_eq!(carbon_payback(1.0, &[(2020, 1e-12)]), Payback::Never);
        assert_eq!(carbon_payback(1.0, &[(2020, 0.0)]).year(), None);
        assert_eq!(carbon_payback(0.0, &[(2020, 1.0)]), Payback::NothingOwed);
    }

    #[test]
    fn faulty_building_is_refused() {
        assert!(building(-1.0).check(4).is_err());
        assert!(Construction { years: 0, ..building(1.0) }.check(4).is_err());
        for goods in [vec![1.0], vec![0.5, 0.6, 0.0, 0.0], vec![-0.1, 0.0, 0.0, 0.0]] {
            let given = Construction { goods: Goods::Given(goods), ..building(1.0) };
            assert!(given.check(4).is_err());
        }
    }
}
