//! Elasticities of emissions with respect to industrial agglomeration, as a value.
//!
//! ```text
//! ln CO2 = ρ W ln CO2 + ε₀ ln IA + ε₁ ln IA₋₁ + ε₂ ln IA₋₂ + α' ln X + effects
//! ```
//!
//! Published tables, files of a user and estimates all become an [`Estimate`]. Where only stars are
//! printed the standard errors are implied by them. METHODS C2, D5; source of the form: Tang, Peng &
//! Yang (2022), *Environmental Science and Pollution Research*.

use crate::linalg::Dense;

/// What is dense: a quantity of industry per area. Areas are fixed, so changes of a density are
/// changes of the quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// OA: industrial output.
    Output,
    /// LA: industrial workers.
    Labour,
    /// CA: industrial capital.
    Capital,
    /// TA: spending on research and development.
    Technology,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Measure; 4] =
        [Measure::Output, Measure::Labour, Measure::Capital, Measure::Technology];

    /// The word of files: OA, LA, CA, TA.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Output => "OA",
            Measure::Labour => "LA",
            Measure::Capital => "CA",
            Measure::Technology => "TA",
        }
    }
}

/// Another regressor of the equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    /// Energy per worker.
    Energy,
    /// Gross product per head.
    Income,
    /// Foreign direct investment; an input-output model does not move it.
    ForeignInvestment,
    /// Share of industry in the gross product.
    Structure,
}

impl Control {
    /// Every control.
    pub const ALL: [Control; 4] =
        [Control::Energy, Control::Income, Control::ForeignInvestment, Control::Structure];

    /// The variable in files.
    pub fn word(self) -> &'static str {
        match self {
            Control::Energy => "lnEE",
            Control::Income => "lnGDP",
            Control::ForeignInvestment => "lnFDI",
            Control::Structure => "lnIS",
        }
    }
}

/// What the equation explains.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dependent {
    /// The total emissions of a region: the coefficient of a density holds its scale.
    #[default]
    Emissions,
    /// Emissions per unit of an industry's output, on the density of the *other* industry of its
    /// region: no scale in it.
    Intensity,
}

impl Dependent {
    /// The word of files.
    pub fn word(self) -> &'static str {
        match self {
            Dependent::Emissions => "emissions",
            Dependent::Intensity => "intensity",
        }
    }
}

/// Where the uncertainty of an estimate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// A covariance or standard errors of the estimation.
    Estimated,
    /// Only stars are published: never to be called confidence intervals.
    StarImplied,
    /// Nothing is known.
    Unknown,
}

impl Precision {
    /// The word results use.
    pub fn word(self) -> &'static str {
        match self {
            Precision::Estimated => "estimated",
            Precision::StarImplied => "star_implied",
            Precision::Unknown => "unknown",
        }
    }
}

/// One equation for one group of regions.
#[derive(Debug, Clone)]
pub struct Estimate {
    /// Group of regions it was estimated on: national, east ...
    pub group: String,
    /// The density.
    pub measure: Measure,
    /// What it explains.
    pub dependent: Dependent,
    /// ε by lag in years, 0 first.
    pub lags: Vec<f64>,
    /// α of the other regressors.
    pub controls: Vec<(Control, f64)>,
    /// ρ: how far emissions of neighbours go together.
    pub spatial_lag: f64,
    /// Covariance of the lags, in order, and of ρ as the last.
    pub covariance: Dense,
    /// Where the covariance comes from.
    pub precision: Precision,
}

impl Estimate {
    /// Effect of a lasting unit step after the given number of years: `Σ ε_l`, l ≤ years.
    pub fn after(&self, years: usize) -> f64 {
        self.lags.iter().take(years + 1).sum()
    }

    /// Coefficient of a control; 0 if the equation has none.
    pub fn control(&self, control: Control) -> f64 {
        self.controls.iter().find(|(other, _)| *other == control).map_or(0.0, |(_, value)| *value)
    }
}

/// Significance of a printed coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stars(pub u8);

impl Stars {
    /// The standard error that stars imply for a coefficient, two-sided.
    ///
    /// ```text
    /// ***  |b| / 2.576                       (an upper bound)
    /// **   √(|b|/2.576 · |b|/1.960)
    /// *    √(|b|/1.960 · |b|/1.645)
    /// none |b| / 1.645                       (a lower bound)
    /// ```
    ///
    /// **Assumption.** METHODS D5.
    pub fn standard_error(self, coefficient: f64) -> f64 {
        let b = coefficient.abs();
        match self.0 {
            0 => b / 1.645,
            1 => b / (1.960f64 * 1.645).sqrt(),
            2 => b / (2.576f64 * 1.960).sqrt(),
            _ => b / 2.576,
        }
    }
}

