//! A results folder: tidy files, `summary.json` with everything needed to trace a number, and a
//! README that says what each file is.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Files;
use crate::fault::{Note, NoteCode};
use crate::labels::Label;
use crate::recorded::grid::RecordedGrid;
use crate::recorded::{NamedCode, RecordedNote, SCHEMA_VERSION, SUMMARY, sealed, sha256};
use crate::table::{InputFile, Quantity, Table};
use crate::text::gap;
use crate::tidy::Tidy;

/// One tidy file with the sentence that says what it is.
#[derive(Debug, Clone)]
pub struct ResultFile {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub what: String,
    /// Its lines.
    pub tidy: Tidy,
}

/// A file that is a grid under labels of its own, not in long form; whoever made it writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridFile {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub what: String,
    /// Its rows, without labels.
    pub rows: usize,
    /// Its columns, without labels.
    pub columns: usize,
}

/// A file of another form, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextResult {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub what: String,
    /// Its text.
    pub text: String,
}

/// Everything a run has to say, not yet written.
#[derive(Debug, Clone)]
pub struct Results {
    /// The subcommand.
    pub command: &'static str,
    /// The command as it was given, without what leaves results as they are; none where nobody gave one.
    pub command_line: Option<String>,
    /// A line that says what was asked.
    pub title: String,
    /// Every switch with the value used, defaults too.
    pub switches: Map<String, Value>,
    /// Seed of random draws; none where nothing is drawn.
    pub seed: Option<u64>,
    /// Files that went in.
    pub inputs: Vec<InputFile>,
    /// The tables.
    pub tables: Vec<Value>,
    /// What codes stand for, by kind.
    pub labels: BTreeMap<&'static str, Vec<NamedCode>>,
    /// Caveats.
    pub notes: Vec<Note>,
    /// Caveats of the results that these are made of, whatever their codes.
    pub carried: Vec<RecordedNote>,
    /// Checks made at run time, by name.
    pub residuals: Map<String, Value>,
    /// Headline numbers.
    pub headline: Value,
    /// The grid of scenarios of a run.
    pub grid: Option<RecordedGrid>,
    /// The files.
    pub files: Vec<ResultFile>,
    /// Files beside them that are not in long form.
    pub grids: Vec<GridFile>,
    /// Files of other forms.
    pub texts: Vec<TextResult>,
    /// The answer in sentences, for the README.
    pub lead: Vec<String>,
    /// What its words mean.
    pub words: Vec<String>,
}

/// Whether a caveat is about the numbers of a file, so that no renderer of the file may drop it. Those
/// about the tables are about every number.
fn concerns(code: NoteCode, file: &str) -> bool {
    let only: &[&str] = match code {
        NoteCode::GrossTransfer => {
            &["transfers.csv", "pairs.csv", "groups.csv", "classes.csv", "routes.csv", "sums.csv"]
        }
        NoteCode::ExcludedCells | NoteCode::DependentFactors => {
            &["effects.csv", "rivals.csv", "sums.csv"]
        }
        NoteCode::MeasuresDisagree => {
            &["effects.csv", "rivals.csv", "agreement.csv", "sums.csv", "exchange.csv"]
        }
        NoteCode::TinyDenominator => &[
            "indicators.csv",
            "exchange.csv",
            "contrasts.csv",
            "sides.csv",
            "grid.csv",
            "ratios.csv",
        ],
        NoteCode::StarImplied | NoteCode::FewDraws | NoteCode::OutsideBand => &[
            "bands.csv",
            "tornado.csv",
            "grades.csv",
            "targets.csv",
            "peaks.csv",
            "localisation.csv",
            "curves.csv",
            "sides.csv",
            "draws.csv",
        ],
        NoteCode::Elasticity | NoteCode::BeyondSample | NoteCode::MissingReading => &[
            "readings.csv",
            "bands.csv",
            "tornado.csv",
            "grades.csv",
            "years.csv",
            "decomposition.csv",
            "sums.csv",
            "sector_differences.csv",
            "sides.csv",
            "draws.csv",
            "grid.csv",
        ],
        NoteCode::FirstOrder
        | NoteCode::ScopeTwoBeside
        | NoteCode::BuildingOutside
        | NoteCode::LimitExceeded
        | NoteCode::Implausible
        | NoteCode::JobsFromPay => &["realism.csv"],
        NoteCode::FreightBeside => &["freight.csv", "realism.csv"],
        NoteCode::FewPlants => &["localisation.csv", "curves.csv"],
        NoteCode::OddShare => &["productivity.csv"],
        NoteCode::NoSharedDraws | NoteCode::DrawnAlike => &["against.csv", "ranking.csv"],
        NoteCode::UnpairedRanges => &["against.csv"],
        NoteCode::PartialWeights => &["densities.csv"],
        NoteCode::NoMeasure => {
            &["sectors.csv", "regions.csv", "quotients.csv", "pairs.csv", "densities.csv"]
        }
        _ => return true,
    };
    only.contains(&file)
}

