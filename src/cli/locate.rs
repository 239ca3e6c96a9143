//! `irio locate`: would the firms go there by themselves?

use std::path::{Path, PathBuf};

use serde_json::{Map, json};

use super::commands::{default_out, deliver, refuse_open};
use super::{Common, Trouble};
use crate::fault::{Note, NoteCode};
use crate::input::game::{self, ReadGame};
use crate::location::Place;
use crate::location::analysis::Analysis;
use crate::report::folder::Kind;
use crate::report::results::Results;
use crate::report::units::GameWords;
use crate::report::{self, folder, terminal};

/// Reads a game file, finds its equilibria and what would change them.
pub fn locate(common: &Common, path: &Path, out: Option<PathBuf>) -> Result<String, Trouble> {
    let read = game::read(path, common.data.as_deref())?;
    if let Some(table) = read.table.as_ref().filter(|_| common.strict) {
        refuse_open(table, path)?;
    }
    let out = default_out(out, &format!("locate-{}", read.name));
    folder::refuse_foreign(&out, Kind::Results)?;
    let analysis = Analysis::of(&read.game, read.selected(), read.cap, read.map)
        .map_err(|errors| {
            let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Trouble::Question(texts.join("\n"))
        })?
        .along(&read.path, &read.history());
    let words = words(&read);
    let mut results = Results::new("locate", format!("Location game {}", read.name));
    switches(&mut results, &read);
    results.inputs.push(read.input.clone());
    if let Some(table) = &read.table {
        results.table(table);
    }
    results.note(analysis.notes(read.cap)).note(filled_note(&read));
    report::files::location(&mut results, &words, &analysis, &read.filled);
    let shown = terminal::locate(&words, read.year, read.start, &analysis, &read.filled);
    deliver(common, results, &out, &shown)
}

fn words(read: &ReadGame) -> GameWords<'_> {
    let [money, product, raw] = [0, 1, 2].map(|at| read.units[at].as_str());
    GameWords {
        name: &read.name,
        places: Place::ALL.map(|place| read.place(place)),
        money,
        product,
        raw,
    }
}

fn switches(results: &mut Results, read: &ReadGame) {
    let values: Map<_, _> = read
        .values
        .iter()
        .map(|(parameter, path)| (parameter.letter().to_owned(), report::files::trajectory(path)))
        .collect();
    let range = |range: &crate::location::map::Range| json!({ "parameter": range.parameter.letter(), "from": range.from, "to": range.to, "steps": range.steps });
    results
        .switch("name", &read.name)
        .switch("description", &read.description)
        .switch("places", Place::ALL.map(|place| read.place(place)))
        .switch("units", &read.units)
        .switch("year", read.year)
        .switch("start", read.start.letter())
        .switch("monopoly", read.game.upstream().word())
        .switch("free_entry_cap", read.cap)
        .switch("map", read.map.as_ref().map(|(x, y)| [range(x), range(y)]))
        .switch("table", read.table.as_ref().map(|table| table.meta().name.clone()))
        .switch("game", values);
}

/// What comes from a table is said to be an assumption.
fn filled_note(read: &ReadGame) -> Option<Note> {
    let letters: Vec<&str> = read.filled.iter().map(|filled| filled.parameter.letter()).collect();
    (!letters.is_empty()).then(|| {
        let text = format!(
            "{} come from coefficients of the table: averages over products and hauls, with trade margins where trade and \
             transport are one sector; an assumption about the firms of the game",
            letters.join(", ")
        );
        Note::new(NoteCode::FilledFromTable, text)
    })
}
