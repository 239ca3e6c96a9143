//! Parts of a build's file: exponents, known flows, regions without a table, the table to compare with.

use super::Reader;
use crate::build::Pattern;
use crate::build::margins::Foreign;
use crate::build::plan::{Exponents, Known, Reference};
use crate::build::quotients::{self, Quotient};
use crate::fault::{Fault, Faults};
use crate::input::by_sector;
use crate::input::document::{Located, Section};
use crate::input::map::MapFile;
use crate::input::sheet::Sheet;
use crate::input::table::{Finder, read as read_table};
use crate::input::workbook::read_sheet;
use crate::labels::{Axis, Industries, Label};
use crate::linalg::Dense;
use crate::table::attribution::Purchases;
use crate::table::concordance::Concordance;
use crate::table::regional::split::{self, Settled, SplitError, SplitOptions};
use crate::table::regional::{RegionalTable, RegionalTables};
use crate::table::{InputFile, Table};
use crate::text::exact;

/// What industries of the regional tables buy.
pub(super) fn purchases(tables: &RegionalTables, industries: &Industries) -> Purchases {
    Purchases::of_regions(tables, industries)
}

/// What a section says of exchanged columns.
pub(super) fn split_options(section: &Section<'_>) -> SplitOptions {
    let codes = |key| -> Vec<String> {
        let texts = section.any_texts(key).unwrap_or_default();
        texts.into_iter().map(|text| text.value).collect()
    };
    SplitOptions {
        exchanged: codes("exchanged"),
        not_exchanged: codes("not_exchanged"),
        ..SplitOptions::default()
    }
}

/// Settles foreign and domestic columns; a code that is no region is a fault of the section.
pub(super) fn settle(
    section: &Section<'_>,
    tables: &RegionalTables,
    options: &SplitOptions,
) -> Result<Vec<Settled>, Fault> {
    split::settle(tables, options).map_err(|error| {
        let key = match &error {
            SplitError::UnknownRegion { region } if options.exchanged.contains(region) => {
                "exchanged"
            }
            _ => "not_exchanged",
        };
        let codes: Vec<&str> =
            tables.regions.iter().map(|table| table.region.code.as_str()).collect();
        Fault::new(section.at_key(key), error.to_string())
            .help(format!("the regions are {}", codes.join(", ")))
    })
}

/// Largest exponent that makes sense.
const STEEPEST: f64 = 10.0;

/// `[gravity]`: `exponent`, or a file of `exponents` by sector, or `[gravity.estimate]`.
pub(super) fn exponents(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    tables: &RegionalTables,
    regions: &Axis,
) -> Option<Exponents> {
    let document = section.document();
    let given = ["exponent", "exponents", "estimate"].map(|key| section.has(key));
    if given.iter().filter(|there| **there).count() != 1 {
        let fault =
            Fault::new(section.at(), "[gravity] needs one of exponent, exponents, estimate");
        document.push(fault.help("exponent = 1.5, or exponents = \"FILE\" (sector, exponent), or a table with known pairs under [gravity.estimate]"));
        return None;
    }
    if let Some(number) = section.number("exponent") {
        let value = document.keep(in_range(number.value).map_err(|text| {
            Fault::new(number.at, text).help("how fast trade falls with distance; mostly 0.5 to 2")
        }))?;
        return Some(Exponents::Given(vec![value; tables.sectors.len()]));
    }
    if let Some(text) = section.text("exponents") {
        let sheet = reader.sheet(&text)?;
        let values = by_sector::read(&sheet, &tables.sectors, "exponent", |value| {
            in_range(value).map(|_| ())
        });
        return document.absorb(values).map(Exponents::Given);
    }
    let estimate = section.section("estimate")?;
    let known = known(reader, &estimate, regions);
    estimate.finish();
    known.map(|known| Exponents::Estimated(Box::new(known)))
}

fn in_range(value: f64) -> Result<f64, String> {
    if (0.0..=STEEPEST).contains(&value) {
        Ok(value)
    } else {
        Err(format!("the exponent is {}, expected 0 to {STEEPEST}", exact(value)))
    }
}