/// What is known of a file once it is text.
struct Written {
    sha256: String,
    bytes: usize,
}

impl Written {
    fn of(text: &str) -> Self {
        Written { sha256: sha256(text.as_bytes()), bytes: text.len() }
    }
}

/// Code, names and unit of a quantity of a table.
fn quantity(table: &Table, of: Quantity) -> NamedCode {
    let named = match of {
        Quantity::Output => Label::new("output", "Output", "总产出"),
        Quantity::ValueAdded => Label::new("value_added", "Value added", "增加值"),
        Quantity::Stressor(at) => table.extensions()[at].label.clone(),
    };
    NamedCode::of(&named).in_unit(table.quantity_unit(of))
}

impl Results {
    /// An empty result of a command.
    pub fn new(command: &'static str, title: impl Into<String>) -> Self {
        Results {
            command,
            command_line: None,
            title: title.into(),
            switches: Map::new(),
            seed: None,
            inputs: Vec::new(),
            tables: Vec::new(),
            labels: BTreeMap::new(),
            notes: Vec::new(),
            carried: Vec::new(),
            residuals: Map::new(),
            headline: Value::Null,
            grid: None,
            files: Vec::new(),
            grids: Vec::new(),
            texts: Vec::new(),
            lead: Vec::new(),
            words: Vec::new(),
        }
    }

    /// Records a switch.
    pub fn switch(&mut self, name: &str, value: impl Serialize) -> &mut Self {
        self.switches.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }

    /// Records what codes of a kind stand for; the first word on a code counts.
    pub fn names(
        &mut self,
        kind: &'static str,
        codes: impl IntoIterator<Item = NamedCode>,
    ) -> &mut Self {
        let mut codes = codes.into_iter().peekable();
        if codes.peek().is_some() {
            let known = self.labels.entry(kind).or_default();
            let mut there: HashSet<String> = known.iter().map(|one| one.code.clone()).collect();
            known.extend(codes.filter(|one| there.insert(one.code.clone())));
        }
        self
    }

    /// Records a table: its description, discrepancy, files and notes, and what its codes stand for.
    pub fn table(&mut self, table: &Table) -> &mut Self {
        let meta = table.meta();
        let size = |values: &[f64]| -> Value {
            let relative = values
                .iter()
                .zip(table.output())
                .map(|(gap, x)| if *gap == 0.0 { 0.0 } else { (gap / x).abs() });
            json!({
                "absolute_sum": values.iter().map(|gap| gap.abs()).sum::<f64>(),
                "largest_relative": relative.fold(0.0, f64::max),
            })
        };
        let names = |axis: &crate::labels::Axis| json!(axis.labels());
        self.tables.push(json!({
            "name": meta.name,
            "year": meta.year,
            "unit": meta.unit,
            "prices": meta.prices,
            "source": meta.source,
            "imports": table.imports().word(),
            "tolerance": meta.tolerance,
            "regions": names(&table.industries().regions),
            "sectors": names(&table.industries().sectors),
            "discrepancy": { "rows": size(&table.discrepancy().rows), "columns": size(&table.discrepancy().columns) },
        }));
        self.names("regions", table.industries().regions.labels().iter().map(NamedCode::of));
        self.names("sectors", table.industries().sectors.labels().iter().map(NamedCode::of));
        self.names("quantities", table.quantities().into_iter().map(|of| quantity(table, of)));
        for input in &meta.inputs {
            if !self.inputs.contains(input) {
                self.inputs.push(input.clone());
            }
        }
        self.note(table.notes())
    }

