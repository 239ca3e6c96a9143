//! Tile map of China: one square for each of the 34 province-level divisions, so that small provinces are seen.
//!
//! Tiles are a scheme and show neither borders nor areas; the note of the figure has to say so. Provinces of one
//! region share colour and outline. Up to twelve regions have their name and number in the free cells beside them;
//! of more, numbers stand in the tiles where these have room (on a laptop), and in the table.

mod labels;

use std::collections::{BTreeMap, BTreeSet};

use self::labels::{Side, Wanted};
use super::canvas::{Alt, Anchor, Canvas, Drawing, Fill, Path, Rect, Stroke, Type};
use super::classes::{self, Classes, Kind};
use super::head::Head;
use super::ink::Ink;
use super::names::Named;
use super::net_bars::{Panel, number_type};
use super::text::Weight;
use super::{Figure, NAMED, Style, Width};
use crate::numerals::{Cited, Estimate};

/// A province-level division on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Second part of its ISO 3166-2 code.
    pub code: &'static str,
    /// Its one-character name.
    pub han: &'static str,
    /// Column, from the west.
    pub column: u8,
    /// Row, from the north.
    pub row: u8,
}

const fn tile(code: &'static str, han: &'static str, column: u8, row: u8) -> Tile {
    Tile { code, han, column, row }
}

/// The 34 divisions, from north to south.
pub const TILES: [Tile; 34] = [
    tile("HL", "黑", 7, 0),
    tile("XJ", "新", 0, 1),
    tile("NM", "蒙", 2, 1),
    tile("BJ", "京", 5, 1),
    tile("LN", "辽", 6, 1),
    tile("JL", "吉", 7, 1),
    tile("QH", "青", 0, 2),
    tile("GS", "甘", 1, 2),
    tile("NX", "宁", 2, 2),
    tile("SX", "晋", 3, 2),
    tile("HE", "冀", 4, 2),
    tile("TJ", "津", 5, 2),
    tile("XZ", "藏", 0, 3),
    tile("SC", "川", 1, 3),
    tile("SN", "陕", 2, 3),
    tile("HA", "豫", 3, 3),
    tile("SD", "鲁", 4, 3),
    tile("CQ", "渝", 2, 4),
    tile("HB", "鄂", 3, 4),
    tile("AH", "皖", 4, 4),
    tile("JS", "苏", 5, 4),
    tile("SH", "沪", 6, 4),
    tile("YN", "滇", 1, 5),
    tile("GZ", "黔", 2, 5),
    tile("HN", "湘", 3, 5),
    tile("JX", "赣", 4, 5),
    tile("ZJ", "浙", 5, 5),
    tile("GX", "桂", 2, 6),
    tile("GD", "粤", 3, 6),
    tile("FJ", "闽", 4, 6),
    tile("TW", "台", 7, 6),
    tile("HI", "琼", 2, 7),
    tile("MO", "澳", 3, 7),
    tile("HK", "港", 4, 7),
];

/// One region.
#[derive(Debug, Clone)]
pub struct Region {
    /// Its name.
    pub name: Named,
    /// Codes of the provinces that it is made of; one that two regions claim is the first one's.
    pub provinces: Vec<String>,
    /// One number for each panel; nothing where there are no data.
    pub values: Vec<Option<Estimate>>,
}

/// A map for each quantity, side by side (stacked on a phone).
#[derive(Debug, Clone)]
pub struct TileMap {
    /// Whether the numbers are changes or levels.
    pub kind: Kind,
    /// Quantities.
    pub panels: Vec<Panel>,
    /// Regions; provinces of none are drawn as outlines.
    pub regions: Vec<Region>,
}

/// From one tile to the next.
const STEP: f64 = 43.5;
const GAP: f64 = 3.0;
/// Width and height of a panel, and from one stacked panel to the next.
const PANEL: [f64; 2] = [350.0, 442.0];
const STACKED: f64 = 450.0;
/// Top of the first row of tiles, and of the key, in a panel.
const TOP: f64 = 46.0;
const KEY_TOP: f64 = 406.0;

/// Where the tiles of a panel stand.
#[derive(Debug, Clone, Copy)]
struct Grid {
    left: f64,
    top: f64,
}

impl Grid {
    /// The cell of a tile, borders included.
    fn cell(&self, column: i32, row: i32) -> Rect {
        let (x, y) = (self.left + STEP * f64::from(column), self.top + STEP * f64::from(row));
        Rect::new(x, y, STEP, STEP)
    }

