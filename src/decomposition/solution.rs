//! Solutions of the model for every mixture of the two years, and what they share.
//!
//! Only T, D and H enter `A`: a state is a choice of their years. Each state is factored once and
//! solved for every part of final demand, and backwards for the regional multipliers.

#![allow(non_snake_case)]

use rayon::prelude::*;

use super::shares::FactorPair;
use super::transfer::{PairDetail, TransferError};
use super::{Coalition, Factor};
use crate::labels::Industries;
use crate::leontief::{LeontiefError, singular};
use crate::linalg::factor::Factor as LU;
use crate::progress::Progress;

/// A part of final demand: the parts add up to all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Demand,
    Export,
    Inventories,
    Error,
}

pub(super) const PARTS: [Part; 4] = [Part::Demand, Part::Export, Part::Inventories, Part::Error];

/// Positions of the factors in a coalition.
pub(super) struct Players {
    pub(super) factors: Vec<Factor>,
    pub(super) count: usize,
}

impl Players {
    pub(super) fn of(pair: &FactorPair) -> Self {
        let mut factors = pair.factors();
        factors.push(Factor::Intensity);
        Players { count: factors.len(), factors }
    }

    /// Position of a factor; technology and domestic inputs are one place, so are the two demands.
    pub(super) fn position(&self, factor: Factor) -> Option<usize> {
        let same = |other: Factor| match (factor, other) {
            (Factor::Technology, Factor::DomesticInputs)
            | (Factor::FinalDemand, Factor::DomesticDemand) => true,
            (a, b) => a == b,
        };
        self.factors.iter().position(|other| same(*other))
    }

    pub(super) fn bit(&self, factor: Factor) -> Coalition {
        self.position(factor).map_or(0, |at| 1 << at)
    }

    pub(super) fn intensity(&self) -> Coalition {
        1 << (self.count - 1)
    }

    /// Factors that the matrix A depends on.
    pub(super) fn matrix(&self) -> Coalition {
        self.bit(Factor::Sourcing) | self.bit(Factor::ImportShare) | self.bit(Factor::Technology)
    }

    /// Factors that a part of output depends on.
    pub(super) fn of_part(&self, part: Part) -> Coalition {
        let own = match part {
            Part::Demand => self.bit(Factor::FinalDemand),
            Part::Export => self.bit(Factor::ExportOrigin) | self.bit(Factor::Exports),
            Part::Inventories => self.bit(Factor::Inventories),
            Part::Error => self.bit(Factor::Error),
        };
        self.matrix() | own
    }

    pub(super) fn year(&self, factor: Factor, coalition: Coalition) -> usize {
        usize::from(coalition & self.bit(factor) != 0)
    }
}

/// Solutions for one choice of the years of T, D and H.
pub(super) struct State {
    /// Output of each part, by the years of the part's own factors.
    pub(super) demand: [Vec<f64>; 2],
    pub(super) export: [[Vec<f64>; 2]; 2],
    pub(super) inventories: [Vec<f64>; 2],
    pub(super) error: [Vec<f64>; 2],
    /// Per set of intensities (see [`intensity_sets`]), groups × industries: what a
    /// unit of final demand for each industry's product makes in each group.
    pub(super) multipliers: Vec<f64>,
}

/// Below this number of industries handing work to other threads costs more than it saves.
pub(super) const ALONE: usize = 200;

/// `make(0) ... make(count − 1)` in order, on all threads where there is enough to do.
pub(super) fn all<T: Send>(
    count: usize,
    industries: usize,
    make: impl Fn(usize) -> T + Send + Sync,
) -> Vec<T> {
    if industries < ALONE {
        (0..count).map(make).collect()
    } else {
        (0..count).into_par_iter().map(make).collect()
    }
}

/// Solutions of every choice of the years of T, D and H; where D is not a factor, its two years
/// are one state and the second stays empty.
pub(super) fn solve_states(
    pair: &FactorPair,
    groups: &Groups,
    progress: &dyn Progress,
) -> Result<Vec<State>, TransferError> {
    progress.begin("factorisations", if pair.imports_by_product { 8 } else { 4 });
    let solve = |state: usize| {
        if !pair.imports_by_product && state & 2 != 0 {
            return Ok(State::empty());
        }
        if progress.cancelled() {
            return Err(TransferError::Cancelled);
        }
        let solved = solve_state(pair, state, groups)?;
        progress.step();
        Ok(solved)
    };
    all(8, pair.industries.len(), solve).into_iter().collect()
}

/// Which group each industry is in.
pub(super) struct Groups {
    pub(super) of: Vec<usize>,
    pub(super) count: usize,
}

pub(super) fn impact_groups(industries: &Industries, detail: PairDetail<'_>) -> Groups {
    let n = industries.len();
    let (of, count): (Vec<usize>, usize) = match detail {
        PairDetail::None => (vec![0; n], 0),
        PairDetail::Regions => {
            ((0..n).map(|k| industries.split(k).0).collect(), industries.regions.len())
        }
        PairDetail::Classes(classes) => {
            let count = classes.iter().max().map_or(0, |last| last + 1);
            let group = |k| {
                let (region, sector) = industries.split(k);
                region * count + classes[sector]
            };
            ((0..n).map(group).collect(), industries.regions.len() * count)
        }
        PairDetail::Industries => ((0..n).collect(), n),
    };
    Groups { of, count }
}

