//! An extension from a tidy file (one value a line, with the region and sector it belongs to) or from a
//! workbook of emissions ([`ceads_emissions`]), brought to a table's industries by concordances.
//!
//! Every industry with output has a line in the source, unless `missing = "zero"` says that the source leaves out
//! what is zero. A region and sector may stand twice only where a column that `where` or `except` names tells the
//! two lines apart: they are added up over such columns (carriers of energy, say), and over the sectors of a map.

mod coverage;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use self::coverage::{Coverage, Missing};
use super::ceads_emissions;
use super::document::{Located, Section, parsed};
use super::map::MapFile;
use super::sheet::Sheet;
use super::table::Finder;
use super::workbook::{Workbook, read_sheet};
use crate::china;
use crate::fault::{Fault, Faults, Location, Note};
use crate::labels::{Axis, Industries, Label, comparable};
use crate::table::attribution::Purchases;
use crate::table::{Extension, InputFile};
use crate::units::Unit;

/// How the file of an extension is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Tidy,
    CeadsEmissions,
}

const LAYOUTS: &[(&str, Layout)] =
    &[("tidy", Layout::Tidy), ("ceads_emissions", Layout::CeadsEmissions)];

/// What an `[[extension]]` of a table's file says.
struct Description {
    layout: Layout,
    label: Label,
    unit: Unit,
    file: Located<String>,
    /// Columns of a workbook of emissions instead of their total.
    fuels: Vec<Located<String>>,
    value: Located<String>,
    region: Located<String>,
    sector: Located<String>,
    region_map: Option<Located<String>>,
    sector_map: Option<Located<String>>,
    households: Vec<Located<String>>,
    filters: Vec<Filter>,
    exceptions: Vec<Vec<Filter>>,
    split_by: Vec<Located<String>>,
    missing: Missing,
}

/// A column with the texts that pass it.
type Filter = (Located<String>, Vec<Located<String>>);

/// The same with the column's position and the texts as they are compared.
type PlacedFilter = (usize, Vec<String>);

/// An extension that was read, with the files it came from and what to know about it.
pub struct ReadExtension {
    /// The extension on the table's industries.
    pub extension: Extension,
    /// Its files.
    pub inputs: Vec<InputFile>,
    /// Unease about the source.
    pub notes: Vec<Note>,
}

fn describe(section: &Section<'_>) -> Option<Description> {
    let text = |key| section.text(key).map(|text| text.value).unwrap_or_default();
    let code = section.required_text("code");
    let (en, zh) = (text("en"), text("zh"));
    let unit = section.required_text("unit");
    let file = section.required_text("file");
    let or = |key, default: &str| {
        section.text(key).unwrap_or_else(|| Located { value: default.to_owned(), at: section.at() })
    };
    let (value, region, sector) =
        (or("value", "value"), or("region", "region"), or("sector", "sector"));
    let (region_map, sector_map) = (section.text("region_map"), section.text("sector_map"));
    let households = section.any_texts("households").unwrap_or_default();
    let layout = section.word("layout", LAYOUTS).map_or(Layout::Tidy, |word| word.value);
    let fuels = match layout {
        Layout::Tidy => Vec::new(),
        Layout::CeadsEmissions => section.texts("fuels").unwrap_or_default(),
    };
    let filters = section.section("where").map(|filters| filters.entries()).unwrap_or_default();
    let exceptions = section.sections("except").iter().map(Section::entries).collect();
    let split_by = section.texts("split_by").unwrap_or_default();
    let missing =
        section.word("missing", coverage::WORDS).map_or(Missing::Fault, |word| word.value);
    section.finish();
    let unit = section.document().keep(parsed(&unit?))?;
    let label = Label::new(code?.value, en, zh);
    Some(Description {
        layout,
        label,
        unit,
        file: file?,
        fuels,
        value,
        region,
        sector,
        region_map,
        sector_map,
        households,
        filters,
        exceptions,
        split_by,
        missing,
    })
}

