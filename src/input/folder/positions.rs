//! Where the labels of a sheet put its numbers, and which industries a file names.

use std::collections::HashSet;

use super::Files;
use crate::fault::{Fault, Location};
use crate::input::complete::{Side, among, left_out};
use crate::input::numbers::too_many;
use crate::input::sheet::Sheet;
use crate::labels::{Axis, Industries, comparable};
use crate::table::{DemandColumn, NATIONAL};

/// The industries that the lines or the columns of a file name.
pub(super) struct Named {
    at: Location,
    side: Side,
    there: Vec<bool>,
}

impl Named {
    pub(super) fn of(
        at: Location,
        side: Side,
        n: usize,
        industries: impl Iterator<Item = usize>,
    ) -> Self {
        Named { at, side, there: among(n, industries) }
    }
}

impl Files<'_> {
    /// Says which industries with output the files leave out.
    pub(super) fn lacking(&mut self, industries: &Industries, output: &[f64]) {
        for Named { at, side, there } in std::mem::take(&mut self.named) {
            let needed = |industry: usize| output[industry] != 0.0;
            if let Some(fault) = left_out(industries, (&there, needed), side, at) {
                self.faults.push(fault);
            }
        }
    }

    /// Positions of the industries that head the columns from `first` on; two header lines.
    pub(super) fn column_industries(
        &mut self,
        sheet: &Sheet,
        industries: &Industries,
        first: usize,
    ) -> Option<Vec<Option<usize>>> {
        let cells = (first..sheet.width(0).max(sheet.width(1))).map(|at| ((0, at), (1, at)));
        self.industries(sheet, industries, Side::Column, cells)
    }

    /// Says what stands over the first columns of a header line in place of their names. They are read by position, so
    /// another order would be another table; nothing above them is well.
    pub(super) fn first_columns(&mut self, sheet: &Sheet, row: usize, names: &[&str]) {
        let wrong = names.iter().enumerate().find(|(column, name)| {
            let cell = sheet.cell(row, *column);
            !cell.is_empty() && comparable(cell) != comparable(name)
        });
        if let Some((column, name)) = wrong {
            let text = format!("{:?} stands where {name:?} is expected", sheet.cell(row, column));
            let help = match names {
                [_] => format!("the first column is {name}"),
                _ => format!("the first columns are {}, in this order", names.join(",")),
            };
            self.faults.push(Fault::new(sheet.at(row, column), text).help(help));
        }
    }

    /// Positions of the industries that begin the lines from `first` on.
    pub(super) fn row_industries(
        &mut self,
        sheet: &Sheet,
        industries: &Industries,
        first: usize,
    ) -> Option<Vec<Option<usize>>> {
        let cells = (first..sheet.rows()).map(|at| ((at, 0), (at, 1)));
        self.industries(sheet, industries, Side::Line, cells)
    }

    /// Positions of the industries whose region and sector stand in pairs of cells. None if the sheet names so few that
    /// it cannot be one of the table.
    fn industries(
        &mut self,
        sheet: &Sheet,
        industries: &Industries,
        side: Side,
        cells: impl ExactSizeIterator<Item = ((usize, usize), (usize, usize))>,
    ) -> Option<Vec<Option<usize>>> {
        if let Some(fault) = too_many(industries, cells.len(), sheet.whole()) {
            self.faults.push(fault);
            return None;
        }
        let mut named = Named::of(sheet.whole(), side, industries.len(), std::iter::empty());
        let mut found = Vec::with_capacity(cells.len());
        for (region, sector) in cells {
            if self.faults.enough() {
                return None;
            }
            let at = self.industry(sheet, industries, region, sector);
            if let Some(at) = at
                && std::mem::replace(&mut named.there[at], true)
            {
                let text = format!("{} stands twice", industries.name(at));
                self.faults.push(Fault::new(sheet.at(sector.0, sector.1), text));
            }
            found.push(at);
        }
        self.named.push(named);
        Some(found)
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

    pub(super) fn position(
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

    /// Columns of final demand whose region and category stand in pairs of cells.
    pub(super) fn demand_columns(
        &mut self,
        sheet: &Sheet,
        (regions, categories): (&Axis, &Axis),
        cells: impl Iterator<Item = ((usize, usize), (usize, usize))>,
    ) -> Vec<Option<DemandColumn>> {
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        for (region, category) in cells {
            let text = sheet.cell(region.0, region.1);
            let national = text.is_empty() || text.eq_ignore_ascii_case(NATIONAL) || text == "全国";
            let region = match national {
                true => Some(None),
                false => self.position(sheet, regions, region).map(Some),
            };
            let place = category;
            let category = self.position(sheet, categories, place);
            let key =
                region.zip(category).map(|(region, category)| DemandColumn { region, category });
            if key.is_some_and(|key| !seen.insert(key)) {
                let text = format!("{} of {text} stands twice", sheet.cell(place.0, place.1));
                self.faults.push(Fault::new(sheet.at(place.0, place.1), text));
            }
            found.push(key);
            if self.faults.enough() {
                break;
            }
        }
        found
    }

    /// Columns of final demand that two header lines name from `first` on.
    pub(super) fn demand_heads(
        &mut self,
        sheet: &Sheet,
        first: usize,
        axes: (&Axis, &Axis),
    ) -> Vec<Option<DemandColumn>> {
        let cells = (first..sheet.width(0).max(sheet.width(1))).map(|at| ((0, at), (1, at)));
        self.demand_columns(sheet, axes, cells)
    }
}