    fn square(&self, tile: &Tile) -> Rect {
        self.cell(i32::from(tile.column), i32::from(tile.row)).grown(-GAP / 2.0)
    }
}

impl Figure for TileMap {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        let mut canvas = Canvas::new(width.px());
        let columns = width.pick(2, 1).min(self.panels.len().max(1));
        let step = width.pick(PANEL[1] + 16.0, STACKED) + self.more();
        // One panel alone stands in the middle.
        let apart = match columns {
            1 => (width.px() - PANEL[0]) / 2.0,
            _ => width.px() - PANEL[0],
        };
        for at in 0..self.panels.len() {
            let (column, row) = (at % columns, at / columns);
            let left = if columns == 1 { apart } else { apart * column as f64 };
            self.draw_panel(&mut canvas, style, width, at, (left, step * row as f64));
        }
        let rows = self.panels.len().div_ceil(columns).max(1) as f64;
        canvas.finish(width.pick(step * rows - 16.0, step * rows))
    }

    fn alt(&self, style: &Style) -> Alt {
        let words = &style.words;
        let heads: Vec<&str> = self.panels.iter().map(|panel| panel.head.as_str()).collect();
        let tell = |(at, panel): (usize, &Panel)| {
            let of = |region: &Region| region.name.brief();
            let values: Vec<(String, &Estimate)> = (self.regions.iter())
                .filter_map(|one| Some((of(one), classes::known(one.values.get(at))?)))
                .collect();
            classes::tells(style, panel, self.kind, &values)
        };
        let said: Vec<String> = self.panels.iter().enumerate().filter_map(tell).collect();
        let title = style.language.pick("中国省级格子图", "Tile map of China's provinces");
        let title = format!("{title}{}{}", words.colon, heads.join(&words.enumeration));
        let said = if said.is_empty() { words.no_data.clone() } else { said.join(&words.stop) };
        Alt::new(title, &said)
    }
}

impl TileMap {
    /// Codes of regions' provinces that are not on the map, so that a note can tell.
    pub fn off_map(&self) -> Vec<&str> {
        let known = |code: &str| TILES.iter().any(|tile| tile.code == code);
        let codes = self.regions.iter().flat_map(|region| &region.provinces);
        codes.map(String::as_str).filter(|code| !known(code)).collect()
    }

    /// Height of heads beyond one line.
    fn more(&self) -> f64 {
        let heads = self.panels.iter().map(|panel| Head::of(panel, PANEL[0] - 2.0).more());
        heads.fold(0.0, f64::max)
    }

    /// Whether anything of a panel is of unclear direction: then its key explains the hatch.
    fn hatched(&self, panel: usize) -> bool {
        let mut values =
            self.regions.iter().filter_map(|one| classes::known(one.values.get(panel)));
        self.kind == Kind::Change && values.any(Estimate::unclear)
    }

    /// Which region a tile belongs to.
    fn owners(&self) -> [Option<usize>; 34] {
        TILES.map(|tile| {
            self.regions.iter().position(|one| one.provinces.iter().any(|code| code == tile.code))
        })
    }

    fn draw_panel(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        width: Width,
        at: usize,
        (left, top): (f64, f64),
    ) {
        let panel = &self.panels[at];
        let grid = Grid { left: left + 1.0, top: top + TOP + self.more() };
        let owners = self.owners();
        let values: Vec<Option<&Estimate>> =
            self.regions.iter().map(|region| classes::known(region.values.get(at))).collect();
        let classes = Classes::of(self.kind, &panel.measure, values.iter().flatten().copied());
        Head::of(panel, PANEL[0] - 2.0).draw(canvas, grid.left, top + 16.0);
        draw_outlines(canvas, &grid, &owners, self.regions.len());
        for (tile, _) in TILES.iter().zip(owners).filter(|(_, owner)| owner.is_none()) {
            draw_tile(canvas, style, &grid, tile, None, None);
        }
        let beside = self.beside(style, &grid, &owners);
        let inside = self.inside(width, &beside, &owners, &values, &classes);
        for (k, region) in self.regions.iter().enumerate() {
            let own = tiles_of(&owners, k);
            if own.is_empty() {
                continue;
            }
            let says = classes::says(style, panel, self.kind, &region.name.full(), values[k]);
            canvas.mark(&says, |canvas| {
                for tile in &own {
                    let number = inside.get(tile.code);
                    draw_tile(canvas, style, &grid, tile, values[k].map(|v| (v, &classes)), number);
                }
                if let Some(side) = &beside[k] {
                    self.draw_label(canvas, style, panel, side, values[k]);
                }
            });
            if beside[k].is_none() && self.regions.len() <= NAMED && own.len() > 1 {
                canvas.drop_label(&region.name.brief());
            }
        }
        // The whole width is that of the classes, so that each has its number.
        let key = grid.top + KEY_TOP - TOP - 8.0;
        classes.key(canvas, grid.left, key, PANEL[0] - 4.0, None);
        if self.hatched(at) {
            let top = key + classes::KEY + 3.0;
            classes::hatch(canvas, Rect::new(grid.left, top, 14.0, 9.0));
            canvas.text(&style.words.unclear_full, grid.left + 20.0, top + 9.0, Type::AXIS);
        }
    }

