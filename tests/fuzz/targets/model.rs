//! A model file, read and estimated; the input is its file (first) and what it names.
#![no_main]

use irio::estimation::{Estimator, estimate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let place = irio_fuzz::folder(bytes);
    let Some(first) = place.first() else { return };
    let Ok(mut read) = irio::input::model::read(&first, None) else { return };
    for model in &mut read.models {
        model.bootstrap.0 = model.bootstrap.0.min(2);
        // A million draws are slow, not wrong.
        match &mut model.estimator {
            Estimator::Threshold { options, .. } => options.draws = options.draws.min(2),
            Estimator::Mediation { draws, .. } | Estimator::Spatial { draws, .. } => {
                *draws = (*draws).min(2);
            }
            _ => {}
        }
        let _ = estimate(&read.panel, &read.weights, model);
    }
}));
