//! Map files: concordances, groups of regions, classes of sectors.
//!
//! ```text
//! from,to,weight,en,zh
//! Beijing,BT,1,Beijing-Tianjin,京津
//! ```
//!
//! `weight`, `en` and `zh` may be left out; without headers `from` and `to` the first two columns
//! are taken, so that any two-column concordance serves.

use std::collections::HashMap;

use super::sheet::Sheet;
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::labels::{Axis, Label, comparable, listed, suggestion};
use crate::table::concordance::{Concordance, ConcordanceError, Entry, Unmatched};
use crate::text::exact;

/// The lines of a map file.
#[derive(Debug, Clone)]
pub struct MapFile {
    sheet: Sheet,
    entries: Vec<Entry>,
    columns: [usize; 3],
    weighted: bool,
}

/// How many lines that are passed over are named.
const SHOWN: usize = 12;

/// A source text with the lines that map it: their numbers and weights.
pub type SourceLines = (String, Vec<(usize, f64)>);

/// Tells a column that was to be the weights, and would count for nothing.
fn check_weight(sheet: &Sheet, ends: [usize; 2], faults: &mut Faults) {
    for column in (0..sheet.width(0)).filter(|column| !ends.contains(column)) {
        let text = sheet.cell(0, column);
        if suggestion(text, std::iter::once("weight")).is_some() {
            let fault = Fault::new(sheet.at(0, column), format!("column {text:?} is not known"));
            faults.push(fault.help("did you mean \"weight\"? the header is: from,to,weight,en,zh"));
        }
    }
}

/// The name of each target by language.
#[derive(Default)]
struct TargetNames(HashMap<(String, usize), String>);

impl TargetNames {
    /// Tells a target that an earlier line names otherwise.
    fn check(
        &mut self,
        sheet: &Sheet,
        (row, target): (usize, usize),
        columns: [Option<usize>; 2],
        faults: &mut Faults,
    ) {
        for (language, column) in columns.into_iter().enumerate() {
            let Some(column) = column else { continue };
            let name = sheet.cell(row, column);
            if name.is_empty() {
                continue;
            }
            let key = (comparable(sheet.cell(row, target)), language);
            let first = self.0.entry(key).or_insert_with(|| name.to_owned());
            if first != name {
                let text = format!("{} is named {first:?} and {name:?}", sheet.cell(row, target));
                let fault = Fault::new(sheet.at(row, target), text);
                faults.push(fault.help("a code has one name in each language"));
            }
        }
    }
}

