//! Model files: TOML text, the panel and the weights it names become checked equations.

mod autocorrelation;
mod equation;
mod fuels;
mod unit_root;

use std::collections::BTreeMap;
use std::path::Path;

use super::TextFile;
use super::document::{Document, Located, Section};
use super::kind::Kind;
use super::panel::{self, Index};
use super::sheet::Sheet;
use super::table::Finder;
use super::workbook::read_sheet;
use crate::estimation::{Autocorrelation, Model, ModelError, UnitRoot};
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::panel::fuels::Factor;
use crate::panel::{Panel, evaluate};
use crate::table::InputFile;
use crate::weights::Weights;

/// A model file with everything it names.
#[derive(Debug, Clone)]
pub struct ReadModels {
    /// Short name for results.
    pub name: String,
    /// One or two sentences for readers.
    pub description: String,
    /// What the coefficients are about, for scenarios that take them up.
    pub about: About,
    /// Units of variables by name; of a logarithm that of its level.
    pub units: BTreeMap<String, String>,
    /// The panel, with the variables of the file.
    pub panel: Panel,
    /// Weights by name.
    pub weights: BTreeMap<String, Weights>,
    /// The equations.
    pub models: Vec<Model>,
    /// Variables to be tested for unit roots.
    pub unit_roots: Vec<UnitRoot>,
    /// The files that were read.
    pub inputs: Vec<InputFile>,
    /// What is to be said of them.
    pub notes: Vec<Note>,
    /// Rows of the file before they were filtered.
    pub rows_read: usize,
    /// Variables whose neighbours are to be compared.
    pub autocorrelations: Vec<Autocorrelation>,
    places: Vec<Places>,
    unit_root_places: Vec<Places>,
    autocorrelation_places: Vec<Places>,
}

/// Where the parts of an equation or test stand, by key and place in a list.
type Places = BTreeMap<(&'static str, usize), Location>;

/// What is told of the estimates to those who take them up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Unit of the dependent variable before it was transformed.
    pub unit: Option<String>,
    /// Which emissions it covers.
    pub covers: Option<String>,
    /// Base of prices.
    pub prices: Option<String>,
}

impl ReadModels {
    /// Faults at the places of what errors of an equation are about.
    pub fn locate(&self, model: usize, errors: &[ModelError]) -> Faults {
        let name = self.models.get(model).map_or("", |own| own.name.as_str());
        located(&format!("model {name:?}"), self.places.get(model), errors)
    }

    /// Faults at the places of what errors of a measure of neighbours are about.
    pub fn locate_autocorrelation(&self, at: usize, errors: &[ModelError]) -> Faults {
        let name = self.autocorrelations.get(at).map_or("", |own| own.name.as_str());
        let places = self.autocorrelation_places.get(at);
        located(&format!("autocorrelation of {name:?}"), places, errors)
    }

    /// Faults at the places of what errors of a test of unit roots are about.
    pub fn locate_unit_root(&self, at: usize, errors: &[ModelError]) -> Faults {
        let name = self.unit_roots.get(at).map_or("", |own| own.name.as_str());
        located(&format!("unit roots of {name:?}"), self.unit_root_places.get(at), errors)
    }
}

fn located(what: &str, places: Option<&Places>, errors: &[ModelError]) -> Faults {
    let mut faults = Faults::default();
    for error in errors {
        let at = places.and_then(|own| own.get(&error.key).or_else(|| own.get(&("", 0)))).cloned();
        let at = at.unwrap_or_else(|| Location::whole("model"));
        faults.push(Fault::new(at, format!("{what}: {}", error.message)));
    }
    faults
}

/// Reads a model file.
///
/// # Errors
/// Everything wrong with it, and with the files it names, each with its place.
pub fn read(path: &Path, data: Option<&Path>) -> Result<ReadModels, Faults> {
    let file = TextFile::read(path)?;
    if path.extension().is_none_or(|extension| extension != "toml") {
        let fault = Fault::new(Location::whole(path), "is not a model file: those are .toml files");
        return Err(fault.help("`irio init model` writes one").into());
    }
    read_text(&file, data)
}

