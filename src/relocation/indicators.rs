//! What a relocation means in a few numbers: who is relieved, who is burdened, at what price.
//! METHODS B7.

use super::Move;
use crate::fault::{Note, NoteCode};

/// The change that a relocation makes to one stressor, with the value added beside it.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// Change of the stressor by region.
    pub stressor: &'a [f64],
    /// Change of value added by region.
    pub value_added: &'a [f64],
    /// Regions that something leaves.
    pub origins: &'a [bool],
    /// Regions that something reaches.
    pub destinations: &'a [bool],
    /// Output of the relocated plants, by move.
    pub relocated: &'a [f64],
    /// Stressor per unit of output of the relocated plants, by move.
    pub plant_intensity: &'a [f64],
    /// Stressor per unit of output of the industry they left, by move.
    pub origin_intensity: &'a [f64],
}

/// One indicator; `None` where its denominator is too small to divide by.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Stable name.
    pub name: &'static str,
    /// What its unit is made of.
    pub unit: IndicatorUnit,
    /// The value.
    pub value: Option<f64>,
}

/// The unit of an indicator, to be spelled with a table's own units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndicatorUnit {
    /// A pure number.
    One,
    /// The stressor's unit.
    Stressor,
    /// The table's money.
    Money,
    /// Stressor per money.
    StressorPerMoney,
    /// Money per stressor.
    MoneyPerStressor,
}

/// Below this share of the largest regional change a denominator says nothing.
const TINY: f64 = 1e-9;

impl Change<'_> {
    /// Every indicator of the change.
    ///
    /// - emission transfer ratio: rise elsewhere over fall at the origin, `Σ_{q∉origins} ΔF_q / −ΔF_origins`;
    /// - haven index: that less 1;
    /// - direct and upstream: `Σ g (ec* − ec_a)` at the plants, and the rest;
    /// - break-even intensity: that of the plants at which the whole does not change,
    ///   `(Σ g ec_a − upstream) / Σ g`;
    /// - carbon cost: `ΔF / Δva` of the destinations (gained) and of the origins (lost);
    /// - value added per unit moved: `Δva / ΔF` at the origins.
    pub fn indicators(&self) -> (Vec<Indicator>, Vec<Note>) {
        let sum = |values: &[f64], of: &[bool]| -> f64 {
            values.iter().zip(of).filter(|(_, of)| **of).map(|(value, _)| value).sum()
        };
        let total: f64 = self.stressor.iter().sum();
        let value_added: f64 = self.value_added.iter().sum();
        let (origin, origin_va) =
            (sum(self.stressor, self.origins), sum(self.value_added, self.origins));
        let (gained, gained_va) =
            (sum(self.stressor, self.destinations), sum(self.value_added, self.destinations));
        let moved: f64 = self.relocated.iter().sum();
        let weighted =
            |c: &[f64]| -> f64 { self.relocated.iter().zip(c).map(|(g, c)| g * c).sum() };
        let (at_plants, at_origin) =
            (weighted(self.plant_intensity), weighted(self.origin_intensity));
        let direct = at_plants - at_origin;
        let upstream = total - direct;
        let largest = |values: &[f64]| values.iter().map(|v| v.abs()).fold(0.0, f64::max);
        let (size, size_va) = (largest(self.stressor), largest(self.value_added));
        let over = |a: f64, b: f64, size: f64| (b.abs() > TINY * size && b != 0.0).then(|| a / b);
        // A region that gives and receives is neither origin nor destination of the whole.
        let sides = !self.origins.iter().zip(self.destinations).any(|(from, to)| *from && *to);
        let only = |value: f64| sides.then_some(value);
        let sided = |value: Option<f64>| value.filter(|_| sides);
        let falls = |a: f64| if origin < 0.0 { sided(over(a, -origin, size)) } else { None };
        use IndicatorUnit::{Money, MoneyPerStressor, One, Stressor, StressorPerMoney};
        let list = [
            ("relocated_output", Money, Some(moved)),
            ("change_total", Stressor, Some(total)),
            ("change_origin", Stressor, only(origin)),
            ("change_elsewhere", Stressor, only(total - origin)),
            ("change_destination", Stressor, only(gained)),
            ("value_added_total", Money, Some(value_added)),
            ("value_added_origin", Money, only(origin_va)),
            ("value_added_destination", Money, only(gained_va)),
            ("emission_transfer_ratio", One, falls(total - origin)),
            ("haven_index", One, falls(total)),
            ("change_per_output_moved", StressorPerMoney, over(total, moved, moved.abs())),
            ("direct", Stressor, Some(direct)),
            ("upstream", Stressor, Some(upstream)),
            ("plant_intensity", StressorPerMoney, over(at_plants, moved, moved.abs())),
            ("origin_intensity", StressorPerMoney, over(at_origin, moved, moved.abs())),
            (
                "break_even_intensity",
                StressorPerMoney,
                over(at_origin - upstream, moved, moved.abs()),
            ),
            ("carbon_cost_gained", StressorPerMoney, sided(over(gained, gained_va, size_va))),
            ("carbon_cost_lost", StressorPerMoney, sided(over(origin, origin_va, size_va))),
            ("value_added_per_unit_moved", MoneyPerStressor, sided(over(origin_va, origin, size))),
        ];
        let indicators: Vec<Indicator> =
            list.into_iter().map(|(name, unit, value)| Indicator { name, unit, value }).collect();
        let missing: Vec<&str> = indicators
            .iter()
            .filter(|i| i.value.is_none())
            .map(|indicator| indicator.name)
            .collect();
        let mut notes = Vec::new();
        if !missing.is_empty() {
            let why = why(sides);
            notes.push(Note::new(
                NoteCode::TinyDenominator,
                format!("not shown, because {why}: {}", missing.join(", ")),
            ));
        }
        (indicators, notes)
    }
}

