//! Ratios of a scenario: what rises elsewhere against what falls at the origin, carbon per value added on either
//! side, and what the plants would have to emit for the whole not to change. METHODS B7.
//!
//! ```text
//! emission transfer ratio = Σ_{r ∉ giving} ΔF_r / −Σ_{r ∈ giving} ΔF_r
//! carbon cost ratio       = (ΔF / ΔV of the receiving) / (ΔF / ΔV of the giving)
//! ```
//!
//! A ratio of a draw is of the draw's own sums; one whose denominator's range holds zero has no number.

use super::draws::band;
use super::given::Given;
use super::scenarios::{Scenarios, SideLine};
use super::{Drawn, NAMED, Number, OUTPUT, Sign, VALUE_ADDED};
use crate::fault::{Note, NoteCode};
use crate::labels::{listed, places};
use crate::tidy::Column;

/// Rise elsewhere over fall at the origin.
pub const TRANSFER_RATIO: &str = "emission_transfer_ratio";

/// Stressor per value added of the receiving over that of the giving side.
pub const CARBON_COST_RATIO: &str = "carbon_cost_ratio";

/// Indicators that are taken as they are: their denominator is the output that moved.
const TAKEN: [&str; 4] =
    ["plant_intensity", "origin_intensity", "break_even_intensity", "break_even_technology_share"];

/// A ratio of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio {
    /// Position of the scenario.
    pub scenario: usize,
    /// Position of the quantity.
    pub quantity: usize,
    /// Unit.
    pub unit: String,
    /// Which: `emission_transfer_ratio`, `carbon_cost_gained`, `carbon_cost_lost`, `carbon_cost_ratio`,
    /// `change_per_output_moved`, `plant_intensity`, `origin_intensity`, `break_even_intensity`,
    /// `break_even_technology_share`.
    pub name: &'static str,
    /// The number.
    pub number: Drawn,
}

/// Ratios of the scenarios that end in the last common year.
pub(super) fn ratios(given: &[Given<'_>], found: &Scenarios, notes: &mut Vec<Note>) -> Vec<Ratio> {
    let (mut all, mut missing) = (Vec::new(), Vec::new());
    for (scenario, own) in given.iter().enumerate().filter(|(_, own)| own.last() == found.last()) {
        for (quantity, measured) in found.quantities.iter().enumerate() {
            let code = measured.code();
            if code == OUTPUT {
                continue;
            }
            let of = Of { own, found, scenario, code };
            let mut add = |name: &'static str, unit: &str, number: Drawn| {
                let unit = unit.to_owned();
                all.push(Ratio { scenario, quantity, unit, name, number });
            };
            if let Some(side) = of.side("all", "per_moved_output") {
                add("change_per_output_moved", &side.unit, side.number);
            }
            if code == VALUE_ADDED {
                continue;
            }
            let (gained, lost) = (
                of.side("receiving", "intensity_of_change"),
                of.side("giving", "intensity_of_change"),
            );
            for (name, side) in [("carbon_cost_gained", gained), ("carbon_cost_lost", lost)] {
                if let Some(side) = side {
                    add(name, &side.unit, side.number);
                }
            }
            match of.transfer_ratio() {
                Ok(ratio) => ratio.into_iter().for_each(|ratio| add(TRANSFER_RATIO, "1", ratio)),
                Err(()) => {
                    missing.push(format!("{TRANSFER_RATIO} of {code} in {}", own.compared.code))
                }
            }
            if let Some((gained, lost)) = gained.zip(lost) {
                match of.cost_ratio(gained.number, lost.number) {
                    Some(ratio) => add(CARBON_COST_RATIO, "1", ratio),
                    None => missing
                        .push(format!("{CARBON_COST_RATIO} of {code} in {}", own.compared.code)),
                }
            }
            for (name, unit, value) in of.taken() {
                add(name, unit, Number::certain(value));
            }
        }
    }
    if !missing.is_empty() {
        let text = format!(
            "not shown, because what they are divided by is of either sign in 90 % of draws: {}",
            listed(&missing, NAMED).replace('_', " ")
        );
        notes.push(Note::new(NoteCode::TinyDenominator, text));
    }
    all
}

