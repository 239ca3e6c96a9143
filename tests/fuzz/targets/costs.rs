//! Costs between regions.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let Some(sheet) = irio_fuzz::sheet(bytes) else { return };
    let _ = irio::input::costs::read(&sheet, &irio_fuzz::table().industries().regions);
}));
