//! A workbook of any kind, byte by byte.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    irio_fuzz::open(bytes);
}));
