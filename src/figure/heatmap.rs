//! Heatmaps: where in a matrix it happens, from region to region or by sector and region.
//!
//! Rows and columns stay in the caller's order. Changes have diverging colours, levels sequential ones, each with a
//! key. On a laptop every cell has its number as long as columns are wide enough; on a phone only large ones, and more
//! than eight columns stand in blocks below each other. What is unclear is a grey number with a question mark.

mod heads;

use std::ops::Range;

use self::heads::Heads;
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Rect, Type};
use super::classes::{self, Classes, Kind};
use super::ink::Ink;
use super::names::Named;
use super::net_bars::Panel;
use super::{Figure, Style, Width};
use crate::numerals::Estimate;

/// What rows and columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Matrix {
    /// A row gives, a column receives; a region with itself stays blank.
    Transfers,
    /// Any two dimensions, such as sectors and regions.
    Cross,
}

/// Numbers of a matrix, as colours.
#[derive(Debug, Clone)]
pub struct Heatmap {
    /// What rows and columns are.
    pub matrix: Matrix,
    /// Whether the numbers are changes or levels.
    pub kind: Kind,
    /// The quantity.
    pub panel: Panel,
    /// Rows, at most some twelve of them; what is not named is a row of the caller's.
    pub rows: Vec<Named>,
    /// Columns.
    pub columns: Vec<Named>,
    /// Numbers by row and column; nothing where there are no data.
    pub cells: Vec<Vec<Option<Estimate>>>,
}

/// Height of a cell, and where a name takes two lines.
const ROW: f64 = 28.0;
const TALL_ROW: f64 = 31.0;
/// Widest cell.
const WIDEST: f64 = 110.0;
/// At most so many columns beside each other on a phone.
const BLOCK: usize = 8;
/// Width of a cell from which on a phone shows every number.
const ALL_NUMBERS: f64 = 50.0;
/// Between two blocks.
const BETWEEN: f64 = 18.0;
/// Line of the word for what columns do.
const ARROWS: f64 = 20.0;
const NAME: Type = Type::LABEL;
const SMALL_NAME: Type = Type::LABEL.size(12.0);
/// From one line of a name to the next.
const NAME_STEP: f64 = 14.4;

/// Sizes that all blocks share.
struct Layout {
    /// Width of the column of names with its distance to the cells.
    names: f64,
    name: Type,
    /// Height of a cell.
    row: f64,
    heads: Heads,
    /// Width of a cell.
    step: f64,
    /// Columns beside each other in one block.
    block: usize,
    /// How numbers are written, if they are.
    number: Option<Type>,
    /// Only numbers of this size on, in the file's unit.
    least: f64,
}

impl Figure for Heatmap {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let values = (0..self.rows.len()).flat_map(|row| {
            (0..self.columns.len()).filter_map(move |column| self.cell(row, column))
        });
        let classes = Classes::of(self.kind, &self.panel.measure, values);
        let layout = self.layout(&classes, width);
        let mut top = 0.0;
        let mut from = 0;
        while from < self.columns.len() {
            let block = from..(from + layout.block).min(self.columns.len());
            top = self.draw_block(&mut canvas, style, &classes, &layout, block, top) + BETWEEN;
            from += layout.block;
        }
        let bottom =
            self.draw_key(&mut canvas, style, &classes, &layout, width, (top - BETWEEN).max(0.0));
        canvas.finish(bottom)
    }

    fn alt(&self, style: &Style) -> Alt {
        let mut values = Vec::new();
        for row in 0..self.rows.len() {
            for column in 0..self.columns.len() {
                if let Some(value) = self.cell(row, column) {
                    let (row, column) = (self.rows[row].brief(), self.columns[column].brief());
                    values.push((self.place(&row, &column), value));
                }
            }
        }
        let title = style.language.pick("热力图", "Heatmap");
        let title = format!("{title}{}{}", style.words.colon, self.panel.head);
        let said = classes::tells(style, &self.panel, self.kind, &values);
        Alt::new(title, &said.unwrap_or_else(|| style.words.no_data.clone()))
    }
}

impl Heatmap {
    /// The number of a cell, if there is one.
    fn cell(&self, row: usize, column: usize) -> Option<&Estimate> {
        classes::known(self.cells.get(row).and_then(|cells| cells.get(column)))
    }

    /// Whether a cell is a region with itself.
    fn own(&self, row: usize, column: usize) -> bool {
        self.matrix == Matrix::Transfers && self.rows[row] == self.columns[column]
    }