    /// Adds caveats that are not there yet.
    pub fn note(&mut self, notes: impl IntoIterator<Item = Note>) -> &mut Self {
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        self
    }

    /// Adds a file.
    pub fn file(&mut self, name: &'static str, what: impl Into<String>, tidy: Tidy) -> &mut Self {
        self.files.push(ResultFile { name, what: what.into(), tidy });
        self
    }

    /// What is not finite, if anything is: a value, or the sum of a file's values.
    pub fn overflow(&self) -> Option<String> {
        self.files.iter().find_map(|file| {
            let values = || (0..file.tidy.len()).map(|row| file.tidy.value(row));
            if let Some(row) = values().position(|value| !value.is_finite()) {
                let what: Vec<&str> =
                    file.tidy.columns().iter().map(|column| file.tidy.text(row, *column)).collect();
                return Some(what.join(" "));
            }
            let sum: f64 = values().map(f64::abs).sum();
            (!sum.is_finite()).then(|| format!("the sum of {}", file.name))
        })
    }

    /// `summary.json` as a value, without its seal and what is known only once the files are text.
    pub fn summary(&self) -> Value {
        self.summary_of(&BTreeMap::new())
    }

    fn summary_of(&self, written: &BTreeMap<&str, Written>) -> Value {
        let files: Vec<Value> = self
            .files
            .iter()
            .map(|file| {
                let mut columns: Vec<&str> =
                    file.tidy.columns().iter().map(|column| column.word()).collect();
                columns.push("value");
                json!({
                    "name": file.name,
                    "what": file.what,
                    "columns": columns,
                    "rows": file.tidy.len(),
                    "caveats": self.caveats(file.name),
                })
            })
            .collect();
        let grids = self.grids.iter().map(|grid| {
            json!({
                "name": grid.name,
                "what": grid.what,
                "shape": [grid.rows, grid.columns],
                "caveats": self.caveats(&grid.name),
            })
        });
        let texts = self.texts.iter().map(|text| {
            json!({ "name": text.name, "what": text.what, "caveats": self.caveats(&text.name) })
        });
        let mut files: Vec<Value> = files.into_iter().chain(grids).chain(texts).collect();
        for file in &mut files {
            if let Some(found) = file["name"].as_str().and_then(|name| written.get(name)) {
                (file["sha256"], file["bytes"]) = (json!(found.sha256), json!(found.bytes));
            }
        }
        let mut summary = json!({
            "schema_version": SCHEMA_VERSION,
            "irio_version": env!("CARGO_PKG_VERSION"),
            "command": self.command,
            "command_line": self.command_line,
            "labels": self.labels,
            "title": self.title,
            "switches": self.switches,
            "seed": self.seed,
            "inputs": self.inputs,
            "tables": self.tables,
            "notes": self.all_notes(),
            "residuals": self.residuals,
            "headline": self.headline,
            "files": files,
        });
        if let Some(grid) = &self.grid {
            summary["grid"] = json!(grid);
        }
        summary
    }

    /// Codes of the caveats on a file, each once; those that are carried are about all of them.
    fn caveats(&self, file: &str) -> Vec<Value> {
        let own = self.notes.iter().filter(|note| concerns(note.code, file));
        let own = own.map(|note| json!(note.code));
        let mut caveats = Vec::new();
        for code in own.chain(self.carried.iter().map(|note| json!(note.code))) {
            if !caveats.contains(&code) {
                caveats.push(code);
            }
        }
        caveats
    }

    /// Own caveats, then those that are carried.
    fn all_notes(&self) -> Vec<Value> {
        let own = self.notes.iter().map(|note| json!(note));
        own.chain(self.carried.iter().map(|note| json!(note))).collect()
    }

