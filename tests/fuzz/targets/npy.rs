//! A matrix as numpy saves it, read in the shapes that a table of four industries would ask for.
#![no_main]

use irio::input::npy::NpyFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let place = irio_fuzz::folder(&[]);
    let Ok(file) = NpyFile::open(&place.write("flows.npy", bytes)) else { return };
    for shape in [(4, 4), (4, 1), (1, 4)] {
        let _ = file.matrix(shape, "rows × columns");
    }
    if let [rows, columns] = *file.shape() {
        let _ = file.matrix((rows, columns), "as it says itself");
    }
}));
