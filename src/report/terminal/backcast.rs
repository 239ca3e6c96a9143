//! `irio check --backcast`: what an earlier table would have foretold.

use std::fmt::Write;

use super::{Columns, Language, grid, percent, region_lines, with_sum};
use crate::backcast::{Backcast, Knowledge};
use crate::table::Table;

fn words(knowledge: Knowledge) -> &'static str {
    match knowledge {
        Knowledge::NoChange => "no change",
        Knowledge::Controls => "controls",
        Knowledge::ControlsAndShares => "controls and shares",
    }
}

/// Errors by what is known, then the values by region.
pub fn backcast(
    earlier: &Table,
    table: &Table,
    foretold: &[Backcast],
    language: Language,
) -> String {
    let (from, to) = (earlier.meta().year, table.meta().year);
    let mut out = format!("\nWhat {} would have foretold of {to}\n", earlier.meta().name);
    let mut header = vec!["known of the later year".to_owned()];
    for found in foretold {
        header.push(format!("{}\nerror", found.code));
        header.push(format!("{}\nat the true total", found.code));
    }
    let mut errors = grid(&header);
    for (at, knowledge) in Knowledge::ALL.into_iter().enumerate() {
        let mut line = vec![words(knowledge).to_owned()];
        for found in foretold {
            let prediction = &found.predictions[at];
            line.extend([prediction.error, prediction.error_to_total].map(percent));
        }
        errors.add_row(line);
    }
    let _ = writeln!(
        out,
        "{errors}\n(error: sum of absolute gaps by region over the true sum. Controls: final demand by region and \
         category, exports. Shares: where every product came from. Technology and intensities are those of {from})"
    );
    for found in foretold {
        let labels = table.industries().regions.labels();
        let mut lines = Columns::new("region", region_lines(labels, language));
        lines.add(
            format!("{}\n{to}, {}", found.code, found.unit),
            &with_sum(found.truth.clone()),
            false,
        );
        for prediction in &found.predictions {
            let header = format!("{}\nat the true total", words(prediction.knowledge));
            lines.add(header, &with_sum(prediction.to_total.clone()), false);
        }
        let _ = writeln!(out, "\n{}", lines.grid());
    }
    out
}
