//! The numbers of the sheet.

use super::header::{Header, Line, Places};
use crate::china;
use crate::fault::{Fault, Faults, Note, NoteCode};
use crate::input::provincial;
use crate::input::sheet::Sheet;
use crate::input::sums::{Sums, short};
use crate::labels::{Axis, Industries, Label};
use crate::linalg::{Dense, Matrix};
use crate::table::{
    Category, DemandColumn, Extension, FinalDemand, Imports, Meta, RawTable, Role, ValueAdded,
};

/// Largest gap of a row or column, as a share of its size, that is not numbers in the wrong place.
const TOLERANCE: f64 = 0.05;

/// Reads the table below a header.
pub(super) fn read(
    sheet: &Sheet,
    header: Header,
    names: &[Label],
    meta: Meta,
) -> Result<RawTable, Faults> {
    let mut faults = Faults::default();
    let places = header.places(sheet, &mut faults);
    let regions = Axis::new("region", places.regions.iter().map(|province| province.label()));
    let regions = faults.keep(regions.map_err(|e| Fault::new(sheet.whole(), e.to_string())));
    let sectors = faults.keep(super::sectors(sheet, &places.sectors, names));
    let industries = regions.zip(sectors).map(|(regions, sectors)| Industries { regions, sectors });
    let Some(industries) = industries else { return Err(faults) };
    let reader = Reader::of(sheet, header, &places, &industries, &mut faults);
    let Some(reader) = reader.filter(|_| faults.is_empty()) else { return Err(faults) };
    let raw = reader.table(meta, &mut faults);
    faults.into_result(())?;
    let mut faults = Faults::default();
    let raw = reader.added_up(raw, &mut faults);
    faults.into_result(raw)
}

struct Reader<'a> {
    sheet: &'a Sheet,
    places: &'a Places,
    industries: &'a Industries,
    rows: Vec<usize>,
    columns: Vec<usize>,
    demand: Vec<(usize, DemandColumn)>,
    added: Vec<usize>,
    output: usize,
    imports: usize,
}

impl<'a> Reader<'a> {
    fn of(
        sheet: &'a Sheet,
        header: Header,
        places: &'a Places,
        industries: &'a Industries,
        faults: &mut Faults,
    ) -> Option<Self> {
        let mut lookup = Lookup { sheet, header, places, industries, faults };
        let (rows, columns) = (lookup.industries(true), lookup.industries(false));
        let demand = lookup.demand();
        let output = lookup.line(&Line::Output, false, "gross output (GO)");
        let imports = lookup.line(&Line::Imports, true, "imports (IM)");
        let added: Vec<_> = (0..china::VALUE_ADDED.len())
            .map(|at| lookup.line(&Line::ValueAdded(at), true, china::VALUE_ADDED[at].0))
            .collect();
        let added: Option<Vec<usize>> = added.into_iter().collect();
        Some(Reader {
            sheet,
            places,
            industries,
            rows: rows?,
            columns: columns?,
            demand: demand?,
            added: provincial::value_added_rows(sheet, header.code_column, added?, faults)?,
            output: output?,
            imports: imports?,
        })
    }

    fn block(&self, rows: &[usize], columns: &[usize], faults: &mut Faults) -> Dense {
        let mut values = Vec::with_capacity(rows.len() * columns.len());
        for &row in rows {
            values.extend(
                columns.iter().map(|&c| faults.keep(self.sheet.number(row, c)).unwrap_or(0.0)),
            );
        }
        Dense::new(rows.len(), columns.len(), values)
    }

    /// Numbers of one row, nothing where a cell is empty.
    fn row(&self, row: usize, columns: &[usize], faults: &mut Faults) -> Vec<f64> {
        let number = |&c: &usize| faults.keep(self.sheet.number_or_zero(row, c)).unwrap_or(0.0);
        columns.iter().map(number).collect()
    }