    /// Every file of the folder but the grids; the summary has the hashes of the others and a seal.
    pub fn into_files(mut self) -> Files {
        let tables = self.files.par_iter().map(|file| (file.name.to_owned(), file.tidy.to_csv()));
        let mut texts: Vec<(String, String)> = tables.collect();
        let own = self.texts.iter_mut();
        texts.extend(own.map(|own| (own.name.clone(), std::mem::take(&mut own.text))));
        let hashes = texts.par_iter().map(|(name, text)| (name.as_str(), Written::of(text)));
        let written: BTreeMap<&str, Written> = hashes.collect();
        let summary = serde_json::to_string_pretty(&self.summary_of(&written)).unwrap_or_default();
        let mut files = Files::default();
        files.add(SUMMARY, sealed(&summary));
        files.add("README.md", self.readme());
        texts.into_iter().for_each(|(name, text)| files.add(name, text));
        files
    }

    fn readme(&self) -> String {
        let mut out = format!(
            "# {}\n\nMade by `irio {}` {}.\n",
            self.title,
            self.command,
            env!("CARGO_PKG_VERSION")
        );
        for (head, lines) in [("In short", &self.lead), ("What the words mean", &self.words)] {
            if !lines.is_empty() {
                let _ = writeln!(out, "\n## {head}\n");
                lines.iter().for_each(|line| {
                    let _ = writeln!(out, "- {line}");
                });
            }
        }
        let files = if self.lead.is_empty() { "" } else { "\n## Files\n" };
        out.push_str(files);
        out.push_str("\n| file | what it is | lines |\n|---|---|---|\n");
        for file in &self.files {
            let _ = writeln!(out, "| `{}` | {} | {} |", file.name, file.what, file.tidy.len());
        }
        for grid in &self.grids {
            let _ = writeln!(
                out,
                "| `{}` | {} | {} × {} |",
                grid.name, grid.what, grid.rows, grid.columns
            );
        }
        for text in &self.texts {
            let _ = writeln!(out, "| `{}` | {} | |", text.name, text.what);
        }
        out.push_str("| `summary.json` | inputs with their SHA-256, switches, checks, caveats, headline numbers | |\n");
        if !self.files.is_empty() {
            out.push_str(
                "\nEvery CSV is in long form: what a number is stands in its line, the number itself in the last column, \
                 `value`, in full precision. Totals stand in files of sums; in the others they are not stored beside their \
                 parts: sum over the column you do not need.\n",
            );
        }
        if !self.grids.is_empty() {
            out.push_str(
                "\nA matrix as `.csv` stands below two lines of header and beside two columns of labels, in full precision; \
                 as `.npy` it is an array of float64 by rows. Rows and columns are in the order of the lists.\n",
            );
        }
        if !self.residuals.is_empty() {
            out.push_str("\n## Checks\n\n");
            for (name, value) in &self.residuals {
                let _ = writeln!(
                    out,
                    "- {name}: {}",
                    if value.is_f64() {
                        value.as_f64().map_or(String::new(), gap)
                    } else {
                        value.to_string()
                    }
                );
            }
        }
        if !self.notes.is_empty() || !self.carried.is_empty() {
            out.push_str("\n## Read with care\n\n");
            let own = self.notes.iter().map(|note| &note.message);
            for message in own.chain(self.carried.iter().map(|note| &note.message)) {
                let _ = writeln!(out, "- {message}");
            }
        }
        if !self.switches.is_empty() {
            out.push_str("\n## Switches\n\n");
        }
        for (name, value) in &self.switches {
            let _ = writeln!(out, "- `{name}` = {value}");
        }
        out.push_str("\n## Sources\n\n");
        for table in &self.tables {
            let text = |key: &str| table[key].as_str().unwrap_or_default().to_owned();
            let _ = writeln!(
                out,
                "- {} ({}, {}): {}",
                text("name"),
                table["year"],
                text("unit"),
                text("source")
            );
        }
        for input in &self.inputs {
            let _ = writeln!(out, "- `{}` sha256 {}", input.path.display(), input.sha256);
        }
        out
    }
}
