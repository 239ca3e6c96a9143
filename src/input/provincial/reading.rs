//! One sheet: its numbers, and whether they add up.

use super::layout::{Layout, Line, Subtotal};
use crate::china;
use crate::fault::{Fault, Faults, Note, NoteCode};
use crate::input::sheet::Sheet;
use crate::input::sums::{Sums, short};
use crate::labels::{Axis, Label};
use crate::linalg::Dense;
use crate::table::regional::{OpenTrade, RegionalTable, TradeSplit};
use crate::text::exact;

/// What a sheet holds.
pub(super) struct OneSheet {
    pub(super) table: RegionalTable,
    pub(super) sectors: Axis,
    /// Row and column of each sector's name; of its code where it has none.
    pub(super) names: Vec<(usize, usize)>,
    /// The line of codes: what stands above it are titles.
    pub(super) place: usize,
    pub(super) notes: Vec<Note>,
}

/// Reads the numbers of a sheet and adds them up.
pub(super) fn read(sheet: &Sheet, mut layout: Layout, tolerance: f64) -> Result<OneSheet, Faults> {
    let mut faults = Faults::default();
    layout.fill(sheet, &mut faults);
    let reader = Reader::of(sheet, &layout, &mut faults);
    let Some(mut reader) = reader.filter(|_| faults.is_empty()) else { return Err(faults) };
    let table = reader.table(&mut faults);
    let sectors = reader.sectors(&mut faults);
    // Sums over cells that are no numbers would only repeat the faults.
    faults.into_result(())?;
    let mut faults = Faults::default();
    // An empty cell that matters leaves every sum over it open: it alone is told.
    reader.settle_blanks(&table, tolerance, &mut faults);
    faults.into_result(())?;
    let mut faults = Faults::default();
    let mut sums = Sums::new(sheet, tolerance, &mut faults);
    reader.add_up(&table, &mut sums);
    let small = sums.note();
    let sectors = sectors.filter(|_| faults.is_empty());
    let Some(sectors) = sectors else { return Err(faults) };
    let names = reader.rows.iter().map(|&row| (row, reader.name_column(row))).collect();
    let mut notes = reader.notes;
    notes.extend(small);
    Ok(OneSheet { table, sectors, names, place: layout.code_row, notes })
}

/// A sheet with the places of its lines.
struct Reader<'a> {
    sheet: &'a Sheet,
    layout: &'a Layout,
    rows: Vec<usize>,
    columns: Vec<usize>,
    demand: Vec<usize>,
    added: Vec<usize>,
    output: usize,
    /// Empty cells, by position of their row.
    blanks: Vec<(usize, usize)>,
    notes: Vec<Note>,
}

impl<'a> Reader<'a> {
    fn of(sheet: &'a Sheet, layout: &'a Layout, faults: &mut Faults) -> Option<Self> {
        let mut row = |line: &Line, what: &str| found(sheet, layout, true, line, what, faults);
        let rows: Vec<Option<usize>> = layout
            .sectors
            .iter()
            .map(|code| row(&Line::Sector(code.clone()), &format!("sector {code}")))
            .collect();
        let added: Vec<Option<usize>> = (0..china::VALUE_ADDED.len())
            .map(|at| row(&Line::ValueAdded(at), china::VALUE_ADDED[at].0))
            .collect();
        let mut column = |line: &Line, what: &str| found(sheet, layout, false, line, what, faults);
        let columns: Vec<Option<usize>> = layout
            .sectors
            .iter()
            .map(|code| column(&Line::Sector(code.clone()), &format!("sector {code}")))
            .collect();
        let demand: Vec<Option<usize>> = (0..china::DEMAND.len())
            .map(|at| column(&Line::Demand(at), china::DEMAND[at].0))
            .collect();
        let output = column(&Line::Output, "gross output (GO)");
        extra_rows(sheet, layout, faults);
        let added: Option<Vec<usize>> = added.into_iter().collect();
        let added = super::value_added_rows(sheet, layout.code_column, added?, faults);
        Some(Reader {
            sheet,
            layout,
            rows: rows.into_iter().collect::<Option<_>>()?,
            columns: columns.into_iter().collect::<Option<_>>()?,
            demand: demand.into_iter().collect::<Option<_>>()?,
            added: added?,
            output: output?,
            blanks: Vec::new(),
            notes: Vec::new(),
        })
    }

    fn block(&mut self, rows: &[usize], columns: &[usize], faults: &mut Faults) -> Dense {
        let mut values = Vec::with_capacity(rows.len() * columns.len());
        for &row in rows {
            for &column in columns {
                if self.sheet.cell(row, column).is_empty() {
                    self.blanks.push((row, column));
                }
                values.push(faults.keep(self.sheet.number_or_zero(row, column)).unwrap_or(0.0));
            }
        }
        Dense::new(rows.len(), columns.len(), values)
    }

    fn column(&mut self, column: usize, faults: &mut Faults) -> Vec<f64> {
        let rows = self.rows.clone();
        self.block(&rows, &[column], faults).values().to_vec()
    }

