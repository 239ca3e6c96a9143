//! Files of a folder that say more of a table than its accounts need: all optional.
//!
//! | file | lines | columns |
//! |---|---|---|
//! | `population.csv` | region | `region,population` |
//! | `inventories.csv` | code of an extension | region |
//! | `extensions_final_demand.csv` | code of an extension | region (or `national`), category |
//! | `extensions_accounts.csv` | code of an extension, level | `code,account,name,level,text` |
//!
//! `inventories.csv` has the total of each region in the inventory that emissions come from.
//! `extensions_final_demand.csv` splits the direct emissions of `households.csv` by column of final demand;
//! without `households.csv` its sums by region are them. `extensions_accounts.csv` names the account that an
//! extension is a line of where its source has accounts, as pymrio has: folder and name of the account, and a
//! line for each label, such as stressor and compartment.

use std::collections::{HashMap, HashSet};

use super::Files;
use crate::fault::Fault;
use crate::input::complete::SHOWN;
use crate::input::population;
use crate::input::sheet::Sheet;
use crate::labels::{Axis, Industries, listed};
use crate::table::{DemandColumn, Extension, NATIONAL, Origin};
use crate::text::exact;

/// Gap between direct emissions of a region and their sum, as a share of what is summed, that is rounding.
const ROUNDING: f64 = 1e-9;

/// Files that say more of the extensions of extensions.csv or extensions.npy.
const BESIDE_EXTENSIONS: [&str; 5] = [
    "extensions_rows.csv",
    "households.csv",
    "inventories.csv",
    "extensions_final_demand.csv",
    "extensions_accounts.csv",
];

