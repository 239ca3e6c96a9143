//! An inter-provincial table of CEADs; the input is the sheets of its workbook, each as a CSV.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let place = irio_fuzz::folder(&[]);
    let path = place.write("book.xlsx", &irio_fuzz::book(&irio_fuzz::files(bytes)));
    let _ = irio::input::table::read(&path, None);
}));
