//! A scenario: what moves where, and what happens anyway; checked, names resolved to positions.

pub mod density;
pub mod place;
pub mod realism;
pub mod target;
pub mod uncertainty;

use crate::labels::{Label, RegionGroup};
use crate::relocation::{Move, Size};
use crate::table::treatment::{ErrorColumn, Inventories};
use density::Density;
use realism::Realism;
use target::Target;
use uncertainty::Uncertainty;

/// A number that holds always, or numbers by year.
#[derive(Debug, Clone, PartialEq)]
pub enum Trajectory {
    /// The same in every year.
    Constant(f64),
    /// Years in order with the number of each; linear in between.
    ByYear(Vec<(i32, f64)>),
}

impl Trajectory {
    /// The number in a year: `before` ahead of the first year given, the last one after the last.
    pub fn at(&self, year: i32, before: f64) -> f64 {
        let points = match self {
            Trajectory::Constant(value) => return *value,
            Trajectory::ByYear(points) => points,
        };
        let after = points.iter().position(|(known, _)| *known >= year);
        match after {
            None => points.last().map_or(before, |(_, value)| *value),
            Some(at) if points[at].0 == year => points[at].1,
            Some(0) => before,
            Some(at) => {
                let ((y0, v0), (y1, v1)) = (points[at - 1], points[at]);
                v0 + (v1 - v0) * f64::from(year - y0) / f64::from(y1 - y0)
            }
        }
    }

    /// Every number in it.
    pub fn numbers(&self) -> Vec<f64> {
        match self {
            Trajectory::Constant(value) => vec![*value],
            Trajectory::ByYear(points) => points.iter().map(|(_, value)| *value).collect(),
        }
    }
}

/// How much of an industry moves, by year.
#[derive(Debug, Clone, PartialEq)]
pub enum SizePath {
    /// Share of the row's purchases in the baseline of the year; a level, not an increment.
    Share(Trajectory),
    /// Output of the relocated plants, in the table's unit.
    Amount(Trajectory),
}

impl SizePath {
    /// The size in a year; nothing has moved before the first year given.
    pub fn at(&self, year: i32) -> Size {
        match self {
            SizePath::Share(path) => Size::Share(path.at(year, 0.0)),
            SizePath::Amount(path) => Size::Amount(path.at(year, 0.0)),
        }
    }
}

/// One `[[relocate]]` of one sector.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedMove {
    /// What moves where, and how.
    pub mv: Move,
    /// How much.
    pub size: SizePath,
}

/// Growth of demand, or decline of an intensity, since the table's year.
#[derive(Debug, Clone, PartialEq)]
pub enum Growth {
    /// A yearly rate; demand is multiplied by `(1 + g)^t`, an intensity by `exp(−g t)`.
    Rate(f64),
    /// Levels by year relative to the table's year, which is 1.
    Index(Trajectory),
}

/// Final demand of some regions and categories grows.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandPath {
    /// Regions; all, with national columns, if none is named.
    pub regions: Option<Vec<usize>>,
    /// Categories; all if none is named.
    pub categories: Option<Vec<usize>>,
    /// How.
    pub growth: Growth,
}

/// Intensities of some industries fall.
#[derive(Debug, Clone, PartialEq)]
pub struct EfficiencyPath {
    /// Stressors; all if none is named.
    pub stressors: Option<Vec<usize>>,
    /// Regions; all if none is named.
    pub regions: Option<Vec<usize>>,
    /// Sectors; all if none is named.
    pub sectors: Option<Vec<usize>>,
    /// How.
    pub growth: Growth,
}

/// Direct emissions of households grow or fall.
#[derive(Debug, Clone, PartialEq)]
pub struct HouseholdPath {
    /// Stressors; all if none is named.
    pub stressors: Option<Vec<usize>>,
    /// Regions; all if none is named.
    pub regions: Option<Vec<usize>>,
    /// How; a rate is of growth.
    pub growth: Growth,
}

impl HouseholdPath {
    /// Factor on direct emissions in a year, if the path is about them.
    pub fn factor(&self, stressor: usize, region: usize, years: i32, year: i32) -> Option<f64> {
        let named = |list: &Option<Vec<usize>>, at: usize| {
            list.as_ref().is_none_or(|list| list.contains(&at))
        };
        (named(&self.stressors, stressor) && named(&self.regions, region))
            .then(|| self.growth.demand_factor(years, year))
    }
}

/// Years that a scenario runs through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// First year.
    pub start: i32,
    /// Last year.
    pub end: i32,
}

