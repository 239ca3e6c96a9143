//! A results folder; the input is its files.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let place = irio_fuzz::folder(bytes);
    let _ = irio::input::recorded::read(place.path());
}));