/// Where a text of the source goes: positions with weights; `None` is households.
type Targets = HashMap<String, Vec<(Option<usize>, f64)>>;

/// Texts of the source that a map leads to households, by the name of those.
type HouseholdSources = HashMap<String, HashSet<String>>;

/// Where texts of the source go, by a map or by the axis itself.
struct Lookup {
    targets: Targets,
    /// The texts that are to be expected.
    names: Vec<String>,
    /// Of a map.
    households: Option<HouseholdSources>,
}

impl Lookup {
    /// One spelling of a text: two names of a label are one, unless a map leads each of them somewhere.
    fn one_name(&self, axis: &Axis, text: &str) -> String {
        match self.targets.get(&comparable(text)).map(Vec::as_slice) {
            Some([(Some(at), _)]) if self.households.is_none() => axis.code(*at).to_owned(),
            _ => canonical(text),
        }
    }
}

/// Reads the extension that a section describes.
pub fn read(
    section: &Section<'_>,
    finder: &Finder,
    industries: &Industries,
    purchases: &Purchases,
) -> Option<ReadExtension> {
    let description = describe(section)?;
    let document = section.document();
    let mut inputs = Vec::new();
    let mut open = |text: &Located<String>| -> Option<Sheet> {
        let path = document.keep(finder.find(text))?;
        let (sheet, record) = document.keep(read_sheet(&path))?;
        inputs.push(record);
        Some(sheet)
    };
    let region_map = description.region_map.as_ref().map(&mut open);
    let sector_map = description.sector_map.as_ref().map(&mut open);
    let tidy = (description.layout == Layout::Tidy).then(|| open(&description.file));
    let split = !description.split_by.is_empty();
    let regions = targets(region_map, &industries.regions, &[], false, section);
    let sectors = targets(sector_map, &industries.sectors, &description.households, split, section);
    let products = products(&description.split_by, &industries.sectors, section)?;
    let key = SplitKey { purchases, products };
    let read = if description.layout == Layout::Tidy {
        let (sheet, regions, sectors) = (tidy??, regions?, sectors?);
        sum(&sheet, &description, industries, &regions, &sectors, key)
    } else {
        let path = document.keep(finder.find(&description.file))?;
        let mut book = document.keep(Workbook::open(&path))?;
        inputs.push(book.record());
        let (regions, mut sectors) = (regions?, sectors?);
        for household in ceads_emissions::HOUSEHOLDS {
            sectors.targets.entry(comparable(household)).or_insert_with(|| vec![(None, 1.0)]);
        }
        let total = Sum::new(&description, industries, &regions, &sectors, key);
        ceads_emissions::read(&mut book, &description.fuels, total)
    };
    let (extension, notes) = document.absorb(read)?;
    Some(ReadExtension { extension, inputs, notes })
}

/// What sectors of the source that go to several of the table's are shared by; no products: by the
/// weights of the map.
struct SplitKey<'a> {
    purchases: &'a Purchases,
    products: Vec<usize>,
}

impl SplitKey<'_> {
    /// Where a line goes in a region: sectors (none is households) with shares.
    fn shares(&self, region: usize, to: &[(Option<usize>, f64)]) -> Vec<(Option<usize>, f64)> {
        let sectors: Option<Vec<(usize, f64)>> =
            to.iter().map(|(s, w)| Some(((*s)?, *w))).collect();
        match sectors {
            Some(sectors) if sectors.len() > 1 && !self.products.is_empty() => {
                let shares = self.purchases.shares(region, &sectors, &self.products);
                sectors.iter().zip(shares).map(|((s, _), share)| (Some(*s), share)).collect()
            }
            _ => to.to_vec(),
        }
    }
}

/// Positions of the products that `split_by` names.
fn products(texts: &[Located<String>], axis: &Axis, section: &Section<'_>) -> Option<Vec<usize>> {
    let one = |text: &Located<String>| {
        section.document().keep(
            axis.position(&text.value)
                .map_err(|error| Fault::new(text.at.clone(), error.to_string()).help(error.help())),
        )
    };
    texts.iter().map(one).collect()
}

