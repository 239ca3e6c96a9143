//! Households: wages are spent where their earners live, and some workers follow their plants.
//!
//! ```text
//! x = A x + Σ_q b_q c_q Σ_r ρ_rq w_r'x + f
//! ```
//!
//! `w` is labour income per unit of output (`w_r'x` that earned in region `r`), `ρ_rq` the share of
//! it that residents of `q` receive, `c_q` the share of labour income that they spend and `b_q` what
//! they buy per unit spent ([`ClosedModel`], Type II by region). Written `U V'`, the second term has
//! rank `R`, the number of regions, so that the factors of `I − A` serve it as well:
//!
//! ```text
//! (I − A − U V')⁻¹ = L + L U (I − V' L U)⁻¹ V' L
//! ```
//!
//! Source: Miller & Blair (2009), *Input-Output Analysis*, sections 2.5 and 6.2 (households closed
//! into the model, Type II multipliers); Hager (1989), SIAM Review 31 (the low-rank form); residence
//! apart from workplace is METHODS B7. Workers who move with their plants are in [`followers`].

#![allow(non_snake_case)]

pub mod followers;

use followers::Followed;

use super::{
    PerUnit, RealismError, Shift, at_intensities, count, not_negative, share, spending_structure,
    whole,
};
use crate::labels::Industries;
use crate::leontief::Leontief;
use crate::linalg::factor::{Factor, spectral_radius};
use crate::linalg::{Dense, Matrix};
use crate::table::Table;

/// How households earn and spend.
///
/// **Assumption**: only labour income is spent, at the average share and structure of the
/// region's households; profits, taxes and transfers are not, and prices and wages stay.
#[derive(Debug, Clone, PartialEq)]
pub struct Households {
    /// Row of value added that is labour income.
    pub compensation: usize,
    /// ρ: share of the labour income earned in a region (row) that residents of another (column)
    /// receive; each row adds up to 1. None: everyone lives where they work.
    pub residence: Option<Vec<Vec<f64>>>,
    /// c: share of labour income that residents of each region spend, from 0 (off) to 1.
    pub propensity: Vec<f64>,
    /// Categories of final demand that are the consumption of households.
    pub categories: Vec<usize>,
}

impl Households {
    /// Whether it fits a number of regions.
    ///
    /// # Errors
    /// If a share is none, a row of the residence does not add up to 1, or a list has another
    /// length than the regions.
    pub fn check(&self, industries: &Industries) -> Result<(), RealismError> {
        let (regions, R) = (&industries.regions, industries.regions.len());
        count("the shares of wages that are spent", self.propensity.len(), R)?;
        for (q, c) in self.propensity.iter().enumerate() {
            share(format!("the share of wages spent in {}", regions.code(q)), *c)?;
        }
        let Some(residence) = &self.residence else { return Ok(()) };
        count("the rows of the residence", residence.len(), R)?;
        for (r, row) in residence.iter().enumerate() {
            let what = format!("the residences of those who work in {}", regions.code(r));
            count(what.clone(), row.len(), R)?;
            row.iter().try_for_each(|value| not_negative(what.clone(), *value))?;
            whole(what, row.iter().sum())?;
        }
        Ok(())
    }

    /// Labour income per unit of output, `w`, one entry per industry; 0 where there is no output.
    pub fn labour_income(&self, table: &Table) -> Vec<f64> {
        let row = table.value_added_rows().values.row(self.compensation);
        let per_unit = |(income, x): (&f64, &f64)| if *x == 0.0 { 0.0 } else { income / x };
        row.iter().zip(table.output()).map(per_unit).collect()
    }

    /// What residents receive of what is earned at the workplaces, both by region: `ρ' i`.
    ///
    /// **Assumption**: commuters earn the average of their workplace.
    pub fn received(&self, earned: &[f64]) -> Vec<f64> {
        match &self.residence {
            None => earned.to_vec(),
            Some(residence) => {
                let mut received = vec![0.0; earned.len()];
                for (row, income) in residence.iter().zip(earned) {
                    received.iter_mut().zip(row).for_each(|(sum, rho)| *sum += rho * income);
                }
                received
            }
        }
    }

    /// Share of the workers of region `r` who live in each region.
    fn homes(&self, r: usize) -> Vec<f64> {
        let mut earned = vec![0.0; self.propensity.len()];
        earned[r] = 1.0;
        self.received(&earned)
    }

