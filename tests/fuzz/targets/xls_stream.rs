//! An .xls; the input is the stream of its records, put into a sound container.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    irio_fuzz::open(&irio_fuzz::compound(bytes));
}));
