//! Direct transfers, and their split over pairs of regions with the full effect of each pair.
//!
//! `x1 − x0 = ½[L1 d(x0) + L0 d(x1)]`: what users call for of the changed shares, propagated by the
//! inverse of the one year with the output of the other. METHODS B2.

#![allow(non_snake_case)]

use super::pairs::{FactorPairs, PairMeasure, ProductPairs};
use super::solution::{PARTS, Part, all, intensity_sets};
use super::transfer::{QuantityEffects, Solver};
use super::{Coalition, Factor, subsets};

/// How much of a use, per product and user, stands behind a change of origin shares: weights of
/// the decomposition times levels, apart by layer: the state that the effect is propagated in, and
/// the year of the intensity.
pub(super) struct Levels {
    factor: Factor,
    /// State of each two layers; the first is of the base year's intensity, the second of the target's.
    states: Vec<usize>,
    /// Products × users × layers.
    values: Vec<f64>,
    users: usize,
    /// Users that are industries; the rest is final use.
    intermediate_users: usize,
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

    fn layers(&self) -> usize {
        2 * self.states.len()
    }

    /// Levels of a product and user, by layer.
    fn of(&self, product: usize, user: usize) -> &[f64] {
        let layers = self.layers();
        &self.values[(product * self.users + user) * layers..][..layers]
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
        for (at, (matrix, propagated)) in settings.into_iter().enumerate() {
            let [D, H] = [Factor::ImportShare, Factor::Technology]
                .map(|factor| &pair.years[players.year(factor, matrix)]);
            let (D, H) = (&D.domestic, &H.inputs);
            for (year, c) in [0, players.intensity()].into_iter().enumerate() {
                let (x, demand) = self.weighted_output(matrix | c, T & !propagated);
                for i in 0..S {
                    let row = &mut levels.values[i * users * layers + 2 * at + year..];
                    let cells = row.iter_mut().step_by(layers).take(users);
                    let [Y0, Y1] = [0, 1].map(|year| pair.years[year].inputs.row(i));
                    for (j, cell) in cells.enumerate() {
                        let level = if j < n {
                            H[(i, j)] * x[j]
                        } else {
                            demand[0] * Y0[j] + demand[1] * Y1[j]
                        };
                        *cell = D[(i, j)] * level;
                    }
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
    fn shares(&self, factor: Factor, k: usize) -> [&[f64]; 2] {
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
        for i in 0..S {
            let [base, target] = &mut level;
            for (user, (base, target)) in base.iter_mut().zip(target).enumerate() {
                let layers = levels.of(i, user).chunks(2);
                (*base, *target) =
                    layers.fold((0.0, 0.0), |(a, b), pair| (a + pair[0], b + pair[1]));
            }
            for r in 0..R {
                let k = r * S + i;
                let [before, after] = self.shares(levels.factor, k);
                for year in 0..2 {
                    let changes = after.iter().zip(before).zip(&level[year]);
                    by_year[year][k] =
                        changes.map(|((after, before), level)| (after - before) * level).sum();
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

    /// Splits the effect of a sourcing factor over pairs of regions: in each use cell, what the
    /// losers lose goes to the winners in proportion.
    pub(super) fn pairs(
        &self,
        levels: &Levels,
        groups: usize,
        multipliers: &[Multipliers],
    ) -> FactorPairs {
        let industries = &self.pair.industries;
        let products = all(industries.sectors.len(), industries.len(), |i| {
            self.product_pairs(levels, groups, i, multipliers)
        });
        FactorPairs { factor: levels.factor, regions: industries.regions.len(), groups, products }
    }

    /// Multipliers of each quantity with all its layers side by side for each industry, as they are
    /// summed over.
    pub(super) fn multipliers(&self, groups: usize) -> Vec<Multipliers> {
        let n = self.pair.industries.len();
        let sets = intensity_sets(self.pair);
        let gather = |at: usize| {
            let own: Vec<usize> = (0..sets.len()).filter(|set| sets[*set].0 == at).collect();
            let block = self.states.len() * own.len() * groups;
            let mut values = vec![0.0; n * block];
            for (state, solved) in
                self.states.iter().enumerate().filter(|(_, state)| !state.multipliers.is_empty())
            {
                for (year, set) in own.iter().enumerate() {
                    let first = (state * own.len() + year) * groups;
                    let columns = &solved.multipliers[set * n * groups..][..n * groups];
                    for k in 0..n {
                        let into = &mut values[k * block + first..][..groups];
                        into.iter_mut()
                            .enumerate()
                            .for_each(|(group, into)| *into = columns[group * n + k]);
                    }
                }
            }
            Multipliers { years: own.len(), block, values }
        };
        all(self.pair.quantities.len(), n, gather)
    }

    /// Pairs of one product: direct transfers by initiator, and each quantity's measures.
    fn product_pairs(
        &self,
        levels: &Levels,
        groups: usize,
        i: usize,
        multipliers: &[Multipliers],
    ) -> ProductPairs {
        let (R, S) = (self.pair.industries.regions.len(), self.pair.industries.sectors.len());
        let layers = levels.layers();
        // Transfers per pair and layer.
        let mut moved = vec![0.0; R * R * layers];
        let mut direct = [vec![0.0; R * R], vec![0.0; R * R]];
        let shares: Vec<[&[f64]; 2]> =
            (0..R).map(|r| self.shares(levels.factor, r * S + i)).collect();
        // Who loses and who wins in a use cell; gathered without branches, as signs are random.
        let mut losers = vec![(0, 0.0); R + 1];
        let mut winners = vec![(0, 0.0); R + 1];
        for user in 0..levels.users {
            let (mut lost, mut losing, mut winning) = (0.0, 0, 0);
            for (r, [before, after]) in shares.iter().enumerate() {
                let change = after[user] - before[user];
                (losers[losing], winners[winning]) = ((r, -change), (r, change));
                losing += usize::from(change < 0.0);
                winning += usize::from(change > 0.0);
                lost += (-change).max(0.0);
            }
            if lost == 0.0 {
                continue;
            }
            let level = levels.of(i, user);
            let all_layers: f64 = level.iter().sum();
            let kind = usize::from(user >= levels.intermediate_users);
            for (r, loss) in &losers[..losing] {
                let share = loss / lost;
                for (q, gain) in &winners[..winning] {
                    let flow = share * gain;
                    let cell = r * R + q;
                    direct[kind][cell] += flow * all_layers;
                    let into = &mut moved[cell * layers..(cell + 1) * layers];
                    into.iter_mut().zip(level).for_each(|(sum, level)| *sum += flow * level);
                }
            }
        }
        let measure =
            |(at, multipliers)| self.pair_measure(levels, groups, (i, at), &moved, multipliers);
        let measures = multipliers.iter().enumerate().map(measure).collect();
        let [intermediate, final_use] = direct;
        ProductPairs { intermediate, final_use, measures }
    }

    /// A quantity's measures of the pairs of one product.
    fn pair_measure(
        &self,
        levels: &Levels,
        groups: usize,
        (i, at): (usize, usize),
        moved: &[f64],
        multipliers: &Multipliers,
    ) -> PairMeasure {
        let pair = self.pair;
        let (R, S, layers) =
            (pair.industries.regions.len(), pair.industries.sectors.len(), levels.layers());
        let [c0, c1] = [0, 1].map(|year| &pair.years[year].intensities[at]);
        let (mut received, mut given) = (vec![0.0; R * R], vec![0.0; R * R]);
        let mut effect = vec![0.0; R * R * groups];
        let (years, block) = (multipliers.years, multipliers.block);
        for cell in (0..R * R).filter(|cell| cell / R != cell % R) {
            let (a, b) = (cell / R * S + i, cell % R * S + i);
            let (lost, gained) = (
                &multipliers.values[a * block..][..block],
                &multipliers.values[b * block..][..block],
            );
            let into = &mut effect[cell * groups..(cell + 1) * groups];
            for (g, state) in
                moved[cell * layers..(cell + 1) * layers].chunks_exact(2).zip(&levels.states)
            {
                if g[0] == 0.0 && g[1] == 0.0 {
                    continue;
                }
                received[cell] += g[0] * c0[b] + g[1] * c1[b];
                given[cell] += g[0] * c0[a] + g[1] * c1[a];
                // Where both years have one intensity, they have one set of multipliers.
                let weights: &[f64] = if years == 1 { &[g[0] + g[1]] } else { g };
                for (year, g) in weights.iter().enumerate() {
                    let first = (state * years + year) * groups;
                    let (gained, lost) = (&gained[first..][..groups], &lost[first..][..groups]);
                    into.iter_mut()
                        .zip(gained)
                        .zip(lost)
                        .for_each(|((sum, b), a)| *sum += g * (b - a));
                }
            }
        }
        PairMeasure { received, given, effect }
    }
}

/// Multipliers of one quantity: industries × states × years of intensity × groups.
pub(super) struct Multipliers {
    years: usize,
    block: usize,
    values: Vec<f64>,
}
