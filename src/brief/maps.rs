//! Maps: regions in the outlines that the template gives, else as tiles of China's provinces.

use super::book::Book;
use crate::china;
use crate::figure::Figure;
use crate::figure::choropleth::{Choropleth, Shape};
use crate::figure::classes::Kind;
use crate::figure::names::Named;
use crate::figure::net_bars::Panel;
use crate::figure::tile_map::{Region, TileMap};
use crate::numerals::Estimate;

/// A region of a map.
#[derive(Debug, Clone)]
pub(super) struct Mapped {
    pub code: String,
    pub name: Named,
    /// One number for each panel; nothing where there are no data.
    pub values: Vec<Option<Estimate>>,
}

/// Fewer regions than this are no map.
const FEWEST: usize = 3;

/// Whether a map of so many regions, of which so many have a place, says more than it hides.
fn is_map(placed: usize, regions: usize) -> bool {
    placed >= FEWEST && 2 * placed >= regions
}

/// A map, and whether it shows outlines rather than tiles, which its sentences tell.
#[derive(Debug)]
pub(super) struct Map {
    pub figure: Box<dyn Figure>,
    pub outlined: bool,
}

/// A map of regions, if most of them have a place on one.
pub(super) fn map(
    book: &Book<'_>,
    kind: Kind,
    panels: &[Panel],
    regions: &[Mapped],
) -> Option<Map> {
    let outlines = choropleth(book, kind, panels, regions);
    let outlined = outlines.is_some();
    let figure = outlines.or_else(|| tiles(book, kind, panels, regions))?;
    Some(Map { figure, outlined })
}

fn choropleth(
    book: &Book<'_>,
    kind: Kind,
    panels: &[Panel],
    regions: &[Mapped],
) -> Option<Box<dyn Figure>> {
    let geometry = book.speaker.template().geometry.as_ref()?;
    let rings = |region: &Mapped| {
        let own = geometry.rings(&book.spellings(&region.code));
        if !own.is_empty() {
            return own;
        }
        // A region that is made of provinces has the outlines of all of them.
        let provinces = book.provinces(&region.code);
        let known = provinces.iter().filter_map(|code| china::province_named(code));
        let of = |province: &china::Province| {
            let label = province.label();
            geometry.rings(&[&label.code, &label.en, &label.zh])
        };
        known.flat_map(of).collect()
    };
    let shape = |region: &Mapped| Shape {
        name: region.name.clone(),
        rings: rings(region),
        values: region.values.clone(),
    };
    let regions: Vec<Shape> = regions.iter().map(shape).collect();
    let placed = regions.iter().filter(|region| !region.rings.is_empty()).count();
    is_map(placed, regions.len())
        .then(|| Box::new(Choropleth { kind, panels: panels.to_vec(), regions }) as Box<dyn Figure>)
}

fn tiles(
    book: &Book<'_>,
    kind: Kind,
    panels: &[Panel],
    regions: &[Mapped],
) -> Option<Box<dyn Figure>> {
    let region = |region: &Mapped| Region {
        name: region.name.clone(),
        provinces: book.provinces(&region.code),
        values: region.values.clone(),
    };
    let regions: Vec<Region> = regions.iter().map(region).collect();
    let placed = regions.iter().filter(|region| !region.provinces.is_empty()).count();
    is_map(placed, regions.len())
        .then(|| Box::new(TileMap { kind, panels: panels.to_vec(), regions }) as Box<dyn Figure>)
}