/// Standard errors of the lags of one equation from their stars, each raised to the median of all:
/// a tiny coefficient without stars is not a precise one. METHODS D5.
pub fn star_implied(lags: &[(f64, Stars)]) -> Vec<f64> {
    let own: Vec<f64> = lags.iter().map(|(b, stars)| stars.standard_error(*b)).collect();
    let mut sorted = own.clone();
    sorted.sort_by(f64::total_cmp);
    let median = match (sorted.len(), sorted.len() / 2) {
        (0, _) => 0.0,
        (n, half) if n % 2 == 1 => sorted[half],
        (_, half) => 0.5 * (sorted[half - 1] + sorted[half]),
    };
    own.into_iter().map(|se| se.max(median)).collect()
}

/// What a published figure needs said or done before it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Caution {
    /// Group of regions; every group if none.
    pub group: Option<String>,
    /// Measure; every measure if none.
    pub measure: Option<Measure>,
    /// What to do.
    pub rule: Rule,
    /// Why, for readers.
    pub reason: String,
}

/// What to do about a published figure.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Not to be used unless the scenario forces it.
    Refuse,
    /// To be used with the reason beside it.
    Flag,
    /// ρ is taken from another group.
    SpatialLagOf(String),
}

/// A set of estimates with its source.
#[derive(Debug, Clone)]
pub struct Elasticities {
    /// Full reference.
    pub source: String,
    /// Code of the emissions they are of; nothing if any will do.
    pub covers: Option<String>,
    /// The estimates.
    pub estimates: Vec<Estimate>,
    /// What is odd about them.
    pub cautions: Vec<Caution>,
}

/// Why an estimate cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ElasticityError {
    /// There is none.
    #[error("there is no estimate of {} for the group {group:?}; there are {known}", measure.word())]
    Unknown {
        /// Which measure.
        measure: Measure,
        /// Which group.
        group: String,
        /// What there is.
        known: String,
    },
    /// The source itself says not to.
    #[error("the figures of {} for {group:?} are not used: {reason}", measure.word())]
    Refused {
        /// Which measure.
        measure: Measure,
        /// Which group.
        group: String,
        /// Why.
        reason: String,
    },
}

/// An estimate with what has to be said about it.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The estimate, its ρ replaced where a caution says so.
    pub estimate: Estimate,
    /// What readers have to know.
    pub flags: Vec<String>,
}

impl Elasticities {
    fn find(&self, measure: Measure, group: &str) -> Option<&Estimate> {
        self.estimates
            .iter()
            .find(|estimate| estimate.measure == measure && estimate.group == group)
    }

    /// The estimate of a measure for a group of regions, after the cautions of its source.
    ///
    /// # Errors
    /// If there is none, or it is refused and not forced.
    pub fn choose(
        &self,
        measure: Measure,
        group: &str,
        force: bool,
    ) -> Result<Chosen, ElasticityError> {
        let Some(found) = self.find(measure, group) else {
            let known: Vec<String> = self
                .estimates
                .iter()
                .map(|estimate| format!("{} {}", estimate.measure.word(), estimate.group))
                .collect();
            let (group, known) = (group.to_owned(), known.join(", "));
            return Err(ElasticityError::Unknown { measure, group, known });
        };
        let mut chosen = Chosen { estimate: found.clone(), flags: Vec::new() };
        let about = self.cautions.iter().filter(|caution| {
            caution.group.as_deref().is_none_or(|name| name == group)
                && caution.measure.is_none_or(|other| other == measure)
        });
        for caution in about {
            match &caution.rule {
                Rule::Refuse if !force => {
                    let (group, reason) = (group.to_owned(), caution.reason.clone());
                    return Err(ElasticityError::Refused { measure, group, reason });
                }
                Rule::Refuse | Rule::Flag => chosen.flags.push(caution.reason.clone()),
                Rule::SpatialLagOf(other) => {
                    let rho = self.find(measure, other).map_or(0.0, |found| found.spatial_lag);
                    chosen.flags.push(format!(
                        "{}: ρ = {rho} of {other:?} is used instead of {}",
                        caution.reason, found.spatial_lag
                    ));
                    chosen.estimate.spatial_lag = rho;
                }
            }
        }
        Ok(chosen)
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    #[test]
    fn stars_imply_standard_errors_inside_their_intervals() {
        for (stars, low, high) in [(1, 1.645, 1.960), (2, 1.960, 2.576)] {
            let t = 1.0 / Stars(stars).standard_error(-1.0);
            assert!(low < t && t < high, "{stars}: {t}");
        }
        assert_relative_eq!(Stars(3).standard_error(-0.5), 0.5 / 2.576);
        assert_relative_eq!(Stars(0).standard_error(0.3), 0.3 / 1.645);
    }

    #[test]
    fn a_tiny_coefficient_without_stars_is_not_precise() {
        let found = star_implied(&[(-0.2580, Stars(2)), (0.2306, Stars(2)), (0.0027, Stars(0))]);
        assert_relative_eq!(found[2], found[1]);
        assert!(found[0] > found[1]);
    }
}
