//! A map of labels onto others.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let Some(sheet) = irio_fuzz::sheet(bytes) else { return };
    let axis = &irio_fuzz::table().industries().regions;
    if let Ok(map) = irio::input::map::MapFile::of(sheet) {
        let _ = (map.concordance(axis), map.concordance_onto(axis, axis), map.passed_over(axis));
        let _ = (map.by_source(), map.candidates());
    }
}));
