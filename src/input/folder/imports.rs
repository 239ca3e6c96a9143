//! Imports of a folder: by product, in one row, or none.

use std::collections::{HashMap, HashSet};

use super::{Files, IMPORT_FILES, ImportKind, Numbers};
use crate::fault::{Fault, Location};
use crate::input::complete::{SHOWN, among};
use crate::input::sheet::Sheet;
use crate::input::witness;
use crate::labels::{Axis, Industries, listed};
use crate::linalg::Dense;
use crate::table::{DemandColumn, Imports, NATIONAL};

impl Files<'_> {
    pub(super) fn imports(
        &mut self,
        kind: ImportKind,
        industries: &Industries,
        categories: &Axis,
        demand: &[DemandColumn],
    ) -> Option<Imports> {
        if kind == ImportKind::None {
            for name in IMPORT_FILES {
                if witness::exists(&self.path(name)) {
                    let fault = Fault::new(
                        Location::whole(self.path(name)),
                        "the table says imports = \"none\"",
                    );
                    self.faults.push(fault.help(
                        "say \"by_product\" or \"one_row\" in table.toml, or delete the file",
                    ));
                }
            }
            return Some(Imports::None);
        }
        let inputs = self.numbers_of("imports");
        let finals = self.numbers_of("imports_final_demand");
        let s = if kind == ImportKind::OneRow { 1 } else { industries.sectors.len() };
        let intermediate = inputs.and_then(|numbers| match numbers {
            Numbers::Npy(file) => self.imports_npy(&file, (s, industries.len())),
            Numbers::Text(sheet) => {
                self.import_column(&sheet, kind);
                let columns = self.column_industries(&sheet, industries, 1)?;
                let shape = (s, industries.len());
                self.import_numbers(&sheet, kind, &industries.sectors, &columns, shape)
            }
        });
        let final_demand = finals.and_then(|numbers| match numbers {
            Numbers::Npy(file) => self.imports_npy(&file, (s, demand.len())),
            Numbers::Text(sheet) => {
                self.import_column(&sheet, kind);
                let heads = self.demand_heads(&sheet, 1, (&industries.regions, categories));
                let columns = self.demand_places(&sheet, &heads, demand);
                let axes = (&industries.regions, categories);
                self.each_column(&sheet, &columns, (demand, axes));
                let shape = (s, demand.len());
                self.import_numbers(&sheet, kind, &industries.sectors, &columns, shape)
            }
        });
        let (intermediate, final_demand) = (intermediate?, final_demand?);
        Some(match kind {
            ImportKind::OneRow => Imports::OneRow {
                intermediate: intermediate.row(0).to_vec(),
                final_demand: final_demand.row(0).to_vec(),
            },
            _ => Imports::ByProduct { intermediate, final_demand },
        })
    }

    /// By product, lines begin with their sector.
    fn import_column(&mut self, sheet: &Sheet, kind: ImportKind) {
        if kind == ImportKind::ByProduct {
            self.first_columns(sheet, 1, &["sector"]);
        }
    }

    /// Which columns of final demand head a sheet of imports.
    pub(super) fn demand_places(
        &mut self,
        sheet: &Sheet,
        heads: &[Option<DemandColumn>],
        demand: &[DemandColumn],
    ) -> Vec<Option<usize>> {
        let known: HashMap<&DemandColumn, usize> =
            demand.iter().enumerate().map(|(at, column)| (column, at)).collect();
        let mut places = Vec::new();
        for (at, head) in heads.iter().enumerate() {
            let place = head.as_ref().and_then(|head| known.get(head).copied());
            if head.is_some() && place.is_none() {
                let text = "final_demand.csv has no such column";
                self.faults.push(Fault::new(sheet.at(1, at + 1), text));
            }
            places.push(place);
        }
        places
    }

    /// Says which columns of final demand a sheet of imports leaves out.
    fn each_column(
        &mut self,
        sheet: &Sheet,
        places: &[Option<usize>],
        (demand, (regions, categories)): (&[DemandColumn], (&Axis, &Axis)),
    ) {
        let there = among(demand.len(), places.iter().copied().flatten());
        let name = |at: usize| {
            let region = demand[at].region.map_or(NATIONAL, |region| regions.code(region));
            format!("{region}:{}", categories.code(demand[at].category))
        };
        let missing: Vec<String> = (0..demand.len()).filter(|at| !there[*at]).map(name).collect();
        if !missing.is_empty() {
            let names = listed(&missing, SHOWN);
            let text = format!("has no column of {names}, which final_demand.csv has");
            self.faults
                .push(Fault::new(sheet.line(1), text).help(
                    "write every column of final demand, of zeros where nothing is imported",
                ));
        }
    }

    /// Says which products a sheet of imports by product leaves out.
    fn each_product(&mut self, sheet: &Sheet, sectors: &Axis, seen: &HashSet<usize>) {
        let missing = (0..sectors.len()).filter(|at| !seen.contains(at));
        let missing: Vec<&str> = missing.map(|at| sectors.code(at)).collect();
        if !missing.is_empty() {
            let names = listed(&missing, SHOWN);
            let text = format!("has no line of {names}, which sectors.csv has");
            self.faults.push(
                Fault::new(sheet.whole(), text)
                    .help("write a line for every product, of zeros where nothing is imported"),
            );
        }
    }

    fn import_numbers(
        &mut self,
        sheet: &Sheet,
        kind: ImportKind,
        sectors: &Axis,
        columns: &[Option<usize>],
        shape: (usize, usize),
    ) -> Option<Dense> {
        let rows = self.import_rows(sheet, kind, sectors);
        self.placed_densely(sheet, (2, &rows), (1, columns), shape)
    }

    fn import_rows(
        &mut self,
        sheet: &Sheet,
        kind: ImportKind,
        sectors: &Axis,
    ) -> Vec<Option<usize>> {
        if kind == ImportKind::OneRow {
            if sheet.rows() != 3 {
                let text = format!(
                    "expected one line of imports, found {}",
                    sheet.rows().saturating_sub(2)
                );
                let fault = Fault::new(Location::whole(sheet.path()), text);
                self.faults.push(
                    fault.help("for imports by product say imports = \"by_product\" in table.toml"),
                );
                return Vec::new();
            }
            return vec![Some(0)];
        }
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        for row in 2..sheet.rows() {
            let at = self.position(sheet, sectors, (row, 0));
            if at.is_some_and(|at| !seen.insert(at)) {
                let text = format!("product {:?} stands twice", sheet.cell(row, 0));
                self.faults.push(Fault::new(sheet.at(row, 0), text));
            }
            found.push(at);
        }
        self.each_product(sheet, sectors, &seen);
        found
    }
}
