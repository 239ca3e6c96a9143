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
/// What the longer of two lines of words has more than half of them.
const RAGGED: f64 = 2.0 * POINT;
/// Lines that a head may take.
const HEAD_LINES: usize = 3;

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

/// Widths, gaps and sides of the columns. Names and numbers are as wide as they need, so that a long head is broken
/// rather than a name; words share what is left, or names where there are no words.
fn columns(grid: &Grid, split: &[bool], tight: bool) -> [String; 3] {
    let words = grid.heads.iter().skip(1).any(|head| !head.numeric);
    let (near, gap) = (format!("{NEAR}pt"), format!("{GAP}pt"));
    // Heads take as few lines as there is room for.
    let ranges = if split.contains(&true) { Ranges::Beside } else { Ranges::Below };
    let fits = |lines: &usize| needs_with(grid, ranges, *lines) <= ROOM;
    let lines = (1..HEAD_LINES).find(fits).unwrap_or(HEAD_LINES);
    let (mut widths, mut gaps, mut sides) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (head, split)) in grid.heads.iter().zip(split).enumerate() {
        let shares = !head.numeric && (at > 0 || !words);
        widths.push(match (tight || *split, shares) {
            (true, _) => "auto".to_owned(),
            (false, true) => "1fr".to_owned(),
            (false, false) => format!("{:.0}pt", need(grid, at, Ranges::Below, lines).ceil()),
        });
        sides.push(if head.numeric { "right" } else { "left" });
        if *split {
            gaps.push(near.as_str());
            widths.push("auto".to_owned());
            sides.push("left");
        }
        gaps.push(gap.as_str());
    }
    gaps.pop();
    let listed = |list: String| if list.is_empty() { list } else { list + "," };
    // A list of one needs its comma.
    [listed(widths.join(", ")), listed(gaps.join(", ")), listed(sides.join(", "))]
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

/// Width that a table needs.
fn needs(grid: &Grid, ranges: Ranges) -> f64 {
    needs_with(grid, ranges, HEAD_LINES)
}

/// The same with heads of so many lines.
fn needs_with(grid: &Grid, ranges: Ranges, lines: usize) -> f64 {
    let columns = (0..grid.heads.len()).map(|at| need(grid, at, ranges, lines) + GAP);
    columns.sum::<f64>() - GAP
}

/// Width that a column needs: its head on so many lines at most, words of other columns than the first on two.
fn need(grid: &Grid, at: usize, ranges: Ranges, lines: usize) -> f64 {
    let Some(head) = grid.heads.get(at) else { return 0.0 };
    let cells = || grid.rows.iter().filter_map(move |row| row.cells.get(at));
    let widest = |of: &dyn Fn(&Cell) -> f64| cells().map(of).fold(0.0, f64::max);
    let main = widest(&|cell| width(&cell.main.plain(), POINT, Weight::Bold));
    let below = widest(&|cell| width(&cell.below.plain(), RANGE, Weight::Regular));
    let content = match (ranges, below > 0.0) {
        (Ranges::Beside, true) => main + NEAR + below,
        _ => main.max(below),
    };
    // Words on two lines do not break in their very middle.
    let content = match head.numeric || at == 0 {
        true => content,
        false => content.min(content / 2.0 + RAGGED),
    };
    content.max(head_width(&head.text, lines)).max(wide(&head.unit))
}

fn wide(text: &str) -> f64 {
    width(text, RANGE, Weight::Regular)
}

/// The least width in which a head takes no more than so many lines. Chinese breaks anywhere, others between words.
fn head_width(text: &str, lines: usize) -> f64 {
    if !text.is_ascii() {
        return wide(text) / lines.max(1) as f64;
    }
    let words: Vec<&str> = text.split(' ').collect();
    let runs = (0..words.len()).flat_map(|from| (from..words.len()).map(move |to| (from, to)));
    let mut widths: Vec<f64> = runs.map(|(from, to)| wide(&words[from..=to].join(" "))).collect();
    widths.sort_by(f64::total_cmp);
    widths.into_iter().find(|width| lines_in(&words, *width) <= lines).unwrap_or(0.0)
}

/// Lines that words take in a width; too many to count where one of them does not fit.
fn lines_in(words: &[&str], width: f64) -> usize {
    let (mut lines, mut line) = (1, String::new());
    for word in words {
        let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
        if wide(word) > width {
            return usize::MAX;
        }
        if wide(&longer) <= width {
            line = longer;
        } else {
            lines += 1;
            line = (*word).to_owned();
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_break_between_words() {
        let text = "Production less consumption";
        assert_eq!(head_width(text, 1), wide(text));
        assert_eq!(head_width(text, 2), wide("Production less"));
        assert_eq!(head_width(text, 3), wide("consumption"));
        assert_eq!(head_width(text, 9), wide("consumption"));
        assert_eq!(head_width("净转移", 2), wide("净转移") / 2.0);
        assert_eq!(head_width("", 2), 0.0);
    }
}