/// Why a ratio is not defined, given whether no region gives in one move and receives in another.
fn why(sides: bool) -> &'static str {
    if sides {
        "the denominator is close to zero or the origin's total does not fall"
    } else {
        "a region gives in one move and receives in another, so there is no one origin; run the moves apart"
    }
}

/// The share of technology at which the whole does not change.
pub const BREAK_EVEN_TECHNOLOGY: &str = "break_even_technology_share";

/// Why some indicators of these moves are not defined, with the names of each reason.
pub fn undefined(
    indicators: &[Indicator],
    moves: &[Move],
) -> Vec<(&'static str, Vec<&'static str>)> {
    let sides = !moves.iter().any(|mv| moves.iter().any(|other| other.from == mv.to));
    let names = |technology: bool| -> Vec<&'static str> {
        let missing = indicators.iter().filter(|indicator| indicator.value.is_none());
        let names = missing.map(|indicator| indicator.name);
        names.filter(|name| (*name == BREAK_EVEN_TECHNOLOGY) == technology).collect()
    };
    let no_share = "no mix of the two regions' technologies turns the sign of the whole";
    let reasons = [(why(sides), names(false)), (no_share, names(true))];
    reasons.into_iter().filter(|(_, names)| !names.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// METHODS B7, origin technology and origin sourcing: emissions merely move.
    #[test]
    fn a_move_that_keeps_everything_has_ratio_one_and_no_haven() {
        let change = Change {
            stressor: &[-13.056, 13.056],
            value_added: &[-12.8, 12.8],
            origins: &[true, false],
            destinations: &[false, true],
            relocated: &[38.4],
            plant_intensity: &[0.34],
            origin_intensity: &[0.34],
        };
        let (indicators, notes) = change.indicators();
        let value = |name| indicators.iter().find(|i| i.name == name).unwrap().value;
        assert_eq!(value("emission_transfer_ratio"), Some(1.0));
        assert_eq!(value("haven_index"), Some(0.0));
        assert_eq!(value("direct"), Some(0.0));
        assert!((value("carbon_cost_gained").unwrap() - 1.02).abs() < 1e-12);
        assert!((value("break_even_intensity").unwrap() - 0.34).abs() < 1e-12);
        assert!(notes.is_empty());
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        let zero = [0.0, 0.0];
        let change = Change {
            stressor: &zero,
            value_added: &zero,
            origins: &[true, false],
            destinations: &[false, true],
            relocated: &[0.0],
            plant_intensity: &[1.0],
            origin_intensity: &[1.0],
        };
        let (indicators, notes) = change.indicators();
        assert!(indicators.iter().filter_map(|i| i.value).all(f64::is_finite));
        assert_eq!(notes[0].code, NoteCode::TinyDenominator);
    }
}
