//! Relocation of industry between regions, as a change of low rank of the Leontief system.
//!
//! Relocated plants are activities beyond regions × sectors. With `a` the row that moves, `α` the
//! inputs of the new plants per unit and `y` the demand for each product before anything moves,
//!
//! ```text
//! y = x + Σ_k g_k d_k,   d_k = L (α_k − A_{·a_k}),   g_k = θ_k (y_{a_k} − f_{a_k} + φ_k)
//! ```
//!
//! so that `K` moves need `K` solves and one `K × K` system; `φ` is the final demand that moves,
//! inventories and the error column stay. With destination technology this is the closed form
//! `Δx = g (L_{·b} − L_{·a})`. METHODS B7.

#![allow(non_snake_case)]

pub mod indicators;
pub mod intensity;

use crate::leontief::Leontief;
use crate::linalg::Dense;
use crate::linalg::factor::Factor;
use crate::table::{Imports, Quantity, Role, Table};
use crate::text::human;

/// Whose input structure, value added and emissions per unit the relocated plants have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Technology {
    /// That of the receiving region's industry.
    Destination,
    /// That of the giving region's industry: the plants bring it along.
    Origin,
    /// A mixture; the number is the share of the destination's.
    Mix(f64),
    /// Of the two, the one with the lower intensity of a stressor (position in the table).
    Best(usize),
}

/// Whose suppliers the relocated plants buy from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Suppliers {
    /// Those of the receiving region's industry.
    Destination,
    /// They keep those of the giving region's industry.
    Origin,
    /// A mixture; the number is the share of the destination's.
    Mix(f64),
}

/// One industry that moves from a region to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Move {
    /// Sector.
    pub sector: usize,
    /// Giving region.
    pub from: usize,
    /// Receiving region.
    pub to: usize,
    /// Technology of the relocated plants.
    pub technology: Technology,
    /// Suppliers of the relocated plants.
    pub suppliers: Suppliers,
    /// Whether sales abroad move too.
    pub exports: bool,
}

/// How much of an industry moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// Share of all purchases of the row.
    Share(f64),
    /// Output of the relocated plants, in the table's unit.
    Amount(f64),
}

/// The plants that a move sets up, per unit of their output.
#[derive(Debug, Clone)]
pub struct Plant {
    /// Inputs from each industry.
    pub inputs: Vec<f64>,
    /// Imported inputs.
    pub imports: f64,
    /// Value added: what is left.
    pub value_added: f64,
    /// Share of the destination's technology in it, from 0 to 1.
    pub destination_share: f64,
    /// Effect of a unit of the move on the demand for each industry's product: `L (α − A_{·a})`.
    response: Vec<f64>,
}

/// Why a move has no answer; `index` counts the moves from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MoveError {
    /// The destination has no such industry to copy.
    #[error(
        "{industry} has no output, so there is no destination technology to copy; use technology = \"origin\""
    )]
    NoTechnology {
        /// Which move.
        index: usize,
        /// The industry.
        industry: String,
    },
    /// More than all of a row would move.
    #[error("the moves out of {industry} take {} of it in {year}; at most 1 can move", human(*.share))]
    TooMuch {
        /// Which move.
        index: usize,
        /// The industry.
        industry: String,
        /// The share all moves take together.
        share: f64,
        /// The year.
        year: i32,
    },
    /// The moves feed on each other without limit.
    #[error("the moves feed on each other without limit: no finite output meets them")]
    NoSolution {
        /// Which move.
        index: usize,
    },
}

impl MoveError {
    /// Which move it is about.
    pub fn index(&self) -> usize {
        match self {
            MoveError::NoTechnology { index, .. }
            | MoveError::TooMuch { index, .. }
            | MoveError::NoSolution { index } => *index,
        }
    }
}

/// The economy that a move starts from: one year's demand, met by the table's coefficients.
#[derive(Debug, Clone)]
pub struct Economy {
    /// Year.
    pub year: i32,
    /// Output.
    pub output: Vec<f64>,
    /// Final demand of all kinds.
    pub demand: Vec<f64>,
    /// Domestic final demand, which follows a move.
    pub domestic: Vec<f64>,
    /// Exports, which follow a move that says so.
    pub exports: Vec<f64>,
}

impl Economy {
    /// The table itself.
    pub fn of(table: &Table) -> Self {
        let demand = table.final_demand();
        Economy {
            year: table.meta().year,
            output: table.output().to_vec(),
            demand: table.total_final_demand(),
            domestic: demand.sum_of(&demand.columns_where(Role::is_domestic)),
            exports: demand.sum_of_role(Role::Export),
        }
    }
}

