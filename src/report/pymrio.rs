//! A table in the format of pymrio 0.7, in the layout that `input::pymrio` reads: frames as text, or in parquet.
//!
//! What a system of pymrio has no place for goes where pymrio leaves it alone:
//!
//! - Imports become the account `imports`, with those of final demand in `F_Y`.
//! - Value added becomes the account `factor_inputs`, unless its rows are stressors already.
//! - What rows and columns leave open becomes the account `discrepancy`; output is in `x.txt`, so
//!   nothing depends on it.
//! - A column of final demand without a region stands under the region `national`. pymrio loads it and
//!   counts it in output; it appears as one more region in accounts of consumption.
//! - Direct emissions that are known by region only stand in the region's first column of consumption.
//! - Names and roles go to `labels.csv`, everything else to the entry `irio` of `metadata.json`, which
//!   pymrio keeps ([`crate::table::beside`]).

mod frame;
#[cfg(feature = "parquet")]
mod parquet;
mod plan;
mod text;

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;

use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Files;
use super::table::Lines;
use crate::fault::{Fault, Location, Note, NoteCode};
use crate::linalg::Matrix;
use crate::table::beside::{BETWEEN_LEVELS, KEY, LABELS_FILE, LABELS_HEADER, UNKNOWN_UNIT};
use crate::table::{NATIONAL, Table};
use frame::{Body, Frame};
use plan::{Account, Plan};

/// How the frames of a system are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// As text, cells parted by tabs.
    Text,
    /// In parquet, as pandas writes it.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Packing {
    /// End of the names of files.
    fn end(self) -> &'static str {
        match self {
            Packing::Text => "txt",
            #[cfg(feature = "parquet")]
            Packing::Parquet => "parquet",
        }
    }

    fn pack(self, frame: &Frame<'_>, _file: &str) -> Result<Vec<u8>, Fault> {
        match self {
            Packing::Text => Ok(text::of(frame).into_bytes()),
            #[cfg(feature = "parquet")]
            Packing::Parquet => parquet::of(frame).map_err(|error| {
                Fault::new(Location::whole(_file), format!("could not be written: {error}"))
                    .help("write it as text, without --parquet")
            }),
        }
    }
}

/// The files of a table as a system, and what the format has no place for.
///
/// # Errors
/// If a frame does not fit into its format; text always does.
pub fn files(table: &Table, packing: Packing) -> Result<(Files, Vec<Note>), Fault> {
    let plan = Plan::of(table);
    let mut files = Files::default();
    let parameters = add_frames(&mut files, "", core(table, &plan), packing)?;
    files.add(
        "file_parameters.json",
        json_text(&json!({ "files": parameters, "systemtype": "IOSystem" })),
    );
    files.add("metadata.json", metadata(table, &plan));
    files.add(LABELS_FILE, labels(table, &plan));
    for account in &plan.accounts {
        let within = format!("{}/", account.name);
        let parameters = add_frames(&mut files, &within, account_frames(account, &plan), packing)?;
        let value =
            json!({ "files": parameters, "systemtype": "Extension", "name": account.title });
        files.add(format!("{within}file_parameters.json"), json_text(&value));
    }
    let name = &table.meta().name;
    let note = |text: &String| Note::new(NoteCode::NotInFormat, format!("{name}: {text}"));
    Ok((files, plan.notes.iter().map(note).collect()))
}

/// Adds frames to a folder of the system; what `file_parameters.json` says of them.
fn add_frames(
    files: &mut Files,
    within: &str,
    frames: Vec<(&'static str, Frame<'_>)>,
    packing: Packing,
) -> Result<BTreeMap<&'static str, serde_json::Value>, Fault> {
    let mut parameters = BTreeMap::new();
    for (key, frame) in frames {
        let file = format!("{key}.{}", packing.end());
        let path = format!("{within}{file}");
        let bytes = packing.pack(&frame, &path)?;
        files.add(path, bytes);
        let (index, header) = (frame.index.len().to_string(), frame.heads.len().to_string());
        let value = json!({ "name": file, "nr_index_col": index, "nr_header": header });
        parameters.insert(key, value);
    }
    Ok(parameters)
}

/// The files as a zip archive.
///
/// # Errors
/// If the archive cannot be put together.
pub fn archive(files: &Files, path: &Path) -> Result<Vec<u8>, Fault> {
    let fail = |error: String| {
        Fault::new(Location::whole(path), format!("the archive could not be written: {error}"))
    };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in &files.0 {
        // Without a date, so that the same table is the same bytes.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .large_file(u32::try_from(bytes.len()).is_err());
        let name = name.to_string_lossy().replace('\\', "/");
        zip.start_file(name, options).map_err(|error| fail(error.to_string()))?;
        zip.write_all(bytes).map_err(|error| fail(error.to_string()))?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|error| fail(error.to_string()))
}

