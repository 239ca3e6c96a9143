//! Maps: regions in the outlines that the template gives, else as tiles of China's provinces.

use super::book::Book;
use super::geometry::{Geometry, Ring};
use super::prose::Prose;
use super::speech::Facts;
use crate::china;
use crate::figure::Figure;
use crate::figure::choropleth::{Choropleth, Shape};
use crate::figure::classes::Kind;
use crate::figure::names::Named;
use crate::figure::net_bars::Panel;
use crate::figure::tile_map::{Region, TileMap};
use crate::numerals::{Estimate, Language};

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

/// A map, and what its sentences tell of it.
#[derive(Debug)]
pub(super) struct Map {
    pub figure: Box<dyn Figure>,
    /// Whether it shows outlines rather than tiles.
    pub outlined: bool,
    /// How to read it: what it draws, what the outlines that were given lack, codes of provinces or what regions are
    /// made of.
    pub key: Prose,
}

impl Map {
    /// Tells sentences about the map what it is, as `outlined` and `map_key`.
    pub(super) fn tell(&self, facts: &mut Facts) {
        facts.flag("outlined", self.outlined).prose("map_key", self.key.clone());
    }
}

/// A map of regions, if most of them have a place on one.
pub(super) fn map(
    book: &Book<'_>,
    kind: Kind,
    panels: &[Panel],
    regions: &[Mapped],
) -> Option<Map> {
    let found: Option<Vec<Found>> = (book.speaker.template().geometry.as_ref())
        .map(|geometry| regions.iter().map(|region| found(book, geometry, region)).collect());
    let placed = |found: &Vec<Found>| found.iter().filter(|one| !one.rings.is_empty()).count();
    let outlined = found.as_ref().is_some_and(|found| is_map(placed(found), regions.len()));
    let mut facts = Facts::new();
    facts.flag("outlined", outlined).flag("given", found.is_some());
    let named = |of: fn(&Found) -> bool| {
        let those = regions.iter().zip(found.iter().flatten()).filter(|(_, found)| of(found));
        those.map(|(region, _)| region.name.full()).collect::<Vec<_>>()
    };
    let joint = book.language().pick("、", ", ");
    facts.count("found", found.as_ref().map_or(0, placed) as i64);
    facts.word("without", named(|found| found.rings.is_empty()).join(joint));
    facts.word("part", named(|found| found.partial).join(joint));
    facts.word("codes", codes(book.language())).word("made_of", made_of(book, regions));
    let key = book.speaker.say("map_key", &facts);
    let figure = match found.filter(|_| outlined) {
        Some(found) => choropleth(kind, panels, regions, found),
        None => tiles(book, kind, panels, regions)?,
    };
    Some(Map { figure, outlined, key })
}

/// What stands on tiles, spelt out: codes in English; in Chinese everyone knows the one character that a province has.
fn codes(language: Language) -> String {
    if language == Language::Chinese {
        return String::new();
    }
    let mut provinces: Vec<&china::Province> = china::PROVINCES.iter().collect();
    provinces.sort_by_key(|province| province.code);
    let told = provinces.iter().map(|province| format!("{} {}", province.code, province.en));
    told.collect::<Vec<_>>().join(", ")
}

/// The provinces of every region that has several, such as `东北（辽宁、吉林、黑龙江）`; nothing where each is one.
fn made_of(book: &Book<'_>, regions: &[Mapped]) -> String {
    let language = book.language();
    let of = |region: &Mapped| {
        let provinces = book.provinces(&region.code);
        let known = provinces.iter().filter_map(|code| china::province_named(code));
        let named = |province: &china::Province| match language {
            Language::Chinese => province.zh.to_owned(),
            Language::English => format!("{} {}", province.code, province.en),
        };
        let names: Vec<String> = known.map(named).collect();
        let shown = || match language {
            Language::Chinese => format!("{}（{}）", region.name.brief(), names.join("、")),
            Language::English => format!("{} ({})", bare(&region.name), names.join(", ")),
        };
        (names.len() > 1).then(shown)
    };
    let told: Vec<String> = regions.iter().filter_map(of).collect();
    told.join(language.pick("；", "; "))
}

/// The full name, or the short one where the full one already says in brackets what it is made of.
fn bare(name: &Named) -> String {
    let full = name.full();
    if full.contains('(') { name.brief() } else { full }
}

/// Outlines of a region.
struct Found {
    rings: Vec<Ring>,
    /// Whether it is made of provinces of which some have none.
    partial: bool,
}

fn found(book: &Book<'_>, geometry: &Geometry, region: &Mapped) -> Found {
    let rings = geometry.rings(&book.spellings(&region.code));
    if !rings.is_empty() {
        return Found { rings, partial: false };
    }
    // A region that is made of provinces has the outlines of all of them.
    let provinces = book.provinces(&region.code);
    let known = provinces.iter().filter_map(|code| china::province_named(code));
    let of = |province: &china::Province| {
        let label = province.label();
        geometry.rings(&[&label.code, &label.en, &label.zh])
    };
    let each: Vec<Vec<Ring>> = known.map(of).collect();
    let partial = each.iter().any(Vec::is_empty) && !each.iter().all(Vec::is_empty);
    Found { rings: each.concat(), partial }
}

fn choropleth(
    kind: Kind,
    panels: &[Panel],
    regions: &[Mapped],
    found: Vec<Found>,
) -> Box<dyn Figure> {
    let shape = |(region, found): (&Mapped, Found)| Shape {
        name: region.name.clone(),
        rings: found.rings,
        values: region.values.clone(),
    };
    let regions: Vec<Shape> = regions.iter().zip(found).map(shape).collect();
    Box::new(Choropleth { kind, panels: panels.to_vec(), regions })
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
