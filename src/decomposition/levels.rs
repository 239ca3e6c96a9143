//! Levels of use behind a change of origin shares, and the direct part of its effect.
//!
//! `x1 − x0 = ½[L1 d(x0) + L0 d(x1)]`: what users call for of the changed shares, propagated by the
//! inverse of the one year with the output of the other. METHODS B2.

#![allow(non_snake_case)]

use std::ops::Range;

use super::solution::{PARTS, Part};
use super::transfer::{QuantityEffects, Solver};
use super::{Coalition, Factor, subsets};
use crate::linalg::kernel::dot;

/// How much of a use, per product and user, stands behind a change of origin shares: weights of
/// the decomposition times levels, apart by layer: the state that the effect is propagated in, and
/// the year of the intensity.
pub(super) struct Levels {
    pub(super) factor: Factor,
    /// State of each two layers; the first is of the base year's intensity, the second of the target's.
    pub(super) states: Vec<usize>,
    /// Products × users × layers.
    values: Vec<f64>,
    pub(super) users: usize,
    /// Users that are industries; the rest is final use.
    pub(super) intermediate_users: usize,
}

impl Levels {
    fn new(
        factor: Factor,
        products: usize,
        users: usize,
        intermediate_users: usize,
        states: Vec<usize>,
    ) -> Self {
        let values = vec![0.0; products * users * 2 * states.len()];
        Levels { factor, states, values, users, intermediate_users }
    }

    pub(super) fn layers(&self) -> usize {
        2 * self.states.len()
    }

    /// Levels of a product and some users: users × layers.
    pub(super) fn of_users(&self, product: usize, users: Range<usize>) -> &[f64] {
        let (layers, first) = (self.layers(), product * self.users);
        &self.values[(first + users.start) * layers..(first + users.end) * layers]
    }
}