/// `[gravity.estimate]`: a table with known pairs and the map of our regions to its.
fn known(reader: &mut Reader<'_>, section: &Section<'_>, regions: &Axis) -> Option<Known> {
    let table = table(reader, section, "table");
    let map = map(reader, section, "regions");
    let (table, map) = (table?, map?);
    let onto = onto(reader, &map, regions, &table.industries().regions)?;
    let members = members(&onto, section, regions)?;
    Some(Known { table, members })
}

/// Regions of ours that make up each target; a region that goes to two is a fault.
fn members(onto: &Concordance, section: &Section<'_>, regions: &Axis) -> Option<Vec<Vec<usize>>> {
    let mut found = vec![Vec::new(); onto.targets().len()];
    for at in 0..regions.len() {
        let [(to, _)] = onto.of(at) else {
            let text = format!("region {} goes to more than one region", regions.code(at));
            section.document().push(Fault::new(section.at_key("regions"), text));
            return None;
        };
        found[*to].push(at);
    }
    Some(found)
}

fn table(reader: &mut Reader<'_>, section: &Section<'_>, key: &'static str) -> Option<Table> {
    let document = section.document();
    let text = section.required_text(key)?;
    let path = document.keep(reader.finder.find(&text))?;
    let table = document.absorb(read_table(&path, reader.data))?;
    reader.inputs.extend(table.meta().inputs.iter().cloned());
    Some(table)
}

fn map(reader: &mut Reader<'_>, section: &Section<'_>, key: &'static str) -> Option<MapFile> {
    let text = section.required_text(key)?;
    let sheet = reader.sheet(&text)?;
    section.document().absorb(MapFile::of(sheet))
}

/// A map's concordance; lines that it has beside those of the axis are told.
fn onto(reader: &mut Reader<'_>, map: &MapFile, from: &Axis, to: &Axis) -> Option<Concordance> {
    let found = reader.root.document().absorb(map.concordance_onto(from, to))?;
    let note = map.passed_over(from).filter(|note| !reader.notes.contains(note));
    reader.notes.extend(note);
    Some(found)
}

impl Reader<'_> {
    /// `[compare]`: a table of the same year with maps onto it, and an earlier one.
    pub(super) fn reference(
        &mut self,
        tables: &RegionalTables,
        regions: &Axis,
    ) -> Option<Option<Reference>> {
        if !self.root.has("compare") {
            return Some(None);
        }
        let section = self.root.section("compare")?;
        let document = section.document();
        let found = table(self, &section, "table");
        let (region_map, sector_map) =
            (map(self, &section, "regions"), map(self, &section, "sectors"));
        let earlier = section.has("earlier").then(|| table(self, &section, "earlier"));
        let foreign = self.foreign_of(&section, tables);
        section.finish();
        let found = found?;
        let axes = found.industries();
        let (year, ours) = (found.meta().year, tables.meta.year);
        if year != ours {
            let text =
                format!("{} is of {year}, the regional tables are of {ours}", found.meta().name);
            let fault = Fault::new(section.at_key("table"), text);
            document.push(
                fault.help(
                    "compare with a table of the same year; one of before goes under earlier",
                ),
            );
        }
        let regions = onto(self, &region_map?, regions, &axes.regions)?;
        let sectors = onto(self, &sector_map?, &tables.sectors, &axes.sectors)?;
        let earlier = match earlier {
            Some(earlier) => Some(earlier?),
            None => None,
        };
        if let Some(other) = earlier.as_ref().filter(|other| other.industries() != axes) {
            let text = format!(
                "{} and {} are not of the same regions and sectors",
                other.meta().name,
                found.meta().name
            );
            document.push(Fault::new(section.at_key("earlier"), text));
            return None;
        }
        if found.meta().unit.factor_to(&tables.meta.unit).is_none() {
            let text = format!("{} is in {}", found.meta().name, found.meta().unit);
            let fault = Fault::new(section.at_key("table"), text);
            document.push(fault.help(format!("the regional tables are in {}", tables.meta.unit)));
            return None;
        }
        Some(Some(Reference { table: found, regions, sectors, earlier, foreign: foreign? }))
    }

    /// `exchanged` and `not_exchanged` of `[compare]`: how the other table read the columns.
    fn foreign_of(
        &self,
        section: &Section<'_>,
        tables: &RegionalTables,
    ) -> Option<Option<Foreign>> {
        let options = split_options(section);
        if !section.has("exchanged") && !section.has("not_exchanged") {
            return Some(None);
        }
        let settled = section.document().keep(settle(section, tables, &options))?;
        Some(Some(Foreign::of(&settled)))
    }

    /// `[[pattern]]`: known flows (freight, power) that some products' pairs are bent towards.
    pub(super) fn patterns(
        &mut self,
        tables: &RegionalTables,
        regions: &Axis,
    ) -> Option<Vec<Pattern>> {
        let mut found: Vec<Pattern> = Vec::new();
        let mut all = true;
        for section in self.root.sections("pattern") {
            let read = pattern(self, &section, tables, regions);
            section.finish();
            let Some(patterns) = read else {
                all = false;
                continue;
            };
            for pattern in patterns {
                if found.iter().any(|other| other.product == pattern.product) {
                    let code = tables.sectors.code(pattern.product);
                    let text = format!("sector {code} follows two [[pattern]]s");
                    section.document().push(Fault::new(section.at(), text));
                    all = false;
                }
                found.push(pattern);
            }
        }
        all.then_some(found)
    }
}

