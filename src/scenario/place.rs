//! What the numbers of a run are of: a region, a group of regions, all of them.

use super::Scenario;
use crate::labels::{Axis, places};

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
        match place {
            Place::Region(region) => by_region[region],
            Place::Group(group) => places::sum(self.groups[group].values(by_region)),
            Place::All => places::sum(by_region.iter().copied()),
        }
    }

    /// Changes by region as changes of every place.
    pub fn by_place(&self, by_region: &[f64]) -> Vec<f64> {
        places::sums(&self.groups, by_region)
    }

    /// Codes of every place: regions, groups, `all`.
    pub fn place_codes<'a>(&'a self, regions: &'a Axis) -> Vec<&'a str> {
        places::codes(regions, &self.groups)
    }

    /// Code of a region, name of a group, or `all`.
    pub fn place_code<'a>(&'a self, place: Place, regions: &'a Axis) -> &'a str {
        match place {
            Place::Region(region) => regions.code(region),
            Place::Group(group) => &self.groups[group].label.code,
            Place::All => places::ALL,
        }
    }
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
