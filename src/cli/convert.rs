//! `irio convert`: a table in another format.

use std::fmt::Write;
use std::path::Path;

use serde_json::json;

use super::commands::{provenance, read_table, refuse_other_table, write_made, write_made_npy};
use super::{Common, ConvertArguments, FormatWord, Trouble};
use crate::fault::{Fault, Location, Note, NoteCode};
use crate::input;
use crate::report::folder::{self, Kind};
use crate::report::pymrio::Packing;
use crate::report::{self, terminal};
use crate::table::Table;
use crate::text;

/// Reads a table and writes it in the format asked for.
pub(super) fn convert(common: &Common, arguments: &ConvertArguments) -> Result<String, Trouble> {
    let out = arguments.out.as_path();
    let zipped = out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    let format = match (arguments.to, zipped) {
        (Some(FormatWord::Irio | FormatWord::Npy), true) => {
            let fault = Fault::new(
                Location::whole(out),
                "irio's own format is a folder, not a zip archive",
            );
            return Err(fault.help("name a folder with --out, or say --to pymrio").into());
        }
        (Some(format), _) => format,
        (None, true) => FormatWord::Pymrio,
        (None, false) => {
            let fault = Fault::new(Location::whole("--to"), "is needed where --out is a folder");
            return Err(fault.help("one of irio, npy, pymrio").into());
        }
    };
    let packing = packing(arguments.parquet, format)?;
    refuse_place(out, format, zipped)?;
    let mut table = read_table(common, &arguments.table)?;
    folder::refuse_input(out, table.meta().inputs.iter().map(|input| input.path.as_path()))?;
    let comment = provenance(&table, &[], "Converted");
    if format != FormatWord::Pymrio {
        refuse_other_table(out, &table, "Converted")?;
    }
    if let Some(name) = &arguments.name {
        table = renamed(table, name)?;
    }
    let notes = match format {
        FormatWord::Irio => {
            write_made(out, table.parts(), &comment)?;
            lost(&table)
        }
        FormatWord::Npy => {
            write_made_npy(out, table.parts(), &comment)?;
            lost(&table)
        }
        FormatWord::Pymrio => {
            refuse_other_system(out, &table)?;
            let (files, notes) = report::pymrio::files(&table, packing)?;
            if zipped {
                folder::write_file(out, &report::pymrio::archive(&files, out)?)?;
            } else {
                folder::write(out, Kind::Pymrio, &files)?;
            }
            notes
        }
    };
    Ok(told(common, &table, out, &[table.notes(), notes].concat()))
}

/// How the frames of a system are to be written.
fn packing(parquet: bool, format: FormatWord) -> Result<Packing, Fault> {
    if !parquet {
        return Ok(Packing::Text);
    }
    let at = || Location::whole("--parquet");
    if format == FormatWord::Irio {
        let fault = Fault::new(at(), "irio's own folder is CSV, not parquet");
        return Err(fault.help("leave --parquet out, or say --to pymrio"));
    }
    #[cfg(feature = "parquet")]
    return Ok(Packing::Parquet);
    #[cfg(not(feature = "parquet"))]
    Err(Fault::new(at(), "this irio was built without parquet").help(
        "leave --parquet out to write text, or build irio with `cargo build --release --features parquet`",
    ))
}

/// Why nothing may be written to a place, told before any work is done.
fn refuse_place(out: &Path, format: FormatWord, zipped: bool) -> Result<(), Fault> {
    if zipped {
        return folder::refuse_other(out, "a file");
    }
    let kind = if format == FormatWord::Pymrio { Kind::Pymrio } else { Kind::Table };
    folder::refuse_foreign(out, kind)
}

/// A system replaces only an earlier one that irio wrote of the same table.
fn refuse_other_system(out: &Path, table: &Table) -> Result<(), Fault> {
    let empty = std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none());
    let name = &table.meta().name;
    if !out.exists() || empty || input::pymrio::written_as(out).as_ref() == Some(name) {
        return Ok(());
    }
    let text =
        format!("holds something that was not converted from {name} earlier; it is left alone");
    Err(Fault::new(Location::whole(out), text).help("name a new file or folder with --out"))
}

fn renamed(table: Table, name: &str) -> Result<Table, Trouble> {
    let mut raw = table.into_parts();
    raw.meta.rename(name);
    raw.check().map_err(|errors| Trouble::Question(errors.to_string()))
}

/// What irio's own folder has no place for.
fn lost(table: &Table) -> Vec<Note> {
    let name = &table.meta().name;
    let whole = table.population().is_none_or(report::table::is_whole);
    let text =
        "the population is left out: it is zero in some region, which irio's folder does not take";
    let note = Note::new(NoteCode::NotInFormat, format!("{name}: {text}"));
    (!whole).then_some(note).into_iter().collect()
}

fn told(common: &Common, table: &Table, out: &Path, notes: &[Note]) -> String {
    if common.quiet {
        return String::new();
    }
    let meta = table.meta();
    if common.json {
        let text = json!({ "table": out, "unit": meta.unit, "notes": notes });
        return serde_json::to_string_pretty(&text).unwrap_or_default() + "\n";
    }
    let mut shown = format!(
        "{}: {} × {}, {}, {}\n",
        meta.name,
        text::count(table.industries().regions.len(), "region"),
        text::count(table.industries().sectors.len(), "sector"),
        text::count(table.extensions().len(), "extension"),
        meta.unit
    );
    let _ = writeln!(shown, "{}\nTable: {}", terminal::notes(notes), out.display());
    shown
}