fn json_text(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// Flows, final demand, output, unit and population.
fn core<'p>(table: &'p Table, plan: &'p Plan<'_>) -> Vec<(&'static str, Frame<'p>)> {
    let n = table.industries().len();
    let industries: Vec<(&str, &str)> = (0..n).map(|at| plan.industry(at)).collect();
    let demand = plan.demand_heads(table);
    let by_industry = |heads, body| Frame {
        index: vec!["region", "sector"],
        heads,
        rows: n,
        labels: Box::new(|at| {
            let (region, sector) = plan.industry(at);
            vec![region, sector]
        }),
        body,
    };
    let matrix = |matrix: &'p Matrix| {
        Body::Numbers(Box::new(move |row, see: &mut dyn FnMut(usize, f64)| {
            matrix.each_in_row(row, see)
        }))
    };
    let output = Body::Numbers(Box::new(|row, see: &mut dyn FnMut(usize, f64)| {
        see(0, table.output()[row]);
    }));
    let unit = Body::Texts(Box::new(|_| table.meta().unit.text()));
    let mut frames = vec![
        ("Z", by_industry(Frame::pairs("sector", &industries), matrix(table.flows()))),
        ("Y", by_industry(Frame::pairs("category", &demand), matrix(&table.final_demand().values))),
        ("x", by_industry(Frame::single(vec!["indout"]), output)),
        ("unit", by_industry(Frame::single(vec!["unit"]), unit)),
    ];
    // pymrio divides by it in every region of final demand.
    let national = demand.iter().any(|(region, _)| *region == NATIONAL);
    frames.extend(
        table.population().map(|values| ("population", population(values, national, plan))),
    );
    frames
}

fn population<'p>(values: &'p [f64], national: bool, plan: &'p Plan<'_>) -> Frame<'p> {
    let mut heads: Vec<&str> = plan.regions.iter().map(String::as_str).collect();
    let mut values = values.to_vec();
    if national {
        heads.push(NATIONAL);
        values.push(values.iter().sum());
    }
    Frame {
        index: vec![""],
        heads: Frame::single(heads),
        rows: 1,
        labels: Box::new(|_| vec!["Population"]),
        body: Body::Numbers(Box::new(move |_, see| frame::each(&values, see))),
    }
}

/// Stressors of an account by industry and by final demand, and their units.
fn account_frames<'p>(
    account: &'p Account<'_>,
    plan: &'p Plan<'_>,
) -> Vec<(&'static str, Frame<'p>)> {
    let industries: Vec<(&str, &str)> =
        (0..plan.industries()).map(|at| plan.industry(at)).collect();
    let by_stressor = |heads, body| Frame {
        index: account.names.iter().map(String::as_str).collect(),
        heads,
        rows: account.rows.len(),
        labels: Box::new(|at| account.rows[at].index.iter().map(String::as_str).collect()),
        body,
    };
    let inputs = Body::Numbers(Box::new(|row, see: &mut dyn FnMut(usize, f64)| {
        frame::each(&account.rows[row].values, see);
    }));
    let mut frames = vec![("F", by_stressor(Frame::pairs("sector", &industries), inputs))];
    if account.has_demand() {
        let direct = Body::Numbers(Box::new(|row, see: &mut dyn FnMut(usize, f64)| {
            frame::each(account.rows[row].demand.as_deref().unwrap_or(&[]), see);
        }));
        let heads = Frame::pairs("category", &plan.account_heads(account));
        frames.push(("F_Y", by_stressor(heads, direct)));
    }
    if account.rows.iter().any(|row| row.unit != UNKNOWN_UNIT) {
        let units = Body::Texts(Box::new(|row| account.rows[row].unit.as_str()));
        frames.push(("unit", by_stressor(Frame::single(vec!["unit"]), units)));
    }
    frames
}

fn metadata(table: &Table, plan: &Plan<'_>) -> String {
    let meta = table.meta();
    // pymrio has the last line first; without a date, so that the same table is the same bytes.
    let saved = format!("FILEIO -  Saved {} by irio {}", meta.name, env!("CARGO_PKG_VERSION"));
    let history: Vec<&String> = std::iter::once(&saved).chain(&meta.lineage.history).collect();
    let description = if meta.source.is_empty() {
        format!("{} ({})", meta.name, meta.year)
    } else {
        meta.source.clone()
    };
    json_text(&json!({
        "description": description,
        "name": meta.name,
        "system": meta.lineage.system,
        "version": meta.lineage.version,
        "history": history,
        KEY: plan.beside,
    }))
}

fn labels(table: &Table, plan: &Plan<'_>) -> String {
    let mut lines = Lines::default();
    let mut line = |kind: &str, text: &str, label: &crate::labels::Label, role: &str| {
        lines
            .text(kind)
            .text(text)
            .text(&label.code)
            .text(&label.en)
            .text(&label.zh)
            .text(role)
            .end();
    };
    let industries = table.industries();
    for (kind, texts, axis) in [
        ("region", &plan.regions, &industries.regions),
        ("sector", &plan.sectors, &industries.sectors),
    ] {
        texts.iter().zip(axis.labels()).for_each(|(text, label)| line(kind, text, label, ""));
    }
    for (text, category) in plan.categories.iter().zip(&table.final_demand().categories) {
        line("category", text, &category.label, category.role.word());
    }
    for (text, extension) in plan.extensions.iter().zip(table.extensions()) {
        line("extension", text, &extension.label, "");
    }
    for (text, label) in plan.value_added.iter().zip(&table.value_added_rows().rows) {
        line("value_added", text, label, "");
    }
    format!("{}\n{}", LABELS_HEADER.join(","), lines.into_text())
}

/// Labels of a stressor in one text.
fn joined(index: &[String]) -> String {
    index.join(BETWEEN_LEVELS)
}
