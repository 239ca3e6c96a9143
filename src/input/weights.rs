//! Spatial weights as files and as a section of a model file.
//!
//! ```toml
//! [weights]
//! kind = "contiguity"           # or matrix, list, gal, gwt, nearest, inverse_distance, economic_distance
//! file = "provinces.geojson"
//! id = "name"
//! rule = "queen"
//! standardize = "row"           # or "none"
//! islands = "refuse"            # or "allow"
//! ```
//!
//! | kind | file | further keys |
//! |---|---|---|
//! | `matrix` | square CSV, labels in the first line and column | |
//! | `list` | CSV, a pair a line; without a column of weights they are 1; a line without a neighbour is an island | `id`, `neighbour`, `weight`: names of columns |
//! | `gal`, `gwt` | the text formats of GeoDa | |
//! | `contiguity` | GeoJSON polygons | `id`: a property; `rule`; `tolerance` |
//! | `nearest` | CSV of coordinates | `id`, `x`, `y`: columns; `metric`; `k` |
//! | `inverse_distance` | CSV of coordinates | the same, `power` (1), `cutoff` (none) |
//! | `economic_distance` | CSV with a variable, one line or more a unit: its mean | `id`, `variable`; `coordinates` with `x`, `y`, `metric`, `power`, `cutoff` |
//!
//! Distances with `metric = "great_circle"` are in km. `standardize` must be given. `symmetric = "union"` makes neighbours
//! of units of which one has the other. Units are matched with those of a panel, which also decides on islands and
//! standardizes, only when it is known: [`ReadWeights::among`].

pub mod gal;
pub mod geojson;
pub mod list;
pub mod matrix;
mod pairs;
pub mod points;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use super::TextFile;
use super::document::{Located, Section};
use super::sheet::Sheet;
use super::table::Finder;
use super::workbook::read_sheet;
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::labels::{comparable, suggestion};
use crate::memory;
use crate::table::InputFile;
use crate::text::count;
use crate::text::exact;
use crate::weights::contiguity::Contiguity;
use crate::weights::distance::{Decay, Metric, Tie, bytes_needed, economic};
use crate::weights::{Islands, Standardize, Weights, WeightsError};

/// Weights as a model file describes them; nothing is read yet but the description.
#[derive(Debug, Clone)]
pub struct WeightsPlan {
    source: Source,
    standardize: Standardize,
    islands: Islands,
    union: bool,
    at: Location,
}

#[derive(Debug, Clone)]
enum Source {
    Matrix { file: PathBuf },
    List { file: PathBuf, columns: list::Columns },
    Gal { file: PathBuf },
    Gwt { file: PathBuf },
    Contiguity { file: PathBuf, id: String, rule: Contiguity, tolerance: f64 },
    Nearest { places: Coordinates, k: usize },
    InverseDistance { places: Coordinates, decay: Decay },
    Economic { file: PathBuf, id: String, variable: String, near: Option<(Coordinates, Decay)> },
}

#[derive(Debug, Clone)]
struct Coordinates {
    file: PathBuf,
    columns: [String; 3],
    metric: Metric,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Matrix,
    List,
    Gal,
    Gwt,
    Contiguity,
    Nearest,
    InverseDistance,
    Economic,
}

const KINDS: &[(&str, Kind)] = &[
    ("matrix", Kind::Matrix),
    ("list", Kind::List),
    ("gal", Kind::Gal),
    ("gwt", Kind::Gwt),
    ("contiguity", Kind::Contiguity),
    ("nearest", Kind::Nearest),
    ("inverse_distance", Kind::InverseDistance),
    ("economic_distance", Kind::Economic),
];

/// Weights between all units of their file, and what was said about them.
#[derive(Debug, Clone)]
pub struct ReadWeights {
    /// The weights, not standardized.
    pub weights: Weights,
    /// What rows are to be divided by.
    pub standardize: Standardize,
    /// What is to be done about islands.
    pub islands: Islands,
    /// What a reader should know, such as ties between neighbours.
    pub notes: Vec<Note>,
    /// The files they came from, with their hashes.
    pub inputs: Vec<InputFile>,
    at: Location,
}