/// A stressor of a scenario.
struct Of<'a, 'g> {
    own: &'a Given<'g>,
    found: &'a Scenarios,
    scenario: usize,
    code: &'a str,
}

impl<'a> Of<'a, '_> {
    /// A number of all regions of a side.
    fn side(&self, side: &str, measure: &str) -> Option<&'a SideLine> {
        self.found.sides.iter().find(|line| {
            (line.scenario, line.quantity.as_str()) == (self.scenario, self.code)
                && (line.place.as_str(), line.side.as_str(), line.measure.as_str())
                    == (places::ALL, side, measure)
        })
    }

    /// Regions of a side.
    fn regions(&self, side: &str) -> Vec<&'a str> {
        let own = self.found.sides.iter().filter(|line| {
            line.scenario == self.scenario
                && (line.quantity.as_str(), line.measure.as_str()) == (self.code, "change")
                && line.side == side
                && line.place != places::ALL
        });
        own.map(|line| line.place.as_str()).collect()
    }

    /// Draws of a quantity over the regions of a side.
    fn drawn(&self, quantity: &str, side: &str) -> Vec<f64> {
        self.own.draws.sums(quantity, &self.regions(side))
    }

    /// The emission transfer ratio where the run has one; an error where draws say that it may have none.
    fn transfer_ratio(&self) -> Result<Option<Drawn>, ()> {
        let Some(indicators) = self.own.recorded.tidy("indicators.csv") else { return Ok(None) };
        let year = self.found.last().to_string();
        let wanted = [
            (Column::Year, year.as_str()),
            (Column::Quantity, self.code),
            (Column::Statistic, TRANSFER_RATIO),
        ];
        let Some(row) = indicators.rows_where(&wanted).next() else { return Ok(None) };
        let value = indicators.value(row);
        if self.own.draws.is_empty() {
            return Ok(Some(Drawn::certain(value)));
        }
        let origin = self.drawn(self.code, "giving");
        let fall = Drawn { value: -1.0, range: band(origin.clone()) };
        if fall.sign() != Sign::Negative {
            return Err(());
        }
        let whole = self.own.draws.values(self.code, places::ALL);
        let ratios = whole.iter().zip(&origin).map(|(all, origin)| (all - origin) / -origin);
        Ok(Some(Drawn { value, range: band(ratios.collect()) }))
    }

    /// Stressor per value added of the receiving over that of the giving side; none where the latter may be zero.
    fn cost_ratio(&self, gained: Drawn, lost: Drawn) -> Option<Drawn> {
        if ![Sign::Positive, Sign::Negative].contains(&lost.sign()) {
            return None;
        }
        let per = |side: &str| -> Vec<f64> {
            let (stressor, money) = (self.drawn(self.code, side), self.drawn(VALUE_ADDED, side));
            stressor.iter().zip(money).map(|(stressor, money)| stressor / money).collect()
        };
        let ratios = per("receiving").into_iter().zip(per("giving")).map(|(a, b)| a / b);
        Some(Drawn { value: gained.value / lost.value, range: band(ratios.collect()) })
    }

    /// Indicators that need no look at their denominator.
    fn taken(&self) -> Vec<(&'static str, &'a str, f64)> {
        let Some(indicators) = self.own.recorded.tidy("indicators.csv") else { return Vec::new() };
        let year = self.found.last().to_string();
        let wanted = [(Column::Year, year.as_str()), (Column::Quantity, self.code)];
        let rows = indicators.rows_where(&wanted);
        rows.filter_map(|row| {
            let name = indicators.text(row, Column::Statistic);
            let name = TAKEN.into_iter().find(|known| *known == name)?;
            Some((name, indicators.text(row, Column::Unit), indicators.value(row)))
        })
        .collect()
    }
}
