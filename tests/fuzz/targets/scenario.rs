//! A scenario, read and run; the input is its file (first) and what it names.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let place = irio_fuzz::folder(bytes);
    let Some(first) = place.first() else { return };
    let Ok(mut read) = irio::input::scenario::read(&first, Some(irio_fuzz::tables())) else {
        return;
    };
    // A horizon of a thousand years and a million draws are slow, not wrong.
    if let Some(uncertainty) = &mut read.scenario.uncertainty {
        uncertainty.draws = uncertainty.draws.min(2);
    }
    if read.scenario.years(read.table.meta().year).len() <= 20 {
        let _ = irio::run::run(&read.table, &read.scenario, &irio::progress::Silent);
    }
}));
