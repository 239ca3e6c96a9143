//! Where names and numbers stand beside regions: in free cells next to a tile of their own.

use super::super::canvas::{Anchor, LINE, Rect, Type};
use super::super::ink::Ink;
use super::super::names::Named;
use super::{Grid, PANEL, STEP, TILES};

/// Names of regions.
pub(super) const NAME: Type = Type { size: 12.0, ink: Ink::Ink2, ..Type::LABEL };
/// From one line of a label to the next.
pub(super) const NAME_STEP: f64 = 14.5;
/// The number, in the widest of its forms.
const NUMBER: Type = Type::VALUE;

/// A label that looks for its place.
pub(super) struct Wanted<'a> {
    /// Name of the region.
    pub(super) name: &'a Named,
    /// Its widest number in print, and what takes less room, if there is such.
    pub(super) numbers: Vec<String>,
}

/// A label beside a region.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// Lines of the name; the number stands below.
    pub(super) lines: Vec<String>,
    /// Baseline of the first line.
    pub(super) at: (f64, f64),
    pub(super) anchor: Anchor,
    /// Which of the forms of the number has room.
    pub(super) form: usize,
    rect: Rect,
    cost: f64,
}

/// Index of the tile in a cell.
pub(super) fn tile_at(column: i32, row: i32) -> Option<usize> {
    let is = |tile: &super::Tile| (i32::from(tile.column), i32::from(tile.row)) == (column, row);
    TILES.iter().position(is)
}

/// What it costs that a label has no place at all.
const UNPLACED: f64 = 12.0;

