//! What is to be measured, and every measure of it put together.

use super::activity::{Activity, Reference};
use super::coagglomeration::EllisonGlaeser;
use super::duranton_overman::{
    GlobalRule, Industry, Localisation, Options, Points, Sites, TestError, test,
};
use super::productivity::{CapitalShare, Inputs, ShareError, capital_share, log_tfp};
use crate::labels::Axis;
use crate::memory;
use crate::progress::Progress;

/// What is to be measured; each part may be missing.
#[derive(Debug, Clone, Default)]
pub struct Study {
    /// Activity by region and sector.
    pub activity: Option<ActivityStudy>,
    /// Quantities per area.
    pub density: Option<DensityStudy>,
    /// Output, capital and labour.
    pub productivity: Option<ProductivityStudy>,
    /// Plants with their places.
    pub plants: Option<PlantStudy>,
}

/// Sectors that are looked at together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Positions of its sectors.
    pub sectors: Vec<usize>,
}

/// Activity to be measured.
#[derive(Debug, Clone)]
pub struct ActivityStudy {
    /// The regions.
    pub regions: Axis,
    /// The sectors it consists of.
    pub sectors: Axis,
    /// What it measures: output, value_added, an extension's code, or the file's name for it.
    pub quantity: String,
    /// Its unit.
    pub unit: String,
    /// Year by year; a file without years has one without a number.
    pub years: Vec<(Option<i32>, Activity)>,
    /// What shares of pairs and groups are held against.
    pub reference: Reference,
    /// Herfindahl indices of plants by sector, where they are known.
    pub herfindahls: Vec<Option<f64>>,
    /// Groups of sectors.
    pub groups: Vec<Group>,
}

/// Densities to be measured.
#[derive(Debug, Clone)]
pub struct DensityStudy {
    /// The regions.
    pub regions: Axis,
    /// Their areas.
    pub areas: Vec<f64>,
    /// Unit of the areas.
    pub area_unit: String,
    /// Codes of the sectors that are summed; none where quantities know no sectors.
    pub sectors: Vec<String>,
    /// Weight of each sector of the activity, where a file gives them.
    pub weights: Option<Vec<f64>>,
    /// What is divided by the areas.
    pub series: Vec<DensitySeries>,
    /// Code of each quantity, and where it comes from.
    pub sources: Vec<(String, String)>,
}

/// A panel to be measured.
#[derive(Debug, Clone)]
pub struct ProductivityStudy {
    /// The units.
    pub units: Axis,
    /// Year of each observation.
    pub years: Vec<i32>,
    /// The observations, ordered as in the file.
    pub panel: Vec<Inputs>,
    /// α, if it is given.
    pub alpha: Option<f64>,
}

/// An industry to be tested.
#[derive(Debug, Clone, PartialEq)]
pub struct PlantIndustry {
    /// Its name in the file.
    pub name: String,
    /// Its plants.
    pub industry: Industry,
}

/// Plants to be tested.
#[derive(Debug, Clone)]
pub struct PlantStudy {
    /// Places of all plants.
    pub sites: Sites,
    /// Unit of distances.
    pub unit: String,
    /// The industries to be tested, in the order of the file or of the choice.
    pub industries: Vec<PlantIndustry>,
    /// Whether pairs count by the sizes of their plants.
    pub weighted: bool,
    /// Number of steps from 0 to the median distance.
    pub steps: usize,
    /// Switches of the test.
    pub options: Options,
    /// Which global band counts.
    pub rule: GlobalRule,
    /// Fewest plants of an industry that is tested.
    pub fewest: usize,
}

/// Productivity of every observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Productivity {
    /// The share of capital that was used.
    pub alpha: f64,
    /// How it was estimated; none where it was given.
    pub estimate: Option<CapitalShare>,
    /// ln TFP, in the order of the panel.
    pub log_tfp: Vec<f64>,
}

/// The distances at which densities are computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distances {
    /// Median distance between all plants, the last point.
    pub median: f64,
    /// The points.
    pub points: Points,
}

/// Everything that is measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// Measures on regions, year by year.
    pub measures: Vec<(Option<i32>, Measures)>,
    /// Productivity.
    pub productivity: Option<Productivity>,
    /// Where plants are compared.
    pub distances: Option<Distances>,
    /// Each industry's test; none where all its distances are the same.
    pub localisation: Vec<Option<Localisation>>,
}

