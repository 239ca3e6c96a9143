//! Short tables for the terminal, right-aligned, with Chinese at its width.

mod backcast;
mod balancing;
mod build;
mod inventory;
mod location;
mod prices;
mod realism;
mod regional;
mod rivals;

use std::fmt::Write;

use comfy_table::{CellAlignment, LineStyle, Table as Grid, TableStyle};

use super::files::ensemble::{is_stressor, letter};
use crate::decomposition::Factor;
use crate::decomposition::pairs::FactorPairs;
use crate::decomposition::transfer::{QuantityEffects, Transfer};
use crate::fault::Note;
use crate::footprint::{Footprint, QuantityImpact};
use crate::labels::Label;
use crate::relocation::Move;
use crate::relocation::intensity::{SectorIntensity, Side, of_moves};
use crate::run::density::DensityYear;
use crate::run::ensemble::{Bar, Ensemble, Level};
use crate::run::{Outcome, STEPS};
use crate::scenario::Scenario;
use crate::scenario::density::Density;
use crate::table::accounts::CheckReport;
use crate::table::{Quantity, Table};
use crate::text::{column, count, gap, human, signed};

pub use backcast::backcast;
pub use balancing::{Balance, update};
pub use build::build;
pub use inventory::inventory;
pub use location::locate;

pub use prices::deflators;
pub use regional::regional;
pub use rivals::rivals;

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

/// More regions than this and a table by region does not fit a screen.
const WIDE: usize = 10;