    /// Places for names and numbers beside regions, while there are few: the same in every panel.
    fn beside(
        &self,
        style: &Style,
        grid: &Grid,
        owners: &[Option<usize>; 34],
    ) -> Vec<Option<Side>> {
        if self.regions.len() > NAMED {
            return vec![None; self.regions.len()];
        }
        let widest = |region: &Region, form: usize| {
            let texts = self.panels.iter().enumerate().map(|(at, panel)| {
                let value = classes::known(region.values.get(at));
                number_beside(style, self.kind, panel, value, form)
            });
            texts.max_by(|a, b| Type::VALUE.width(a).total_cmp(&Type::VALUE.width(b)))
        };
        let wanted: Vec<Wanted<'_>> = (self.regions.iter())
            .map(|region| Wanted {
                name: &region.name,
                numbers: (0..2).filter_map(|form| widest(region, form)).collect(),
            })
            .collect();
        labels::beside(grid, owners, &wanted)
    }

    fn draw_label(
        &self,
        canvas: &mut Canvas,
        style: &Style,
        panel: &Panel,
        side: &Side,
        value: Option<&Estimate>,
    ) {
        let name = labels::NAME.anchor(side.anchor);
        canvas.lines(&side.lines, side.at.0, side.at.1, labels::NAME_STEP, name);
        let below = side.at.1 + labels::NAME_STEP * side.lines.len() as f64 + 1.0;
        let text = number_beside(style, self.kind, panel, value, side.form);
        match value {
            Some(value) if self.kind == Kind::Change && value.unclear() => {
                canvas.text(
                    &text,
                    side.at.0,
                    below,
                    Type::VALUE.ink(Ink::Ink2).anchor(side.anchor),
                );
            }
            Some(value) => {
                let how = match self.kind {
                    Kind::Change => number_type(value),
                    Kind::Level | Kind::Quotient => Type::VALUE,
                };
                canvas.number(&text, side.at.0, below, how.anchor(side.anchor), &value.point);
            }
            None => canvas.text(&text, side.at.0, below, Type::AXIS.anchor(side.anchor)),
        }
    }

    /// Numbers inside tiles, by the tile's code: of regions without a label beside them, if all have room.
    fn inside(
        &self,
        width: Width,
        beside: &[Option<Side>],
        owners: &[Option<usize>; 34],
        values: &[Option<&Estimate>],
        classes: &Classes,
    ) -> BTreeMap<&'static str, Inside> {
        let many = self.regions.len() > NAMED;
        if many && width == Width::Narrow {
            return BTreeMap::new();
        }
        let mut found = BTreeMap::new();
        for (k, value) in values.iter().enumerate() {
            let Some(value) = value.filter(|value| beside[k].is_none() && !classes.unclear(value))
            else {
                continue;
            };
            if let Some(tile) = middle(owners, k) {
                let text = classes.shown(value);
                found.insert(tile.code, Inside { text, cited: value.point.clone(), size: 12.0 });
            }
        }
        let room = STEP - GAP - 2.0;
        let widest = |size: f64| {
            found.values().map(|one| NUMBER.size(size).width(&one.text)).fold(0.0, f64::max)
        };
        match [12.0, 11.0].into_iter().find(|size| widest(*size) <= room) {
            Some(size) => found.values_mut().for_each(|one| one.size = size),
            None => found.clear(),
        }
        found
    }
}

/// A number inside a tile.
struct Inside {
    text: String,
    cited: Cited,
    size: f64,
}

const NUMBER: Type = Type { size: 12.0, ..Type::LABEL };