/// What happens in the baseline and in the scenario alike; later entries override earlier ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Baseline {
    /// Growth of final demand.
    pub demand: Vec<DemandPath>,
    /// Decline of intensities.
    pub efficiency: Vec<EfficiencyPath>,
    /// Direct emissions of households.
    pub households: Vec<HouseholdPath>,
}

/// A checked scenario on a table; the default changes nothing.
#[derive(Debug, Clone, Default)]
pub struct Scenario {
    /// Short name for results.
    pub name: String,
    /// What readers call it in English and Chinese, where the file says so; the code is `name`.
    pub label: Label,
    /// One or two sentences for readers.
    pub description: String,
    /// Sets of regions that results look at as one.
    pub groups: Vec<RegionGroup>,
    /// Everything that moves, all at once.
    pub moves: Vec<PlannedMove>,
    /// Years; none for comparative statics in the table's year.
    pub horizon: Option<Horizon>,
    /// What happens anyway.
    pub baseline: Baseline,
    /// What the error column is.
    pub error_column: ErrorColumn,
    /// What inventories are.
    pub inventories: Inventories,
    /// What agglomeration does to emissions, where it is asked.
    pub density: Option<Density>,
    /// What is uncertain, where bands are asked.
    pub uncertainty: Option<Uncertainty>,
    /// What should be reached.
    pub targets: Vec<Target>,
    /// What a bare relocation leaves out; it stands beside the headline.
    pub realism: Realism,
}

impl Scenario {
    /// The years to compute, given the table's.
    pub fn years(&self, table_year: i32) -> Vec<i32> {
        match self.horizon {
            Some(Horizon { start, end }) => (start..=end).collect(),
            None => vec![table_year],
        }
    }
}

impl DemandPath {
    /// Factor on a column of final demand in a year, if the path is about that column.
    pub fn factor(
        &self,
        region: Option<usize>,
        category: usize,
        years: i32,
        year: i32,
    ) -> Option<f64> {
        let regional = match (&self.regions, region) {
            (None, _) => true,
            (Some(regions), Some(region)) => regions.contains(&region),
            (Some(_), None) => false,
        };
        let named =
            self.categories.as_ref().is_none_or(|categories| categories.contains(&category));
        (regional && named).then(|| self.growth.demand_factor(years, year))
    }
}

impl Growth {
    /// Factor on demand in a year, `years` after the table's.
    pub fn demand_factor(&self, years: i32, year: i32) -> f64 {
        match self {
            Growth::Rate(rate) => (1.0 + rate).powi(years),
            Growth::Index(path) => index(path, years, year),
        }
    }
}

impl EfficiencyPath {
    /// Factor on an intensity in a year, if the path is about it.
    pub fn factor(
        &self,
        stressor: usize,
        region: usize,
        sector: usize,
        years: i32,
        year: i32,
    ) -> Option<f64> {
        let named = |list: &Option<Vec<usize>>, at: usize| {
            list.as_ref().is_none_or(|list| list.contains(&at))
        };
        (named(&self.stressors, stressor)
            && named(&self.regions, region)
            && named(&self.sectors, sector))
        .then(|| match &self.growth {
            Growth::Rate(rate) => (-rate * f64::from(years)).exp(),
            Growth::Index(path) => index(path, years, year),
        })
    }
}

/// Level of an index that is 1 in the table's year, `years` before `year`.
fn index(path: &Trajectory, years: i32, year: i32) -> f64 {
    match path {
        Trajectory::Constant(level) => {
            if years == 0 {
                1.0
            } else {
                *level
            }
        }
        Trajectory::ByYear(points) => {
            let base = year - years;
            let mut all = vec![(base, 1.0)];
            all.extend(points.iter().filter(|(known, _)| *known > base));
            Trajectory::ByYear(all).at(year, 1.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_by_year_is_a_level_reached() {
        let path = Trajectory::ByYear(vec![(2010, 0.1), (2014, 0.3)]);
        let found: Vec<f64> =
            [2009, 2010, 2012, 2014, 2020].map(|year| path.at(year, 0.0)).to_vec();
        assert_eq!(found, [0.0, 0.1, 0.2, 0.3, 0.3]);
    }

    #[test]
    fn an_index_starts_from_one_in_the_year_of_the_table() {
        let growth = Growth::Index(Trajectory::ByYear(vec![(2017, 2.0)]));
        let path = DemandPath { regions: None, categories: None, growth };
        assert_eq!(path.factor(None, 0, 0, 2007), Some(1.0));
        assert_eq!(path.factor(Some(1), 3, 5, 2012), Some(1.5));
    }
}