    /// Purchases from each industry per unit that households of a region spend: its columns of the
    /// categories, imports taken out.
    ///
    /// # Errors
    /// If they spend nothing in the table.
    fn structure(&self, table: &Table, region: usize) -> Result<Vec<f64>, RealismError> {
        let demand = table.final_demand();
        let columns: Vec<usize> = (0..demand.columns.len())
            .filter(|&k| {
                demand.columns[k].region == Some(region)
                    && self.categories.contains(&demand.columns[k].category)
            })
            .collect();
        spending_structure(table, &columns).ok_or_else(|| RealismError::NoStructure {
            region: table.industries().regions.code(region).to_owned(),
            kind: "consumption of households",
        })
    }
}

/// The quantity model with the spending of wages inside, by region.
pub struct ClosedModel {
    households: Households,
    industries: Industries,
    /// w, by industry.
    income: Vec<f64>,
    /// Columns of `L U`, one after the other: what a unit of income of each region's residents
    /// calls for before its own wages are spent.
    responses: Vec<f64>,
    /// `I − V' L U`.
    rounds: Factor,
}

impl ClosedModel {
    /// Closes the model of a table: one solve per region and a system of as many equations.
    ///
    /// **Assumption**: the additional unit of income is spent as the average one; imports take the
    /// share that they have of the household columns.
    ///
    /// # Errors
    /// If the parameters do not fit, a region that spends has no consumption to copy, or spending
    /// feeds on itself without limit.
    pub fn of(
        table: &Table,
        leontief: &Leontief,
        households: &Households,
    ) -> Result<Self, RealismError> {
        households.check(table.industries())?;
        let income = households.labour_income(table);
        let (n, R) = (table.industries().len(), table.industries().regions.len());
        let mut responses = vec![0.0; n * R];
        for (q, c) in households.propensity.iter().enumerate().filter(|(_, c)| **c != 0.0) {
            let b = households.structure(table, q)?;
            responses[q * n..(q + 1) * n].iter_mut().zip(b).for_each(|(u, b)| *u = b * c);
        }
        leontief.outputs_for(&mut responses);
        let mut round = Dense::zeros(R, R);
        for q in 0..R {
            let of_response = at_intensities(&responses[q * n..(q + 1) * n], &income);
            let received = households.received(&table.industries().by_region(&of_response));
            received.into_iter().enumerate().for_each(|(p, value)| round[(p, q)] = value);
        }
        Ok(ClosedModel {
            households: households.clone(),
            industries: table.industries().clone(),
            income,
            responses,
            rounds: solvable(round)?,
        })
    }

    /// `V' x`: labour income that residents of each region receive of a change of output.
    pub fn received(&self, output: &[f64]) -> Vec<f64> {
        let earned = self.industries.by_region(&at_intensities(output, &self.income));
        self.households.received(&earned)
    }

    /// Output that the spending of labour income calls for, all rounds together.
    ///
    /// ```text
    /// Δx = L U (I − V' L U)⁻¹ i
    /// ```
    ///
    /// `received` (i) is by region of residence, in the table's unit. **Assumption**: it comes on top
    /// of what the model itself makes; industries can grow at constant coefficients.
    ///
    /// # Panics
    /// If there is not one entry per region.
    #[track_caller]
    pub fn induced_by_income(&self, received: &[f64]) -> Vec<f64> {
        let total = self.rounds.solve(received);
        let mut output = vec![0.0; self.industries.len()];
        for (response, income) in self.responses.chunks(output.len()).zip(&total) {
            output.iter_mut().zip(response).for_each(|(x, d)| *x += d * income);
        }
        output
    }

    /// Output that each industry must produce to deliver a final demand, the spending of the wages
    /// it earns included.
    ///
    /// ```text
    /// x = (I − A − U V')⁻¹ f
    /// ```
    ///
    /// `demand` is final demand other than the spending of wages. **Assumption**: as in
    /// [`ClosedModel::of`].
    ///
    /// # Panics
    /// If there is not one entry per industry.
    #[track_caller]
    pub fn output_for(&self, leontief: &Leontief, demand: &[f64]) -> Vec<f64> {
        let mut output = leontief.output_for(demand);
        let induced = self.induced_by_income(&self.received(&output));
        output.iter_mut().zip(&induced).for_each(|(x, d)| *x += d);
        output
    }