/// The number of a label, or the words that stand in its place: `form` 1 are those that take less room.
fn number_beside(
    style: &Style,
    kind: Kind,
    panel: &Panel,
    value: Option<&Estimate>,
    form: usize,
) -> String {
    let words = &style.words;
    match (value, kind) {
        (None, _) => words.no_data.clone(),
        (Some(value), Kind::Level | Kind::Quotient) => panel.measure.level(value.value()),
        (Some(value), Kind::Change) if !value.unclear() => panel.measure.change(value.value()),
        _ if form == 0 => words.unclear_full.clone(),
        _ => words.unclear.clone(),
    }
}

fn tiles_of(owners: &[Option<usize>; 34], region: usize) -> Vec<&'static Tile> {
    let own = TILES.iter().zip(owners).filter(|(_, owner)| **owner == Some(region));
    own.map(|(tile, _)| tile).collect()
}

/// The tile of a region nearest to its middle.
fn middle(owners: &[Option<usize>; 34], region: usize) -> Option<&'static Tile> {
    let own = tiles_of(owners, region);
    let mean = |of: fn(&Tile) -> u8| {
        own.iter().map(|tile| f64::from(of(tile))).sum::<f64>() / own.len() as f64
    };
    let (x, y) = (mean(|tile| tile.column), mean(|tile| tile.row));
    let far = |tile: &Tile| (f64::from(tile.column) - x).hypot(f64::from(tile.row) - y);
    own.into_iter().min_by(|a, b| far(a).total_cmp(&far(b)))
}

fn draw_tile(
    canvas: &mut Canvas,
    style: &Style,
    grid: &Grid,
    tile: &Tile,
    value: Option<(&Estimate, &Classes)>,
    number: Option<&Inside>,
) {
    let square = grid.square(tile);
    let (x, y) = (square.x + square.w / 2.0, square.y + square.h / 2.0);
    let letter = style.language.pick(tile.han, tile.code);
    let size = style.language.pick(15.0, 13.0);
    let how = Type { size, weight: Weight::Bold, anchor: Anchor::Middle, ..Type::LABEL };
    let Some((value, classes)) = value else {
        canvas.rect(square, Fill::None, Some(Stroke::of(Ink::Rule, 1.0)));
        let how = Type { weight: Weight::Regular, ..how };
        canvas.text(letter, x, y + size * 0.36, how.ink(Ink::Ink3));
        return;
    };
    let (ground, ink) = classes.colour(value);
    if classes.unclear(value) {
        classes::hatch(canvas, square);
        canvas.text(letter, x, y + size * 0.36, how.ink(ink).halo());
        return;
    }
    canvas.rect(square, Fill::Ink(ground), None);
    match number {
        None => canvas.text(letter, x, y + size * 0.36, how.ink(ink)),
        Some(number) => {
            canvas.text(letter, x, y - 2.0, how.ink(ink));
            let how = NUMBER.size(number.size).anchor(Anchor::Middle).ink(ink);
            canvas.number(&number.text, x, y + 14.0, how, &number.cited);
        }
    }
}

/// Lines round regions, each stretch once: round every region while they are few, else round those of several
/// provinces.
fn draw_outlines(canvas: &mut Canvas, grid: &Grid, owners: &[Option<usize>; 34], regions: usize) {
    let size = |region: usize| owners.iter().filter(|owner| **owner == Some(region)).count();
    let mut edges = BTreeSet::new();
    for (tile, owner) in TILES.iter().zip(owners) {
        let Some(region) = *owner else { continue };
        if regions > NAMED && size(region) < 2 {
            continue;
        }
        let (c, r) = (i32::from(tile.column), i32::from(tile.row));
        // Neighbour, and the stretch towards it as two corners of the grid.
        let sides = [
            ((c, r - 1), [(c, r), (c + 1, r)]),
            ((c, r + 1), [(c, r + 1), (c + 1, r + 1)]),
            ((c - 1, r), [(c, r), (c, r + 1)]),
            ((c + 1, r), [(c + 1, r), (c + 1, r + 1)]),
        ];
        for ((column, row), edge) in sides {
            if labels::tile_at(column, row).and_then(|at| owners[at]) != Some(region) {
                edges.insert(edge);
            }
        }
    }
    let mut path = Path::new();
    for [from, to] in edges {
        let (from, to) = (grid.cell(from.0, from.1), grid.cell(to.0, to.1));
        path = path.move_to(from.x, from.y).line_to(to.x, to.y);
    }
    canvas.path(&path, Fill::None, Some(Stroke::of(Ink::Ink2, 1.3)));
}

#[cfg(test)]
mod tests;
