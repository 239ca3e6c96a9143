//! Characterisation: stressors weighed together into impacts, such as greenhouse gases into CO2e.
//!
//! ```text
//! impact_j = Σ_k factor_k stressor_kj
//! ```
//!
//! for industries and households alike. Source: ISO 14044, 4.4.2; pymrio's `Extension.characterize`.

use super::Extension;
use crate::labels::Label;
use crate::units::Unit;

/// An impact and the stressors it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Impact {
    /// Code and names.
    pub label: Label,
    /// Its unit.
    pub unit: Unit,
    /// Position of each stressor and what one unit of it counts.
    pub factors: Vec<(usize, f64)>,
}

/// The impact as an extension of the table that the stressors are of.
///
/// # Panics
/// If a position is not one of a stressor.
///
/// # Examples
/// ```
/// use irio::labels::Label;
/// use irio::table::Extension;
/// use irio::table::characterisation::{Impact, characterise};
/// let gas = |code: &str, values: Vec<f64>| Extension {
///     label: Label::code(code),
///     unit: "t".parse().unwrap(),
///     values,
///     households: vec![1.0],
///     inventory: None,
///     by_demand: None,
///     origin: None,
/// };
/// let gases = [gas("CO2", vec![10.0, 20.0]), gas("CH4", vec![1.0, 0.0])];
/// let factors = vec![(0, 1.0), (1, 28.0)];
/// let ghg = Impact { label: Label::code("GHG"), unit: "t".parse().unwrap(), factors };
/// let found = characterise(&gases, &ghg);
/// assert_eq!((found.values, found.households), (vec![38.0, 20.0], vec![29.0]));
/// ```
#[track_caller]
pub fn characterise(stressors: &[Extension], impact: &Impact) -> Extension {
    let zeros = |length: usize| vec![0.0; length];
    let first = stressors.first();
    let mut values = zeros(first.map_or(0, |one| one.values.len()));
    let mut households = zeros(first.map_or(0, |one| one.households.len()));
    for (at, factor) in &impact.factors {
        let stressor = &stressors[*at];
        let add = |sums: &mut Vec<f64>, more: &[f64]| {
            sums.iter_mut().zip(more).for_each(|(sum, value)| *sum += factor * value);
        };
        add(&mut values, &stressor.values);
        add(&mut households, &stressor.households);
    }
    Extension {
        label: impact.label.clone(),
        unit: impact.unit.clone(),
        values,
        households,
        inventory: None,
        by_demand: None,
        origin: None,
    }
}
