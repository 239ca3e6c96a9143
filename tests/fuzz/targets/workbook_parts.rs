//! An .xlsx or .xlsb; the input is the members of its archive, whose checksums are made right.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    irio_fuzz::open(&irio_fuzz::zip(&irio_fuzz::files(bytes)));
}));