/// The economy after the moves.
#[derive(Debug, Clone)]
pub struct Moved {
    /// Output of the plants that were there before, by industry.
    pub established: Vec<f64>,
    /// Output of the relocated plants of each move.
    pub relocated: Vec<f64>,
    /// Share of the row's purchases that each move took.
    pub shares: Vec<f64>,
}

/// Moves on a table: the plants they set up, ready for any year's demand.
pub struct Relocation<'a> {
    table: &'a Table,
    moves: Vec<Move>,
    plants: Vec<Plant>,
}

impl<'a> Relocation<'a> {
    /// Sets up the plants of each move.
    ///
    /// # Errors
    /// If a destination whose technology shall be used has none.
    pub fn of(
        table: &'a Table,
        leontief: &Leontief,
        moves: &[Move],
    ) -> Result<Self, Vec<MoveError>> {
        let columns = Columns { table, A: leontief };
        let mut errors = Vec::new();
        let mut plants = Vec::new();
        for (index, mv) in moves.iter().enumerate() {
            match columns.plant(mv) {
                Some(plant) => plants.push(plant),
                None => {
                    let industry =
                        table.industries().name(table.industries().index(mv.to, mv.sector));
                    errors.push(MoveError::NoTechnology { index, industry });
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        for (mv, plant) in moves.iter().zip(&mut plants) {
            let a = columns.column(table.industries().index(mv.from, mv.sector));
            let change: Vec<f64> =
                plant.inputs.iter().zip(&a).map(|(alpha, a)| alpha - a).collect();
            plant.response = leontief.output_for(&change);
        }
        Ok(Relocation { table, moves: moves.to_vec(), plants })
    }

    /// The plants, one per move.
    pub fn plants(&self) -> &[Plant] {
        &self.plants
    }

    /// The same moves with plants between these and other ones: `share` of these and the rest of those.
    /// What a plant needs and what it sets off are linear in its technology.
    ///
    /// # Panics
    /// If the other has another number of moves.
    #[track_caller]
    pub fn between(&self, other: &Relocation<'a>, share: f64) -> Self {
        assert_eq!(self.plants.len(), other.plants.len(), "the same moves expected");
        let mixed = |a: f64, b: f64| mix(share, a, b);
        let all = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| mixed(*a, *b)).collect();
        let plant = |(a, b): (&Plant, &Plant)| Plant {
            inputs: all(&a.inputs, &b.inputs),
            imports: mixed(a.imports, b.imports),
            value_added: mixed(a.value_added, b.value_added),
            destination_share: mixed(a.destination_share, b.destination_share),
            response: all(&a.response, &b.response),
        };
        let plants = self.plants.iter().zip(&other.plants).map(plant).collect();
        Relocation { table: self.table, moves: self.moves.clone(), plants }
    }

    /// The same moves in another system: inputs of each plant and what a unit of its move sets off.
    ///
    /// # Panics
    /// If there is not one of each per move.
    #[track_caller]
    pub fn in_system(&self, inputs: Vec<Vec<f64>>, responses: Vec<Vec<f64>>) -> Self {
        assert!(inputs.len() == self.plants.len() && responses.len() == self.plants.len());
        let plants = self
            .plants
            .iter()
            .zip(inputs.into_iter().zip(responses))
            .map(|(plant, (inputs, response))| Plant { inputs, response, ..plant.clone() })
            .collect();
        Relocation { table: self.table, moves: self.moves.clone(), plants }
    }

    /// The moves.
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    fn rows(&self) -> Vec<usize> {
        self.moves.iter().map(|mv| self.table.industries().index(mv.from, mv.sector)).collect()
    }

    /// Final demand for the row of each move that would follow it.
    fn movable(&self, economy: &Economy) -> Vec<f64> {
        let rows = self.rows();
        let exports = |mv: &Move, a: usize| if mv.exports { economy.exports[a] } else { 0.0 };
        self.moves.iter().zip(rows).map(|(mv, a)| economy.domestic[a] + exports(mv, a)).collect()
    }

    /// Output after moves of the given sizes, all at once.
    ///
    /// # Errors
    /// If more than all of a row would move.
    ///
    /// # Panics
    /// If there is not one size per move.
    #[track_caller]
    pub fn solve(&self, economy: &Economy, sizes: &[Size]) -> Result<Moved, MoveError> {
        assert_eq!(sizes.len(), self.moves.len(), "one size per move expected");
        let (rows, phi, count) = (self.rows(), self.movable(economy), sizes.len());
        // What users of each row would buy of it, before any response to the moves.
        let bought: Vec<f64> = (0..count)
            .map(|k| economy.output[rows[k]] - economy.demand[rows[k]] + phi[k])
            .collect();
        let mut system = Dense::zeros(count, count);
        let mut g = vec![0.0; count];
        for k in 0..count {
            system[(k, k)] = 1.0;
            match sizes[k] {
                Size::Amount(amount) => g[k] = amount,
                Size::Share(share) => {
                    g[k] = share * bought[k];
                    for (l, plant) in self.plants.iter().enumerate() {
                        system[(k, l)] -= share * plant.response[rows[k]];
                    }
                }
            }
        }
        let factor =
            Factor::of(&system).map_err(|error| MoveError::NoSolution { index: error.0 })?;
        factor.solve_columns(&mut g);
        let mut y = economy.output.clone();
        for (plant, g) in self.plants.iter().zip(&g) {
            y.iter_mut().zip(&plant.response).for_each(|(y, d)| *y += g * d);
        }
        let all = |k: usize| y[rows[k]] - economy.demand[rows[k]] + phi[k];
        let shares: Vec<f64> = (0..count)
            .map(|k| match sizes[k] {
                Size::Share(share) => share,
                Size::Amount(0.0) => 0.0,
                Size::Amount(amount) => amount / all(k),
            })
            .collect();
        self.refuse_too_much(&rows, &shares, economy.year)?;
        for (row, g) in rows.iter().zip(&g) {
            y[*row] -= g;
        }
        Ok(Moved { established: y, relocated: g, shares })
    }

    /// The economy after the moves written out as one system `x = A' x + f'`, relocated plants as
    /// further rows and columns: what [`Relocation::solve`] solves without writing it out.
    ///
    /// ```text
    /// A' = [ (I − τ̂) [A α] ; Θ [A α] ],   τ = shares taken from each row
    /// ```
    pub fn extended_system(
        &self,
        leontief: &Leontief,
        economy: &Economy,
        shares: &[f64],
    ) -> (Dense, Vec<f64>) {
        let (n, count, rows, phi) =
            (economy.output.len(), shares.len(), self.rows(), self.movable(economy));
        let mut A = Dense::zeros(n + count, n + count);
        for row in 0..n {
            let into = A.row_mut(row);
            leontief.coefficients().0.each_in_row(row, |j, value| into[j] = value);
            self.plants.iter().enumerate().for_each(|(k, plant)| into[n + k] = plant.inputs[row]);
        }
        let mut f = economy.demand.clone();
        f.resize(n + count, 0.0);
        let before = A.clone();
        for (k, (row, share)) in rows.iter().zip(shares).enumerate() {
            for j in 0..n + count {
                let taken = share * before[(*row, j)];
                A[(n + k, j)] += taken;
                A[(*row, j)] -= taken;
            }
            f[n + k] = share * phi[k];
            f[*row] -= share * phi[k];
        }
        (A, f)
    }

    fn refuse_too_much(&self, rows: &[usize], shares: &[f64], year: i32) -> Result<(), MoveError> {
        for (index, row) in rows.iter().enumerate() {
            let share: f64 =
                rows.iter().zip(shares).filter(|(other, _)| *other == row).map(|(_, s)| s).sum();
            let one = shares[index];
            // An amount against purchases of zero has no finite share.
            let fits = one >= 0.0 && share <= 1.0 + 1e-12;
            if !fits {
                let industry = self.table.industries().name(*row);
                return Err(MoveError::TooMuch { index, industry, share, year });
            }
        }
        Ok(())
    }

    /// Intensity of each move's plants, given that of every industry in the year.
    ///
    /// Value added follows from the plant's inputs; a stressor is that of its technology.
    pub fn intensities(&self, quantity: Quantity, of_industries: &[f64]) -> Vec<f64> {
        match quantity {
            Quantity::Output => vec![1.0; self.plants.len()],
            Quantity::ValueAdded => self.plants.iter().map(|plant| plant.value_added).collect(),
            Quantity::Stressor(_) => self.mixed(of_industries),
        }
    }

    /// Anything per unit of output of each move's plants: that of their technology.
    pub fn mixed(&self, of_industries: &[f64]) -> Vec<f64> {
        let industries = self.table.industries();
        let one = |(mv, plant): (&Move, &Plant)| {
            let (a, b) = (industries.index(mv.from, mv.sector), industries.index(mv.to, mv.sector));
            mix(plant.destination_share, of_industries[b], of_industries[a])
        };
        self.moves.iter().zip(&self.plants).map(one).collect()
    }

    /// Intensity of the giving industry of each move.
    pub fn origin_intensities(&self, of_industries: &[f64]) -> Vec<f64> {
        self.rows().into_iter().map(|row| of_industries[row]).collect()
    }

    /// What the moves change in a quantity, by industry; relocated plants count in the receiving one.
    ///
    /// ```text
    /// ΔF = c ∘ (x' − x) + Σ_k g_k c*_k
    /// ```
    ///
    /// Exactly zero where nothing moves.
    pub fn changes(
        &self,
        moved: &Moved,
        economy: &Economy,
        of_industries: &[f64],
        of_plants: &[f64],
    ) -> Vec<f64> {
        let outputs = moved.established.iter().zip(&economy.output);
        let mut changes: Vec<f64> =
            outputs.zip(of_industries).map(|((new, old), c)| c * (new - old)).collect();
        for ((mv, g), c) in self.moves.iter().zip(&moved.relocated).zip(of_plants) {
            changes[self.table.industries().index(mv.to, mv.sector)] += g * c;
        }
        changes
    }
}

/// `share` of one value and the rest of another; exactly one of them where the share is 0 or 1.
fn mix(share: f64, destination: f64, origin: f64) -> f64 {
    match share {
        1.0 => destination,
        0.0 => origin,
        share => share * destination + (1.0 - share) * origin,
    }
}

/// Columns of A taken apart into technology and sourcing.
struct Columns<'a> {
    table: &'a Table,
    A: &'a Leontief,
}

/// Use of each product per unit of output, and where it comes from.
struct Split {
    /// H: inputs by product, imports included.
    inputs: Vec<f64>,
    /// T∘D: share of each industry's product in the use of that product; none where nothing is used.
    origins: Vec<Option<Vec<f64>>>,
}

impl Columns<'_> {
    fn column(&self, j: usize) -> Vec<f64> {
        self.A.coefficients().0.column(j)
    }

