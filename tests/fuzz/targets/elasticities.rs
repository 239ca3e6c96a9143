//! Published elasticities; the input is its file (first) and what it names.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let place = irio_fuzz::folder(bytes);
    if let Some(first) = place.first() {
        let _ = irio::input::elasticities::read(&first, Some(irio_fuzz::tables()));
    }
}));