    /// Type II multipliers: what one unit of final demand for each industry's product embodies, the
    /// spending of wages included.
    ///
    /// ```text
    /// m' = c' (I − A − U V')⁻¹
    /// ```
    ///
    /// `intensities` (c) are per unit of output. **Assumption**: as in [`ClosedModel::of`].
    ///
    /// # Panics
    /// If there is not one entry per industry.
    #[track_caller]
    pub fn multipliers(&self, leontief: &Leontief, intensities: &[f64]) -> Vec<f64> {
        let n = self.industries.len();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let direct: Vec<f64> =
            self.responses.chunks(n).map(|response| dot(response, intensities)).collect();
        let value = self.rounds.solve_transposed(&direct);
        let mut charged = intensities.to_vec();
        for (j, charge) in charged.iter_mut().enumerate() {
            let homes = self.households.homes(self.industries.split(j).0);
            *charge += self.income[j] * dot(&homes, &value);
        }
        leontief.multipliers(&charged)
    }

    /// Change of output by industry that the wages of a shift make, with its followers if any.
    ///
    /// ```text
    /// Δx = (I − A − U V')⁻¹ (Δf + U ρ'(Δi − i_follow))
    /// ```
    ///
    /// `Δi` is the change of labour income at the workplaces (plants by their own `plant_income` per
    /// unit of output), `Δf` and `i_follow` the demand and the income of [`Followed`]: what followers
    /// earn is spent once, in their new home. It comes on top of the shift itself.
    /// **Assumption**: those who do not follow lose their wages at the origin and others earn them
    /// at the destination; purchases are those of the table, none from relocated plants.
    ///
    /// # Panics
    /// If there is not one income per move.
    #[track_caller]
    pub fn change(
        &self,
        leontief: &Leontief,
        shift: &Shift,
        plant_income: &[f64],
        followed: Option<&Followed>,
    ) -> Vec<f64> {
        let per_unit = PerUnit { industries: &self.income, plants: plant_income };
        let mut earned = self.industries.by_region(&shift.change(per_unit));
        let Some(followed) = followed else {
            return self.induced_by_income(&self.households.received(&earned));
        };
        earned.iter_mut().zip(&followed.income).for_each(|(all, own)| *all -= own);
        let mut output = self.output_for(leontief, &followed.demand);
        let induced = self.induced_by_income(&self.households.received(&earned));
        output.iter_mut().zip(&induced).for_each(|(x, d)| *x += d);
        output
    }
}

/// Factors of `I − round`, if the rounds die out.
fn solvable(mut round: Dense) -> Result<Factor, RealismError> {
    let growth = spectral_radius(&Matrix::Dense(round.clone()).into());
    let endless = RealismError::NoSolution { growth };
    // Not a number is no answer either.
    if !growth.is_finite() || growth >= 1.0 {
        return Err(endless);
    }
    round.values_mut().iter_mut().for_each(|value| *value = -*value);
    (0..round.shape().0).for_each(|q| round[(q, q)] += 1.0);
    Factor::of(&round).map_err(|_| endless)
}

#[cfg(test)]
mod tests {
    use super::super::example::{A_TO_B, close, two_by_one};
    use super::*;

    fn spend(propensity: [f64; 2], residence: Option<Vec<Vec<f64>>>) -> Households {
        Households {
            compensation: 0,
            residence,
            propensity: propensity.to_vec(),
            categories: vec![0],
        }
    }

    fn commuting() -> Option<Vec<Vec<f64>>> {
        Some(vec![vec![0.5, 0.5], vec![0.0, 1.0]])
    }

    fn closed(table: &Table, households: &Households) -> (Leontief, ClosedModel) {
        let leontief = Leontief::of(table).unwrap();
        let closed = ClosedModel::of(table, &leontief, households).unwrap();
        (leontief, closed)
    }