/// A place for each label that has one: the ones with the fewest choices first, then any exchange that makes the whole
/// better.
pub(super) fn beside(
    grid: &Grid,
    owners: &[Option<usize>; 34],
    wanted: &[Wanted<'_>],
) -> Vec<Option<Side>> {
    let open: Vec<Vec<Side>> =
        (0..wanted.len()).map(|k| candidates(grid, owners, k, &wanted[k])).collect();
    let mut placed = first(&open);
    while let Some(better) = exchanged(&open, &placed) {
        placed = better;
    }
    placed
}

/// Each at its best place that those before it leave free.
fn first(open: &[Vec<Side>]) -> Vec<Option<Side>> {
    let mut placed: Vec<Option<Side>> = vec![None; open.len()];
    let mut left: Vec<usize> = (0..open.len()).collect();
    loop {
        let free = |k: &usize| open[*k].iter().filter(|side| is_free(side, &placed)).count();
        let next = left.iter().copied().filter(|k| free(k) > 0).min_by_key(free);
        let Some(k) = next else { return placed };
        left.retain(|other| *other != k);
        placed[k] = best(&open[k], &placed);
    }
}

/// The same with one label at another place and those it hides moved, if that costs less in all.
fn exchanged(open: &[Vec<Side>], placed: &[Option<Side>]) -> Option<Vec<Option<Side>>> {
    let total = |placed: &[Option<Side>]| -> f64 {
        placed.iter().map(|side| side.as_ref().map_or(UNPLACED, |side| side.cost)).sum()
    };
    let now = total(placed);
    let tried = open.iter().enumerate().flat_map(|(k, sides)| {
        sides.iter().map(move |side| {
            let mut other = placed.to_vec();
            other[k] = Some(side.clone());
            let hidden = |at: &usize| {
                *at != k && placed[*at].as_ref().is_some_and(|own| hides(&side.rect, &own.rect))
            };
            let moved: Vec<usize> = (0..open.len()).filter(hidden).collect();
            moved.iter().for_each(|at| other[*at] = None);
            for at in moved {
                other[at] = best(&open[at], &other);
            }
            other
        })
    });
    let best = tried.min_by(|a, b| total(a).total_cmp(&total(b)))?;
    // Less by more than rounding, so that the search ends.
    (total(&best) < now - 1e-9).then_some(best)
}

/// The cheapest place that hides none of the others.
fn best(sides: &[Side], placed: &[Option<Side>]) -> Option<Side> {
    let free = sides.iter().filter(|side| is_free(side, placed));
    free.min_by(|a, b| a.cost.total_cmp(&b.cost)).cloned()
}

fn is_free(side: &Side, placed: &[Option<Side>]) -> bool {
    !placed.iter().flatten().any(|other| hides(&other.rect, &side.rect))
}

/// Whether two labels stand too close.
fn hides(one: &Rect, other: &Rect) -> bool {
    one.grown(3.0).overlaps(other)
}

/// Every place beside the tiles of a region where its label hides nothing.
fn candidates(
    grid: &Grid,
    owners: &[Option<usize>; 34],
    region: usize,
    wanted: &Wanted<'_>,
) -> Vec<Side> {
    let mut found = Vec::new();
    for (tile, _) in TILES.iter().zip(owners).filter(|(_, owner)| **owner == Some(region)) {
        let (c, r) = (i32::from(tile.column), i32::from(tile.row));
        let square = grid.square(tile);
        // Free cells from a neighbour on, as far as they go.
        let run = |column: i32, row: i32, step: i32| {
            let mut at = column;
            while (0..8).contains(&at) && tile_at(at, row).is_none() {
                at += step;
            }
            f64::from((at - column).abs()) * STEP - 8.0
        };
        let right = square.right() + 7.0;
        let left = square.x - 7.0;
        for (k, slide) in [0.5, 0.0, 1.0].into_iter().enumerate() {
            let extra = if k == 0 { 0.0 } else { 0.3 };
            let room = [run(c + 1, r, 1), run(c - 1, r, -1)];
            add(&mut found, wanted, room[0], (right, square.y, slide), Anchor::Start, extra);
            add(&mut found, wanted, room[1], (left, square.y, slide), Anchor::End, 0.2 + extra);
        }
        for (row, up, extra) in [(r - 1, true, 0.4), (r + 1, false, 0.5)] {
            // Above, the label's foot stands on the tile; below, its head hangs from it.
            let (y, slide) = match up {
                true => (square.y - STEP - 1.0, 1.0),
                false => (square.bottom() + 6.0, 0.0),
            };
            let (start, end) = (run(c, row, 1), run(c, row, -1));
            add(&mut found, wanted, start - 4.0, (square.x + 3.0, y, slide), Anchor::Start, extra);
            add(
                &mut found,
                wanted,
                end - 4.0,
                (square.right() - 3.0, y, slide),
                Anchor::End,
                extra + 0.1,
            );
            let middle = (start.min(end) * 2.0 - STEP + 8.0).max(0.0);
            let x = square.x + square.w / 2.0;
            add(&mut found, wanted, middle, (x, y, slide), Anchor::Middle, extra + 0.2);
        }
    }
    let frame = Rect::new(grid.left, grid.top - 20.0, PANEL[0] - 2.0, STEP * 8.0 + 20.0);
    let squares: Vec<Rect> = TILES.iter().map(|tile| grid.square(tile)).collect();
    found.retain(|side| {
        frame.holds(&side.rect)
            && squares.iter().all(|square| !square.overlaps(&side.rect.grown(2.0)))
    });
    for side in &mut found {
        let near = |own: bool| {
            let of = |(at, square): (usize, &Rect)| {
                (owners[at] == Some(region)) == own && square.overlaps(&side.rect.grown(9.0))
            };
            squares.iter().enumerate().filter(|one| of(*one)).count() as f64
        };
        side.cost += near(false) - 0.1 * near(true).min(2.0);
    }
    found
}

/// Adds the label on one line of its name, and on two, where they have room: `slide` says which part of what is left
/// of a cell's height stands above.
fn add(
    found: &mut Vec<Side>,
    wanted: &Wanted<'_>,
    room: f64,
    (x, y, slide): (f64, f64, f64),
    anchor: Anchor,
    cost: f64,
) {
    let widths = wanted.numbers.iter().map(|text| NUMBER.width(text));
    let Some((form, number)) = widths.enumerate().find(|(_, width)| *width <= room) else {
        return;
    };
    let cost = cost + 0.7 * form as f64;
    let mut before: Option<Vec<String>> = None;
    for most in [1, 2] {
        let Some(lines) = wanted.name.whole(NAME, room, most) else { continue };
        if before.as_ref() == Some(&lines) {
            continue;
        }
        before = Some(lines.clone());
        let width = lines.iter().map(|line| NAME.width(line)).fold(number, f64::max);
        let height = NAME_STEP * lines.len() as f64 + 1.0 + LINE * NUMBER.size;
        let top = y + (STEP - 3.0 - height) * slide;
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let at = (x, top + 0.95 * NAME.size);
        let rect = Rect::new(left, top, width, height);
        found.push(Side {
            cost: cost + shortened(wanted.name, &lines),
            lines,
            at,
            anchor,
            form,
            rect,
        });
    }
}

/// What it costs that a name is broken, short, or a code.
fn shortened(name: &Named, lines: &[String]) -> f64 {
    let bare = |text: &str| text.replace(' ', "");
    let shown = bare(&lines.concat());
    let broken = (lines.len() - 1) as f64;
    match shown {
        shown if shown == bare(&name.full()) => broken,
        shown if shown == bare(&name.short) => 2.0 + broken,
        _ => 6.0,
    }
}