    fn table(&self, mut meta: Meta, faults: &mut Faults) -> RawTable {
        let demand: Vec<usize> = self.demand.iter().map(|(column, _)| *column).collect();
        let flows = self.block(&self.rows, &self.columns, faults);
        let final_demand = self.block(&self.rows, &demand, faults);
        let value_added = self.block(&self.added, &self.columns, faults);
        let output = self.block(&self.rows, &[self.output], faults).values().to_vec();
        let extensions = self.carbon(&demand, faults);
        if let Some(first) = self.places.skipped.first() {
            let (name, at, count) = (&meta.name, short(first), self.places.skipped.len());
            let text = format!(
                "{name}: {count} columns or rows without a known code, from {at} on, skipped"
            );
            meta.notes.push(Note::new(NoteCode::SourceRule, text));
        }
        RawTable {
            meta,
            flows: Matrix::compact(flows),
            final_demand: FinalDemand {
                categories: self.categories(),
                columns: self.demand.iter().map(|(_, demand)| *demand).collect(),
                values: Matrix::compact(final_demand),
            },
            imports: Imports::OneRow {
                intermediate: self.row(self.imports, &self.columns, faults),
                final_demand: self.row(self.imports, &demand, faults),
            },
            value_added: ValueAdded {
                rows: china::VALUE_ADDED
                    .iter()
                    .map(|(_, code, en, zh)| Label::new(*code, *en, *zh))
                    .collect(),
                values: value_added,
            },
            output,
            population: None,
            extensions,
            industries: self.industries.clone(),
        }
    }

    fn categories(&self) -> Vec<Category> {
        let more = [
            ("exports", "Exports", "出口", Role::Export),
            ("error", "Statistical error", "误差", Role::Error),
        ];
        let more =
            more.map(|(code, en, zh, role)| Category { label: Label::new(code, en, zh), role });
        let error = self.places.columns.contains_key(&Line::Error);
        let mut categories = provincial::categories();
        categories.extend(more.into_iter().take(if error { 2 } else { 1 }));
        categories
    }

    /// The row of CO2, with what stands below households' columns as their own emissions.
    fn carbon(&self, demand: &[usize], faults: &mut Faults) -> Vec<Extension> {
        let Some(&row) = self.places.rows.get(&Line::Carbon) else { return Vec::new() };
        let Ok(unit) = "Mt".parse() else { return Vec::new() };
        let mut households = vec![0.0; self.industries.regions.len()];
        let direct = self.row(row, demand, faults);
        for ((_, column), value) in self.demand.iter().zip(direct) {
            if let (Some(region), 0 | 1) = (column.region, column.category) {
                households[region] += value;
            }
        }
        vec![Extension {
            label: Label::new("co2", "Carbon dioxide", "二氧化碳"),
            unit,
            values: self.row(row, &self.columns, faults),
            households,
            inventory: None,
            by_demand: None,
            origin: None,
        }]
    }

    /// Tests every sum that the sheet states.
    fn added_up(&self, mut raw: RawTable, faults: &mut Faults) -> RawTable {
        let mut sums = Sums::new(self.sheet, TOLERANCE, faults);
        let stated = |row: usize, column: usize| {
            self.sheet.cell(row, column).parse::<f64>().ok().filter(|value| value.is_finite())
        };
        let (used, demanded) = (raw.flows.row_sums(), raw.final_demand.values.row_sums());
        for (i, &row) in self.rows.iter().enumerate() {
            if let Some(&column) = self.places.columns.get(&Line::IntermediateUse)
                && let Some(total) = stated(row, column)
            {
                sums.test((row, column), "TIU", used[i], total, 0.0);
            }
            let what = "GO, as the uses of the product,";
            sums.test((row, self.output), what, used[i] + demanded[i], raw.output[i], used[i]);
        }
        let (inputs, added) = (raw.flows.column_sums(), raw.value_added.values.column_sums());
        let imports = raw.imports.intermediate_totals(raw.output.len());
        let last = self.places.rows.get(&Line::InputTotal).copied().unwrap_or(self.imports);
        for (j, &column) in self.columns.iter().enumerate() {
            let with_imports = inputs[j] + imports[j];
            let mut closed = true;
            for (line, code, parts) in [
                (Line::IntermediateInput, "TII", with_imports),
                (Line::AddedTotal, "TVA", added[j]),
                (Line::InputTotal, "TI", with_imports + added[j]),
            ] {
                let Some(&row) = self.places.rows.get(&line) else { continue };
                let Some(total) = stated(row, column) else { continue };
                // Some editions count imports to the intermediate inputs, others do not.
                let without = line == Line::IntermediateInput
                    && (inputs[j] - total).abs() < (with_imports - total).abs();
                let parts = if without { inputs[j] } else { parts };
                closed &= sums.test((row, column), code, parts, total, inputs[j]);
            }
            if closed {
                let (parts, what) = (with_imports + added[j], "GO, as the inputs of the sector,");
                sums.test((last, column), what, parts, raw.output[j], inputs[j]);
            }
        }
        let note = sums.note().map(|note| note.named(&raw.meta.name));
        raw.meta.notes.extend(note);
        raw
    }
}

