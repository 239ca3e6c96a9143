//! Short tables for the terminal, right-aligned, with Chinese at its width.

mod agglomeration;
mod backcast;
mod balancing;
mod build;
mod compare;
mod dials;
mod estimate;
mod inventory;
mod location;
mod matrices;
mod prices;
mod realism;
mod regional;
mod rivals;
mod run;
mod transfer;

use std::fmt::Write;

use comfy_table::{CellAlignment, LineStyle, Table as Grid, TableStyle};

use crate::fault::Note;
use crate::footprint::{Footprint, QuantityImpact};
use crate::labels::Label;
use crate::table::Table;
use crate::table::accounts::CheckReport;
use crate::text::{column, count, gap, human, near_one};

pub use agglomeration::agglomeration;
pub use backcast::backcast;
pub use balancing::{Balance, update};
pub use build::build;
pub use compare::compare;
pub use dials::dials;
pub use estimate::estimates;
pub use inventory::inventory;
pub use location::locate;
pub use matrices::matrices;

pub use prices::deflators;
pub use regional::regional;
pub use rivals::rivals;
pub use run::run;
pub use transfer::{groups, transfer};

/// Language of names in terminal tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// English names.
    #[default]
    English,
    /// Chinese names.
    Chinese,
}

impl Language {
    /// Code and name of a label.
    fn name(self, label: &Label) -> String {
        let name = match self {
            Language::English => label.name(),
            Language::Chinese if label.zh.is_empty() => label.name(),
            Language::Chinese => &label.zh,
        };
        if name == label.code { name.to_owned() } else { format!("{} {name}", label.code) }
    }
}

/// One line under the header and one at the end.
const STYLE: TableStyle = TableStyle::new()
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// A grid whose first column is text and whose others are numbers.
fn grid(header: &[String]) -> Grid {
    let mut grid = Grid::new();
    grid.load_style(STYLE).set_header(header);
    for column in grid.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    grid
}

/// A grid of named lines and columns of numbers, the last line being their sum.
struct Columns {
    header: Vec<String>,
    lines: Vec<String>,
    cells: Vec<Vec<String>>,
}

impl Columns {
    fn new(title: &str, lines: Vec<String>) -> Self {
        Columns { header: vec![title.to_owned()], lines, cells: Vec::new() }
    }

    /// Adds a column; the header may have several lines.
    fn add(&mut self, header: String, values: &[f64], changes: bool) {
        self.header.push(header);
        self.cells.push(column(values, changes));
    }

    fn grid(&self) -> Grid {
        let mut grid = grid(&self.header);
        for (at, line) in self.lines.iter().enumerate() {
            let cells = self.cells.iter().map(|column| column.get(at).cloned().unwrap_or_default());
            grid.add_row(std::iter::once(line.clone()).chain(cells).collect::<Vec<_>>());
        }
        grid
    }
}

/// Names of regions, then of their sum.
fn region_lines(regions: &[Label], language: Language) -> Vec<String> {
    regions.iter().map(|label| language.name(label)).chain(["all".to_owned()]).collect()
}

