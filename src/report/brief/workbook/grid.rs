//! A table of a brief as columns of native numbers: points and ranges as printed, then as the files have them.

use rust_xlsxwriter::XlsxError;

use super::number::{self, Number};
use super::sheet::{Sheet, of_total};
use super::{Pages, places};
use crate::brief::content::{Cell, Grid, GridRow, Head};
use crate::brief::prose::{Inline, Prose};
use crate::numerals::Cited;

/// What the cells of one column of the brief hold at most.
struct Layout<'a> {
    head: &'a Head,
    /// Numbers in the cell and below it.
    main: usize,
    below: usize,
    /// Whether words stand beside numbers.
    remarks: bool,
    /// Whether all its numbers are changes, with a sign.
    signed: bool,
}

impl<'a> Layout<'a> {
    fn of(grid: &'a Grid, at: usize) -> Self {
        let head = &grid.heads[at];
        let cells = || grid.rows.iter().filter_map(move |row| row.cells.get(at));
        let most = |of: fn(&Cell) -> usize| cells().map(of).max().unwrap_or(0);
        let remarks =
            |cell: &Cell| !cell.main.numbers().is_empty() && !remark(&cell.main).is_empty();
        let plus = |cell: &Cell| {
            let numbers = cell.main.numbers().into_iter();
            numbers.filter_map(|(shown, _)| number::read(shown)).any(Number::has_plus)
        };
        Layout {
            head,
            main: most(|cell| cell.main.numbers().len()),
            below: most(|cell| cell.below.numbers().len()),
            remarks: head.numeric && cells().any(remarks),
            signed: cells().any(plus),
        }
    }

    /// Columns as printed: words need one, numbers one each.
    fn printed(&self) -> usize {
        match self.head.numeric {
            true => self.main.max(1) + self.below + usize::from(self.remarks),
            false => 1,
        }
    }

    /// Columns as the files have them: one for each number and one for the places.
    fn exact(&self) -> usize {
        match self.main + self.below {
            0 => 0,
            numbers => numbers + 1,
        }
    }
}

/// Writes the heads and lines of a table and keeps its heads in sight.
pub(super) fn write(sheet: &mut Sheet, grid: &Grid, pages: &Pages) -> Result<(), XlsxError> {
    let layouts: Vec<Layout> = (0..grid.heads.len()).map(|at| Layout::of(grid, at)).collect();
    let heads: Vec<String> = layouts
        .iter()
        .flat_map(|layout| printed_heads(layout, pages))
        .chain(layouts.iter().flat_map(|layout| exact_heads(layout, pages)))
        .collect();
    sheet.head(&heads.iter().map(String::as_str).collect::<Vec<_>>(), &pages.look)?;
    sheet.freeze(1)?;
    let mut totals = false;
    for row in &grid.rows {
        let line = Line { row, total: row.total, first: row.total && !totals };
        line.write(sheet, &layouts, pages)?;
        totals = row.total;
        sheet.next();
    }
    Ok(())
}

fn printed_heads(layout: &Layout, pages: &Pages) -> Vec<String> {
    let (head, words) = (layout.head, &pages.words);
    let unit = match head.unit.is_empty() {
        true => String::new(),
        false => pages.bracketed(&head.unit),
    };
    let mut heads = vec![format!("{}{unit}", head.text)];
    if !head.numeric {
        return heads;
    }
    heads.extend((2..=layout.main).map(|at| format!("{} {at}{unit}", head.text)));
    match layout.below {
        2 => heads.extend([words.low, words.high].map(|end| format!("{} {end}{unit}", head.text))),
        below => {
            heads.extend((1..=below).map(|at| format!("{} {} {at}{unit}", head.text, words.range)))
        }
    }
    if layout.remarks {
        heads.push(format!("{} {}", head.text, words.remark));
    }
    heads
}

fn exact_heads(layout: &Layout, pages: &Pages) -> Vec<String> {
    let (text, words) = (&layout.head.text, &pages.words);
    let file = pages.bracketed(words.in_file);
    let mut heads: Vec<String> = (0..layout.main)
        .map(
            |at| if at == 0 { format!("{text}{file}") } else { format!("{text} {}{file}", at + 1) },
        )
        .collect();
    match layout.below {
        2 => heads.extend([words.low, words.high].map(|end| format!("{text} {end}{file}"))),
        below => heads.extend((1..=below).map(|at| format!("{text} {} {at}{file}", words.range))),
    }
    if !heads.is_empty() {
        heads.push(format!("{text}{}", pages.bracketed(words.place)));
    }
    heads
}