    /// Imports per unit of output of an industry.
    fn imported(&self, j: usize) -> f64 {
        let x = self.table.output()[j];
        let total = self.table.imports().intermediate_totals(self.table.output().len())[j];
        if x == 0.0 { 0.0 } else { total / x }
    }

    /// Inputs and origins of a buyer: its purchases by industry and its imports by product, or in
    /// all where imports are one row.
    fn split(&self, purchases: &[f64], imports: &dyn Fn(usize) -> f64, one_row: f64) -> Split {
        let (R, S) = (self.table.industries().regions.len(), self.table.industries().sectors.len());
        let all: f64 = purchases.iter().sum();
        // With one import row the same domestic share holds for every product.
        let domestic = if one_row == 0.0 { 1.0 } else { all / (all + one_row) };
        let mut split = Split { inputs: vec![0.0; S], origins: vec![None; S] };
        for i in 0..S {
            let bought: f64 = (0..R).map(|r| purchases[r * S + i]).sum();
            let use_of = if domestic > 0.0 { bought / domestic + imports(i) } else { imports(i) };
            split.inputs[i] = use_of;
            if use_of != 0.0 {
                split.origins[i] = Some((0..R).map(|r| purchases[r * S + i] / use_of).collect());
            }
        }
        split
    }

    fn industry(&self, j: usize) -> Split {
        let x = self.table.output()[j];
        match self.table.imports() {
            Imports::ByProduct { intermediate, .. } if x != 0.0 => {
                self.split(&self.column(j), &|i| intermediate[(i, j)] / x, 0.0)
            }
            Imports::OneRow { intermediate, .. } if x != 0.0 => {
                self.split(&self.column(j), &|_| 0.0, intermediate[j] / x)
            }
            _ => self.split(&self.column(j), &|_| 0.0, 0.0),
        }
    }