/// Looks up where lines stand; those that are missing are told.
struct Lookup<'a, 'f> {
    sheet: &'a Sheet,
    header: Header,
    places: &'a Places,
    industries: &'a Industries,
    faults: &'f mut Faults,
}

impl Lookup<'_, '_> {
    fn line(&mut self, line: &Line, is_row: bool, what: &str) -> Option<usize> {
        let found = if is_row { &self.places.rows } else { &self.places.columns };
        let place = found.get(line).copied();
        if place.is_none() {
            self.faults.push(missing(self.sheet, self.header, is_row, what));
        }
        place
    }

    fn industries(&mut self, is_row: bool) -> Option<Vec<usize>> {
        let sectors = &self.industries.sectors;
        let mut found = Vec::with_capacity(self.industries.len());
        for (region, province) in self.places.regions.iter().enumerate() {
            let line = |sector: usize| Line::Industry {
                region: province.code,
                sector: sectors.code(sector).to_owned(),
            };
            let places = if is_row { &self.places.rows } else { &self.places.columns };
            // Of a province without any line, only that is told.
            if (0..sectors.len()).all(|sector| !places.contains_key(&line(sector))) {
                self.line(&line(0), is_row, &format!("any sector of {}", province.en));
                found.push(None);
                continue;
            }
            for sector in 0..sectors.len() {
                let name = self.industries.name(self.industries.index(region, sector));
                found.push(self.line(&line(sector), is_row, &name));
            }
        }
        found.into_iter().collect()
    }

    /// Columns of final demand: categories of provinces, then exports and the error of the nation.
    fn demand(&mut self) -> Option<Vec<(usize, DemandColumn)>> {
        let mut found = Vec::new();
        for (region, province) in self.places.regions.iter().enumerate() {
            for (category, (code, ..)) in china::DEMAND.iter().enumerate() {
                let line = Line::Demand { region: province.code, category };
                let place = self.line(&line, false, &format!("{code} of {}", province.en));
                found.push(place.map(|at| (at, DemandColumn { region: Some(region), category })));
            }
        }
        let national = |category: usize| DemandColumn { region: None, category };
        let exports = self.line(&Line::Exports, false, "exports (EX)");
        found.push(exports.map(|at| (at, national(china::DEMAND.len()))));
        if let Some(&at) = self.places.columns.get(&Line::Error) {
            found.push(Some((at, national(china::DEMAND.len() + 1))));
        }
        found.into_iter().collect()
    }
}

fn missing(sheet: &Sheet, header: Header, is_row: bool, what: &str) -> Fault {
    let (kind, at) = if is_row {
        ("row", sheet.upright(header.code_column))
    } else {
        ("column", sheet.line(header.code_row))
    };
    Fault::new(at, format!("no {kind} for {what}"))
        .help("look for a missing line, code or name of a province")
}
