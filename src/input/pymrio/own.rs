//! Accounts become extensions and rows of value added; what irio wrote into accounts of its own goes
//! back to where it came from.

use std::collections::HashMap;

use super::Wishes;
use super::accounts::{Account, Stressor};
use super::labels::Labels;
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::labels::Label;
use crate::linalg::Dense;
use crate::table::beside::{Beside, UNKNOWN_UNIT};
use crate::table::{Extension, Imports, Origin, RawTable, ValueAdded};

/// Accounts whose rows are value added, where nobody says otherwise.
const VALUE_ADDED: [&str; 4] = ["factor_inputs", "factor_input", "value_added", "primary_inputs"];

/// Words that results need for something else.
const RESERVED: [&str; 2] = ["output", "value_added"];

/// What is known of the system besides its numbers.
pub(super) struct Told<'a> {
    pub(super) wishes: &'a Wishes,
    pub(super) beside: Option<&'a Beside>,
    pub(super) labels: &'a Labels,
}

/// A stressor with the account it is in.
struct Entry {
    account: String,
    title: String,
    text: String,
    stressor: Stressor,
}

impl Entry {
    /// How files name it.
    fn full(&self) -> String {
        format!("{}/{}", self.account, self.text)
    }
}

/// Adds the accounts to a table.
pub(super) fn complete(
    mut raw: RawTable,
    accounts: Vec<Account>,
    told: Told<'_>,
) -> Result<RawTable, Faults> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut value_added = Vec::new();
    let special = |account: &Option<String>, name: &str| account.as_deref() == Some(name);
    for Account { name, title, stressors, units, notes } in accounts {
        for text in notes {
            let note = Note::new(NoteCode::SourceRule, format!("{}: {text}", raw.meta.name));
            // A table that irio wrote has noted it already.
            if !raw.meta.notes.contains(&note) {
                raw.meta.notes.push(note);
            }
        }
        let money = |stressors: Vec<Stressor>| -> Result<Vec<Stressor>, Faults> {
            let mut faults = Faults::default();
            let own = |stressor: Stressor| {
                faults.keep(stressor.in_unit_of_table(&raw.meta.unit, units.as_ref()))
            };
            let found = stressors.into_iter().filter_map(own).collect();
            faults.into_result(found)
        };
        match told.beside {
            Some(beside) if special(&beside.discrepancy_account, &name) => {}
            Some(beside) if special(&beside.imports_account, &name) => {
                raw.imports = imports(money(stressors)?, beside, &raw)?;
            }
            Some(beside) if special(&beside.value_added_account, &name) => {
                for stressor in money(stressors)? {
                    let label = told.labels.label("value_added", &stressor.text());
                    value_added.push((label, stressor.values));
                }
            }
            _ => entries.extend(stressors.into_iter().map(|stressor| Entry {
                account: name.clone(),
                title: title.clone(),
                text: stressor.text(),
                stressor,
            })),
        }
    }
    // Accounts are found in order of their names; a table that irio wrote has an order of its own.
    entries.sort_by_key(|entry| {
        told.labels.get("extension", &entry.full()).map_or(usize::MAX, |known| known.order)
    });
    let chosen = chosen(&entries, &told)?;
    let (mut notes, mut other) = (Vec::new(), Vec::new());
    let labels = extension_labels(&entries, told.labels);
    for at in chosen {
        let Stressor { unit, values, .. } = &entries[at].stressor;
        // Where the source states no unit, it is that of the table.
        let factor =
            if unit.text() == UNKNOWN_UNIT { Some(1.0) } else { unit.factor_to(&raw.meta.unit) };
        match factor {
            Some(factor) => {
                let values = values.iter().map(|value| value * factor).collect();
                value_added.push((labels[at].clone(), values));
            }
            None => other.push(format!("{} ({unit})", labels[at].code)),
        }
    }
    if !other.is_empty() {
        notes.push(format!(
            "of the accounts of value added, {} is not in {}: it stays an extension only",
            other.join(", "),
            raw.meta.unit
        ));
    }
    if value_added.is_empty() {
        notes.push(
            "no account of value added is known, so columns are open by all of it (value_added = [...] in a table's file names one)"
                .to_owned(),
        );
    }
    raw.value_added = rows(value_added, raw.industries.len());
    let own = told.beside.and_then(|beside| beside.own_account.as_deref());
    let by_region =
        |full: &String| told.beside.is_some_and(|beside| beside.by_region.contains(full));
    raw.extensions = entries
        .into_iter()
        .zip(labels)
        .map(|(entry, label)| {
            let known = !by_region(&entry.full());
            Extension {
                label,
                unit: entry.stressor.unit,
                values: entry.stressor.values,
                households: entry.stressor.households,
                inventory: None,
                by_demand: entry.stressor.by_demand.filter(|_| known),
                origin: (own != Some(entry.account.as_str())).then_some(Origin {
                    account: entry.account,
                    name: entry.title,
                    levels: entry.stressor.levels,
                }),
            }
        })
        .collect();
    let name = &raw.meta.name;
    let notes =
        notes.into_iter().map(|text| Note::new(NoteCode::SourceRule, format!("{name}: {text}")));
    raw.meta.notes.extend(notes.collect::<Vec<_>>());
    Ok(raw)
}