fn pattern(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    tables: &RegionalTables,
    regions: &Axis,
) -> Option<Vec<Pattern>> {
    let document = section.document();
    section.require("sectors");
    let sectors = section.texts("sectors").unwrap_or_default();
    let weight = match section.number("weight") {
        Some(Located { value, at }) if !(0.0..=1.0).contains(&value) => {
            let fault = Fault::new(at, format!("weight is {}", exact(value)));
            document
                .push(fault.help(
                    "0: the flows are not used; 1: pairs follow them as far as totals allow",
                ));
            None
        }
        Some(number) => Some(number.value),
        None => Some(1.0),
    };
    let flows = section.required_text("flows").and_then(|text| reader.sheet(&text));
    let groups = section.text("regions").map(|text| {
        let sheet = reader.sheet(&text)?;
        document.absorb(MapFile::of(sheet))
    });
    let products: Option<Vec<usize>> =
        sectors
            .iter()
            .map(|text| {
                document.keep(tables.sectors.position(&text.value).map_err(|error| {
                    Fault::new(text.at.clone(), error.to_string()).help(error.help())
                }))
            })
            .collect();
    let (axis, group) = match groups {
        None => (regions.clone(), (0..regions.len()).map(Some).collect()),
        Some(map) => group_axis(&map?, regions, section)?,
    };
    let flows = document.absorb(flow_matrix(&flows?, &axis))?;
    let (products, weight) = (products?, weight?);
    let one = |product| Pattern { product, flows: flows.clone(), group: group.clone(), weight };
    Some(products.into_iter().map(one).collect())
}

/// Groups of regions that a map leads to, and the group of each region.
fn group_axis(
    map: &MapFile,
    regions: &Axis,
    section: &Section<'_>,
) -> Option<(Axis, Vec<Option<usize>>)> {
    let mut labels: Vec<Label> = Vec::new();
    for entry in map.entries() {
        if !labels.contains(&entry.to) {
            labels.push(entry.to.clone());
        }
    }
    let axis = section.document().keep(
        Axis::new("group", labels)
            .map_err(|error| Fault::new(section.at_key("regions"), error.to_string())),
    )?;
    let mut group = vec![None; regions.len()];
    for entry in map.entries() {
        if let (Ok(region), Ok(to)) = (regions.position(&entry.from), axis.position(&entry.to.code))
        {
            group[region] = Some(to);
        }
    }
    Some((axis, group))
}

