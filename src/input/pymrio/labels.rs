//! Codes and names in `labels.csv`, and irio's description in `metadata.json`.

use std::collections::HashMap;

use serde_json::Value;

use super::frame::List;
use super::source::Source;
use crate::fault::{Fault, Faults};
use crate::labels::Label;
use crate::table::beside::{Beside, KEY, LABELS_FILE, LABELS_HEADER};
use crate::table::{Lineage, Role};

/// What `labels.csv` says of a text.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) label: Label,
    pub(super) role: Option<Role>,
    /// Its place in the file, which is that of the table it was written from.
    pub(super) order: usize,
}

/// Labels by kind and text.
#[derive(Debug, Default)]
pub(super) struct Labels(HashMap<(String, String), Known>);

impl Labels {
    /// Reads `labels.csv`, if it is there.
    pub(super) fn read(source: &mut Source) -> Result<Self, Faults> {
        if !source.has(LABELS_FILE) {
            return Ok(Labels::default());
        }
        let list = List::read(source, LABELS_FILE, b',')?;
        if list.header != LABELS_HEADER {
            let fault = Fault::new(list.place.field(1, 0), "another header than irio writes");
            return Err(fault.help(format!("the header is: {}", LABELS_HEADER.join(","))).into());
        }
        let mut faults = Faults::default();
        let mut found = HashMap::new();
        for (order, line) in list.lines.iter().enumerate() {
            let [kind, text, code, en, zh, role] = line.texts.as_slice() else { continue };
            let word = Role::ALL.into_iter().find(|known| known.word() == role);
            if word.is_none() && !role.is_empty() {
                let words = Role::ALL.map(Role::word).join(", ");
                let text = format!("{role:?} is not a role of final demand");
                let at = list.place.field(line.line, 6);
                faults.push(Fault::new(at, text).help(format!("one of {words}")));
            }
            let label = Label::new(code, en, zh);
            let key = (kind.clone(), text.clone());
            if found.insert(key, Known { label, role: word, order }).is_some() {
                let text = format!("{kind} {text:?} stands twice");
                faults.push(Fault::new(list.place.field(line.line, 2), text));
            }
        }
        faults.into_result(Labels(found))
    }

    /// What is known of a text.
    pub(super) fn get(&self, kind: &str, text: &str) -> Option<&Known> {
        self.0.get(&(kind.to_owned(), text.to_owned()))
    }

    /// The label of a text: what is known of it, else the text as a code.
    pub(super) fn label(&self, kind: &str, text: &str) -> Label {
        self.get(kind, text).map_or_else(|| Label::code(text), |known| known.label.clone())
    }
}

/// A JSON file of the system, nothing if it is not there.
pub(super) fn json(source: &mut Source, name: &str) -> Result<Value, Fault> {
    if !source.has(name) {
        return Ok(Value::Null);
    }
    let member = source.read_small(name)?;
    serde_json::from_slice(&member.bytes).map_err(|error| {
        let at = member.place.field(error.line() as u64, 0);
        Fault::new(at, format!("is not JSON: {error}"))
            .help("pymrio writes this file with save_all")
    })
}

/// What a system or an account says of its files.
///
/// # Errors
/// If it is no JSON, or no object.
pub(super) fn parameters(source: &mut Source, name: &str) -> Result<Value, Fault> {
    let found = json(source, name)?;
    let object = |value: Option<&Value>| value.is_none_or(|v| v.is_object() || v.is_null());
    if object(Some(&found)) && object(found.get("files")) {
        return Ok(found);
    }
    let fault = Fault::new(source.place(name).whole(), "is no object with an object \"files\"");
    Err(fault
        .help("pymrio writes this file with save_all; without it the usual names are looked for"))
}

/// What pymrio noted of a system; an entry that is no text is none of its own.
pub(super) fn lineage(metadata: &Value) -> Lineage {
    let text = |key: &str| metadata.get(key).and_then(Value::as_str).map(str::to_owned);
    let history = metadata.get("history").and_then(Value::as_array).into_iter().flatten();
    Lineage {
        system: text("system"),
        version: text("version"),
        history: history.filter_map(|line| line.as_str().map(str::to_owned)).collect(),
    }
}

/// What irio noted of a system that it wrote.
pub(super) fn beside(metadata: &Value, source: &Source) -> Result<Option<Beside>, Fault> {
    let Some(value) = metadata.get(KEY) else { return Ok(None) };
    serde_json::from_value(value.clone()).map(Some).map_err(|error| {
        let place = source.place("metadata.json").whole();
        Fault::new(place, format!("what irio noted under {KEY:?} cannot be read: {error}"))
            .help("delete that entry to read the system as any other")
    })
}