/// Values by region with their sum behind them.
fn with_sum(mut values: Vec<f64>) -> Vec<f64> {
    values.push(values.iter().sum());
    values
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Caveats as a list.
pub fn notes(notes: &[Note]) -> String {
    let mut out = String::new();
    if !notes.is_empty() {
        out.push_str("\nRead with care:\n");
    }
    for note in notes {
        let _ = writeln!(out, "  - {}", note.message);
    }
    out
}

fn heading(table: &Table) -> String {
    let meta = table.meta();
    format!(
        "{} ({}): {} × {}, {}, prices: {}\n",
        meta.name,
        meta.year,
        count(table.industries().regions.len(), "region"),
        count(table.industries().sectors.len(), "sector"),
        meta.unit,
        meta.prices
    )
}

/// `irio check`.
pub fn check(table: &Table, report: &CheckReport, language: Language) -> String {
    let unit = &table.meta().unit;
    let mut out = heading(table);
    let mut identities = grid(&texts(&["identity", "largest gap", "relative", "", "where"]));
    for identity in &report.identities {
        let verdict = if identity.above_tolerance { "OPEN" } else { "met" };
        identities.add_row([
            identity.statement,
            &gap(identity.absolute),
            &gap(identity.relative),
            verdict,
            &identity.place,
        ]);
    }
    let _ = writeln!(
        out,
        "{identities}\n(tolerance {:e} of output; gaps are in {unit})\n",
        table.meta().tolerance
    );
    let mut regions =
        Columns::new("region", region_lines(table.industries().regions.labels(), language));
    let by_region =
        |pairs: &[(String, f64)]| with_sum(pairs.iter().map(|(_, value)| *value).collect());
    regions.add(format!("value added\n{unit}"), &by_region(&report.value_added_by_region), false);
    for extension in &report.extensions {
        regions.add(
            format!("{}\n{}", extension.code, extension.unit),
            &by_region(&extension.by_region),
            false,
        );
    }
    if !report.error_share_by_region.is_empty() {
        regions.header.push("error column\n% of output".to_owned());
        let shares = report.error_share_by_region.iter();
        let mut cells: Vec<String> =
            shares.map(|(_, share)| format!("{:.1}", 100.0 * share)).collect();
        // The share of the whole is not a sum.
        cells.push(String::new());
        regions.cells.push(cells);
    }
    let _ = writeln!(out, "{}", regions.grid());
    for extension in report.extensions.iter().filter(|extension| extension.households != 0.0) {
        let _ = writeln!(
            out,
            "{} of all: industries {}, households {} {}",
            extension.code,
            human(extension.industries),
            human(extension.households),
            extension.unit
        );
    }
    let _ = writeln!(
        out,
        "\nGDP by production {}, by expenditure {}, by income {} {unit}",
        human(report.gdp_production),
        human(report.gdp_expenditure),
        human(report.gdp_income)
    );
    let _ = writeln!(out, "gross output {} {unit}", human(report.output));
    let _ = writeln!(
        out,
        "spectral radius of A {}, {} of the flows are other than zero",
        near_one(report.spectral_radius, 6),
        percent(report.density)
    );
    let odd = &report.odd_cells;
    let _ = writeln!(
        out,
        "negative flows {}, negative demand {}, negative outputs {}, negative value-added cells {}, industries without output {}",
        odd.negative_flows,
        odd.negative_demand,
        odd.negative_output.len(),
        odd.negative_value_added_cells,
        odd.zero_output.len()
    );
    if !report.remedies.is_empty() {
        out.push_str("\nWhat to do:\n");
    }
    for remedy in &report.remedies {
        let _ = writeln!(out, "  - {remedy}");
    }
    out
}

/// More regions than this and a table by region does not fit a screen.
const WIDE: usize = 10;

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// `irio footprint`.
pub fn footprint(table: &Table, footprint: &Footprint, language: Language) -> String {
    let mut out = heading(table);
    let regions = table.industries().regions.labels();
    for account in &footprint.quantities {
        let (code, unit) =
            (table.quantity_code(account.quantity), table.quantity_unit(account.quantity));
        let mut lines: Vec<String> = regions.iter().map(|label| language.name(label)).collect();
        lines.extend(footprint.users.iter().skip(regions.len()).map(|user| match language {
            Language::Chinese => user.label.zh.clone(),
            Language::English => user.label.en.clone(),
        }));
        lines.push("all".to_owned());
        let (users, count) = (footprint.users.len(), regions.len());
        let padded = |mut values: Vec<f64>, total: f64| {
            values.resize(users, 0.0);
            values.push(total);
            values
        };
        let produced = table.industries().by_region(&account.production);
        let consumed: Vec<f64> =
            account.consumption.iter().map(|values| values.iter().sum()).collect();
        let outflow = produced
            .iter()
            .zip(&consumed)
            .map(|(produced, consumed)| produced - consumed)
            .collect();
        let (all_produced, all_consumed) = (produced.iter().sum(), consumed.iter().sum());
        let mut grid = Columns::new(&format!("{code}, {unit}"), lines);
        grid.add("produced".to_owned(), &padded(produced, all_produced), false);
        grid.add("consumed".to_owned(), &padded(consumed, all_consumed), false);
        grid.add("produced less\nconsumed".to_owned(), &padded(outflow, 0.0), true);
        if account.households.iter().any(|value| *value != 0.0) {
            let all = account.households.iter().sum();
            grid.add(
                "direct, of\nhouseholds".to_owned(),
                &padded(account.households.clone(), all),
                false,
            );
        }
        // What does not apply to a line is left blank rather than printed as zero.
        for (at, cells) in grid.cells.iter_mut().enumerate().filter(|(at, _)| *at != 1) {
            (count..users).for_each(|line| cells[line].clear());
            if at == 2 {
                cells[users].clear();
            }
        }
        let _ = writeln!(
            out,
            "\n{}\nproduced less all consumed, per largest industry: {}",
            grid.grid(),
            gap(account.residual)
        );
    }
    out
}

/// `irio impact`.
pub fn impact(table: &Table, impacts: &[QuantityImpact], language: Language) -> String {
    let mut out = heading(table);
    let by_region = |values: &[f64]| with_sum(table.industries().by_region(values));
    let mut grid =
        Columns::new("region", region_lines(table.industries().regions.labels(), language));
    for impact in impacts {
        let (code, unit) =
            (table.quantity_code(impact.quantity), table.quantity_unit(impact.quantity));
        let indirect: Vec<f64> =
            impact.total.iter().zip(&impact.direct).map(|(total, direct)| total - direct).collect();
        grid.add(format!("{code}\ndirect\n{unit}"), &by_region(&impact.direct), true);
        grid.add(format!("{code}\nindirect"), &by_region(&indirect), true);
    }
    let _ = writeln!(out, "{}", grid.grid());
    out
}