/// `irio transfer`: transfer by region, then what else changed.
pub fn transfer(
    base: &Table,
    target: &Table,
    transfer: &Transfer,
    language: Language,
    with_exports: bool,
) -> String {
    let industries = &transfer.industries;
    let (regions, count) = (industries.regions.labels(), industries.regions.len());
    let mut out = format!(
        "Industrial transfer {} → {}: what the change of regional sourcing{} did\n\n",
        base.meta().year,
        target.meta().year,
        if with_exports { " (exports included)" } else { "" }
    );
    let sum = |values: &[f64]| industries.by_region(values);
    let counted = |factor: Factor| {
        factor == Factor::Sourcing || with_exports && factor == Factor::ExportOrigin
    };
    let mut headline = Columns::new("region", region_lines(regions, language));
    let flows: Vec<_> = transfer.pairs.iter().filter(|pairs| counted(pairs.factor)).collect();
    if let Some(quantity) = transfer.quantities.first().filter(|_| !flows.is_empty()) {
        let total = |by: &dyn Fn(&FactorPairs) -> Vec<f64>| -> Vec<f64> {
            let mut total = vec![0.0; count];
            for pairs in &flows {
                total.iter_mut().zip(sum(&by(pairs))).for_each(|(sum, value)| *sum += value);
            }
            with_sum(total)
        };
        let (inward, outward) =
            (total(&|pairs| pairs.transfer_in(0)), total(&|pairs| pairs.transfer_out(0)));
        let mut net: Vec<f64> = inward.iter().zip(&outward).map(|(a, b)| a - b).collect();
        // What one region loses others win: the sum is zero but for rounding.
        net[count] = 0.0;
        headline.add(format!("transfer in\n{}", quantity.unit), &inward, false);
        headline.add("transfer out".to_owned(), &outward, false);
        headline.add("net".to_owned(), &net, true);
    }
    for quantity in &transfer.quantities {
        let mut total = vec![0.0; count];
        for effect in quantity.effects.iter().filter(|effect| counted(effect.factor)) {
            total.iter_mut().zip(sum(&effect.total)).for_each(|(sum, value)| *sum += value);
        }
        headline.add(
            format!("effect on\n{}\n{}", quantity.code, quantity.unit),
            &with_sum(total),
            true,
        );
    }
    let _ = writeln!(out, "{}", headline.grid());
    let Some(first) = transfer.quantities.first() else { return out };
    let mut lines: Vec<String> =
        first.effects.iter().map(|effect| effect.factor.word().to_owned()).collect();
    lines.push(Factor::Intensity.word().to_owned());
    if !transfer.average.is_additive() {
        lines.push("interaction".to_owned());
    }
    lines.push("observed change".to_owned());
    let column_of = |quantity: &QuantityEffects, pick: &dyn Fn(&[f64]) -> f64| -> Vec<f64> {
        let mut values: Vec<f64> =
            quantity.effects.iter().map(|effect| pick(&effect.total)).collect();
        if quantity.effect(Factor::Intensity).is_none() {
            values.push(0.0);
        }
        values.extend(quantity.interaction.as_ref().map(|interaction| pick(interaction)));
        values.push(pick(&quantity.change));
        values
    };
    let mut all = Columns::new("all regions", lines.clone());
    for quantity in &transfer.quantities {
        let values = column_of(quantity, &|values| values.iter().sum());
        all.add(format!("{}\n{}", quantity.code, quantity.unit), &values, true);
    }
    let _ = writeln!(out, "\n{}", all.grid());
    if let Some(quantity) =
        transfer.quantities.last().filter(|q| count <= WIDE && q.code != first.code)
    {
        let mut grid = Columns::new(&format!("{}, {}", quantity.code, quantity.unit), lines);
        for (region, label) in regions.iter().enumerate() {
            grid.add(label.code.clone(), &column_of(quantity, &|values| sum(values)[region]), true);
        }
        let _ = writeln!(out, "\n{}", grid.grid());
    }
    let residuals: Vec<String> = transfer
        .quantities
        .iter()
        .map(|quantity| format!("{} {}", quantity.code, gap(quantity.residual)))
        .collect();
    let _ = writeln!(
        out,
        "\nEffects less observed change, per largest change: {} (limit 1e-9)",
        residuals.join(", ")
    );
    out
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
            account.embodied.iter().map(|values| values.iter().sum()).collect();
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

/// `irio run`: the last year's changes by region, its split and its indicators.
pub fn run(table: &Table, scenario: &Scenario, outcome: &Outcome, language: Language) -> String {
    let mut out = format!("{} on {}", scenario.name, heading(table));
    if !scenario.description.is_empty() {
        let _ = writeln!(out, "{}", scenario.description);
    }
    let Some(year) = outcome.years.last() else { return out };
    let regions = table.industries().regions.labels();
    let lines = region_lines(regions, language);
    let mut changes =
        Columns::new(&format!("scenario less\nbaseline, {}", year.year), lines.clone());
    for quantity in &year.quantities {
        let change: Vec<f64> =
            quantity.scenario.iter().zip(&quantity.baseline).map(|(s, b)| s - b).collect();
        let (code, unit) =
            (table.quantity_code(quantity.quantity), table.quantity_unit(quantity.quantity));
        changes.add(
            format!("{code}\n{unit}"),
            &with_sum(table.industries().by_region(&change)),
            true,
        );
    }
    let _ = writeln!(out, "\n{}", changes.grid());
    if let Some(found) = &outcome.ensemble {
        let _ = writeln!(out, "\n{}", bands(table, found, year.year, language));
    }
    for quantity in year.quantities.iter().filter(|q| matches!(q.quantity, Quantity::Stressor(_))) {
        let (code, unit) =
            (table.quantity_code(quantity.quantity), table.quantity_unit(quantity.quantity));
        let mut steps = Columns::new(
            &format!("why {code} changes\nfrom {}, {unit}", table.meta().year),
            lines.clone(),
        );
        // Without [density] the last two steps are always zero.
        let shown = if scenario.density.is_some() { STEPS.len() } else { 4 };
        for (step, values) in STEPS.iter().zip(&quantity.steps).take(shown) {
            steps.add(step.replace('_', " "), &with_sum(values.clone()), true);
        }
        let _ = writeln!(out, "\n{}", steps.grid());
    }
    if let (Some(density), Some(found)) = (&scenario.density, &year.density) {
        let _ = writeln!(out, "\n{}", readings(table, density, found, year.year, language));
    }
    let _ = write!(out, "{}", horizon(table, scenario, outcome));
    out.push_str(&realism::realism(table, scenario, outcome, language));
    out.push_str(&intensity_gaps(table, scenario, &lines));
    for (quantity, indicators) in &year.indicators {
        let code = table.quantity_code(*quantity);
        let mut grid =
            grid(&[format!("indicators of {code}, {}", year.year), "value".into(), "unit".into()]);
        for indicator in indicators {
            let value = indicator.value.map_or("not defined".to_owned(), human);
            let unit = super::units::indicator(table, *quantity, indicator.unit);
            grid.add_row([indicator.name.replace('_', " "), value, unit]);
        }
        let _ = writeln!(out, "\n{grid}");
    }
    out
}

/// Most moved sectors that have a column of their own.
const SECTORS_SHOWN: usize = 6;

/// How clean the moved sectors are where plants leave and arrive; regions without a part in the moves
/// are in the files.
fn intensity_gaps(table: &Table, scenario: &Scenario, lines: &[String]) -> String {
    let moves: Vec<Move> = scenario.moves.iter().map(|planned| planned.mv).collect();
    let found = of_moves(table, &moves);
    let mut out = String::new();
    for quantity in table.quantities() {
        let of: Vec<&SectorIntensity> =
            found.iter().filter(|one| one.quantity == quantity).collect();
        let Some(first) = of.first() else { continue };
        let (code, unit) = (table.quantity_code(quantity), table.quantity_unit(quantity));
        let mut header = vec![format!(
            "{code} per output, {},\n{unit} per {}",
            table.meta().year,
            table.meta().unit
        )];
        let sectors = of.iter().take(SECTORS_SHOWN);
        header.extend(
            sectors.clone().map(|one| table.industries().sectors.code(one.sector).to_owned()),
        );
        let mut rows = grid(&header);
        let taking_part = |region: &usize| of.iter().any(|one| one.sides[*region] != Side::Other);
        for region in (0..first.sides.len()).filter(taking_part) {
            let mut row = vec![lines[region].clone()];
            row.extend(
                sectors
                    .clone()
                    .map(|one| one.per_output[region].map_or_else(|| "-".to_owned(), human)),
            );
            rows.add_row(row);
        }
        let more = of.len().saturating_sub(SECTORS_SHOWN);
        let rest =
            if more > 0 { format!("({more} more in intensities.csv)\n") } else { String::new() };
        let _ = write!(out, "\n{rows}\n{rest}");
    }
    out
}

/// The band of readings beside the headline: change of the stressor by region in each.
fn readings(
    table: &Table,
    density: &Density,
    found: &DensityYear,
    year: i32,
    language: Language,
) -> String {
    let stressor = Quantity::Stressor(density.stressor);
    let (code, unit) = (table.quantity_code(stressor), table.quantity_unit(stressor));
    let regions = table.industries().regions.labels();
    let longest = found.readings.iter().filter_map(|reading| reading.after).max();
    let shown = found.readings.iter().filter(|r| r.capped && r.after == longest);
    let mut grid = Columns::new(
        &format!("change of {code},\n{unit}, {year}, if"),
        region_lines(regions, language),
    );
    let mut density_column: Vec<f64> = found.density.clone();
    density_column.push(0.0);
    grid.add(format!("Δln {}", density.measure.word()), &density_column, true);
    if let Some(cell) = grid.cells.last_mut().and_then(|cells| cells.last_mut()) {
        // Densities of regions do not add up.
        cell.clear();
    }
    for reading in shown {
        let changes: Vec<Option<f64>> = reading
            .emissions
            .iter()
            .zip(&found.baseline)
            .map(|(emissions, baseline)| Some((*emissions)? - baseline))
            .collect();
        let total: Option<f64> = changes.iter().copied().sum();
        let values: Vec<f64> =
            changes.iter().chain([&total]).map(|value| value.unwrap_or(0.0)).collect();
        grid.add(reading.reading.word().replace('_', " "), &values, true);
        if let Some(cells) = grid.cells.last_mut() {
            let missing = changes.iter().chain([&total]).map(Option::is_none);
            cells.iter_mut().zip(missing).filter(|(_, gone)| *gone).for_each(|(cell, _)| {
                "not possible".clone_into(cell);
            });
        }
    }
    let after = longest.map_or(String::new(), |years| format!(", {years} years after the move"));
    format!(
        "{}\nreadings of agglomeration beside the headline (none){after}; no reading bounds the truth",
        grid.grid()
    )
}

/// Bands of the differences of the last year, with the grade of each sign, and what matters most.
fn bands(table: &Table, found: &Ensemble, year: i32, language: Language) -> String {
    let regions = table.industries().regions.labels();
    let names = region_lines(regions, language);
    let quantities: Vec<Quantity> =
        table.quantities().into_iter().filter(|quantity| *quantity != Quantity::Output).collect();
    let drawn = found.draws > 0;
    let what = if drawn { "5 to 95 % of draws" } else { "range of the ways" };
    let mut head = vec![format!("difference {year}:\n{what}, grade")];
    head.extend(
        quantities
            .iter()
            .map(|q| format!("{}\n{}", table.quantity_code(*q), table.quantity_unit(*q))),
    );
    let mut grid = grid(&head);
    for (place, name) in names.iter().enumerate() {
        let region = (place < regions.len()).then_some(place);
        let mut cells = vec![name.clone()];
        for quantity in &quantities {
            let band = found.bands.iter().find(|band| {
                band.level == Level::Difference
                    && (band.year, band.quantity, band.region) == (year, *quantity, region)
            });
            let grade = found.grades.iter().find(|g| (g.quantity, g.region) == (*quantity, region));
            cells.push(grade.map_or(String::new(), |grade| {
                let [low, high] =
                    band.map_or(grade.range(), |band| [band.values[0], band.values[2]]);
                format!("{} to {}  {}", signed(low), signed(high), letter(grade))
            }));
        }
        grid.add_row(cells);
    }
    let draws = if drawn { format!("{} draws", found.draws) } else { "nothing drawn".to_owned() };
    let mut out = format!(
        "{grid}\n{draws}; grade of the sign: share of {}readings, technologies and sourcings of the plants that agree \
         (A from 95 %, B 80 %, C 60 %, D below)",
        if drawn { "draws, " } else { "" }
    );
    let of_all = |bar: &&Bar| bar.region.is_none() && is_stressor(bar.quantity);
    let reading = found.bands.first().map(|band| band.reading).unwrap_or_default();
    let width = |bar: &Bar| bar.values[2] - bar.values[0];
    let mut bars: Vec<&Bar> =
        found.tornado.iter().filter(of_all).filter(|bar| bar.reading == reading).collect();
    bars.sort_by(|a, b| width(b).total_cmp(&width(a)));
    for bar in bars.iter().take(5) {
        let [low, _, high] = bar.values.map(signed);
        let code = table.quantity_code(bar.quantity);
        let _ = write!(out, "\n  {code} of all, only {} drawn: {low} to {high}", bar.parameter);
    }
    out
}

/// Peaks and targets in a line each.
fn horizon(table: &Table, scenario: &Scenario, outcome: &Outcome) -> String {
    let mut out = String::new();
    for peak in outcome.peaks.iter().filter(|peak| peak.region.is_none()) {
        let code = table.quantity_code(peak.quantity);
        let draws = |share: f64| match &outcome.ensemble {
            Some(found) if found.draws > 0 => format!(" ({:.0} % of draws)", 100.0 * share),
            _ => String::new(),
        };
        let most = peak.years.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let said = match most {
            Some((year, share)) if *share > peak.none => {
                format!("peaks in {year}{}", draws(*share))
            }
            _ => format!("no peak within the horizon{}", draws(peak.none)),
        };
        let _ = writeln!(out, "\n{code} of all, {}: {said}", peak.level.word());
    }
    for found in &outcome.targets {
        let target = &scenario.targets[found.target];
        let said = |value: f64, met: Option<f64>| {
            let gap = value - found.limit;
            let draws = met
                .map_or(String::new(), |share| format!(", met in {:.0} % of draws", 100.0 * share));
            let word = if gap <= 0.0 { "met" } else { "missed" };
            format!("{word}, {} ({}{draws})", human(value), signed(gap))
        };
        let _ = writeln!(
            out,
            "\ntarget {:?} in {}, at most {}: baseline {}; scenario {}\n  source: {}",
            target.name,
            target.year,
            human(found.limit),
            said(found.baseline, found.met.map(|met| met[0])),
            said(found.scenario, found.met.map(|met| met[1])),
            target.source
        );
    }
    out
}
