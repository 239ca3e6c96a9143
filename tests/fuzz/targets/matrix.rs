//! A labelled matrix with totals and controls; the input is the three files.
#![no_main]

use irio::input::matrix::{self, MatrixControls};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| irio_fuzz::measured(bytes, || {
    let files = irio_fuzz::files(bytes);
    let sheet = |at: usize| files.get(at).and_then(|(_, bytes)| irio_fuzz::sheet(bytes));
    let Some(matrix) = sheet(0) else { return };
    for lines in [(1, 1), (2, 1), (1, 2), (2, 2)] {
        let Ok(matrix) = matrix::read(&matrix, lines.0, lines.1) else { continue };
        if let Some(totals) = sheet(1) {
            let _ =
                (matrix::totals(&totals, &matrix.rows), matrix::totals(&totals, &matrix.columns));
        }
        if let Some(controls) = sheet(2) {
            let _ = matrix::controls(&controls, &matrix, &mut MatrixControls::default());
        }
    }
}));