    /// b_a = (4, 2)/8 and b_b = (1, 3)/4, half of wages spent, w = (1/4, 1/8):
    ///
    /// U = [1/4 1/8; 1/8 3/8], L U = [7/16 6/16; 5/16 10/16], V'L U = [7/64 6/64; 5/128 10/128],
    /// det(I − V'L U) = 6696/8192. A unit of demand in a: L e_a = (3/2, 1/2) earns (3/8, 1/16),
    /// all rounds (40/93, 8/93), which call for L U (40, 8)/93 = (41, 35)/186.
    #[test]
    fn wages_spent_at_home() {
        let (leontief, closed) = closed(&two_by_one(), &spend([0.5, 0.5], None));
        let x = closed.output_for(&leontief, &[1.0, 0.0]);
        close(&x, &[1.5 + 41.0 / 186.0, 0.5 + 35.0 / 186.0]);
        // The column sum is the multiplier of output.
        let m = closed.multipliers(&leontief, &[1.0, 1.0]);
        assert!((m[0] - (2.0 + 76.0 / 186.0)).abs() < 1e-12);
    }

    /// Half of those who work in a live in b: V' = [1/8 0; 1/8 1/8], V'L U = [7 6; 12 16]/128,
    /// det = 13480/128². A unit of demand in a earns (3/16, 1/4), all rounds (72, 104)/337, which
    /// call for L U (72, 104)/337 = (141, 175)/674.
    #[test]
    fn wages_spent_where_their_earners_live() {
        let (leontief, closed) = closed(&two_by_one(), &spend([0.5, 0.5], commuting()));
        let x = closed.output_for(&leontief, &[1.0, 0.0]);
        close(&x, &[1.5 + 141.0 / 674.0, 0.5 + 175.0 / 674.0]);
        let m = closed.multipliers(&leontief, &[1.0, 1.0]);
        assert!((m[0] - (2.0 + 316.0 / 674.0)).abs() < 1e-12);
    }

    #[test]
    fn nothing_spent_is_exactly_the_open_model() {
        let table = two_by_one();
        let (leontief, closed) = closed(&table, &spend([0.0, 0.0], commuting()));
        let f = table.total_final_demand();
        assert_eq!(closed.output_for(&leontief, &f), leontief.output_for(&f));
        assert_eq!(closed.multipliers(&leontief, &[1.0, 2.0]), leontief.multipliers(&[1.0, 2.0]));
        let shift = Shift::new(table.industries(), table.output(), &[8.0, 16.0], &A_TO_B, &[8.0]);
        assert_eq!(closed.change(&leontief, &shift, &[0.125], None), [0.0, 0.0]);
    }

    #[test]
    fn what_does_not_move_induces_nothing() {
        let table = two_by_one();
        let (leontief, closed) = closed(&table, &spend([0.5, 0.5], commuting()));
        let still = Shift::new(table.industries(), table.output(), table.output(), &A_TO_B, &[0.0]);
        assert_eq!(closed.change(&leontief, &still, &[0.125], None), [0.0, 0.0]);
    }

    #[test]
    fn faulty_households_are_refused() {
        let table = two_by_one();
        let industries = table.industries();
        let rows = |rows: &[[f64; 2]]| Some(rows.iter().map(|row| row.to_vec()).collect());
        assert!(spend([0.5, 1.5], None).check(industries).is_err());
        assert!(spend([0.5, 0.5], rows(&[[1.0, 0.0]])).check(industries).is_err());
        let error = spend([0.5, 0.5], rows(&[[0.5, 0.25], [0.0, 1.0]])).check(industries);
        assert_eq!(
            error.unwrap_err().to_string(),
            "the residences of those who work in a add up to 0.7500, expected 1"
        );
        let mut abroad = spend([0.5, 0.5], None);
        abroad.categories = vec![2];
        let leontief = Leontief::of(&table).unwrap();
        assert!(matches!(
            ClosedModel::of(&table, &leontief, &abroad),
            Err(RealismError::NoStructure { .. })
        ));
    }

    /// Inputs 1/2 and wages 1/2 of output, all spent at home without imports: V'L U = 1.
    #[test]
    fn spending_without_limit_has_no_answer() {
        let mut parts = two_by_one().into_parts();
        parts.imports = crate::table::Imports::None;
        parts.value_added.values = Dense::from_rows(&[vec![8.0, 8.0], vec![0.0; 2], vec![0.0; 2]]);
        let table = parts.check().unwrap();
        let leontief = Leontief::of(&table).unwrap();
        assert!(matches!(
            ClosedModel::of(&table, &leontief, &spend([1.0, 1.0], None)),
            Err(RealismError::NoSolution { .. })
        ));
        assert!(ClosedModel::of(&table, &leontief, &spend([0.99, 0.99], None)).is_ok());
    }
}