/// Reads the text of a model file; paths in it are beside the file, or in the folder of data.
///
/// # Errors
/// Those of [`read`].
pub fn read_text(file: &TextFile, data: Option<&Path>) -> Result<ReadModels, Faults> {
    let document = Document::new(file);
    let root = document.root()?;
    Kind::Models.expect(&root)?;
    let reader = Reader { document: &document, finder: Finder::new(&file.path, data) };
    let read = reader.models(&root);
    root.finish();
    let faults = document.take_faults();
    match read {
        Some(mut read) if faults.is_empty() => {
            read.inputs.insert(0, file.record());
            Ok(read)
        }
        _ if faults.is_empty() => {
            Err(Fault::new(Location::whole(&file.path), "the models could not be read").into())
        }
        _ => Err(faults),
    }
}

struct Reader<'a> {
    document: &'a Document<'a>,
    finder: Finder,
}

impl Reader<'_> {
    /// The sheet of a file that the text names.
    fn sheet(&self, named: &Located<String>, read: &mut Read) -> Option<Sheet> {
        let path = self.document.keep(self.finder.find(named))?;
        let (sheet, record) = self.document.absorb(read_sheet(&path).map_err(Into::into))?;
        read.inputs.push(record);
        Some(sheet)
    }

    fn models(&self, root: &Section<'_>) -> Option<ReadModels> {
        let name = root.required_text("name").map(|own| own.value).unwrap_or_default();
        let description = root.text("description").map(|own| own.value).unwrap_or_default();
        let mut read = Read::default();
        read.notes.extend(root.text("synthetic").map(|what| Note::synthetic(&what.value)));
        root.require("panel");
        let panel = root.section("panel").and_then(|own| self.panel(&own, &mut read));
        let units = panel.as_ref().map(|(panel, _)| panel.units().labels.clone());
        let weights = self.weights(root, units.as_deref(), &mut read);
        let about = root.section("about").map(|own| self.about(&own)).unwrap_or_default();
        let units_of = root.section("units").map(|own| texts_by_name(&own)).unwrap_or_default();
        let variables = root.section("variables");
        let fuels = root.sections("fuels");
        let panel = panel.and_then(|(mut panel, rows)| {
            self.fuels(&fuels, &mut panel, &mut read)?;
            for (name, formula) in variables.iter().flat_map(Section::entries) {
                let Some(text) = formula.first() else { continue };
                let note = hidden(&panel, &name.value);
                match panel.make(&name.value, &text.value) {
                    Ok(()) => read.notes.extend(note),
                    Err(error) => {
                        self.document
                            .push(Fault::new(text.at.clone(), format!("{}: {error}", name.value)));
                        return None;
                    }
                }
            }
            Some((panel, rows))
        });
        let (unit_roots, unit_root_places) = self.unit_roots(root);
        let (autocorrelations, autocorrelation_places) = self.autocorrelations(root);
        let more = root.has("unit_root") || root.has("autocorrelation");
        let (models, places) = self.equations(root, more);
        for own in unit_roots.iter().filter(|own| models.iter().any(|m| m.name == own.name)) {
            let text = format!("a model and a [[unit_root]] have the name {:?}", own.name);
            self.document.push(Fault::new(root.at(), text).help("give the [[unit_root]] a name"));
        }
        let (panel, rows_read) = panel?;
        Some(ReadModels {
            name,
            description,
            about,
            units: units_of,
            panel,
            weights,
            models,
            unit_roots,
            autocorrelations,
            inputs: read.inputs,
            notes: read.notes,
            rows_read,
            places,
            unit_root_places,
            autocorrelation_places,
        })
    }

    /// The equations, and where their parts stand; a file with nothing else to do needs one.
    fn equations(&self, root: &Section<'_>, may_be_none: bool) -> (Vec<Model>, Vec<Places>) {
        let defaults = root.section("defaults");
        let sections = root.sections("model");
        if sections.is_empty() && !may_be_none {
            let fault = Fault::new(root.at(), "the file has no model");
            self.document
                .push(fault.help("add [[model]] with name, dependent, regressors, estimator"));
        }
        let mut models: Vec<Model> = Vec::new();
        let mut places = Vec::new();
        for section in &sections {
            let (model, place) = equation::equation(self.document, section, defaults.as_ref());
            section.finish();
            if let Some(model) = model {
                if models.iter().any(|own| own.name == model.name) {
                    let text = format!("two models have the name {:?}", model.name);
                    self.document.push(Fault::new(section.at_key("name"), text));
                }
                models.push(model);
                places.push(place);
            }
        }
        if let Some(defaults) = &defaults {
            defaults.finish();
        }
        (models, places)
    }

    /// Columns of emissions that fuels make; all by one set of factors.
    fn fuels(&self, sections: &[Section<'_>], panel: &mut Panel, read: &mut Read) -> Option<()> {
        let mut set: Option<(String, Vec<Factor>)> = None;
        let mut whole = true;
        for section in sections {
            let (name, file) = (section.required_text("name"), section.required_text("factors"));
            let factors = file.and_then(|file| match &set {
                Some((first, known)) if *first == file.value => Some(known.clone()),
                Some((first, _)) => {
                    let text = format!("a second set of factors; the first is {first}");
                    let fault = Fault::new(file.at, text);
                    self.document.push(fault.help(
                        "one set for all: factors of two inventories would make a jump that is none",
                    ));
                    None
                }
                None => {
                    let sheet = self.sheet(&file, read)?;
                    let known = self.document.absorb(fuels::factors(&sheet))?;
                    set = Some((file.value, known.clone()));
                    Some(known)
                }
            });
            let note = name.zip(factors).and_then(|(name, factors)| {
                fuels::add(self.document, section, &name.value, &factors, panel)
            });
            section.at_known("columns");
            whole &= note.is_some();
            read.notes.extend(note);
            section.finish();
        }
        whole.then_some(())
    }

    /// Tests of unit roots, and where their parts stand.
    fn unit_roots(&self, root: &Section<'_>) -> (Vec<UnitRoot>, Vec<Places>) {
        let mut found: Vec<UnitRoot> = Vec::new();
        let mut places = Vec::new();
        for section in root.sections("unit_root") {
            let Some((own, place)) = unit_root::unit_root(self.document, &section) else {
                continue;
            };
            if found.iter().any(|other| other.name == own.name) {
                let text = format!("two [[unit_root]] have the name {:?}", own.name);
                let fault = Fault::new(section.at(), text);
                self.document.push(fault.help("give one of them another name"));
            }
            found.push(own);
            places.push(place);
        }
        (found, places)
    }

    /// Variables whose neighbours are compared, and where their parts stand.
    fn autocorrelations(&self, root: &Section<'_>) -> (Vec<Autocorrelation>, Vec<Places>) {
        let mut found: Vec<Autocorrelation> = Vec::new();
        let mut places = Vec::new();
        for section in root.sections("autocorrelation") {
            let read = autocorrelation::autocorrelation(self.document, &section);
            let Some((own, place)) = read else { continue };
            if found.iter().any(|other| other.name == own.name) {
                let text = format!("two [[autocorrelation]] have the name {:?}", own.name);
                let fault = Fault::new(section.at(), text);
                self.document.push(fault.help("give one of them another name"));
            }
            found.push(own);
            places.push(place);
        }
        (found, places)
    }

    fn about(&self, section: &Section<'_>) -> About {
        let own = |key| section.text(key).map(|own| own.value);
        let about = About { unit: own("unit"), covers: own("covers"), prices: own("prices") };
        section.finish();
        about
    }

    /// The panel, filtered and with what was joined to it, and how many rows the file has.
    fn panel(&self, section: &Section<'_>, read: &mut Read) -> Option<(Panel, usize)> {
        let file = section.required_text("file");
        let of = |own: Option<Located<String>>| own.map(|own| own.value);
        let index = Index { id: of(section.text("id")), time: of(section.text("time")) };
        let keep = section.text("where");
        let fill = section.word("fill", &[("neighbours", ())]);
        let joins = section.sections("join");
        let joins: Vec<_> = joins
            .iter()
            .map(|join| {
                let own = (
                    join.required_text("file"),
                    join.required_text("on"),
                    join.text("key"),
                    join.texts("columns"),
                );
                join.require("columns");
                join.finish();
                own
            })
            .collect();
        section.finish();
        let path = self.document.keep(self.finder.find(&file?))?;
        let (mut panel, record, note) = self.document.absorb(panel::read_file(&path, &index))?;
        read.inputs.push(record);
        read.notes.extend(note);
        let rows = panel.rows();
        for (file, on, key, columns) in joins {
            let (file, on, columns) = (file?, on?, columns?);
            let key = key.map_or_else(|| on.value.clone(), |own| own.value);
            let sheet = self.sheet(&file, read)?;
            let wanted: Vec<String> = columns.into_iter().map(|own| own.value).collect();
            self.document.absorb(panel::join(&mut panel, &sheet, &on.value, &key, &wanted))?;
        }
        if let Some(asked) = fill {
            let (filled, note) = self.document.keep(panel::filled(&panel, asked.at))?;
            panel = filled;
            read.notes.extend(note);
        }
        if let Some(test) = keep {
            match evaluate::test(&panel, &test.value) {
                Ok(keep) => panel = panel.filter(&keep),
                Err(error) => {
                    self.document.push(Fault::new(test.at, error.to_string()));
                    return None;
                }
            }
            if panel.rows() == 0 {
                self.document
                    .push(Fault::new(section.at_key("where"), "no row of the panel is left"));
                return None;
            }
        }
        Some((panel, rows))
    }

    /// Weights by name, between the units of the panel.
    fn weights(
        &self,
        root: &Section<'_>,
        units: Option<&[String]>,
        read: &mut Read,
    ) -> BTreeMap<String, Weights> {
        let mut found = BTreeMap::new();
        for section in root.sections("weights") {
            let name = section.required_text("name");
            let plan = super::weights::section(&section, &self.finder);
            section.finish();
            let (Some(name), Some(plan), Some(units)) = (name, plan, units) else { continue };
            let Some(own) = self.document.absorb(plan.read()) else { continue };
            let Some((weights, notes)) = self.document.absorb(own.among(units)) else { continue };
            read.inputs.extend(own.inputs);
            read.notes.extend(own.notes);
            read.notes.extend(notes);
            if found.insert(name.value.clone(), weights).is_some() {
                let text = format!("two weights have the name {:?}", name.value);
                self.document.push(Fault::new(name.at, text));
            }
        }
        found
    }
}

/// Files that were read, and what is to be said of them.
#[derive(Default)]
struct Read {
    inputs: Vec<InputFile>,
    notes: Vec<Note>,
}

/// That a variable takes the place of a column of the panel.
fn hidden(panel: &Panel, name: &str) -> Option<Note> {
    let text = format!(
        "the variable {name:?} of the file takes the place of the panel's column of this name"
    );
    panel.names().any(|own| own == name).then(|| Note::new(NoteCode::Estimation, text))
}

/// A text for every name of a section whose keys are names.
fn texts_by_name(section: &Section<'_>) -> BTreeMap<String, String> {
    let entries = section.entries().into_iter();
    let one = |(name, texts): (Located<String>, Vec<Located<String>>)| {
        Some((name.value, texts.into_iter().next()?.value))
    };
    entries.filter_map(one).collect()
}
