//! `[density]`: which elasticities say what agglomeration does to emissions, and how they are read.

use crate::agglomeration::{InvertedU, Reading};
use crate::elasticities::{Control, Dependent, Estimate, Measure};
use crate::fault::Note;
use crate::linalg::Dense;

/// A quantity of the table by industry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// Gross output.
    Output,
    /// An extension, by position.
    Extension(usize),
    /// A row of value added, by position: compensation of employees may stand in for labour.
    ValueAddedRow(usize),
}

/// Whose change an elasticity is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scope {
    /// Of all emissions of the region, households' included: the chosen sectors carry it.
    #[default]
    Region,
    /// Of the chosen sectors alone.
    Sectors,
}

/// A checked `[density]`.
#[derive(Debug, Clone)]
pub struct Density {
    /// What is dense.
    pub measure: Measure,
    /// The quantity behind it.
    pub amount: Amount,
    /// The stressor that was explained, by position.
    pub stressor: usize,
    /// Whether each sector is of the industry whose density and intensity are meant.
    pub sectors: Vec<bool>,
    /// The estimates, one per group of regions.
    pub estimates: Vec<Estimate>,
    /// Group of each region; a region without one has no effect.
    pub groups: Vec<Option<usize>>,
    /// Weights between regions, where neighbours count.
    pub weights: Option<Dense>,
    /// The reading that the scenario's values take; the others are printed beside it.
    pub reading: Reading,
    /// Largest |Δln IA| a year that is believed.
    pub cap: f64,
    /// Whose change the elasticity is.
    pub scope: Scope,
    /// Energy use, for the control of the reading `total`.
    pub energy: Option<Amount>,
    /// Workers, for the same.
    pub labour: Option<Amount>,
    /// Inverted U's of stressors, by position.
    pub inverted: Vec<(usize, InvertedU)>,
    /// What has to be said about the elasticities.
    pub flags: Vec<Note>,
    /// Their source.
    pub source: String,
}

impl Density {
    /// The estimate of each region.
    pub fn of_regions(&self) -> Vec<Option<&Estimate>> {
        self.groups.iter().map(|group| group.map(|group| &self.estimates[group])).collect()
    }

    /// Longest lag of any estimate, in years.
    pub fn longest_lag(&self) -> usize {
        self.estimates.iter().map(|estimate| estimate.lags.len()).max().unwrap_or(1) - 1
    }

    /// What the estimates explain.
    pub fn dependent(&self) -> Dependent {
        self.estimates.first().map(|estimate| estimate.dependent).unwrap_or_default()
    }

    /// Whether a reading can be computed: `total` needs every control that was estimated, and an
    /// equation of intensities has no scale to read in or out.
    pub fn has(&self, reading: Reading) -> bool {
        match reading {
            Reading::None | Reading::Conditional => true,
            _ if self.dependent() == Dependent::Intensity => false,
            Reading::Total => {
                let controls = self.estimates.iter().flat_map(|estimate| &estimate.controls);
                let mut energy = controls.filter(|(control, _)| *control == Control::Energy);
                energy.next().is_none() || self.energy.is_some() && self.labour.is_some()
            }
            _ => true,
        }
    }
}