impl Files<'_> {
    pub(super) fn population(&mut self, regions: &Axis) -> Option<Vec<f64>> {
        let sheet = self.optional("population.csv")?;
        self.faults.absorb(population::read(&sheet, regions))
    }

    /// Says which files speak of extensions in a folder that has none: theirs was lost.
    pub(super) fn of_nothing(&mut self) {
        for name in BESIDE_EXTENSIONS {
            let Some(sheet) = self.optional(name) else { continue };
            let header = if name == "extensions_final_demand.csv" { 2 } else { 1 };
            let Some(row) = (header..sheet.rows()).next() else { continue };
            let text = format!(
                "the account {:?} is in no file: there is no extensions.csv and no extensions.npy",
                sheet.cell(row, 0)
            );
            self.faults.push(
                Fault::new(sheet.at(row, 0), text)
                    .help("bring back the file with its numbers by industry, or delete this one"),
            );
        }
    }

    /// Gives extensions what files beside them say.
    pub(super) fn complete(
        &mut self,
        industries: &Industries,
        categories: &Axis,
        columns: &[DemandColumn],
        found: &mut [Extension],
    ) {
        let households = self.optional("households.csv");
        if let Some(sheet) = &households {
            self.every_extension(sheet, found);
            self.by_region(sheet, &industries.regions, found, |extension, values| {
                extension.households = values;
            });
        }
        if let Some(sheet) = self.optional("inventories.csv") {
            self.by_region(&sheet, &industries.regions, found, |extension, values| {
                extension.inventory = Some(values);
            });
        }
        if let Some(sheet) = self.optional("extensions_final_demand.csv") {
            let axes = (&industries.regions, categories);
            self.by_demand(&sheet, axes, columns, (found, households.is_some()));
        }
        if let Some(sheet) = self.optional("extensions_accounts.csv") {
            self.accounts(&sheet, found);
        }
    }

    /// Which extension each line is of, from `first` on.
    fn lines(
        &mut self,
        sheet: &Sheet,
        (first, column): (usize, usize),
        found: &[Extension],
    ) -> Vec<Option<usize>> {
        let places: HashMap<&str, usize> = found
            .iter()
            .enumerate()
            .rev()
            .map(|(at, extension)| (extension.label.code.as_str(), at))
            .collect();
        let mut lines = Vec::new();
        for row in first..sheet.rows() {
            let code = sheet.cell(row, column);
            let at = places.get(code).copied();
            if at.is_none() {
                let text = format!("the table has no extension {code:?}");
                let codes = found.iter().map(|extension| extension.label.code.as_str());
                let near = crate::labels::suggestion(code, codes);
                let fault = Fault::new(sheet.at(row, column), text);
                self.faults.push(match near {
                    Some(near) => fault.help(format!("did you mean {near:?}?")),
                    None => fault
                        .help("its extensions are those of extensions.csv, or extensions_rows.csv"),
                });
                if self.faults.enough() {
                    break;
                }
            }
            lines.push(at);
        }
        lines
    }

    /// Says which lines are of an extension that an earlier one is of.
    fn each_once(&mut self, sheet: &Sheet, first: usize, lines: &[Option<usize>]) {
        let mut seen = HashSet::new();
        for (at, line) in lines.iter().enumerate() {
            if line.is_some_and(|line| !seen.insert(line)) {
                let text = format!("{:?} stands twice", sheet.cell(first + at, 0));
                self.faults.push(Fault::new(sheet.at(first + at, 0), text));
            }
        }
    }

    /// Says which extensions a sheet of households leaves out: theirs would be zero without a word.
    fn every_extension(&mut self, sheet: &Sheet, found: &[Extension]) {
        let there: HashSet<&str> = (1..sheet.rows()).map(|row| sheet.cell(row, 0)).collect();
        let codes = found.iter().map(|extension| extension.label.code.as_str());
        let missing: Vec<&str> = codes.filter(|code| !there.contains(code)).collect();
        if !missing.is_empty() {
            let text = format!("has no line of {}, which the table has", listed(&missing, SHOWN));
            self.faults.push(Fault::new(sheet.whole(), text).help(
                "write a line for every extension, of zeros where households emit nothing, or delete the file",
            ));
        }
    }

    /// Says which regions a sheet of numbers by region leaves out: they would be zero without a word.
    fn every_region(&mut self, sheet: &Sheet, regions: &Axis, columns: &[Option<usize>]) {
        let there: HashSet<usize> = columns.iter().copied().flatten().collect();
        let missing = (0..regions.len()).filter(|at| !there.contains(at));
        let missing: Vec<&str> = missing.map(|at| regions.code(at)).collect();
        if !missing.is_empty() && self.faults.is_empty() {
            let text = format!("no column of {}", missing.join(", "));
            self.faults.push(
                Fault::new(sheet.line(0), text)
                    .help("write a column for every region, of zeros where there is nothing"),
            );
        }
    }

    /// Says which regions have more than one column: only one of them would count.
    fn every_column_once(&mut self, sheet: &Sheet, regions: &Axis, columns: &[Option<usize>]) {
        let mut seen = HashSet::new();
        for (column, at) in (1..).zip(columns) {
            if let Some(at) = at.filter(|at| !seen.insert(*at)) {
                let fault =
                    Fault::new(sheet.at(0, column), format!("{} stands twice", regions.code(at)));
                self.faults.push(fault.help("keep one of the columns"));
            }
        }
    }

    /// Numbers by region of the extensions that a sheet has.
    fn by_region(
        &mut self,
        sheet: &Sheet,
        regions: &Axis,
        found: &mut [Extension],
        mut set: impl FnMut(&mut Extension, Vec<f64>),
    ) {
        self.first_columns(sheet, 0, &["code"]);
        let columns: Vec<Option<usize>> =
            (1..sheet.width(0)).map(|column| self.position(sheet, regions, (0, column))).collect();
        let lines = self.lines(sheet, (1, 0), found);
        self.each_once(sheet, 1, &lines);
        self.every_region(sheet, regions, &columns);
        self.every_column_once(sheet, regions, &columns);
        let rows: Vec<Option<usize>> = (0..lines.len()).map(Some).collect();
        if !self.faults.is_empty() {
            return self.numbers(sheet, (1, &rows), (1, &columns), |_, _, _| {});
        }
        let mut values = vec![vec![0.0; regions.len()]; lines.len()];
        self.numbers(sheet, (1, &rows), (1, &columns), |row, column, value| {
            values[row][column] = value;
        });
        for (line, values) in lines.into_iter().zip(values) {
            if let Some(at) = line {
                set(&mut found[at], values);
            }
        }
    }

    /// Says which columns of final demand a sheet leaves out although it has others of their category.
    fn every_column(
        &mut self,
        sheet: &Sheet,
        places: &[Option<usize>],
        (columns, regions, categories): (&[DemandColumn], &Axis, &Axis),
    ) {
        let there: HashSet<usize> = places.iter().copied().flatten().collect();
        let kinds: HashSet<usize> = there.iter().map(|at| columns[*at].category).collect();
        let missing = (0..columns.len())
            .filter(|at| kinds.contains(&columns[*at].category) && !there.contains(at));
        let name = |at: usize| {
            let region = columns[at].region.map_or(NATIONAL, |region| regions.code(region));
            format!("{region}, {}", categories.code(columns[at].category))
        };
        let missing: Vec<String> = missing.map(name).collect();
        if !missing.is_empty() && self.faults.is_empty() {
            let text = format!("no column of {}", missing.join("; "));
            self.faults.push(Fault::new(sheet.line(0), text).help(
                "write a column for every region that has the category, of zeros where there is nothing",
            ));
        }
    }

    fn by_demand(
        &mut self,
        sheet: &Sheet,
        (regions, categories): (&Axis, &Axis),
        columns: &[DemandColumn],
        (found, summed): (&mut [Extension], bool),
    ) {
        self.first_columns(sheet, 1, &["code"]);
        let heads = self.demand_heads(sheet, 1, (regions, categories));
        let places = self.demand_places(sheet, &heads, columns);
        let lines = self.lines(sheet, (2, 0), found);
        self.each_once(sheet, 2, &lines);
        self.every_column(sheet, &places, (columns, regions, categories));
        let rows: Vec<Option<usize>> = (0..lines.len()).map(Some).collect();
        if !self.faults.is_empty() {
            return self.numbers(sheet, (2, &rows), (1, &places), |_, _, _| {});
        }
        let mut values = vec![vec![0.0; columns.len()]; lines.len()];
        self.numbers(sheet, (2, &rows), (1, &places), |row, column, value| {
            values[row][column] = value;
        });
        for (row, (line, values)) in lines.into_iter().zip(values).enumerate() {
            let Some(at) = line else { continue };
            let (mut sums, mut sizes) = (vec![0.0; regions.len()], vec![0.0; regions.len()]);
            for (column, value) in columns.iter().zip(&values) {
                if let Some(region) = column.region {
                    sums[region] += value;
                    sizes[region] += value.abs();
                }
            }
            if !summed {
                found[at].households = sums;
            } else if let Some(region) = differ(&found[at].households, (&sums, &sizes)) {
                let text = format!(
                    "{} in {}: {} by final demand, {} in households.csv",
                    found[at].label.code,
                    regions.code(region),
                    exact(sums[region]),
                    exact(found[at].households[region])
                );
                self.faults.push(Fault::new(sheet.at(2 + row, 0), text).help(
                    "direct emissions by category add up to those of the region: mend one, or delete households.csv",
                ));
            }
            found[at].by_demand = Some(values);
        }
    }

    fn accounts(&mut self, sheet: &Sheet, found: &mut [Extension]) {
        let names = ["code", "account", "name", "level", "text"];
        let help = format!("the header is: {}", names.join(","));
        let Some(places) = sheet.columns(names, &help, &mut self.faults) else { return };
        let [code, account, name, level, text] = places;
        for (row, line) in self.lines(sheet, (1, code), found).into_iter().enumerate() {
            let Some(extension) = line.map(|at| &mut found[at]) else { continue };
            let cell = |column: usize| sheet.cell(row + 1, column).to_owned();
            if !is_name(&cell(account)) {
                let what = format!("{:?} is no name of an account", cell(account));
                let fault = Fault::new(sheet.at(row + 1, account), what);
                self.faults.push(fault.help("a name without / and \\, which becomes a folder"));
                continue;
            }
            let origin = extension.origin.get_or_insert_with(|| Origin {
                account: cell(account),
                name: cell(name),
                levels: Vec::new(),
            });
            if (&origin.account, &origin.name) != (&cell(account), &cell(name)) {
                let what = format!("{:?} is of {:?} above", cell(code), origin.account);
                let fault = Fault::new(sheet.at(row + 1, account), what);
                self.faults.push(fault.help("an extension is a line of one account"));
            }
            if !cell(level).is_empty() {
                origin.levels.push((cell(level), cell(text)));
            }
        }
    }
}

/// Whether an account may be called so: other programs make a folder of it.
fn is_name(text: &str) -> bool {
    !matches!(text, "" | "." | "..") && !text.contains(['/', '\\'])
}

/// The first region in which direct emissions are not their sum; `sizes` are the sums without signs.
fn differ(households: &[f64], (sums, sizes): (&[f64], &[f64])) -> Option<usize> {
    let gap = |at: usize| (households[at] - sums[at]).abs();
    (0..sums.len()).find(|&at| gap(at) > ROUNDING * sizes[at].max(households[at].abs()))
}