/// Reads a section that describes weights; files are found as `finder` does. Keys of the section that are not of weights
/// must be asked for before: what is left over is told as unknown. Faults go to the section's document.
pub fn section(section: &Section<'_>, finder: &Finder) -> Option<WeightsPlan> {
    section.require("kind");
    section.require("standardize");
    let kind = section.word("kind", KINDS);
    let standardize =
        section.word("standardize", &[("row", Standardize::Row), ("none", Standardize::None)]);
    let islands =
        section.word("islands", &[("refuse", Islands::Refuse), ("allow", Islands::Allow)]);
    let union = section.word("symmetric", &[("as_given", false), ("union", true)]);
    let Some(kind) = kind else {
        // Without its kind, no key can be called unknown.
        section.required_text("file");
        return None;
    };
    let source = source(kind.value, section, finder);
    section.finish();
    Some(WeightsPlan {
        source: source?,
        standardize: standardize?.value,
        islands: islands.map_or(Islands::Refuse, |word| word.value),
        union: union.is_some_and(|word| word.value),
        at: section.at(),
    })
}

fn source(kind: Kind, section: &Section<'_>, finder: &Finder) -> Option<Source> {
    let found = |text: Option<Located<String>>| section.document().keep(finder.find(&text?));
    let file = found(section.required_text("file"));
    let text =
        |key, default: &str| section.text(key).map_or_else(|| default.to_owned(), |t| t.value);
    Some(match kind {
        Kind::Matrix => Source::Matrix { file: file? },
        Kind::List => {
            let weight = section.text("weight").map(|text| text.value);
            let columns = list::Columns {
                id: text("id", "id"),
                neighbour: text("neighbour", "neighbour"),
                weight,
            };
            Source::List { file: file?, columns }
        }
        Kind::Gal => Source::Gal { file: file? },
        Kind::Gwt => Source::Gwt { file: file? },
        Kind::Contiguity => {
            section.require("rule");
            let id = section.required_text("id");
            let rules = [("queen", Contiguity::Queen), ("rook", Contiguity::Rook)];
            let rule = section.word("rule", &rules);
            let tolerance = at_least_zero(section, "tolerance")?.unwrap_or(0.0);
            Source::Contiguity { file: file?, id: id?.value, rule: rule?.value, tolerance }
        }
        Kind::Nearest => {
            section.require("k");
            let places = coordinates(section, file);
            let k = section.integer("k");
            let k = k.and_then(|k| match usize::try_from(k.value) {
                Ok(number @ 1..) => Some(number),
                _ => {
                    let fault = Fault::new(k.at, format!("k is {}", k.value));
                    section.document().push(fault.help("a whole number from 1 on expected"));
                    None
                }
            });
            Source::Nearest { places: places?, k: k? }
        }
        Kind::InverseDistance => {
            let (places, decay) = (coordinates(section, file), decay(section));
            Source::InverseDistance { places: places?, decay: decay? }
        }
        Kind::Economic => {
            let (id, variable) = (text("id", "id"), section.required_text("variable"));
            let near = match section.text("coordinates") {
                Some(text) => {
                    let (places, decay) = (coordinates(section, found(Some(text))), decay(section));
                    Some((places?, decay?))
                }
                None if section.has("coordinates") => return None,
                None => None,
            };
            Source::Economic { file: file?, id, variable: variable?.value, near }
        }
    })
}

/// Where the coordinates are, and what they are.
fn coordinates(section: &Section<'_>, file: Option<PathBuf>) -> Option<Coordinates> {
    section.require("metric");
    let metrics = [("euclidean", Metric::Euclidean), ("great_circle", Metric::GreatCircle)];
    let metric = section.word("metric", &metrics);
    let usual = match metric.as_ref().map(|word| word.value) {
        Some(Metric::GreatCircle) => ["id", "lon", "lat"],
        _ => ["id", "x", "y"],
    };
    let mut at = 0;
    let columns = ["id", "x", "y"].map(|key| {
        at += 1;
        section.text(key).map_or_else(|| usual[at - 1].to_owned(), |text| text.value)
    });
    Some(Coordinates { file: file?, columns, metric: metric?.value })
}

fn decay(section: &Section<'_>) -> Option<Decay> {
    let power = at_least_zero(section, "power");
    let cutoff = at_least_zero(section, "cutoff");
    Some(Decay { power: power?.unwrap_or(1.0), cutoff: cutoff? })
}

