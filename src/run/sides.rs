//! Who gives and who receives: change of every quantity where industry leaves and where it arrives, per
//! unit of what moved, and emissions against value added. METHODS B7.
//!
//! ```text
//! intensity = ΔF / ΔV        share_P = Δ_P / Σ_r max(Δ_r, 0)        mismatch_P = share_P(F) − share_P(V)
//! transfer ratio = Σ_{r ∉ giving} ΔF_r / −Σ_{r ∈ giving} ΔF_r
//! ```
//!
//! `Δ` is scenario less baseline in the last year. Ratios of a draw are of the draw's own sums.

use super::ensemble::{Differences, band};
use super::{Outcome, YearOutcome};
use crate::fault::{Note, NoteCode};
use crate::labels::{listed, places};
use crate::scenario::Scenario;
use crate::table::{Quantity, Table};

/// Below this share of the largest change of any region a denominator says nothing.
const TINY: f64 = 1e-9;

/// Ratios that a note names.
const NAMED: usize = 6;

/// What part a place has in the moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Industry leaves and none arrives.
    Giving,
    /// Industry arrives and none leaves.
    Receiving,
    /// Both.
    Both,
    /// Neither; changed through suppliers and demand.
    Elsewhere,
    /// A group of the scenario, whatever its regions do.
    Group,
    /// All regions together.
    All,
}

impl Side {
    /// The word results use.
    pub fn word(self) -> &'static str {
        match self {
            Side::Giving => "giving",
            Side::Receiving => "receiving",
            Side::Both => "both",
            Side::Elsewhere => "elsewhere",
            Side::Group => "group",
            Side::All => "all",
        }
    }

    fn of(gives: bool, receives: bool) -> Self {
        match (gives, receives) {
            (true, false) => Side::Giving,
            (false, true) => Side::Receiving,
            (true, true) => Side::Both,
            (false, false) => Side::Elsewhere,
        }
    }
}

/// What is told of a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SideMeasure {
    /// Output of relocated plants: what left, what arrived; of all, what moved.
    MovedOutput,
    /// Scenario less baseline.
    Change,
    /// The change per unit of that output.
    PerMovedOutput,
    /// Change of the stressor per unit of change of value added.
    IntensityOfChange,
    /// Change over all that regions gained.
    ShareOfGross,
    /// Share in the stressor less share in value added.
    Mismatch,
    /// What rises elsewhere over what falls on the giving side, where no region both gives and receives.
    TransferRatio,
}

impl SideMeasure {
    /// The word results use.
    pub fn word(self) -> &'static str {
        match self {
            SideMeasure::MovedOutput => "moved_output",
            SideMeasure::Change => "change",
            SideMeasure::PerMovedOutput => "per_moved_output",
            SideMeasure::IntensityOfChange => "intensity_of_change",
            SideMeasure::ShareOfGross => "share_of_gross",
            SideMeasure::Mismatch => "mismatch",
            SideMeasure::TransferRatio => "transfer_ratio",
        }
    }
}

/// One number of a side.
#[derive(Debug, Clone, PartialEq)]
pub struct SideNumber {
    /// Code of the region or group; `all` for sums over a side.
    pub place: String,
    /// Its side.
    pub side: Side,
    /// The quantity.
    pub quantity: Quantity,
    /// What of it.
    pub measure: SideMeasure,
    /// Without anything drawn.
    pub value: f64,
    /// At 5, 50 and 95 % of the draws; none where it is not drawn.
    pub band: Option<[f64; 3]>,
}

/// A set of regions with a side.
struct Set {
    place: String,
    side: Side,
    inside: Vec<bool>,
    /// Output that left or arrived; none where both did.
    moved: Option<f64>,
}

impl Set {
    fn sum(&self, by_region: &[f64]) -> f64 {
        let own = by_region.iter().zip(&self.inside).filter(|(_, inside)| **inside);
        places::sum(own.map(|(value, _)| *value))
    }
}

