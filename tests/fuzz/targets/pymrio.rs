//! A system as pymrio saves it, in a zip; the input is its members.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let members = irio_fuzz::files(bytes);
    if members.len() > 64 || members.iter().any(|(name, _)| name.len() > 256) {
        return;
    }
    let place = irio_fuzz::folder(&[]);
    let _ = irio::input::table::read(&place.write("system.zip", &irio_fuzz::zip(&members)), None);
}));
