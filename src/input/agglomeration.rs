//! Files of `irio agglomeration`: TOML text and the files it names become checked numbers to measure.
//!
//! ```toml
//! irio_agglomeration = 1
//! name = "china-2007"
//! [activity]                       # measures on regions
//! table = "tables/china-2007"
//! [density]                        # per area
//! area = "areas.csv"
//! [productivity]                   # Solow residual
//! file = "panel.csv"
//! [plants]                         # Duranton and Overman
//! file = "plants.csv"
//! ```

mod activity;
mod density;
mod long;
mod plants;
mod productivity;

use std::path::Path;

use super::TextFile;
use super::document::{Document, Located, Section};
use super::kind::Kind;
use super::sheet::Sheet;
use super::table::Finder;
use super::workbook::read_sheet;
use crate::concentration::study::Study;
use crate::fault::{Fault, Faults, Location, Note};
use crate::table::{InputFile, Table};

/// A file of measures as read.
#[derive(Debug)]
pub struct ReadAgglomeration {
    /// Short name for results.
    pub name: String,
    /// One or two sentences for readers.
    pub description: String,
    /// What is to be measured.
    pub study: Study,
    /// Tables that were read.
    pub tables: Vec<Table>,
    /// Every other file, the file itself first.
    pub inputs: Vec<InputFile>,
    /// What a reader of the result should know.
    pub notes: Vec<Note>,
}

/// Reads a file of measures and everything it names; `data` is a further folder to look in.
///
/// # Errors
/// Everything wrong with the file and with those it names, each with its place.
pub fn read(path: &Path, data: Option<&Path>) -> Result<ReadAgglomeration, Faults> {
    let whole = || Location::whole(path);
    if path.extension().is_none_or(|extension| extension != "toml") {
        let fault = Fault::new(whole(), "says nothing of what to measure: that is a .toml file");
        return Err(fault.help("`irio init agglomeration` writes one").into());
    }
    let file = TextFile::read(path)?;
    let document = Document::new(&file);
    let root = document.root()?;
    Kind::Agglomeration.expect(&root)?;
    let finder = Finder::new(path, data);
    let mut files = Files {
        document: &document,
        finder: &finder,
        data,
        inputs: vec![file.record()],
        tables: Vec::new(),
        notes: Vec::new(),
    };
    let read = measures(&root, &mut files);
    let (inputs, tables, notes) = (files.inputs, files.tables, files.notes);
    root.finish();
    let faults = document.take_faults();
    match read {
        Some(read) if faults.is_empty() => Ok(ReadAgglomeration { inputs, tables, notes, ..read }),
        _ if faults.is_empty() => Err(Fault::new(whole(), "the file could not be read").into()),
        _ => Err(faults),
    }
}

/// What is read beside the TOML file, and what is wrong with it.
struct Files<'a> {
    document: &'a Document<'a>,
    finder: &'a Finder,
    data: Option<&'a Path>,
    inputs: Vec<InputFile>,
    tables: Vec<Table>,
    notes: Vec<Note>,
}

impl Files<'_> {
    /// The sheet of a file that a text names.
    fn sheet(&mut self, text: &Located<String>) -> Option<Sheet> {
        let path = self.document.keep(self.finder.find(text))?;
        let (sheet, record) = self.document.keep(read_sheet(&path))?;
        if !self.inputs.contains(&record) {
            self.inputs.push(record);
        }
        Some(sheet)
    }
}

fn measures(root: &Section<'_>, files: &mut Files<'_>) -> Option<ReadAgglomeration> {
    let document = root.document();
    let name = root.required_text("name");
    if let Some(name) = name.as_ref().filter(|name| name.value.trim().is_empty()) {
        let fault = Fault::new(name.at.clone(), "the name is empty");
        document.push(fault.help("it names the folder of the results"));
    }
    let description = root.text("description").map_or(String::new(), |text| text.value);
    files.notes.extend(root.text("synthetic").map(|what| Note::synthetic(&what.value)));
    let sections =
        ["activity", "density", "productivity", "plants"].map(|key| (key, root.section(key)));
    if sections.iter().all(|(key, section)| section.is_none() && !root.has(key)) {
        let fault = Fault::new(root.at(), "there is nothing to measure");
        document.push(fault.help(
            "add [activity], [density], [productivity] or [plants]: `irio init agglomeration` shows them",
        ));
    }
    let [activity, density, productivity, plants] = sections.map(|(_, section)| section);
    let groups = root.sections("group");
    let there = activity.is_some();
    if let Some(first) = groups.first().filter(|_| !there && !root.has("activity")) {
        let fault = Fault::new(first.at(), "groups of sectors need an [activity]");
        document.push(fault.help("add [activity] with a table or a file"));
    }
    let activity = activity.and_then(|section| activity::read(&section, &groups, files));
    let density = density.and_then(|section| match (there, &activity) {
        // What hangs on an activity that could not be read would only repeat its faults.
        (true, None) => None,
        _ => density::read(&section, activity.as_ref(), files),
    });
    let productivity = productivity.and_then(|section| productivity::read(&section, files));
    let plants = plants.and_then(|section| plants::read(&section, files));
    Some(ReadAgglomeration {
        name: name?.value,
        description,
        study: Study { activity, density, productivity, plants },
        tables: Vec::new(),
        inputs: Vec::new(),
        notes: Vec::new(),
    })
}