    fn table(&mut self, faults: &mut Faults) -> RegionalTable {
        let (rows, columns) = (self.rows.clone(), self.columns.clone());
        let (demand, added) = (self.demand.clone(), self.added.clone());
        let flows = self.block(&rows, &columns, faults);
        let final_demand = self.block(&rows, &demand, faults);
        let value_added = self.block(&added, &columns, faults);
        let output = self.column(self.output, faults);
        for (at, value) in output.iter().enumerate().filter(|(_, value)| **value < 0.0) {
            let text = format!("gross output is {}; it may not be negative", exact(*value));
            let fault = Fault::new(self.sheet.at(rows[at], self.output), text);
            faults.push(fault.help("look whether columns are shifted"));
        }
        let error = match self.layout.columns.get(&Line::Error) {
            Some(&column) => self.column(column, faults),
            None => {
                let at = short(&self.sheet.whole());
                let text = format!("{at}: no column ERR, so no error");
                self.notes.push(Note::new(NoteCode::SourceRule, text));
                vec![0.0; rows.len()]
            }
        };
        self.unlabelled();
        let trade = self.trade(faults);
        RegionalTable {
            region: Label::code(""),
            sheet: self.sheet.name().unwrap_or("").to_owned(),
            flows,
            final_demand,
            trade,
            error,
            value_added,
            output,
        }
    }

    fn trade(&mut self, faults: &mut Faults) -> OpenTrade {
        let (outflow, outflow_split) =
            self.side("outflow", [Line::Out, Line::ForeignOut, Line::DomesticOut], faults);
        let (inflow, inflow_split) =
            self.side("inflow", [Line::In, Line::ForeignIn, Line::DomesticIn], faults);
        OpenTrade { outflow, inflow, outflow_split, inflow_split }
    }

    /// A side's total and its parts; columns of parts may be empty, wholly or here and there.
    fn side(
        &mut self,
        what: &str,
        lines: [Line; 3],
        faults: &mut Faults,
    ) -> (Vec<f64>, Option<TradeSplit>) {
        let [total, foreign, domestic] = lines.map(|line| self.layout.columns.get(&line).copied());
        let sheet = self.sheet;
        let filled =
            |column: &usize| self.rows.iter().any(|&row| !sheet.cell(row, *column).is_empty());
        let split = match (foreign.filter(filled), domestic.filter(filled)) {
            (None, None) => None,
            columns => {
                let rows = self.rows.clone();
                let mut part = |column: Option<usize>| -> Vec<f64> {
                    let number = |&row: &usize| match column {
                        Some(column) => {
                            faults.keep(sheet.number_or_zero(row, column)).unwrap_or(0.0)
                        }
                        None => 0.0,
                    };
                    rows.iter().map(number).collect()
                };
                Some(TradeSplit { foreign: part(columns.0), domestic: part(columns.1) })
            }
        };
        let total = match (total, &split) {
            (Some(column), _) => self.column(column, faults),
            (None, Some(split)) => {
                split.foreign.iter().zip(&split.domestic).map(|(f, d)| f + d).collect()
            }
            (None, None) => {
                let text = format!("no column for the {what}");
                let fault = Fault::new(sheet.line(self.layout.code_row), text);
                faults.push(fault.help("its code is OUT or EX, IN or IM"));
                vec![0.0; self.rows.len()]
            }
        };
        (total, split)
    }

    fn unlabelled(&mut self) {
        for &column in &self.layout.unlabelled {
            let number = |row, column| self.sheet.cell(row, column).parse::<f64>().ok();
            let copy = self.rows.iter().all(|&row| {
                let pair = (number(row, column), number(row, self.output));
                matches!(pair, (Some(a), Some(b)) if (a - b).abs() <= 1e-9 * b.abs())
            });
            let what = if copy { "a copy of the output" } else { "numbers" };
            let at = short(&self.sheet.upright(column));
            let text = format!("{at}: {what} without a code, skipped");
            self.notes.push(Note::new(NoteCode::SourceRule, text));
        }
    }

    /// Column of the name beside a code: the nearest filled one to its left.
    fn name_column(&self, row: usize) -> usize {
        let code = self.layout.code_column;
        (0..code).rev().find(|&c| !self.sheet.cell(row, c).is_empty()).unwrap_or(code)
    }

    /// The sectors with the names beside their codes.
    fn sectors(&self, faults: &mut Faults) -> Option<Axis> {
        let labels = self.layout.sectors.iter().zip(&self.rows).map(|(code, &row)| {
            let column = self.name_column(row);
            let name =
                if column == self.layout.code_column { "" } else { self.sheet.cell(row, column) };
            let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
            match china::sector_in_english(&name) {
                Some(en) => Label::new(code.clone(), en, name),
                None if name.is_ascii() => Label::new(code.clone(), name, ""),
                None => Label::new(code.clone(), "", name),
            }
        });
        let axis = Axis::new("sector", labels.collect::<Vec<_>>());
        faults.keep(axis.map_err(|error| Fault::new(self.sheet.whole(), error.to_string())))
    }

