//! A build's file: regional tables, costs between regions, and how to make one table of them.
//!
//! ```toml
//! irio_build = 1
//! name = "china-30-2007"
//! tables = "provinces.xls"            # a workbook, or a folder of them
//! costs = "capitals.csv"              # region,lon,lat or from,to,value
//! [gravity]
//! exponent = 1.5                      # or a table to estimate it from
//! ```

mod parts;

use std::path::Path;

use super::document::{Document, Located, Section, parsed};
use super::kind::Kind;
use super::sheet::Sheet;
use super::table::Finder;
use super::workbook::read_sheet;
use super::{TextFile, costs, extension, provincial};
use crate::build::margins::{Foreign, Level, Rules};
use crate::build::plan::{Exponents, Plan};
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::labels::Industries;
use crate::linalg::Dense;
use crate::table::InputFile;
use crate::table::regional::RegionalTables;
use crate::table::regional::split::{self, SplitOptions};
use crate::text::exact;
use crate::units::Unit;

/// A build as read.
#[derive(Debug)]
pub struct ReadBuild {
    /// What to do.
    pub plan: Plan,
    /// Totals that the built table is brought to; they are read against it once it is there.
    pub controls: Option<Sheet>,
    /// Files that were read beside those of the tables.
    pub inputs: Vec<InputFile>,
}

/// Reads a build's file and everything it names; `data` is a further folder to look in.
///
/// # Errors
/// Everything wrong with the file and with those it names, each with its place.
pub fn read(path: &Path, data: Option<&Path>) -> Result<ReadBuild, Faults> {
    let file = TextFile::read(path)?;
    let document = Document::new(&file);
    let root = document.root()?;
    Kind::Build.expect(&root)?;
    let finder = Finder::new(path, data);
    let mut reader = Reader {
        root: &root,
        finder: &finder,
        data,
        inputs: vec![file.record()],
        notes: Vec::new(),
    };
    let plan = reader.plan();
    let controls = root.text("controls").map(|text| reader.sheet(&text));
    root.finish();
    let faults = document.take_faults();
    match plan.filter(|_| faults.is_empty()) {
        Some(plan) => Ok(ReadBuild { plan, controls: controls.flatten(), inputs: reader.inputs }),
        None if faults.is_empty() => {
            Err(Fault::new(Location::whole(path), "the build could not be read").into())
        }
        None => Err(faults),
    }
}

struct Reader<'a> {
    root: &'a Section<'a>,
    finder: &'a Finder,
    data: Option<&'a Path>,
    inputs: Vec<InputFile>,
    /// Lines of maps that were passed over.
    notes: Vec<Note>,
}

