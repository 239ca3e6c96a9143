//! Transfer beside other measures, for the terminal.

use std::fmt::Write;

use super::{Columns, Language};
use crate::rivals::{Line, Measure, Rivals};
use crate::text::{column, sign_grade};

/// A number of a line.
type Number = fn(&Line) -> f64;

/// `irio transfer`: every measure of output by region, and where their signs part.
pub fn rivals(rivals: &Rivals, language: Language) -> String {
    let Some(output) = rivals.quantities.first() else { return String::new() };
    let lines: Vec<&Line> = output.lines.iter().filter(|line| line.set == 0).collect();
    if lines.is_empty() {
        return String::new();
    }
    let regions = rivals.industries.regions.labels();
    let names = regions.iter().map(|label| language.name(label)).collect();
    let mut grid = Columns::new("transfer beside\nother measures", names);
    // Base and end weights are left to the file: they are two of the orders that the range is over.
    let columns: [(&str, Number); 5] = [
        ("sourcing", |line| line.value(Measure::Sourcing)),
        ("over orders\nmin", |line| line.range[0]),
        ("\nmax", |line| line.range[1]),
        ("demand\npull", |line| line.value(Measure::DemandPull)),
        ("shift-\nshare", |line| line.value(Measure::ShiftShare)),
    ];
    // One number of decimals for all columns: they are read across.
    let values: Vec<f64> =
        columns.iter().flat_map(|(_, pick)| lines.iter().map(|line| pick(line))).collect();
    let cells = column(&values, true);
    for ((header, _), cells) in columns.iter().zip(cells.chunks(lines.len())) {
        grid.header.push((*header).to_owned());
        grid.cells.push(cells.to_vec());
    }
    let grade =
        |line: &&Line| line.orders_agree().map_or("-".to_owned(), |s| sign_grade(s).to_string());
    grid.header.insert(4, "grade\nof sign".to_owned());
    grid.cells.insert(3, lines.iter().map(grade).collect());
    let mut out = format!(
        "\n{}, {}\n{}\ngrade: share of the orders of the factors in which sourcing has this sign (A from 95 %, B 80 %, C 60 %, D \
         below)\n",
        output.code,
        output.unit,
        grid.grid()
    );
    let apart: Vec<&&Line> = lines.iter().filter(|line| !line.agrees()).collect();
    if apart.is_empty() {
        out.push_str("Every measure has the sign of sourcing in every region.\n");
    } else {
        out.push_str("Another sign than sourcing, and why:\n");
    }
    for line in apart {
        let why: Vec<String> = line
            .disagreements
            .iter()
            .map(|found| format!("{} ({})", found.measure.word(), found.reason.word()))
            .collect();
        let _ = writeln!(out, "  {}: {}", regions[line.region].code, why.join(", "));
    }
    out
}
