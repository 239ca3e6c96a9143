//! Prices of products.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let Some(sheet) = irio_fuzz::sheet(bytes) else { return };
    let _ = irio::input::prices::read(&sheet, irio_fuzz::table(), 2000);
}));
