//! A table in the format of pymrio 0.7, in the layout that `input::pymrio` reads.
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
mod plan;

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;

use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Files;
use super::table::Lines;
use crate::fault::{Fault, Location, Note, NoteCode};
use crate::table::beside::{BETWEEN_LEVELS, KEY, LABELS_FILE, LABELS_HEADER, UNKNOWN_UNIT};
use crate::table::{NATIONAL, Table};
use plan::{Account, Plan};

/// The files of a table as a system, and what the format has no place for.
pub fn files(table: &Table) -> (Files, Vec<Note>) {
    let plan = Plan::of(table);
    let mut files = Files::default();
    let mut parameters = BTreeMap::new();
    core(table, &plan, &mut files, &mut parameters);
    files.add(
        "file_parameters.json",
        text(&json!({ "files": parameters, "systemtype": "IOSystem" })),
    );
    files.add("metadata.json", metadata(table, &plan));
    files.add(LABELS_FILE, labels(table, &plan));
    for account in &plan.accounts {
        add_account(account, &plan, &mut files);
    }
    let name = &table.meta().name;
    let note = |text: &String| Note::new(NoteCode::NotInFormat, format!("{name}: {text}"));
    (files, plan.notes.iter().map(note).collect())
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

fn text(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn parameter(name: &str, index: usize, header: usize) -> serde_json::Value {
    json!({ "name": name, "nr_index_col": index.to_string(), "nr_header": header.to_string() })
}

fn core(
    table: &Table,
    plan: &Plan<'_>,
    files: &mut Files,
    parameters: &mut BTreeMap<&'static str, serde_json::Value>,
) {
    let n = table.industries().len();
    let industry = |at: usize| {
        let (region, sector) = plan.industry(at);
        vec![region, sector]
    };
    let industries: Vec<(&str, &str)> = (0..n).map(|at| plan.industry(at)).collect();
    let demand = plan.demand_heads(table);
    let names = ["region".to_owned(), "sector".to_owned()];
    for (key, file, heads, second, matrix) in [
        ("Z", "Z.txt", &industries, "sector", table.flows()),
        ("Y", "Y.txt", &demand, "category", &table.final_demand().values),
    ] {
        let mut frame = frame::Frame::new(["region", second], heads, &names);
        frame.rows(n, &industry, |row, see| matrix.each_in_row(row, see));
        files.add(file, frame.into_text());
        parameters.insert(key, parameter(file, 2, 2));
    }
    let mut output = frame::Lines::new(&["region", "sector", "indout"]);
    let mut unit = frame::Lines::new(&["region", "sector", "unit"]);
    for at in 0..n {
        let (region, sector) = plan.industry(at);
        output.text(region).text(sector).number(table.output()[at]).end();
        unit.text(region).text(sector).text(table.meta().unit.text()).end();
    }
    files.add("x.txt", output.into_text());
    files.add("unit.txt", unit.into_text());
    parameters.insert("x", parameter("x.txt", 2, 1));
    parameters.insert("unit", parameter("unit.txt", 2, 1));
    if let Some(population) = table.population() {
        let mut heads = vec![""];
        heads.extend(plan.regions.iter().map(String::as_str));
        // pymrio divides by it in every region of final demand.
        let national = demand.iter().any(|(region, _)| *region == NATIONAL);
        heads.extend(national.then_some(NATIONAL));
        let mut lines = frame::Lines::new(&heads);
        lines.text("Population");
        population.iter().for_each(|value| {
            lines.number(*value);
        });
        if national {
            lines.number(population.iter().sum());
        }
        lines.end();
        files.add("population.txt", lines.into_text());
        parameters.insert("population", parameter("population.txt", 1, 1));
    }
}

fn add_account(account: &Account<'_>, plan: &Plan<'_>, files: &mut Files) {
    let within = |file: &str| format!("{}/{file}", account.name);
    let industries: Vec<(&str, &str)> =
        (0..plan.industries()).map(|at| plan.industry(at)).collect();
    let label = |at: usize| account.rows[at].index.iter().map(String::as_str).collect();
    let index = account.names.len();
    let mut parameters = BTreeMap::from([("F", parameter("F.txt", index, 2))]);
    let mut frame = frame::Frame::new(["region", "sector"], &industries, &account.names);
    frame.rows(account.rows.len(), &label, |row, see| frame::each(&account.rows[row].values, see));
    files.add(within("F.txt"), frame.into_text());
    if account.has_demand() {
        let heads = plan.account_heads(account);
        let mut frame = frame::Frame::new(["region", "category"], &heads, &account.names);
        frame.rows(account.rows.len(), &label, |row, see| {
            frame::each(account.rows[row].demand.as_deref().unwrap_or(&[]), see);
        });
        files.add(within("F_Y.txt"), frame.into_text());
        parameters.insert("F_Y", parameter("F_Y.txt", index, 2));
    }
    if account.rows.iter().any(|row| row.unit != UNKNOWN_UNIT) {
        let mut heads: Vec<&str> = account.names.iter().map(String::as_str).collect();
        heads.push("unit");
        let mut lines = frame::Lines::new(&heads);
        for row in &account.rows {
            row.index.iter().for_each(|text| {
                lines.text(text);
            });
            lines.text(&row.unit).end();
        }
        files.add(within("unit.txt"), lines.into_text());
        parameters.insert("unit", parameter("unit.txt", index, 1));
    }
    let value = json!({ "files": parameters, "systemtype": "Extension", "name": account.name });
    files.add(within("file_parameters.json"), text(&value));
}

fn metadata(table: &Table, plan: &Plan<'_>) -> String {
    let meta = table.meta();
    let description = if meta.source.is_empty() {
        format!("{} ({})", meta.name, meta.year)
    } else {
        meta.source.clone()
    };
    text(&json!({
        "description": description,
        "name": meta.name,
        "system": null,
        "version": null,
        "history": [format!("FILEIO -  Saved {} by irio {}", meta.name, env!("CARGO_PKG_VERSION"))],
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
