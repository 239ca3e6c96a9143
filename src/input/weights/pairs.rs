//! Pairs of units put together into weights, each fault at its place.

use std::collections::{HashMap, HashSet};

use crate::fault::{Fault, Faults, Location};
use crate::text::exact;
use crate::weights::Weights;

/// Most faults told of one file.
pub(super) const MOST: usize = 100;

/// Units as they come, and the pairs between them.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    units: Vec<String>,
    places: HashMap<String, u32>,
    pairs: Vec<(usize, usize, f64)>,
    seen: HashSet<(u32, u32)>,
}

impl Pairs {
    /// Place of a unit, which is new if it did not come before.
    pub(super) fn unit(&mut self, label: &str) -> u32 {
        if let Some(place) = self.places.get(label) {
            return *place;
        }
        let place = self.units.len() as u32;
        self.units.push(label.to_owned());
        self.places.insert(label.to_owned(), place);
        place
    }

    /// Labels of the units so far.
    pub(super) fn units(&self) -> &[String] {
        &self.units
    }

    /// Adds a pair.
    ///
    /// # Errors
    /// If the unit is its own neighbour, the weight is none, or the pair came before.
    pub(super) fn add(
        &mut self,
        (of, neighbour): (u32, u32),
        value: f64,
        at: impl Fn() -> Location,
    ) -> Result<(), Fault> {
        let name = |place: u32| &self.units[place as usize];
        if !(value >= 0.0 && value.is_finite()) {
            let fault = Fault::new(at(), format!("a weight of {}", exact(value)));
            return Err(fault.help("weights are zero or positive"));
        }
        if of == neighbour && value != 0.0 {
            let fault = Fault::new(at(), format!("{} is its own neighbour", name(of)));
            return Err(fault.help("the diagonal of spatial weights is zero: delete the pair"));
        }
        if !self.seen.insert((of, neighbour)) {
            let text = format!("the pair {}, {} stands twice", name(of), name(neighbour));
            return Err(Fault::new(at(), text).help("delete one of the two"));
        }
        self.pairs.push((of as usize, neighbour as usize, value));
        Ok(())
    }

    /// The weights, if nothing is wrong.
    pub(super) fn finish(self, faults: Faults, whole: Location) -> Result<Weights, Faults> {
        let pairs = faults.into_result(self.pairs)?;
        Weights::from_pairs(self.units, &pairs).map_err(|errors| {
            let mut faults = Faults::default();
            for error in errors.into_iter().take(MOST) {
                faults.push(Fault::new(whole.clone(), error.to_string()));
            }
            faults
        })
    }
}
