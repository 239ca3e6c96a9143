//! The effect of a change of origin shares, split over pairs of regions (METHODS B2).
//!
//! In a use cell the losers' losses go to the winners in proportion: `τ(r→q) = δ⁻_r δ⁺_q / Σ δ⁻`.
//! What moves between two regions is `G = τ · levels`, a product of matrices over the users; its
//! full effect is `G (m_q − m_r)` with the regional multipliers of the two industries.

#![allow(non_snake_case)]

use std::ops::Range;

use super::levels::Levels;
use super::pairs::{FactorPairs, PairMeasure, ProductPairs};
use super::solution::{IntensitySet, all, intensity_sets};
use super::transfer::Solver;
use crate::linalg::kernel::{Kernel, Machine, add_product};

/// Users whose flows between all pairs are held at once: they stay in the cache.
const USERS_AT_ONCE: usize = 64;

/// Groups of impact that are summed at once, in registers.
const LANES: usize = 8;

/// What a unit of final demand for each industry's product makes in each group, of every solved state
/// and set of intensities: industries × sets × lanes of groups × states.
pub(super) struct Multipliers {
    sets: Vec<IntensitySet>,
    groups: usize,
    states: usize,
    values: Vec<[f64; LANES]>,
}

impl Multipliers {
    /// Vectors of [`LANES`] groups per industry and set.
    fn vectors(&self) -> usize {
        self.groups.div_ceil(LANES)
    }

    fn of(&self, industry: usize) -> &[[f64; LANES]] {
        let block = self.sets.len() * self.vectors() * self.states;
        &self.values[industry * block..][..block]
    }
}

impl Solver<'_> {
    /// Splits the effect of a sourcing factor over pairs of regions.
    pub(super) fn pairs(&self, levels: &Levels, multipliers: &Multipliers) -> FactorPairs {
        let industries = &self.pair.industries;
        let machine = Machine::new();
        let products = all(industries.sectors.len(), industries.len(), |product| {
            machine.dispatch(OfProduct { solver: self, levels, product, multipliers })
        });
        let (regions, groups) = (industries.regions.len(), multipliers.groups);
        FactorPairs { factor: levels.factor, regions, groups, products }
    }

    /// Place of a state among those that were solved.
    fn place(&self, state: usize) -> usize {
        self.states[..state].iter().filter(|state| !state.multipliers.is_empty()).count()
    }

    /// Multipliers of all states, gathered in the order in which they are summed.
    pub(super) fn multipliers(&self, groups: usize) -> Multipliers {
        let n = self.pair.industries.len();
        let sets = intensity_sets(self.pair);
        let solved = || self.states.iter().filter(|state| !state.multipliers.is_empty());
        let states = solved().count();
        let vectors = groups.div_ceil(LANES);
        let block = sets.len() * vectors * states;
        let mut values = vec![[0.0; LANES]; n * block];
        for (state, solved) in solved().enumerate() {
            for (at, column) in solved.multipliers.chunks_exact(n).enumerate() {
                let (set, group) = (at / groups, at % groups);
                let first = (set * vectors + group / LANES) * states + state;
                for (value, lanes) in column.iter().zip(values[first..].iter_mut().step_by(block)) {
                    lanes[group % LANES] = *value;
                }
            }
        }
        Multipliers { sets, groups, states, values }
    }
}

/// The pairs of one product, compiled for the widest registers that the machine has.
struct OfProduct<'a> {
    solver: &'a Solver<'a>,
    levels: &'a Levels,
    product: usize,
    multipliers: &'a Multipliers,
}

impl Kernel for OfProduct<'_> {
    type Output = ProductPairs;

    #[inline(always)]
    fn call(self) -> ProductPairs {
        let layers = self.levels.layers();
        let (inner, users) = (self.levels.intermediate_users, self.levels.users);
        let mut moved = self.moved(0..inner);
        let by_final_use = self.moved(inner..users);
        let sums = |moved: &[f64]| moved.chunks(layers).map(|cell| cell.iter().sum()).collect();
        let (intermediate, final_use) = (sums(&moved), sums(&by_final_use));
        moved.iter_mut().zip(&by_final_use).for_each(|(sum, more)| *sum += more);
        ProductPairs { intermediate, final_use, measures: self.measures(&moved) }
    }
}