impl Reader<'_> {
    fn plan(&mut self) -> Option<Plan> {
        let root = self.root;
        let document = root.document();
        let rules = self.rules();
        let notes = root.any_texts("notes").unwrap_or_default();
        let options = parts::split_options(root);
        let tables = self.tables();
        root.require("costs");
        root.require("gravity");
        // What hangs on the tables is read only where there are any; its keys are known all the same.
        let Some(mut tables) = tables else {
            for key in ["costs", "gravity", "compare", "pattern", "extension"] {
                root.at_known(key);
            }
            return None;
        };
        let settled = document.keep(parts::settle(root, &tables, &options));
        let as_read = SplitOptions {
            exchanged: Vec::new(),
            not_exchanged: tables.regions.iter().map(|table| table.region.code.clone()).collect(),
            ..SplitOptions::default()
        };
        let as_read = split::settle(&tables, &as_read).ok();
        let regions = tables.region_axis();
        let regions = document
            .keep(regions.map_err(|error| Fault::new(root.at_key("tables"), error.to_string())))?;
        let costs = self.costs(&regions);
        let exponents = self.exponents(&tables, &regions);
        let patterns = self.patterns(&tables, &regions);
        let reference = self.reference(&tables, &regions);
        let industries = Industries { regions, sectors: tables.sectors.clone() };
        let extensions = self.extensions(&mut tables, &industries);
        let settled = settled?;
        tables.meta.notes.append(&mut self.notes);
        join_notes(&mut tables);
        let name = &tables.meta.name;
        let own = notes.into_iter().map(|text| format!("{name}: {}", text.value));
        let own: Vec<Note> = own.map(|text| Note::new(NoteCode::SourceRule, text)).collect();
        tables.meta.notes.extend(own);
        let foreign = Foreign::of(&settled);
        let foreign_as_read = as_read
            .map(|settled| Foreign::of(&settled))
            .filter(|other| other.exports != foreign.exports || other.imports != foreign.imports);
        Some(Plan {
            tables,
            settled,
            foreign,
            foreign_as_read,
            costs: costs?,
            exponents: exponents?,
            rules: rules?,
            patterns: patterns?,
            extensions: extensions?,
            reference: reference?,
        })
    }

    /// The regional tables, with those of regions that have none made from the nation's.
    fn tables(&mut self) -> Option<RegionalTables> {
        let (root, document) = (self.root, self.root.document());
        let name = root.required_text("name");
        let source = root.text("source").map(|text| text.value);
        let unit: Option<Option<Unit>> = match root.text("unit") {
            Some(text) => document.keep(parsed(&text)).map(Some),
            None => Some(None),
        };
        let year = root.has("year").then(|| root.year("year"));
        let text = root.required_text("tables");
        let path = text.and_then(|text| document.keep(self.finder.find(&text)));
        let options = provincial::Options {
            name: Some(name?.value),
            year: year.flatten().map(|year| year.value),
            unit: unit?,
            ..provincial::Options::default()
        };
        let mut tables = document.absorb(provincial::read(&path?, &options))?;
        if let Some(source) = source {
            tables.meta.source = source;
        }
        for section in root.sections("quotient") {
            let found = parts::quotient(&section, self.finder, &tables, &mut self.inputs);
            section.finish();
            tables.meta.notes.extend(found.iter().map(|made| {
                let text = format!(
                    "{} has no table of its own: it is made of the country's coefficients {}",
                    made.region.code, made.sheet
                );
                Note::new(NoteCode::SourceRule, text)
            }));
            tables.regions.extend(found);
        }
        if let [alone] = tables.regions.as_slice() {
            let text =
                format!("one region alone ({}) makes no inter-regional table", alone.region.name());
            document.push(Fault::new(root.at_key("tables"), text).help(
                "name a workbook with a sheet for each region, or a folder of workbooks; a region without a table is a [[quotient]]",
            ));
            return None;
        }
        Some(tables)
    }

    fn rules(&self) -> Option<Rules> {
        let (root, document) = (self.root, self.root.document());
        let words = [Level::Output, Level::Mean, Level::Sold, Level::Bought]
            .map(|level| (level.word(), level));
        let level = root.word("level", &words);
        let weight = root.number("national_weight");
        if let Some(Located { value, at }) =
            weight.as_ref().filter(|weight| !(0.0..=1.0).contains(&weight.value))
        {
            let fault = Fault::new(at.clone(), format!("national_weight is {}", exact(*value)));
            document.push(fault.help(
                "0: exports and imports of the regions stand; 1: their sums are the nation's",
            ));
            return None;
        }
        if root.has("level") && level.is_none() {
            return None;
        }
        let level = level.map_or(Level::default(), |word| word.value);
        let weight = weight.map_or(Rules::default().national_weight, |weight| weight.value);
        Some(Rules { level, national_weight: weight })
    }

    fn costs(&mut self, regions: &crate::labels::Axis) -> Option<Dense> {
        let document = self.root.document();
        let sheet = self.sheet(&self.root.text("costs")?)?;
        document.absorb(costs::read(&sheet, regions))
    }

    fn sheet(&mut self, text: &Located<String>) -> Option<Sheet> {
        let document = self.root.document();
        let path = document.keep(self.finder.find(text))?;
        let (sheet, record) = document.keep(read_sheet(&path))?;
        self.inputs.push(record);
        Some(sheet)
    }

    fn extensions(
        &mut self,
        tables: &mut RegionalTables,
        industries: &Industries,
    ) -> Option<Vec<crate::table::Extension>> {
        let purchases = parts::purchases(tables, industries);
        let mut found = Vec::new();
        let mut all = true;
        for section in self.root.sections("extension") {
            match extension::read(&section, self.finder, industries, &purchases) {
                Some(read) => {
                    found.push(read.extension);
                    self.inputs.extend(read.inputs);
                    tables.meta.notes.extend(read.notes);
                }
                None => all = false,
            }
        }
        all.then_some(found)
    }

    fn exponents(
        &mut self,
        tables: &RegionalTables,
        regions: &crate::labels::Axis,
    ) -> Option<Exponents> {
        let section = self.root.section("gravity")?;
        let found = parts::exponents(self, &section, tables, regions);
        section.finish();
        found
    }
}

/// Readers put the file in front of a note; the table has one note of all of them, with its own name, but for what
/// has no data.
fn join_notes(tables: &mut RegionalTables) {
    let meta = &mut tables.meta;
    let plain = |note: &Note| {
        let named = meta.inputs.iter().map(|input| format!("{}: ", input.path.display()));
        let named = named.chain([format!("{}: ", meta.name)]);
        named.fold(note.message.clone(), |text, prefix| {
            text.strip_prefix(&prefix).map(str::to_owned).unwrap_or(text)
        })
    };
    let (gaps, others): (Vec<&Note>, Vec<&Note>) =
        meta.notes.iter().partition(|note| note.gap.is_some());
    let told: Vec<String> = others.into_iter().map(plain).collect();
    let joined = (!told.is_empty()).then(|| {
        let text = format!("{}: as read: {}", meta.name, told.join("; "));
        Note::new(NoteCode::SourceRule, text)
    });
    let gaps = gaps.into_iter().map(|note| note.clone().named(&meta.name));
    meta.notes = joined.into_iter().chain(gaps).collect();
}