impl State {
    pub(super) fn empty() -> Self {
        State {
            demand: Default::default(),
            export: Default::default(),
            inventories: Default::default(),
            error: Default::default(),
            multipliers: Vec::new(),
        }
    }
}

/// Factors `I − A` for a choice of years and solves for every part of final demand.
fn solve_state(pair: &FactorPair, state: usize, groups: &Groups) -> Result<State, LeontiefError> {
    let [t, d, h] = [state & 1, state >> 1 & 1, state >> 2 & 1];
    let n = pair.industries.len();
    let S = pair.industries.sectors.len();
    let users = n + pair.demand_columns;
    let (T, D, H) = (&pair.years[t].sourcing, &pair.years[d].domestic, &pair.years[h].inputs);
    let mut M = vec![0.0; n * n];
    let mut level = vec![0.0; n];
    let mut rhs = vec![0.0; 10 * n];
    for i in 0..S {
        level.iter_mut().zip(D.row(i)).zip(H.row(i)).for_each(|((level, d), h)| *level = d * h);
        for k in (i..n).step_by(S) {
            let shares = T.row(k);
            let row = &mut M[k * n..(k + 1) * n];
            row.iter_mut().zip(shares).zip(&level).for_each(|((m, t), level)| *m -= t * level);
            row[k] += 1.0;
            for (y, year) in pair.years.iter().enumerate() {
                let (D, Y) = (&D.row(i)[n..users], &year.inputs.row(i)[n..users]);
                rhs[y * n + k] =
                    shares[n..users].iter().zip(D).zip(Y).map(|((t, d), y)| t * d * y).sum();
            }
        }
    }
    for (cell, &(i, j)) in pair.excluded.iter().enumerate() {
        if j < n {
            let values = &pair.years[h].excluded[cell];
            values.iter().enumerate().for_each(|(r, value)| M[(r * S + i) * n + j] -= value);
        } else {
            for (y, year) in pair.years.iter().enumerate() {
                let values = &year.excluded[cell];
                values.iter().enumerate().for_each(|(r, value)| rhs[y * n + r * S + i] += value);
            }
        }
    }
    for te in 0..2 {
        for ex in 0..2 {
            let (origin, exports) = (&pair.years[te].export_origin, &pair.years[ex].exports);
            let into = &mut rhs[(2 + 2 * te + ex) * n..][..n];
            into.iter_mut().enumerate().for_each(|(k, f)| *f = origin[k] * exports[k % S]);
        }
    }
    for year in 0..2 {
        rhs[(6 + year) * n..][..n].copy_from_slice(&pair.years[year].inventories);
        rhs[(8 + year) * n..][..n].copy_from_slice(&pair.years[year].error);
    }
    let lu = LU::of_rows(M, n)
        .map_err(|error| singular(error, "a mixture of the two years", &pair.industries))?;
    lu.solve_columns(&mut rhs);
    let mut solved = rhs.chunks(n).map(<[f64]>::to_vec);
    let mut next = || solved.next().unwrap_or_default();
    let demand = [next(), next()];
    let export = [[next(), next()], [next(), next()]];
    let (inventories, error) = ([next(), next()], [next(), next()]);
    let multipliers = multipliers(pair, &lu, groups);
    Ok(State { demand, export, inventories, error, multipliers })
}

/// A quantity's intensities of one year; of both where they are the same (`year` is none).
pub(super) struct IntensitySet {
    pub(super) quantity: usize,
    pub(super) year: Option<usize>,
}

/// The intensities that multipliers are made of: those of both years, one where both are the same.
pub(super) fn intensity_sets(pair: &FactorPair) -> Vec<IntensitySet> {
    let sets = |quantity: usize| {
        let same = pair.years[0].intensities[quantity] == pair.years[1].intensities[quantity];
        let years = if same { vec![None] } else { vec![Some(0), Some(1)] };
        years.into_iter().map(move |year| IntensitySet { quantity, year })
    };
    (0..pair.quantities.len()).flat_map(sets).collect()
}

fn multipliers(pair: &FactorPair, lu: &LU, groups: &Groups) -> Vec<f64> {
    let (n, count) = (lu.size(), groups.count);
    let sets = intensity_sets(pair);
    let mut columns = vec![0.0; n * count * sets.len()];
    if count > 0 {
        for (set, columns) in sets.iter().zip(columns.chunks_mut(n * count)) {
            let intensity = &pair.years[set.year.unwrap_or(0)].intensities[set.quantity];
            (0..n).for_each(|k| columns[groups.of[k] * n + k] = intensity[k]);
        }
        lu.solve_transposed_columns(&mut columns);
    }
    columns
}