impl OfProduct<'_> {
    fn regions(&self) -> usize {
        self.solver.pair.industries.regions.len()
    }

    /// The industry that makes the product in a region.
    fn industry(&self, region: usize) -> usize {
        region * self.solver.pair.industries.sectors.len() + self.product
    }

    /// What moves between regions on behalf of some users: pairs × layers.
    #[inline(always)]
    fn moved(&self, users: Range<usize>) -> Vec<f64> {
        let (R, layers) = (self.regions(), self.levels.layers());
        let mut moved = vec![0.0; R * R * layers];
        let width = users.len().min(USERS_AT_ONCE);
        let (mut gains, mut losses) = (vec![0.0; R * width], vec![0.0; R * width]);
        let (mut lost, mut flows) = (vec![0.0; width], vec![0.0; R * R * width]);
        for start in users.clone().step_by(USERS_AT_ONCE) {
            let end = users.end.min(start + USERS_AT_ONCE);
            let width = end - start;
            lost[..width].fill(0.0);
            for r in 0..R {
                let [before, after] = self.solver.shares(self.levels.factor, self.industry(r));
                let changes = after[start..end].iter().zip(&before[start..end]);
                let into = (gains[r * width..][..width].iter_mut())
                    .zip(&mut losses[r * width..][..width])
                    .zip(&mut lost);
                for (((gain, loss), lost), (after, before)) in into.zip(changes) {
                    let change = after - before;
                    (*gain, *loss) = (change.max(0.0), (-change).max(0.0));
                    *lost += *loss;
                }
            }
            for losses in losses.chunks_exact_mut(width).take(R) {
                for (loss, lost) in losses.iter_mut().zip(&lost) {
                    // Where nobody loses there is nothing to divide.
                    *loss /= if *lost == 0.0 { 1.0 } else { *lost };
                }
            }
            let rows = flows.chunks_exact_mut(R * width).zip(losses.chunks_exact(width));
            for (row, losses) in rows.take(R) {
                for (flows, gains) in row.chunks_exact_mut(width).zip(gains.chunks_exact(width)) {
                    let parts = losses.iter().zip(gains);
                    flows
                        .iter_mut()
                        .zip(parts)
                        .for_each(|(flow, (loss, gain))| *flow = loss * gain);
                }
            }
            let levels = self.levels.of_users(self.product, start..end);
            let flows = &flows[..R * R * width];
            add_product(&mut moved, flows, levels, [R * R, width, layers]);
        }
        moved
    }

    /// Each quantity's measures of the pairs.
    #[inline(always)]
    fn measures(&self, moved: &[f64]) -> Vec<PairMeasure> {
        let (R, layers) = (self.regions(), self.levels.layers());
        let (pair, multipliers) = (self.solver.pair, self.multipliers);
        let (groups, vectors) = (multipliers.groups, multipliers.vectors());
        let mut measures = vec![PairMeasure::zeros(R, groups); pair.quantities.len()];
        let places: Vec<usize> =
            self.levels.states.iter().map(|state| self.solver.place(*state)).collect();
        // By state, there and back: the move at the intensity of the base year, of the target year,
        // of both.
        let mut weights = [(); 3].map(|()| vec![[0.0; 2]; multipliers.states]);
        for (from, to) in (0..R).flat_map(|to| (0..to).map(move |from| (from, to))) {
            let cells = [from * R + to, to * R + from];
            let (a, b) = (self.industry(from), self.industry(to));
            let mut totals = [[0.0; 2]; 2];
            for (way, (cell, [base_total, target_total])) in
                cells.iter().zip(&mut totals).enumerate()
            {
                let by_year = moved[cell * layers..][..layers].as_chunks::<2>().0;
                for ([base, target], state) in by_year.iter().zip(&places) {
                    (*base_total, *target_total) = (*base_total + base, *target_total + target);
                    weights[0][*state][way] = *base;
                    weights[1][*state][way] = *target;
                    weights[2][*state][way] = base + target;
                }
            }
            let [there, back] = cells;
            let gaps = (multipliers.of(b).chunks_exact(multipliers.states))
                .zip(multipliers.of(a).chunks_exact(multipliers.states));
            for (at, (plus, minus)) in gaps.enumerate() {
                let (set, first) = (&multipliers.sets[at / vectors], at % vectors * LANES);
                let mut sums = [[0.0; LANES]; 2];
                let weights = &weights[set.year.unwrap_or(2)];
                for (([there, back], plus), minus) in weights.iter().zip(plus).zip(minus) {
                    let gap: [f64; LANES] = std::array::from_fn(|lane| plus[lane] - minus[lane]);
                    sums[0] = std::array::from_fn(|lane| sums[0][lane] + there * gap[lane]);
                    sums[1] = std::array::from_fn(|lane| sums[1][lane] - back * gap[lane]);
                }
                let effect = &mut measures[set.quantity].effect;
                let width = (groups - first).min(LANES);
                for (cell, sum) in [there, back].into_iter().zip(&sums) {
                    let into = &mut effect[cell * groups + first..][..width];
                    into.iter_mut().zip(sum).for_each(|(into, sum)| *into += sum);
                }
            }
            for (at, measure) in measures.iter_mut().enumerate() {
                let [c0, c1] = [0, 1].map(|year| &pair.years[year].intensities[at]);
                let [at_a, at_b] =
                    [a, b].map(|k| totals.map(|[base, target]| base * c0[k] + target * c1[k]));
                (measure.given[there], measure.received[there]) = (at_a[0], at_b[0]);
                (measure.given[back], measure.received[back]) = (at_b[1], at_a[1]);
            }
        }
        measures
    }
}
