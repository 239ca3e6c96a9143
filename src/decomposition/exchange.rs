//! What places exchanged by a transfer: emissions per unit of value added that came or went, shares in
//! what moved, and places beside each other. METHODS B7.
//!
//! ```text
//! intensity_P = ΔF_P / ΔV_P        share_P = Δ_P / Σ_r max(Δ_r, 0)        mismatch_P = share_P(F) − share_P(V)
//! ```
//!
//! `Δ` is the effect of sourcing. Every ratio is taken in every order of the factors; one whose denominator
//! has not the same sign in all of them says nothing and is left out.

use super::Factor;
use super::sums::{FactorSums, PlaceSums};
use super::transfer::Transfer;
use crate::fault::{Note, NoteCode};
use crate::labels::listed;

/// Below this share of the largest effect on any place a denominator says nothing.
const TINY: f64 = 1e-9;

/// Most places that are set beside each other, pair by pair.
pub const MOST_PLACES: usize = 12;

/// Places that a note names.
const NAMED: usize = 6;

/// Code of the quantity that others are held against.
const VALUE_ADDED: &str = "value_added";

/// A number with its range over all orders of the factors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranged {
    /// By the form of decomposition asked for.
    pub value: f64,
    /// Smallest and largest over all orders and the value itself.
    pub range: [f64; 2],
}

impl Ranged {
    fn of(value: f64, orders: impl Iterator<Item = f64>) -> Self {
        let range = orders.fold([value; 2], |[low, high], one| [low.min(one), high.max(one)]);
        Ranged { value, range }
    }
}

/// What one place exchanged of one quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// Position of the quantity: value added or a stressor.
    pub quantity: usize,
    /// The place.
    pub place: usize,
    /// Effect on the stressor per unit of effect on value added; none for value added itself.
    pub intensity: Option<Ranged>,
    /// Effect on the place over all that regions gained; none where they gained nothing.
    pub share_of_gross: Option<Ranged>,
    /// Share in the stressor less share in value added; none for value added itself.
    pub mismatch: Option<Ranged>,
}

/// What two places are held against each other by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contrasted {
    /// The effect on the quantity.
    Effect,
    /// The effect on the stressor per unit of effect on value added.
    Intensity,
}

impl Contrasted {
    /// The word results use.
    pub fn word(self) -> &'static str {
        match self {
            Contrasted::Effect => "effect",
            Contrasted::Intensity => "intensity",
        }
    }
}

/// One place over another.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// Position of the quantity.
    pub quantity: usize,
    /// The place above.
    pub from: usize,
    /// The place below.
    pub to: usize,
    /// What of them.
    pub of: Contrasted,
    /// The ratio.
    pub ratio: Ranged,
}

/// Sums of sourcing on value added, and on each quantity by position; none without sums.
struct Sourcing<'a> {
    value_added: &'a FactorSums,
    quantities: Vec<(usize, &'a FactorSums)>,
    regions: usize,
    /// Largest effect on value added of any place.
    largest: f64,
}

impl<'a> Sourcing<'a> {
    fn of(transfer: &'a Transfer) -> Option<Self> {
        let sums = |sums: &'a Option<PlaceSums>| sums.as_ref()?.factor(Factor::Sourcing);
        let quantities = transfer.quantities.iter().enumerate();
        let value_added = transfer.quantities.iter().find(|one| one.code == VALUE_ADDED)?;
        let value_added = sums(&value_added.sums)?;
        Some(Sourcing {
            value_added,
            // Output has no intensity, so its orders are others.
            quantities: quantities
                .filter(|(_, one)| one.code != "output")
                .filter_map(|(at, one)| Some((at, sums(&one.sums)?)))
                .collect(),
            regions: transfer.industries.regions.len(),
            largest: value_added.value.iter().map(|value| value.abs()).fold(0.0, f64::max),
        })
    }

    fn is_value_added(&self, sums: &FactorSums) -> bool {
        std::ptr::eq(sums, self.value_added)
    }

    /// Whether a place's effect on value added can be divided by.
    fn divides(&self, place: usize) -> bool {
        let [low, high] = self.value_added.orders.range(place);
        low > TINY * self.largest || high < -TINY * self.largest
    }

    fn intensity(&self, sums: &FactorSums, place: usize) -> Option<Ranged> {
        if self.is_value_added(sums) || !self.divides(place) {
            return None;
        }
        let orders = sums.orders.of(place).zip(self.value_added.orders.of(place));
        let value = sums.value[place] / self.value_added.value[place];
        Some(Ranged::of(
            value,
            orders.map(|((stressor, _), (value_added, _))| stressor / value_added),
        ))
    }

    /// What regions gained, of the effects on every place.
    fn gross(&self, places: &[f64]) -> f64 {
        places[..self.regions].iter().map(|effect| effect.max(0.0)).sum()
    }