/// Why something is not measured.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The share of capital cannot be estimated.
    #[error("the share of capital: {0}; give it as alpha")]
    Share(#[from] ShareError),
    /// Distances of plants have no range.
    #[error(
        "half of all pairs of plants are at one place, so their distances have no range: give the places more exactly"
    )]
    OnePlace,
    /// Stopped by the user.
    #[error("stopped; nothing was written")]
    Stopped,
}

impl Study {
    /// Bytes that measuring takes at its peak beside what is read, results and their lines included.
    pub fn bytes_needed(&self) -> u64 {
        let lines = self.activity.as_ref().map_or(0, |study| {
            let (r, s) = (study.regions.len() as u64, study.sectors.len() as u64);
            let pairs = if s > MOST_PAIRED as u64 { 0 } else { s * s / 2 };
            study.years.len() as u64 * (r * s + pairs)
        });
        let curves = self.plants.as_ref().map_or(0, |study| {
            // Curves, and a point's values in order.
            memory::numbers(study.options.draws as usize, study.steps + 1) * 2
        });
        LINE * lines + curves
    }

    /// Measures everything there is.
    ///
    /// # Errors
    /// If the share of capital is wanted and cannot be estimated, half of all pairs of plants are at one place, or the user
    /// stops it.
    pub fn measure(&self, progress: &dyn Progress) -> Result<Findings, StudyError> {
        let mut findings = Findings::default();
        if let Some(study) = &self.activity {
            let groups: Vec<Vec<usize>> =
                study.groups.iter().map(|group| group.sectors.clone()).collect();
            let one = |activity: &Activity| {
                measure(activity, study.reference, &study.herfindahls, &groups)
            };
            findings.measures =
                study.years.iter().map(|(year, activity)| (*year, one(activity))).collect();
        }
        if let Some(study) = &self.productivity {
            let estimate = match study.alpha {
                Some(_) => None,
                None => Some(capital_share(&study.panel)?),
            };
            let alpha = study.alpha.or(estimate.map(|found| found.share)).unwrap_or_default();
            let log_tfp = study.panel.iter().map(|one| log_tfp(one, alpha)).collect();
            findings.productivity = Some(Productivity { alpha, estimate, log_tfp });
        }
        if let Some(study) = &self.plants {
            progress.begin("median distance of all plants", 1);
            let median = study.sites.quantile(0.5).unwrap_or(0.0);
            progress.step();
            if median <= 0.0 {
                return Err(StudyError::OnePlace);
            }
            let points = Points::up_to(median, study.steps);
            findings.distances = Some(Distances { median, points });
            for one in &study.industries {
                progress.begin(&one.name, u64::from(study.options.draws));
                let found = test(&study.sites, &one.industry, &points, &study.options, progress);
                findings.localisation.push(match found {
                    Ok(found) => Some(found),
                    Err(TestError::Stopped) => return Err(StudyError::Stopped),
                    Err(_) => None,
                });
            }
        }
        Ok(findings)
    }
}

/// Bytes of a measure with its line in the results.
const LINE: u64 = 80;

/// Pairs of more sectors than this are left out.
pub const MOST_PAIRED: usize = 1000;

/// Measures of a sector; none where they have no value.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SectorMeasures {
    /// Herfindahl index over regions.
    pub herfindahl: Option<f64>,
    /// Locational Gini coefficient.
    pub gini: Option<f64>,
    /// Theil index.
    pub theil: Option<f64>,
    /// Raw concentration of Ellison and Glaeser, against shares in all activity.
    pub raw: Option<f64>,
    /// Their γ, where the plants' Herfindahl index is known.
    pub gamma: Option<f64>,
}

/// Measures of a region; none where it has no activity.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RegionMeasures {
    /// Krugman's index against the nation.
    pub krugman: Option<f64>,
    /// Krugman's index against all other regions.
    pub krugman_against_others: Option<f64>,
}