fn flow_matrix(sheet: &Sheet, axis: &Axis) -> Result<Dense, Faults> {
    let mut faults = Faults::default();
    let columns =
        (sheet.column(0, &["from"]), sheet.column(0, &["to"]), sheet.column(0, &["value"]));
    let (Some(from), Some(to), Some(value)) = columns else {
        return Err(Fault::new(sheet.line(0), "needs the columns from, to, value").into());
    };
    sheet.check_list(&mut faults);
    let mut found = Dense::zeros(axis.len(), axis.len());
    for row in 1..sheet.rows() {
        let mut place = |column| {
            faults.keep(axis.position(sheet.cell(row, column)).map_err(|error| {
                Fault::new(sheet.at(row, column), error.to_string()).help(error.help())
            }))
        };
        let (a, b) = (place(from), place(to));
        let amount = faults.keep(sheet.number(row, value));
        let (Some(a), Some(b), Some(amount)) = (a, b, amount) else { continue };
        if amount < 0.0 {
            let text = format!("a flow of {}", exact(amount));
            faults.push(Fault::new(sheet.at(row, value), text).help("a number from 0"));
        }
        found[(a, b)] += amount;
    }
    if found.values().iter().all(|value| *value == 0.0) && faults.is_empty() {
        faults.push(Fault::new(sheet.line(0), "no flow is other than zero"));
    }
    faults.into_result(found)
}

/// `[[quotient]]`: a region without a table, from the nation's.
pub(super) fn quotient(
    section: &Section<'_>,
    finder: &Finder,
    tables: &RegionalTables,
    inputs: &mut Vec<InputFile>,
) -> Option<RegionalTable> {
    let document = section.document();
    let text = |key| section.text(key).map(|text| text.value).unwrap_or_default();
    let code = section.required_text("region");
    let (en, zh) = (text("en"), text("zh"));
    let words =
        [Word::Simple, Word::Cross, Word::Flegg, Word::Augmented].map(|word| (word.word(), word));
    let method = section.word("method", &words);
    let delta = section.number("delta");
    let output = section.required_text("output").and_then(|text| {
        let path = document.keep(finder.find(&text))?;
        let (sheet, record) = document.keep(read_sheet(&path))?;
        inputs.push(record);
        let positive = |value: f64| {
            if value < 0.0 {
                Err(format!("an output of {}, expected 0 or more", exact(value)))
            } else {
                Ok(())
            }
        };
        document.absorb(by_sector::read(&sheet, &tables.sectors, "output", positive))
    });
    if let Some(Located { value, at }) = delta.as_ref().filter(|d| !(0.0..1.0).contains(&d.value)) {
        let fault = Fault::new(at.clone(), format!("delta is {}", exact(*value)));
        document.push(fault.help("from 0 to below 1, mostly about 0.3"));
        return None;
    }
    if section.has("method") && method.is_none() {
        return None;
    }
    let method = method.map_or(Word::Flegg, |word| word.value);
    let delta = delta.map_or(0.3, |delta| delta.value);
    let (code, output) = (code?, output?);
    if tables.regions.iter().any(|table| table.region.code == code.value) {
        let text = format!("region {} has a table of its own", code.value);
        document.push(Fault::new(code.at, text));
        return None;
    }
    let label = Label::new(code.value, en, zh);
    let found = quotients::table(tables, label, &output, method.with(delta));
    if found.is_none() {
        let fault = Fault::new(section.at(), "quotients need the nation's own table");
        document.push(fault.help("the workbook has no national sheet: add it"));
    }
    found
}

#[derive(Debug, Clone, Copy)]
enum Word {
    Simple,
    Cross,
    Flegg,
    Augmented,
}

impl Word {
    fn with(self, delta: f64) -> Quotient {
        match self {
            Word::Simple => Quotient::Simple,
            Word::Cross => Quotient::CrossIndustry,
            Word::Flegg => Quotient::Flegg { delta },
            Word::Augmented => Quotient::AugmentedFlegg { delta },
        }
    }

    fn word(self) -> &'static str {
        self.with(0.0).word()
    }
}
