//! A table as irio's own folder with its matrices in numpy's `.npy` format, in the layout that `input::folder`
//! reads.
//!
//! Labels stay CSV, and so does what is known by region. The matrices are written row by row while the folder is made, so a
//! table that is stored sparse never exists dense.

use std::io::{self, Write};

use super::table::{Lines, categories, list, names};
use super::{Files, Streamed};
use crate::linalg::{Dense, Matrix};
use crate::table::{Imports, NATIONAL, RawTable};

/// The folder of a table; `toml` is the text of its `table.toml`. Both parts are written by
/// [`super::folder::write_streamed`].
///
/// # Examples
/// ```no_run
/// # fn write(table: &irio::table::RawTable) -> Result<(), irio::fault::Fault> {
/// use irio::report::{folder, npy, table::toml};
/// let (files, matrices) = npy::files(table, &toml(table, "Converted by hand."));
/// folder::write_streamed("out".as_ref(), folder::Kind::Table, &files, &matrices)
/// # }
/// ```
pub fn files<'a>(table: &'a RawTable, toml: &str) -> (Files, Vec<Streamed<'a>>) {
    let n = table.industries.len();
    let mut files = Files::default();
    files.add("table.toml", toml);
    files.add("regions.csv", list(&table.industries.regions));
    files.add("sectors.csv", list(&table.industries.sectors));
    files.add("categories.csv", categories(table));
    files.add("final_demand_columns.csv", demand_columns(table));
    files.add("value_added_rows.csv", value_added_rows(table));
    let mut matrices = vec![
        matrix("flows.npy", &table.flows),
        matrix("final_demand.npy", &table.final_demand.values),
        dense("value_added.npy", &table.value_added.values),
        lines("output.npy", vec![n], vec![&table.output]),
    ];
    let m = table.final_demand.columns.len();
    match &table.imports {
        Imports::None => {}
        Imports::OneRow { intermediate, final_demand } => {
            matrices.push(lines("imports.npy", vec![1, n], vec![intermediate]));
            matrices.push(lines("imports_final_demand.npy", vec![1, m], vec![final_demand]));
        }
        Imports::ByProduct { intermediate, final_demand } => {
            matrices.push(dense("imports.npy", intermediate));
            matrices.push(dense("imports_final_demand.npy", final_demand));
        }
    }
    if !table.extensions.is_empty() {
        files.add("extensions_rows.csv", extension_rows(table));
        let rows: Vec<&[f64]> = table.extensions.iter().map(|e| e.values.as_slice()).collect();
        matrices.push(lines("extensions.npy", vec![rows.len(), n], rows));
    }
    super::table::add_extras(&mut files, table);
    (files, matrices)
}

fn demand_columns(table: &RawTable) -> String {
    let mut lines = Lines::of("region,category\n");
    for column in &table.final_demand.columns {
        let region = column.region.map_or(NATIONAL, |region| table.industries.regions.code(region));
        lines.text(region).text(&table.final_demand.categories[column.category].label.code).end();
    }
    lines.into_text()
}

fn value_added_rows(table: &RawTable) -> String {
    let mut lines = Lines::of("code,en,zh\n");
    for label in &table.value_added.rows {
        names(&mut lines, label);
        lines.end();
    }
    lines.into_text()
}

fn extension_rows(table: &RawTable) -> String {
    let mut lines = Lines::of("code,en,zh,unit\n");
    for extension in &table.extensions {
        names(&mut lines, &extension.label);
        lines.text(extension.unit.text()).end();
    }
    lines.into_text()
}

fn matrix<'a>(name: &'static str, matrix: &'a Matrix) -> Streamed<'a> {
    let (rows, columns) = matrix.shape();
    Streamed::new(name, move |out| {
        begin(out, &[rows, columns])?;
        let mut cells = vec![0.0; columns];
        (0..rows).try_for_each(|row| {
            matrix.row_into(row, &mut cells);
            numbers(out, &cells)
        })
    })
}

fn dense<'a>(name: &'static str, dense: &'a Dense) -> Streamed<'a> {
    let (rows, columns) = dense.shape();
    lines(name, vec![rows, columns], (0..rows).map(|row| dense.row(row)).collect())
}

fn lines<'a>(name: &'static str, shape: Vec<usize>, rows: Vec<&'a [f64]>) -> Streamed<'a> {
    Streamed::new(name, move |out| {
        begin(out, &shape)?;
        rows.iter().try_for_each(|row| numbers(out, row))
    })
}

/// The header that `numpy.save` writes, padded so that numbers begin at a multiple of 64.
pub(super) fn begin(out: &mut dyn Write, shape: &[usize]) -> io::Result<()> {
    let axes: Vec<String> = shape.iter().map(ToString::to_string).collect();
    let comma = if axes.len() == 1 { "," } else { "" };
    let shape = format!("({}{comma})", axes.join(", "));
    let text = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
    // Magic, version and length take ten bytes, the end of the line one.
    let length = (10 + text.len() + 1).next_multiple_of(64) - 10;
    out.write_all(b"\x93NUMPY\x01\x00")?;
    out.write_all(&(length as u16).to_le_bytes())?;
    writeln!(out, "{text:<width$}", width = length - 1)
}

/// Numbers as they lie in such a file.
pub(super) fn numbers(out: &mut dyn Write, values: &[f64]) -> io::Result<()> {
    let mut bytes = [0; 8 * 256];
    for part in values.chunks(256) {
        for (bytes, value) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(part) {
            *bytes = value.to_le_bytes();
        }
        out.write_all(&bytes[..8 * part.len()])?;
    }
    Ok(())
}
