//! The table of a brief in typst.

use std::fmt::Write;

use super::markup::{Numbered, quoted, sentence, words};
use crate::brief::content::{Cell, Grid, Head};
use crate::brief::prose::Prose;
use crate::figure::text::{Weight, width};

/// Room for the rows of a table that stays on one page, and heights of rows whose ranges stand beside or below, in pt.
const TALLEST: f64 = 620.0;
const ROWS: [f64; 2] = [17.0, 28.0];

/// Width of the text, and gaps between columns and between a point and its range, in pt.
const ROOM: f64 = 510.0;
const GAP: f64 = 16.0;
const NEAR: f64 = 6.0;
/// Sizes of points and ranges.
const POINT: f64 = 8.8;
const RANGE: f64 = 8.0;

/// Where ranges stand: beside their points in columns of their own, or below where that is too wide.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ranges {
    Beside,
    Below,
}

/// How a table is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Setting {
    ranges: Ranges,
    /// Whether columns must share a room that is too narrow for them.
    pub(super) tight: bool,
    /// Whether it is longer than a page.
    pub(super) long: bool,
}

/// Whether there is room on paper for ranges beside their points.
pub(in crate::report::brief) fn has_room_beside(grid: &Grid) -> bool {
    needs(grid, Ranges::Beside) <= ROOM
}

/// Width of the widest range of a column on paper, in its own type size.
pub(in crate::report::brief) fn widest_range(grid: &Grid, at: usize) -> f64 {
    let cells = grid.rows.iter().filter_map(|row| row.cells.get(at));
    cells.map(|cell| width(&cell.below.plain(), 1.0, Weight::Regular)).fold(0.0, f64::max)
}

/// How a table fits the page.
pub(super) fn setting(grid: &Grid) -> Setting {
    let ranges = if has_room_beside(grid) { Ranges::Beside } else { Ranges::Below };
    let height = grid.rows.len() as f64 * ROWS[usize::from(ranges == Ranges::Below)];
    Setting { ranges, tight: needs(grid, ranges) > ROOM, long: height > TALLEST }
}

/// Writes a table with a header row that is repeated where it goes over a page. `range` is the head of ranges that
/// stand in columns of their own.
pub(super) fn write(out: &mut String, grid: &Grid, range: &str, caveats: &Numbered) {
    let setting = setting(grid);
    let beside = setting.ranges == Ranges::Beside;
    let split: Vec<bool> = (0..grid.heads.len()).map(|at| beside && has_ranges(grid, at)).collect();
    write_head(out, grid, &split, setting.tight, range);
    let mut totals = false;
    for row in &grid.rows {
        if row.total && !totals {
            out.push_str("    table.hline(stroke: 1.2pt + ink(\"ink\")),\n");
        }
        totals = row.total;
        let cells: Vec<String> = (row.cells.iter().zip(&grid.heads).zip(&split).enumerate())
            .flat_map(|(at, ((one, head), split))| cell(one, head, *split, at == 0, caveats))
            .collect();
        let _ = writeln!(out, "    {},", cells.join(", "));
        out.push_str("    table.hline(stroke: 0.4pt + ink(\"rule\")),\n");
    }
    out.push_str("  )\n");
}

fn write_head(out: &mut String, grid: &Grid, split: &[bool], tight: bool, range: &str) {
    let [columns, gutters, sides] = columns(grid, split, tight);
    let _ = write!(
        out,
        "  #table(\n    columns: ({columns}),\n    column-gutter: ({gutters}),\n    align: ({sides}),\n    table.header(\n"
    );
    for (head, split) in grid.heads.iter().zip(split) {
        let _ = writeln!(out, "      {},", head_cell(head));
        if *split {
            let _ =
                writeln!(out, "      table.cell(align: bottom + left)[{}],", words(range.trim()));
        }
    }
    out.push_str("    ),\n    table.hline(stroke: 0.9pt + ink(\"ink\")),\n");
}

/// Whether a column has ranges below its numbers.
fn has_ranges(grid: &Grid, at: usize) -> bool {
    grid.rows.iter().filter_map(|row| row.cells.get(at)).any(|cell| !cell.below.is_empty())
}

/// Widths, gaps and sides of the columns: as wide as needed; words share what is left, if anything is.
fn columns(grid: &Grid, split: &[bool], tight: bool) -> [String; 3] {
    let words = grid.heads.iter().skip(1).any(|head| !head.numeric);
    let (near, gap) = (format!("{NEAR}pt"), format!("{GAP}pt"));
    let (mut widths, mut gaps, mut sides) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (head, split)) in grid.heads.iter().zip(split).enumerate() {
        let shares = !tight && !head.numeric && (at > 0 || !words);
        widths.push(if shares { "1fr" } else { "auto" });
        sides.push(if head.numeric { "right" } else { "left" });
        if *split {
            gaps.push(near.as_str());
            widths.push("auto");
            sides.push("left");
        }
        gaps.push(gap.as_str());
    }
    gaps.pop();
    // A list of one needs its comma.
    [widths, gaps, sides].map(|list| list.join(", ") + if list.is_empty() { "" } else { "," })
}

fn head_cell(head: &Head) -> String {
    let unit = match head.unit.is_empty() {
        true => String::new(),
        false => format!(" \\ {}", words(&head.unit)),
    };
    let side = if head.numeric { "right" } else { "left" };
    format!("table.cell(align: bottom + {side})[{}{unit}]", words(&head.text))
}

/// A cell: a point in its colour and its range, in one column or two.
fn cell(cell: &Cell, head: &Head, split: bool, name: bool, caveats: &Numbered) -> Vec<String> {
    let main = sentence(&cell.main, caveats);
    let point = match cell.ink {
        Some(ink) => format!("point({})[{main}]", quoted(&ink.word())),
        None if name => format!("strong[{main}]"),
        None => format!("[{main}]"),
    };
    let range = |text: &Prose| format!("ends[{}]", sentence(text, caveats));
    match (split, cell.below.is_empty()) {
        (true, false) => vec![point, range(&cell.below)],
        (true, true) => vec![point, "[]".to_owned()],
        (false, true) => vec![point],
        (false, false) if head.numeric => {
            vec![format!("{{ {point}; linebreak(); {} }}", range(&cell.below))]
        }
        (false, false) => vec![format!("{{ {point}; h(4pt); {} }}", range(&cell.below))],
    }
}

/// Width that a table needs, words of other columns than the first on two lines.
fn needs(grid: &Grid, ranges: Ranges) -> f64 {
    let column = |(at, head): (usize, &Head)| {
        let cells = || grid.rows.iter().filter_map(move |row| row.cells.get(at));
        let widest = |of: &dyn Fn(&Cell) -> f64| cells().map(of).fold(0.0, f64::max);
        let main = widest(&|cell| width(&cell.main.plain(), POINT, Weight::Bold));
        let below = widest(&|cell| width(&cell.below.plain(), RANGE, Weight::Regular));
        let text = width(&head.text, RANGE, Weight::Regular) / 2.0;
        let content = match (ranges, below > 0.0) {
            (Ranges::Beside, true) => main + NEAR + below,
            _ => main.max(below),
        };
        let lines = if head.numeric || at == 0 { 1.0 } else { 2.0 };
        (content / lines).max(text) + GAP
    };
    grid.heads.iter().enumerate().map(column).sum::<f64>() - GAP
}
