//! Routes of a transfer: what moved from place to place, all products together, and what that did there.

#![allow(non_snake_case)]

use super::pairs::FactorPairs;
use crate::labels::RegionGroup;
use crate::labels::places::clean;

/// What moves of all products between two places did to a quantity.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Route {
    /// The sales that moved, at the intensity of who took them over; for output, what moved.
    pub direct: f64,
    /// Effect on the place that took them over.
    pub received: f64,
    /// Effect on the place that they left.
    pub given: f64,
    /// Effect on all other regions.
    pub elsewhere: f64,
}

/// What came over the border of a place and what left over it, at the intensity of the place's own
/// industries; of all regions together, what moved between them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Gross {
    /// What came.
    pub inward: f64,
    /// What left.
    pub outward: f64,
}

impl Gross {
    /// What came less what left; rounding has no sign.
    pub fn net(&self) -> f64 {
        clean(self.inward - self.outward, self.inward.abs() + self.outward.abs())
    }
}

/// Moves of a factor, summed over products.
#[derive(Debug, Clone)]
pub struct Routes {
    regions: usize,
    /// By from × regions + to.
    received: Vec<f64>,
    given: Vec<f64>,
    /// Full effects by from × regions + to, then region.
    effects: Vec<f64>,
}

impl Routes {
    /// Sums the pairs of a factor over products, for the quantity at a position.
    pub fn of(pairs: &FactorPairs, quantity: usize) -> Self {
        let R = pairs.regions;
        // Impact groups are numbered region by region.
        let each = pairs.groups / R;
        let mut found = Routes {
            regions: R,
            received: vec![0.0; R * R],
            given: vec![0.0; R * R],
            effects: vec![0.0; R * R * R],
        };
        for (from, to, product) in pairs.keys() {
            let cell = from * R + to;
            let [received, given] = pairs.received_and_given(quantity, from, to, product);
            found.received[cell] += received;
            found.given[cell] += given;
            let effect = pairs.effect(quantity, from, to, product).chunks_exact(each);
            let into = &mut found.effects[cell * R..(cell + 1) * R];
            into.iter_mut().zip(effect).for_each(|(sum, part)| *sum += part.iter().sum::<f64>());
        }
        found
    }

    /// From one region to another.
    pub fn between(&self, from: usize, to: usize) -> Route {
        let only = |wanted: usize| move |region: usize| region == wanted;
        self.sum(only(from), only(to))
    }

    /// From one set of regions to another, which may be the same: then all of its effect on the set is
    /// `received`, and nothing is `given`.
    pub fn sum(&self, from: impl Fn(usize) -> bool, to: impl Fn(usize) -> bool) -> Route {
        let R = self.regions;
        let mut route = Route::default();
        let cells = (0..R * R).map(|cell| (cell, cell / R, cell % R));
        for (cell, _, _) in cells.filter(|(_, a, b)| a != b && from(*a) && to(*b)) {
            route.direct += self.received[cell];
            for (region, effect) in self.effects[cell * R..(cell + 1) * R].iter().enumerate() {
                *if to(region) {
                    &mut route.received
                } else if from(region) {
                    &mut route.given
                } else {
                    &mut route.elsewhere
                } += effect;
            }
        }
        route
    }

    /// What crossed the border of every place: regions, groups, then all that moved.
    pub fn gross(&self, groups: &[RegionGroup]) -> Vec<Gross> {
        let R = self.regions;
        let across = |inside: &dyn Fn(usize) -> bool| {
            let mut gross = Gross::default();
            for cell in 0..R * R {
                match (inside(cell / R), inside(cell % R)) {
                    (false, true) => gross.inward += self.received[cell],
                    (true, false) => gross.outward += self.given[cell],
                    _ => {}
                }
            }
            gross
        };
        let regions = (0..R).map(|own| across(&|region| region == own));
        let groups = groups.iter().map(|group| across(&|region| group.inside[region]));
        let all = Gross { inward: self.received.iter().sum(), outward: self.given.iter().sum() };
        regions.chain(groups).chain([all]).collect()
    }
}