fn rows(rows: Vec<(Label, Vec<f64>)>, n: usize) -> ValueAdded {
    let mut values = Vec::with_capacity(rows.len() * n);
    let mut labels: Vec<Label> = Vec::new();
    for (label, row) in rows {
        labels.push(label);
        values.extend(row);
    }
    ValueAdded { values: Dense::new(labels.len(), n, values), rows: labels }
}

/// Code of each extension: its own text, with the account in front where another has the same.
fn extension_labels(entries: &[Entry], labels: &Labels) -> Vec<Label> {
    let mut count: HashMap<&str, usize> = HashMap::new();
    for entry in entries {
        *count.entry(&entry.text).or_default() += 1;
    }
    let label = |entry: &Entry| {
        if let Some(known) = labels.get("extension", &entry.full()) {
            return known.label.clone();
        }
        let alone = count.get(entry.text.as_str()) == Some(&1);
        let plain = alone && !RESERVED.contains(&entry.text.as_str());
        Label::code(if plain { entry.text.clone() } else { entry.full() })
    };
    entries.iter().map(label).collect()
}

/// The stressors that are rows of value added, in order.
fn chosen(entries: &[Entry], told: &Told<'_>) -> Result<Vec<usize>, Faults> {
    let named = |name: &str| -> Vec<usize> {
        let all = |fits: &dyn Fn(&Entry) -> bool| -> Vec<usize> {
            (0..entries.len()).filter(|&at| fits(&entries[at])).collect()
        };
        let found = all(&|entry| entry.account == name || entry.full() == name);
        // A stressor by its own name, where no other account has one of that name.
        let alone = all(&|entry| entry.text == name);
        if found.is_empty() && alone.len() == 1 { alone } else { found }
    };
    if let Some(wished) = &told.wishes.value_added {
        let mut faults = Faults::default();
        let mut found = Vec::new();
        for name in wished {
            let more = named(&name.value);
            if more.is_empty() {
                let text = format!("no account and no stressor is called {:?}", name.value);
                let mut accounts: Vec<&str> =
                    entries.iter().map(|entry| entry.account.as_str()).collect();
                accounts.dedup();
                let fault = Fault::new(name.at.clone(), text);
                let example = entries.first().map(Entry::full).unwrap_or_default();
                faults.push(fault.help(format!(
                    "the accounts are {}; one stressor is written as in {example:?}",
                    accounts.join(", ")
                )));
            }
            found.extend(more.into_iter().filter(|at| !found.contains(at)).collect::<Vec<_>>());
        }
        return faults.into_result(found);
    }
    if let Some(beside) = told.beside {
        let names = beside.value_added.iter().flatten();
        return Ok(names.flat_map(|name| named(name)).collect());
    }
    Ok(VALUE_ADDED.iter().flat_map(|name| named(name)).collect())
}

/// Imports from the account that irio wrote them to.
fn imports(stressors: Vec<Stressor>, beside: &Beside, raw: &RawTable) -> Result<Imports, Fault> {
    let (n, m) = (raw.industries.len(), raw.final_demand.columns.len());
    let expected = if beside.imports_by_product { raw.industries.sectors.len() } else { 1 };
    if stressors.len() != expected {
        let text = format!("expected {expected} lines of imports, found {}", stressors.len());
        return Err(Fault::new(Location::whole(raw.meta.name.as_str()), text)
            .help("delete the entry \"irio\" of metadata.json to read them as an account"));
    }
    if m > 0 && stressors.iter().any(|stressor| stressor.by_demand.is_none()) {
        let account = beside.imports_account.as_deref().unwrap_or_default();
        let text = format!("the account {account:?} has no F_Y with the columns of Y");
        return Err(Fault::new(Location::whole(raw.meta.name.as_str()), text)
            .help("bring the file back: it has the imports of final demand"));
    }
    let (mut intermediate, mut final_demand) = (Vec::new(), Vec::new());
    for stressor in stressors {
        intermediate.extend(stressor.values);
        final_demand.extend(stressor.by_demand.unwrap_or_else(|| vec![0.0; m]));
    }
    Ok(if beside.imports_by_product {
        Imports::ByProduct {
            intermediate: Dense::new(expected, n, intermediate),
            final_demand: Dense::new(expected, m, final_demand),
        }
    } else {
        Imports::OneRow { intermediate, final_demand }
    })
}