    /// Mean origins of all users of a region, weighted by their use; of the nation for `None`.
    fn mean_of_users(&self, region: Option<usize>) -> Split {
        let table = self.table;
        let (n, demand) = (table.industries().len(), table.final_demand());
        let inside = |of: Option<usize>| region.is_none() || of == region;
        let industry = |j: usize| inside(Some(table.industries().split(j).0));
        let column = |k: usize| demand.role(k).is_domestic() && inside(demand.columns[k].region);
        let mut purchases = vec![0.0; n];
        for (row, sum) in purchases.iter_mut().enumerate() {
            table.flows().each_in_row(row, |j, z| *sum += if industry(j) { z } else { 0.0 });
            demand.values.each_in_row(row, |k, c| *sum += if column(k) { c } else { 0.0 });
        }
        let sum = |by: &dyn Fn(usize) -> f64, also: &dyn Fn(usize) -> f64| -> f64 {
            (0..n).filter(|&j| industry(j)).map(by).sum::<f64>()
                + (0..demand.columns.len()).filter(|&k| column(k)).map(also).sum::<f64>()
        };
        match table.imports() {
            Imports::ByProduct { intermediate, final_demand } => self.split(
                &purchases,
                &|i| sum(&|j| intermediate[(i, j)], &|k| final_demand[(i, k)]),
                0.0,
            ),
            Imports::OneRow { intermediate, final_demand } => {
                self.split(&purchases, &|_| 0.0, sum(&|j| intermediate[j], &|k| final_demand[k]))
            }
            Imports::None => self.split(&purchases, &|_| 0.0, 0.0),
        }
    }

