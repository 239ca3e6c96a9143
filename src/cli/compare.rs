//! `irio compare`: results folders beside each other.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::commands::{default_out, deliver};
use super::{Common, Trouble};
use crate::compare::{self, Comparison};
use crate::fault::{Fault, Faults, Location};
use crate::input;
use crate::recorded::{Recorded, SUMMARY};
use crate::report::folder::Kind;
use crate::report::results::Results;
use crate::report::{files, folder, terminal};
use crate::table::InputFile;
use crate::text::count;

/// Reads results folders, compares them and writes what they come to.
pub fn compare(
    common: &Common,
    folders: &[PathBuf],
    out: Option<PathBuf>,
) -> Result<String, Trouble> {
    let out = default_out(out, "compare");
    folder::refuse_foreign(&out, Kind::Results)?;
    refuse_twice(folders)?;
    let (given, inputs) = read(folders)?;
    let found = compare::compare(&given).map_err(|errors| {
        let mut faults = Faults::default();
        for error in errors {
            let at = Location::whole(&folders[error.index()]);
            faults.push(Fault::new(at, error.to_string()).help(error.help()));
        }
        faults
    })?;
    let names = match &found {
        Comparison::Scenarios(found) => &found.names,
        Comparison::Periods(found) => &found.names,
    };
    let codes: Vec<&str> = names.iter().map(|one| one.code.as_str()).collect();
    let mut results = Results::new("compare", format!("Comparison of {}", codes.join(", ")));
    results.inputs = inputs;
    results.note(match &found {
        Comparison::Scenarios(found) => found.notes.clone(),
        Comparison::Periods(found) => found.notes.clone(),
    });
    files::compare(&mut results, &given, &found);
    let mut shown = terminal::compare(&found, common.language());
    if !results.carried.is_empty() {
        let caveats = count(results.carried.len(), "caveat");
        let _ = writeln!(shown, "\n{caveats} of the results themselves: README.md");
    }
    deliver(common, results, &out, &shown)
}

/// A folder beside itself tells nothing.
fn refuse_twice(folders: &[PathBuf]) -> Result<(), Faults> {
    let place = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let places: Vec<PathBuf> = folders.iter().map(|path| place(path)).collect();
    let mut faults = Faults::default();
    for (at, own) in places.iter().enumerate() {
        if let Some(first) = places[..at].iter().position(|other| other == own) {
            let text = format!("is the same folder as {}", folders[first].display());
            let fault = Fault::new(Location::whole(&folders[at]), text);
            faults.push(fault.help("name each folder once"));
        }
    }
    faults.into_result(())
}

/// The folders, and their summaries as what went in.
fn read(folders: &[PathBuf]) -> Result<(Vec<Recorded>, Vec<InputFile>), Faults> {
    let mut faults = Faults::default();
    let (mut given, mut inputs) = (Vec::new(), Vec::new());
    for path in folders {
        let Some(recorded) = faults.absorb(input::recorded::read(path)) else { continue };
        given.push(recorded);
        let path = path.join(SUMMARY);
        let bytes = fs::read(&path);
        let bytes = bytes.map_err(|error| Fault::new(Location::whole(&path), error.to_string()));
        let hashed = |bytes: Vec<u8>| InputFile { sha256: input::hash(&bytes), path };
        inputs.extend(faults.keep(bytes).map(hashed));
    }
    faults.into_result((given, inputs))
}