/// Lookup from source texts to positions of an axis, by a map file or by the axis itself.
fn targets(
    map: Option<Option<Sheet>>,
    axis: &Axis,
    households: &[Located<String>],
    split: bool,
    section: &Section<'_>,
) -> Option<Lookup> {
    let mut to_households: Option<HouseholdSources> = map.is_some().then(HashMap::new);
    let document = section.document();
    let is_household =
        |text: &str| households.iter().any(|h| comparable(&h.value) == comparable(text));
    let mut found = Targets::new();
    let mut sources = Vec::new();
    match map {
        None => {
            for (at, label) in axis.labels().iter().enumerate() {
                for text in
                    [&label.code, &label.en, &label.zh].into_iter().filter(|text| !text.is_empty())
                {
                    found.insert(comparable(text), vec![(Some(at), 1.0)]);
                }
                sources.push(label.code.clone());
            }
            for household in households {
                found.insert(comparable(&household.value), vec![(None, 1.0)]);
            }
        }
        Some(sheet) => {
            let map = document.absorb(MapFile::of(sheet?))?;
            let lines = if split { map.candidates() } else { map.by_source() };
            let lines = document.absorb(lines)?;
            for (from, entries) in lines {
                let mut places = Vec::new();
                for (entry, weight) in entries {
                    let to = &map.entries()[entry].to.code;
                    if is_household(to) {
                        let sources = to_households.get_or_insert_default();
                        sources.entry(comparable(to)).or_default().insert(comparable(&from));
                        places.push((None, weight));
                        continue;
                    }
                    match axis.position(to) {
                        Ok(at) => places.push((Some(at), weight)),
                        Err(error) => {
                            let at = map.at_target(entry);
                            document.push(if axis.kind() == "sector" {
                                no_sector(at, to, households)
                            } else {
                                Fault::new(at, format!("{error} in the table")).help(error.help())
                            });
                        }
                    }
                }
                found.insert(comparable(&from), places);
                sources.push(from);
            }
        }
    }
    Some(Lookup { targets: found, names: sources, households: to_households })
}

/// A target of a map of sectors that is none: mostly households under another name.
fn no_sector(at: Location, to: &str, households: &[Located<String>]) -> Fault {
    let named: Vec<String> = households.iter().map(|h| format!("{:?}", h.value)).collect();
    let text = format!(
        "the map leads to {to:?}, which is neither a sector of the table nor among households = [{}]",
        named.join(", ")
    );
    Fault::new(at, text).help("correct the target, or add it to households where it is one")
}

