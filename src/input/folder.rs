//! irio's own folder: `table.toml` with its numbers in CSV files that a spreadsheet opens.
//!
//! | file | rows | columns |
//! |---|---|---|
//! | `regions.csv`, `sectors.csv` | one a line: `code,en,zh` | |
//! | `categories.csv` | one a line: `code,en,zh,role` | |
//! | `flows.csv` | region, sector | region, sector |
//! | `final_demand.csv` | region, sector | region (or `national`), category |
//! | `value_added.csv` | code, en, zh | region, sector |
//! | `output.csv` | region, sector | one number |
//! | `imports.csv` | sector (or one row) | region, sector |
//! | `imports_final_demand.csv` | sector (or one row) | region (or `national`), category |
//! | `extensions.csv` (optional) | code, en, zh, unit | region, sector |
//! | `households.csv` (optional) | code | region |
//! | population, and what else is known of extensions (`extras`, optional) | | |
//!
//! A matrix has two header lines, the region above the sector or category; over the labels of its lines stand their names,
//! in the order of the table above, or nothing. Lines and columns of numbers stand in any order; an industry may be left out only if it has no output, a product or a column of imports and a line
//! of households never. Labels may be codes or names.
//! Any of these matrices but `households.csv` may be a `.npy` file instead (`npy`). A section `[lineage]` of
//! `table.toml` has what another program noted of the table: `system`, `version`, `history`.

mod cells;
mod extras;
mod imports;
mod npy;
mod positions;

use std::path::PathBuf;

use self::positions::Named;
use super::complete::Side;
use super::document::Section;
use super::npy::NpyFile;
use super::numbers::{Place, Text, rearranged, too_many};
use super::sheet::Sheet;
use super::table::Finder;
use super::{TextFile, witness};
use crate::fault::{Fault, Faults, Location};
use crate::labels::{Axis, Industries, Label, comparable};
use crate::linalg::Matrix;
use crate::memory;
use crate::table::{
    Category, DemandColumn, Extension, FinalDemand, Meta, RawTable, Role, ValueAdded,
};
use crate::units::Unit;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ImportKind {
    ByProduct,
    OneRow,
    None,
}

/// What names an industry at the beginning of a line.
const INDUSTRY: [&str; 2] = ["region", "sector"];

/// Files that a table without imports may not have.
const IMPORT_FILES: [&str; 4] =
    ["imports.csv", "imports_final_demand.csv", "imports.npy", "imports_final_demand.npy"];

const IMPORT_KINDS: &[(&str, ImportKind)] = &[
    ("by_product", ImportKind::ByProduct),
    ("one_row", ImportKind::OneRow),
    ("none", ImportKind::None),
];

/// Reads the CSV files of a folder.
pub(super) fn read(root: &Section<'_>, finder: &Finder, mut meta: Meta) -> Option<RawTable> {
    let document = root.document();
    root.require("imports");
    let imports = root.word("imports", IMPORT_KINDS).map(|word| word.value);
    let mut files =
        Files { finder, inputs: Vec::new(), faults: Faults::default(), named: Vec::new() };
    let raw = files.table(imports);
    let Files { inputs, faults, .. } = files;
    document.absorb(faults.into_result(()));
    let mut raw = raw?;
    meta.inputs.extend(inputs);
    raw.meta = meta;
    Some(raw)
}

/// Numbers as a folder holds them.
enum Numbers {
    /// With their labels.
    Text(Sheet),
    /// In the order of the table's own labels.
    Npy(NpyFile),
}

impl Numbers {
    /// How many lines or rows there are.
    fn lines(&self) -> usize {
        match self {
            Numbers::Text(sheet) => sheet.rows(),
            Numbers::Npy(file) => file.shape().first().copied().unwrap_or(0),
        }
    }
}

struct Files<'a> {
    finder: &'a Finder,
    inputs: Vec<crate::table::InputFile>,
    faults: Faults,
    /// Which industries the files that were read so far name.
    named: Vec<Named>,
}