    /// Value of a subtotal; none where the sheet does not have it there.
    fn subtotal(&self, row: usize, column: Option<usize>) -> Option<f64> {
        self.sheet.cell(row, column?).parse().ok().filter(|value: &f64| value.is_finite())
    }

    fn sub_column(&self, what: Subtotal) -> Option<usize> {
        self.layout.columns.get(&Line::Subtotal(what)).copied()
    }

    fn sub_row(&self, what: Subtotal) -> Option<usize> {
        self.layout.rows.get(&Line::Subtotal(what)).copied()
    }

    fn add_up(&self, table: &RegionalTable, sums: &mut Sums<'_>) {
        let used = table.flows.row_sums();
        for (i, &row) in self.rows.iter().enumerate() {
            let y = table.final_demand.row(i);
            let (households, consumption, capital) = (y[0] + y[1], y[0] + y[1] + y[2], y[3] + y[4]);
            let out = table.trade.outflow[i];
            let subtotals = [
                (Subtotal::IntermediateUse, "TIU", used[i]),
                (Subtotal::Households, "THC", households),
                (Subtotal::Consumption, "TC", consumption),
                (Subtotal::CapitalFormation, "GCF", capital),
                (Subtotal::FinalUse, "TFU", consumption + capital + out),
            ];
            for (what, code, parts) in subtotals {
                let column = self.sub_column(what);
                if let (Some(column), Some(total)) = (column, self.subtotal(row, column)) {
                    sums.test((row, column), code, parts, total, total.abs());
                }
            }
            let inn = table.trade.inflow[i];
            let size = used[i] + consumption + capital + out;
            let parts = size - inn + table.error[i];
            sums.test(
                (row, self.output),
                "GO, as the uses of the product,",
                parts,
                table.output[i],
                size,
            );
        }
        let (inputs, added) = (table.flows.column_sums(), table.value_added.column_sums());
        let last = self.sub_row(Subtotal::TotalInput).unwrap_or(self.layout.code_row);
        for (j, &column) in self.columns.iter().enumerate() {
            let subtotals = [
                (Subtotal::IntermediateInput, "TII", inputs[j]),
                (Subtotal::ValueAdded, "TVA", added[j]),
                (Subtotal::TotalInput, "TI", inputs[j] + added[j]),
            ];
            let mut closed = true;
            for (what, code, parts) in subtotals {
                let Some(row) = self.sub_row(what) else { continue };
                if let Some(total) = self.subtotal(row, Some(column)) {
                    closed &= sums.test((row, column), code, parts, total, inputs[j].abs());
                }
            }
            if closed {
                let (parts, what) = (inputs[j] + added[j], "GO, as the inputs of the sector,");
                sums.test((last, column), what, parts, table.output[j], inputs[j].abs());
            }
        }
    }

    /// An empty cell is zero where its row, or in value added its column, adds up without it.
    fn settle_blanks(&mut self, table: &RegionalTable, tolerance: f64, faults: &mut Faults) {
        let (rows, columns) = (table.row_gaps(), table.column_gaps());
        let limit = tolerance.min(1e-6);
        for &(row, column) in &self.blanks {
            let closed = |at: Option<usize>, gaps: &[f64]| {
                at.is_some_and(|at| gaps[at].abs() <= limit * table.output[at].abs().max(1.0))
            };
            let closed = closed(self.rows.iter().position(|&own| own == row), &rows)
                || self.added.contains(&row)
                    && closed(self.columns.iter().position(|&own| own == column), &columns);
            if closed {
                let at = short(&self.sheet.at(row, column));
                let text =
                    format!("{at}: an empty cell is zero, because the sums close without it");
                self.notes.push(Note::new(NoteCode::SourceRule, text));
            } else {
                faults.keep(self.sheet.number(row, column));
            }
        }
    }
}

fn found(
    sheet: &Sheet,
    layout: &Layout,
    is_row: bool,
    line: &Line,
    what: &str,
    faults: &mut Faults,
) -> Option<usize> {
    let places = if is_row { &layout.rows } else { &layout.columns };
    let found = places.get(line).copied();
    if found.is_none() {
        let (kind, at) = if is_row {
            ("row", sheet.upright(layout.code_column))
        } else {
            ("column", sheet.line(layout.code_row))
        };
        let fault = Fault::new(at, format!("no {kind} for {what}"));
        faults.push(fault.help("its code stands nowhere here: look for a missing or changed one"));
    }
    found
}

/// Rows of sectors that no column has, such as a subtotal with the code of a sector.
fn extra_rows(sheet: &Sheet, layout: &Layout, faults: &mut Faults) {
    let mut extra: Vec<(usize, &String)> = layout
        .rows
        .iter()
        .filter_map(|(line, &row)| match line {
            Line::Sector(code) if !layout.sectors.contains(code) => Some((row, code)),
            _ => None,
        })
        .collect();
    extra.sort();
    for (row, code) in extra {
        let text = format!("sector {code} has a row but no column");
        let fault = Fault::new(sheet.at(row, layout.code_column), text);
        faults.push(fault.help("is it a subtotal? Those have codes such as TII and TVA"));
    }
}
