//! A labelled matrix as a CSV, under the header it was read with.

use super::table::Lines;
use crate::linalg::Dense;

/// Text of the file: header lines and labels as they were, the cells in full precision.
pub fn csv(headers: &[Vec<String>], labels: &[Vec<String>], values: &Dense) -> String {
    let mut lines = Lines::default();
    for header in headers {
        texts(&mut lines, header);
        lines.end();
    }
    for (row, label) in labels.iter().enumerate() {
        texts(&mut lines, label);
        values.row(row).iter().for_each(|value| {
            lines.number(*value);
        });
        lines.end();
    }
    lines.into_text()
}

fn texts(lines: &mut Lines, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        if at == 0 {
            lines.first(cell)
        } else {
            lines.text(cell)
        };
    }
}
