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
//! A matrix has two header lines, the region above the sector or category. Lines and columns
//! stand in any order; an industry that is left out has no output. Labels may be codes or names.
//! Any of these matrices but `households.csv` may be a `.npy` file instead (`npy`). A section `[lineage]` of
//! `table.toml` has what another program noted of the table: `system`, `version`, `history`.

mod extras;
mod imports;
mod npy;

use std::path::PathBuf;

use super::document::Section;
use super::npy::NpyFile;
use super::numbers::{Place, Text, rearranged};
use super::sheet::Sheet;
use super::table::Finder;
use super::{TextFile, witness};
use crate::fault::{Fault, Faults, Location};
use crate::labels::{Axis, Industries, Label};
use crate::linalg::{Dense, Matrix};
use crate::table::{
    Category, DemandColumn, Extension, FinalDemand, Meta, NATIONAL, RawTable, Role, ValueAdded,
};
use crate::units::Unit;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ImportKind {
    ByProduct,
    OneRow,
    None,
}

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
    let mut files = Files { finder, inputs: Vec::new(), faults: Faults::default() };
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

struct Files<'a> {
    finder: &'a Finder,
    inputs: Vec<crate::table::InputFile>,
    faults: Faults,
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
        let quick = known.and_then(|industries| self.quick_flows(&industries));
        let slow = if quick.is_none() { self.numbers_of("flows") } else { None };
        let names = ["final_demand", "value_added", "output"];
        let [demand, value_added, output] = names.map(|name| self.numbers_of(name));
        let industries = Industries { regions: regions?, sectors: sectors? };
        let n = industries.len();
        let flows = quick.or_else(|| match slow? {
            Numbers::Text(sheet) => Some(self.flows(&sheet, &industries)),
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
            Numbers::Text(sheet) => Some(self.output(&sheet, &industries)),
            Numbers::Npy(file) => self.output_npy(&file, n),
        });
        let final_demand = demand?;
        let imports = self.imports(imports?, &industries, &axis, &final_demand.columns);
        let extensions = self.extensions(&industries, &axis, &final_demand.columns);
        let population = self.population(&industries.regions);
        if !self.faults.is_empty() {
            return None;
        }
        Some(RawTable {
            // Replaced by the caller, who knows it.
            meta: Meta::new("", 0, Unit::none()),
            flows: flows.unwrap_or_else(|| Matrix::Dense(Dense::zeros(n, n))),
            final_demand,
            imports: imports?,
            value_added: value_added?,
            output: output?,
            population,
            extensions,
            industries,
        })
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

    /// Positions of the industries that head the columns from `first` on; two header lines.
    fn column_industries(
        &mut self,
        sheet: &Sheet,
        industries: &Industries,
        first: usize,
    ) -> Vec<Option<usize>> {
        let width = sheet.width(0).max(sheet.width(1));
        let mut found: Vec<Option<usize>> = Vec::new();
        for column in first..width {
            let at = self.industry(sheet, industries, (0, column), (1, column));
            self.once(sheet, &found, at, (1, column), industries);
            found.push(at);
        }
        found
    }

    fn once(
        &mut self,
        sheet: &Sheet,
        found: &[Option<usize>],
        at: Option<usize>,
        (row, column): (usize, usize),
        industries: &Industries,
    ) {
        if let Some(industry) = at.filter(|_| found.contains(&at)) {
            let text = format!("{} stands twice", industries.name(industry));
            self.faults.push(Fault::new(sheet.at(row, column), text));
        }
    }

    fn industry(
        &mut self,
        sheet: &Sheet,
        industries: &Industries,
        region: (usize, usize),
        sector: (usize, usize),
    ) -> Option<usize> {
        let region = self.position(sheet, &industries.regions, region);
        let sector = self.position(sheet, &industries.sectors, sector);
        Some(industries.index(region?, sector?))
    }

    fn position(
        &mut self,
        sheet: &Sheet,
        axis: &Axis,
        (row, column): (usize, usize),
    ) -> Option<usize> {
        let found = axis.position(sheet.cell(row, column));
        let found = found.map_err(|error| {
            Fault::new(sheet.at(row, column), error.to_string()).help(error.help())
        });
        self.faults.keep(found)
    }

    /// Positions of the industries that begin the lines from `first` on.
    fn row_industries(
        &mut self,
        sheet: &Sheet,
        industries: &Industries,
        first: usize,
    ) -> Vec<Option<usize>> {
        let mut found: Vec<Option<usize>> = Vec::new();
        for row in first..sheet.rows() {
            let at = self.industry(sheet, industries, (row, 0), (row, 1));
            self.once(sheet, &found, at, (row, 1), industries);
            found.push(at);
        }
        found
    }

    /// Numbers below the header lines, placed by the positions of lines and columns.
    fn numbers(
        &mut self,
        sheet: &Sheet,
        (first_row, rows): (usize, &[Option<usize>]),
        (first_column, columns): (usize, &[Option<usize>]),
        mut place: impl FnMut(usize, usize, f64),
    ) {
        for (r, to_row) in rows.iter().enumerate() {
            let width = sheet.width(first_row + r);
            if width > first_column + columns.len() {
                let extra = (first_column + columns.len()..width)
                    .find(|c| !sheet.cell(first_row + r, *c).is_empty());
                if let Some(column) = extra {
                    let fault = Fault::new(
                        sheet.at(first_row + r, column),
                        "a cell without a header above it",
                    );
                    self.faults
                        .push(fault.help("name its column in the header lines, or delete it"));
                }
            }
            for (c, to_column) in columns.iter().enumerate() {
                if let Some(value) = self.faults.keep(sheet.number(first_row + r, first_column + c))
                    && let (Some(row), Some(column)) = (to_row, to_column)
                {
                    place(*row, *column, value);
                }
            }
        }
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
        let distinct = |places: &[usize]| {
            let mut seen = vec![false; industries.len()];
            places.iter().all(|&at| !std::mem::replace(&mut seen[at], true))
        };
        if !distinct(&rows) || !distinct(&columns) {
            return None;
        }
        self.inputs.push(file.record());
        let n = industries.len();
        Some(rearranged(grid.values, &rows, &columns, (n, n)))
    }

    fn flows(&mut self, sheet: &Sheet, industries: &Industries) -> Matrix {
        let columns = self.column_industries(sheet, industries, 2);
        let rows = self.row_industries(sheet, industries, 2);
        let mut flows = Dense::zeros(industries.len(), industries.len());
        self.numbers(sheet, (2, &rows), (2, &columns), |row, column, value| {
            flows[(row, column)] = value
        });
        Matrix::compact(flows)
    }

    /// Demand columns that head a sheet from `first` on.
    fn demand_columns(
        &mut self,
        sheet: &Sheet,
        first: usize,
        regions: &Axis,
        categories: &Axis,
    ) -> Vec<Option<DemandColumn>> {
        let width = sheet.width(0).max(sheet.width(1));
        let mut found: Vec<Option<DemandColumn>> = Vec::new();
        for column in first..width {
            let axes = (regions, categories);
            let key = self.demand_column(sheet, axes, &found, (0, column), (1, column));
            found.push(key);
        }
        found
    }

    /// The column of final demand that two cells name, which is none of those found before.
    fn demand_column(
        &mut self,
        sheet: &Sheet,
        (regions, categories): (&Axis, &Axis),
        found: &[Option<DemandColumn>],
        region: (usize, usize),
        category: (usize, usize),
    ) -> Option<DemandColumn> {
        let text = sheet.cell(region.0, region.1);
        let region = if text.is_empty() || text.eq_ignore_ascii_case(NATIONAL) || text == "全国" {
            Some(None)
        } else {
            self.position(sheet, regions, region).map(Some)
        };
        let place = category;
        let category = self.position(sheet, categories, place);
        let key = region.zip(category).map(|(region, category)| DemandColumn { region, category });
        if key.is_some() && found.contains(&key) {
            let text = format!("{} of {text} stands twice", sheet.cell(place.0, place.1));
            self.faults.push(Fault::new(sheet.at(place.0, place.1), text));
        }
        key
    }

    fn final_demand(
        &mut self,
        sheet: &Sheet,
        industries: &Industries,
        axis: &Axis,
        categories: Vec<Category>,
    ) -> Option<FinalDemand> {
        let columns = self.demand_columns(sheet, 2, &industries.regions, axis);
        let rows = self.row_industries(sheet, industries, 2);
        let places: Vec<Option<usize>> = (0..columns.len()).map(Some).collect();
        let mut values = Dense::zeros(industries.len(), columns.len());
        self.numbers(sheet, (2, &rows), (2, &places), |row, column, value| {
            values[(row, column)] = value
        });
        let columns: Option<Vec<DemandColumn>> = columns.into_iter().collect();
        Some(FinalDemand { categories, columns: columns?, values: Matrix::compact(values) })
    }

    fn value_added(&mut self, sheet: &Sheet, industries: &Industries) -> Option<ValueAdded> {
        let columns = self.column_industries(sheet, industries, 3);
        let labels: Vec<Label> = (2..sheet.rows())
            .map(|row| Label::new(sheet.cell(row, 0), sheet.cell(row, 1), sheet.cell(row, 2)))
            .collect();
        if let Err(error) = Axis::new("value-added row", labels.clone()) {
            self.faults.push(Fault::new(sheet.at(2 + error.position, 0), error.to_string()));
        }
        let rows: Vec<Option<usize>> = (0..labels.len()).map(Some).collect();
        let mut values = Dense::zeros(labels.len(), industries.len());
        self.numbers(sheet, (2, &rows), (3, &columns), |row, column, value| {
            values[(row, column)] = value
        });
        Some(ValueAdded { rows: labels, values })
    }

    fn output(&mut self, sheet: &Sheet, industries: &Industries) -> Vec<f64> {
        let rows = self.row_industries(sheet, industries, 1);
        let mut output = vec![0.0; industries.len()];
        self.numbers(sheet, (1, &rows), (2, &[Some(0)]), |row, _, value| output[row] = value);
        output
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
        let columns = self.column_industries(sheet, industries, 4);
        let mut found: Vec<Extension> = Vec::new();
        for row in 2..sheet.rows() {
            let Some(mut extension) = self.extension(sheet, row, [0, 1, 2, 3], industries) else {
                continue;
            };
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
