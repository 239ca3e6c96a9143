//! What transfers between regions do to a group of them as a whole, and what moves by class of
//! sectors (METHODS B2).

use super::pairs::{FactorPairs, PairKind};
use crate::labels::{RegionGroup, SectorClasses};

/// Effect of moves on the sum of a group's regions, by how the pair lies to the group.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct GroupEffect {
    /// Of what came from other regions into the group.
    pub inward: f64,
    /// Of what left the group for other regions.
    pub outward: f64,
    /// Of what moved between its regions.
    pub internal: f64,
    /// Of what moved between other regions, felt through suppliers.
    pub outside: f64,
}

impl GroupEffect {
    /// Inward and outward together: what exchange with the other regions did to the group.
    pub fn overall(&self) -> f64 {
        self.inward + self.outward
    }
}

/// Effect of all pairs of some factors on a group as a whole.
///
/// ```text
/// E_kind = Σ_{r in group} Σ_{pairs of the kind} Σ_products effect_r
/// ```
///
/// In the unit of the quantity at that position; the four kinds add up to the factors' effect on
/// the group's regions.
pub fn effect_on(factors: &[&FactorPairs], quantity: usize, group: &RegionGroup) -> GroupEffect {
    let mut found = GroupEffect::default();
    for pairs in factors {
        // Impact groups are numbered region by region.
        let each = pairs.groups / pairs.regions;
        for (kind, effect) in pairs.by_kind(quantity, &group.inside) {
            let sum: f64 = group.members().flat_map(|r| &effect[r * each..(r + 1) * each]).sum();
            *match kind {
                PairKind::Inward => &mut found.inward,
                PairKind::Outward => &mut found.outward,
                PairKind::Internal => &mut found.internal,
                PairKind::Outside => &mut found.outside,
            } += sum;
        }
    }
    found
}

/// Output that moved directly between two regions, by class of product.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassPair {
    /// The region that gives more than it receives.
    pub from: usize,
    /// The other.
    pub to: usize,
    /// Whether both are in the group.
    pub internal: bool,
    /// What moved there, by class.
    pub there: Vec<f64>,
    /// What moved back, by class.
    pub back: Vec<f64>,
}

impl ClassPair {
    /// What moved there less what moved back, by class.
    pub fn net(&self) -> Vec<f64> {
        self.there.iter().zip(&self.back).map(|(there, back)| there - back).collect()
    }

    /// All that moved, either way.
    fn size(&self) -> f64 {
        self.there.iter().chain(&self.back).sum()
    }
}

/// Direct transfers of output of every pair of regions that has a member in the group, by class:
/// pairs inside the group first, then the larger before the smaller. Pairs between which nothing
/// moved are left out.
pub fn class_pairs(
    factors: &[&FactorPairs],
    classes: &SectorClasses,
    inside: &[bool],
) -> Vec<ClassPair> {
    let regions = inside.len();
    let moved = |from: usize, to: usize| {
        let of = |product: usize| -> f64 {
            factors.iter().flat_map(|pairs| pairs.direct(from, to, product)).sum()
        };
        classes.sums((0..classes.of.len()).map(of))
    };
    let mut found: Vec<ClassPair> = (0..regions)
        .flat_map(|a| (a + 1..regions).map(move |b| (a, b)))
        .filter(|(a, b)| inside[*a] || inside[*b])
        .map(|(a, b)| {
            let internal = inside[a] && inside[b];
            let (there, back) = (moved(a, b), moved(b, a));
            if there.iter().sum::<f64>() < back.iter().sum() {
                ClassPair { from: b, to: a, internal, there: back, back: there }
            } else {
                ClassPair { from: a, to: b, internal, there, back }
            }
        })
        .filter(|pair| pair.size() > 0.0)
        .collect();
    found.sort_by(|a, b| b.internal.cmp(&a.internal).then(b.size().total_cmp(&a.size())));
    found
}