impl MapFile {
    /// Reads the lines.
    ///
    /// # Errors
    /// Every line without a source or target, every weight that is not a number, every target with two names.
    pub fn of(sheet: Sheet) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        sheet.check_list(&mut faults);
        let from = sheet.column(0, &["from"]).unwrap_or(0);
        let to = sheet.column(0, &["to"]).unwrap_or(1);
        let weight = sheet.column(0, &["weight"]);
        let (en, zh) = (sheet.column(0, &["en"]), sheet.column(0, &["zh"]));
        if weight.is_none() {
            check_weight(&sheet, [from, to], &mut faults);
        }
        let mut names = TargetNames::default();
        let mut entries = Vec::new();
        for row in 1..sheet.rows() {
            let share = match weight {
                Some(column) => faults.keep(sheet.number(row, column)).unwrap_or(1.0),
                None => 1.0,
            };
            for (column, what) in [(from, "source"), (to, "target")] {
                if sheet.cell(row, column).is_empty() {
                    let fault =
                        Fault::new(sheet.at(row, column), format!("a line without a {what}"));
                    faults.push(fault.help("each line maps a source to a target: from,to"));
                }
            }
            let name = |column: Option<usize>| column.map_or("", |column| sheet.cell(row, column));
            let label = Label::new(sheet.cell(row, to), name(en), name(zh));
            names.check(&sheet, (row, to), [en, zh], &mut faults);
            entries.push(Entry {
                from: sheet.cell(row, from).to_owned(),
                to: label,
                weight: share,
            });
        }
        if entries.is_empty() {
            faults.push(Fault::new(
                Location::whole(sheet.path()),
                "the map has no line below its header",
            ));
        }
        let columns = [from, to, weight.unwrap_or(to)];
        faults.into_result(MapFile { sheet, entries, columns, weighted: weight.is_some() })
    }

    /// The lines.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Place of a line's source.
    pub fn at(&self, entry: usize) -> Location {
        self.sheet.at(entry + 1, self.columns[0])
    }

    /// Place of a line's target.
    pub fn at_target(&self, entry: usize) -> Location {
        self.sheet.at(entry + 1, self.columns[1])
    }

    /// The concordance from an axis. Lines of what is not on it are passed over where every label is led
    /// somewhere all the same, so that one map serves tables that lack some of its labels
    /// ([`passed_over`](Self::passed_over) tells them).
    ///
    /// # Errors
    /// Every weight that is none, every label that goes nowhere, and then every line that names nothing: a
    /// slip of the pen leaves its label without a line.
    pub fn concordance(&self, source: &Axis) -> Result<Concordance, Faults> {
        let on_axis = |entry: &&Entry| source.position(&entry.from).is_ok();
        let known: Vec<Entry> = self.entries.iter().filter(on_axis).cloned().collect();
        Concordance::new(source, &known).or_else(|_| self.concordance_of(source, &self.entries))
    }

    /// A note of the lines whose source is not on an axis.
    pub fn passed_over(&self, source: &Axis) -> Option<Note> {
        let mut names: Vec<&str> = Vec::new();
        for entry in self.entries.iter().filter(|e| source.position(&e.from).is_err()) {
            if !names.contains(&entry.from.as_str()) {
                names.push(&entry.from);
            }
        }
        let file = self.sheet.path().file_name()?.to_string_lossy();
        let shown = listed(&names, SHOWN);
        let text = format!("{file}: the table has no {} {shown}; passed over", source.kind());
        (!names.is_empty()).then(|| Note::new(NoteCode::SourceRule, text))
    }

    /// The same onto another axis.
    ///
    /// # Errors
    /// As for [`concordance`](Self::concordance), and a target that is not on the second axis or not reached.
    pub fn concordance_onto(&self, source: &Axis, target: &Axis) -> Result<Concordance, Faults> {
        let found = self.concordance(source)?;
        found.onto(target).map_err(|error| {
            let fault = Fault::new(Location::whole(self.sheet.path()), error.to_string());
            match error {
                Unmatched::Unknown { help, .. } => fault.help(help),
                _ => fault.help("every label of the other table needs a line that leads to it"),
            }
            .into()
        })
    }

    fn concordance_of(&self, source: &Axis, entries: &[Entry]) -> Result<Concordance, Faults> {
        Concordance::new(source, entries).map_err(|errors| {
            let mut faults = Faults::default();
            for error in errors {
                let message = error.to_string();
                faults.push(match error {
                    ConcordanceError::UnknownSource { entry, help, .. } => {
                        Fault::new(self.at(entry), message).help(help)
                    }
                    ConcordanceError::BadWeight { entry, .. } => {
                        Fault::new(self.sheet.at(entry + 1, self.columns[2]), message)
                    }
                    _ => Fault::new(Location::whole(self.sheet.path()), message)
                        .help("every label of the table needs lines whose weights sum to 1"),
                });
            }
            faults
        })
    }

    /// Lines in order of targets: what maps to each target, for files that map into a fixed axis.
    ///
    /// # Errors
    /// Weights of one source that do not sum to 1.
    pub fn by_source(&self) -> Result<Vec<SourceLines>, Faults> {
        self.lines_by_source(false)
    }

    /// The same where something else decides what each target gets: without a column of weights the
    /// targets of a source are alike.
    ///
    /// # Errors
    /// Weights of one source that do not sum to 1.
    pub fn candidates(&self) -> Result<Vec<SourceLines>, Faults> {
        self.lines_by_source(!self.weighted)
    }

    fn lines_by_source(&self, alike: bool) -> Result<Vec<SourceLines>, Faults> {
        let mut faults = Faults::default();
        let mut found: Vec<SourceLines> = Vec::new();
        let mut place = std::collections::HashMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let key = comparable(&entry.from);
            let index = *place.entry(key).or_insert_with(|| {
                found.push((entry.from.clone(), Vec::new()));
                found.len() - 1
            });
            if !(0.0..=1.0).contains(&entry.weight) {
                let text = format!("weight {} is not a share between 0 and 1", exact(entry.weight));
                faults.push(Fault::new(self.sheet.at(at + 1, self.columns[2]), text));
            }
            found[index].1.push((at, entry.weight));
        }
        if alike {
            for (_, targets) in &mut found {
                let share = 1.0 / targets.len() as f64;
                targets.iter_mut().for_each(|(_, weight)| *weight = share);
            }
        }
        for (from, targets) in &found {
            let sum: f64 = targets.iter().map(|(_, weight)| weight).sum();
            if (sum - 1.0).abs() > 1e-9 {
                let text = format!("the weights of {from:?} sum to {}, expected 1", exact(sum));
                faults.push(Fault::new(self.at(targets[0].0), text));
            }
        }
        faults.into_result(found)
    }
}
