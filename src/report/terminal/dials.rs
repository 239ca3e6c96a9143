//! A grid of scenarios, for the terminal: each dial turned by itself.

use std::fmt::Write;

use super::{Language, grid};
use crate::recorded::NamedCode;
use crate::recorded::grid::{GRID, RecordedGrid};
use crate::relocation::indicators::Indicator;
use crate::run::grid::{Answer, Grid, Turned};
use crate::table::{Quantity, Table};
use crate::text::{column, human};

/// Stressors that have columns of their own.
const STRESSORS_SHOWN: usize = 3;

/// The ratio that stands beside a stressor.
const RATIO: &str = "emission_transfer_ratio";

/// `irio run --grid`: what all regions together come to with one dial turned and the others where the scenario has
/// them.
pub fn dials(
    table: &Table,
    dials: &Grid,
    found: &Turned,
    recorded: &RecordedGrid,
    language: Language,
) -> String {
    let stressors: Vec<Quantity> = table
        .quantities()
        .into_iter()
        .filter(|quantity| matches!(quantity, Quantity::Stressor(_)))
        .collect();
    let shown: Vec<Quantity> = [Quantity::ValueAdded]
        .into_iter()
        .chain(stressors.iter().copied())
        .take(1 + STRESSORS_SHOWN)
        .collect();
    let mut header = vec![format!("all, {}, scenario less\nbaseline, one dial turned", found.year)];
    for quantity in &shown {
        let (code, unit) = (table.quantity_code(*quantity), table.quantity_unit(*quantity));
        header.push(format!("{code}\n{unit}"));
        if *quantity != Quantity::ValueAdded {
            header.push(format!("{code}\ntransfer ratio"));
        }
    }
    let rows = rows(dials, recorded, language);
    let answers: Vec<Option<&Answer>> =
        rows.iter().map(|(_, point)| found.points[*point].as_ref().ok()).collect();
    let mut columns: Vec<Vec<String>> = Vec::new();
    for quantity in &shown {
        columns.push(changes(&answers, *quantity));
        if *quantity != Quantity::ValueAdded {
            columns.push(answers.iter().map(|answer| ratio(*answer, *quantity)).collect());
        }
    }
    let mut lines = grid(&header);
    for (at, (name, _)) in rows.iter().enumerate() {
        let cells = columns.iter().map(|column| column[at].clone());
        lines.add_row(std::iter::once(name.clone()).chain(cells).collect::<Vec<String>>());
    }
    let turned = dials.dials.iter().filter(|dial| dial.stops.len() > 1).count();
    let mut out = format!(
        "\n{lines}\n(* where the scenario stands; {} points of {turned} dial{} in {GRID}, nothing drawn",
        found.points.len(),
        if turned == 1 { "" } else { "s" },
    );
    if stressors.len() > STRESSORS_SHOWN {
        let _ = write!(out, "; {} more stressors there", stressors.len() - STRESSORS_SHOWN);
    }
    out.push_str(")\n");
    if let Some(first) = recorded.unanswered.first() {
        let count = recorded.unanswered.len();
        let _ =
            writeln!(out, "without an answer: {count}, the first {}: {}", first.point, first.why);
    }
    out
}

/// A line for each stop of a dial that was turned, with its point.
fn rows(dials: &Grid, recorded: &RecordedGrid, language: Language) -> Vec<(String, usize)> {
    let own: Vec<usize> = dials.dials.iter().map(|dial| dial.own).collect();
    let mut rows = Vec::new();
    let of_dials = dials.dials.iter().zip(&recorded.dials).enumerate();
    for (place, (dial, named)) in of_dials.filter(|(_, (dial, _))| dial.stops.len() > 1) {
        for (stop, name) in named.stops.iter().enumerate() {
            let mut at = own.clone();
            at[place] = stop;
            let mark = if stop == dial.own { " *" } else { "" };
            let text = format!("{}: {}{mark}", word(&named.dial, language), shown(name, language));
            rows.push((text, dials.index(&at)));
        }
    }
    rows
}

/// Name of a dial in Chinese, its word in English.
fn word(dial: &NamedCode, language: Language) -> &str {
    if language == Language::Chinese { &dial.zh } else { &dial.code }
}

/// A stop as people call it.
fn shown(stop: &NamedCode, language: Language) -> &str {
    if language == Language::Chinese { &stop.zh } else { &stop.en }
}

/// Changes of all regions together, in one form; a point without an answer has a dash.
fn changes(answers: &[Option<&Answer>], quantity: Quantity) -> Vec<String> {
    let all = |answer: &Answer| {
        let found = answer.changes.iter().find(|(own, _)| *own == quantity);
        found.and_then(|(_, places)| places.last().copied())
    };
    let found: Vec<Option<f64>> = answers.iter().map(|answer| answer.and_then(all)).collect();
    let numbers: Vec<f64> = found.iter().map(|value| value.unwrap_or(0.0)).collect();
    let texts = column(&numbers, true).into_iter().zip(found);
    texts.map(|(text, value)| if value.is_some() { text } else { "-".to_owned() }).collect()
}

fn ratio(answer: Option<&Answer>, quantity: Quantity) -> String {
    let value = |answer: &Answer| {
        let (_, of) = answer.indicators.iter().find(|(own, _)| *own == quantity)?;
        of.iter().find(|one: &&Indicator| one.name == RATIO)?.value
    };
    answer.and_then(value).map_or_else(|| "-".to_owned(), human)
}
