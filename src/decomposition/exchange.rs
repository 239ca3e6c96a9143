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
use super::sums::FactorSums;
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
    /// Of a value and that of each order; none of nothing.
    fn of(ways: &[f64]) -> Option<Self> {
        let none = [f64::INFINITY, f64::NEG_INFINITY];
        let range = ways.iter().fold(none, |[low, high], way| [low.min(*way), high.max(*way)]);
        ways.first().map(|value| Ranged { value: *value, range })
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

/// What sourcing did to one quantity.
struct Moved<'a> {
    quantity: usize,
    is_stressor: bool,
    sums: &'a FactorSums,
}

impl Moved<'_> {
    /// Effects on every place: by the form, then order by order.
    fn ways(&self) -> impl Iterator<Item = &[f64]> {
        std::iter::once(self.sums.value.as_slice()).chain(self.sums.orders.each())
    }
}

/// What sourcing did to value added and to each stressor.
struct Sourcing<'a> {
    value_added: Moved<'a>,
    quantities: Vec<Moved<'a>>,
    regions: usize,
}

impl<'a> Sourcing<'a> {
    /// None for a transfer without sums.
    fn of(transfer: &'a Transfer) -> Option<Self> {
        let moved = |quantity: usize| -> Option<Moved<'a>> {
            let own = &transfer.quantities[quantity];
            let sums = own.sums.as_ref()?.factor(Factor::Sourcing)?;
            Some(Moved { quantity, is_stressor: own.code != VALUE_ADDED, sums })
        };
        // Output has no intensity, so it is made in other orders than the rest.
        let counts = |at: &usize| transfer.quantities[*at].code != "output";
        let at = transfer.quantities.iter().position(|one| one.code == VALUE_ADDED)?;
        Some(Sourcing {
            value_added: moved(at)?,
            quantities: (0..transfer.quantities.len()).filter(counts).filter_map(moved).collect(),
            regions: transfer.industries.regions.len(),
        })
    }

    /// Whether a place's effect on value added can be divided by.
    fn divides(&self, place: usize) -> bool {
        let least = TINY * size(&self.value_added.sums.value);
        let [low, high] = self.value_added.sums.orders.range(place);
        low > least || high < -least
    }

    /// Effect on a stressor per unit of effect on value added: by the form, then order by order.
    fn intensities(&self, moved: &Moved<'_>, place: usize) -> Option<Vec<f64>> {
        let both = moved.ways().zip(self.value_added.ways());
        (moved.is_stressor && self.divides(place))
            .then(|| both.map(|(a, b)| a[place] / b[place]).collect())
    }

    /// Share of a place in what regions gained: by the form, then order by order; none where in some order
    /// they gained nothing.
    fn shares(&self, moved: &Moved<'_>, place: usize) -> Option<Vec<f64>> {
        let share = |places: &[f64]| {
            let gross: f64 = places[..self.regions].iter().map(|effect| effect.max(0.0)).sum();
            (gross > TINY * size(places)).then(|| places[place] / gross)
        };
        moved.ways().map(share).collect()
    }
}

fn size(values: &[f64]) -> f64 {
    values.iter().map(|value| value.abs()).fold(0.0, f64::max)
}

/// What every place exchanged of value added and each stressor by the change of sourcing; nothing for a
/// transfer without sums.
pub fn exchanges(transfer: &Transfer) -> Vec<Exchange> {
    let Some(sourcing) = Sourcing::of(transfer) else { return Vec::new() };
    let mut found = Vec::new();
    for moved in &sourcing.quantities {
        for place in 0..moved.sums.value.len() {
            let share = sourcing.shares(moved, place);
            let money = sourcing.shares(&sourcing.value_added, place).filter(|_| moved.is_stressor);
            let mismatch = share.as_ref().zip(money).map(|(share, money)| {
                share.iter().zip(money).map(|(a, b)| a - b).collect::<Vec<f64>>()
            });
            found.push(Exchange {
                quantity: moved.quantity,
                place,
                intensity: sourcing.intensities(moved, place).as_deref().and_then(Ranged::of),
                share_of_gross: share.as_deref().and_then(Ranged::of),
                mismatch: mismatch.as_deref().and_then(Ranged::of),
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
    let places = sourcing.value_added.sums.value.len() - 1;
    let first = if places <= MOST_PLACES { 0 } else { sourcing.regions };
    if places - first > MOST_PLACES {
        return Vec::new();
    }
    let mut found = Vec::new();
    for moved in &sourcing.quantities {
        let effects = |place: usize| -> Vec<f64> { moved.ways().map(|way| way[place]).collect() };
        let firm: Vec<usize> =
            (first..places).filter(|place| moved.sums.orders.firm(*place)).collect();
        for (from, to) in firm.iter().flat_map(|from| firm.iter().map(move |to| (*from, *to))) {
            let mut add = |of, above: &[f64], below: &[f64]| {
                let ratios: Vec<f64> = above.iter().zip(below).map(|(a, b)| a / b).collect();
                let quantity = moved.quantity;
                found.extend(Ranged::of(&ratios).map(|ratio| Contrast {
                    quantity,
                    from,
                    to,
                    of,
                    ratio,
                }));
            };
            if from == to {
                continue;
            }
            add(Contrasted::Effect, &effects(from), &effects(to));
            let intensities = |place| sourcing.intensities(moved, place);
            if let (Some(above), Some(below)) = (intensities(from), intensities(to)) {
                add(Contrasted::Intensity, &above, &below);
            }
        }
    }
    found
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