    /// What a cell is called.
    fn place(&self, row: &str, column: &str) -> String {
        match self.matrix {
            Matrix::Transfers => format!("{row} → {column}"),
            Matrix::Cross => format!("{row} × {column}"),
        }
    }

    fn layout(&self, classes: &Classes, width: Width) -> Layout {
        let count = self.columns.len().max(1);
        // Blocks of one size, as nearly as can be.
        let blocks = width.pick(1, count.div_ceil(BLOCK));
        let one = self.layout_of(classes, width, count.div_ceil(blocks));
        if width == Width::Narrow && blocks == 1 && one.heads.marks && count > 2 {
            // Two blocks whose columns have their names are better than one with a key.
            let two = self.layout_of(classes, width, count.div_ceil(2));
            if !two.heads.marks {
                return two;
            }
        }
        one
    }

    fn layout_of(&self, classes: &Classes, width: Width, block: usize) -> Layout {
        let (name, room) = self.name_column(width, block);
        let column = |row: &Named| {
            row.fit(name, room, 2).iter().map(|line| name.width(line)).fold(0.0, f64::max)
        };
        // A hair more than the widest, which is fitted into it again.
        let names = self.rows.iter().map(column).fold(0.0, f64::max) + 8.01;
        let two = self.rows.iter().any(|row| row.fit(name, names - 8.0, 2).len() > 1);
        let row = if two { TALL_ROW } else { ROW };
        let heads = Heads::of(&self.columns, block, width.px() - names, WIDEST);
        let step = heads.step;
        let all = width == Width::Wide || step >= ALL_NUMBERS;
        let least = if all { 0.0 } else { classes.large().unwrap_or(0.0) };
        let number = self.number_type(classes, width, step, least);
        Layout { names, name, row, heads, step, block, number, least }
    }

    /// Type and room of the names of rows: the narrowest that breaks no word, as cells need the width.
    fn name_column(&self, width: Width, block: usize) -> (Type, f64) {
        let most = width.px() * width.pick(0.30, 0.34);
        if width == Width::Wide && self.rows.iter().all(|row| NAME.width(&row.full()) <= most) {
            return (NAME, most);
        }
        let left = (width.px() - 34.7 * block as f64 - 8.0).clamp(60.0, most);
        let rooms = [left, 80.0, 96.0, most];
        let fits = |room: &f64| {
            *room >= left
                && self.rows.iter().all(|row| row.in_words(SMALL_NAME, *room, 2).is_some())
        };
        (SMALL_NAME, rooms.into_iter().find(fits).unwrap_or(most))
    }

    /// How numbers from `least` on are written in cells of a width, if the widest has room.
    fn number_type(&self, classes: &Classes, width: Width, step: f64, least: f64) -> Option<Type> {
        let how = Type::AXIS.size(width.pick(12.0, 11.0)).anchor(Anchor::Middle);
        let widest = (0..self.rows.len())
            .flat_map(|row| {
                (0..self.columns.len()).filter_map(move |column| self.cell(row, column))
            })
            .filter(|value| !classes.unclear(value) && value.value().abs() >= least)
            .map(|value| how.width(&classes.shown(value)))
            .fold(0.0, f64::max);
        (widest <= step - width.pick(5.0, 1.0)).then_some(how)
    }

    /// Draws some columns with their heads and the names of rows; gives the lower end.
    fn draw_block(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        classes: &Classes,
        layout: &Layout,
        block: Range<usize>,
        top: f64,
    ) -> f64 {
        let transfers = self.matrix == Matrix::Transfers;
        let head_top = if transfers { top + ARROWS } else { top };
        let cells_top = head_top + layout.heads.height() + 8.0;
        if transfers {
            // Colours of giving and receiving are for signs; levels have none.
            let [gives, receives] = match self.kind {
                Kind::Change => [Ink::Out, Ink::In],
                Kind::Level | Kind::Quotient => [Ink::Ink2; 2],
            };
            let how = Type::AXIS.ink(receives);
            canvas.text(&style.words.column_receives, layout.names, top + 12.0, how);
            let how = Type::AXIS.ink(gives).anchor(Anchor::End);
            let beside = layout.names - 8.0 - layout.heads.overhang();
            if how.width(&style.words.row_gives) <= beside {
                canvas.text(&style.words.row_gives, beside, cells_top - 8.0, how);
            }
        }
        layout.heads.draw(canvas, block.clone(), layout.names, cells_top - 5.0);
        for (at, row) in self.rows.iter().enumerate() {
            let y = cells_top + layout.row * at as f64;
            let lines = row.fit(layout.name, layout.names - 8.0, 2);
            let first = y + layout.row / 2.0 + 4.5 - NAME_STEP / 2.0 * (lines.len() as f64 - 1.0);
            let how = layout.name.anchor(Anchor::End);
            canvas.lines(&lines, layout.names - 8.0, first, NAME_STEP, how);
            for (place, column) in block.clone().enumerate() {
                let x = layout.names + layout.step * place as f64;
                let rect = Rect::new(x + 0.5, y + 0.5, layout.step - 1.0, layout.row - 1.0);
                self.draw_cell(canvas, style, classes, layout, (at, column), rect);
            }
        }
        cells_top + layout.row * self.rows.len() as f64
    }

