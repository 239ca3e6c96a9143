//! Short tables for the terminal, right-aligned, with Chinese at its width.

use std::fmt::Write;

use comfy_table::{CellAlignment, LineStyle, Table as Grid, TableStyle};

use super::text::{gap, human, signed};
use crate::decomposition::Factor;
use crate::decomposition::transfer::Transfer;
use crate::fault::Note;
use crate::footprint::{Footprint, QuantityImpact};
use crate::labels::Label;
use crate::run::{Outcome, STEPS};
use crate::scenario::Scenario;
use crate::table::accounts::CheckReport;
use crate::table::{Quantity, Table};

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
        "{} ({}): {} regions × {} sectors, {}, prices: {}\n",
        meta.name,
        meta.year,
        table.industries().regions.len(),
        table.industries().sectors.len(),
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
    let _ = writeln!(out, "{identities}\n(tolerance {:e} of output; gaps are in {unit})\n", table.meta().tolerance);
    let mut header = texts(&["region", &format!("value added, {unit}")]);
    header.extend(report.extensions.iter().map(|extension| format!("{}, {}", extension.code, extension.unit)));
    let mut regions = grid(&header);
    for (at, label) in table.industries().regions.labels().iter().enumerate() {
        let mut row = vec![language.name(label), human(report.value_added_by_region[at].1)];
        row.extend(report.extensions.iter().map(|extension| human(extension.by_region[at].1)));
        regions.add_row(row);
    }
    let mut total = vec!["all".to_owned(), human(report.gdp_income)];
    total.extend(report.extensions.iter().map(|extension| human(extension.industries + extension.households)));
    regions.add_row(total);
    let _ = writeln!(out, "{regions}");
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
        "spectral radius of A {:.6}, {} of the flows are other than zero",
        report.spectral_radius,
        percent(report.density)
    );
    let odd = &report.odd_cells;
    let _ = writeln!(
        out,
        "negative flows {}, negative demand {}, negative value-added cells {}, industries without output {}",
        odd.negative_flows,
        odd.negative_demand,
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

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// `irio transfer`: transfer by region, then who or what changed the last quantity.
pub fn transfer(base: &Table, target: &Table, transfer: &Transfer, language: Language, with_exports: bool) -> String {
    let industries = &transfer.industries;
    let mut out = format!(
        "Industrial transfer {} → {}: what the change of regional sourcing did\n",
        base.meta().year,
        target.meta().year
    );
    let sum = |values: &[f64]| industries.by_region(values);
    let headline = |at: usize| -> Vec<f64> {
        let quantity = &transfer.quantities[at];
        let mut total = vec![0.0; industries.regions.len()];
        for factor in [Factor::Sourcing, Factor::ExportOrigin] {
            if let Some(effect) = quantity.effect(factor).filter(|e| e.factor == Factor::Sourcing || with_exports) {
                total.iter_mut().zip(sum(&effect.total)).for_each(|(sum, value)| *sum += value);
            }
        }
        total
    };
    let mut header = vec!["region".to_owned()];
    if !transfer.pairs.is_empty() {
        let unit = &transfer.quantities[0].unit;
        header.extend([format!("in, {unit}"), "out".to_owned(), "net".to_owned()]);
    }
    header.extend(transfer.quantities.iter().map(|quantity| format!("effect on {}, {}", quantity.code, quantity.unit)));
    let mut table = grid(&header);
    let effects: Vec<Vec<f64>> = (0..transfer.quantities.len()).map(headline).collect();
    let flows = transfer.pairs.first().map(|pairs| (sum(&pairs.transfer_in(0)), sum(&pairs.transfer_out(0))));
    for (at, label) in industries.regions.labels().iter().enumerate() {
        let mut row = vec![language.name(label)];
        if let Some((inward, outward)) = &flows {
            row.extend([human(inward[at]), human(outward[at]), signed(inward[at] - outward[at])]);
        }
        row.extend(effects.iter().map(|effect| signed(effect[at])));
        table.add_row(row);
    }
    let mut row = vec!["all".to_owned()];
    if let Some((inward, outward)) = &flows {
        row.extend([human(inward.iter().sum()), human(outward.iter().sum()), "0".to_owned()]);
    }
    row.extend(effects.iter().map(|effect| signed(effect.iter().sum())));
    table.add_row(row);
    let _ = writeln!(out, "{table}");
    for quantity in &transfer.quantities {
        let mut header = vec![format!("change of {}, {}", quantity.code, quantity.unit)];
        header.extend(industries.regions.labels().iter().map(|label| label.code.clone()));
        header.push("all".to_owned());
        let mut table = grid(&header);
        let mut add = |name: &str, values: &[f64]| {
            let regions = sum(values);
            let mut row = vec![name.to_owned()];
            row.extend(regions.iter().map(|value| signed(*value)));
            row.push(signed(regions.iter().sum()));
            table.add_row(row);
        };
        for effect in &quantity.effects {
            add(effect.factor.word(), &effect.total);
        }
        if let Some(interaction) = &quantity.interaction {
            add("interaction", interaction);
        }
        add("observed change", &quantity.change);
        let _ = writeln!(out, "\n{table}");
    }
    let residuals: Vec<String> =
        transfer.quantities.iter().map(|quantity| format!("{} {}", quantity.code, gap(quantity.residual))).collect();
    let _ = writeln!(
        out,
        "\nSum of effects against observed change, per largest change: {} (limit 1e-9)",
        residuals.join(", ")
    );
    out
}

/// `irio footprint`.
pub fn footprint(table: &Table, footprint: &Footprint, language: Language) -> String {
    let mut out = heading(table);
    let regions = table.industries().regions.labels();
    for account in &footprint.quantities {
        let (code, unit) = (table.quantity_code(account.quantity), table.quantity_unit(account.quantity));
        let header =
            [format!("{code}, {unit}"), "produced".into(), "consumed".into(), "net outflow".into(), "households".into()];
        let mut grid = grid(&header);
        let produced = table.industries().by_region(&account.production);
        for (at, label) in regions.iter().enumerate() {
            let consumed: f64 = account.embodied[at].iter().sum();
            grid.add_row([
                language.name(label),
                human(produced[at]),
                human(consumed),
                signed(produced[at] - consumed),
                human(account.households[at]),
            ]);
        }
        for (user, embodied) in footprint.users.iter().zip(&account.embodied).skip(regions.len()) {
            grid.add_row([user.label.name(), "", &human(embodied.iter().sum()), "", ""]);
        }
        let total: f64 = produced.iter().sum();
        grid.add_row(["all", &human(total), &human(total), "", &human(account.households.iter().sum())]);
        let _ = writeln!(out, "{grid}\nproduced less all consumed, per largest industry: {}\n", gap(account.residual));
    }
    out
}

/// `irio impact`.
pub fn impact(table: &Table, impacts: &[QuantityImpact], language: Language) -> String {
    let mut out = heading(table);
    let mut header = vec!["region".to_owned()];
    for impact in impacts {
        let (code, unit) = (table.quantity_code(impact.quantity), table.quantity_unit(impact.quantity));
        header.extend([format!("{code} direct, {unit}"), "indirect".to_owned()]);
    }
    let mut grid = grid(&header);
    let by_region = |values: &[f64]| table.industries().by_region(values);
    let sums: Vec<(Vec<f64>, Vec<f64>)> =
        impacts.iter().map(|impact| (by_region(&impact.direct), by_region(&impact.total))).collect();
    for (at, label) in table.industries().regions.labels().iter().enumerate() {
        let mut row = vec![language.name(label)];
        row.extend(sums.iter().flat_map(|(direct, total)| [signed(direct[at]), signed(total[at] - direct[at])]));
        grid.add_row(row);
    }
    let mut row = vec!["all".to_owned()];
    for (direct, total) in &sums {
        let (direct, total): (f64, f64) = (direct.iter().sum(), total.iter().sum());
        row.extend([signed(direct), signed(total - direct)]);
    }
    grid.add_row(row);
    let _ = writeln!(out, "{grid}");
    out
}

/// `irio run`: the last year's changes by region, its split and its indicators.
pub fn run(table: &Table, scenario: &Scenario, outcome: &Outcome, language: Language) -> String {
    let mut out = format!("{} on {}", scenario.name, heading(table));
    if !scenario.description.is_empty() {
        let _ = writeln!(out, "{}", scenario.description);
    }
    let Some(year) = outcome.years.last() else { return out };
    let regions = table.industries().regions.labels();
    let header: Vec<String> = std::iter::once(format!("scenario less baseline, {}", year.year))
        .chain(year.quantities.iter().map(|q| format!("{}, {}", table.quantity_code(q.quantity), table.quantity_unit(q.quantity))))
        .collect();
    let mut changes = grid(&header);
    let difference = |at: usize| -> Vec<f64> {
        let quantity = &year.quantities[at];
        let change: Vec<f64> = quantity.scenario.iter().zip(&quantity.baseline).map(|(s, b)| s - b).collect();
        table.industries().by_region(&change)
    };
    let columns: Vec<Vec<f64>> = (0..year.quantities.len()).map(difference).collect();
    for (at, label) in regions.iter().enumerate() {
        let mut row = vec![language.name(label)];
        row.extend(columns.iter().map(|column| signed(column[at])));
        changes.add_row(row);
    }
    let mut row = vec!["all".to_owned()];
    row.extend(columns.iter().map(|column| signed(column.iter().sum())));
    changes.add_row(row);
    let _ = writeln!(out, "{changes}");
    for quantity in year.quantities.iter().filter(|q| matches!(q.quantity, Quantity::Stressor(_))) {
        let mut header =
            vec![format!("why {} changes, {}", table.quantity_code(quantity.quantity), table.quantity_unit(quantity.quantity))];
        header.extend(STEPS.iter().map(|step| step.replace('_', " ")));
        let mut steps = grid(&header);
        for (at, label) in regions.iter().enumerate() {
            let mut row = vec![language.name(label)];
            row.extend(quantity.steps.iter().map(|step| signed(step[at])));
            steps.add_row(row);
        }
        let _ = writeln!(out, "\n{steps}");
    }
    for (quantity, indicators) in &year.indicators {
        let mut grid = grid(&[format!("indicators of {}, {}", table.quantity_code(*quantity), year.year), "value".into(), "unit".into()]);
        for indicator in indicators {
            let value = indicator.value.map_or("not defined".to_owned(), human);
            let unit = super::units::indicator(table, *quantity, indicator.unit);
            grid.add_row([indicator.name.replace('_', " "), value, unit]);
        }
        let _ = writeln!(out, "\n{grid}");
    }
    out
}