    /// Share of a place in what regions gained: by the form, then order by order; none where in some order
    /// they gained nothing.
    fn shares(&self, sums: &FactorSums, place: usize) -> Option<Vec<f64>> {
        let size = |places: &[f64]| places.iter().map(|v| v.abs()).fold(0.0, f64::max);
        let share = |places: &[f64]| {
            let gross = self.gross(places);
            (gross > TINY * size(places)).then(|| places[place] / gross)
        };
        std::iter::once(sums.value.as_slice()).chain(sums.orders.each()).map(share).collect()
    }
}

fn ranged(values: &[f64]) -> Ranged {
    Ranged::of(values[0], values[1..].iter().copied())
}

/// What every place exchanged of value added and each stressor by the change of sourcing; nothing for a
/// transfer without sums.
pub fn exchanges(transfer: &Transfer) -> Vec<Exchange> {
    let Some(sourcing) = Sourcing::of(transfer) else { return Vec::new() };
    let mut found = Vec::new();
    for (quantity, sums) in &sourcing.quantities {
        for place in 0..sums.value.len() {
            let share = sourcing.shares(sums, place);
            let of_value_added = sourcing.shares(sourcing.value_added, place);
            let apart = share.as_ref().zip(of_value_added).map(|(share, other)| {
                share.iter().zip(other).map(|(a, b)| a - b).collect::<Vec<f64>>()
            });
            found.push(Exchange {
                quantity: *quantity,
                place,
                intensity: sourcing.intensity(sums, place),
                share_of_gross: share.map(|values| ranged(&values)),
                mismatch: apart
                    .filter(|_| !sourcing.is_value_added(sums))
                    .map(|values| ranged(&values)),
            });
        }
    }
    found
}

/// Every two places held against each other: all regions and groups if they are at most [`MOST_PLACES`],
/// else the groups; each only where both numbers keep their sign in every order.
pub fn contrasts(transfer: &Transfer) -> Vec<Contrast> {
    let Some(sourcing) = Sourcing::of(transfer) else { return Vec::new() };
    // The last place is all together.
    let places = sourcing.value_added.value.len() - 1;
    let first = if places <= MOST_PLACES { 0 } else { sourcing.regions };
    if places - first > MOST_PLACES {
        return Vec::new();
    }
    let pairs = (first..places).flat_map(|from| (first..places).map(move |to| (from, to)));
    let pairs: Vec<(usize, usize)> = pairs.filter(|(from, to)| from != to).collect();
    let mut found = Vec::new();
    for (quantity, sums) in &sourcing.quantities {
        let firm = |place: usize| sums.orders.firm(place);
        for (from, to) in pairs.iter().copied().filter(|(from, to)| firm(*from) && firm(*to)) {
            let mut add = |of, ratio| {
                found.push(Contrast { quantity: *quantity, from, to, of, ratio });
            };
            let orders = sums.orders.of(from).zip(sums.orders.of(to)).map(|((a, _), (b, _))| a / b);
            add(Contrasted::Effect, Ranged::of(sums.value[from] / sums.value[to], orders));
            if let Some(ratio) = intensity_ratio(&sourcing, sums, from, to) {
                add(Contrasted::Intensity, ratio);
            }
        }
    }
    found
}

/// Intensity of what one place exchanged over that of another.
fn intensity_ratio(
    sourcing: &Sourcing<'_>,
    sums: &FactorSums,
    from: usize,
    to: usize,
) -> Option<Ranged> {
    let intensities = |place: usize| -> Option<Vec<f64>> {
        let value = sourcing.intensity(sums, place)?.value;
        let orders = sums.orders.of(place).zip(sourcing.value_added.orders.of(place));
        let orders = orders.map(|((stressor, _), (value_added, _))| stressor / value_added);
        Some(std::iter::once(value).chain(orders).collect())
    };
    let (above, below) = (intensities(from)?, intensities(to)?);
    let ratios: Vec<f64> = above.iter().zip(&below).map(|(a, b)| a / b).collect();
    Some(ranged(&ratios))
}

/// Which places have no intensity, and why; `codes` are those of the places.
pub fn note(transfer: &Transfer, codes: &[&str]) -> Option<Note> {
    let sourcing = Sourcing::of(transfer)?;
    let without: Vec<&str> = codes
        .iter()
        .enumerate()
        .filter(|(place, _)| !sourcing.divides(*place))
        .map(|(_, code)| *code)
        .collect();
    (!without.is_empty()).then(|| {
        let text = format!(
            "no emissions per unit of value added exchanged for {}: the effect of sourcing on value added has not one sign in \
             every order of the factors, or is next to nothing",
            listed(&without, NAMED)
        );
        Note::new(NoteCode::TinyDenominator, text)
    })
}