/// What a text says beside its numbers.
fn remark(prose: &Prose) -> String {
    fn words(inlines: &[Inline], out: &mut String) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => out.push_str(text),
                Inline::Strong(inner) => words(inner, out),
                Inline::Number { .. } | Inline::Caveat(_) | Inline::Break => {}
            }
        }
    }
    let mut out = String::new();
    words(&prose.0, &mut out);
    out.trim().to_owned()
}

/// A line of the table.
struct Line<'a> {
    row: &'a GridRow,
    total: bool,
    first: bool,
}

impl Line<'_> {
    fn write(&self, sheet: &mut Sheet, layouts: &[Layout], pages: &Pages) -> Result<(), XlsxError> {
        let empty = Cell::default();
        let cell = |at: usize| self.row.cells.get(at).unwrap_or(&empty);
        let mut column = 0;
        for (at, layout) in layouts.iter().enumerate() {
            match layout.head.numeric {
                true => self.numbers(sheet, column, layout, cell(at), pages)?,
                false => self.words(sheet, column, cell(at), at == 0, pages)?,
            }
            column += layout.printed() as u16;
        }
        for (at, layout) in layouts.iter().enumerate() {
            self.exact(sheet, column, layout, cell(at), pages)?;
            column += layout.exact() as u16;
        }
        Ok(())
    }

    fn words(
        &self,
        sheet: &mut Sheet,
        column: u16,
        cell: &Cell,
        name: bool,
        pages: &Pages,
    ) -> Result<(), XlsxError> {
        let mut text = cell.main.plain();
        if !cell.below.is_empty() {
            text += &pages.bracketed(&cell.below.plain());
        }
        let format = if name { &pages.look.name } else { &pages.look.plain };
        sheet.name(column, &text, &of_total(format, self.total, self.first))
    }

    fn numbers(
        &self,
        sheet: &mut Sheet,
        column: u16,
        layout: &Layout,
        cell: &Cell,
        pages: &Pages,
    ) -> Result<(), XlsxError> {
        let plain = of_total(&pages.look.plain, self.total, self.first);
        let right = of_total(&pages.look.right, self.total, self.first);
        let main = cell.main.numbers();
        if main.is_empty() {
            // No number: a dash, or words.
            sheet.name(column, &cell.main.plain(), &right)?;
        }
        let below = cell.below.numbers();
        let places = main.iter().enumerate().map(|(at, (shown, _))| (at, *shown));
        let behind = layout.main.max(1);
        let ranges = below.iter().enumerate().map(|(at, (shown, _))| (behind + at, *shown));
        for (at, shown) in places.chain(ranges) {
            let column = column + at as u16;
            match number::read(shown) {
                Some(number) => {
                    let pattern = number.signed(layout.signed).pattern(pages.brief.language);
                    let ink = if at < behind { cell.ink } else { None };
                    let format = pages.look.number(pattern, ink);
                    sheet.number(
                        column,
                        number.value,
                        &of_total(&format, self.total, self.first),
                    )?;
                }
                None => sheet.name(column, shown, &right)?,
            }
        }
        if layout.remarks && !main.is_empty() {
            let column = column + (behind + layout.below) as u16;
            sheet.name(column, &remark(&cell.main), &plain)?;
        }
        Ok(())
    }

    fn exact(
        &self,
        sheet: &mut Sheet,
        column: u16,
        layout: &Layout,
        cell: &Cell,
        pages: &Pages,
    ) -> Result<(), XlsxError> {
        let plain = of_total(&pages.look.plain, self.total, self.first);
        let cited = |prose: &Prose| -> Vec<Cited> {
            prose.numbers().into_iter().map(|(_, cited)| cited.clone()).collect()
        };
        let (main, below) = (cited(&cell.main), cited(&cell.below));
        for (at, one) in main.iter().enumerate() {
            sheet.number(column + at as u16, one.value, &plain)?;
        }
        for (at, one) in below.iter().enumerate() {
            sheet.number(column + (layout.main + at) as u16, one.value, &plain)?;
        }
        let all: Vec<&Cited> = main.iter().chain(&below).collect();
        match all.is_empty() {
            true => Ok(()),
            false => sheet.name(column + layout.exact() as u16 - 1, &places(&all), &plain),
        }
    }
}