impl Files<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.finder.own(name)
    }

    fn sheet(&mut self, name: &str) -> Option<Sheet> {
        let file = self.faults.keep(TextFile::read(&self.path(name)))?;
        self.inputs.push(file.record());
        self.faults.keep(Sheet::of(&file))
    }

    fn optional(&mut self, name: &str) -> Option<Sheet> {
        if witness::exists(&self.path(name)) { self.sheet(name) } else { None }
    }

    /// The numbers of `NAME.csv` or `NAME.npy`, whichever is there.
    fn numbers_of(&mut self, name: &str) -> Option<Numbers> {
        let (csv, npy) = (format!("{name}.csv"), self.path(&format!("{name}.npy")));
        if !witness::exists(&npy) {
            return self.sheet(&csv).map(Numbers::Text);
        }
        if witness::exists(&self.path(&csv)) {
            let fault = Fault::new(Location::whole(npy), format!("stands beside {csv}"));
            self.faults.push(fault.help("only one of the two can be the table's: move one away"));
            return None;
        }
        self.faults.keep(NpyFile::open(&npy)).map(Numbers::Npy)
    }

    fn axis(&mut self, name: &str, kind: &'static str) -> Option<Axis> {
        let sheet = self.sheet(name)?;
        self.faults.absorb(sheet.axis(kind))
    }

    fn table(&mut self, imports: Option<ImportKind>) -> Option<RawTable> {
        let regions = self.axis("regions.csv", "region");
        let sectors = self.axis("sectors.csv", "sector");
        let categories = self.categories();
        let known = regions.clone().zip(sectors.clone());
        let known = known.map(|(regions, sectors)| Industries { regions, sectors });
        if let Some(industries) = &known {
            self.room(industries.len())?;
        }
        let quick = known.and_then(|industries| self.quick_flows(&industries));
        let slow = if quick.is_none() { self.numbers_of("flows") } else { None };
        let names = ["final_demand", "value_added", "output"];
        let [demand, value_added, output] = names.map(|name| self.numbers_of(name));
        let industries = Industries { regions: regions?, sectors: sectors? };
        let n = industries.len();
        if quick.is_none() {
            let read =
                [&slow, &demand, &output].map(|numbers| numbers.as_ref().map(Numbers::lines));
            let lines = read.into_iter().flatten().max()?;
            let at = Location::whole(self.path("regions.csv"));
            if let Some(fault) = too_many(&industries, lines, at) {
                self.faults.push(fault);
                return None;
            }
        }
        let flows = quick.or_else(|| match slow? {
            Numbers::Text(sheet) => self.flows(&sheet, &industries),
            Numbers::Npy(file) => self.flows_npy(&file, n),
        });
        let (axis, categories) = categories?;
        let demand = demand.and_then(|numbers| match numbers {
            Numbers::Text(sheet) => self.final_demand(&sheet, &industries, &axis, categories),
            Numbers::Npy(file) => self.final_demand_npy(&file, &industries, &axis, categories),
        });
        let value_added = value_added.and_then(|numbers| match numbers {
            Numbers::Text(sheet) => self.value_added(&sheet, &industries),
            Numbers::Npy(file) => self.value_added_npy(&file, n),
        });
        let output = output.and_then(|numbers| match numbers {
            Numbers::Text(sheet) => self.output(&sheet, &industries),
            Numbers::Npy(file) => self.output_npy(&file, n),
        });
        let final_demand = demand?;
        let imports = self.imports(imports?, &industries, &axis, &final_demand.columns);
        let extensions = self.extensions(&industries, &axis, &final_demand.columns);
        let population = self.population(&industries.regions);
        if let Some(output) = &output {
            self.lacking(&industries, output);
        }
        if !self.faults.is_empty() {
            return None;
        }
        Some(RawTable {
            // Replaced by the caller, who knows it.
            meta: Meta::new("", 0, Unit::none()),
            flows: flows?,
            final_demand,
            imports: imports?,
            value_added: value_added?,
            output: output?,
            population,
            extensions,
            industries,
        })
    }

    /// Refuses flows that memory has no room for: their text, and their numbers twice, as they are read and as they are kept.
    fn room(&mut self, n: usize) -> Option<()> {
        let path = self.path("flows.csv");
        let length = std::fs::metadata(&path).map_or(0, |found| found.len());
        // A number that is other than zero takes two characters at least, and up to sixteen bytes.
        let flows = memory::numbers(n, n).min(8 * length);
        let room = memory::room_to_read(length + 2 * flows);
        self.faults.keep(room.map_err(|error| {
            let text = format!("flows of {} industries: {error}", n);
            Fault::new(Location::whole(path), text)
                .help("aggregate the table on a larger machine: irio aggregate")
        }))
    }

    fn categories(&mut self) -> Option<(Axis, Vec<Category>)> {
        let sheet = self.sheet("categories.csv")?;
        let axis = self.faults.absorb(sheet.axis("category"))?;
        let Some(role) = sheet.column(0, &["role"]) else {
            let fault = Fault::new(sheet.line(0), "no column \"role\" in the header");
            self.faults.push(fault.help("the header is: code,en,zh,role"));
            return None;
        };
        let mut categories = Vec::new();
        for (at, label) in axis.labels().iter().enumerate() {
            let text = sheet.cell(at + 1, role);
            match Role::ALL.into_iter().find(|role| role.word() == text.to_lowercase()) {
                Some(role) => categories.push(Category { label: label.clone(), role }),
                None => {
                    let words = Role::ALL.map(Role::word).join(", ");
                    let fault = Fault::new(
                        sheet.at(at + 1, role),
                        format!("{text:?} is not a role of final demand"),
                    );
                    self.faults.push(fault.help(format!("one of {words}")));
                }
            }
        }
        (categories.len() == axis.len()).then_some((axis, categories))
    }

    /// The flows of a file in which everything is in order, parsed on all cores; any other is left to
    /// the reader that says what is wrong with it.
    fn quick_flows(&mut self, industries: &Industries) -> Option<Matrix> {
        if witness::exists(&self.path("flows.npy")) {
            return None;
        }
        let file = TextFile::read(&self.path("flows.csv")).ok()?;
        let place = Place::of(&file.path);
        let text = Text::new(file.text.as_bytes(), &place, b',');
        let (heads, start) = text.head(2).ok()?;
        let [regions, sectors] = heads.as_slice() else { return None };
        let named =
            |at: usize| sectors.get(at).is_some_and(|cell| comparable(cell) == INDUSTRY[at]);
        if !(named(0) && named(1)) {
            return None;
        }
        let width = regions.len().checked_sub(2).filter(|_| sectors.len() == regions.len())?;
        let grid = text.body(start, 3, 2, width).ok()?;
        let industry = |region: &str, sector: &str| {
            let region = industries.regions.position(region).ok()?;
            Some(industries.index(region, industries.sectors.position(sector).ok()?))
        };
        let rows: Option<Vec<usize>> =
            grid.labels.iter().map(|labels| industry(&labels[0], &labels[1])).collect();
        let columns: Option<Vec<usize>> =
            (2..regions.len()).map(|at| industry(&regions[at], &sectors[at])).collect();
        let (rows, columns) = (rows?, columns?);
        if too_many(industries, rows.len(), place.whole()).is_some() {
            return None;
        }
        let distinct = |places: &[usize]| {
            let mut seen = vec![false; industries.len()];
            places.iter().all(|&at| !std::mem::replace(&mut seen[at], true))
        };
        if !distinct(&rows) || !distinct(&columns) {
            return None;
        }
        self.inputs.push(file.record());
        let n = industries.len();
        self.named.push(Named::of(place.whole(), Side::Line, n, rows.iter().copied()));
        self.named.push(Named::of(place.whole(), Side::Column, n, columns.iter().copied()));
        Some(rearranged(grid.values, &rows, &columns, (n, n)))
    }

    fn flows(&mut self, sheet: &Sheet, industries: &Industries) -> Option<Matrix> {
        self.first_columns(sheet, 1, &INDUSTRY);
        let columns = self.column_industries(sheet, industries, 2)?;
        let rows = self.row_industries(sheet, industries, 2)?;
        let n = industries.len();
        Some(self.placed(sheet, (2, &rows), (2, &columns), (n, n)))
    }

    fn final_demand(
        &mut self,
        sheet: &Sheet,
        industries: &Industries,
        axis: &Axis,
        categories: Vec<Category>,
    ) -> Option<FinalDemand> {
        self.first_columns(sheet, 1, &INDUSTRY);
        let columns = self.demand_heads(sheet, 2, (&industries.regions, axis));
        let rows = self.row_industries(sheet, industries, 2)?;
        let places: Vec<Option<usize>> = (0..columns.len()).map(Some).collect();
        let shape = (industries.len(), columns.len());
        let values = self.placed(sheet, (2, &rows), (2, &places), shape);
        let columns: Option<Vec<DemandColumn>> = columns.into_iter().collect();
        Some(FinalDemand { categories, columns: columns?, values })
    }

    fn value_added(&mut self, sheet: &Sheet, industries: &Industries) -> Option<ValueAdded> {
        self.first_columns(sheet, 1, &["code", "en", "zh"]);
        let columns = self.column_industries(sheet, industries, 3)?;
        let labels: Vec<Label> = (2..sheet.rows())
            .map(|row| Label::new(sheet.cell(row, 0), sheet.cell(row, 1), sheet.cell(row, 2)))
            .collect();
        if let Err(error) = Axis::new("value-added row", labels.clone()) {
            self.faults.push(Fault::new(sheet.at(2 + error.position, 0), error.to_string()));
        }
        let rows: Vec<Option<usize>> = (0..labels.len()).map(Some).collect();
        let shape = (labels.len(), industries.len());
        let values = self.placed_densely(sheet, (2, &rows), (3, &columns), shape)?;
        Some(ValueAdded { rows: labels, values })
    }

    fn output(&mut self, sheet: &Sheet, industries: &Industries) -> Option<Vec<f64>> {
        self.first_columns(sheet, 0, &["region", "sector", "output"]);
        let rows = self.row_industries(sheet, industries, 1)?;
        // An industry that is not in this very file has no output.
        self.named.pop();
        let mut output = vec![0.0; industries.len()];
        self.numbers(sheet, (1, &rows), (2, &[Some(0)]), |row, _, value| output[row] = value);
        Some(output)
    }

    fn extensions(
        &mut self,
        industries: &Industries,
        categories: &Axis,
        columns: &[DemandColumn],
    ) -> Vec<Extension> {
        let there =
            ["extensions.csv", "extensions.npy"].map(|name| witness::exists(&self.path(name)));
        if there == [false, false] {
            self.of_nothing();
            return Vec::new();
        }
        let mut found = match self.numbers_of("extensions") {
            None => return Vec::new(),
            Some(Numbers::Npy(file)) => match self.extensions_npy(&file, industries) {
                Some(found) => found,
                // What is said of stressors that could not be read is no fault of its own.
                None => return Vec::new(),
            },
            Some(Numbers::Text(sheet)) => self.extensions_of(&sheet, industries),
        };
        self.complete(industries, categories, columns, &mut found);
        found
    }

    fn extensions_of(&mut self, sheet: &Sheet, industries: &Industries) -> Vec<Extension> {
        self.first_columns(sheet, 1, &["code", "en", "zh", "unit"]);
        let Some(columns) = self.column_industries(sheet, industries, 4) else {
            return Vec::new();
        };
        let mut found: Vec<Extension> = Vec::new();
        for row in 2..sheet.rows() {
            if self.faults.enough() {
                break;
            }
            let Some(mut extension) = self.extension(sheet, row, [0, 1, 2, 3], industries) else {
                continue;
            };
            self.beyond(sheet, row, 4 + columns.len());
            for (c, to) in columns.iter().enumerate() {
                if let (Some(value), Some(to)) = (self.faults.keep(sheet.number(row, 4 + c)), to) {
                    extension.values[*to] = value;
                }
            }
            found.push(extension);
        }
        found
    }

    /// An extension without numbers: code, names and unit are in the columns given.
    fn extension(
        &mut self,
        sheet: &Sheet,
        row: usize,
        [code, en, zh, unit]: [usize; 4],
        industries: &Industries,
    ) -> Option<Extension> {
        let parsed = sheet.cell(row, unit).parse();
        let parsed = parsed.map_err(|error| Fault::new(sheet.at(row, unit), format!("{error}")));
        Some(Extension {
            unit: self.faults.keep(parsed)?,
            label: Label::new(sheet.cell(row, code), sheet.cell(row, en), sheet.cell(row, zh)),
            values: vec![0.0; industries.len()],
            households: vec![0.0; industries.regions.len()],
            inventory: None,
            by_demand: None,
            origin: None,
        })
    }
}