fn sum(
    sheet: &Sheet,
    description: &Description,
    industries: &Industries,
    regions: &Lookup,
    sectors: &Lookup,
    key: SplitKey<'_>,
) -> Result<(Extension, Vec<Note>), Faults> {
    let mut faults = Faults::default();
    sheet.check_list(&mut faults);
    let mut column = |name: &Located<String>| {
        let found = sheet.column(0, &[&name.value]);
        if found.is_none() {
            let headers: Vec<&str> =
                (0..sheet.width(0)).map(|column| sheet.cell(0, column)).collect();
            let fault = Fault::new(
                name.at.clone(),
                format!("{} has no column {:?}", file_name(sheet.path()), name.value),
            );
            faults.push(fault.help(format!("its columns are {}", headers.join(", "))));
        }
        found
    };
    let columns =
        (column(&description.region), column(&description.sector), column(&description.value));
    let mut placed = |filters: &[Filter]| -> Vec<PlacedFilter> {
        let one = |(name, texts): &Filter| {
            let texts = texts.iter().map(|text| comparable(&text.value)).collect();
            Some((column(name)?, texts))
        };
        filters.iter().filter_map(one).collect()
    };
    let filters = placed(&description.filters);
    let exceptions: Vec<Vec<PlacedFilter>> =
        description.exceptions.iter().map(|filters| placed(filters)).collect();
    let (Some(region), Some(sector), Some(value)) = columns else { return Err(faults) };
    let left_out = |row: usize| {
        exceptions.iter().any(|filters| {
            filters
                .iter()
                .all(|(column, texts)| texts.contains(&comparable(sheet.cell(row, *column))))
        })
    };
    let mut total = Sum::new(description, industries, regions, sectors, key);
    let mut telling: Vec<usize> = filters.iter().map(|(column, _)| *column).collect();
    telling.extend(exceptions.iter().flatten().map(|(column, _)| *column));
    let mut taken = 0usize;
    let mut last: Vec<(&str, bool)> =
        filters.iter().map(|(_, texts)| ("", texts.contains(&String::new()))).collect();
    for row in 1..sheet.rows() {
        let passes = filters.iter().zip(&mut last).all(|((column, texts), (text, verdict))| {
            let found = sheet.cell(row, *column);
            // Lines of one kind mostly stand together.
            if found != *text {
                (*text, *verdict) = (found, texts.contains(&comparable(found)));
            }
            *verdict
        });
        if !passes || left_out(row) {
            continue;
        }
        taken += 1;
        total.once(sheet, row, (region, sector), &telling);
        total.add(
            (sheet.cell(row, region), &|| sheet.at(row, region)),
            (sheet.cell(row, sector), &|| sheet.at(row, sector)),
            || sheet.number(row, value),
        );
    }
    if taken == 0 {
        let texts: Vec<String> = description
            .filters
            .iter()
            .map(|(name, texts)| {
                let values: Vec<&str> = texts.iter().map(|text| text.value.as_str()).collect();
                format!("{} = {}", name.value, values.join(" or "))
            })
            .collect();
        let at = description
            .filters
            .first()
            .map_or(Location::whole(sheet.path()), |(name, _)| name.at.clone());
        faults.push(Fault::new(
            at,
            format!("no line of {} has {}", file_name(sheet.path()), texts.join(", ")),
        ));
        total.nothing_taken();
    }
    let read = faults.absorb(total.finish(&file_name(sheet.path()), sheet.whole()));
    match read {
        Some(read) => faults.into_result(read),
        None => Err(faults),
    }
}

/// A text of a source with its place, which is needed only for a fault.
pub(super) type Named<'a> = (&'a str, &'a dyn Fn() -> Location);

/// Adds values of a source to the industries and households they go to.
pub(super) struct Sum<'a> {
    description: &'a Description,
    industries: &'a Industries,
    regions: &'a Lookup,
    sectors: &'a Lookup,
    key: SplitKey<'a>,
    coverage: Coverage,
    extension: Extension,
    inventory: Vec<f64>,
    unknown: HashSet<(&'static str, String)>,
    seen: HashMap<String, f64>,
    faults: Faults,
    taken: bool,
}

impl<'a> Sum<'a> {
    fn new(
        description: &'a Description,
        industries: &'a Industries,
        regions: &'a Lookup,
        sectors: &'a Lookup,
        key: SplitKey<'a>,
    ) -> Self {
        let extension = Extension {
            label: description.label.clone(),
            unit: description.unit.clone(),
            values: vec![0.0; industries.len()],
            households: vec![0.0; industries.regions.len()],
            inventory: None,
            by_demand: None,
            origin: None,
        };
        Sum {
            description,
            industries,
            regions,
            sectors,
            coverage: Coverage::of(industries),
            extension,
            inventory: vec![0.0; industries.regions.len()],
            key,
            unknown: HashSet::new(),
            seen: HashMap::new(),
            faults: Faults::default(),
            taken: true,
        }
    }

    /// The unit that the values will be said to be in.
    pub(super) fn unit(&self) -> &Unit {
        &self.extension.unit
    }

    /// Notes that no line was taken, so that regions without values are no news.
    fn nothing_taken(&mut self) {
        self.taken = false;
    }

