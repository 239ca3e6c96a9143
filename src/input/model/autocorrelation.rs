//! `[[autocorrelation]]` of a model file.

use super::super::document::{Document, Section};
use super::Places;
use crate::econometrics::autocorrelation::local::Convention;
use crate::econometrics::autocorrelation::permutation::Shuffles;
use crate::estimation::Autocorrelation;
use crate::fault::Fault;

/// Reads what is to be measured, and where each of its parts stands.
pub fn autocorrelation(
    document: &Document<'_>,
    section: &Section<'_>,
) -> Option<(Autocorrelation, Places)> {
    let mut places = Places::from([(("", 0), section.at())]);
    let variable = section.required_text("variable");
    let weights = section.required_text("weights_matrix");
    let name = section.text("name");
    let sample = section.text("sample");
    let words = [("spdep", Convention::Spdep), ("esda", Convention::Esda)];
    let convention = section.word("local", &words);
    let whole = |key: &'static str, most: i64| {
        let own = section.integer(key)?;
        if (0..=most).contains(&own.value) {
            return Some(own.value);
        }
        let text = format!("{key} is {}, not a whole number from 0 to {most}", own.value);
        document.push(Fault::new(own.at, text));
        None
    };
    let count = whole("permutations", 1_000_000).unwrap_or(0);
    let seed = whole("seed", i64::MAX).unwrap_or(1);
    section.finish();
    let (variable, weights) = (variable?, weights?);
    places.insert(("variable", 0), variable.at);
    places.insert(("weights_matrix", 0), weights.at);
    if let Some(sample) = &sample {
        places.insert(("sample", 0), sample.at.clone());
    }
    let asked = Autocorrelation {
        name: name.map_or_else(|| variable.value.clone(), |own| own.value),
        variable: variable.value,
        sample: sample.map(|own| own.value),
        weights: weights.value,
        convention: convention.map_or(Convention::Spdep, |own| own.value),
        shuffles: (count > 0)
            .then_some(Shuffles { seed: seed.unsigned_abs(), count: count as u32 }),
    };
    Some((asked, places))
}
