//! A result file, which must come back as it was written.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(found) = irio::tidy::Tidy::from_csv(text) {
        let written = found.to_csv();
        let again = irio::tidy::Tidy::from_csv(&written).expect("what was written can be read");
        assert_eq!(again.to_csv(), written);
    }
}));
