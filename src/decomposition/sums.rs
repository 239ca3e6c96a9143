//! Effects on places as a whole, in every order of the factors.
//!
//! ```text
//! e_P(k, B) = Σ_parts [ s_P(B ∪ k) − s_P(B) ],   s_P = sum over the place of what a part makes
//! ```
//!
//! The range of a sum is not the sum of ranges, so it is taken of sums. What a part makes is summed by region
//! once for each coalition of the part's own factors; orders are differences of these few numbers.

use super::solution::PARTS;
use super::transfer::Solver;
use super::{Coalition, Factor, subsets};
use crate::labels::RegionGroup;
use crate::labels::places::{clean, sums};

/// Effects of a factor on every place, order by order.
#[derive(Debug, Clone, PartialEq)]
pub struct Orders {
    /// Share of all orders that give the same effect as this one.
    shares: Vec<f64>,
    /// Order by order, one entry per place.
    effects: Vec<f64>,
    places: usize,
}

impl Orders {
    /// Effects on a place, with the share of orders of each.
    pub fn of(&self, place: usize) -> impl Iterator<Item = (f64, f64)> + '_ {
        let effects = self.effects.iter().skip(place).step_by(self.places);
        effects.copied().zip(self.shares.iter().copied())
    }

    /// Effects on every place, order by order.
    pub fn each(&self) -> impl Iterator<Item = &[f64]> + '_ {
        self.effects.chunks_exact(self.places)
    }

    /// Smallest and largest effect on a place.
    pub fn range(&self, place: usize) -> [f64; 2] {
        let none = [f64::INFINITY, f64::NEG_INFINITY];
        self.of(place).fold(none, |[low, high], (effect, _)| [low.min(effect), high.max(effect)])
    }

    /// Share of all orders in which the effect on a place is positive, and in which it is negative.
    pub fn signs(&self, place: usize) -> [f64; 2] {
        let add = |[up, down, all]: [f64; 3], (effect, share): (f64, f64)| {
            let of = |yes: bool| if yes { share } else { 0.0 };
            [up + of(effect > 0.0), down + of(effect < 0.0), all + share]
        };
        // Shares add up to one but for rounding, and one sign in all orders is a share of one.
        let [up, down, all] = self.of(place).fold([0.0; 3], add);
        [up / all, down / all]
    }

    /// Whether the effect on a place has one and the same sign in every order.
    pub fn firm(&self, place: usize) -> bool {
        let [low, high] = self.range(place);
        low > 0.0 || high < 0.0
    }
}

/// The effect of one factor on every place.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorSums {
    /// The factor.
    pub factor: Factor,
    /// Its effect by the form asked for, one entry per place.
    pub value: Vec<f64>,
    /// Its effect in every order.
    pub orders: Orders,
}

impl FactorSums {
    /// Smallest and largest effect on a place over all orders; the effect itself, a mean of orders, is never
    /// outside by rounding.
    pub fn range(&self, place: usize) -> [f64; 2] {
        let ([low, high], value) = (self.orders.range(place), self.value[place]);
        [low.min(value), high.max(value)]
    }
}

/// A quantity and its decomposition summed over places: regions, groups, all.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceSums {
    /// Levels of industries in the base and target year.
    pub observed: [Vec<f64>; 2],
    /// Target less base.
    pub change: Vec<f64>,
    /// Effects in the order of the polar forms.
    pub factors: Vec<FactorSums>,
    /// Change less effects, for the forms that are not additive.
    pub interaction: Option<Vec<f64>>,
}

impl PlaceSums {
    /// Sums of a factor, if it is one of this decomposition.
    pub fn factor(&self, factor: Factor) -> Option<&FactorSums> {
        self.factors.iter().find(|sums| sums.factor == factor)
    }
}

/// What each part makes by region: by part, then coalition of the part's own factors; empty for coalitions
/// with others.
type Levels = [Vec<Vec<f64>>; PARTS.len()];

impl Solver<'_> {
    /// Sums of a quantity's levels and effects over every place.
    pub(super) fn place_sums(
        &self,
        at: usize,
        totals: &[Vec<f64>],
        interaction: Option<&[f64]>,
        groups: &[RegionGroup],
    ) -> PlaceSums {
        let by_region = |values: &[f64]| self.pair.industries.by_region(values);
        let observed = self.pair.quantities[at].observed.each_ref().map(|values| by_region(values));
        // Effects are differences of levels: what is lost in the rounding of these is nothing.
        let of_effect = |values: &[f64]| {
            let sizes = observed[0].iter().zip(&observed[1]).map(|(a, b)| a.abs() + b.abs());
            let effects = by_region(values);
            let cleaned: Vec<f64> =
                effects.iter().zip(sizes).map(|(effect, size)| clean(*effect, size)).collect();
            sums(groups, &cleaned)
        };
        let levels = self.levels_by_region(at);
        let factors = totals.iter().enumerate().map(|(k, total)| FactorSums {
            factor: self.players.factors[k],
            value: of_effect(total),
            orders: self.place_orders(at, k, &levels, groups),
        });
        let factors = factors.collect();
        let change: Vec<f64> = observed[1].iter().zip(&observed[0]).map(|(a, b)| a - b).collect();
        PlaceSums {
            factors,
            change: sums(groups, &change),
            interaction: interaction.map(of_effect),
            observed: observed.each_ref().map(|by_region| sums(groups, by_region)),
        }
    }

    fn levels_by_region(&self, at: usize) -> Levels {
        let mut value = vec![0.0; self.pair.industries.len()];
        PARTS.map(|part| {
            let mut levels = vec![Vec::new(); 1 << self.players.count];
            for coalition in subsets(self.players_of(at, part)) {
                self.value_into(at, part, coalition, &mut value);
                levels[usize::from(coalition)] = self.pair.industries.by_region(&value);
            }
            levels
        })
    }

    fn place_orders(&self, at: usize, k: usize, levels: &Levels, groups: &[RegionGroup]) -> Orders {
        let own: Coalition = 1 << k;
        let regions = self.pair.industries.regions.len();
        let (mut shares, mut effects) = (Vec::new(), Vec::new());
        let parts = PARTS.into_iter().zip(levels).map(|(part, of)| (self.players_of(at, part), of));
        let parts: Vec<(Coalition, &Vec<Vec<f64>>)> =
            parts.filter(|(players, _)| players & own != 0).collect();
        let mut by_region = vec![0.0; regions];
        let mut sizes = vec![0.0; regions];
        for (others, share) in self.orders(at, k) {
            by_region.fill(0.0);
            sizes.fill(0.0);
            for (players, of) in &parts {
                let with = &of[usize::from((others | own) & players)];
                let without = &of[usize::from(others & players)];
                for (((effect, size), a), b) in
                    by_region.iter_mut().zip(&mut sizes).zip(with).zip(without)
                {
                    *effect += a - b;
                    *size += a.abs() + b.abs();
                }
            }
            by_region.iter_mut().zip(&sizes).for_each(|(e, size)| *e = clean(*e, *size));
            shares.push(share);
            effects.extend(sums(groups, &by_region));
        }
        Orders { shares, effects, places: regions + groups.len() + 1 }
    }
}