/// A number of zero or more, if the key is there; none where it is there and is none.
fn at_least_zero(section: &Section<'_>, key: &'static str) -> Option<Option<f64>> {
    let number = section.number(key);
    match number {
        Some(number) if number.value < 0.0 => {
            let fault = Fault::new(number.at, format!("{key} is {}", exact(number.value)));
            section.document().push(fault.help("zero or more expected"));
            None
        }
        Some(number) => Some(Some(number.value)),
        None if section.has(key) => None,
        None => Some(None),
    }
}

impl WeightsPlan {
    /// Reads the files.
    ///
    /// # Errors
    /// Everything wrong with them, each with its place.
    pub fn read(&self) -> Result<ReadWeights, Faults> {
        let (mut notes, mut inputs) = (Vec::new(), Vec::new());
        let weights = self.source.read(&mut notes, &mut inputs)?;
        let weights = if self.union { weights.symmetric_union() } else { weights };
        if matches!(self.source, Source::List { .. }) {
            notes.extend(one_way(&weights));
        }
        Ok(ReadWeights {
            weights,
            standardize: self.standardize,
            islands: self.islands,
            notes,
            inputs,
            at: self.at.clone(),
        })
    }
}

impl Source {
    fn read(&self, notes: &mut Vec<Note>, inputs: &mut Vec<InputFile>) -> Result<Weights, Faults> {
        let mut text = |file: &PathBuf| {
            let file = TextFile::read(file)?;
            inputs.push(file.record());
            Ok::<_, Fault>(file)
        };
        match self {
            Source::Gal { file } => return gal::read(&text(file)?),
            Source::Gwt { file } => return gal::read_gwt(&text(file)?),
            Source::Contiguity { file, id, rule, tolerance } => {
                let polygons = geojson::read(&text(file)?, id)?;
                return polygons.contiguity(*rule, *tolerance);
            }
            _ => {}
        }
        let mut sheet = |file: &PathBuf| {
            let (sheet, record) = read_sheet(file)?;
            inputs.push(record);
            refuse_json(&sheet)?;
            Ok::<_, Fault>(sheet)
        };
        match self {
            Source::Matrix { file } => matrix::read(&sheet(file)?),
            Source::List { file, columns } => list::read(&sheet(file)?, columns),
            Source::Nearest { places, k } => {
                let read = points::read(sheet(&places.file)?, &places.columns, places.metric)?;
                let nearest = read.points.nearest(*k).map_err(|error| read.fault(error))?;
                notes.extend(tie_note(&nearest.ties));
                Ok(nearest.weights)
            }
            Source::InverseDistance { places, decay } => {
                let read = points::read(sheet(&places.file)?, &places.columns, places.metric)?;
                read.room()?;
                read.points.inverse_distance(*decay).map_err(|errors| read.faults(errors))
            }
            Source::Economic { file, id, variable, near } => {
                let means = points::means(sheet(file)?, id, variable)?;
                notes.extend(means.note(variable));
                means.units.room()?;
                let near = match near {
                    Some((places, decay)) => {
                        let read =
                            points::read(sheet(&places.file)?, &places.columns, places.metric)?;
                        Some((means.units.places_of(&read)?, *decay))
                    }
                    None => None,
                };
                let near = near.as_ref().map(|(points, decay)| (points, *decay));
                let found = economic(means.units.labels.clone(), &means.values, near);
                found.map_err(|errors| means.units.faults(errors))
            }
            Source::Gal { .. } | Source::Gwt { .. } | Source::Contiguity { .. } => {
                unreachable!("read above")
            }
        }
    }
}

/// That a file of polygons was given where cells are expected.
fn refuse_json(sheet: &Sheet) -> Result<(), Fault> {
    if !sheet.cell(0, 0).starts_with('{') {
        return Ok(());
    }
    let fault = Fault::new(sheet.whole(), "is JSON, and this kind of weights takes a CSV");
    Err(fault.help(
        "kind = \"contiguity\" takes polygons; for distances give a CSV with a line a unit and its coordinates",
    ))
}

/// That no pair of a list is there in both directions, which a list of borders mostly does not mean.
fn one_way(weights: &Weights) -> Option<Note> {
    let has = |unit: usize, other: usize| weights.row(unit).any(|(place, _)| place == other);
    let returned =
        (0..weights.len()).any(|unit| weights.row(unit).any(|(other, _)| has(other, unit)));
    let text = "no pair of the weights is there in both directions: each neighbour counts for one of the two alone; \
                symmetric = \"union\" makes both neighbours";
    (weights.pairs() > 0 && !returned).then(|| Note::new(NoteCode::SourceRule, text))
}

