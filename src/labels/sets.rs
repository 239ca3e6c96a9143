//! Labels looked at together: groups of regions, classes of sectors.

use super::{Axis, Label};

/// Regions shown one by one in the name of a group; of more their number is shown.
const SHOWN: usize = 6;

/// A set of regions that is looked at as one.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionGroup {
    /// Its code and names.
    pub label: Label,
    /// Whether each region is in it.
    pub inside: Vec<bool>,
}

impl RegionGroup {
    /// Positions of its regions.
    pub fn members(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.inside.len()).filter(|region| self.inside[*region])
    }

    /// Values by region of its regions.
    pub fn values<'a>(&'a self, by_region: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.members().map(|region| by_region[region])
    }

    /// Its code with the regions that it is the sum of, or with their number.
    ///
    /// # Examples
    /// ```
    /// use irio::labels::{Axis, Label, RegionGroup};
    /// let regions = Axis::new("region", ["BJ", "TJ", "SH"].map(Label::code)).unwrap();
    /// let group = RegionGroup { label: Label::code("north"), inside: vec![true, true, false] };
    /// assert_eq!(group.spelled(&regions), "north (BJ, TJ)");
    /// ```
    pub fn spelled(&self, regions: &Axis) -> String {
        format!("{} ({})", self.label.code, self.listed(regions))
    }

    /// The codes of its regions, or how many they are.
    pub fn listed(&self, regions: &Axis) -> String {
        let codes: Vec<&str> = self.members().map(|region| regions.code(region)).collect();
        if codes.len() > SHOWN { format!("{} regions", codes.len()) } else { codes.join(", ") }
    }
}

/// Classes of sectors: their labels, and the class of each sector.
#[derive(Debug, Clone, PartialEq)]
pub struct SectorClasses {
    /// Codes and names in order.
    pub labels: Vec<Label>,
    /// Class of each sector.
    pub of: Vec<usize>,
}

impl SectorClasses {
    /// Sums by class of values by sector.
    pub fn sums(&self, by_sector: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut sums = vec![0.0; self.labels.len()];
        self.of.iter().zip(by_sector).for_each(|(class, value)| sums[*class] += value);
        sums
    }
}
