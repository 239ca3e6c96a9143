//! A file of measures, read and measured; the input is its file (first) and what it names.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let place = irio_fuzz::folder(bytes);
    let Some(first) = place.first() else { return };
    let tables = Some(irio_fuzz::tables());
    let Ok(mut read) = irio::input::agglomeration::read(&first, tables) else { return };
    if let Some(plants) = &mut read.study.plants {
        // A million draws are slow, not wrong.
        plants.options.draws = plants.options.draws.min(2);
    }
    let _ = read.study.measure(&irio::progress::Silent);
}));