/// Regions with a part in the moves one by one, groups, then all of each side.
fn sets(table: &Table, scenario: &Scenario, year: &YearOutcome) -> Vec<Set> {
    let regions = &table.industries().regions;
    let count = regions.len();
    let moved = |region: usize, arriving: bool| -> f64 {
        let moves = scenario.moves.iter().zip(&year.relocated);
        let own = moves.filter(|(planned, _)| {
            (if arriving { planned.mv.to } else { planned.mv.from }) == region
        });
        own.map(|(_, output)| output).sum()
    };
    let side = |region: usize| {
        let own = |pick: fn(&crate::relocation::Move) -> usize| {
            scenario.moves.iter().any(|planned| pick(&planned.mv) == region)
        };
        Side::of(own(|mv| mv.from), own(|mv| mv.to))
    };
    let sides: Vec<Side> = (0..count).map(side).collect();
    let output = |side: Side, inside: &[bool]| {
        let of =
            |arriving| (0..count).filter(|r| inside[*r]).map(|r| moved(r, arriving)).sum::<f64>();
        match side {
            Side::Giving => Some(of(false)),
            Side::Receiving => Some(of(true)),
            Side::All => Some(year.relocated.iter().sum()),
            _ => None,
        }
    };
    let make = |place: &str, side: Side, inside: Vec<bool>| Set {
        place: place.to_owned(),
        side,
        moved: output(side, &inside),
        inside,
    };
    let mut found: Vec<Set> = (0..count)
        .filter(|region| sides[*region] != Side::Elsewhere)
        .map(|own| make(regions.code(own), sides[own], (0..count).map(|r| r == own).collect()))
        .collect();
    let groups = scenario.groups.iter();
    found.extend(groups.map(|group| make(&group.label.code, Side::Group, group.inside.clone())));
    for side in [Side::Giving, Side::Receiving, Side::Both, Side::Elsewhere] {
        if sides.contains(&side) {
            let inside = sides.iter().map(|own| *own == side).collect();
            found.push(make(places::ALL, side, inside));
        }
    }
    found.push(make(places::ALL, Side::All, vec![true; count]));
    found
}

/// Changes by region of a quantity: without anything drawn, then of each draw.
struct Changes<'a> {
    quantity: Quantity,
    point: Vec<f64>,
    draws: Vec<&'a [f64]>,
}

impl Changes<'_> {
    /// A number of every way the changes come.
    fn numbers(&self, of: impl Fn(&[f64]) -> Option<f64>) -> Option<(f64, Option<[f64; 3]>)> {
        let drawn: Option<Vec<f64>> = self.draws.iter().map(|changes| of(changes)).collect();
        Some((of(&self.point)?, band(drawn?)))
    }

    /// The same of two quantities in the same draws.
    fn with(
        &self,
        other: &Changes<'_>,
        of: impl Fn(&[f64], &[f64]) -> Option<f64>,
    ) -> Option<(f64, Option<[f64; 3]>)> {
        let pairs = self.draws.iter().zip(&other.draws);
        let drawn: Option<Vec<f64>> = pairs.map(|(a, b)| of(a, b)).collect();
        Some((of(&self.point, &other.point)?, band(drawn?)))
    }
}

/// Who gives and who receives in the last year, and a note on the ratios that are not shown; nothing where
/// nothing moves.
pub fn sides(
    table: &Table,
    scenario: &Scenario,
    outcome: &Outcome,
) -> (Vec<SideNumber>, Option<Note>) {
    let last = outcome.years.last().filter(|year| year.relocated.iter().any(|g| *g != 0.0));
    let Some(year) = last else { return (Vec::new(), None) };
    let drawn = outcome.ensemble.as_ref().and_then(|found| found.differences.as_ref());
    let changes: Vec<Changes<'_>> = table
        .quantities()
        .into_iter()
        .enumerate()
        .map(|(at, quantity)| Changes {
            quantity,
            point: year.change(table, quantity),
            draws: drawn.map_or(Vec::new(), |drawn: &Differences| drawn.of_quantity(at).collect()),
        })
        .collect();
    let value_added = changes.iter().find(|one| one.quantity == Quantity::ValueAdded);
    let mut found = Vec::new();
    let mut missing = Vec::new();
    let sets = sets(table, scenario, year);
    let sided = sets.iter().all(|set| set.side != Side::Both);
    for set in sets {
        for own in &changes {
            let mut add = |measure, (value, band): (f64, Option<[f64; 3]>)| {
                let (place, quantity) = (set.place.clone(), own.quantity);
                found.push(SideNumber { place, side: set.side, quantity, measure, value, band });
            };
            if let (Some(moved), Quantity::Output) = (set.moved, own.quantity) {
                add(SideMeasure::MovedOutput, (moved, None));
            }
            if let Some(change) = own.numbers(|changes| Some(set.sum(changes))) {
                add(SideMeasure::Change, change);
            }
            if let Some(moved) = set.moved.filter(|moved| *moved != 0.0) {
                add(SideMeasure::PerMovedOutput, (set.sum(&own.point) / moved, None));
            }
            if let Some(share) = own.numbers(|changes| share(&set, changes)) {
                add(SideMeasure::ShareOfGross, share);
            }
            let stressor = matches!(own.quantity, Quantity::Stressor(_));
            let Some(money) = value_added.filter(|_| stressor) else { continue };
            match intensity(&set, own, money) {
                Some(ratio) => add(SideMeasure::IntensityOfChange, ratio),
                None => missing.push(format!(
                    "{} of {} ({})",
                    table.quantity_code(own.quantity),
                    set.place,
                    set.side.word()
                )),
            }
            let apart = |a: &[f64], b: &[f64]| Some(share(&set, a)? - share(&set, b)?);
            if let Some(mismatch) = own.with(money, apart) {
                add(SideMeasure::Mismatch, mismatch);
            }
            let whole_side = set.place == places::ALL && set.side == Side::Giving;
            let ratio = (whole_side && sided).then(|| transfer_ratio(&set, own)).flatten();
            if let Some(ratio) = ratio {
                add(SideMeasure::TransferRatio, ratio);
            }
        }
    }
    let note = (!missing.is_empty()).then(|| {
        let text = format!(
            "emissions per unit of value added are not shown where its change is close to zero, or of either sign in 90 % of draws: \
             {}",
            listed(&missing, NAMED)
        );
        Note::new(NoteCode::TinyDenominator, text)
    });
    (found, note)
}

