//! Reading a results folder back: whole and unchanged, or every reason why not.

use std::collections::HashSet;
use std::path::{Component, Path};

use rayon::prelude::*;
use serde_json::Value;

use super::FileBytes;
use crate::fault::{Fault, Faults, Location};
use crate::recorded::{
    FileEntry, Recorded, RecordedFile, SCHEMA_VERSION, SUMMARY, Summary, sha256, unsealed,
};

/// Characters of a hash that are shown.
const SHOWN: usize = 12;

/// Reads the results folder of a command.
///
/// # Errors
/// If it is not one, is of another version of the layout, or a file is missing, cut short or changed since irio
/// wrote it. All of these are told at once.
pub fn read(folder: &Path) -> Result<Recorded, Faults> {
    let path = folder.join(SUMMARY);
    let text = summary_text(folder, &path)?;
    let summary = parse(&text, &path)?;
    let mut faults = Faults::default();
    faults.keep(seal(&text, &path, &summary));
    if faults.absorb(twice(&summary, &path)).is_none() {
        return Err(faults);
    }
    let files: Vec<_> =
        summary.files.par_iter().map(|entry| file(folder, entry, &summary)).collect();
    let files = files.into_iter().filter_map(|file| faults.absorb(file)).collect();
    let folder = folder.to_path_buf();
    faults.into_result(Recorded { folder, summary, files })
}

fn summary_text(folder: &Path, path: &Path) -> Result<String, Fault> {
    let none = |text: &str| {
        Fault::new(Location::whole(folder), text)
            .help("name a folder that irio has written, such as results/NAME")
    };
    if !folder.exists() {
        return Err(none("there is no such folder"));
    }
    if !folder.is_dir() {
        return Err(none("is a file, not a folder of results"));
    }
    if !path.exists() {
        return Err(none(&format!("is not a folder of results: it has no {SUMMARY}")));
    }
    let bytes = FileBytes::read(path)?.bytes;
    String::from_utf8(bytes).map_err(|_| {
        let text = "is not UTF-8 text: edited by hand or half-written since irio wrote it";
        Fault::new(Location::whole(path), text).help("run the command again")
    })
}

/// The summary of a text, if it is of this version.
fn parse(text: &str, path: &Path) -> Result<Summary, Fault> {
    let broken = |error: &serde_json::Error| {
        let what =
            if error.is_eof() { "ends too early, half-written" } else { "is not what irio wrote" };
        let at = Location::field(path, error.line() as u64, 0);
        Fault::new(at, format!("{what}: {error}")).help("run the command again")
    };
    let value: Value = serde_json::from_str(text).map_err(|error| broken(&error))?;
    let word = |key: &str| value[key].as_str();
    let (Some(version), Some(command)) = (value["schema_version"].as_u64(), word("command")) else {
        let text = "is no summary of irio: it has no schema_version or no command";
        return Err(Fault::new(Location::whole(path), text)
            .help("name a folder that irio has written, such as results/NAME"));
    };
    let now = u64::from(SCHEMA_VERSION);
    if version != now {
        let by = word("irio_version").unwrap_or("of an unknown version");
        let text = format!(
            "results of schema {version}, written by irio {by}; this irio reads schema {now}"
        );
        let again = word("command_line").map_or(format!("irio {command} ..."), str::to_owned);
        let help = if version < now {
            format!("run the command again: {again}")
        } else {
            "they need a newer irio".to_owned()
        };
        return Err(Fault::new(Location::whole(path), text).help(help));
    }
    serde_json::from_str(text).map_err(|error| broken(&error))
}

fn again(summary: &Summary) -> String {
    format!("run the command again: {}", summary.again())
}

fn seal(text: &str, path: &Path, summary: &Summary) -> Result<(), Fault> {
    let told = match unsealed(text) {
        None => "edited by hand or half-written since irio wrote it: it does not end with its seal"
            .to_owned(),
        Some((body, seal)) => {
            let found = sha256(body.as_bytes());
            if found == seal {
                return Ok(());
            }
            changed(seal, &found)
        }
    };
    Err(Fault::new(Location::whole(path), told).help(again(summary)))
}

/// Names that stand twice would be read twice.
fn twice(summary: &Summary, path: &Path) -> Result<(), Faults> {
    let (mut faults, mut known) = (Faults::default(), HashSet::new());
    for entry in summary.files.iter().filter(|entry| !known.insert(&entry.name)) {
        let text = format!("names {:?} twice", entry.name);
        faults.push(Fault::new(Location::whole(path), text).help(again(summary)));
    }
    faults.into_result(())
}

fn changed(expected: &str, found: &str) -> String {
    let short = |hash: &str| hash.chars().take(SHOWN).collect::<String>();
    format!(
        "edited by hand or half-written since irio wrote it: expected sha256 {} ..., found {} ...",
        short(expected),
        short(found)
    )
}

/// Reads a file of the summary; a matrix that was written piece by piece only has to be there.
fn file(folder: &Path, entry: &FileEntry, summary: &Summary) -> Result<RecordedFile, Faults> {
    let path = folder.join(&entry.name);
    let here = || Location::whole(&path);
    let mut parts = Path::new(&entry.name).components();
    if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
        let text = format!("names a file outside the folder: {:?}", entry.name);
        return Err(Fault::new(Location::whole(folder.join(SUMMARY)), text)
            .help(again(summary))
            .into());
    }
    if !path.is_file() {
        let text = format!("{SUMMARY} names it, but it is not there");
        return Err(Fault::new(here(), text).help(again(summary)).into());
    }
    let Some(expected) = &entry.sha256 else {
        let text = String::new();
        return RecordedFile::of(&FileEntry { columns: None, ..entry.clone() }, text)
            .map_err(|error| Fault::new(here(), error.to_string()).into());
    };
    let read = FileBytes::read(&path)?;
    let mut faults = Faults::default();
    if read.sha256 != *expected || entry.bytes.is_some_and(|bytes| bytes != read.bytes.len() as u64)
    {
        let size = entry.bytes.filter(|bytes| *bytes != read.bytes.len() as u64);
        let size = size.map_or(String::new(), |bytes| {
            format!(" ({bytes} bytes expected, {} found)", read.bytes.len())
        });
        let text = changed(expected, &read.sha256) + &size;
        faults.push(Fault::new(here(), text).help(again(summary)));
    }
    let text = String::from_utf8(read.bytes)
        .map_err(|error| Fault::new(here(), format!("is not UTF-8 text: {error}")));
    let found = faults.keep(text).and_then(|text| {
        faults.keep(RecordedFile::of(entry, text).map_err(|error| {
            Fault::new(Location::field(&path, error.line(), 0), error.to_string())
                .help(again(summary))
        }))
    });
    match found {
        Some(found) => faults.into_result(found),
        None => Err(faults),
    }
}
