//! What the numbers of a run are of: a region, a group of regions, all of them.

use super::Scenario;
use crate::labels::Axis;

/// A place that results have numbers of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A region.
    Region(usize),
    /// A group of the scenario: a sum of some of the regions.
    Group(usize),
    /// All regions together.
    All,
}

impl Scenario {
    /// The regions, the groups, then all together.
    pub fn places(&self, regions: usize) -> Vec<Place> {
        let regions = (0..regions).map(Place::Region);
        regions.chain((0..self.groups.len()).map(Place::Group)).chain([Place::All]).collect()
    }

    /// Sum over a place of changes by region; one that is lost in rounding is 0.
    pub fn sum_at(&self, place: Place, by_region: &[f64]) -> f64 {
        let sum = |values: &mut dyn Iterator<Item = f64>| {
            let (sum, size) = values.fold((0.0, 0.0), |(sum, size), v| (sum + v, size + v.abs()));
            clean(sum, size)
        };
        match place {
            Place::Region(region) => by_region[region],
            Place::Group(group) => sum(&mut self.groups[group].values(by_region)),
            Place::All => sum(&mut by_region.iter().copied()),
        }
    }

    /// Changes by region as changes of every place.
    pub fn by_place(&self, by_region: &[f64]) -> Vec<f64> {
        let places = self.places(by_region.len()).into_iter();
        places.map(|place| self.sum_at(place, by_region)).collect()
    }

    /// Code of a region, name of a group, or `all`.
    pub fn place_code<'a>(&'a self, place: Place, regions: &'a Axis) -> &'a str {
        match place {
            Place::Region(region) => regions.code(region),
            Place::Group(group) => &self.groups[group].label.code,
            Place::All => "all",
        }
    }
}

/// A difference, or 0 where it is lost in the rounding of what it is a difference of: rounding has no
/// sign.
pub(crate) fn clean(difference: f64, size: f64) -> f64 {
    if difference.abs() <= 1e-12 * size { 0.0 } else { difference }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::{Label, RegionGroup};

    #[test]
    fn a_group_is_the_sum_of_its_regions_and_stands_before_all() {
        let label = Label::code("west");
        let groups = vec![RegionGroup { label, inside: vec![true, false, true] }];
        let scenario = Scenario { groups, ..Scenario::default() };
        assert_eq!(scenario.by_place(&[1.0, 5.0, 2.0]), [1.0, 5.0, 2.0, 3.0, 8.0]);
        assert_eq!(scenario.by_place(&[0.1 + 0.2, 0.0, -0.3])[3], 0.0);
    }
}