    /// Domestic inputs of a technology bought where a buyer buys; product-wise means of the
    /// buyer's region, then of the nation, stand in where the buyer itself does not buy a product.
    fn inputs(&self, technology: &Split, buyer: &Split, region: usize) -> Vec<f64> {
        let (R, S) = (self.table.industries().regions.len(), self.table.industries().sectors.len());
        let mut alpha = vec![0.0; R * S];
        let mut means: Option<[Split; 2]> = None;
        for i in (0..S).filter(|&i| technology.inputs[i] != 0.0) {
            let origins = match &buyer.origins[i] {
                Some(origins) => origins.clone(),
                None => {
                    let means = means.get_or_insert_with(|| {
                        [self.mean_of_users(Some(region)), self.mean_of_users(None)]
                    });
                    means
                        .iter()
                        .find_map(|mean| mean.origins[i].clone())
                        .unwrap_or_else(|| vec![0.0; R])
                }
            };
            (0..R).for_each(|r| alpha[r * S + i] = origins[r] * technology.inputs[i]);
        }
        alpha
    }

    /// The plants of a move; none if the destination's technology is wanted and there is none.
    fn plant(&self, mv: &Move) -> Option<Plant> {
        let (table, industries) = (self.table, self.table.industries());
        let (a, b) = (industries.index(mv.from, mv.sector), industries.index(mv.to, mv.sector));
        let absent = table.output()[b] == 0.0;
        let lambda = match mv.technology {
            Technology::Destination => 1.0,
            Technology::Origin => 0.0,
            Technology::Mix(share) => share,
            Technology::Best(_) if absent => 0.0,
            Technology::Best(stressor) => {
                let c = table.intensities(Quantity::Stressor(stressor));
                f64::from(u8::from(c[b] < c[a]))
            }
        };
        if absent && lambda > 0.0 {
            return None;
        }
        let phi = match mv.suppliers {
            Suppliers::Destination => 1.0,
            Suppliers::Origin => 0.0,
            Suppliers::Mix(share) => share,
        };
        let n = industries.len();
        let (mut inputs, mut imports, mut open) = (vec![0.0; n], 0.0, 0.0);
        for (technology, share) in [(b, lambda), (a, 1.0 - lambda)] {
            if share == 0.0 {
                continue;
            }
            let x = table.output()[technology];
            let split = self.industry(technology);
            let used: f64 = self.column(technology).iter().sum::<f64>() + self.imported(technology);
            for (buyer, region, weight) in [(b, mv.to, phi), (a, mv.from, 1.0 - phi)] {
                if weight == 0.0 {
                    continue;
                }
                // A technology bought where its own industry buys is that industry's column, to the bit.
                let alpha = if buyer == technology {
                    self.column(buyer)
                } else {
                    self.inputs(&split, &self.industry(buyer), region)
                };
                let domestic: f64 = alpha.iter().sum();
                inputs.iter_mut().zip(&alpha).for_each(|(sum, v)| *sum += share * weight * v);
                imports += share * weight * (used - domestic);
            }
            open +=
                if x == 0.0 { 0.0 } else { share * table.discrepancy().columns[technology] / x };
        }
        let value_added = 1.0 - inputs.iter().sum::<f64>() - imports - open;
        Some(Plant {
            inputs,
            imports,
            value_added,
            destination_share: lambda,
            response: Vec::new(),
        })
    }
}