/// Every measure of one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    /// Location quotients, one for each region and within it each sector.
    pub quotients: Vec<Option<f64>>,
    /// By sector.
    pub sectors: Vec<SectorMeasures>,
    /// By region.
    pub regions: Vec<RegionMeasures>,
    /// Co-agglomeration of every pair of sectors that have some activity.
    pub pairs: Vec<(usize, usize, f64)>,
    /// Co-agglomeration of each group.
    pub groups: Vec<Option<f64>>,
}

/// Measures an activity. Raw concentration and γ are held against shares in all activity, pairs and groups
/// against those of the `reference`; `plants` are Herfindahl indices of plants by sector.
///
/// # Panics
/// If there is not one entry of `plants` for each sector.
#[track_caller]
pub fn measure(
    activity: &Activity,
    reference: Reference,
    plants: &[Option<f64>],
    groups: &[Vec<usize>],
) -> Measures {
    assert_eq!(plants.len(), activity.sectors(), "one entry for each sector");
    let (r, s) = (activity.regions(), activity.sectors());
    let own = EllisonGlaeser::of(activity, Reference::Aggregate).ok();
    let together = EllisonGlaeser::of(activity, reference).ok();
    let sector = |i: usize| SectorMeasures {
        herfindahl: activity.herfindahl(i),
        gini: activity.gini(i),
        theil: activity.theil(i),
        raw: own.as_ref().and_then(|own| own.raw(i).ok()),
        gamma: plants[i].and_then(|h| own.as_ref()?.gamma(i, h).ok()),
    };
    let others = activity.krugman_against_others().into_iter().enumerate();
    let regions = others.map(|(r, krugman_against_others)| RegionMeasures {
        krugman: activity.krugman(r),
        krugman_against_others,
    });
    let mut pairs = Vec::new();
    for a in 0..if s > MOST_PAIRED { 0 } else { s } {
        for b in a + 1..s {
            let found = together.as_ref().and_then(|index| index.pair(a, b).ok());
            pairs.extend(found.map(|found| (a, b, found)));
        }
    }
    let group = |sectors: &Vec<usize>| {
        // Plants cancel in a group's index, so any number does where they are not known.
        let known: Vec<(usize, f64)> =
            sectors.iter().map(|i| (*i, plants[*i].unwrap_or(0.5))).collect();
        together.as_ref()?.group(&known).ok()
    };
    Measures {
        quotients: (0..r * s).map(|at| activity.location_quotient(at / s, at % s)).collect(),
        sectors: (0..s).map(sector).collect(),
        regions: regions.collect(),
        pairs,
        groups: groups.iter().map(group).collect(),
    }
}

/// A quantity per area by region in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct DensityYear {
    /// The year; none where the source has none.
    pub year: Option<i32>,
    /// The quantity by region.
    pub quantities: Vec<f64>,
    /// The same per area.
    pub densities: Vec<f64>,
}

/// Densities of one quantity over years.
#[derive(Debug, Clone, PartialEq)]
pub struct DensitySeries {
    /// What it is called, such as OA.
    pub code: String,
    /// Unit of the quantity.
    pub unit: String,
    /// Over which sectors it is: `chosen`, or `weighted`.
    pub part: &'static str,
    /// Year by year.
    pub years: Vec<DensityYear>,
}

/// Quantities by region divided by areas, in one year.
///
/// # Panics
/// If there is not one area for each region.
#[track_caller]
pub fn per_area(year: Option<i32>, quantities: Vec<f64>, areas: &[f64]) -> DensityYear {
    let densities = super::density::density(&quantities, &[1.0], areas);
    DensityYear { year, quantities, densities }
}

#[cfg(test)]
mod tests {
    use super::super::activity::tests::{close, three_region};
    use super::*;

    #[test]
    fn everything_is_measured_and_what_has_no_value_has_none() {
        let found = measure(
            &three_region(),
            Reference::Aggregate,
            &[Some(0.05), None],
            &[vec![0, 1], vec![0]],
        );
        close(found.sectors[0].gamma.unwrap(), -0.0033245298187521);
        assert_eq!(found.sectors[1].gamma, None);
        assert_eq!((found.quotients.len(), found.regions.len(), found.pairs.len()), (6, 3, 1));
        // Both sectors are the group: its index is their pair's, whatever their plants.
        close(found.groups[0].unwrap(), found.pairs[0].2);
        assert_eq!(found.groups[1], None);
    }
}