impl Solver<'_> {
    pub(super) fn levels(&self, factor: Factor) -> Levels {
        if factor == Factor::Sourcing { self.sourcing_levels() } else { self.export_levels() }
    }

    /// Levels behind a change of T and TF:
    /// `x1 − x0 = ½[L1 d(x0) + L0 d(x1)]`, `d(x) = ΔT∘D∘H x + ΔTF∘DF∘Y`.
    fn sourcing_levels(&self) -> Levels {
        let (players, pair) = (&self.players, self.pair);
        let n = pair.industries.len();
        let users = n + pair.demand_columns;
        let (S, T) = (pair.industries.sectors.len(), players.bit(Factor::Sourcing));
        // The matrix in which the effect is propagated: D and H as in the coalition, T of either year.
        let settings: Vec<(Coalition, Coalition)> =
            subsets(players.matrix() & !T).flat_map(|matrix| [(matrix, 0), (matrix, T)]).collect();
        let states =
            settings.iter().map(|(matrix, propagated)| self.state(matrix | propagated)).collect();
        let mut levels = Levels::new(Factor::Sourcing, S, users, n, states);
        let layers = levels.layers();
        // Of every layer the output that stands behind it, users side by side, and the weights of
        // the two years of final demand.
        let mut output = vec![0.0; n * layers];
        let mut demand = vec![[0.0; 2]; layers];
        for (at, (matrix, propagated)) in settings.iter().enumerate() {
            for (year, c) in [0, players.intensity()].into_iter().enumerate() {
                let (x, weights) = self.weighted_output(matrix | c, T & !propagated);
                let layer = 2 * at + year;
                demand[layer] = weights;
                let column = output[layer..].iter_mut().step_by(layers);
                column.zip(&x).for_each(|(cell, x)| *cell = *x);
            }
        }
        // Four layers have D and H in common.
        for (four, setting) in settings.chunks_exact(2).enumerate() {
            let [D, H] = [Factor::ImportShare, Factor::Technology]
                .map(|factor| &pair.years[players.year(factor, setting[0].0)]);
            let demand: [[f64; 2]; 4] = std::array::from_fn(|at| demand[4 * four + at]);
            for i in 0..S {
                let (D, H) = (D.domestic.row(i), H.inputs.row(i));
                let Y = [0, 1].map(|year| &pair.years[year].inputs.row(i)[n..]);
                let rows = &mut levels.values[i * users * layers..][..users * layers];
                let (inner, last) = rows.split_at_mut(n * layers);
                let outputs = output.chunks_exact(layers).map(|x| &x.as_chunks::<4>().0[four]);
                for (((cells, x), d), h) in
                    inner.chunks_exact_mut(layers).zip(outputs).zip(D).zip(H)
                {
                    let cells = &mut cells.as_chunks_mut::<4>().0[four];
                    *cells = x.map(|x| d * (h * x));
                }
                let uses = D[n..].iter().zip(Y[0]).zip(Y[1]);
                for (cells, ((d, y0), y1)) in last.chunks_exact_mut(layers).zip(uses) {
                    let cells = &mut cells.as_chunks_mut::<4>().0[four];
                    *cells = demand.map(|weight| d * (weight[0] * y0 + weight[1] * y1));
                }
            }
        }
        levels
    }

    /// Half the weighted output over the coalitions that have `fixed` of the factors of A and c,
    /// with T of the year in `sourcing`; and half the weights of the two years of final demand.
    fn weighted_output(&self, fixed: Coalition, sourcing: Coalition) -> (Vec<f64>, [f64; 2]) {
        let players = &self.players;
        let mut x = vec![0.0; self.pair.industries.len()];
        let mut demand = [0.0; 2];
        for part in PARTS {
            let all = players.of_part(part) | players.intensity();
            for own in subsets(players.of_part(part) & !players.matrix()) {
                let weight = 0.5 * self.average.weight(0, all, fixed | own);
                if weight == 0.0 {
                    continue;
                }
                let output = self.output_of(part, fixed | own | sourcing);
                x.iter_mut().zip(output).for_each(|(sum, v)| *sum += weight * v);
                if part == Part::Demand {
                    demand[players.year(Factor::FinalDemand, own)] += weight;
                }
            }
        }
        (x, demand)
    }

    /// Levels behind a change of TE: `x1 − x0 = L ΔTE∘EX`.
    fn export_levels(&self) -> Levels {
        let (players, pair) = (&self.players, self.pair);
        let S = pair.industries.sectors.len();
        let ex = players.bit(Factor::Exports);
        let all = players.of_part(Part::Export) | players.intensity();
        let k = players.position(Factor::ExportOrigin).unwrap_or_default();
        let settings: Vec<Coalition> = subsets(players.matrix()).collect();
        let states = settings.iter().map(|matrix| self.state(*matrix)).collect();
        let mut levels = Levels::new(Factor::ExportOrigin, S, 1, 0, states);
        let layers = levels.layers();
        for (at, matrix) in settings.into_iter().enumerate() {
            for (year, c) in [0, players.intensity()].into_iter().enumerate() {
                let weights = [0, ex].map(|ex| self.average.weight(k, all, matrix | c | ex));
                for i in 0..S {
                    let exports = [0, 1].map(|year| pair.years[year].exports[i]);
                    levels.values[i * layers + 2 * at + year] =
                        weights[0] * exports[0] + weights[1] * exports[1];
                }
            }
        }
        levels
    }

    /// Origin shares of an industry in every use of its product, in both years.
    pub(super) fn shares(&self, factor: Factor, k: usize) -> [&[f64]; 2] {
        [0, 1].map(|year| {
            let year = &self.pair.years[year];
            match factor {
                Factor::ExportOrigin => &year.export_origin[k..=k],
                _ => year.sourcing.row(k),
            }
        })
    }

    /// Direct part of the effect of sourcing or export origin: the sales that change hands, at the
    /// seller's intensity.
    pub(super) fn add_direct(&self, levels: &Levels, quantities: &mut [QuantityEffects]) {
        let n = self.pair.industries.len();
        let (R, S) = (self.pair.industries.regions.len(), self.pair.industries.sectors.len());
        let mut by_year = [vec![0.0; n], vec![0.0; n]];
        let mut level = [vec![0.0; levels.users], vec![0.0; levels.users]];
        let mut changes = vec![0.0; levels.users];
        for i in 0..S {
            let [base, target] = &mut level;
            let layers = levels.of_users(i, 0..levels.users).chunks_exact(levels.layers());
            for ((base, target), layers) in base.iter_mut().zip(target).zip(layers) {
                let sum = |[a, b]: [f64; 2], pair: &[f64; 2]| [a + pair[0], b + pair[1]];
                [*base, *target] = layers.as_chunks::<2>().0.iter().fold([0.0; 2], sum);
            }
            for r in 0..R {
                let k = r * S + i;
                let [before, after] = self.shares(levels.factor, k);
                let pairs = after.iter().zip(before);
                changes.iter_mut().zip(pairs).for_each(|(change, (a, b))| *change = a - b);
                for year in 0..2 {
                    by_year[year][k] = dot(&changes, &level[year]);
                }
            }
        }
        for (at, quantity) in quantities.iter_mut().enumerate() {
            let [a, b] = [0, 1].map(|year| &self.pair.years[year].intensities[at]);
            let direct = (0..n).map(|k| by_year[0][k] * a[k] + by_year[1][k] * b[k]).collect();
            if let Some(effect) =
                quantity.effects.iter_mut().find(|effect| effect.factor == levels.factor)
            {
                effect.direct = Some(direct);
            }
        }
    }
}
