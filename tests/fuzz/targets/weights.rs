//! Spatial weights; the input is a model file with a section `[weights]` (first) and what it names.
#![no_main]

use irio::input::TextFile;
use irio::input::document::Document;
use irio::input::table::Finder;
use irio::input::weights::section;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let place = irio_fuzz::folder(bytes);
    let Some(first) = place.first() else { return };
    let Ok(file) = TextFile::read(&first) else { return };
    let document = Document::new(&file);
    let Ok(root) = document.root() else { return };
    let Some(weights) = root.section("weights") else { return };
    if let Some(Ok(read)) = section(&weights, &Finder::new(&first, None)).map(|plan| plan.read()) {
        let _ = read.among(read.weights.units());
    }
}));