    /// Where a text goes; a name that goes nowhere is told once.
    fn place(&mut self, kind: &'static str, named: Named<'_>) -> Option<Vec<(Option<usize>, f64)>> {
        let lookup = if kind == "region" { self.regions } else { self.sectors };
        let targets = &lookup.targets;
        let text = comparable(named.0);
        let found = targets.get(&text).or_else(|| {
            // Provinces have many spellings.
            let province = china::province_named(named.0).filter(|_| kind == "region")?;
            let names = [province.code, province.en, province.zh];
            names.iter().find_map(|name| targets.get(&comparable(name)))
        });
        if found.is_none() && self.unknown.insert((kind, text)) {
            let fault = Fault::new(named.1(), format!("the {kind} {:?} goes nowhere", named.0));
            self.faults.push(fault.help(format!("add it to the {kind}_map, or mend the name")));
        }
        found.cloned()
    }

    /// Says that a row has the region and sector of an earlier one, and nothing in the columns that tell two lines
    /// apart.
    fn once(
        &mut self,
        sheet: &Sheet,
        row: usize,
        (region, sector): (usize, usize),
        telling: &[usize],
    ) {
        let (regions, sectors) = (&self.industries.regions, &self.industries.sectors);
        let region = self.regions.one_name(regions, sheet.cell(row, region));
        let mut key = vec![region, self.sectors.one_name(sectors, sheet.cell(row, sector))];
        key.extend(telling.iter().map(|column| comparable(sheet.cell(row, *column))));
        let at = |row| sheet.at(row, sector);
        self.faults.keep(self.coverage.once(key.join("\n"), row, at));
    }

    /// Adds a value.
    pub(super) fn add(
        &mut self,
        region: Named<'_>,
        sector: Named<'_>,
        amount: impl FnOnce() -> Result<f64, Fault>,
    ) {
        self.coverage.sector(sector.0);
        let places = (self.place("region", region), self.place("sector", sector));
        let (Some(to_regions), Some(to_sectors)) = places else { return };
        let Some(amount) = self.faults.keep(amount()) else { return };
        *self.seen.entry(canonical(region.0)).or_default() += amount.abs();
        for (r, wr) in &to_regions {
            let Some(r) = *r else { continue };
            self.coverage.reach(self.industries, r, &to_sectors);
            self.inventory[r] += amount * wr;
            for (s, ws) in &self.key.shares(r, &to_sectors) {
                match s {
                    Some(s) => {
                        self.extension.values[self.industries.index(r, *s)] += amount * wr * ws;
                    }
                    None => self.extension.households[r] += amount * wr * ws,
                }
            }
        }
    }

    /// Says which industries and households the source, whose `whole` this is, leaves out.
    fn complete(&mut self, whole: Location) {
        let told = &self.description.households;
        let sectors = (self.sectors.households.as_ref(), &self.sectors.targets);
        self.coverage.households(told, sectors, &mut self.faults);
        // Lines that went nowhere are told already, and would be missed again.
        if self.faults.is_empty() && self.description.missing == Missing::Fault {
            let output = self.key.purchases.output();
            self.faults.keep(self.coverage.left_out(self.industries, output, whole));
        }
    }

    /// The extension, and a note of regions the source has nothing for.
    pub(super) fn finish(
        mut self,
        file: &str,
        whole: Location,
    ) -> Result<(Extension, Vec<Note>), Faults> {
        if self.taken {
            self.complete(whole);
        }
        let nothing =
            |name: &&String| self.seen.get(&canonical(name)).is_none_or(|total| *total == 0.0);
        let empty: Vec<String> = self.regions.names.iter().filter(nothing).cloned().collect();
        let mut notes = Vec::new();
        if !empty.is_empty() && self.taken {
            notes.push(Note::without_data(&self.extension.label.code, file, empty));
        }
        self.extension.inventory = Some(self.inventory);
        self.faults.into_result((self.extension, notes))
    }
}

/// One spelling of a region's name, whatever the source's.
fn canonical(name: &str) -> String {
    china::province_named(name).map_or_else(|| comparable(name), |one| comparable(one.code))
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