/// Change of a set over all that regions gained; none where they gained nothing.
fn share(set: &Set, changes: &[f64]) -> Option<f64> {
    let gross: f64 = changes.iter().map(|change| change.max(0.0)).sum();
    let size = changes.iter().map(|change| change.abs()).fold(0.0, f64::max);
    (gross > TINY * size).then(|| set.sum(changes) / gross)
}

/// Change of a stressor per unit of change of value added; none where the latter is next to nothing or its
/// band holds zero.
fn intensity(
    set: &Set,
    stressor: &Changes<'_>,
    money: &Changes<'_>,
) -> Option<(f64, Option<[f64; 3]>)> {
    let (change, spread) = money.numbers(|changes| Some(set.sum(changes)))?;
    let size = money.point.iter().map(|change| change.abs()).fold(0.0, f64::max);
    let crosses = spread.is_some_and(|[low, _, high]| low <= 0.0 && high >= 0.0);
    if change.abs() <= TINY * size || crosses {
        return None;
    }
    // A draw in which the change is nothing has no ratio, and is no draw of it.
    stressor.with(money, |a, b| {
        let (above, below) = (set.sum(a), set.sum(b));
        Some(if below == 0.0 { f64::NAN } else { above / below })
    })
}

/// What rises outside a set over what falls in it; none where it does not fall, or in 90 % of draws does not always.
fn transfer_ratio(set: &Set, stressor: &Changes<'_>) -> Option<(f64, Option<[f64; 3]>)> {
    let (fall, spread) = stressor.numbers(|changes| Some(set.sum(changes)))?;
    let size = stressor.point.iter().map(|change| change.abs()).fold(0.0, f64::max);
    if fall >= -TINY * size || spread.is_some_and(|[_, _, high]| high >= 0.0) {
        return None;
    }
    stressor.numbers(|changes| {
        let own = set.sum(changes);
        let whole = places::sum(changes.iter().copied());
        Some(if own == 0.0 { f64::NAN } else { (whole - own) / -own })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_ratio_needs_a_fall_in_most_draws() {
        let own = set(&[true, false]);
        let (value, spread) =
            transfer_ratio(&own, &changes(&[-2.0, 5.0], &[&[-2.0, 5.0], &[-1.0, 4.0]])).unwrap();
        assert_eq!(value, 2.5);
        let [low, _, high] = spread.unwrap();
        assert!(2.5 < low && low < high && high < 4.0);
        assert_eq!(transfer_ratio(&own, &changes(&[2.0, 5.0], &[])), None);
        let crossing = changes(&[-2.0, 5.0], &[&[-2.0, 5.0], &[1.0, 4.0]]);
        assert_eq!(transfer_ratio(&own, &crossing), None);
    }

    fn set(inside: &[bool]) -> Set {
        let (place, side) = ("a".to_owned(), Side::Giving);
        Set { place, side, inside: inside.to_vec(), moved: None }
    }

    fn changes<'a>(point: &[f64], draws: &[&'a [f64]]) -> Changes<'a> {
        Changes { quantity: Quantity::ValueAdded, point: point.to_vec(), draws: draws.to_vec() }
    }

    #[test]
    fn an_intensity_is_not_shown_where_its_denominator_may_be_zero() {
        let own = set(&[true, false]);
        let emissions = changes(&[-2.0, 5.0], &[&[-2.0, 5.0], &[-1.0, 5.0]]);
        let money = changes(&[-4.0, 4.0], &[&[-4.0, 4.0], &[-8.0, 4.0]]);
        let (value, spread) = intensity(&own, &emissions, &money).unwrap();
        assert_eq!(value, 0.5);
        let [low, _, high] = spread.unwrap();
        assert!(0.125 < low && low < high && high < 0.5);
        let crossing = changes(&[-4.0, 4.0], &[&[-4.0, 4.0], &[1.0, 4.0]]);
        assert_eq!(intensity(&own, &emissions, &crossing), None);
        let nothing = changes(&[1e-12, 4.0], &[]);
        assert_eq!(intensity(&own, &changes(&[-2.0, 5.0], &[]), &nothing), None);
    }

    #[test]
    fn shares_are_of_what_was_gained() {
        let (a, b) = (set(&[true, false, false]), set(&[false, true, true]));
        assert_eq!(share(&a, &[-3.0, 4.0, 2.0]), Some(-0.5));
        assert_eq!(share(&b, &[-3.0, 4.0, 2.0]), Some(1.0));
        assert_eq!(share(&a, &[-3.0, 0.0, 0.0]), None, "nobody gained");
    }
}