    fn draw_cell(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        classes: &Classes,
        layout: &Layout,
        (row, column): (usize, usize),
        rect: Rect,
    ) {
        let value = self.cell(row, column);
        if value.is_none() && self.own(row, column) {
            return;
        }
        let place = self.place(&self.rows[row].full(), &self.columns[column].full());
        let says = classes::says(style, &self.panel, self.kind, &place, value);
        let (x, y) = (rect.x + rect.w / 2.0, rect.y + rect.h / 2.0 + 4.2);
        let how = layout.number.unwrap_or(Type::AXIS.size(11.0).anchor(Anchor::Middle));
        canvas.mark(&says, |canvas| {
            let Some(value) = value else {
                canvas.text("—", x, y, how.ink(Ink::Ink3));
                return;
            };
            let (ground, ink) = classes.colour(value);
            canvas.rect(rect, Fill::Ink(ground), None);
            let shown = layout.number.filter(|_| value.value().abs() >= layout.least);
            let text = classes.shown(value);
            if classes.unclear(value) {
                let marked = format!("{text}?");
                let how = how.ink(Ink::Ink3);
                match shown.filter(|how| how.width(&marked) <= rect.w) {
                    Some(_) => canvas.number(&marked, x, y, how, &value.point),
                    None => canvas.text("?", x, y, how),
                }
            } else if shown.is_some() {
                canvas.number(&text, x, y, how.ink(ink), &value.point);
            }
        });
    }

    /// Draws the key of colours and of marks, and that of the heads of columns; gives the lower end.
    fn draw_key(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        classes: &Classes,
        layout: &Layout,
        width: Width,
        top: f64,
    ) -> f64 {
        let unit = Named::new(self.panel.measure.unit()).fit(Type::AXIS, width.px() * 0.4, 3);
        let wide = unit.iter().map(|line| Type::AXIS.width(line)).fold(0.0, f64::max);
        let beside = layout.names.max(wide + 12.0);
        // Lines of a long unit end at the height of the colours.
        let top = top + 12.0 + UNIT_STEP * (unit.len() as f64 - 1.0).max(0.0);
        let first = top + 9.0 - UNIT_STEP * (unit.len() as f64 - 1.0).max(0.0);
        canvas.lines(&unit, 0.0, first, UNIT_STEP, Type::AXIS);
        classes.key(canvas, beside, top, (width.px() - beside).min(WIDEST_KEY), None);
        let mut y = top + classes::KEY;
        for note in self.notes(style, classes, layout, width) {
            let lines = Named::new(note).fit(Type::AXIS, width.px(), 3);
            canvas.lines(&lines, 0.0, y + 14.0, 16.0, Type::AXIS);
            y += 16.0 * lines.len() as f64;
        }
        y += 4.0;
        if let Some(key) = layout.heads.key(&self.columns, width.pick(5, 2), width.px()) {
            key.draw(canvas, 0.0, y + 8.0);
            y += 8.0 + key.height();
        }
        y
    }

    /// What the key has to say besides colours.
    fn notes(
        &self,
        style: &Style,
        classes: &Classes,
        layout: &Layout,
        width: Width,
    ) -> Vec<String> {
        let cells = self.cells.iter().flatten().flatten();
        let unclear =
            cells.filter(|value| classes::finite(value)).any(|value| classes.unclear(value));
        let mut notes = Vec::new();
        if unclear {
            notes.push(format!("?{}{}", style.words.colon, style.words.unclear_full));
        }
        if width == Width::Narrow && layout.number.is_some() && layout.least > 0.0 {
            let measure = &self.panel.measure;
            let number = measure.with_unit(&measure.level(layout.least));
            notes.push(style.words.numbers_from.replace("{number}", &number));
        }
        notes
    }
}

/// From one line of the unit to the next.
const UNIT_STEP: f64 = 15.0;
/// Widest key.
const WIDEST_KEY: f64 = 342.0;

#[cfg(test)]
mod tests;