/// What there is to say about neighbours that could as well have been others.
fn tie_note(ties: &[Tie]) -> Option<Note> {
    let first = ties.first()?;
    let text = format!(
        "{} with others as near as the last of the nearest: the first by label are taken (for {}: {}, not {})",
        count(ties.len(), "unit"),
        first.of,
        first.taken.join(", "),
        first.left.join(", "),
    );
    Some(Note::new(NoteCode::SourceRule, text))
}

/// That weights between all pairs of so many units are more than memory holds.
fn room(units: usize, at: Location) -> Result<(), Fault> {
    memory::room_for(bytes_needed(units)).map_err(|error| {
        let text = format!("weights between all pairs of {}: {error}", count(units, "unit"));
        Fault::new(at, text).help("kind = \"nearest\" keeps a few neighbours of each")
    })
}

impl ReadWeights {
    /// The weights between the units of a panel, in its order, standardized as the file asks, with notes.
    ///
    /// Labels are compared as everywhere: blanks and case aside, numbers without leading zeros. Units that the panel does
    /// not have are left out before rows are standardized, which a note tells.
    ///
    /// # Errors
    /// Every label that the weights do not have, and islands unless they are allowed, at the section of the model file.
    pub fn among(&self, labels: &[String]) -> Result<(Weights, Vec<Note>), Faults> {
        let fault = |text: String| Fault::new(self.at.clone(), text);
        let units = self.weights.units();
        let mut exact: HashMap<&str, usize> = HashMap::with_capacity(units.len());
        let mut alike: HashMap<String, Option<usize>> = HashMap::with_capacity(units.len());
        for (place, unit) in units.iter().enumerate() {
            exact.insert(unit, place);
            alike.entry(comparable(unit)).and_modify(|at| *at = None).or_insert(Some(place));
        }
        let mut faults = Faults::default();
        let mut own: Vec<String> = Vec::with_capacity(labels.len());
        let mut taken = HashSet::new();
        for label in labels {
            let found = exact.get(label.as_str()).copied();
            match found.or_else(|| alike.get(&comparable(label)).copied().flatten()) {
                Some(place) if taken.insert(place) => own.push(units[place].clone()),
                Some(place) => {
                    let text = format!(
                        "{label:?} and another unit of the panel are both the unit {:?} of the weights",
                        units[place]
                    );
                    faults.push(fault(text));
                }
                None => {
                    let fault = fault(format!("the weights have no unit {label:?}"));
                    faults.push(match suggestion(label, units.iter().map(String::as_str)) {
                        Some(near) => fault.help(format!("did you mean {near:?}?")),
                        None => fault.help("give every unit of the panel its neighbours"),
                    });
                }
            }
        }
        faults.into_result(())?;
        let chosen = self.weights.in_order(&own).expect("units of the weights");
        let chosen = chosen.renamed(labels.to_vec()).map_err(|error| fault(error.to_string()))?;
        let mut notes = self.notes.clone();
        let left: Vec<&str> = (0..units.len())
            .filter(|place| !taken.contains(place))
            .map(|place| units[place].as_str())
            .collect();
        if !left.is_empty() {
            let shown = left.iter().take(10).copied().collect::<Vec<_>>().join(", ");
            let more = if left.len() > 10 { " ..." } else { "" };
            let text = format!(
                "{} of the weights that the panel does not have, left out: {shown}{more}",
                count(left.len(), "unit")
            );
            notes.push(Note::new(NoteCode::SourceRule, text));
        }
        let weights = chosen.standardized(self.standardize, self.islands).map_err(|error| {
            let help = "give them neighbours, leave them out, or write islands = \"allow\": their lag is then zero";
            fault(shortened(&error)).help(help)
        })?;
        Ok((weights, notes))
    }
}

/// The error in words, with at most twenty names.
fn shortened(error: &WeightsError) -> String {
    match error {
        WeightsError::Islands(names) if names.len() > 20 => {
            let first = names[..20].join(", ");
            format!("{} units without a neighbour: {first} ...", names.len())
        }
        other => other.to_string(),
    }
}
